"""The words of a pause: who, why and when; and what each reader may do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.intents import VERBS, command_for
from adapters.payloads import BadPayload, decode, encode
from moderation.holds import commands as ask, present
from moderation.holds.queries import HoldPage
from moderation.holds.refusals import Refusal
from moderation.kernel import Reason
from tests.moderation.holds import pages as some
from tests.moderation.posts.examples import ADE, NOVAK, OAK, SAM


if TYPE_CHECKING:
    from moderation.holds.model import Hold
    from moderation.kernel import PersonId


def labels(hold: Hold | None, viewer: PersonId | None, *, offer: bool = False) -> tuple[str, ...]:
    shown = present.card(some.page(hold, viewer), offer=offer)
    return tuple(button.label for button in shown.buttons)


def test_the_card_says_who_why_and_when() -> None:
    shown = present.card(some.page(some.PAUSED, None))
    assert shown.title == "All posts · Oakfield Primary School"
    assert shown.state == "Posts are paused"
    assert "Paused by Ms Novak, today 15:20: A flood in the hall." in shown.fallback
    assert "Mrs Ade or Dr Quinn can start posts again." in shown.fallback
    over = present.card(some.page(some.OVER, ADE))
    assert over.state == "Posts go out as usual"
    assert "Started again by you, today 15:30." in over.fallback


def test_buttons_stand_where_they_may_be_used() -> None:
    assert labels(some.PAUSED, None) == labels(some.PAUSED, ADE) == ("Start posts again",)
    assert labels(some.PAUSED, NOVAK) == labels(some.PAUSED, SAM) == ()
    assert labels(some.OVER, ADE) == labels(None, ADE) == ()
    assert labels(some.OVER, NOVAK, offer=True) == labels(None, ADE, offer=True)
    assert labels(None, ADE, offer=True) == ("Pause all posts",)
    assert labels(None, SAM, offer=True) == ()


@pytest.mark.parametrize("hold", [some.PAUSED, some.OVER, None])
def test_a_button_asks_for_what_it_says(hold: Hold | None) -> None:
    shown = present.card(some.page(hold, ADE), offer=True)
    [button] = shown.buttons
    assert decode(encode(button.intent)) == button.intent
    command = command_for(button.intent, {"reason": "A flood."})
    assert not isinstance(command, BadPayload)
    number = 0 if hold is None else hold.number
    wanted = (
        ask.Start(school=OAK, seen=number)
        if hold is some.PAUSED
        else ask.Pause(school=OAK, reason="A flood.")
    )
    assert command == wanted
    assert button.intent.rev == number
    assert {verb for verb in VERBS if verb.startswith("hold.")} == {"hold.pause", "hold.start"}


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_a_sentence_for_everybody(code: Refusal) -> None:
    for hold in (some.PAUSED, some.OVER, None):
        for viewer in (ADE, SAM):
            said = present.refusal((Reason(code, {"limit": "2000"}),), some.page(hold, viewer))
            assert len(said) == 1
    [elsewhere] = present.refusal((Reason(code),), None)
    assert "Ms Novak" not in elsewhere


def test_who_asks_for_a_pause_and_may_not_hears_who_may() -> None:
    told = present.card(some.page(None, SAM), offer=True)
    assert "You can't pause all posts yourself. Please ask Mrs Ade" in told.fallback
    assert "Ms Novak" in told.fallback
    for quiet in (
        present.card(some.page(None, ADE), offer=True),
        present.card(some.page(None, SAM)),
        present.card(some.page(some.PAUSED, SAM), offer=True),
    ):
        assert "You can't pause" not in quiet.fallback


@pytest.mark.parametrize(
    ("hold", "already", "may"),
    [
        (None, Refusal.NOT_PAUSED, Refusal.MAY_NOT_START),
        (some.PAUSED, Refusal.ALREADY_PAUSED, Refusal.MAY_NOT_PAUSE),
    ],
)
def test_what_is_so_already_is_said_alone(
    hold: Hold | None, already: Refusal, may: Refusal
) -> None:
    for reasons in ((Reason(may), Reason(already)), (Reason(already), Reason(may))):
        [said] = present.refusal(reasons, some.page(hold, SAM))
        assert said.count(present.NOTHING_CHANGED) == 1
        assert [said] == list(present.refusal((Reason(already),), some.page(hold, SAM)))


def test_a_pause_of_the_trust_stands_on_the_card_of_a_school() -> None:
    page = some.page(None, ADE)
    covered = HoldPage(None, replace(page.view, trust=some.TRUST_WIDE))
    shown = present.card(covered)
    assert (shown.state, shown.buttons) == ("Posts are paused", ())
    assert "All schools of the trust wait." in shown.fallback
    assert "All schools of the trust are paused" in present.done(ask.Start(school=OAK), covered)[0]
