"""What a file would change, row by row: a pure comparison with what is stored.

The answer is a :class:`Plan`: the rows to write, and in counts and ids what they mean. Applying a
plan and comparing again gives an empty one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from moderation.checks.model import Consent, Status
from moderation.imports import withdrawals
from moderation.imports.model import (
    Accounts,
    Consents,
    Content,
    Counts,
    Entry,
    Family,
    People,
    Pupils,
    Roll,
    Wish,
)
from moderation.imports.rights import Register
from moderation.kernel import AccountId, Identity, PersonId, PupilKey, SchoolId
from moderation.people.model import Grant, Person, Pupil


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from moderation.accounts.model import Account


T = TypeVar("T")

LARGEST_SHARE = 5
"""Percent of a school's roll that may leave by one file without being confirmed by number."""
MOST_LEAVERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored and a file may change. ``owners`` says whose the identities in a file are.

    ``linked`` are chat accounts that people confirmed. ``rolls`` holds each school's pupils with
    leavers, ``None`` where no list was ever imported.
    """

    register: Register
    owners: Mapping[Identity, PersonId] = field(default_factory=dict)
    linked: frozenset[Identity] = frozenset()
    rolls: Mapping[SchoolId, tuple[Pupil, ...] | None] = field(default_factory=dict)
    consents: Mapping[PupilKey, tuple[Consent, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Plan:
    """The rows to write, all of them or none, and what they mean.

    ``after`` is the register as it would be. ``by_school`` counts pupils and consents.
    ``closes_many`` names the schools that would lose more pupils at once than goes without saying.
    ``stands`` counts the pupils for whom a withdrawal on record outlives what the file says.
    """

    counts: Counts
    after: Register
    by_school: Mapping[SchoolId, Counts] = field(default_factory=dict)
    closes_many: tuple[SchoolId, ...] = ()
    people: tuple[Person, ...] = ()
    entries: tuple[Entry, ...] = ()
    rolls: tuple[tuple[SchoolId, tuple[Pupil, ...]], ...] = ()
    families: tuple[Family, ...] = ()
    stands: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.people or self.entries or self.rolls or self.families)

    @property
    def schools(self) -> frozenset[SchoolId]:
        """The schools that it is about."""
        held = (appointment for person in self.people for appointment in person.appointments)
        return frozenset(
            (
                *(appointment.school for appointment in held),
                *(entry.account.school for entry in self.entries),
                *(school for school, _ in self.rolls),
                *(family.school for family in self.families),
            )
        )

    def __repr__(self) -> str:
        return f"Plan({self.counts})"


def compare(content: Content, stored: Stored, today: date) -> Plan:
    """What ``content`` would change. ``today`` is the day on which leavers leave."""
    match content:
        case People():
            return _people(content, stored, today)
        case Accounts():
            return _accounts(content, stored.register, today)
        case Pupils(rolls=rolls):
            return _pupils(rolls, stored, today)
        case Consents(families=families):
            return _consents(families, stored, today)


class _Word(Enum):
    """How one record differs."""

    ADDED = auto()
    CHANGED = auto()
    CLOSED = auto()
    RETURNED = auto()
    UNCHANGED = auto()


def _counts(words: Iterable[_Word], untouched: int = 0) -> Counts:
    found = Counter(words)
    return Counts(
        added=found[_Word.ADDED],
        changed=found[_Word.CHANGED],
        closed=found[_Word.CLOSED],
        returned=found[_Word.RETURNED],
        unchanged=found[_Word.UNCHANGED],
        untouched=untouched,
    )


# -- people ---------------------------------------------------------------------------------------


def _people(content: People, stored: Stored, today: date) -> Plan:
    register = stored.register
    named = {mine for new in content.people for mine in new.identities}
    words: dict[PersonId, _Word] = {}
    changed: list[Person] = []
    for new in content.people:
        old = register.people.get(new.id)
        merged = _merged(old, new, content, stored.linked - named)
        words[new.id] = _word(old, merged, today)
        if merged != old:
            changed.append(merged)
    untouched = sum(1 for person in register.people if person not in words)
    after = {**register.people, **{person.id: person for person in changed}}
    return Plan(
        counts=_counts(words.values(), untouched),
        after=replace(register, people=after),
        people=tuple(changed),
    )


def _merged(
    old: Person | None, new: Person, content: People, linked: frozenset[Identity]
) -> Person:
    """The person as the file says, with what no such file speaks of.

    An empty cell leaves an account that people confirmed; another account in it takes its place.
    """
    if old is None:
        return new
    only = content.only
    elsewhere = () if only is None else (held for held in old.appointments if held.school != only)
    given = {mine.platform for mine in new.identities}
    other = (
        mine
        for mine in old.identities
        if mine.platform not in content.speaks_of or (mine in linked and mine.platform not in given)
    )
    appointments = tuple(dict.fromkeys((*elsewhere, *new.appointments)))
    identities = tuple(dict.fromkeys((*new.identities, *other)))
    return replace(
        new,
        # Their order says nothing: a file in another order is the same file.
        appointments=_as_before(old.appointments, appointments),
        identities=_as_before(old.identities, identities),
        absences=old.absences,
        may_be_named=new.may_be_named if new.id in content.answered else old.may_be_named,
        may_be_shown=new.may_be_shown if new.id in content.answered_shown else old.may_be_shown,
    )


def wishes(plan: Plan, before: Mapping[PersonId, Person]) -> Iterator[Wish]:
    """Whether they may be named, and shown, of those of whom the plan changes either."""
    for new in plan.people:
        old = before.get(new.id)
        was = (old.may_be_named, old.may_be_shown) if old is not None else (True, True)
        if (new.may_be_named, new.may_be_shown) != was:
            yield Wish(person=new.id, may_be_named=new.may_be_named, may_be_shown=new.may_be_shown)


def _as_before(old: tuple[T, ...], new: tuple[T, ...]) -> tuple[T, ...]:
    return old if Counter(old) == Counter(new) else new


def _word(old: Person | None, new: Person, today: date) -> _Word:
    if old is None:
        return _Word.ADDED
    was, now = _belongs(old, today), _belongs(new, today)
    if was != now:
        return _Word.RETURNED if now else _Word.CLOSED
    return _Word.UNCHANGED if new == old else _Word.CHANGED


def _belongs(person: Person, today: date) -> bool:
    """Whether the person has an appointment today or one to come."""
    return any(held.span.end is None or held.span.end >= today for held in person.appointments)


# -- accounts -------------------------------------------------------------------------------------


def _accounts(content: Accounts, register: Register, today: date) -> Plan:
    grants: defaultdict[AccountId, list[Grant]] = defaultdict(list)
    for grant in register.grants:
        grants[grant.account].append(grant)
    words: dict[AccountId, _Word] = {}
    changed: list[Entry] = []
    for written in content.entries:
        old = register.accounts.get(written.account.id)
        since = today if old is None else old.known_since
        account = replace(written.account, known_since=since)
        entry = replace(written, account=account)
        same_rights = Counter(grants[account.id]) == Counter(entry.grants)
        words[account.id] = _account_word(old, account, today, same_rights=same_rights)
        if account != old or not same_rights:
            changed.append(entry)
    replaced = {entry.account.id: entry for entry in changed}
    kept = tuple(grant for grant in register.grants if grant.account not in replaced)
    after = replace(
        register,
        accounts={**register.accounts, **{key: entry.account for key, entry in replaced.items()}},
        grants=(*kept, *(grant for entry in changed for grant in entry.grants)),
    )
    untouched = sum(1 for account_id in register.accounts if account_id not in words)
    return Plan(counts=_counts(words.values(), untouched), after=after, entries=tuple(changed))


def _account_word(old: Account | None, new: Account, today: date, *, same_rights: bool) -> _Word:
    if old is None:
        return _Word.ADDED
    if old.closed(today) != new.closed(today):
        return _Word.CLOSED if new.closed(today) else _Word.RETURNED
    return _Word.UNCHANGED if same_rights and old == new else _Word.CHANGED


# -- pupils ---------------------------------------------------------------------------------------


def _pupils(rolls: tuple[Roll, ...], stored: Stored, today: date) -> Plan:
    by_school: dict[SchoolId, Counts] = {}
    writes: list[tuple[SchoolId, tuple[Pupil, ...]]] = []
    closes_many: list[SchoolId] = []
    for roll in rolls:
        on_record = stored.rolls.get(roll.school)
        counts, changed = _roll(roll, on_record or (), today)
        by_school[roll.school] = counts
        if changed or on_record is None:
            writes.append((roll.school, changed))
        if _too_many(counts.closed, on_record or ()):
            closes_many.append(roll.school)
    return Plan(
        counts=sum(by_school.values(), Counts()),
        after=stored.register,
        by_school=by_school,
        closes_many=tuple(closes_many),
        rolls=tuple(writes),
    )


def _roll(
    roll: Roll, on_record: tuple[Pupil, ...], today: date
) -> tuple[Counts, tuple[Pupil, ...]]:
    known = {pupil.number: pupil for pupil in on_record}
    words: list[_Word] = []
    changed: list[Pupil] = []
    for row in roll.pupils:
        old = known.pop(row.number, None)
        new = row if old is None else _under(old.key, row)
        words.append(_pupil_word(old, new))
        if new != old:
            changed.append(new)
    untouched = 0
    for old in known.values():
        if old.left_on is not None:
            continue
        if roll.whole and old.number not in roll.unread:
            words.append(_Word.CLOSED)
            changed.append(replace(old, left_on=today))
        else:
            untouched += 1
    return _counts(words, untouched), tuple(changed)


def _under(key: PupilKey, pupil: Pupil) -> Pupil:
    """The same pupil under the key that consents and posts already know."""
    return replace(pupil, key=key, name=replace(pupil.name, pupil=key))


def _pupil_word(old: Pupil | None, new: Pupil) -> _Word:
    if old is None:
        return _Word.ADDED
    if old.left_on is not None:
        return _Word.RETURNED
    return _Word.UNCHANGED if new == old else _Word.CHANGED


def _too_many(closing: int, on_record: tuple[Pupil, ...]) -> bool:
    """More than 5 % of those on the roll, or more than 20. In whole numbers: no rounding."""
    here = sum(1 for pupil in on_record if pupil.left_on is None)
    return closing > MOST_LEAVERS or 100 * closing > LARGEST_SHARE * here


# -- consents -------------------------------------------------------------------------------------


def _besides(family: Family, old: tuple[Consent, ...]) -> tuple[Consent, ...]:
    """What the file doesn't speak of. A withdrawal that it doesn't answer stands anyway."""
    if family.matters is None:
        return ()
    return tuple(
        record
        for record in old
        if record.status is not Status.WITHDRAWN
        and (record.purpose, record.scope.casefold()) not in family.matters
    )


def _consents(families: tuple[Family, ...], stored: Stored, today: date) -> Plan:
    words: defaultdict[SchoolId, list[_Word]] = defaultdict(list)
    changed: list[Family] = []
    stands = 0
    platforms = {account.id: account.platform for account in stored.register.accounts.values()}
    for family in families:
        old = stored.consents.get(family.pupil, ())
        new, stood = withdrawals.settled(old, family.consents, today, platforms)
        new = (*_besides(family, old), *new)
        stands += stood
        word = _family_word(old, new)
        words[family.school].append(word)
        if word is not _Word.UNCHANGED:
            changed.append(replace(family, consents=new))
    by_school = {school: _counts(found) for school, found in words.items()}
    return Plan(
        counts=sum(by_school.values(), Counts()),
        after=stored.register,
        by_school=by_school,
        families=tuple(changed),
        stands=stands,
    )


def _family_word(old: tuple[Consent, ...], new: tuple[Consent, ...]) -> _Word:
    if Counter(old) == Counter(new):
        return _Word.UNCHANGED
    if not old:
        return _Word.ADDED
    return _Word.CHANGED if new else _Word.CLOSED
