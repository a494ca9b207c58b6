"""A served page and a real browser.

``E2E_SITE`` says what is driven: ``demo`` (default: our own ``schoolgate demo``), ``fake`` (the
page with the fake door), or the address of a page that already runs.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.sandbox import PHONE, SIZES, Sandbox


if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import ViewportSize

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 60
"""Seconds that a start may take."""
READY: Final = re.compile(r"Schoolgate is ready: (http://127\.0\.0\.1:\d+/)")
RESULTS: Final = ROOT / "test-results"


def _command(site: str, data: Path) -> list[str]:
    if site == "fake":
        return [sys.executable, "-m", "tests.fakes.sandbox_page", "--port", "0"]
    ours = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
    return [*ours, "demo", "--port", "0", "--no-browser", "--data", str(data)]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page."""
    wanted = os.environ.get("E2E_SITE", "demo")
    if wanted.startswith("http"):
        yield wanted
        return
    data = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        _command(wanted, data), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """Desktop and phone."""
    name: str = request.param
    return name


@pytest.fixture
def sandbox(
    site: str, browser: Browser, size: str, request: pytest.FixtureRequest
) -> Iterator[Sandbox]:
    """The page, opened. Whatever the browser complains about fails the test."""
    viewport: ViewportSize = SIZES[size]
    context = browser.new_context(
        viewport=viewport,
        has_touch=size == PHONE,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
        bypass_csp="axe" in request.node.name,  # axe is put in from outside
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("console", lambda line: complaints.extend([line.text] * (line.type == "error")))
    opened = Sandbox(page, site, phone=size == PHONE)
    opened.open()
    yield opened
    if getattr(request.node, "failed_in_call", False):
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")
        page.screenshot(path=RESULTS / f"{name}.png")
    context.close()
    assert not complaints


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call" and report.failed:
        item.failed_in_call = True  # type: ignore[attr-defined]
    return report
