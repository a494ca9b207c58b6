"""Who may approve before and after an import, and who may say yes to the difference.

The register is compared day by day from today on, because every right has its days: a grant of next
month is a gain today. Between two days on which a span begins or ends nothing changes, so only
those days are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.accounts.model import Account
from moderation.imports.model import Change, Gain
from moderation.kernel import AccountId, PersonId, SchoolId
from moderation.people.model import (
    NEVER_APPROVE,
    AccountRole,
    Appointment,
    Grant,
    Person,
    Role,
    Standing,
)
from moderation.people.rights import Rights
from moderation.policies.settings import STAND_IN_ROLES


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from moderation.people.model import Span


HEADS = frozenset({Role.HEADTEACHER, Role.ACTING_HEADTEACHER})
STAND_INS = tuple(Role(role) for role in STAND_IN_ROLES)
"""Every role that any pack may let stand in for the head: a pack can change after the import."""
DECIDING = HEADS | frozenset(STAND_INS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everybody's appointments and rights, as they are stored or as they would be.

    ``schools`` are those of app.yaml without the trust.
    """

    people: Mapping[PersonId, Person]
    accounts: Mapping[AccountId, Account]
    grants: tuple[Grant, ...]
    schools: frozenset[SchoolId]
    trust: SchoolId

    def moderators(self) -> Mapping[tuple[PersonId, AccountId], tuple[Grant, ...]]:
        """The moderator rights that count, by person and account."""
        found: dict[tuple[PersonId, AccountId], tuple[Grant, ...]] = {}
        for grant in self.grants:
            if grant.role is AccountRole.MODERATOR and grant.standing is Standing.ACTIVE:
                key = (grant.person, grant.account)
                found[key] = (*found.get(key, ()), grant)
        return found

    def posts(self, person: PersonId, school: SchoolId) -> Iterator[Appointment]:
        """A person's appointments that count at ``school``, as :mod:`people.queries` reads them."""
        places = {school, self.trust} | (self.schools if school == self.trust else frozenset())
        found = self.people.get(person)
        return (held for held in (found.appointments if found else ()) if held.school in places)

    def deciding(self) -> Iterator[tuple[PersonId, Appointment]]:
        """Each appointment that makes somebody a head or lets them stand in for one."""
        places = self.schools | {self.trust}
        for person in self.people.values():
            for held in person.appointments:
                if held.role in DECIDING and held.school in places:
                    yield person.id, held


# -- what somebody gains --------------------------------------------------------------------------


def widened(before: Register, after: Register, today: date) -> tuple[Change, ...]:
    """Every way in which ``after`` widens who may approve, from ``today`` on, in a stable order."""
    gains = [
        *_moderators(before, after, today),
        *_heads(before, after, today),
        *_moved(before, after),
    ]
    told = {(change.person, change.place) for change in gains}
    gains += (
        change
        for change in _identities(before, after, today)
        # Of somebody new the change itself is told; the identity comes with the person.
        if change.person in before.people or (change.person, change.place) not in told
    )
    return tuple(sorted(dict.fromkeys(gains), key=_order))


def _order(change: Change) -> tuple[str, ...]:
    parts = (change.place, change.gain, change.account, change.role, change.person, change.platform)
    return tuple(str(part or "") for part in parts)


def _moderators(before: Register, after: Register, today: date) -> Iterator[Change]:
    had = before.moderators()
    for (person, account), grants in after.moderators().items():
        there = after.accounts.get(account)
        if there is None:
            continue
        was = before.accounts.get(account)
        earlier = had.get((person, account), ())
        eligible = tuple(after.posts(person, there.school))
        formerly = () if was is None else tuple(before.posts(person, was.school))
        days = _days(_spans(grants, earlier, eligible, formerly), today)
        if any(
            _moderates(grants, eligible, day) and not _moderates(earlier, formerly, day)
            for day in days
        ):
            yield Change(gain=Gain.MODERATOR, place=there.school, person=person, account=account)


def _moderates(grants: Iterable[Grant], held: Iterable[Appointment], day: date) -> bool:
    """Whether a moderator's yes would count on ``day``: see :meth:`Rights.is_approver`."""
    return any(grant.span.covers(day) for grant in grants) and any(
        appointment.span.covers(day) and appointment.role not in NEVER_APPROVE
        for appointment in held
    )


def _heads(before: Register, after: Register, today: date) -> Iterator[Change]:
    was, now = _by_place(before), _by_place(after)
    for (person, place), held in now.items():
        earlier = was.get((person, place), ())
        for day in _days(_spans(held, earlier), today):
            level, role = _level(after, held, day)
            if level > _level(before, earlier, day)[0]:
                gain = Gain.HEAD if level == HEAD else Gain.STAND_IN
                yield Change(gain=gain, place=place, person=person, role=role)


HEAD, STAND_IN = 2, 1


def _level(register: Register, held: Iterable[Appointment], day: date) -> tuple[int, Role | None]:
    """What these appointments of one person at one place amount to: the head stands above all."""
    best: tuple[int, Role | None] = (0, None)
    for appointment in held:
        if not appointment.span.covers(day):
            continue
        leads = appointment.role is Role.TRUST_LEAD and appointment.school == register.trust
        level = HEAD if leads or appointment.role in HEADS else STAND_IN
        if level > best[0]:
            best = (level, appointment.role)
    return best


def _by_place(register: Register) -> dict[tuple[PersonId, SchoolId], tuple[Appointment, ...]]:
    found: dict[tuple[PersonId, SchoolId], tuple[Appointment, ...]] = {}
    for person, held in register.deciding():
        key = (person, held.school)
        found[key] = (*found.get(key, ()), held)
    return found


def _moved(before: Register, after: Register) -> Iterator[Change]:
    """An account that changes school changes who is its head: both heads are concerned."""
    for account, there in after.accounts.items():
        was = before.accounts.get(account)
        if was is not None and was.school != there.school:
            for place in (was.school, there.school):
                yield Change(gain=Gain.MOVED, place=place, account=account, to=there.school)


def _identities(before: Register, after: Register, today: date) -> Iterator[Change]:
    """A new chat identity of somebody who may approve: whoever holds it decides for them."""
    where = _approving(after, today)
    for person, places in where.items():
        known = before.people.get(person)
        had = frozenset(known.identities if known else ())
        new = {mine.platform for mine in after.people[person].identities if mine not in had}
        for platform in new:
            for place in places:
                yield Change(gain=Gain.IDENTITY, place=place, person=person, platform=platform)


def _approving(register: Register, today: date) -> dict[PersonId, frozenset[SchoolId]]:
    """Everybody who may approve on some day from today on, and for which schools."""
    found: dict[PersonId, frozenset[SchoolId]] = {}

    def note(person: PersonId, place: SchoolId) -> None:
        found[person] = found.get(person, frozenset()) | {place}

    for person, held in register.deciding():
        if held.span.end is None or held.span.end >= today:
            note(person, held.school)
    for (person, account), grants in register.moderators().items():
        there = register.accounts.get(account)
        if there is None or person not in register.people:
            continue
        eligible = tuple(register.posts(person, there.school))
        days = _days(_spans(grants, eligible), today)
        if any(_moderates(grants, eligible, day) for day in days):
            note(person, there.school)
    return found


def _spans(*held: Iterable[Appointment | Grant]) -> Iterator[Span]:
    return (item.span for items in held for item in items)


def _days(spans: Iterable[Span], today: date) -> list[date]:
    """Today and every later day on which one of these begins or has just ended."""
    turns = {today}
    for span in spans:
        if span.start is not None:
            turns.add(span.start)
        if span.end is not None:
            turns.add(span.end + timedelta(days=1))
    return sorted(day for day in turns if day >= today)


# -- what somebody loses --------------------------------------------------------------------------


def uncovered(before: Register, after: Register, today: date) -> tuple[AccountId, ...]:
    """Open accounts that have a moderator today and would have none."""
    had, have = _moderated(before, today), _moderated(after, today)
    return tuple(
        sorted(
            account
            for account in had - have
            if account in after.accounts and not after.accounts[account].closed(today)
        )
    )


def _moderated(register: Register, today: date) -> frozenset[AccountId]:
    return frozenset(
        account
        for (person, account), grants in register.moderators().items()
        if account in register.accounts
        and _moderates(grants, register.posts(person, register.accounts[account].school), today)
    )


def ended(before: Register, after: Register, today: date) -> tuple[PersonId, ...]:
    """Headteachers and trust leads of today who would no longer be one."""
    was, now = _leading(before, today), _leading(after, today)
    return tuple(sorted({person for person, _place in was - now}))


def _leading(register: Register, today: date) -> frozenset[tuple[PersonId, SchoolId]]:
    return frozenset(
        key for key, held in _by_place(register).items() if _level(register, held, today)[0] == HEAD
    )


# -- who says yes ---------------------------------------------------------------------------------


def asked(
    register: Register, place: SchoolId, gaining: frozenset[PersonId], today: date
) -> tuple[PersonId, ...]:
    """Who is asked to confirm for this place: of the first rung on which somebody doesn't gain.

    The head; the trust lead; for the trust any school's head; whoever stands in. A rung on which
    everybody is away is passed over while another has somebody here.
    """
    rungs = [
        tuple(person for person in rung if person not in gaining)
        for rung in _rungs(register, place, today)
    ]
    here = (
        tuple(person for person in rung if not register.people[person].away(today))
        for rung in rungs
    )
    return next((rung for rung in (*here, *rungs) if rung), ())


def entitled(
    register: Register,
    place: SchoolId,
    person: PersonId,
    gaining: frozenset[PersonId],
    today: date,
) -> bool:
    """Whether this person's yes counts for this place, leaving aside what they gain themselves.

    The head and a trust lead always; anybody else only when they are asked.
    """
    at = _rights(register, place, today)
    return person in (at.head(), *at.trust_leads()) or person in asked(
        register, place, gaining, today
    )


def _rungs(register: Register, place: SchoolId, today: date) -> Iterator[tuple[PersonId, ...]]:
    at = _rights(register, place, today)
    yield _some(at.head())
    yield at.trust_leads()
    if place == register.trust:
        heads = (_rights(register, school, today).head() for school in sorted(register.schools))
        yield tuple(dict.fromkeys(head for head in heads if head is not None))
    for role in STAND_INS:
        yield at.holders(role)


def _rights(register: Register, place: SchoolId, today: date) -> Rights:
    """Today's roles at one place, asked of the one place that answers it."""
    deciding = dict.fromkeys(person for person, _held in register.deciding())
    return Rights(
        school=place,
        trust=register.trust,
        accounts=frozenset(),
        people=tuple(register.people[person] for person in sorted(deciding)),
        grants=(),
        stand_ins=STAND_INS,
        staff_may_propose=False,
        today=today,
    )


def _some(person: PersonId | None) -> tuple[PersonId, ...]:
    return () if person is None else (person,)
