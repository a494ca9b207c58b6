"""The watch: each concern is said once, kept up to date, and cleared by itself when mended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, assert_never

from moderation.accounts.queries import Condition
from moderation.kernel import CorruptStore
from moderation.oversight import events as happened
from moderation.oversight.model import Concern, Flag, Watch


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.oversight.commands import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Every account of the school as it stands this morning.

    ``review`` is the day by which the policy that it follows was to be reviewed, if it names one.
    """

    today: date
    conditions: tuple[Condition, ...]
    review: date | None = None


def decide(watch: Watch | None, command: Look, facts: Facts) -> tuple[happened.Event, ...]:
    """What changed since the last look; nothing, where today's look has been taken already.

    Pure and total: the same watch and facts give the same events.
    """
    before = {_which(flag): flag for flag in watch.flags} if watch is not None else {}
    now = {_which(flag): flag for flag in _flags(facts)}
    standing = tuple(
        replace(flag, since=before[which].since) for which, flag in now.items() if which in before
    )
    new = tuple(flag for which, flag in now.items() if which not in before)
    mended = tuple(flag for which, flag in before.items() if which not in now)
    known = {flag for flag in standing if before[_which(flag)] == flag}
    unchanged = watch is not None and watch.looked_on == facts.today and known == set(standing)
    if unchanged and not new and not mended:
        return ()
    looked = happened.Looked(school=command.school, on=facts.today, standing=standing)
    cleared = (happened.Cleared(flags=mended),) if mended else ()
    flagged = (happened.Flagged(flags=new),) if new else ()
    return (looked, *cleared, *flagged, *_review(watch, facts))


def evolve(watch: Watch | None, event: happened.Event) -> Watch:
    """The watch after ``event``. Total, and never refuses.

    Raises :class:`~moderation.kernel.CorruptStore` where a watch's first event is not a look.
    """
    if isinstance(event, happened.Looked):
        fresh = {_which(flag): flag for flag in event.standing}
        old = watch.flags if watch is not None else ()
        flags = tuple(fresh.get(_which(flag), flag) for flag in old)
        return Watch(school=event.school, looked_on=event.on, flags=flags)
    if watch is None:
        raise CorruptStore(event.tag)
    match event:
        case happened.Flagged(flags=new):
            return replace(watch, flags=(*watch.flags, *new))
        case happened.Cleared(flags=mended):
            gone = {_which(flag) for flag in mended}
            return replace(watch, flags=tuple(f for f in watch.flags if _which(f) not in gone))
        case happened.ReviewDue():
            return watch
        case _ as never:
            assert_never(never)


def _review(watch: Watch | None, facts: Facts) -> Iterator[happened.ReviewDue]:
    """Once a month, for as long as it is overdue (STEP-REVIEW-1, MET-, HARM- and CC-)."""
    seen, today = watch.looked_on if watch is not None else None, facts.today
    this_month = seen is not None and (seen.year, seen.month) == (today.year, today.month)
    if facts.review is not None and facts.review < today and not this_month:
        yield happened.ReviewDue(due=facts.review)


def _flags(facts: Facts) -> Iterator[Flag]:
    """Today's concerns, account by account. A closed account has none."""
    for condition in facts.conditions:
        account = condition.account.id
        if condition.stale:
            yield Flag(
                account=account,
                concern=Concern.STALE,
                since=facts.today,
                days=condition.quiet or 0,
            )
        if condition.uncovered:
            yield Flag(
                account=account,
                concern=Concern.UNCOVERED,
                since=facts.today,
                moderators=len(condition.moderators),
                administrators=len(condition.administrators),
            )


def _which(flag: Flag) -> tuple[str, Concern]:
    return flag.account, flag.concern
