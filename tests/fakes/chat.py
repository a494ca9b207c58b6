"""A chat in memory that keeps the port's promises, and what a chat itself needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from moderation.kernel import Identity, Platform
from moderation.ports import Conversation, Delivered, Delivery, Gone, Rejected
from moderation.views import Card


if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    at: datetime = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, time: timedelta) -> None:
        self.at += time


@dataclass
class FakeIds:
    """Countable ids that sort as they were made."""

    count: int = 0

    def new(self) -> str:
        self.count += 1
        return f"01FAKE{self.count:020d}"


@dataclass
class FakeJournal:
    """Rows in the order in which they came."""

    rows: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def append(self, ref: str, conversation: str, payload: str) -> None:
        assert ref not in self.rows
        self.rows[ref] = (conversation, payload)

    async def replace(self, ref: str, payload: str) -> None:
        self.rows[ref] = (self.rows[ref][0], payload)

    async def all(self) -> Sequence[tuple[str, str, str]]:
        return tuple((ref, *row) for ref, row in self.rows.items())


@dataclass
class FakeChat:
    """Records what is shown where; ``answers`` are given instead, first come, first served."""

    platform: Platform = Platform.SANDBOX
    shown: dict[str, list[tuple[str, Card]]] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: list[Delivery] = field(default_factory=list)
    unreachable: set[Identity] = field(default_factory=set)

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        if self.answers:
            return self.answers.pop(0)
        if to.platform is not self.platform:
            return Rejected("other_platform")
        if (to.id, key) not in self.keys:
            self.keys[to.id, key] = ref = f"m{len(self.keys) + 1}"
            self.shown.setdefault(to.id, []).append((ref, card))
        return Delivered(self.keys[to.id, key])

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        if self.answers:
            return self.answers.pop(0)
        cards = self.shown.get(at.id, [])
        for place, (known, _) in enumerate(cards):
            if known == ref:
                cards[place] = (ref, card)
                return Delivered(ref)
        return Gone()

    async def private(self, to: Identity) -> Conversation | None:
        if to.platform is not self.platform or to in self.unreachable:
            return None
        return Conversation(self.platform, f"person:{to.id}")

    def cards(self, conversation: str) -> tuple[Card, ...]:
        """What stands in a conversation now, oldest first."""
        return tuple(card for _, card in self.shown.get(conversation, []))
