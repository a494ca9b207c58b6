"""The list of official accounts, as it is asked for and turned over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.accounts import present
from moderation.accounts.queries import Channels, OneAccount, from_listing


if TYPE_CHECKING:
    from bot.door.answering import Ask
    from moderation.views import Card


async def accounts_found(words: str, *, ask: Ask) -> tuple[Card, ...]:
    """The list, narrowed; where one account alone fits, all of that one instead."""
    found = await ask(Channels(filter=words))
    listed = present.channels(found)
    if len(found.lines) != 1:
        return (listed,)
    account = found.lines[0].account.id
    detail = await ask(OneAccount(account=account))
    return (listed,) if detail is None else (present.account(detail),)


async def page_turned(listing: str, page: str, *, ask: Ask) -> tuple[Card, ...]:
    """Another page of it."""
    return (present.channels(await ask(from_listing(listing, page))),)
