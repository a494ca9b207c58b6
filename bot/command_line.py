"""What every command shares: exit codes, the settings option, and how a problem is said."""

from __future__ import annotations

import os
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings as app_settings


if TYPE_CHECKING:
    from bot.settings import Settings


class Exit(IntEnum):
    """BSD's sysexits.h, as far as we need them."""

    DONE = 0
    NOT_SO = 1
    USAGE = 64
    UNREADABLE = 65
    OUR_FAULT = 70
    CONFIGURATION = 78


Config = Annotated[
    Path, typer.Option("--config", help="The settings file.", envvar="SCHOOLGATE_CONFIG")
]
HERE = Path("app.yaml")


def settings_of(config: Path) -> Settings:
    """Raises :class:`bot.settings.SettingsError`."""
    return app_settings.load(config, os.environ)


def say(*sentences: str, error: bool = False) -> None:
    """One sentence to a line."""
    for sentence in sentences:
        typer.echo(sentence, err=error)


def as_sentence(text: str) -> str:
    """With a capital letter and a full stop, as messages of faults are written without.

    The name of a file, a setting or an address at the beginning stays as it is written.
    """
    first = text.split(maxsplit=1)[0].rstrip(".,:;?!") if text.strip() else ""
    begins = text if any(char in first for char in "./\\_:") else text[:1].upper() + text[1:]
    return begins + ("" if text.endswith((".", "?", "!")) else ".")
