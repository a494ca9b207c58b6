"""A pretended Slack and Schoolgate beside it, once for all tests of a transport, and a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.office import free_port, schoolgate
from tests.e2e.slack.page import SlackPage
from tests.e2e.slack.workspace import PROGRAM, Workspace, connected, ids, workspace


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="session", params=["http", "socket"])
def slack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """The workspace, with Schoolgate at work in it."""
    if not PROGRAM.exists():
        pytest.skip("local-slack isn't installed: scripts/need-local-slack says why")
    folder = tmp_path_factory.mktemp(f"slack-{request.param}")
    port = free_port()
    with (
        workspace(folder, request.param, port) as found,
        schoolgate(folder, port, connected(found, request.param), ids()),
    ):
        yield found


@pytest.fixture
def seat(slack: Workspace, browser: Browser, tmp_path: Path) -> Iterator[Callable[..., SlackPage]]:
    """Slack's page as one of the demo's people sees it; how it looked at the end is kept."""
    contexts, pages = [], {}

    def sit(person: str, width: int = 1400) -> SlackPage:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        contexts.append(context)
        pages[f"{person}-{width}"] = page = SlackPage(context.new_page(), slack, person)
        return page

    yield sit
    for name, page in pages.items():
        page.picture(str(tmp_path / f"{name}.png"))
    for context in contexts:
        context.close()
