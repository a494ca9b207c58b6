"""The page of one start, with its token and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.adapters.sandbox.page import Page, open_page


if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    made = await open_page()
    yield made
    await made.client.close()


@pytest.fixture
async def stranger() -> AsyncIterator[Page]:
    """A program that never opened the page."""
    made = await open_page(opened=False)
    yield made
    await made.client.close()
