"""Pauses as their cards show them, and every sentence about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.holds import commands as ask, present
from moderation.holds.model import Hold
from moderation.holds.queries import HoldPage, HoldView
from moderation.holds.refusals import Refusal
from moderation.kernel import Reason
from tests.moderation.posts.examples import (
    ADE,
    LONDON,
    NAMES,
    NOVAK,
    NOW,
    OAK,
    SAM,
    TRUST,
    ago,
    rights,
)


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import PersonId
    from moderation.views import Card


PAUSED = Hold(school=OAK, number=2, by=NOVAK, reason="A flood in the hall.", at=ago(minutes=20))
OVER = replace(PAUSED, started_by=ADE, started_at=ago(minutes=10))
TRUST_WIDE = replace(PAUSED, school=TRUST)


def page(hold: Hold | None, viewer: PersonId | None) -> HoldPage:
    view = HoldView(
        place=OAK,
        name="Oakfield Primary School",
        whole_trust=False,
        version=0 if hold is None else 3,
        viewer=viewer,
        names=NAMES,
        rights=rights(),
        now=NOW,
        zone=LONDON,
    )
    return HoldPage(hold, view)


def pages() -> Iterator[HoldPage]:
    for hold in (PAUSED, OVER, None):
        for viewer in (None, SAM, ADE, NOVAK):
            shown = page(hold, viewer)
            yield shown
            yield HoldPage(hold, replace(shown.view, trust=TRUST_WIDE))
            yield HoldPage(hold, replace(shown.view, whole_trust=True, name="Fernhill Trust"))


def cards() -> Iterator[Card]:
    for shown in pages():
        for offer in (True, False):
            yield present.card(shown, offer=offer)


def answers() -> Iterator[str]:
    for shown in pages():
        for code in Refusal:
            yield from present.refusal((Reason(code, {"limit": "2000"}),), shown)
        yield from present.done(ask.Pause(school=OAK, reason="Why."), shown)
        yield from present.done(ask.Start(school=OAK), shown)
