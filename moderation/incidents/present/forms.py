"""The form in which a concern is reported. It says what to do for a child in danger now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.accounts.present import page as page_name
from moderation.incidents.model import INCIDENT, LONGEST_PLACE, LONGEST_WORDS
from moderation.incidents.present.speech import EMERGENCY, LEAVE_IT, SEND, STRANGER, please_ring
from moderation.kernel import SubjectRef
from moderation.people.present import role_names
from moderation.views import Button, Choice, Form, Intent, Note, Text, Tone, Weight
from moderation.words import card as worded


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.incidents.queries import ReportForm, SchoolForm
    from moderation.views import Card, Field


CHILD_IN_DANGER = "danger"
"""The one value of the field ``danger``."""


def form(found: ReportForm, incident: str, words: str = "") -> Card:
    """The card that holds the form; where somebody is at no school, whom to ring instead."""
    subject = SubjectRef(INCIDENT, incident)
    if not found.schools:
        lines = (EMERGENCY, please_ring(found.trust), STRANGER)
        return worded(
            subject,
            version=0,
            title="Report a concern",
            state="Please ring instead",
            tone=Tone.STOPPED,
            parts=(Note(lines=lines, tone=Tone.STOPPED),),
        )
    asks = Form(
        title="Report a concern",
        fields=tuple(_fields(found.schools, words)),
        submit="Send it privately",
        note=" ".join(filter(None, (EMERGENCY, _or_ring(found)))),
    )
    return worded(
        subject,
        version=0,
        title="Report a concern about a child",
        state="Goes privately to the safeguarding lead",
        tone=Tone.CARE,
        parts=(Note(lines=(EMERGENCY, LEAVE_IT), tone=Tone.STOPPED),),
        buttons=(
            Button(
                label="Write it",
                intent=Intent(verb=SEND, id=incident),
                weight=Weight.PRIMARY,
                form=asks,
            ),
        ),
    )


def _fields(schools: tuple[SchoolForm, ...], words: str) -> Iterator[Field]:
    several = len(schools) > 1
    if several:
        yield Choice(
            name="school",
            label="Which school is it about?",
            options=tuple((one.school, one.ring.school) for one in schools),
        )
    yield Text(
        name="words",
        label="What worries you?",
        hint="Facts only, please. The person concerned may be entitled to read this.",
        value=words,
        limit=LONGEST_WORDS,
        lines=5,
    )
    yield Choice(
        name="danger",
        label="Danger",
        options=((CHILD_IN_DANGER, "A child may be in danger now"),),
        many=True,
        required=False,
        hint="Please ring 999 before you send this.",
    )
    yield Text(
        name="place",
        label="Where you saw it",
        hint="A link, a page or a post, if there is one.",
        limit=LONGEST_PLACE,
        lines=1,
        required=False,
    )
    accounts = tuple((one.id, page_name(one)) for school in schools for one in school.accounts)
    if accounts:
        yield Choice(
            name="account",
            label="Which of our pages is it about?",
            options=accounts,
            required=False,
            hint="Leave it open if it is about none of them.",
        )
    yield Choice(
        name="named",
        label="Is it about somebody who works here?",
        options=tuple(_colleagues(schools)),
        many=True,
        required=False,
        hint="Whoever you tick is neither asked nor told.",
    )


def _colleagues(schools: tuple[SchoolForm, ...]) -> Iterator[tuple[str, str]]:
    told: set[str] = set()
    for school in schools:
        for one in school.colleagues:
            if one.person not in told:
                told.add(one.person)
                yield one.person, f"{one.name}, {role_names(one.roles)}"


def _or_ring(found: ReportForm) -> str:
    """The number before anything is sent: it helps where nothing can be sent."""
    rings = dict.fromkeys(school.ring for school in found.schools)
    ring = next(iter(rings)) if len(rings) == 1 else found.trust
    where = ring.number or ring.office
    return f"You can always ring {where} instead." if where else ""
