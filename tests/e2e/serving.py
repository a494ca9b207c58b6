"""Starts what the browser looks at, and the browser."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import Browser, sync_playwright


if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 60
"""Seconds that a start may take."""
READY: Final = re.compile(r"Schoolgate is ready: (http://127\.0\.0\.1:\d+/)")


@contextmanager
def served(site: str, data: Path) -> Iterator[str]:
    """The address of ``demo``, of ``fake``, or of a page that already runs."""
    if site.startswith("http"):
        yield site
        return
    process = subprocess.Popen(
        _command(site, data), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a sandbox of its own: it sees nothing but our page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("E2E_CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
            ],
        )
        yield browser
        browser.close()


def _command(site: str, data: Path) -> list[str]:
    if site == "fake":
        return [sys.executable, "-m", "tests.fakes.sandbox_page", "--port", "0"]
    ours = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
    return [*ours, "demo", "--port", "0", "--no-browser", "--data", str(data)]


def _address(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    said = b""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([process.stdout], [], [], 0.2)[0]:
            chunk = os.read(process.stdout.fileno(), 65536)
            said += chunk
            if found := READY.search(said.decode(errors="replace")):
                return found[1]
            if not chunk:
                break
    raise AssertionError("the page did not start:\n" + said.decode(errors="replace"))
