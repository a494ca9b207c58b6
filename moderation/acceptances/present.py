"""Every word about accepting a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.acceptances.model import POLICY
from moderation.acceptances.refusals import Refusal
from moderation.kernel import SubjectRef
from moderation.views import Button, Facts, Intent, Note, Tone, Weight
from moderation.words import card as worded, when


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.acceptances.queries import PolicyPage
    from moderation.kernel import Reason
    from moderation.views import Card, Part

ACCEPT = "I have read it and accept it"
NONE_ASKED = "Your school doesn't ask you to accept a policy here."
NOTHING_CHANGED = "Nothing changed."
THANKS = "Thank you. You have accepted it. Please press again what you were about to do."
WHAT_IT_ASKS = "What it asks of posts"


def card(page: PolicyPage) -> Card:
    """What is to be accepted, with the button while it waits."""
    settings = page.pack.settings
    waits = page.accepted_at is None
    accepted = "" if page.accepted_at is None else when(page.accepted_at, page.now, page.zone)
    intent = Intent(verb="policy.accept", id=page.school, arg=settings.accept_policy)
    yes = Button(label=ACCEPT, intent=intent, weight=Weight.PRIMARY, describes=page.pack.title)
    return worded(
        SubjectRef(POLICY, page.school),
        version=1,
        title=page.pack.title,
        state="Please read and accept it" if waits else f"Accepted {accepted}",
        tone=Tone.CARE if waits else Tone.DONE,
        parts=tuple(_parts(page, waits=waits)),
        buttons=(yes,) if waits else (),
    )


def nothing() -> Card:
    """Where no school of the reader's asks for it."""
    return worded(
        SubjectRef(POLICY, POLICY),
        version=1,
        title="The policy",
        state="Nothing to accept",
        tone=Tone.DONE,
        parts=(Note(lines=(NONE_ASKED,)),),
    )


def done() -> tuple[str, ...]:
    """What whoever accepted hears."""
    return (THANKS,)


def refusal(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """Every reason in plain words."""
    return tuple(f"{_sentence(Refusal(reason.code))} {NOTHING_CHANGED}" for reason in reasons)


def _parts(page: PolicyPage, *, waits: bool) -> Iterator[Part]:
    settings = page.pack.settings
    address = (("In full", settings.policy_address),) if settings.policy_address else ()
    yield Facts((("School", page.name), ("Edition", settings.accept_policy), *address))
    clauses = tuple(dict.fromkeys(page.pack.clauses.values()))
    if clauses:
        yield Note(lines=clauses, fold=WHAT_IT_ASKS)
    if waits:
        ask = page.head or "the headteacher"
        yield Note(
            lines=(
                "By accepting it you say that you have read it and will follow it.",
                f"In doubt you ask {ask}, and you tell {ask} of any breach.",
                "Until then you can't write or approve posts. Stopping one is always possible.",
            )
        )


def _sentence(code: Refusal) -> str:
    match code:
        case Refusal.UNKNOWN_PERSON:
            return "I don't know you yet. Please ask the school office to add you."
        case Refusal.NOT_YOURS:
            return NONE_ASKED
        case Refusal.ANOTHER_VERSION:
            return "There is a newer edition. Please read it first: /schoolgate policy."
        case Refusal.ALREADY:
            return "You have accepted it already."
        case Refusal.NOT_YET:
            return "That day hasn't come yet."
        case _ as never:
            assert_never(never)
