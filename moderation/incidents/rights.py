"""Who may be given a report, and in which order: the ladder that it climbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.incidents.model import Receiver, Rung
from moderation.kernel import PersonId
from moderation.people.model import Role


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moderation.people.model import Person
    from moderation.people.rights import Rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Everybody who may be asked today, rung by rung; ``away`` are those who aren't there."""

    rungs: tuple[tuple[Rung, tuple[PersonId, ...]], ...] = ()
    away: frozenset[PersonId] = frozenset()


_SAFEGUARDING = frozenset({Role.SAFEGUARDING_LEAD, Role.DEPUTY_SAFEGUARDING_LEAD})
_HEADS = (Role.HEADTEACHER, Role.ACTING_HEADTEACHER)
_ABOVE = frozenset({Role.CHAIR_OF_GOVERNORS, Role.TRUST_LEAD})
SERVES: Mapping[Rung, frozenset[Role]] = {
    Rung.LEAD: _SAFEGUARDING,
    Rung.DEPUTY: _SAFEGUARDING,
    Rung.HEAD: _ABOVE
    | {
        Role.HEADTEACHER,
        Role.ACTING_HEADTEACHER,
        Role.DEPUTY_HEADTEACHER,
        Role.EXECUTIVE_HEADTEACHER,
    },
    Rung.ABOVE_HEAD: _ABOVE,
}
"""Roles of which one must still be held by whoever was asked on a rung."""


def alike(who: Iterable[PersonId], people: Iterable[Person]) -> frozenset[PersonId]:
    """These, and every other entry in the register that is one of them under another id.

    Two entries are one person where they share a chat identity or an e-mail address.
    """
    everyone, found = tuple(people), frozenset(who)
    while True:
        theirs = {mark for person in everyone if person.id in found for mark in _marks(person)}
        wider = found | {person.id for person in everyone if theirs & set(_marks(person))}
        if wider == found:
            return found
        found = wider


def ladder(
    rights: Rights,
    *,
    named: frozenset[PersonId],
    barred: frozenset[PersonId],
    reachable: frozenset[PersonId],
    receivers: tuple[Receiver, ...] = (),
) -> Ladder:
    """The safeguarding lead, the deputies, the head; each only where they may be asked at all.

    Where the head is away or there is none, the pack's first stand-in who is there takes the
    head's place. Where the head is ``named``, nobody who answers to the head does: the chair of
    governors and the trust lead take it. ``receivers`` have been asked before.
    """
    able = frozenset(one.id for one in rights.people) & reachable - barred
    rungs = tuple(
        (rung, tuple(who for who in dict.fromkeys(people) if who in able))
        for rung, people in (
            (Rung.LEAD, rights.holders(Role.SAFEGUARDING_LEAD)),
            (Rung.DEPUTY, rights.holders(Role.DEPUTY_SAFEGUARDING_LEAD)),
            _last(rights, named, able, receivers),
        )
    )
    return Ladder(
        rungs=tuple((rung, people) for rung, people in rungs if people),
        away=frozenset(who for _, people in rungs for who in people if not rights.here(who)),
    )


def _last(
    rights: Rights,
    named: frozenset[PersonId],
    able: frozenset[PersonId],
    receivers: tuple[Receiver, ...],
) -> tuple[Rung, tuple[PersonId, ...]]:
    head = rights.head()
    heads = {head, *(who for role in _HEADS for who in rights.holders(role))}
    if heads & named:
        above = (*rights.holders(Role.CHAIR_OF_GOVERNORS), *rights.trust_leads())
        return Rung.ABOVE_HEAD, above
    if head is not None and head in able and rights.here(head):
        return Rung.HEAD, (head,)
    before = tuple(one.person for one in receivers if one.rung is Rung.HEAD)
    if before:
        return Rung.HEAD, before
    unable = frozenset(one.id for one in rights.people) - able
    stand_in = rights.head_for(unable | {one.person for one in receivers})
    return Rung.HEAD, () if stand_in is None else (stand_in,)


def serves(rights: Rights, person: PersonId, rung: Rung) -> bool:
    """Whether somebody who was asked on this rung still holds a role for it."""
    return bool(rights.roles(person) & SERVES[rung])


def _marks(person: Person) -> Iterable[object]:
    yield from person.identities
    if person.email.strip():
        yield person.email.strip().casefold()
