"""What may be asked about a link."""

from __future__ import annotations

from dataclasses import dataclass, field

from moderation.kernel import Identity
from moderation.links.model import LinkId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLink:
    """Somebody unknown writes from ``identity``, whose address the platform has verified.

    ``called`` is the name that the platform shows of them, which anybody may choose; "" for none.
    """

    identity: Identity
    email: str = field(repr=False)
    called: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLink:
    """A yes to the request with number ``seen``."""

    link: LinkId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineLink:
    """A no. Less power never waits: one is enough."""

    link: LinkId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseLink:
    """The timer: nobody answered in time."""

    link: LinkId
    number: int


Command = RequestLink | ConfirmLink | DeclineLink | LapseLink
