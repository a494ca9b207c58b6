"""What may become of a jotting, and what each answer changes. Pure and total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from moderation.checks.model import Pictured, Who
from moderation.jottings import commands as ask, events as happened
from moderation.jottings.model import (
    LONGEST_ALT,
    LONGEST_WORDS,
    MOST_PICTURES,
    MOST_VIDEOS,
    Change,
    Colleagues,
    Jotting,
    SayAccounts,
    SayAlt,
    SayText,
    Standing,
    Trouble,
)
from moderation.jottings.refusals import Refusal
from moderation.kernel import AccountId, Asked, PersonId, Reason, Refused, SchoolId, Timer
from moderation.posts.model import NOT_SAID, Attachment, is_blank


if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``schools`` are those of the accounts that the person may propose for today.

    ``last`` is where they proposed last, as far as they still may. ``proposed``: the post is there.
    ``videos`` counts those among its pictures and the ones that came.
    """

    schools: Mapping[AccountId, SchoolId]
    last: tuple[AccountId, ...] = ()
    changes: tuple[Change, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    proposed: bool = False
    videos: int = 0


Decided = tuple[happened.Event, Jotting]
"""What happened, and the jotting after it: words go into the store and into no event."""


def decide(
    jotting: Jotting | None, command: ask.Command, facts: Facts, asked: Asked
) -> Decided | Refused | None:
    """What happens, or why nothing does; ``None`` where there was nothing to do."""
    if isinstance(command, ask.Lapse):
        return _lapse(jotting, asked)
    person = asked.person
    if person is None:
        return _refused(Refusal.UNKNOWN_PERSON)
    if isinstance(command, ask.Begin):
        return _begin(jotting, command, facts, asked, person)
    if jotting is None or jotting.person != person:
        return _refused(Refusal.NO_SUCH_JOTTING)
    if jotting.standing is not Standing.OPEN:
        return _refused(Refusal.OVER)
    match command:
        case ask.Say():
            return _say(jotting, command, facts, asked)
        case ask.NoteStopped(digest=digest):
            after = replace(jotting, stopped=digest, touched_at=asked.at)
            return happened.Changed(by=person, at=asked.at), after
        case ask.Make():
            if not facts.proposed:
                return _refused(Refusal.NOT_A_POST_YET)
            after = emptied(jotting, Standing.MADE, asked)
            return happened.Made(by=person, at=asked.at), after
        case ask.Forget():
            after = emptied(jotting, Standing.FORGOTTEN, asked)
            return happened.Forgotten(by=person, at=asked.at), after
        case _ as never:
            assert_never(never)


def _lapse(jotting: Jotting | None, asked: Asked) -> Decided | Refused | None:
    if not isinstance(asked.by, Timer):
        return _refused(Refusal.NO_SUCH_JOTTING)
    if jotting is None or jotting.standing is not Standing.OPEN:
        return None
    return happened.Forgotten(by=None, at=asked.at), emptied(jotting, Standing.FORGOTTEN, asked)


def emptied(jotting: Jotting, standing: Standing, asked: Asked) -> Jotting:
    """Nothing of what was said is left."""
    return Jotting(
        id=jotting.id,
        person=jotting.person,
        conversation=jotting.conversation,
        standing=standing,
        opened_at=jotting.opened_at,
        touched_at=asked.at,
    )


def _begin(
    jotting: Jotting | None, command: ask.Begin, facts: Facts, asked: Asked, person: PersonId
) -> Decided | Refused:
    if jotting is not None:
        return _refused(Refusal.NO_SUCH_JOTTING if jotting.person != person else Refusal.OVER)
    if not facts.schools:
        return _refused(Refusal.NOWHERE_TO_PROPOSE)
    if is_blank(command.text) and not command.pictures:
        return _refused(Refusal.NOTHING_SAID)
    begun = Jotting(
        id=command.jotting,
        person=person,
        conversation=command.conversation,
        standing=Standing.OPEN,
        opened_at=asked.at,
        touched_at=asked.at,
        text=command.text,
        pictures=added((), command.pictures),
        accounts=facts.last,
    )
    return _fitting(begun, facts) or (happened.Begun(by=person, at=asked.at), begun)


def _say(jotting: Jotting, command: ask.Say, facts: Facts, asked: Asked) -> Decided | Refused:
    pictures = added(jotting.pictures, command.pictures)
    after = replace(jotting, pictures=pictures)
    if pictures != jotting.pictures:
        # What was said of those who are in them was said of the others.
        after = replace(after, pictured=NOT_SAID)
    for change in facts.changes:
        after = applied(after, change, facts.schools)
    if not facts.changes and not command.pictures:
        reasons = tuple(Reason(trouble.code) for trouble in facts.troubles)
        return Refused(reasons) if reasons else _refused(Refusal.NOTHING_SAID)
    after = replace(after, touched_at=asked.at)
    return _fitting(after, facts) or (happened.Changed(by=jotting.person, at=asked.at), after)


def applied(jotting: Jotting, change: Change, schools: Mapping[AccountId, SchoolId]) -> Jotting:
    """The jotting with one answer in it."""
    match change:
        case SayText(text=text):
            return replace(jotting, text=text)
        case SayAccounts(accounts=accounts):
            before = {schools.get(account) for account in jotting.accounts}
            moved = bool(before) and before != {schools.get(account) for account in accounts}
            theirs = jotting.pictured.who is Who.THESE or bool(jotting.pictured.staff)
            pictured = NOT_SAID if moved and theirs else jotting.pictured
            return replace(jotting, accounts=accounts, pictured=pictured)
        case SayAlt(number=number, words=words):
            return replace(jotting, pictures=_described(jotting.pictures, number, words))
        case Pictured():
            pictured = replace(change, staff=jotting.pictured.staff)
            return replace(jotting, pictured=pictured)
        case Colleagues(staff=staff):
            return replace(jotting, pictured=replace(jotting.pictured, staff=staff))
        case _ as never:
            assert_never(never)


def _described(pictures: tuple[Attachment, ...], number: int, words: str) -> tuple[Attachment, ...]:
    """0 is meant for those without a description; where all have one, for all."""
    blank = {at for at, it in enumerate(pictures, start=1) if is_blank(it.alt)}
    meant = {number} if number else blank or set(range(1, len(pictures) + 1))
    return tuple(
        replace(it, alt=words) if at in meant else it for at, it in enumerate(pictures, start=1)
    )


def added(pictures: tuple[Attachment, ...], new: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The same picture sent again is the same picture."""
    known = {it.blob: it for it in (*new, *pictures)}
    return tuple(known[blob] for blob in dict.fromkeys(it.blob for it in (*pictures, *new)))


def _fitting(jotting: Jotting, facts: Facts) -> Refused | None:
    """What no draft may be."""
    if len(jotting.pictures) > MOST_PICTURES:
        return _refused(Refusal.TOO_MANY_PICTURES)
    if facts.videos > MOST_VIDEOS:
        return _refused(Refusal.TOO_MANY_VIDEOS)
    longest = max((len(it.alt) for it in jotting.pictures), default=0)
    if len(jotting.text) > LONGEST_WORDS or longest > LONGEST_ALT:
        return _refused(Refusal.TOO_LONG)
    return None


def _refused(code: Refusal) -> Refused:
    return Refused((Reason(code),))
