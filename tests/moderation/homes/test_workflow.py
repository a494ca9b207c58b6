"""Who chooses where cards are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.homes import present
from moderation.homes.commands import UseHere
from moderation.homes.events import Moved
from moderation.homes.model import Home
from moderation.homes.queries import Candidate
from moderation.homes.refusals import Refusal
from moderation.homes.rights import choosers
from moderation.homes.workflow import decide, evolve
from moderation.kernel import Asked, Identity, Platform, Reason, Refused
from moderation.ports import Conversation
from tests.moderation.posts.examples import ADE, NOW, OAK, SAM, rights


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights

HERE = Conversation(Platform.SLACK, "C1")
THERE = Conversation(Platform.TEAMS, "19:one")
COMMAND = UseHere(place=OAK, conversation=HERE)
WHOLE = Candidate(place=OAK, school="Oakfield Primary School")


def asked(person: PersonId | None) -> Asked:
    return Asked(by=Identity(Platform.SLACK, "U1"), key="key", at=NOW, person=person)


def codes(home: Home | None, person: PersonId | None, found: Rights | None) -> frozenset[str]:
    outcome = decide(home, COMMAND, found, asked(person))
    return outcome.codes if isinstance(outcome, Refused) else frozenset()


def test_the_head_chooses_for_the_school() -> None:
    outcome = decide(None, COMMAND, rights(), asked(ADE))
    assert outcome == (Moved(place=OAK, conversation=HERE, by=ADE, at=NOW),)


def test_nobody_else_does() -> None:
    assert SAM not in choosers(rights())
    assert codes(None, SAM, rights()) == {Refusal.MAY_NOT_CHOOSE}
    assert codes(None, None, rights()) == {Refusal.UNKNOWN_PERSON}
    assert codes(None, ADE, None) == {Refusal.UNKNOWN_PLACE}


def test_the_same_again_is_said_to_be_so() -> None:
    at_home = Home(place=OAK, conversations=(HERE,))
    assert codes(at_home, ADE, rights()) == {Refusal.ALREADY_HERE}
    assert codes(Home(place=OAK, conversations=(THERE,)), ADE, rights()) == frozenset()


def test_one_platform_leaves_the_other_alone() -> None:
    home: Home | None = None
    for conversation in (THERE, Conversation(Platform.SLACK, "C0"), HERE):
        at = NOW + timedelta(minutes=1)
        home = evolve(home, Moved(place=OAK, conversation=conversation, by=ADE, at=at))
    assert home == Home(place=OAK, conversations=(HERE, THERE))
    assert home.on(Platform.SLACK) == HERE
    assert home.on(Platform.SANDBOX) is None


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_a_sentence(code: Refusal) -> None:
    for could in ((), ("Mrs Ade", "Mr Lund")):
        (said,) = present.refusal((Reason(code),), WHOLE, could)
        assert said.endswith(".")
        assert len(said.split()) < 30
