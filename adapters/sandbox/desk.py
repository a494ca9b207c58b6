"""What the page shows of each conversation, as data that its script puts in place."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from adapters.composing import colleagues_of
from adapters.door import ColleagueChoice, Declined, Draft, PupilChoice, Target
from adapters.sandbox.chat import SandboxChat, private_id
from adapters.sandbox.door import SandboxDoor, Seat
from adapters.sandbox.render import card_html, local_input, pages, part_html
from adapters.sentences import help_rows
from moderation.kernel import BlobId, Identity, SubjectRef
from moderation.ports import Clock, Ids
from moderation.views import Card, Facts, Findings, Note, Quote, Tone
from moderation.words import count, platform_name, when


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from adapters.door import Judgement
    from adapters.sandbox.chat import Message
    from moderation.views import Mark

LONGEST_GLIMPSE: Final = 60
"""Characters of a folded draft's words."""
MOST_SHOWN: Final = 60
"""The newest cards of a conversation; older ones are in each post's history."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which picture an address stands for, and for whom. Addresses can't be guessed or shared."""

    secret: bytes = field(repr=False)
    issued: dict[str, tuple[BlobId, Identity]] = field(default_factory=dict, repr=False)

    def url(self, blob: BlobId, by: Identity) -> str:
        """The same picture has the same address for the same person as long as this start lasts."""
        exact = f"{by.platform}\0{by.id}\0{blob}".encode()
        token = hashlib.blake2b(exact, key=self.secret, digest_size=16).hexdigest()
        self.issued[token] = (blob, by)
        return f"media/{token}"

    def find(self, token: str) -> tuple[BlobId, Identity] | None:
        return self.issued.get(token)


@dataclass(frozen=True, slots=True)
class Desk:
    """Draws one person's view. ``zone`` is the school's."""

    door: SandboxDoor
    chat: SandboxChat
    clock: Clock
    ids: Ids
    zone: tzinfo
    shelf: Shelf

    def now(self) -> datetime:
        return self.clock.now().astimezone(self.zone)

    # -- who and where -------------------------------------------------------------------------

    async def seat(self, person: str) -> Seat | None:
        return next((seat for seat in await self.door.seats() if seat.person == person), None)

    async def view(self, seat: Seat, channel: str) -> dict[str, object]:
        """Everything that the page shows of one seat, with ``channel`` where it may be read."""
        seats = await self.door.seats()
        targets = await self.door.targets(by=seat.identity)
        places = await self.door.places(by=seat.identity)
        readable = [place.conversation for place in places]
        if channel not in readable:
            busy = (place for place in readable if self.chat.messages(place))
            channel = next(busy, readable[0] if readable else "")
        drafts = await self.door.drafts(by=seat.identity)
        return {
            "me": seat.person,
            "name": seat.name,
            "post": self.ids.new(),
            "faces": Markup(  # noqa: S704 -- a template's result is escaped already
                pages.get_template("faces.html").render(seats=seats, me=seat.person)
            ),
            "targets": [_target(target) for target in targets],
            "places": [[place.conversation, place.label] for place in places],
            "channel": channel,
            "queue": next((it.waiting for it in seats if it.person == seat.person), 0),
            "unread": self.chat.unread(private_id(seat.person)),
            "lists": {
                "channel": self._messages(channel, seat),
                "private": self._messages(private_id(seat.person), seat),
                "drafts": [
                    self._item(card, seat, folded=place > 0) for place, card in enumerate(drafts)
                ],
            },
        }

    def _messages(self, conversation: str, seat: Seat) -> list[dict[str, str]]:
        if not conversation:
            return []
        return [
            self._message(item, seat) for item in self.chat.messages(conversation)[-MOST_SHOWN:]
        ]

    def _message(self, message: Message, seat: Seat) -> dict[str, str]:
        now = self.now()
        html = card_html(
            message.card,
            slot=_slot("m", message.ref),
            media_url=lambda blob: self.shelf.url(blob, seat.identity),
            now=now,
            when=when(message.changed_at or message.at, now, self.zone),
        )
        return {"slot": _slot("m", message.ref), "html": html}

    def _item(self, card: Card, seat: Seat, *, folded: bool) -> dict[str, str]:
        """A draft; all but the newest are folded to their first words and their buttons."""
        slot = _slot("d", card.subject.id)
        return {"slot": slot, "html": self.html(card, slot, seat, _glimpse(card) if folded else "")}

    def html(self, card: Card, slot: str, seat: Seat, glimpse: str = "") -> Markup:
        return card_html(
            card,
            slot=slot,
            media_url=lambda blob: self.shelf.url(blob, seat.identity),
            now=self.now(),
            glimpse=glimpse,
        )

    def cards(self, cards: Iterable[Card], seat: Seat) -> str:
        """Several cards beneath each other, for the panel."""
        return str(
            Markup("").join(
                self.html(card, f"p-{number}", seat) for number, card in enumerate(cards)
            )
        )

    # -- one thing at a time -------------------------------------------------------------------

    async def next_in_queue(self, seat: Seat, after: str) -> dict[str, object]:
        """The first card that waits, or the one behind ``after`` (a post's id)."""
        queued = await self.door.queue(by=seat.identity, after=after)
        several = f": {count(queued.left)} wait for you" if queued.left > 1 else ""
        return {
            "title": f"My queue{several}",
            "left": queued.left,
            "post": queued.card.subject.id,
            "html": self.html(queued.card, _slot("q", queued.card.subject.id), seat),
        }

    async def draft(self, draft: Draft, seat: Seat) -> dict[str, object]:
        """A version of a post as the form holds it, with the people in its pictures."""
        declared = await self.door.declared(draft.post, by=seat.identity)
        content = draft.content
        return {
            "post": draft.post,
            "seen": draft.seen,
            "accounts": list(content.accounts),
            "text": content.text,
            "pictures": [
                {
                    "blob": item.blob,
                    "alt": item.alt,
                    "name": item.file_name,
                    "url": self.shelf.url(item.blob, seat.identity),
                    "moves": item.blob in draft.videos,
                }
                for item in content.attachments
            ],
            "who": content.pictured.who.value,
            "pupils": pupils(declared),
            "staff": await colleagues_of(
                self.door, content.accounts, content.pictured.staff, by=seat.identity
            ),
            "goes_out": local_input(content.not_before, self.now()),
        }

    def judgement(self, judgement: Judgement) -> dict[str, object]:
        return {
            "marks": _marks(judgement.marks),
            "findings": _parts(judgement.findings),
            "without": sorted(judgement.without),
        }

    def stopped(self, card: Card) -> dict[str, object]:
        """What a card says is wrong with a draft, for the form that still holds its words."""
        quotes = [part for part in card.parts if isinstance(part, Quote)]
        said = [
            part
            for part in card.parts
            if isinstance(part, Findings) or (isinstance(part, Note) and part.tone is not None)
        ]
        return {"marks": _marks(quotes[0].marks if quotes else ()), "findings": _parts(said)}


def pupils(found: tuple[PupilChoice, ...] | Declined) -> list[list[str]]:
    """Choices as the page's script reads them: key and label."""
    return [] if isinstance(found, Declined) else [[item.pupil, item.label] for item in found]


def colleagues(found: tuple[ColleagueChoice, ...]) -> list[list[str]]:
    """The same of the staff."""
    return [[item.person, item.label] for item in found]


def help_card() -> Card:
    """What the command box understands."""
    rows = (
        *help_rows(report="/report"),
        ("/queue", "What waits for your yes, one after the other"),
        ("/whoami", "Whose part you are playing"),
        ("Anything else", "Goes into the form as a new post"),
    )
    return _said("help", "What you can type here", "", Facts(rows))


def _said(kind: str, title: str, state: str, *parts: Facts) -> Card:
    return Card(
        subject=SubjectRef(kind, kind),
        version=1,
        title=title,
        state=state,
        tone=Tone.WAITING,
        fallback=title,
        parts=parts,
    )


def _glimpse(card: Card) -> str:
    said = next((part.text for part in card.parts if isinstance(part, Quote)), "")
    words = " ".join(said.split())
    if len(words) > LONGEST_GLIMPSE:
        words = f"{words[: LONGEST_GLIMPSE - 1]}…"
    return words or "Without words"


def _target(target: Target) -> dict[str, object]:
    return {
        "account": target.account,
        "label": target.label,
        "page": target.page,
        "platform": target.platform,
        "network": platform_name(target.platform),
        "limit": target.limit,
        "place": target.place,
    }


def _marks(marks: Iterable[Mark]) -> list[list[object]]:
    return [[mark.start, mark.end, mark.tone.value] for mark in marks]


def _parts(parts: Iterable[Findings | Note]) -> str:
    return str(Markup("").join(part_html(part, media_url=lambda _: "") for part in parts))


def _slot(prefix: str, id_: str) -> str:
    return f"{prefix}-" + re.sub(r"[^A-Za-z0-9-]", "-", id_)
