"""A served page and a real browser.

``E2E_SITE`` says what is driven: ``demo`` (default: our own ``schoolgate demo``), ``fake`` (the
page with the fake door), or the address of a page that already runs.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.sandbox import PHONE, SIZES, Sandbox
from tests.e2e.serving import ROOT, chromium, served


if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser, ViewportSize

RESULTS: Final = ROOT / "test-results"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page."""
    wanted = os.environ.get("E2E_SITE", "demo")
    with served(wanted, tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


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
