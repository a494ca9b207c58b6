"""A video on a card in Teams: a button that opens it, and all that is said in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from adapters.cards import YES
from adapters.teams.limits import problems
from adapters.teams.parts import NO_CAPTIONS, NOT_WATCHED, UNWATCHED, WATCH
from adapters.teams.reading import in_full
from adapters.teams.render import TO_SAY_YES, render
from adapters.writing import SAID_IN_IT
from moderation.views import Media, Picture
from tests.adapters.slack.test_inert import strings
from tests.adapters.teams.pressing import carried, within
from tests.fakes.cards import BLOB, full


if TYPE_CHECKING:
    from adapters.teams.envelope import Message
    from moderation.views import Card

ADDRESS: Final = "https://schoolgate.example/media/0123456789abcdef0123456789abcdef"
NOTE: Final = "A video of 0:04. No automatic check looks inside a video."


def filmed(said: str) -> Card:
    """A post with a video in which ``said`` is said."""
    card = full()
    parts = [it for it in card.parts if not isinstance(it, Media)]
    video = Picture(blob=BLOB, alt=said, note=NOTE, moves=True)
    return replace(card, parts=(*parts, Media((video,))))


def drawn(card: Card) -> Message:
    return render(card, {BLOB: ADDRESS}.get, request="request-1")


def watched(message: Message) -> list[str]:
    return [it["url"] for it in within(message.card) if it.get("title") == WATCH]


def approvals(message: Message) -> list[str]:
    return [it.verb for it in carried(message) if it.verb in YES]


def test_a_video_is_opened_by_a_button_above_what_is_said_in_it() -> None:
    message = drawn(filmed("Tom: Our beans."))
    assert watched(message) == [ADDRESS]
    assert {"Tom: Our beans.", NOTE} <= set(strings(message.card))
    assert not [it for it in within(message.card) if it.get("type") == "Image"]
    assert approvals(message)
    assert problems(message) == ()


def test_without_its_address_nobody_says_yes() -> None:
    message = render(filmed("Tom: Our beans."), lambda _blob: None, request="request-1")
    assert (watched(message), approvals(message)) == ([], [])
    assert {NOT_WATCHED, f"⚠️ {UNWATCHED}"} <= set(strings(message.card))
    assert NO_CAPTIONS in set(strings(drawn(filmed(" ")).card))


@pytest.mark.parametrize("words", ["The beans grow. ", "Die Bohnen wachsen. 🌱 ", "*_[x](y)_* "])
def test_whoever_says_yes_has_read_all_that_is_said_in_it(words: str) -> None:
    said = words * (9_000 // len(words))
    message = drawn(filmed(said))
    assert message.cut
    assert approvals(message) == []
    assert TO_SAY_YES in {it.get("title") for it in within(message.card)}
    pages = in_full(filmed(said), {BLOB: ADDRESS}.get, request="request-1")
    assert [problems(it) for it in pages] == [()] * len(pages)
    read = "".join(it for page in pages for it in strings(page.card))
    assert read.count(words.split(maxsplit=1)[0]) >= said.count(words.split(maxsplit=1)[0])
    assert any(SAID_IN_IT in set(strings(it.card)) for it in pages)
    *before, last = pages
    assert not any(approvals(it) for it in before)
    assert approvals(last)
    assert watched(last) == [ADDRESS]
    assert not in_full(replace(filmed(said), parts=()))
