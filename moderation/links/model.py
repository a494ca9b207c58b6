"""One chat account that may be somebody's, and who has said that it is."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from moderation.kernel import Identity, PersonId


LinkId = NewType("LinkId", str)
"""32 hex digits of a digest of the chat account: a button tells nobody whose it is."""

LINK = "link"
"""Kind of the card on which a chat account is confirmed or declined."""

WAITS_FOR = timedelta(days=14)
"""How long somebody has to answer. Elapsed time; no answer is a no."""


class State(StrEnum):
    """Where a link stands. Its value is stored."""

    WAITING = "waiting"
    LINKED = "linked"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """``number`` rises with each time that it is asked for.

    ``address`` is a digest of the e-mail address by which ``person`` was found: one that has
    changed meanwhile proves nothing any more. ``called`` is the name that the platform showed of
    the account when it was asked for: chosen by whoever holds it, and no proof either.
    """

    id: LinkId
    identity: Identity
    person: PersonId
    address: str
    number: int
    asked_at: datetime
    state: State = State.WAITING
    confirmed_by: tuple[PersonId, ...] = ()
    declined_by: PersonId | None = None
    called: str = field(default="", repr=False)

    @property
    def lapses_at(self) -> datetime:
        return self.asked_at + WAITS_FOR


def link_of(identity: Identity) -> LinkId:
    """The one link that a chat account can have."""
    written = f"{identity.platform}:{identity.id}"
    return LinkId(hashlib.sha256(written.encode()).hexdigest()[:32])


def same_address(address: str) -> str:
    """An e-mail address as two of them are compared: composed and in small letters.

    No case folding: it makes one address of two that differ (ß and ss). "" stays "".
    """
    return unicodedata.normalize("NFC", address.strip()).lower()


def digest(address: str) -> str:
    """Of an address, however it is written."""
    return hashlib.sha256(same_address(address).encode()).hexdigest()
