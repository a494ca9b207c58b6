"""The repositories of posts, and of what they are judged by, over plain dictionaries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moderation.kernel import Conflict, CorruptStore, PersonId, PostId, SchoolId
from moderation.policies.model import Pack
from moderation.posts.model import GOING_OUT, LIVE, Pause, Posted, State as PostState
from moderation.posts.ports import Former, Near
from storage.faults import RuleBroken
from storage.mapping import canonical
from tests.fakes.state import State
from tests.fakes.versions import expect


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from moderation.acceptances.model import Acceptance
    from moderation.accounts.model import Account
    from moderation.checks.model import Consent, PupilName
    from moderation.checks.names.roster import Roster
    from moderation.holds.model import Hold
    from moderation.kernel import AccountId, BlobId, Identity, PupilKey, SubjectRef
    from moderation.oversight.model import Watch
    from moderation.people.model import Grant, Person, Pupil
    from moderation.ports import Inspection, Unusable
    from moderation.posts.model import Post, Revision


@dataclass(frozen=True, slots=True)
class FakePosts:
    state: State

    async def get(self, subject_id: str) -> tuple[Post, int] | None:
        return self.state.posts.get(PostId(subject_id))

    async def put(self, subject_id: str, state: Post, expected: int) -> None:
        assert subject_id == state.id
        expect(self.state.posts.get(state.id), expected)
        self.state.ledger = self.state.ledger.with_post(state, self.state.people.keys())
        self.state.posts[state.id] = (state, expected + 1)

    async def near(
        self,
        accounts: frozenset[AccountId],
        start: datetime,
        end: datetime,
        leaving_out: PostId,
        limit: int,
    ) -> tuple[Near, ...]:
        found = [
            post
            for post in self._all()
            if post.id != leaving_out
            and post.state in GOING_OUT
            and accounts & set(post.content.accounts)
            and start <= post.going_out_at <= end
        ]
        found.sort(key=lambda post: (post.going_out_at, post.id))
        return tuple(
            Near(post.id, frozenset(post.content.accounts), post.going_out_at)
            for post in found[:limit]
        )

    async def live(self, schools: frozenset[SchoolId]) -> tuple[Post, ...]:
        found = [post for post in self._all() if post.school in schools and post.state in LIVE]
        return tuple(sorted(found, key=_age))

    async def some(self, posts: frozenset[PostId]) -> tuple[Post, ...]:
        return tuple(sorted((post for post in self._all() if post.id in posts), key=_age))

    async def recent(self, school: SchoolId, limit: int) -> tuple[Post, ...]:
        found = [post for post in self._all() if post.school == school]
        return tuple(sorted(found, key=_age, reverse=True)[:limit])

    async def by_author(self, person: PersonId, limit: int) -> tuple[Post, ...]:
        found = [post for post in self._all() if person in post.authors]
        return tuple(sorted(found, key=_age, reverse=True)[:limit])

    async def waiting_for(self, blob: BlobId) -> tuple[PostId, ...]:
        found = [post for post in self._all() if post.state in LIVE and blob in post.waiting_for]
        return tuple(post.id for post in sorted(found, key=_age))

    async def released(self) -> tuple[PostId, ...]:
        found = [post for post in self._all() if post.state is PostState.RELEASED]
        return tuple(post.id for post in sorted(found, key=_age))

    async def revisions(self, post: PostId) -> tuple[Revision, ...]:
        return self.state.ledger.of(post)

    def _all(self) -> Iterable[Post]:
        return (post for post, _ in self.state.posts.values())


def _age(post: Post) -> tuple[datetime, str]:
    return post.opened_at, post.id


@dataclass(frozen=True, slots=True)
class FakePeople:
    state: State

    async def get(self, person: PersonId) -> Person | None:
        return self.state.people.get(person)

    async def by_identity(self, identity: Identity) -> Person | None:
        owner = self.state.identities.get(identity)
        return None if owner is None else self.state.people[owner]

    async def who(self, identity: Identity) -> PersonId | None:
        return self.state.identities.get(identity)

    async def at(self, schools: frozenset[SchoolId]) -> tuple[Person, ...]:
        found = [
            person
            for person in self.state.people.values()
            if any(held.school in schools for held in person.appointments)
        ]
        return tuple(sorted(found, key=lambda person: person.id))

    async def grants(self, accounts: frozenset[AccountId]) -> tuple[Grant, ...]:
        return _in_order(grant for grant in self.state.grants if grant.account in accounts)

    async def grants_of(self, person: PersonId) -> tuple[Grant, ...]:
        return _in_order(grant for grant in self.state.grants if grant.person == person)

    async def save(self, people: tuple[Person, ...]) -> None:
        new = {person.id for person in people}
        kept = {whose: owner for whose, owner in self.state.identities.items() if owner not in new}
        for person in people:
            for identity in person.identities:
                if identity in kept:
                    raise RuleBroken("identity_of_one_person")
                kept[identity] = person.id
            self.state.people[person.id] = person
        self.state.identities = kept

    async def save_grants(self, accounts: frozenset[AccountId], grants: tuple[Grant, ...]) -> None:
        assert all(grant.account in accounts for grant in grants)
        kept = tuple(grant for grant in self.state.grants if grant.account not in accounts)
        self.state.grants = kept + grants


def _in_order(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """By account; within one as they were saved."""
    return tuple(sorted(grants, key=lambda grant: grant.account))


@dataclass(frozen=True, slots=True)
class FakeAccounts:
    state: State

    async def get(self, account: AccountId) -> Account | None:
        return self.state.accounts.get(account)

    async def of_school(self, school: SchoolId) -> tuple[Account, ...]:
        return tuple(account for account in await self.all() if account.school == school)

    async def all(self) -> tuple[Account, ...]:
        return tuple(
            sorted(
                self.state.accounts.values(), key=lambda item: (item.platform, item.name, item.id)
            )
        )

    async def save(self, accounts: tuple[Account, ...]) -> None:
        self.state.accounts |= {account.id: account for account in accounts}

    async def last_posted(self, accounts: frozenset[AccountId]) -> Mapping[AccountId, datetime]:
        newest: dict[AccountId, datetime] = {}
        for post, _ in self.state.posts.values():
            for posting in post.postings:
                if posting.said is Posted.YES and posting.account in accounts:
                    known = newest.get(posting.account, posting.at)
                    newest[posting.account] = max(known, posting.at)
        return newest


class FakeRolls:
    def __init__(
        self,
        state: State,
        build: Callable[[Iterable[PupilName]], Roster],
        now: Callable[[], datetime],
    ) -> None:
        self.state = state
        self.build = build
        self.now = now

    async def roster(self, school: SchoolId) -> Roster | None:
        return self._roster(frozenset({school}))

    async def others(self, school: SchoolId) -> Roster | None:
        return self._roster(frozenset(self.state.rolls) - {school})

    def _roster(self, schools: frozenset[SchoolId]) -> Roster | None:
        if not schools & self.state.rolls.keys():
            return None
        year = self.now().year
        return self.build(
            pupil.name
            for _, pupil in sorted(self.state.pupils.items())
            if pupil.school in schools and (pupil.left_on is None or pupil.left_on.year >= year)
        )

    async def pupils(self, school: SchoolId) -> tuple[Pupil, ...]:
        found = sorted(self.state.pupils.items())
        return tuple(pupil for _, pupil in found if pupil.school == school)

    async def consents(self, pupils: frozenset[PupilKey]) -> Mapping[PupilKey, tuple[Consent, ...]]:
        return {key: self.state.consents[key][1] for key in pupils if key in self.state.consents}

    async def consents_at(self, school: SchoolId) -> tuple[Consent, ...]:
        found = sorted(self.state.consents.items())
        return tuple(item for _, (where, items) in found if where == school for item in items)

    async def save_pupils(self, school: SchoolId, pupils: tuple[Pupil, ...]) -> None:
        assert all(pupil.school == school for pupil in pupils)
        new = {pupil.key: pupil for pupil in pupils}
        taken = {
            pupil.number
            for key, pupil in self.state.pupils.items()
            if pupil.school == school and key not in new
        }
        numbers = [pupil.number for pupil in new.values()]
        if len(set(numbers)) != len(numbers) or taken & set(numbers):
            raise RuleBroken("pupil_number_once")
        self.state.pupils |= new
        self.state.rolls[school] = self.state.rolls.get(school, 0) + 1

    async def received(self, school: SchoolId, at: datetime) -> None:
        self.state.received[school] = at

    async def last_received(self) -> Mapping[SchoolId, datetime]:
        return dict(self.state.received)

    async def save_consents(
        self,
        school: SchoolId,
        consents: tuple[Consent, ...],
        *,
        of: frozenset[PupilKey] = frozenset(),
    ) -> None:
        for pupil in of:
            self.state.consents.pop(pupil, None)
        new: dict[PupilKey, tuple[Consent, ...]] = {}
        for consent in consents:
            new[consent.pupil] = (*new.get(consent.pupil, ()), consent)
        self.state.consents |= {key: (school, items) for key, items in new.items()}


@dataclass(frozen=True, slots=True)
class FakeInspections:
    """``state.pictures`` says of each blob, in the order of arrival, where it stands."""

    state: State

    async def arrive(self, blob: BlobId) -> None:
        if self.state.pictures.get(blob, "unusable") == "unusable":
            self.state.pictures[blob] = "waiting"

    async def add(self, inspection: Inspection) -> None:
        """A second look replaces the first."""
        self.state.pictures[inspection.blob] = "seen"
        self.state.inspections[inspection.blob] = inspection

    async def spoil(self, blob: BlobId, why: Unusable) -> None:
        assert why
        self.state.pictures[blob] = "unusable"
        self.state.inspections.pop(blob, None)

    async def get(self, blobs: frozenset[BlobId]) -> Mapping[BlobId, Inspection]:
        found = self.state.inspections
        seen = {blob for blob in blobs if self.state.pictures.get(blob) == "seen"}
        return {blob: found[blob] for blob in seen}

    async def known(self, blobs: frozenset[BlobId]) -> frozenset[BlobId]:
        found = self.state.pictures
        return frozenset(blob for blob in blobs if found.get(blob, "unusable") != "unusable")

    async def waiting(self) -> tuple[BlobId, ...]:
        return tuple(blob for blob, where in self.state.pictures.items() if where == "waiting")

    async def take_down(self, pictures: Collection[Former]) -> None:
        self.state.taken_down |= frozenset(pictures)

    async def taken_down(self) -> tuple[Former, ...]:
        return tuple(self.state.taken_down)


@dataclass(frozen=True, slots=True)
class FakeWatches:
    state: State

    async def get(self, subject_id: str) -> tuple[Watch, int] | None:
        return self.state.watches.get(subject_id)

    async def put(self, subject_id: str, state: Watch, expected: int) -> None:
        assert subject_id == state.school
        expect(self.state.watches.get(subject_id), expected)
        self.state.watches[subject_id] = (state, expected + 1)


@dataclass(frozen=True, slots=True)
class FakeHolds:
    """One writer at a time is all there ever is, so nothing is locked."""

    state: State

    async def get(self, subject_id: str) -> tuple[Hold, int] | None:
        return self.state.holds.get(subject_id)

    async def put(self, subject_id: str, state: Hold, expected: int) -> None:
        assert subject_id == state.school
        expect(self.state.holds.get(subject_id), expected)
        self.state.holds[subject_id] = (state, expected + 1)

    async def over(self, places: tuple[SchoolId, ...]) -> Pause | None:
        found = [hold for place, (hold, _) in self.state.holds.items() if place in places]
        standing = sorted((hold for hold in found if hold.paused), key=lambda hold: hold.at)
        return next((Pause(place=it.school, by=it.by, since=it.at) for it in standing), None)


@dataclass(frozen=True, slots=True)
class FakePacks:
    used: Mapping[SchoolId, Pack]
    older: tuple[Pack, ...]

    async def current(self, school: SchoolId) -> Pack:
        return self.used[school]

    async def pinned(self, digest: str) -> Pack:
        for pack in (*self.used.values(), *self.older):
            if pack.digest == digest:
                return pack
        raise CorruptStore("a policy pack is missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeAuditLine:
    at: datetime
    tag: str
    person: PersonId | None
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class FakeAudit:
    """Everything recorded, read back as the sealed chain would tell it."""

    state: State

    async def history(self, subject: SubjectRef) -> tuple[FakeAuditLine, ...]:
        return tuple(
            FakeAuditLine(
                at=item.asked.at,
                tag=item.event.tag,
                person=item.asked.person,
                payload=json.loads(canonical(item.event)),
            )
            for item in self.state.happened
            if item.subject == subject
        )


@dataclass(frozen=True, slots=True)
class FakeAcceptances:
    state: State

    async def get(self, person: PersonId, policy: str, version: str) -> Acceptance | None:
        wanted = (person, policy, version)
        kept = self.state.acceptances
        return next((it for it in kept if (it.person, it.policy, it.version) == wanted), None)

    async def add(self, acceptance: Acceptance) -> None:
        if await self.get(acceptance.person, acceptance.policy, acceptance.version) is not None:
            raise Conflict("this edition has been accepted")
        self.state.acceptances = (*self.state.acceptances, acceptance)

    async def all(self) -> tuple[Acceptance, ...]:
        kept = self.state.acceptances
        return tuple(sorted(kept, key=lambda one: (one.person, one.policy, one.at)))
