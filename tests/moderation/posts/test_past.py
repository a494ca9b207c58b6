"""Since when the newest words stand, and why they are asked about anew."""

from __future__ import annotations

import pytest

from moderation.posts.queries.past import Again, Past, past_of
from tests.moderation.posts.examples import SAM, Line, ago


def line(tag: str, minutes: int, *reasons: str, erased: bool = False) -> Line:
    payload = None if erased else {"reasons": list(reasons)}
    return Line(at=ago(minutes=minutes), tag=tag, person=SAM, payload=payload)


WRITTEN = line("post:proposed", 30)
YES = line("post:approved_by", 25)
CHANGED = line("post:revised", 20)
BACK = line("post:recalled", 10, "held")


def test_nothing_is_known_of_no_history() -> None:
    assert past_of(()) == Past()


def test_first_words_stand_since_they_were_written() -> None:
    assert past_of((WRITTEN, YES)) == Past(written_at=WRITTEN.at)


def test_a_change_is_one_of_the_words() -> None:
    assert past_of((WRITTEN, YES, CHANGED)) == Past(written_at=CHANGED.at, changed=True)


def test_a_pause_changes_no_word() -> None:
    past = past_of((WRITTEN, YES, BACK))
    assert past == Past(written_at=WRITTEN.at, again=Again.PAUSED, paused=True)
    assert past_of((WRITTEN, CHANGED, BACK)).changed


def test_new_words_need_no_reason_to_be_looked_at() -> None:
    past = past_of((WRITTEN, BACK, CHANGED))
    assert past == Past(written_at=CHANGED.at, changed=True, paused=True)


@pytest.mark.parametrize(
    "back",
    [
        line("post:recalled", 10),
        line("post:recalled", 10, "blocked"),
        line("post:recalled", 10, "blocked", "held"),
        line("post:recalled", 10, erased=True),
        line("post:sent_back", 10, "right_lost"),
    ],
)
def test_only_a_pause_alone_is_called_one(back: Line) -> None:
    past = past_of((WRITTEN, back))
    assert past == Past(written_at=WRITTEN.at, again=Again.OTHERWISE)
    # What comes later counts.
    assert not past_of((WRITTEN, BACK, line("post:recalled", 5))).paused


def test_a_sending_back_for_a_pause_is_no_calling_back() -> None:
    past = past_of((WRITTEN, line("post:sent_back", 10, "held")))
    assert (past.again, past.paused) == (Again.PAUSED, False)
