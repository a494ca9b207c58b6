"""``schoolgate demo``: the whole of Schoolgate on one page, with invented people."""

from __future__ import annotations

import os
import sys
import webbrowser
from dataclasses import replace
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from bot import lifecycle
from bot.command_line import say
from bot.demo.sandbox import StoryClock, connect
from bot.settings import Settings, load
from bot.system import SystemClock
from bot.wiring import build
from moderation.kernel import Platform
from moderation.tallies.timing import room_for_all
from storage.crypto import Keys
from storage.database import Stamp


KEY_FILE = "demo-keys"
SIGNING_KEY_FILE = "demo-signing-key"
PRIVATE = 0o600
PAGE_HOST = "127.0.0.1"
CHOOSE_ANOTHER = "PORT=8123 make demo, or schoolgate demo --port 8123."


def demo(
    port: Annotated[
        int, typer.Option(envvar="PORT", min=0, max=65535, help="Where the page is; 0 is any free.")
    ] = 8080,
    data: Annotated[
        Path, typer.Option(help="The demo's folder: its database, pictures and keys.")
    ] = Path("demo-data"),
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Play all the parts on one page. Needs no account and no key, and keeps to this machine."""
    # Before anything is made: another program may have the port.
    lifecycle.look_at(PAGE_HOST, port, CHOOSE_ANOTHER)
    if not (data / KEY_FILE).exists():
        say("Making an invented trust, with a month of posts. It takes a few seconds.")
    clock = StoryClock(SystemClock())
    application = build(
        demo_settings(data.resolve()),
        stamp=Stamp.DEMO,
        platforms={Platform.SANDBOX: partial(connect, clock=clock)},
        clock=clock,
    )
    shop = application.relay.workshop
    application.relay.workshop = replace(
        shop, counting=replace(shop.counting, has_room=room_for_all)
    )

    def ready(url: str) -> None:
        lifecycle.announce(url)
        if browser and _has_screen():
            webbrowser.open(url)

    lifecycle.run(application, PAGE_HOST, port, ready=ready)


def demo_settings(data: Path) -> Settings:
    """The demo's own trust, in this folder, with keys made once and kept there.

    Raises :class:`~bot.settings.SettingsError`, or ``OSError`` where the folder can't be written.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    environ = {
        "SCHOOLGATE_PATHS__DATA": str(data),
        "SCHOOLGATE_KEYS_FILE": str(_made_once(data / KEY_FILE)),
        "SCHOOLGATE_SIGNING_KEY_FILE": str(_made_once(data / SIGNING_KEY_FILE)),
    }
    with as_file(files(__package__).joinpath("app.yaml")) as config:
        return load(config, environ)


def _made_once(kept: Path) -> Path:
    if not kept.exists():
        kept.touch(mode=PRIVATE, exist_ok=False)
        kept.write_text(Keys.new().to_text())
    return kept


def _has_screen() -> bool:
    """Without one, Python would open a text browser over the terminal."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
