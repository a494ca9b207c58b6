"""The relay on a stored trust, with a chat and a publisher that answer as they are told to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.application import Application, Plugged
from bot.relay.relay import Relay
from moderation.kernel import Accepted, Asked, Platform, PostId, SubjectRef, Timer
from moderation.ports import Ambiguous, Conversation, Rejected
from moderation.posts import commands as ask
from moderation.posts.model import POST, Content, Post
from moderation.service import Service
from storage.delivery_tables import card, effect, notice, release
from storage.notice_tables import open_notice
from tests.applications import Applications
from tests.fakes.blobs import FakeBlobStore
from tests.fakes.chat import FakeChat
from tests.fakes.publishing import FakePublisher
from tests.fakes.trust import FACEBOOK, OKAFOR, REED, identity


if TYPE_CHECKING:
    from typing import Any

    from bot.relay.workshop import Workshop
    from moderation.kernel import AccountId, PersonId
    from moderation.ports import Delivery, Release
    from moderation.service import Command, Outcome
    from moderation.views import Card
    from tests.fakes.publishing import Answer


LEASE = timedelta(seconds=61)
"""After this, what a dead process had claimed is anybody's."""
LONG = timedelta(minutes=16)
"""Longer than any wait before another try."""


class Died(BaseException):
    """The process ends here: nothing that comes after is done."""


@dataclass
class WatchedChat(FakeChat):
    """Notes every call. The process ends right after ``dies_after`` more messages got through."""

    calls: list[tuple[str, str, str]] = field(default_factory=list)
    """(post or update, conversation, key or ref), in order."""
    dies_after: int = 0
    fault: Exception | None = None
    """Raised by the next call instead of an answer."""
    refused: Conversation | None = None
    """Where nothing is taken."""
    unsure: Conversation | None = None
    """Where nobody can tell whether it arrived; it did where ``got_through``."""
    got_through: bool = False
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What goes on elsewhere while the next message is on its way."""

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        self.calls.append(("post", to.id, key))
        self._fail()
        if to == self.refused:
            return Rejected("invalid_blocks")
        if to == self.unsure and not self.got_through:
            return Ambiguous("timeout")
        answer = await super().post(to, card, key)
        if to == self.unsure:
            return Ambiguous("timeout")
        self._die()
        return answer

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        self.calls.append(("update", at.id, ref))
        self._fail()
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        answer = await super().update(at, ref, card)
        self._die()
        return answer

    def remove(self, conversation: Conversation) -> None:
        """Somebody deletes every message there."""
        self.shown.pop(conversation.id)
        self.keys = {key: ref for key, ref in self.keys.items() if key[0] != conversation.id}

    def posts(self, key: str) -> Counter[str]:
        """How often a message with this key was sent, by conversation."""
        return Counter(to for what, to, known in self.calls if (what, known) == ("post", key))

    def _fail(self) -> None:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault

    def _die(self) -> None:
        if self.dies_after:
            self.dies_after -= 1
            if not self.dies_after:
                raise Died


class WatchedPublisher(FakePublisher):
    """``dies`` ends the process right after a release was handed out."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(FakeBlobStore(), answers)
        self.dies = False
        self.fault: Exception | None = None

    async def hand_out(self, release: Release) -> Answer:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        answer = await super().hand_out(release)
        if self.dies:
            self.dies = False
            raise Died
        return answer

    @property
    def given_to(self) -> list[tuple[AccountId, str]]:
        """(account, revision) of everything that was handed out."""
        return [(given.account, given.revision) for given in self.given]


class MortalService(Service):
    """The process ends right ``before`` a command is taken, or right after it had its effect."""

    before = False

    async def do(self, command: Command, asked: Asked) -> Outcome:
        if not self.before:
            await super().do(command, asked)
        raise Died


class NeverBegins(MortalService):
    before = True


@dataclass
class World:
    """One database, one chat, one publisher, and as many relays as a test starts."""

    application: Application
    applications: Applications
    chat: WatchedChat
    publisher: WatchedPublisher = field(default_factory=WatchedPublisher)
    keys: Iterator[int] = field(default_factory=count)

    def relay(self, owner: str = "relay-1", **changes: Any) -> Relay:  # noqa: ANN401 -- as replace()
        """A process of this name. Those with other names are other processes."""
        return Relay(replace(self.shop, owner=owner, **changes))

    @property
    def shop(self) -> Workshop:
        return replace(self.application.relay.workshop, publisher=self.publisher)

    def pass_by(self, time: timedelta) -> None:
        self.applications.clock.pass_by(time)

    def mortal(self, kind: type[MortalService]) -> MortalService:
        """A service that ends its process."""
        real = self.application.service
        return kind(units=real.units, schools=real.schools, posts=real.posts, watches=real.watches)

    # -- what people do ------------------------------------------------------------------------

    async def do(self, by: PersonId, command: Command) -> Post:
        """One click, which is accepted. Nothing is delivered yet."""
        key = f"click {next(self.keys)}"
        asked = Asked(by=identity(by), key=key, at=self.applications.clock.now())
        outcome = await self.application.service.do(command, asked)
        assert isinstance(outcome, Accepted), outcome
        assert isinstance(outcome.state, Post)
        return outcome.state

    async def propose(
        self, *accounts: AccountId, by: PersonId = REED, text: str = "The fair is on Saturday."
    ) -> Post:
        post = PostId(f"post-{next(self.keys)}")
        content = Content(text=text, accounts=accounts or (FACEBOOK,))
        return await self.do(by, ask.Propose(post=post, content=content))

    async def approve(self, post: Post, by: PersonId = OKAFOR) -> Post:
        return await self.do(by, ask.Approve(post=post.id, seen=post.revision.number))

    async def released(self, *accounts: AccountId) -> Post:
        """Proposed and approved; the release is due, and no relay has come round."""
        return await self.approve(await self.propose(*accounts))

    async def handed_out(self, *accounts: AccountId) -> Post:
        """The clock has released it, and no relay has come round since."""
        post = await self.released(*accounts)
        asked = Asked(by=Timer(), key=f"release {post.id}", at=self.applications.clock.now())
        outcome = await self.application.service.do(ask.Release(post=post.id), asked)
        assert isinstance(outcome, Accepted), outcome
        return await self.current(post)

    async def current(self, post: Post) -> Post:
        async with self.application.units.read() as unit:
            stored = await unit.posts.get(post.id)
        assert stored is not None
        return stored[0]

    @staticmethod
    def ref(post: Post) -> SubjectRef:
        return SubjectRef(POST, post.id)

    # -- what stands there ---------------------------------------------------------------------

    def states(self, where: Conversation | PersonId, post: Post) -> tuple[str, ...]:
        """What each card of a post there says of its state: cards and private messages."""
        name = f"person:{where}" if isinstance(where, str) else where.id
        return tuple(
            card.state
            for card in self.chat.cards(name)
            if card.subject == SubjectRef(POST, post.id)
        )

    async def rows(self, table: sa.Table, **where: object) -> list[dict[str, Any]]:
        """Rows of a delivery table, as they are."""
        select = sa.select(table)
        for name, value in where.items():
            select = select.where(table.c[name] == value)
        async with self.application.database.reading() as connection:
            return [dict(row._mapping) for row in await connection.execute(select)]  # noqa: SLF001

    async def run(self, statement: str, **values: object) -> None:
        """Change something by hand."""
        async with self.application.database.writing() as connection:
            await connection.execute(sa.text(statement), values)
            await connection.commit()

    async def release_states(self, post: Post) -> dict[AccountId, str]:
        async with self.application.units.read() as unit:
            return await unit.releases.states(post.id)


async def world(applications: Applications) -> World:
    """The trust, with nothing said yet."""
    chat = WatchedChat()

    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=chat)

    application = await applications.start({Platform.SANDBOX: connect})
    return World(application, applications, chat)


CARD, EFFECT, NOTICE, RELEASE, OPEN_NOTICE = card, effect, notice, release, open_notice
