"""How Schoolgate speaks: times, dates, counts and lists, in British English for tired people.

Shared by every room's ``present``. Nothing here knows what a post or an account is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never

from moderation.views import Card, Facts, Findings, Links, Media, Note, Quote


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from moderation.kernel import SubjectRef
    from moderation.views import Button, Part, Tone


THE_OPERATOR_IN_WORDS: Final = "whoever looks after Schoolgate"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_NAMED = 3
"""A longer list of people is cut, and the rest counted."""
MOST_BUTTONS = 4
NEAR = timedelta(days=6)
"""Within this, the weekday helps more than the year."""


# -- times ----------------------------------------------------------------------------------------


def when(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """An instant as people say it: "today 15:20", "Monday 8 June, 15:20"."""
    local = instant.astimezone(zone)
    return _joined(day(local.date(), now.astimezone(zone).date()), f"{local:%H:%M}")


def dated(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """An instant that is read on other days too: "Monday 8 June, 15:20", also on that day."""
    local = instant.astimezone(zone)
    return _joined(_date(local.date(), now.astimezone(zone).date()), f"{local:%H:%M}")


def day(that: date, today: date) -> str:
    """A day as people say it: "tomorrow", "Monday 8 June", "8 June", "8 June 2025"."""
    close = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((that - today).days)
    return close if close is not None else _date(that, today)


def _date(that: date, today: date) -> str:
    apart = that - today
    plain = f"{that.day} {MONTHS[that.month - 1]}"
    if abs(apart) <= NEAR:
        return f"{WEEKDAYS[that.weekday()]} {plain}"
    return plain if that.year == today.year else f"{plain} {that.year}"


def _joined(day_name: str, clock: str) -> str:
    """A bare day takes the time without a comma; a date needs one to be read in one go."""
    return f"{day_name}, {clock}" if " " in day_name else f"{day_name} {clock}"


# -- counts and lists -----------------------------------------------------------------------------


def count(number: int) -> str:
    """In words up to nine, then in figures with commas."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A count with its noun: "one picture", "12 pictures"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def either(names: Sequence[str]) -> str:
    """A choice: "Mrs Okafor or Mr Lund"."""
    return _listed(names, "or")


def both(names: Sequence[str]) -> str:
    """All of them: "Mrs Okafor and Mr Lund"."""
    return _listed(names, "and")


def _listed(names: Sequence[str], last: str) -> str:
    shown = list(names)
    if len(shown) > MOST_NAMED + 1:
        shown = [*shown[:MOST_NAMED], f"{count(len(shown) - MOST_NAMED)} others"]
    if not shown:
        return "nobody"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def capital(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


# -- names ----------------------------------------------------------------------------------------

_PLATFORMS = {
    "x": "X",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "whatsapp": "WhatsApp",
}


def platform_name(platform: str) -> str:
    """A network as it writes itself: "Facebook", "YouTube", "X"."""
    return _PLATFORMS.get(platform, capital(platform))


# -- cards ----------------------------------------------------------------------------------------


def card(
    subject: SubjectRef,
    *,
    version: int,
    title: str,
    state: str,
    tone: Tone,
    parts: Sequence[Part] = (),
    buttons: Sequence[Button] = (),
    more: Sequence[Button] = (),
) -> Card:
    """A card with its plain-text fallback; buttons beyond four go behind "More"."""
    return Card(
        subject=subject,
        version=version,
        title=title,
        state=state,
        tone=tone,
        fallback="\n".join(
            (f"{title}: {state}", *(line for part in parts for line in _said(part)))
        ),
        parts=tuple(parts),
        buttons=tuple(buttons[:MOST_BUTTONS]),
        more=(*buttons[MOST_BUTTONS:], *more),
    )


def _said(part: Part) -> Iterator[str]:
    """One part as plain lines, for notifications, old clients and screen readers."""
    match part:
        case Quote(text=text, label=label):
            yield f"{label}: {text}" if label else text
        case Facts(rows=rows):
            yield from (f"{name}: {value}" for name, value in rows)
        case Findings(title=title, lines=lines):
            yield title
            for line in lines:
                yield " ".join(
                    filter(None, (line.words and f"“{line.words}”", line.reason, line.policy))
                )
        case Media(pictures=pictures):
            for at, picture in enumerate(pictures, start=1):
                described = picture.alt or "not described yet"
                yield " ".join(filter(None, (f"Picture {at}: {described}", picture.note)))
        case Links(pages=pages):
            yield from (f"{label}: {address}" for label, address in pages)
        case Note(lines=lines, fold=fold):
            if not fold:
                yield from lines
        case _ as never:
            assert_never(never)
