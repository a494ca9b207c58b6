"""A report's cards, for its reporter and its receivers; and its words, for who may read them.

No card that lies in a conversation holds a word of the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.incidents.model import INCIDENT, PATIENCE, Rung, State
from moderation.incidents.present.speech import (
    EMERGENCY,
    FINISH,
    HAVE,
    READ,
    about,
    at,
    holder,
    is_open,
    name,
    press,
    rows,
    standing,
)
from moderation.incidents.queries import may_read
from moderation.kernel import SubjectRef
from moderation.views import Note, Quote, Tone, Weight
from moderation.words import both, card as worded


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.incidents.queries import IncidentPage
    from moderation.views import Card, Part


def card(page: IncidentPage) -> Card:
    """As its viewer may follow it: the reporter, or somebody who was asked. No word of it."""
    view = page.view
    if view.viewer == page.incident.reporter:
        return _reporters(page) if view.here else _no_longer(page, "Your report")
    if view.viewer in view.still:
        return _receivers(page)
    return _no_longer(page, f"A concern about a child · {view.ring.school}")


def _reporters(page: IncidentPage) -> Card:
    incident, view = page.incident, page.view
    state, tone, lines = standing(page)
    return worded(
        SubjectRef(INCIDENT, incident.id),
        version=view.version,
        title="Your report",
        state=state,
        tone=tone,
        parts=(
            Note(lines=(EMERGENCY,), tone=Tone.STOPPED),
            rows(("Sent", at(incident.at, page)), ("About", about(page))),
            Note(lines=lines),
        ),
        buttons=(press("Read what I wrote", READ, page),) if may_read(page) else (),
    )


def _receivers(page: IncidentPage) -> Card:
    incident, view = page.incident, page.view
    finished = incident.state is State.DONE
    parts: list[Part] = []
    if incident.concern.danger and not finished:
        said = "The reporter thinks a child may be in danger now."
        parts.append(Note(lines=(said,), tone=Tone.STOPPED))
    parts.append(
        rows(
            ("Reported by", view.names.get(incident.reporter, "Somebody who has left")),
            ("Sent", at(incident.at, page)),
            ("About", about(page)),
            ("You are asked as", _AS[_rung(page)]),
        )
    )
    parts.append(Note(lines=tuple(_receivers_lines(page))))
    buttons = [press("Read it", READ, page)]
    if is_open(page):
        buttons.insert(0, press("I have it", HAVE, page, Weight.PRIMARY))
    elif incident.holder == view.viewer and not finished:
        buttons.append(press("It is seen to", FINISH, page))
    return worded(
        SubjectRef(INCIDENT, incident.id),
        version=view.version,
        title=f"A concern about a child · {view.ring.school}",
        state=_receivers_state(page),
        tone=Tone.STOPPED if is_open(page) else Tone.DONE,
        parts=parts,
        buttons=buttons,
    )


def _receivers_state(page: IncidentPage) -> str:
    incident = page.incident
    who = "You have" if incident.holder == page.view.viewer else f"{holder(page)} has"
    if incident.state is State.DONE:
        return f"{who} seen to it"
    if incident.held_at is not None and not is_open(page):
        return f"{who} it since {at(incident.held_at, page)}"
    return "Waiting for you"


def _receivers_lines(page: IncidentPage) -> Iterator[str]:
    incident = page.incident
    yield EMERGENCY
    if incident.state is State.WAITING:
        others = [name(page, one) for one in incident.asked - {page.view.viewer}]
        if others:
            yield f"{both(sorted(others))} {'was' if len(others) == 1 else 'were'} asked too."
        if incident.unanswered_at is None:
            until = at(incident.receivers[-1].at + PATIENCE, page)
            yield f"Unless somebody has it by {until}, the next person is asked."
        else:
            yield "Nobody answered, so the reporter was asked to ring the school."
    else:
        yield "What is done about it belongs in the school's safeguarding file, not here."


def _no_longer(page: IncidentPage, title: str) -> Card:
    """For whoever has left, or has lost the role that they were asked for."""
    return worded(
        SubjectRef(INCIDENT, page.incident.id),
        version=page.view.version,
        title=title,
        state="No longer yours",
        tone=Tone.DONE,
        parts=(Note(lines=("Your role at this school has changed since.", EMERGENCY)),),
    )


def words(page: IncidentPage) -> Card:
    """What the report says, for one reader; that it was opened is on record."""
    incident, view = page.incident, page.view
    concern = incident.concern
    named = sorted(name(page, one) for one in concern.named)
    return worded(
        SubjectRef(INCIDENT, incident.id),
        version=view.version,
        title="What was reported",
        state=_receivers_state(page) if view.viewer != incident.reporter else standing(page)[0],
        tone=Tone.CARE,
        parts=(
            Quote(text=concern.words),
            rows(
                ("Reported by", view.names.get(incident.reporter, "Somebody who has left")),
                ("Sent", at(incident.at, page)),
                ("Danger", "A child may be in danger now" if concern.danger else ""),
                ("About", about(page)),
                ("Seen at", concern.place.strip()),
                ("About a colleague", both(named) if named else ""),
            ),
            Note(lines=(EMERGENCY, "Only you see this. That you read it is on record.")),
        ),
        buttons=(press("I have it", HAVE, page, Weight.PRIMARY),)
        if view.viewer in view.still and is_open(page)
        else (),
    )


def please_ring(page: IncidentPage) -> Card | None:
    """The message that can't wait, as things stand now; ``None`` once the reporter has left.

    It asks nobody to ring once somebody has the report.
    """
    if not page.view.here:
        return None
    state, tone, lines = standing(page)
    return worded(
        SubjectRef(INCIDENT, page.incident.id),
        version=page.view.version,
        title="About your report",
        state=state,
        tone=tone,
        parts=(Note(lines=(*lines, EMERGENCY)),),
    )


_AS: Mapping[Rung, str] = {
    Rung.LEAD: "Safeguarding lead",
    Rung.DEPUTY: "Deputy safeguarding lead, because nobody has answered yet",
    Rung.HEAD: "Head, or in the head's place, because nobody has answered yet",
    Rung.ABOVE_HEAD: "Above the headteacher, who can't be asked",
}


def _rung(page: IncidentPage) -> Rung:
    viewer = page.view.viewer
    return next(one.rung for one in page.incident.receivers if one.person == viewer)
