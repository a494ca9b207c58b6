"""What may be asked about a name that a school keeps."""

from __future__ import annotations

from dataclasses import dataclass, field

from moderation.checks.model import NotAPupil
from moderation.keeping.model import NameId
from moderation.kernel import SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskName:
    """Keep ``name`` at ``school``: it isn't a pupil's, but ``kind``, ``None`` where nobody said."""

    id: NameId
    school: SchoolId
    name: str = field(repr=False)
    kind: NotAPupil | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeName:
    """A second person's yes."""

    id: NameId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineName:
    """A second person's no, with its reason."""

    id: NameId
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropName:
    """Take it away, or back. More checking never waits: one person is enough."""

    id: NameId


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseName:
    """The timer: nobody answered in time."""

    id: NameId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndName:
    """The timer: it was kept for as long as the policy says."""

    id: NameId


Command = AskName | AgreeName | DeclineName | DropName | LapseName | EndName
Timed = LapseName | EndName
"""What only the timer asks."""
