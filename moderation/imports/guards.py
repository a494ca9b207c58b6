"""What must hold for an import or an answer to one; each guard answers every reason at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moderation.imports import rights
from moderation.imports.difference import Plan, Stored
from moderation.imports.model import Accounts, BatchId, Change, Consents, Content, Kind, People
from moderation.imports.refusals import Refusal
from moderation.kernel import Operator, PersonId, PostId, Reason, SchoolId, Timer
from moderation.people.model import NEVER_APPROVE, AccountRole


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.imports.commands import Import
    from moderation.imports.model import Batch, Entry
    from moderation.kernel import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision needs from outside the batch.

    ``plan`` is the difference as it is now, ``None`` where the decision doesn't look at it, and
    ``changes`` how it widens who may approve. ``older`` are waiting imports that this one replaces,
    ``newer`` those that came after and replace it. ``posts`` are under way, and may name or show
    the pupils that it is about.
    """

    today: date
    stored: Stored
    plan: Plan | None
    changes: tuple[Change, ...] = ()
    older: tuple[BatchId, ...] = ()
    newer: tuple[BatchId, ...] = ()
    posts: tuple[PostId, ...] = ()


def is_empty(kind: Kind, facts: Facts) -> bool:
    """Whether what this kind gives rights to is empty: the operator's first import applies.

    People are imported before accounts, which name them. So the first rights over accounts come
    when people are there, and are the operator's like the people themselves; every later change
    takes somebody's yes.
    """
    register = facts.stored.register
    return not (register.accounts or (kind is Kind.PEOPLE and register.people))


# -- the file -------------------------------------------------------------------------------------


def by_operator(asked: Asked) -> Iterator[Reason]:
    """Whoever can't reach the server imports nothing."""
    if not isinstance(asked.by, Operator):
        yield Reason(Refusal.ONLY_THE_OPERATOR)


def by_timer(asked: Asked) -> Iterator[Reason]:
    """Time passes for nobody who only says so."""
    if not isinstance(asked.by, Timer):
        yield Reason(Refusal.ONLY_THE_TIMER)


def fits_the_register(content: Content, facts: Facts) -> Iterator[Reason]:
    """The file's references, read again in the transaction that writes them."""
    match content:
        case People():
            yield from _own_identities(content, facts)
        case Accounts(entries=entries):
            known = facts.stored.register.people
            for entry in entries:
                unknown = {grant.person for grant in entry.grants} - known.keys()
                for person in sorted(unknown):
                    about = {"account": entry.account.id, "person": person}
                    yield Reason(Refusal.UNKNOWN_PERSON, about)
                yield from _can_moderate(entry, facts)
        case Consents(families=families):
            on_roll = {
                pupil.key
                for pupils in facts.stored.rolls.values()
                for pupil in pupils or ()
                if pupil.left_on is None
            }
            gone = sum(1 for family in families if family.pupil not in on_roll)
            if gone:
                yield Reason(Refusal.UNKNOWN_PUPIL, {"count": str(gone)})
        case _:
            return


def _can_moderate(entry: Entry, facts: Facts) -> Iterator[Reason]:
    """A moderator whose yes would never count would only seem to cover the account."""
    if entry.account.closed(facts.today):
        return
    for grant in entry.grants:
        if grant.role is not AccountRole.MODERATOR:
            continue
        held = [
            post.role
            for post in facts.stored.register.posts(grant.person, entry.account.school)
            if post.span.end is None or post.span.end >= facts.today
        ]
        if held and NEVER_APPROVE.issuperset(held):
            role = min(held)
            about = {"account": entry.account.id, "person": grant.person, "role": role.value}
            yield Reason(Refusal.NEVER_APPROVES, about)


def _own_identities(content: People, facts: Facts) -> Iterator[Reason]:
    """A chat identity is one person's; it moves only when the same file takes it from the other."""
    after = facts.plan.after.people if facts.plan is not None else {}
    for person in content.people:
        for identity in person.identities:
            owner = facts.stored.owners.get(identity, person.id)
            if owner == person.id:
                continue
            other = after.get(owner)
            if other is None or identity in other.identities:
                about = {"person": person.id, "owner": owner, "platform": identity.platform.value}
                yield Reason(Refusal.IDENTITY_TAKEN, about)


def closing_is_meant(command: Import, plan: Plan) -> Iterator[Reason]:
    """Many leavers at once are more often half a file than half a school gone."""
    count, given = plan.counts.closed, command.closing
    if command.batch.kind is not Kind.PUPILS:
        return
    if given is not None and given != count:
        yield Reason(Refusal.CLOSING_DIFFERS, {"count": str(count), "given": str(given)})
    elif given is None and plan.closes_many:
        about = {"count": str(count), "schools": " ".join(plan.closes_many)}
        yield Reason(Refusal.CLOSES_MANY, about)


# -- somebody's yes -------------------------------------------------------------------------------


def who_is_asked(
    changes: tuple[Change, ...], facts: Facts
) -> Mapping[SchoolId, tuple[PersonId, ...]]:
    """Who may say yes for each place concerned; a place where nobody can is left out."""
    register = facts.stored.register
    gains = gaining(changes)
    found = {
        place: rights.asked(register, place, gains, facts.today)
        for place in sorted({change.place for change in changes})
    }
    return {place: people for place, people in found.items() if people}


def gaining(changes: tuple[Change, ...]) -> frozenset[PersonId]:
    """Everybody who would be able to do more."""
    return frozenset(change.person for change in changes if change.person is not None)


def entitled_for(
    person: PersonId, changes: tuple[Change, ...], facts: Facts
) -> frozenset[SchoolId]:
    """The places concerned for which this person's yes counts."""
    register = facts.stored.register
    gains = gaining(changes)
    return frozenset(
        place
        for place in {change.place for change in changes}
        if rights.entitled(register, place, person, gains, facts.today)
    )


def still_confirmed(batch: Batch, changes: tuple[Change, ...], facts: Facts) -> frozenset[SchoolId]:
    """The places for which a yes was given by somebody whose yes would count today."""
    return frozenset(
        place
        for said in batch.confirmations
        if said.person not in gaining(changes)
        for place in said.places & entitled_for(said.person, changes, facts)
    )


def may_confirm(person: PersonId, changes: tuple[Change, ...], facts: Facts) -> Iterator[Reason]:
    """Entitled for a place, and nothing in the whole file is to this person's gain."""
    asked = who_is_asked(changes, facts)
    others = dict.fromkeys(who for people in asked.values() for who in people if who != person)
    about = {"person": person, "who": " ".join(others)}
    if person in gaining(changes):
        yield Reason(Refusal.GAINS_BY_IT, about)
    elif not entitled_for(person, changes, facts):
        yield Reason(Refusal.NOT_ENTITLED, about)


def confirmers_are_known(command: Import, facts: Facts) -> Iterator[Reason]:
    """A name that is nobody's is a slip, whether or not anybody had to confirm."""
    for person in command.confirmed_by:
        if person not in facts.stored.register.people:
            yield Reason(Refusal.NO_SUCH_CONFIRMER, {"person": person})


def still_waits(batch: Batch | None) -> Iterator[Reason]:
    """There is such an import, and nobody has answered for good."""
    if batch is None:
        yield Reason(Refusal.NO_SUCH_IMPORT)
    elif batch.content is None:
        yield Reason(Refusal.NOT_WAITING, {"state": batch.state.value})
