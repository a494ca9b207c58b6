"""Who keeps copies of the record, and what they are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from moderation.kernel import Audience, PersonId, SchoolId
from moderation.people.model import Appointment, Person, Role, Span
from moderation.record import effects, present
from moderation.record.audiences import witnesses
from moderation.record.model import Checkpoint
from moderation.views import Quote, Tone
from tests.moderation.posts import examples as some


DAY = date(2026, 11, 21)
OAK = SchoolId("oak")


def somebody(name: str, role: Role, start: date | None = None, end: date | None = None) -> Person:
    held = Appointment(school=OAK, role=role, span=Span(start=start, end=end))
    return Person(id=PersonId(name), name=name.title(), appointments=(held,))


@pytest.mark.parametrize("role", Role)
def test_only_those_who_oversee_and_do_not_run_it_keep_copies(role: Role) -> None:
    expected = {Role.DATA_PROTECTION_OFFICER, Role.CHAIR_OF_GOVERNORS}
    assert bool(witnesses((somebody("ann", role),), DAY)) == (role in expected)


def test_they_do_so_while_they_hold_the_office() -> None:
    chair = Role.CHAIR_OF_GOVERNORS
    people = (
        somebody("before", chair, end=DAY - timedelta(days=1)),
        somebody("last", chair, end=DAY),
        somebody("first", Role.DATA_PROTECTION_OFFICER, start=DAY),
        somebody("after", chair, start=DAY + timedelta(days=1)),
    )
    assert witnesses(people, DAY) == ("last", "first")


def test_what_they_are_told_is_the_whole_signed_text() -> None:
    note = "schoolgate/hazelmere\n1234\n…\n"
    kept = Checkpoint(lines=1234, at=some.NOW, text=note)
    card = present.checkpoint(kept, some.NOW, some.LONDON)
    assert card.tone is Tone.DONE
    assert card.state.startswith("1,234 lines, signed today ")
    assert [part.text for part in card.parts if isinstance(part, Quote)] == [note]
    assert note in card.fallback
    assert card.buttons == card.more == ()


def test_both_messages_go_to_those_who_keep_copies() -> None:
    signed, broken = effects.signed(1234), effects.broken("2026-11-21")
    assert {signed.audience, broken.audience} == {Audience.WITNESSES}
    assert (signed.subject.id, broken.subject.id) == ("1234", "broken:2026-11-21")
    assert present.broken().tone is Tone.STOPPED
