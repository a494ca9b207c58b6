"""How much is said by itself, and when the rest is said together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from moderation.kernel import PersonId, Platform
from moderation.ports import Conversation
from moderation.tallies import timing
from moderation.tallies.model import Lane, own, room


NOON = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
HERE, HERS = room(Conversation(Platform.SLACK, "C1")), own(PersonId("ann"))


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def room_for(lane: Lane, arrived: int, alone: int, *, presses: bool = False) -> bool:
    return timing.has_room(lane, arrived, alone, presses=presses)


def test_a_room_takes_five_cards_and_a_person_three_messages() -> None:
    assert [room_for(HERE, arrived, min(arrived, 5)) for arrived in (0, 4, 5, 40)] == [
        True,
        True,
        False,
        False,
    ]
    assert [room_for(HERS, arrived, min(arrived, 3)) for arrived in (0, 2, 3, 40)] == [
        True,
        True,
        False,
        False,
    ]


def test_in_a_room_three_more_find_a_place_where_they_press() -> None:
    assert room_for(HERE, 40, 5, presses=True)
    assert room_for(HERE, 40, 7, presses=True)
    assert not room_for(HERE, 40, 8, presses=True)
    # To a person it is told at once, with the others.
    assert not room_for(HERS, 3, 3, presses=True)


def test_only_what_goes_out_within_two_hours_presses() -> None:
    assert timing.pressing(NOON + minutes(120), NOON)
    assert timing.pressing(NOON - minutes(1), NOON)
    assert not timing.pressing(NOON + minutes(121), NOON)
    assert not timing.pressing(None, NOON)


def test_the_first_gathers_five_minutes_and_what_presses_is_told_at_once() -> None:
    assert timing.due(NOON, (), presses=False) == NOON + minutes(5)
    assert timing.due(NOON, (), presses=True) == NOON


def test_the_next_waits_two_hours_and_half_an_hour_where_it_presses() -> None:
    told = (NOON - minutes(10),)
    assert timing.due(NOON, told, presses=False) == NOON + minutes(110)
    assert timing.due(NOON, told, presses=True) == NOON + minutes(20)
    assert timing.due(NOON, (NOON - minutes(300),), presses=False) == NOON + minutes(5)


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=60))
def test_never_more_than_three_in_four_hours(comes: list[tuple[int, bool]]) -> None:
    now, told = NOON, list[datetime]()
    for after, presses in comes:
        now += minutes(after)
        if told and told[-1] > now:
            # It is to be sent, and may only be brought forward.
            told[-1] = min(told[-1], timing.due(now, told[:-1], presses=presses))
        else:
            told.append(timing.due(now, told, presses=presses))
    for first, last in zip(told, told[timing.MOST_TALLIES :], strict=False):
        assert last - first >= timing.MORNING
