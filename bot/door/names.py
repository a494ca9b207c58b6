"""What is typed about names that aren't pupils': list them, ask for one, take one away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.door import Declined
from moderation.checks.model import NotAPupil
from moderation.checks.names.people import same_name
from moderation.keeping import commands as keeping, present
from moderation.keeping.queries import KeptHere


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.door import Answer
    from bot.door.answering import Ask
    from moderation.keeping.model import NameId
    from moderation.keeping.queries import PlacePage
    from moderation.views import Card


async def names_said(
    words: str,
    *,
    new: Callable[[], NameId],
    ask: Ask,
    do: Callable[[keeping.Command], Awaitable[Answer]],
) -> Answer | tuple[Card, ...]:
    """``add NAME KIND [PLACE]``, ``remove NAME``, or nothing for what is kept.

    ``new`` mints the id of a name that is asked for.
    """
    pages = await ask(KeptHere())
    if not pages:
        return Declined(sentences=present.which(()))
    verb, _, rest = words.strip().partition(" ")
    match verb.casefold():
        case "":
            return tuple(present.place(page, new()) for page in pages)
        case "add":
            return await _add(rest.split(), pages, new(), do)
        case "remove":
            return await _remove(rest, pages, do)
        case _:
            return Declined(sentences=present.unread())


async def _add(
    said: list[str],
    pages: tuple[PlacePage, ...],
    id_: NameId,
    do: Callable[[keeping.Command], Awaitable[Answer]],
) -> Answer:
    places = {str(page.place).casefold(): page.place for page in pages}
    meant = list(places.values())
    if said and said[-1].casefold() in places:
        meant = [places[said[-1].casefold()]]
        said = said[:-1]
    if len(said) < 2 or said[-1].casefold() not in set(NotAPupil):  # noqa: PLR2004 -- name and kind
        return Declined(sentences=present.unread())
    if len(meant) > 1:
        return Declined(sentences=present.which(sorted(places)))
    kind = NotAPupil(said[-1].casefold())
    name = " ".join(said[:-1])
    return await do(keeping.AskName(id=id_, school=meant[0], name=name, kind=kind))


async def _remove(
    name: str,
    pages: tuple[PlacePage, ...],
    do: Callable[[keeping.Command], Awaitable[Answer]],
) -> Answer:
    """The first of this name: whoever has it at two places says it twice."""
    found = [one for page in pages for one in page.kept if same_name(one.name, name)]
    if not found:
        return Declined(sentences=present.not_kept())
    return await do(keeping.DropName(id=found[0].id))
