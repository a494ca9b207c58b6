"""Column types and helpers that both databases read the same way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa


if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
"""Every constraint has a name, so that a later migration can say it."""
SEALED = "sealed"
"""In a column's ``info``: what is in it is sealed, and for the row that this column names."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored in UTC. SQLite would drop the offset; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 -- SQLAlchemy's signature
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 -- SQLAlchemy's signature
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def identifier(name: str, *args: Any, **options: Any) -> sa.Column[str]:  # noqa: ANN401
    """An id, a code or a state: short text, never free words."""
    return sa.Column(name, sa.Text(), *args, nullable=options.pop("nullable", False), **options)


def number(name: str, *args: Any, **options: Any) -> sa.Column[int]:  # noqa: ANN401
    """A whole number."""
    return sa.Column(name, sa.Integer(), *args, nullable=options.pop("nullable", False), **options)


def yes_or_no(name: str, **options: Any) -> sa.Column[int]:  # noqa: ANN401
    """0 or 1 in both databases, so that a guard's SQL is the same in both."""
    return sa.Column(name, sa.SmallInteger(), nullable=options.pop("nullable", False), **options)


def instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A point in time, in UTC."""
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def day(name: str) -> sa.Column[Any]:
    """A whole day, or open."""
    return sa.Column(name, sa.Date(), nullable=True)


def sealed(
    name: str = "body", *, nullable: bool = False, row: str | None = None
) -> sa.Column[bytes]:
    """Bytes that only :class:`~storage.crypto.Keys` can read.

    They are bound to their row by the column ``row``; left out, by the table's primary key, which
    then is one column. So that whoever changes keys finds every sealed value by itself.
    """
    info = {SEALED: row}
    return sa.Column(name, sa.LargeBinary(), nullable=nullable, info=info)


def serial(name: str = "id") -> sa.Column[int]:
    """A number that rises in the order of writing. SQLite counts only for INTEGER."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, sa.Identity(), primary_key=True)
