"""People at the sandbox's page, with the whole application behind it.

    reed = stage.as_(REED)
    draft = await reed.propose("The fair is on Saturday.", FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    await stage.as_(OKAFOR).press(card, "Approve")

What is pressed is a button of a card that stands in a conversation, and what is sent is what the
page would send: it is read by the adapter and goes through the sandbox's door.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from adapters import intents, payloads
from adapters.door import Again, Answer, Declined, Done, Uploaded
from adapters.payloads import BadPayload
from adapters.sandbox import inbound
from adapters.sandbox.chat import SandboxChat
from bot.application import Application, Plugged
from bot.demo.door import SandboxDoor
from bot.demo.journal import StoredJournal
from moderation.checks.model import Status, Who
from moderation.kernel import BlobId, Identity, PersonId, Platform, PostId
from moderation.ports import Conversation
from moderation.posts.model import POST
from moderation.views import Confirm, Facts, Findings, Links, Media, Note, Quote
from tests.applications import Applications
from tests.fakes.chat import FakeIds
from tests.fakes.images import FakeImageInspector, digest
from tests.fakes.trust import OAK, consent, identity


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from moderation.kernel import AccountId, PupilKey
    from moderation.posts.model import Post
    from moderation.views import Button, Card, Part


@dataclass(frozen=True)
class Picture:
    """One that was taken in; ``alt`` is how it is described."""

    blob: BlobId
    alt: str = "Four pupils hold up a banner."


@dataclass
class Stage:
    """One process, and what people see on its page."""

    house: Applications
    ids: FakeIds = field(default_factory=FakeIds)
    application: Application = field(init=False)
    chat: SandboxChat = field(init=False)
    door: SandboxDoor = field(init=False)

    async def open(self) -> Stage:
        """Start it, on whatever the database holds."""
        self.application = await self.house.start({Platform.SANDBOX: self._connect})
        # Whether pictures are read rightly is tried elsewhere; here they are small and sound.
        self.application.pictures.inspector = FakeImageInspector()
        await self.settle()
        return self

    async def again(self) -> Stage:
        """End the process, and start another on the same database."""
        await self.house.stop(self.application)
        return await self.open()

    async def _connect(self, application: Application) -> Plugged:
        journal = StoredJournal(application.units)
        self.chat = await SandboxChat.open(journal, application.clock, application.ids)
        self.door = SandboxDoor(
            service=application.service,
            units=application.units,
            pictures=application.pictures,
            blobs=application.blobs,
            clock=application.clock,
            changed=application.wake,
            ids=self.ids,
        )
        return Plugged(chat=self.chat)

    # -- time ----------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Let everything that is due happen."""
        await self.application.relay.drain()

    async def pass_by(self, time: timedelta) -> None:
        self.house.clock.pass_by(time)
        await self.settle()

    async def recheck(self) -> None:
        """The round that looks again at everything that was handed out."""
        await self.application.rounds.recheck()
        await self.settle()

    async def leaves(self, person: PersonId) -> None:
        """They work nowhere in the trust any more."""
        async with self.application.units.write() as unit:
            found = await unit.people.get(person)
            assert found is not None
            await unit.people.save((replace(found, appointments=()),))
            await unit.commit()

    async def says(self, pupil: PupilKey, status: Status) -> None:
        """A family's answer about photos is put on record."""
        async with self.application.units.write() as unit:
            await unit.rolls.save_consents(OAK, (consent(pupil, status),))
            await unit.commit()

    # -- what is to be seen --------------------------------------------------------------------

    def as_(self, person: PersonId, platform: Platform = Platform.SANDBOX) -> Hand:
        """Somebody, known by their identity on this platform."""
        return Hand(self, person, identity(person, platform))

    def picture(self, content: bytes) -> Picture:
        """A picture that nobody has uploaded."""
        return Picture(digest(content))

    def cards(self, where: Conversation | PersonId) -> tuple[Card, ...]:
        """What stands in a channel, or in somebody's private messages, oldest first."""
        name = where.id if isinstance(where, Conversation) else f"person:{where}"
        return tuple(message.card for message in self.chat.messages(name))

    def card(self, where: Conversation | PersonId, post: PostId, kind: str = POST) -> Card:
        """The one live card of a post there: what is redrawn as the post goes on."""
        name = where.id if isinstance(where, Conversation) else f"person:{where}"
        [found] = [
            message.card
            for message in self.chat.messages(name)
            if message.key == f"card:{kind}:{post}"
        ]
        return found

    def told(self, person: PersonId) -> tuple[str, ...]:
        """The headlines of the private messages that somebody was sent, oldest first."""
        return tuple(
            message.card.state
            for message in self.chat.messages(f"person:{person}")
            if message.key.startswith("notice:")
        )

    def all_words(self, where: PersonId) -> str:
        """Everything that stands in somebody's private messages."""
        return "\n".join(words(card) for card in self.cards(where))

    async def post(self, post: PostId) -> Post:
        async with self.application.units.read() as unit:
            stored = await unit.posts.get(post)
        assert stored is not None
        return stored[0]


@dataclass(frozen=True)
class Draft:
    """What came of the form: the answer, and the id that the form had."""

    post: PostId
    answer: Answer


@dataclass(frozen=True)
class Hand:
    """Somebody at the page."""

    stage: Stage
    person: PersonId
    by: Identity

    async def propose(
        self,
        text: str,
        *accounts: AccountId,
        pictures: Iterable[Picture] = (),
        who: Who = Who.NOBODY,
        pupils: Iterable[PupilKey] = (),
        staff: Iterable[PersonId] = (),
        goes_out: str = "",
        post: PostId | None = None,
        seen: int = 0,
    ) -> Draft:
        """Send the form, as a new post or over version ``seen`` of ``post``."""
        post = post or PostId(self.stage.ids.new())
        payload = {
            "post": post,
            "seen": seen,
            "accounts": list(accounts),
            "text": text,
            "pictures": [{"blob": item.blob, "alt": item.alt, "name": ""} for item in pictures],
            "who": who.value,
            "pupils": list(pupils),
            "staff": list(staff),
            "goes_out": goes_out,
        }
        form = inbound.written(payload, self.stage.application.schools.zone)
        assert not isinstance(form, BadPayload), form.sentence
        return Draft(post, await self._do(form.asks, form.key(self.person)))

    async def revise(self, post: PostId, text: str, **changes: object) -> Draft:
        """Open the newest version in the form, write other words, and send it."""
        draft = await self.stage.door.draft(post, by=self.by)
        assert draft is not None
        content = draft.content
        kept: dict[str, object] = {
            "pictures": [Picture(item.blob, item.alt) for item in content.attachments],
            "who": content.pictured.who,
            "pupils": content.pictured.pupils,
            "staff": content.pictured.staff,
        }
        fields = kept | changes
        return await self.propose(
            text,
            *content.accounts,
            post=post,
            seen=draft.seen,
            **fields,  # type: ignore[arg-type]  # the fields of propose, by name
        )

    async def add_picture(self, content: bytes, alt: str = Picture.alt) -> Picture:
        """Upload one, which is sound."""
        kept = await self.upload(content)
        assert isinstance(kept, Uploaded)
        return Picture(kept.blob, alt)

    async def upload(self, content: bytes) -> Uploaded | Declined:
        answer = await self.stage.door.upload(content, file_name="picture.png", by=self.by)
        await self.stage.settle()
        return answer

    async def press(self, card: Card, label: str, **values: str) -> Answer:
        """Press a button of a card; its form is filled in with ``values``, statements ticked."""
        chosen = button(card, label)
        fields = chosen.form.fields if chosen.form is not None else ()
        assert values.keys() <= {item.name for item in fields}
        ticked = {item.name: "on" for item in fields if isinstance(item, Confirm)}
        return await self.send(payloads.encode(chosen.intent), ticked | values)

    async def press_unticked(self, card: Card, label: str) -> Answer:
        """The same with every statement left open."""
        return await self.send(payloads.encode(button(card, label).intent))

    async def send(self, payload: object, values: object = None) -> Answer:
        """Whatever a page might send as a button that was pressed, and that asks for something."""
        read = inbound.pressed({"intent": payload, "values": values or {}})
        if isinstance(read, BadPayload):
            return Declined(sentences=(read.sentence,))
        assert not isinstance(read.asks, intents.Query)
        return await self._do(read.asks, read.key(self.person))

    async def card(self, post: PostId) -> Card | None:
        return await self.stage.door.card(post, by=self.by)

    async def history(self, post: PostId) -> Card | None:
        return await self.stage.door.history(post, by=self.by)

    async def queue(self) -> tuple[Card, int]:
        queued = await self.stage.door.queue(by=self.by)
        return queued.card, queued.left

    async def channels(self, line: str = "") -> str:
        return "\n".join(map(words, await self.stage.door.channels(line, by=self.by)))

    async def _do(self, command: intents.Command, key: str) -> Answer:
        answer = await self.stage.door.do(command, by=self.by, key=key)
        await self.stage.settle()
        return answer


# -- reading cards -------------------------------------------------------------------------------


def button(card: Card, label: str) -> Button:
    return next(item for item in (*card.buttons, *card.more) if item.label == label)


def labels(card: Card) -> tuple[str, ...]:
    return tuple(item.label for item in (*card.buttons, *card.more))


def words(card: Card) -> str:
    """Everything that a card says, a line each."""
    return "\n".join(
        (card.title, card.state, *(line for part in card.parts for line in _lines(part)))
    )


def _lines(part: Part) -> Iterable[str]:
    match part:
        case Quote(text=text, label=label):
            return (label, text)
        case Facts(rows=rows):
            return tuple(f"{name}: {value}" for name, value in rows)
        case Findings(lines=lines):
            return tuple(f"{line.words}|{line.reason}|{line.policy}" for line in lines)
        case Note(lines=lines):
            return lines
        case Links(pages=pages):
            return tuple(f"{label}: {address}" for label, address in pages)
        case Media(pictures=pictures):
            return tuple(item.alt for item in pictures)


def quote(card: Card) -> Quote:
    """The post's own words on a card."""
    return next(part for part in card.parts if isinstance(part, Quote) and not part.label)


def findings(card: Card) -> Findings:
    return next(part for part in card.parts if isinstance(part, Findings))


def said(answer: Answer) -> str:
    return " ".join(answer.sentences)


__all__ = [
    "Again",
    "Declined",
    "Done",
    "Draft",
    "Hand",
    "Picture",
    "Stage",
    "button",
    "findings",
    "labels",
    "quote",
    "said",
    "words",
]
