"""Every word about absences: what was noted, what is then lacking, private messages, refusals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, assert_never

from moderation.absences.effects import Message
from moderation.absences.model import ABSENCE
from moderation.absences.reading import NotRead
from moderation.absences.refusals import Refusal
from moderation.accounts.present import page as account_page
from moderation.kernel import SubjectRef
from moderation.views import Facts, Note, Tone
from moderation.words import both, capital, card as worded, day as day_name, either


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.absences.queries import AbsencePage, Colleague
    from moderation.absences.rights import Gap, Short
    from moderation.kernel import PersonId, Reason
    from moderation.people.model import Span
    from moderation.views import Card


NOTHING_CHANGED = "Nothing changed."
NO_REASON = "Why isn't asked, and isn't kept."
EXAMPLES = "away until Friday, away 24 Nov, or away from 1 Dec until 4 Dec"
WHICH = "Which of these do you mean? Please say more of the name."
NOBODY = "I know nobody of your school by that name."


def unread(why: NotRead) -> tuple[str, ...]:
    """Words in which no days were found."""
    match why:
        case NotRead.NO_DAY:
            return (f"Until when? For example: {EXAMPLES}.", NOTHING_CHANGED)
        case NotRead.WEEKDAY:
            return (f"That weekday isn't the one of that date. Please check. {NOTHING_CHANGED}",)
        case _ as never:
            assert_never(never)


def which(found: tuple[Colleague, ...]) -> tuple[str, ...]:
    """A name that fits several people, or none."""
    if not found:
        return (f"{NOBODY} {NOTHING_CHANGED}", f"Of yourself you say: {EXAMPLES}.")
    return (WHICH, *(f"• {one.name}" for one in found))


def done(page: AbsencePage | None) -> tuple[str, ...]:
    """What whoever said it hears at once: the days in full, and what is lacking then."""
    if page is None:
        return ("Noted.",)
    if page.span is None:
        who = "You are" if page.viewer == page.person else f"{page.name} is"
        return (f"{who} marked as here again.", *_coming(page))
    return (_days(page, page.span), *_lacking(page), _how_back(page), NO_REASON)


def notice(message: Message, page: AbsencePage, by: str = "") -> Card:
    """A private message, as things are when it is read. ``by`` is the name of whoever said it."""
    span = page.span
    title = "Your absence" if page.viewer == page.person else f"Absence of {page.name}"
    rows = (("Away", _stretch(span, page.today)),) if span is not None else ()
    if by and by != page.name:
        rows = (*rows, ("Noted by", by))
    state, tone, lines = _said(message, page)
    return worded(
        SubjectRef(ABSENCE, page.person),
        version=1,
        title=title,
        state=state,
        tone=tone,
        parts=(*((Facts(rows),) if rows else ()), Note(lines=lines)),
    )


def _said(message: Message, page: AbsencePage) -> tuple[str, Tone, tuple[str, ...]]:
    match message:
        case Message.SAID:
            wrong = "You are asked for nothing then. If that's wrong, type: /schoolgate back"
            return "You are marked as away", Tone.CARE, (wrong,)
        case Message.BACK:
            wrong = "If that's wrong, say until when you are away: /schoolgate away until Friday"
            return "You are marked as here again", Tone.DONE, (wrong,)
        case Message.COVER:
            mend = "Please name somebody who can step in, or tell those who post."
            return "Somebody will be missing", Tone.CARE, (*_lacking(page), mend)
        case _ as never:
            assert_never(never)


def still_true(message: Message, page: AbsencePage) -> bool:
    """Whether there is anything left to say."""
    match message:
        case Message.SAID:
            return page.span is not None
        case Message.BACK:
            return page.span is None
        case Message.COVER:
            return page.span is not None and bool(page.gaps)
        case _ as never:
            assert_never(never)


def refusal(
    reasons: tuple[Reason, ...], names: Mapping[PersonId, str], *, own: bool
) -> tuple[str, ...]:
    """Every reason in plain words. ``names`` are of those who may say it; ``own``: of oneself."""
    return tuple(f"{_sentence(reason, names, own=own)} {NOTHING_CHANGED}" for reason in reasons)


# -- inner ----------------------------------------------------------------------------------------


def _days(page: AbsencePage, span: Span) -> str:
    who = "You are" if page.viewer == page.person else f"{page.name} is"
    one = span.start == span.end
    return f"Noted: {who} away {_stretch(span, page.today)}{'' if one else ', that day included'}."


def _stretch(span: Span, today: date) -> str:
    """The days in words: "today", "from today until Friday 27 November"."""
    if span.end is None:
        return "until further notice"
    last = day_name(span.end, today)
    if span.start is None or span.start == span.end:
        return last if span.start is not None else f"until {last}"
    return f"from {day_name(span.start, today)} until {last}"


def _how_back(page: AbsencePage) -> str:
    if page.viewer == page.person:
        return "Back sooner? Type: /schoolgate back"
    return "They have been told. Either of you ends it sooner with /schoolgate back"


def _coming(page: AbsencePage) -> Iterator[str]:
    if page.coming:
        spans = both(tuple(_stretch(span, page.today) for span in page.coming))
        yield f"Still noted: away {spans}."


def _lacking(page: AbsencePage) -> Iterator[str]:
    for found in page.gaps:
        for short in found.short:
            yield _short(page, short)
        yield from _roles(page, found)


def _short(page: AbsencePage, short: Short) -> str:
    account = page.accounts.get(short.account)
    called = account_page(account) if account is not None else str(short.account)
    on = (
        ""
        if short.day == (page.span and page.span.start)
        else f" on {day_name(short.day, page.today)}"
    )
    names = [page.names[who] for who in short.left if who in page.names]
    if names:
        return f"{called} then has only {both(names)} to approve{on}."
    others = [page.names[who] for who in short.else_ if who in page.names]
    instead = f" {capital(either(others))} is asked instead." if others else ""
    return f"{called} then has nobody else who may approve{on}.{instead}"


def _roles(page: AbsencePage, found: Gap) -> Iterator[str]:
    school = page.schools.get(found.school, "the school")
    if found.leads:
        stand_in = page.names.get(found.stand_in, "") if found.stand_in is not None else ""
        if stand_in and found.stand_in != page.person:
            yield f"{stand_in} gives the headteacher's yes meanwhile."
        else:
            yield f"Nobody can give the headteacher's yes at {school} meanwhile."
    if found.safeguarding:
        yield (
            f"No safeguarding lead of {school} is here then. Reports of concern go to whoever "
            "leads the school."
        )


def _sentence(reason: Reason, names: Mapping[PersonId, str], *, own: bool) -> str:
    match Refusal(reason.code):
        case Refusal.UNKNOWN_PERSON:
            return "I don't know you yet. Please ask the school office to add you."
        case Refusal.NOBODY:
            return NOBODY
        case Refusal.MAY_NOT_SAY:
            return f"You can't say that of somebody else. {_could(reason, names)}"
        case Refusal.GAINS:
            return (
                "While they are away the headteacher's yes would be yours, so somebody else has "
                f"to say it. {_could(reason, names)}"
            )
        case Refusal.OVER:
            return "Those days are over. Please give a day that is still to come, with its year."
        case Refusal.WRONG_ORDER:
            return "The last day is before the first one. Please type both days again."
        case Refusal.TOO_LONG:
            return "That is longer than a year. Please ask the school office to change your dates."
        case Refusal.TOO_FAR:
            return "That begins more than a year from now. Please say it when it is nearer."
        case Refusal.NOT_AWAY:
            who = "You aren't" if own else "They aren't"
            return f"{who} marked as away on that day.{_next(reason)}"
        case Refusal.ONLY_THE_TIMER:
            return "Only the clock does this."
        case _ as never:
            assert_never(never)


def _next(reason: Reason) -> str:
    later = reason.about.get("next")
    if later is None:
        return ""
    coming = date.fromisoformat(later)
    written = day_name(coming, coming.replace(year=coming.year - 1, day=1))
    return f" To take back the days from {written} on, add that day."


def _could(reason: Reason, names: Mapping[PersonId, str]) -> str:
    able = reason.about.get("who", "").split(",")
    told = [name for who, name in names.items() if who in able]
    return f"They can themselves, or {either(told)}." if told else "They can themselves."
