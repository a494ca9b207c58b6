"""How the accounts of a school stand: the one place that counts quiet days and who is here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from moderation.accounts.queries.views import Condition
from moderation.people.model import AccountRole
from moderation.people.queries import rights_for


if TYPE_CHECKING:
    from datetime import date, datetime

    from moderation.accounts.model import Account
    from moderation.accounts.ports import Accounts
    from moderation.kernel import PersonId, SchoolId
    from moderation.people.model import Span
    from moderation.people.ports import CurrentPacks, People, Schools
    from moderation.people.rights import Rights


class RegisterUnit(Protocol):
    """The part of a unit of work that the register's questions read from."""

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def packs(self) -> CurrentPacks: ...


async def conditions(
    unit: RegisterUnit, schools: Schools, *, school: SchoolId, day: date
) -> tuple[Condition, ...]:
    """Every account of one school (or of the trust), open or closed, by platform and name."""
    found = await unit.accounts.of_school(school)
    ids = frozenset(account.id for account in found)
    settings = (await unit.packs.current(school)).settings
    rights = await rights_for(
        unit, schools, school=school, accounts=ids, settings=settings, day=day
    )
    posted = await unit.accounts.last_posted(ids)
    known = schools.get(school)
    holidays = known.holidays if known is not None else ()
    return tuple(
        Condition(
            account=account,
            posted=posted.get(account.id),
            quiet=_quiet(account, posted.get(account.id), schools, day, holidays),
            moderators=tuple(filter(rights.here, rights.moderators(account.id))),
            administrators=_here(
                rights, account, AccountRole.ADMINISTRATOR, AccountRole.MASTER_ADMINISTRATOR
            ),
            most_quiet=settings.stale_after_days,
            least_moderators=settings.minimum_moderators,
            least_administrators=settings.minimum_administrators,
            watched=not account.closed(day) and not _not_yet_open(account, day),
            closed=account.closed(day),
        )
        for account in found
    )


def _here(rights: Rights, account: Account, *roles: AccountRole) -> tuple[PersonId, ...]:
    holders = (who for role in roles for who in rights.granted(account.id, role))
    return tuple(who for who in dict.fromkeys(holders) if rights.here(who))


def _not_yet_open(account: Account, day: date) -> bool:
    return account.opened_on is not None and account.opened_on.first > day


def _quiet(
    account: Account,
    posted: datetime | None,
    schools: Schools,
    day: date,
    holidays: tuple[Span, ...],
) -> int | None:
    """Days after the last post, or since one would be known of, up to ``day``, without holidays.

    Where no post is known, they are counted from the opening (of a month, its last day) or from the
    day on which the register first held the account, whichever came later: nobody is hurried, and
    an installation's first morning finds nothing wrong with what it knows nothing of.
    """
    if posted is not None:
        start = posted.astimezone(schools.zone).date()
    else:
        opened = account.opened_on.last if account.opened_on is not None else None
        starts = [at for at in (opened, account.known_since) if at is not None]
        if not starts:
            return None
        start = max(starts)
    days = (start + timedelta(days=after) for after in range(1, (day - start).days + 1))
    return sum(1 for one in days if not any(span.covers(one) for span in holidays))
