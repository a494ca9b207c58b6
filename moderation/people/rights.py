"""Who may do what, read at the moment of the click. The one place that answers it.

A :class:`Rights` is a snapshot: the people of a school (and the trust's), their grants on the
accounts in question, and the pack's settings, on one day. Every answer is computed from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from moderation.kernel import AccountId, PersonId, SchoolId
from moderation.people.model import (
    NEVER_APPROVE,
    OVERSIGHT_ONLY,
    TEMPORARY,
    AccountRole,
    Grant,
    Person,
    Role,
    Standing,
)


if TYPE_CHECKING:
    from collections.abc import Iterable


NO_AUTHORS: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What people may do with a set of accounts of one school, today.

    ``school`` is the school that the accounts belong to, or the trust for a trust account.
    ``trust`` is where trust-wide roles are held. ``stand_ins`` is the pack's order of roles that
    act for the headteacher.
    """

    school: SchoolId
    trust: SchoolId
    accounts: frozenset[AccountId]
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]
    stand_ins: tuple[Role, ...]
    staff_may_propose: bool
    today: date
    # Asked of everybody for everybody when a card is drawn: found once.
    _people: Mapping[PersonId, Person] = field(init=False, repr=False, compare=False)
    _roles: Mapping[PersonId, frozenset[Role]] = field(init=False, repr=False, compare=False)
    _holders: Mapping[Role, tuple[PersonId, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        roles = {
            person.id: person.roles(self.school, self.today) | person.roles(self.trust, self.today)
            for person in self.people
        }
        holders: defaultdict[Role, tuple[PersonId, ...]] = defaultdict(tuple)
        for person, held in roles.items():
            for role in held:
                holders[role] += (person,)
        object.__setattr__(self, "_people", {person.id: person for person in self.people})
        object.__setattr__(self, "_roles", roles)
        object.__setattr__(self, "_holders", dict(holders))

    # -- the people ------------------------------------------------------------------------------

    def roles(self, person: PersonId) -> frozenset[Role]:
        """Roles at the school, and at the trust: a trust lead is one for every school of it."""
        return self._roles.get(person, frozenset())

    def here(self, person: PersonId) -> bool:
        found = self._find(person)
        return found is not None and not found.away(self.today)

    def holders(self, role: Role) -> tuple[PersonId, ...]:
        return self._holders.get(role, ())

    # -- proposing -------------------------------------------------------------------------------

    def may_propose(self, person: PersonId) -> bool:
        """Posters, moderators and administrators of every account, and the head; or all staff.

        Supply and volunteers only while their time has an end: without one nobody set it.
        """
        roles = self._roles_with_their_end(person)
        if not roles or roles <= OVERSIGHT_ONLY:
            return False
        if self._is_head(person) or self._has_any_grant_on_every_account(person):
            return True
        return self.staff_may_propose and not roles <= NEVER_APPROVE

    # -- approving -------------------------------------------------------------------------------

    def approvers(self, authors: frozenset[PersonId] = NO_AUTHORS) -> tuple[PersonId, ...]:
        """Everybody who may approve and wrote no part of it, present or not, in a stable order."""
        return tuple(someone.id for someone in self.people if self.may_approve(someone.id, authors))

    def available_approvers(self, authors: frozenset[PersonId]) -> tuple[PersonId, ...]:
        return tuple(who for who in self.approvers(authors) if self.here(who))

    def may_approve(self, person: PersonId, authors: frozenset[PersonId] = NO_AUTHORS) -> bool:
        """A moderator of every account, the head, or their stand-in; never an author."""
        if person in authors:
            return False
        return self.is_approver(person) or self.acts_as_head(person, authors)

    def is_approver(self, person: PersonId) -> bool:
        """Whether this person approves for these accounts, whoever wrote the post."""
        if not self._may_moderate(person):
            return False
        return self._is_head(person) or self._moderates_every_account(person)

    def moderates(self, person: PersonId) -> bool:
        """A moderator of any of the accounts who still works here: may always stop a post."""
        return bool(self.roles(person)) and any(
            grant.person == person and grant.role is AccountRole.MODERATOR
            for grant in self._active()
        )

    # -- the headteacher -------------------------------------------------------------------------

    def head(self) -> PersonId | None:
        """The one head of this day, an acting one first; for the trust the trust lead."""
        wanted = (
            (Role.TRUST_LEAD,)
            if self.school == self.trust
            else (Role.ACTING_HEADTEACHER, Role.HEADTEACHER)
        )
        for role in wanted:
            found = self.holders(role)
            if found:
                return found[0]
        return None

    def head_for(self, authors: frozenset[PersonId]) -> PersonId | None:
        """Who gives the head's yes for a post by these authors.

        The head; where the head is an author, away or there is none, the first stand-in in the
        pack's order who is here and wrote no part of it. Where all of them are away, the first who
        will be back. ``None``: nobody can.
        """
        head = self.head()
        in_order = (head, *(who for role in self.stand_ins for who in self.holders(role)))
        able = [who for who in in_order if who is not None and who not in authors]
        return next(filter(self.here, able), able[0] if able else None)

    def acts_as_head(self, person: PersonId, authors: frozenset[PersonId] = NO_AUTHORS) -> bool:
        """Whether this person's yes is the head's; a head who clicks is not away."""
        if person in authors:
            return False
        return person in (self.head(), self.head_for(authors))

    def could_be_head(self, person: PersonId) -> bool:
        """Whether this person holds a role from which the head's yes may come, present or not."""
        return self._is_head(person) or bool(self.roles(person) & set(self.stand_ins))

    def trust_leads(self) -> tuple[PersonId, ...]:
        return self.holders(Role.TRUST_LEAD)

    def safeguarding(self) -> tuple[PersonId, ...]:
        """The safeguarding lead and the deputies, in that order."""
        lead = self.holders(Role.SAFEGUARDING_LEAD)
        return (*lead, *self.holders(Role.DEPUTY_SAFEGUARDING_LEAD))

    def administrators(self) -> tuple[PersonId, ...]:
        """Administrators of any of the accounts, master administrators first."""
        ranks = (AccountRole.MASTER_ADMINISTRATOR, AccountRole.ADMINISTRATOR)
        return tuple(
            dict.fromkeys(
                person
                for rank in ranks
                for account in sorted(self.accounts)
                for person in self.granted(account, rank)
            )
        )

    # -- other rights ----------------------------------------------------------------------------

    def may_stop(self, person: PersonId) -> bool:
        """Less exposure never waits for a second person."""
        safeguards = {Role.SAFEGUARDING_LEAD, Role.DEPUTY_SAFEGUARDING_LEAD}
        return (
            self.moderates(person) or self._is_head(person) or bool(self.roles(person) & safeguards)
        )

    def may_post(self, person: PersonId, account: AccountId) -> bool:
        """Who puts an approved post on the network: posters, else moderators and administrators."""
        return person in self.posters(account)

    def posters(self, account: AccountId) -> tuple[PersonId, ...]:
        """The account's posters; where none are registered, its moderators and administrators."""
        named = self.granted(account, AccountRole.POSTER)
        if named:
            return named
        everyone = (
            *self.granted(account, AccountRole.MODERATOR),
            *self.granted(account, AccountRole.ADMINISTRATOR),
            *self.granted(account, AccountRole.MASTER_ADMINISTRATOR),
        )
        return tuple(dict.fromkeys(everyone))

    def granted(self, account: AccountId, role: AccountRole) -> tuple[PersonId, ...]:
        """People with this active right on this account who still belong to the school or trust."""
        return tuple(
            dict.fromkeys(
                grant.person
                for grant in self._active()
                if grant.account == account and grant.role is role and self.roles(grant.person)
            )
        )

    def moderators(self, account: AccountId) -> tuple[PersonId, ...]:
        """The account's moderators whose yes would count: no supply, no mere governor."""
        return tuple(filter(self._may_moderate, self.granted(account, AccountRole.MODERATOR)))

    # -- inner -----------------------------------------------------------------------------------

    def _may_moderate(self, person: PersonId) -> bool:
        roles = self.roles(person)
        return bool(roles) and not roles <= NEVER_APPROVE

    def _roles_with_their_end(self, person: PersonId) -> frozenset[Role]:
        """Today's roles, without supply and voluntary work of which nobody said the end."""
        found = self._find(person)
        return frozenset(
            held.role
            for held in (found.appointments if found is not None else ())
            if held.school in {self.school, self.trust}
            and held.span.covers(self.today)
            and (held.role not in TEMPORARY or held.span.end is not None)
        )

    def _find(self, person: PersonId) -> Person | None:
        return self._people.get(person)

    def _is_head(self, person: PersonId) -> bool:
        return person == self.head()

    def _active(self) -> Iterable[Grant]:
        return (
            grant
            for grant in self.grants
            if grant.standing is Standing.ACTIVE
            and grant.account in self.accounts
            and grant.span.covers(self.today)
        )

    def _moderates_every_account(self, person: PersonId) -> bool:
        held = {
            grant.account
            for grant in self._active()
            if grant.person == person and grant.role is AccountRole.MODERATOR
        }
        return bool(self.accounts) and held >= self.accounts

    def _has_any_grant_on_every_account(self, person: PersonId) -> bool:
        held = {grant.account for grant in self._active() if grant.person == person}
        return bool(self.accounts) and held >= self.accounts
