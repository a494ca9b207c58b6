"""Every sentence about where cards are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.accounts.present import page
from moderation.homes.model import HOME
from moderation.homes.refusals import Refusal
from moderation.kernel import SubjectRef
from moderation.views import Facts, Note, Tone
from moderation.words import card, either


if TYPE_CHECKING:
    from moderation.homes.queries import Candidate
    from moderation.kernel import Reason
    from moderation.views import Card

WHICH = "Which of these? Please say more of its name."
WHOLE_SCHOOL = (
    "Cards of {} are shown here from now on, where an account has no conversation of its own."
)
NOT_HERE = "A card stood here"
HIDDEN = "Hidden"
NO_LONGER = "Cards are no longer shown here: {}."
CLOSED = "Your cards are not shown in their channel any more"
BECAUSE = "Because {}. They go privately to each of you who may say yes."
MEND = "They come back when the channel is for staff alone. Or choose another one with use-here."
NONE_FITS = "None of your accounts fits these words. Please try a network's or a page's name."


def place(found: Candidate) -> str:
    """An account or a school, as a sentence names it."""
    return found.school if found.account is None else page(found.account)


def done(found: Candidate) -> tuple[str, ...]:
    """What whoever chose hears."""
    if found.account is None:
        return (WHOLE_SCHOOL.format(found.school),)
    return (f"Cards of {page(found.account)} are shown here from now on.",)


def withdrawn(subject: SubjectRef, why: str, version: int) -> Card:
    """In place of a card, where somebody from outside the school might read it."""
    return card(
        subject,
        version=version,
        title=NOT_HERE,
        state=HIDDEN,
        tone=Tone.CARE,
        parts=(Note(lines=(NO_LONGER.format(why),)),),
    )


def closed(place: str, name: str, why: str) -> Card:
    """To whoever may choose another conversation for an account or a school, privately."""
    return card(
        SubjectRef(HOME, place),
        version=1,
        title=CLOSED,
        state=HIDDEN,
        tone=Tone.CARE,
        parts=(Facts((("Cards of", name),)), Note(lines=(BECAUSE.format(why), MEND))),
    )


def which(found: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Words that fit several places, or none."""
    if not found:
        return (NONE_FITS,)
    return (WHICH, *(f"• {place(it)}" for it in found))


def refusal(
    reasons: tuple[Reason, ...], found: Candidate, could: tuple[str, ...]
) -> tuple[str, ...]:
    """Why nothing changed, one sentence for each reason; ``could`` are those who may choose."""
    return tuple(_sentence(Refusal(reason.code), found, could) for reason in reasons)


def _sentence(code: Refusal, found: Candidate, could: tuple[str, ...]) -> str:
    match code:
        case Refusal.UNKNOWN_PERSON:
            return "I don't know you yet. Please ask the school office to add you."
        case Refusal.UNKNOWN_PLACE:
            return "There is no such account or school. Nothing changed."
        case Refusal.MAY_NOT_CHOOSE:
            who = f"{either(could)} can." if could else "The headteacher can."
            return f"You can't choose where cards of {place(found)} are shown. {who}"
        case Refusal.ALREADY_HERE:
            return f"Cards of {place(found)} are shown here already."
        case _ as never:
            assert_never(never)
