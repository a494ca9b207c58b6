"""Microsoft's client and Schoolgate beside it, once for all tests, and its page in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.office import free_port, schoolgate
from tests.e2e.teams.page import TeamsPage
from tests.e2e.teams.playground import PROGRAM, Playground, connected, ids, playground


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def teams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    """The Playground, with Schoolgate at work in it."""
    if not PROGRAM.exists():
        pytest.skip("the Playground isn't installed: scripts/need-agents-playground says why")
    folder, port = tmp_path_factory.mktemp("teams"), free_port()
    with (
        playground(folder, port) as found,
        schoolgate(folder, port, connected(), ids()),
    ):
        yield found


@pytest.fixture
def page(teams: Playground, browser: Browser, tmp_path: Path) -> Iterator[TeamsPage]:
    """The Playground's page; how it looked at the end is kept."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    window = TeamsPage(context.new_page(), teams)
    yield window
    window.picture(str(tmp_path / "teams.png"))
    context.close()
