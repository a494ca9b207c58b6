"""The one way round: a command is decided by a pure function, then stored with its effects.

Every room offers a :class:`Subject`. :func:`handle` gathers its facts, asks it to decide, folds the
events into the new state and hands state, audit and effects to one unit of work. Refusals are
values (:class:`Refused`); faults are exceptions (the tree is below).

    SchoolgateError
    ├── Conflict            another writer was first: load again and decide again
    └── CorruptStore        what was stored can't be read back: stop, never guess
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, NewType, Protocol, TypeVar


if TYPE_CHECKING:
    from collections.abc import Sequence


PersonId = NewType("PersonId", str)
SchoolId = NewType("SchoolId", str)
AccountId = NewType("AccountId", str)
PostId = NewType("PostId", str)
PupilKey = NewType("PupilKey", str)
"""Our own opaque key of a pupil: never the school's number, never a name."""
BlobId = NewType("BlobId", str)
"""``sha256:`` and 64 hex digits: the digest of the exact bytes."""
FindingKey = NewType("FindingKey", str)


class SchoolgateError(Exception):
    """Root of every fault that Schoolgate raises on purpose."""


class Conflict(SchoolgateError):
    """Somebody else changed the subject between our read and our write."""


class CorruptStore(SchoolgateError):
    """A stored row can't be read back: wrong key, wrong place, or altered."""


class Platform(StrEnum):
    """A chat platform. Its value is stored."""

    SLACK = "slack"
    TEAMS = "teams"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a chat platform says is speaking: its own stable id, never a display name."""

    platform: Platform
    id: str


THE_OPERATOR: Final = PersonId("schoolgate:operator")
"""In a person's place, where whoever runs Schoolgate did it at the command line."""


@dataclass(frozen=True, slots=True)
class Timer:
    """The clock as an actor: reminders, expiry, release."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs the command line on the server. Audited as that, never as a person."""


Actor = Identity | Timer | Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The envelope of every command.

    ``by`` is resolved to ``person`` once, by the service; ``None`` is a stranger, the timer or the
    operator. ``key`` is the business key, (person, verb, subject, version) or the id minted when a
    form was opened: the same key has one effect however often it arrives. ``at`` is aware.
    """

    by: Actor
    key: str
    at: datetime
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal: a stable code, and ids (never names) for the sentence."""

    code: StrEnum
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing changed, and why: every reason, not the first."""

    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(str(reason.code) for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """A thing that has a card: ``kind`` is the room's noun (``post``, ``watch``, ``import``)."""

    kind: str
    id: str


class Audience(StrEnum):
    """Who is meant, resolved by the relay to today's people at the moment of sending."""

    AUTHORS = "authors"
    APPROVERS = "approvers"
    POSTERS = "posters"
    HEAD = "head"
    TRUST_LEAD = "trust_lead"
    SAFEGUARDING = "safeguarding"
    ADMINISTRATORS = "administrators"
    WITNESSES = "witnesses"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Show:
    """The subject's cards, wherever they are, must show today's truth."""

    subject: SubjectRef


@dataclass(frozen=True, slots=True)
class Tell:
    """A private message, once, to each member of the audience.

    ``message`` names the wording in the room's ``present``; ``arg`` is an id it needs, or "".
    ``person`` goes with ``Audience.PERSON`` alone.
    """

    audience: Audience
    message: str
    subject: SubjectRef
    arg: str = ""
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A command for the timer, due at ``due``. The same ``key`` is kept once."""

    command: object
    due: datetime
    key: str


@dataclass(frozen=True, slots=True)
class HandOut:
    """Give an approved post to the publisher of one account: at most once by itself."""

    subject: SubjectRef
    account: AccountId


Effect = Show | Tell | Later | HandOut


class Event(Protocol):
    """What happened, in the past tense. ``tag`` is ``subject:happening``, as the audit names it."""

    @property
    def tag(self) -> str: ...


S = TypeVar("S")
C_contra = TypeVar("C_contra", contravariant=True)
E = TypeVar("E", bound=Event)
S_co = TypeVar("S_co", covariant=True)
E_co = TypeVar("E_co", bound=Event, covariant=True)
F = TypeVar("F")
U_contra = TypeVar("U_contra", contravariant=True)
U = TypeVar("U", bound="Recorder")
C = TypeVar("C")


class Repository(Protocol[S]):
    """Loads and stores one room's state; ``get`` locks the row for this unit of work."""

    async def get(self, subject_id: str) -> tuple[S, int] | None:
        """The state and its version, or ``None`` when there is no such subject."""

    async def put(self, subject_id: str, state: S, expected: int) -> None:
        """Store ``state`` over version ``expected``, 0 for a new one. Raises :class:`Conflict`."""


class Recorder(Protocol):
    """The part of a unit of work that the kernel itself needs."""

    async def seen(self, key: str) -> bool:
        """Whether a command with this business key has already had its effect."""

    async def record(
        self,
        asked: Asked,
        subject: SubjectRef,
        version: int,
        events: Sequence[Event],
        effects: Sequence[Effect],
    ) -> None:
        """Write inbox, audit and effects; the audit's lock is taken last."""


class Subject(Protocol[S, C_contra, E, F, U_contra]):
    """One room's door. Everything but :meth:`facts` is sync and pure."""

    @property
    def kind(self) -> str:
        """The noun of :class:`SubjectRef`."""

    def subject_id(self, command: C_contra) -> str: ...

    def repository(self, unit: U_contra) -> Repository[S]: ...

    async def facts(self, unit: U_contra, state: S | None, command: C_contra, asked: Asked) -> F:
        """Everything the decision needs from outside the state. Database reads only."""

    def decide(
        self, state: S | None, command: C_contra, facts: F, asked: Asked
    ) -> tuple[E, ...] | Refused:
        """What happens, as events; no event means there was nothing to do."""

    def evolve(self, state: S | None, event: E) -> S: ...

    def effects(self, state: S, event: E) -> tuple[Effect, ...]: ...


@dataclass(frozen=True, slots=True)
class Accepted(Generic[S_co, E_co]):
    """The command had its effect (none, when ``events`` is empty)."""

    state: S_co | None
    events: tuple[E_co, ...]


@dataclass(frozen=True, slots=True)
class Repeated(Generic[S_co]):
    """The same business key had its effect before; nothing happened now."""

    state: S_co | None


async def handle(
    subject: Subject[S, C, E, F, U],
    command: C,
    asked: Asked,
    unit: U,
) -> Accepted[S, E] | Repeated[S] | Refused:
    """Take one command through one subject, inside the caller's transaction.

    A refusal writes nothing, so that it doesn't swallow the corrected try that follows it. Raises
    :class:`Conflict` when another writer was first.
    """
    repository = subject.repository(unit)
    subject_id = subject.subject_id(command)
    stored = await repository.get(subject_id)
    state, version = stored if stored is not None else (None, 0)
    if await unit.seen(asked.key):
        return Repeated(state)
    facts = await subject.facts(unit, state, command, asked)
    decided = subject.decide(state, command, facts, asked)
    if isinstance(decided, Refused):
        return decided
    if not decided:
        return Accepted(state, ())
    new, effects = _folded(subject, state, decided)
    await repository.put(subject_id, new, version)
    ref = SubjectRef(subject.kind, subject_id)
    await unit.record(asked, ref, version + 1, decided, effects)
    return Accepted(new, decided)


def _folded(
    subject: Subject[S, C, E, F, U], state: S | None, events: tuple[E, ...]
) -> tuple[S, list[Effect]]:
    """The state after all ``events`` (at least one), and what follows from each of them."""
    first, *rest = events
    new = subject.evolve(state, first)
    effects = list(subject.effects(new, first))
    for event in rest:
        new = subject.evolve(new, event)
        effects += subject.effects(new, event)
    return new, effects
