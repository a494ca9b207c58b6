"""What is typed about an absence: whose it is, which days, and what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.door import Answer, Declined
from adapters.slash import Verb
from bot.door.answering import settled
from moderation.absences import commands as absences, present
from moderation.absences.queries import Uncovered, WhoIsMeant, WhoMaySay
from moderation.absences.reading import NotRead, read_away, read_back


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from bot.door.answering import Ask
    from moderation.absences.model import StatementId
    from moderation.service import Outcome


async def absence_said(
    verb: Verb,
    words: str,
    *,
    today: date,
    statement: StatementId,
    ask: Ask,
    do: Callable[[absences.Command], Awaitable[Outcome]],
) -> Answer:
    """Read it, note it, and say what is then lacking."""
    read = read_back(words, today) if verb is Verb.BACK else read_away(words, today)
    if isinstance(read, NotRead):
        return Declined(sentences=present.unread(read))
    found = await ask(WhoIsMeant(words=read.name))
    if len(found) != 1:
        return Declined(sentences=present.which(found))
    person = found[0].person
    command: absences.Command = (
        absences.SayBack(statement=statement, person=person, day=read.start)
        if verb is Verb.BACK
        else absences.SayAway(statement=statement, person=person, start=read.start, end=read.end)
    )
    outcome = await do(command)
    page = await ask(Uncovered(person=person, day=read.start))
    able = await ask(WhoMaySay(person=person))
    return settled(
        outcome,
        refused=lambda reasons: present.refusal(reasons, able, own=not read.name),
        done=lambda: present.done(page),
    )
