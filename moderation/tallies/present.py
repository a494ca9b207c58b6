"""What a counting card says, in a shared conversation and to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from moderation.kernel import SubjectRef
from moderation.tallies.model import TALLY
from moderation.views import Button, Facts, Intent, Note, Tone, Weight
from moderation.words import MONTHS, WEEKDAYS, capital, card as worded, count, counted


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from moderation.tallies.queries import TallyView
    from moderation.views import Card, Part

NEXT: Final = "Decide the next"
NOTHING: Final = "Nothing waits any more"
WHY_HERE: Final = (
    "Many came at once, so most have no card of their own here.",
    "Whoever may say yes finds them in their queue, one after the other.",
)
WHY_TO_YOU: Final = (
    "Many came at once, so I count them here instead of sending you each.",
    "What can't wait still reaches you by itself.",
)
OVER_HERE: Final = "Each of them has been decided, or taken back."
OVER_TO_YOU: Final = "Nothing of this is with you any more."


def card(view: TallyView) -> Card:
    """How it stands now; without a button while nothing waits."""
    state, tone = _state(view)
    return worded(
        SubjectRef(TALLY, view.id),
        version=view.version,
        title=f"Posts of {_day(view.day)}",
        state=state,
        tone=tone,
        parts=tuple(_parts(view)),
        buttons=(_next(view),) if view.waiting else (),
    )


def has_news(view: TallyView) -> bool:
    """Whether there is anything to send somebody a message about."""
    return bool(view.waiting or view.approved or view.unposted)


def _state(view: TallyView) -> tuple[str, Tone]:
    if view.waiting:
        return f"{capital(_wait(view.waiting))} for {_whose(view)} yes", Tone.WAITING
    if view.unposted:
        return f"{capital(counted(view.unposted, 'post'))} not posted yet", Tone.CARE
    if view.approved:
        are = "is" if view.approved == 1 else "are"
        return f"{capital(count(view.approved))} of your posts {are} approved", Tone.DONE
    return NOTHING, Tone.DONE


def _parts(view: TallyView) -> Iterator[Part]:
    rows = tuple(_rows(view))
    if rows:
        yield Facts(rows)
    if view.waiting:
        yield Note(lines=WHY_HERE if view.reader is None else WHY_TO_YOU)
    elif not has_news(view):
        yield Note(lines=(OVER_HERE if view.reader is None else OVER_TO_YOU,))


def _rows(view: TallyView) -> Iterator[tuple[str, str]]:
    if view.came:
        yield "Came that day", counted(view.came, "post")
    if view.oldest is not None:
        yield "Waiting since", _at(view, view.oldest)
    if view.first_out is not None:
        yield "The first goes out", _at(view, view.first_out)
    if view.asked:
        yield "The headteacher is asked about", counted(view.asked, "post")
    if view.unposted:
        yield "Ready, and not posted yet", counted(view.unposted, "post")
    if view.approved:
        yield "Approved of yours", counted(view.approved, "post")


def _wait(number: int) -> str:
    return counted(number, "post waits", "posts wait")


def _whose(view: TallyView) -> str:
    return "a" if view.reader is None else "your"


def _next(view: TallyView) -> Button:
    return Button(
        label=NEXT,
        intent=Intent(verb="queue.next", id=TALLY),
        weight=Weight.PRIMARY,
        describes=_wait(view.waiting),
    )


def _at(view: TallyView, instant: datetime) -> str:
    """The time, and the day where it is another; never "today", which is yesterday tomorrow."""
    local = instant.astimezone(view.zone)
    clock = f"{local:%H:%M}"
    return clock if local.date() == view.day else f"{_day(local.date())}, {clock}"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
