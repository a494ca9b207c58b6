"""How a report stands, and whom to ring, in words that its card, messages and answers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.accounts.present import page as page_name
from moderation.incidents.model import PATIENCE, State
from moderation.views import Button, Facts, Intent, Tone, Weight
from moderation.words import both, when


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.incidents.queries import IncidentPage, Ring
    from moderation.kernel import PersonId


SEND, HAVE, FINISH, READ = "report.send", "report.have", "report.finish", "report.read"
EMERGENCY = "If a child is in danger now, ring 999."
LEAVE_IT = "Please don't reply to what you saw, share it or copy pictures."
STRANGER = "I can take reports only from people who work or help at one of our schools."


def standing(page: IncidentPage) -> tuple[str, Tone, tuple[str, ...]]:
    """How a report stands, for its reporter: what is true, and what to do."""
    incident = page.incident
    if incident.state is State.DONE:
        return f"{holder(page)} has seen to it", Tone.DONE, ("Thank you. Nothing more is needed.",)
    if incident.state is State.ACKNOWLEDGED:
        has_it = f"{holder(page)} has it since {at(incident.held_at or incident.at, page)}"
        return has_it, Tone.DONE, ("Thank you. You may be asked about it.", LEAVE_IT)
    if incident.unanswered_at is not None:
        return "Nobody has confirmed yet", Tone.STOPPED, (*at_the_end(page), LEAVE_IT)
    asked = newest(page)
    until = at(incident.receivers[-1].at + PATIENCE, page)
    if incident.step == 1:
        first = f"If nobody has it by {until}, I ask somebody else by myself."
        return f"Waiting for {asked}", Tone.WAITING, (first, LEAVE_IT)
    again = f"Nobody has answered yet. I have asked {asked} now."
    return f"Now waiting for {asked}", Tone.CARE, (again, ring_if_pressing(page), LEAVE_IT)


def at_the_end(page: IncidentPage) -> tuple[str, ...]:
    """Nobody is left to ask: whom to ring now."""
    return (f"Nobody has confirmed yet. {please_ring(page.view.ring)}",)


def please_ring(ring: Ring) -> str:
    """Whom to ring, now."""
    if ring.number:
        return f"Please ring {ring.school} now: {ring.number}."
    return f"Please ring or go to {ring.office or 'the school office'} now."


def ring_if_pressing(page: IncidentPage) -> str:
    """Whom to ring where waiting is not possible."""
    ring = page.view.ring
    where = f"{ring.school}: {ring.number}" if ring.number else ring.office or "the school office"
    return f"If it can't wait, please ring {where}."


def about(page: IncidentPage) -> str:
    """Which of our pages it is about, or ""."""
    account = page.view.account
    return page_name(account) if account is not None else ""


def rows(*given: tuple[str, str]) -> Facts:
    """Those with something to say."""
    return Facts(tuple(row for row in given if row[1]))


def newest(page: IncidentPage) -> str:
    """Who was asked last."""
    asked = [one.person for one in page.incident.receivers if one.step == page.incident.step]
    return both([name(page, who) for who in asked])


def holder(page: IncidentPage) -> str:
    """Who has it."""
    holder = page.incident.holder
    return name(page, holder) if holder is not None else "Somebody"


def is_open(page: IncidentPage) -> bool:
    """Nobody has it, or whoever had it doesn't hold the role any more: another may take it."""
    incident = page.incident
    if incident.state is State.ACKNOWLEDGED:
        return incident.holder not in page.view.still
    return incident.state is State.WAITING


def name(page: IncidentPage, person: PersonId) -> str:
    """A person as the school writes them."""
    return page.view.names.get(person, "somebody who has left")


def at(instant: datetime, page: IncidentPage) -> str:
    """An instant, as people say it."""
    return when(instant, page.view.now, page.view.zone)


def press(label: str, verb: str, page: IncidentPage, weight: Weight = Weight.PLAIN) -> Button:
    """A button on a report's card."""
    return Button(label=label, intent=Intent(verb=verb, id=page.incident.id), weight=weight)
