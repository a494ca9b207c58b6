"""What could not be delivered: who reads of it, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moderation.deliveries import present
from moderation.deliveries.audiences import readers
from moderation.deliveries.model import Lost, What
from moderation.deliveries.queries import LostView
from moderation.kernel import PersonId, Platform
from moderation.ports import Conversation
from moderation.views import Facts
from tests.moderation.posts import examples as some


CHANNEL = Conversation(Platform.SLACK, "C1")
VIEW = LostView(
    school=some.OAK,
    name="Oakfield Primary School",
    names=some.NAMES,
    places={CHANNEL: "Facebook · Oakfield Primary"},
)


def message(person: PersonId, number: int = 1) -> Lost:
    return Lost(id=f"notice:{number}", what=What.MESSAGE, since=some.NOW, person=person)


CARD = Lost(id="card:ab", what=What.CARD, since=some.NOW, where=CHANNEL)
ELSEWHERE = Lost(
    id="card:cd", what=What.CARD, since=some.NOW, where=Conversation(Platform.SLACK, "C9")
)
STEP = Lost(id="effect:4", what=What.STEP, since=some.NOW)


def test_it_says_whom_and_how_many_and_nothing_of_what() -> None:
    lost = (message(some.LUND), message(some.LUND, 2), CARD, STEP, ELSEWHERE)
    card = present.notice((*lost, message(PersonId("gone"), 3)), VIEW)
    assert card is not None
    assert card.state == "Six could not be delivered"
    [rows] = [part.rows for part in card.parts if isinstance(part, Facts)]
    assert dict(rows) == {
        "Mr Lund": "Two messages",
        "Facebook · Oakfield Primary": "One card",
        "A conversation that is no longer used": "One card",
        "Schoolgate itself": "One step",
        "Somebody who has left": "One message",
    }
    assert card.buttons == ()


def test_nothing_is_said_once_nothing_is_lost() -> None:
    assert present.notice((), VIEW) is None


def test_what_is_given_up_again_is_another_loss() -> None:
    first = message(some.LUND)
    again = Lost(
        id=first.id, what=first.what, since=first.since + timedelta(days=1), person=some.LUND
    )
    assert first.mark != again.mark


@pytest.mark.parametrize(
    ("unreached", "told"),
    [
        ((), (some.ADE,)),
        ((some.LUND,), (some.ADE,)),
        ((some.ADE,), (some.ADE, some.SHAH, some.QUINN)),
        ((some.ADE, some.SHAH), (some.ADE, some.QUINN)),
    ],
)
def test_the_head_hears_of_it_and_others_where_the_head_was_not_reached(
    unreached: tuple[PersonId, ...], told: tuple[PersonId, ...]
) -> None:
    assert readers(some.rights(), tuple(map(message, unreached))) == told
