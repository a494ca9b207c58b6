"""People, their identities and rights; the register of accounts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import AccountId, PersonId
from storage import mapping, tables as t
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Row

    from moderation.accounts.model import Account
    from moderation.kernel import Identity, SchoolId
    from moderation.people.model import Grant, Person
    from storage.session import Session

# Of every decision. Built once: building one takes as long as asking it.
ONE: Final = sa.select(t.person).where(t.person.c.id == sa.bindparam("person"))
AT: Final = (
    sa.select(t.person)
    .where(
        t.person.c.id.in_(
            sa.select(t.appointment.c.person_id).where(
                t.appointment.c.school.in_(sa.bindparam("schools", expanding=True))
            )
        )
    )
    .order_by(t.person.c.id)
)
WHOSE: Final = sa.select(t.identity.c.person_id).where(
    t.identity.c.platform == sa.bindparam("platform"), t.identity.c.id == sa.bindparam("identity")
)
PARTS: Final = sa.union_all(
    # One question for the three tables that a person's parts stand in; `part` says which.
    *(
        sa.select(
            sa.literal_column(f"'{table.name}'", sa.Text()).label("part"),
            table.c.person_id,
            table.c.position,
            *columns,
        ).where(table.c.person_id.in_(sa.bindparam("people", expanding=True)))
        for table, columns in (
            (
                t.appointment,
                (
                    t.appointment.c.school.label("first"),
                    t.appointment.c.role.label("second"),
                    t.appointment.c.starts_on,
                    t.appointment.c.ends_on,
                ),
            ),
            (t.identity, (t.identity.c.platform, t.identity.c.id, sa.null(), sa.null())),
            (t.absence, (sa.null(), sa.null(), t.absence.c.starts_on, t.absence.c.ends_on)),
        )
    )
).order_by("position")
GRANTS: Final = sa.select(t.account_grant).order_by(
    t.account_grant.c.account_id, t.account_grant.c.position
)
GRANTS_ON: Final = GRANTS.where(
    t.account_grant.c.account_id.in_(sa.bindparam("accounts", expanding=True))
)
GRANTS_OF: Final = GRANTS.where(t.account_grant.c.person_id == sa.bindparam("person"))
ACCOUNT: Final = sa.select(t.account).where(t.account.c.id == sa.bindparam("account"))


class SqlPeople:
    """:class:`moderation.people.ports.People` in a database. Names and addresses are sealed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, person: PersonId) -> Person | None:
        """One person, or ``None``."""
        one = {"person": person}
        found = await self._session.once(("person", person), lambda: self._people(ONE, one))
        return found[0] if found else None

    async def by_identity(self, identity: Identity) -> Person | None:
        """Whose chat identity this is, or ``None``."""
        owner = await self.who(identity)
        return None if owner is None else await self.get(owner)

    async def who(self, identity: Identity) -> PersonId | None:
        """The same by id alone."""
        asked = {"platform": identity.platform.value, "identity": identity.id}
        owner = (await self._session.execute(WHOSE, asked)).scalar_one_or_none()
        return None if owner is None else PersonId(owner)

    async def at(self, schools: frozenset[SchoolId]) -> tuple[Person, ...]:
        """Everybody ever appointed at one of these, ordered by id."""
        where = {"schools": sorted(schools)}
        found = await self._session.once(("people at", schools), lambda: self._people(AT, where))
        for person in found:
            self._session.know(("person", person.id), (person,))
        return found

    async def grants(self, accounts: frozenset[AccountId]) -> tuple[Grant, ...]:
        """Every grant on these accounts: by account, then as they were saved."""
        on = {"accounts": sorted(accounts)}
        return await self._session.once(("grants", accounts), lambda: self._grants(GRANTS_ON, on))

    async def grants_of(self, person: PersonId) -> tuple[Grant, ...]:
        """Every grant of one person: by account, then as they were saved."""
        return await self._grants(GRANTS_OF, {"person": person})

    async def save(self, people: tuple[Person, ...]) -> None:
        """Insert or replace as a whole. An identity of somebody else is refused."""
        bodies = [
            {
                "id": person.id,
                "body": self._session.seal(t.person, person.id, mapping.person_body(person)),
            }
            for person in people
        ]
        await self._session.upsert(t.person, *bodies)
        ids = [person.id for person in people]
        for table, parts in (
            (t.appointment, mapping.appointment_rows),
            (t.identity, mapping.identity_rows),
            (t.absence, mapping.absence_rows),
        ):
            # All out first, so that an identity may move from one of them to another.
            await self._session.execute(table.delete().where(table.c.person_id.in_(ids)))
            rows = [
                {"person_id": person.id, "position": position, **part}
                for person in people
                for position, part in enumerate(parts(person))
            ]
            if rows:
                await self._session.execute(table.insert(), rows)

    async def save_grants(self, accounts: frozenset[AccountId], grants: tuple[Grant, ...]) -> None:
        """Make these the only grants on these accounts."""
        if not {grant.account for grant in grants} <= accounts:
            raise RuleBroken("a grant is on one of the accounts")
        await self._session.execute(
            t.account_grant.delete().where(t.account_grant.c.account_id.in_(accounts))
        )
        for position, grant in enumerate(grants):
            row = {
                "account_id": grant.account,
                "position": position,
                "person_id": grant.person,
                "role": grant.role.value,
                "standing": grant.standing.value,
                **mapping.span_row(grant.span),
            }
            await self._session.execute(t.account_grant.insert(), row)

    async def _grants(
        self, select: sa.Select[Any], parameters: Mapping[str, object]
    ) -> tuple[Grant, ...]:
        rows = await self._session.execute(select, parameters)
        return tuple(map(mapping.grant_of, rows))

    async def _people(
        self, select: sa.Select[Any], parameters: Mapping[str, object]
    ) -> tuple[Person, ...]:
        rows = (await self._session.execute(select, parameters)).all()
        if not rows:
            return ()
        ids = [row.id for row in rows]
        parts: dict[str, list[Row[Any]]] = defaultdict(list)
        for part in await self._session.execute(PARTS, {"people": ids}):
            parts[part.person_id].append(part)
        return tuple(
            mapping.person_of(
                PersonId(row.id), self._session.unseal(t.person, row.id, row.body), parts[row.id]
            )
            for row in rows
        )


class SqlAccounts:
    """:class:`moderation.accounts.ports.Accounts` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, account: AccountId) -> Account | None:
        """One account, or ``None``."""
        return await self._session.once(("account", account), lambda: self._get(account))

    async def _get(self, account: AccountId) -> Account | None:
        row = (await self._session.execute(ACCOUNT, {"account": account})).one_or_none()
        return None if row is None else mapping.account_of(row)

    async def of_school(self, school: SchoolId) -> tuple[Account, ...]:
        """Open and closed ones, ordered by platform and name."""
        return await self._accounts(t.account.c.school == school)

    async def all(self) -> tuple[Account, ...]:
        """The whole register, ordered by platform and name."""
        return await self._accounts(sa.true())

    async def save(self, accounts: tuple[Account, ...]) -> None:
        """Insert or replace these accounts as a whole."""
        for account in accounts:
            await self._session.upsert(t.account, mapping.account_row(account))

    async def last_posted(self, accounts: frozenset[AccountId]) -> Mapping[AccountId, datetime]:
        """When each was last marked as posted; accounts never posted on are left out."""
        newest = sa.func.max(t.posted.c.at, type_=t.posted.c.at.type)
        select = (
            sa.select(t.posted.c.account_id, newest.label("at"))
            .where(t.posted.c.account_id.in_(accounts))
            .group_by(t.posted.c.account_id)
        )
        rows = await self._session.execute(select)
        return {AccountId(row.account_id): row.at for row in rows}

    async def _accounts(self, which: sa.ColumnElement[bool]) -> tuple[Account, ...]:
        rows = await self._session.execute(sa.select(t.account).where(which))
        # Sorted here: two databases order letters by two collations.
        found = (mapping.account_of(row) for row in rows)
        return tuple(sorted(found, key=lambda item: (item.platform, item.name, item.id)))
