"""Who may say that somebody is away, and what is lacking while they are.

Everybody says it of themselves. Of somebody else the head says it, who stands in where the head is
away, the business manager or the trust lead; but nobody whose yes would thereby become the head's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from moderation.kernel import AccountId, PersonId, SchoolId
from moderation.people.model import Role
from moderation.people.rights import Rights


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.people.model import Person, Span


NOBODY: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One school, or the trust, of the person's: everybody's rights on all of its open accounts.

    ``least`` is how many moderators an account has to have.
    """

    rights: Rights
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """An account that has too few moderators on ``day``; ``left`` are those who are here then.

    ``else_`` could say yes as well, without being its moderators.
    """

    account: AccountId
    day: date
    left: tuple[PersonId, ...]
    else_: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What one school lacks while somebody is away.

    ``stand_in`` gives the head's yes, where the person gave it. ``safeguarding``: nobody of the
    safeguarding leads is here. ``told`` is who leads the school then.
    """

    school: SchoolId
    short: tuple[Short, ...] = ()
    leads: bool = False
    stand_in: PersonId | None = None
    safeguarding: bool = False
    told: PersonId | None = None

    @property
    def nothing(self) -> bool:
        """Whether nobody needs to hear of it."""
        return not (self.short or self.leads or self.safeguarding)


def speakers(here: Here) -> tuple[PersonId, ...]:
    """Who may say it of somebody else of this school."""
    rights = here.rights
    able = (
        rights.head(),
        rights.head_for(NOBODY),
        *rights.holders(Role.BUSINESS_MANAGER),
        *rights.trust_leads(),
    )
    return tuple(dict.fromkeys(who for who in able if who is not None))


def gains(by: PersonId, here: Here, person: Person, absences: tuple[Span, ...]) -> bool:
    """Whether ``by`` would give the head's yes while ``person`` is away, and doesn't now."""
    after = away(here.rights, person, absences)
    return after.acts_as_head(by) and not here.rights.acts_as_head(by)


def away(rights: Rights, person: Person, absences: tuple[Span, ...]) -> Rights:
    """The same school with these absences of the person's."""
    changed = tuple(
        replace(one, absences=absences) if one.id == person.id else one for one in rights.people
    )
    return replace(rights, people=changed)


def gap(here: Here, person: Person, before: tuple[Span, ...], new: Span) -> Gap:
    """What lacks on some day of ``new`` that wouldn't without it.

    Every day on which somebody else's absence begins is looked at, as the first one is.
    """
    days = tuple(_days(here.rights, person, new))
    short: dict[AccountId, Short] = {}
    for day in days:
        was, now = _on(here, person, before, day), _on(here, person, (*before, new), day)
        for account in sorted(was.accounts):
            found = _short(was, now, account, here.least, day)
            known = short.get(account)
            if found is not None and (known is None or len(found.left) < len(known.left)):
                short[account] = found
    first = days[0]
    was, now = _on(here, person, before, first), _on(here, person, (*before, new), first)
    leads = was.head_for(NOBODY) == person.id != now.head_for(NOBODY)
    return Gap(
        school=here.rights.school,
        short=tuple(short.values()),
        leads=leads,
        stand_in=now.head_for(NOBODY) if leads else None,
        safeguarding=_guarded(was) and not _guarded(now),
        told=now.head_for(NOBODY),
    )


def _days(rights: Rights, person: Person, new: Span) -> Iterator[date]:
    first = new.start or rights.today
    yield first
    begins = {span.start for one in rights.people if one.id != person.id for span in one.absences}
    yield from sorted(day for day in begins if day is not None and day > first and new.covers(day))


def _on(here: Here, person: Person, absences: tuple[Span, ...], day: date) -> Rights:
    return replace(away(here.rights, person, absences), today=day)


def _short(was: Rights, now: Rights, account: AccountId, least: int, day: date) -> Short | None:
    before = tuple(filter(was.here, was.moderators(account)))
    left = tuple(filter(now.here, now.moderators(account)))
    if len(left) >= least or len(left) == len(before):
        return None
    alone = replace(now, accounts=frozenset({account}))
    others = (who for who in alone.available_approvers(NOBODY) if who not in left)
    return Short(account=account, day=day, left=left, else_=tuple(others))


def _guarded(rights: Rights) -> bool:
    return any(map(rights.here, rights.safeguarding()))


Places = Mapping[SchoolId, Here]
"""Everything the person belongs to."""
