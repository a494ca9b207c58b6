"""Everything a fake store holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from moderation.acceptances.model import Acceptance
from moderation.accounts.model import Account
from moderation.checks.model import Consent
from moderation.holds.model import Hold
from moderation.homes.model import Home
from moderation.imports.model import Batch, Word
from moderation.incidents.model import Incident
from moderation.jottings.model import Jotting
from moderation.keeping.model import KeptName
from moderation.kernel import (
    AccountId,
    Asked,
    BlobId,
    Effect,
    Event,
    Identity,
    PersonId,
    PostId,
    PupilKey,
    SchoolId,
    SubjectRef,
)
from moderation.links.model import Link
from moderation.oversight.model import Watch
from moderation.people.model import Grant, Person, Pupil
from moderation.ports import Inspection
from moderation.posts.model import Post
from moderation.posts.ports import Former
from moderation.tallies.model import Arrival, Lane, Tally
from tests.fakes.rule import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event as it was recorded."""

    asked: Asked
    subject: SubjectRef
    version: int
    event: Event


@dataclass(slots=True, kw_only=True)
class State:
    """Everything stored. The values are never changed in place, so a shallow copy is a snapshot."""

    ledger: Ledger = field(default_factory=Ledger)
    posts: dict[PostId, tuple[Post, int]] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    identities: dict[Identity, PersonId] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    accounts: dict[AccountId, Account] = field(default_factory=dict)
    homes: dict[str, tuple[Home, int]] = field(default_factory=dict)
    pupils: dict[PupilKey, Pupil] = field(default_factory=dict)
    rolls: dict[SchoolId, int] = field(default_factory=dict)
    received: dict[SchoolId, datetime] = field(default_factory=dict)
    consents: dict[PupilKey, tuple[SchoolId, tuple[Consent, ...]]] = field(default_factory=dict)
    inspections: dict[BlobId, Inspection] = field(default_factory=dict)
    pictures: dict[BlobId, str] = field(default_factory=dict)
    taken_down: frozenset[Former] = frozenset()
    watches: dict[str, tuple[Watch, int]] = field(default_factory=dict)
    holds: dict[str, tuple[Hold, int]] = field(default_factory=dict)
    batches: dict[str, tuple[Batch, int]] = field(default_factory=dict)
    incidents: dict[str, tuple[Incident, int]] = field(default_factory=dict)
    jottings: dict[str, tuple[Jotting, int]] = field(default_factory=dict)
    links: dict[str, tuple[Link, int]] = field(default_factory=dict)
    kept_names: dict[str, tuple[KeptName, int]] = field(default_factory=dict)
    acceptances: tuple[Acceptance, ...] = ()
    arrivals: dict[tuple[Lane, str], Arrival] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    words: dict[tuple[SchoolId, str, str, str], Word] = field(default_factory=dict)
    inbox: frozenset[str] = frozenset()
    laters: frozenset[str] = frozenset()
    effects: tuple[Effect, ...] = ()
    happened: tuple[Happened, ...] = ()

    def copy(self) -> State:
        return replace(
            self,
            posts=dict(self.posts),
            people=dict(self.people),
            identities=dict(self.identities),
            accounts=dict(self.accounts),
            homes=dict(self.homes),
            pupils=dict(self.pupils),
            rolls=dict(self.rolls),
            received=dict(self.received),
            consents=dict(self.consents),
            inspections=dict(self.inspections),
            pictures=dict(self.pictures),
            watches=dict(self.watches),
            holds=dict(self.holds),
            batches=dict(self.batches),
            incidents=dict(self.incidents),
            jottings=dict(self.jottings),
            links=dict(self.links),
            kept_names=dict(self.kept_names),
            arrivals=dict(self.arrivals),
            tallies=dict(self.tallies),
            words=dict(self.words),
        )
