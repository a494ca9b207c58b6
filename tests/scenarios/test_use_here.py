"""An administrator chooses the conversation in which an account's cards are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.door import Again, Declined, Done
from moderation.kernel import Platform
from moderation.ports import Conversation
from tests.fakes.trust import ADE, FACEBOOK, FACEBOOK_CHANNEL, LUND, MARSH, OAK, REED, identity


if TYPE_CHECKING:
    from tests.scenarios.stage import Stage

STAFF = Conversation(Platform.SANDBOX, "channel:staff-room")


@pytest.fixture
def words() -> str:
    return "facebook"


async def test_cards_go_to_the_chosen_conversation(stage: Stage, words: str) -> None:
    answer = await stage.door.use_here(words, STAFF, by=identity(ADE), key="one")
    assert isinstance(answer, Done), answer
    assert "Facebook" in answer.sentences[0]
    again = await stage.door.use_here(words, STAFF, by=identity(ADE), key="one")
    assert isinstance(again, Again)
    draft = await stage.as_(REED).propose("The hall has new windows.", FACEBOOK)
    assert [card.subject.id for card in stage.cards(STAFF)] == [draft.post]
    assert stage.cards(FACEBOOK_CHANNEL) == ()


async def test_whoever_looks_after_nothing_is_told_who_does(stage: Stage, words: str) -> None:
    answer = await stage.door.use_here(words, STAFF, by=identity(LUND), key="one")
    assert isinstance(answer, Declined)
    assert "Ade" in answer.sentences[0]


async def test_words_that_fit_several_or_none_change_nothing(stage: Stage) -> None:
    for typed in ("", "oak", "no such page", OAK[:2]):
        answer = await stage.door.use_here(typed, STAFF, by=identity(ADE), key=f"of:{typed}")
        assert isinstance(answer, Declined), typed
    elsewhere = await stage.door.use_here(FACEBOOK, STAFF, by=identity(MARSH), key="two")
    nowhere = await stage.door.use_here("no such page", STAFF, by=identity(MARSH), key="three")
    assert isinstance(elsewhere, Declined)
    assert isinstance(nowhere, Declined)
    assert elsewhere.sentences == nowhere.sentences
