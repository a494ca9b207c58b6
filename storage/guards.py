"""What the database itself refuses, whoever writes: the two-person rule, and what only grows.

The constraints of :mod:`storage.tables` say the same for the good path. These triggers hold where
constraints don't: on SQLite a connection may forget ``foreign_keys``, switch checks off or write
``INSERT OR REPLACE``; on PostgreSQL a superuser may set ``session_replication_role``, which
switches references off but no trigger that is ENABLE ALWAYS.

Each guard states what it *allows*; anything else, unknown included, is refused under the guard's
name. The migration writes them, and at the start :func:`missing` compares what stands in the
database with what this module says: a missing or altered guard stops the start.
"""

# ruff: noqa: S608 -- guards are put together from this module's own constants, never from input
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa


if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Guard:
    """A BEFORE trigger: ``event`` on ``table`` passes only where ``allow`` is true.

    ``sqlite_says``: the guard repeats for SQLite what PostgreSQL's own constraint holds, so it
    stands on SQLite alone and refuses in the words that SQLite has for that constraint.
    """

    name: str
    table: str
    event: str
    allow: str
    sqlite_says: str = ""


NEWEST = """EXISTS (SELECT 1 FROM revision r WHERE r.id = NEW.revision_id
    AND NOT EXISTS (SELECT 1 FROM revision n
        WHERE n.post_id = r.post_id AND n.number > r.number))"""
"""The row speaks of the newest version of its post."""

NO_APPROVAL_YET = "NOT EXISTS (SELECT 1 FROM approval a WHERE a.revision_id = NEW.revision_id)"


def _yes(role: str, extra: str = "") -> str:
    return f"""EXISTS (SELECT 1 FROM approval a JOIN hand h
        ON h.revision_id = a.revision_id AND h.person_id = a.person_id AND h.capacity = 'approver'
      WHERE a.revision_id = NEW.revision_id AND a.person_id = NEW.{role}
        AND a.digest = NEW.digest{extra})"""


REVISION_IN_ORDER = """
    NEW.number = (SELECT COALESCE(MAX(r.number), 0) + 1 FROM revision r
                  WHERE r.post_id = NEW.post_id)
    AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.id = NEW.id)
    AND EXISTS (SELECT 1 FROM post p WHERE p.id = NEW.post_id)
    AND NEW.seconds_needed IN (1, 2) AND NEW.head_needed IN (0, 1) AND NEW.head_counts IN (0, 1)
"""

REVISION_ACCOUNT_BEFORE_APPROVAL = f"""
    {NEWEST}
    AND {NO_APPROVAL_YET}
    AND NOT EXISTS (SELECT 1 FROM revision_account x
        WHERE x.revision_id = NEW.revision_id AND x.account_id = NEW.account_id)
"""

# An author of an earlier version wrote part of this one. Whoever brought the words of this version
# is an author too, unless they are the words of the version before.
HAND_IN_ONE_CAPACITY = f"""
    {NEWEST}
    AND EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id)
    AND NOT EXISTS (SELECT 1 FROM hand h
        WHERE h.revision_id = NEW.revision_id AND h.person_id = NEW.person_id)
    AND CASE NEW.capacity
      WHEN 'author' THEN NOT EXISTS (SELECT 1 FROM hand h
          WHERE h.revision_id = NEW.revision_id AND h.capacity = 'approver')
      WHEN 'approver' THEN
        EXISTS (SELECT 1 FROM hand h
            WHERE h.revision_id = NEW.revision_id AND h.capacity = 'author')
        AND NOT EXISTS (SELECT 1 FROM hand h
            JOIN revision o ON o.id = h.revision_id
            JOIN revision r ON r.post_id = o.post_id AND r.number >= o.number
            WHERE r.id = NEW.revision_id AND h.person_id = NEW.person_id AND h.capacity = 'author')
        AND EXISTS (SELECT 1 FROM revision r WHERE r.id = NEW.revision_id
            AND (r.by <> NEW.person_id OR EXISTS (SELECT 1 FROM revision o
                WHERE o.post_id = r.post_id AND o.number = r.number - 1 AND o.digest = r.digest)))
    END
"""

APPROVAL_BY_APPROVER = f"""
    {NEWEST}
    AND NEW.capacity = 'approver' AND NEW.as_head IN (0, 1)
    AND EXISTS (SELECT 1 FROM hand h WHERE h.revision_id = NEW.revision_id
        AND h.person_id = NEW.person_id AND h.capacity = 'approver')
    AND EXISTS (SELECT 1 FROM revision r WHERE r.id = NEW.revision_id AND r.digest = NEW.digest)
    AND NOT EXISTS (SELECT 1 FROM approval a
        WHERE a.revision_id = NEW.revision_id AND a.person_id = NEW.person_id)
"""

PUBLICATION_BY_TWO = f"""
    {NEWEST}
    AND EXISTS (SELECT 1 FROM revision r WHERE r.id = NEW.revision_id AND r.digest = NEW.digest
        AND r.seconds_needed = NEW.seconds_needed AND r.head_needed = NEW.head_needed
        AND r.head_counts = NEW.head_counts)
    AND EXISTS (SELECT 1 FROM revision_account x
        WHERE x.revision_id = NEW.revision_id AND x.account_id = NEW.account_id)
    AND NOT EXISTS (SELECT 1 FROM publication x
        WHERE x.revision_id = NEW.revision_id AND x.account_id = NEW.account_id)
    AND NEW.author_capacity = 'author'
    AND EXISTS (SELECT 1 FROM hand h WHERE h.revision_id = NEW.revision_id
        AND h.person_id = NEW.author AND h.capacity = 'author')
    AND NOT EXISTS (SELECT 1 FROM hand h WHERE h.revision_id = NEW.revision_id
        AND h.capacity = 'author' AND h.person_id IN (NEW.second, NEW.third, NEW.head))
    AND NEW.second <> NEW.author AND {_yes("second")}
    AND (NEW.third IS NULL OR (NEW.third <> NEW.author AND NEW.third <> NEW.second
        AND {_yes("third")}))
    AND (NEW.seconds_needed = 1 OR NEW.third IS NOT NULL)
    AND (NEW.head_needed = 0 OR NEW.head IS NOT NULL)
    AND CASE WHEN NEW.head IS NULL THEN NEW.head_as IS NULL
      ELSE NEW.head_as = 1 AND NEW.head <> NEW.author
        AND {_yes("head", " AND a.as_head = 1")}
        AND (NEW.head_counts = 1
          OR (NEW.head <> NEW.second AND (NEW.third IS NULL OR NEW.head <> NEW.third)))
      END
"""

AUDIT_IN_ORDER = """
    NEW.seq = (SELECT COALESCE(MAX(e.seq), 0) + 1 FROM audit_event e)
    AND NEW.prev_hash = COALESCE(
        (SELECT e.hash FROM audit_event e ORDER BY e.seq DESC LIMIT 1), '')
"""

RELEASE_OF_PUBLICATION = """
    NEW.state = 'ready'
    AND EXISTS (SELECT 1 FROM publication x
        WHERE x.revision_id = NEW.revision_id AND x.account_id = NEW.account_id)
    AND NOT EXISTS (SELECT 1 FROM release x
        WHERE x.revision_id = NEW.revision_id AND x.account_id = NEW.account_id)
"""

RELEASE_ONLY_ONCE = """
    NEW.revision_id = OLD.revision_id AND NEW.account_id = OLD.account_id
    AND NEW.post_id = OLD.post_id
    AND (NEW.state = OLD.state OR OLD.state IN ('ready', 'sending', 'ambiguous'))
"""

BARRED_BEFORE_ANYBODY_IS_ASKED = """
    EXISTS (SELECT 1 FROM incident i WHERE i.id = NEW.incident_id)
    AND NOT EXISTS (SELECT 1 FROM incident_asked a WHERE a.incident_id = NEW.incident_id)
    AND NOT EXISTS (SELECT 1 FROM incident_barred b
        WHERE b.incident_id = NEW.incident_id AND b.person_digest = NEW.person_digest)
"""

# The reporter is always barred, so a report without a single one is a report without its bars.
ASKED_AND_NOT_BARRED = """
    EXISTS (SELECT 1 FROM incident_barred b WHERE b.incident_id = NEW.incident_id)
    AND NOT EXISTS (SELECT 1 FROM incident_barred b
        WHERE b.incident_id = NEW.incident_id AND b.person_digest = NEW.person_digest)
    AND NOT EXISTS (SELECT 1 FROM incident_asked a
        WHERE a.incident_id = NEW.incident_id AND a.person_digest = NEW.person_digest)
"""

# On SQLite what replaces a row passes both its primary key and the guard of deletions. An insert of
# what is there stays a duplicate, as for every program that knows nothing of this guard.
ACCEPTED_ONCE = """
    NOT EXISTS (SELECT 1 FROM acceptance a WHERE a.person_id = NEW.person_id
        AND a.policy = NEW.policy AND a.edition = NEW.edition)
"""
ACCEPTED_BEFORE = (
    "UNIQUE constraint failed: acceptance.person_id, acceptance.policy, acceptance.edition"
)

NAME_ASKED_FOR = """
    NEW.state = 'waiting' AND NEW.agreed_by IS NULL
    AND NOT EXISTS (SELECT 1 FROM kept_name k WHERE k.id = NEW.id)
"""

# Whoever asked, and whoever agreed, never change; only what waits is agreed to, by somebody else.
NAME_KEPT_BY_TWO = """
    NEW.id = OLD.id AND NEW.school = OLD.school AND NEW.asked_by = OLD.asked_by
    AND (NEW.state = OLD.state OR OLD.state = 'waiting'
      OR (OLD.state = 'kept' AND NEW.state IN ('dropped', 'ended')))
    AND (NEW.state <> 'kept' OR NEW.agreed_by IS NOT NULL)
    AND CASE WHEN OLD.agreed_by IS NULL AND NEW.agreed_by IS NOT NULL
      THEN OLD.state = 'waiting' AND NEW.state = 'kept' AND NEW.agreed_by <> NEW.asked_by
        AND EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.agreed_by)
      ELSE COALESCE(NEW.agreed_by, '') = COALESCE(OLD.agreed_by, '')
    END
"""

FIRST = (
    "installation",
    "revision",
    "revision_account",
    "hand",
    "approval",
    "publication",
    "audit_event",
    "release",
)
"""What the first schema guards. A later revision names its own tables to :func:`statements`."""

INCIDENTS = ("incident_barred", "incident_asked")

ONLY_GROWS = (*FIRST[:-1], "audit_checkpoint", *INCIDENTS, "taken_down_picture", "acceptance")

GUARDS = (
    Guard("revision_in_order", "revision", "INSERT", REVISION_IN_ORDER),
    Guard(
        "revision_account_in_order",
        "revision_account",
        "INSERT",
        REVISION_ACCOUNT_BEFORE_APPROVAL,
    ),
    Guard("hand_in_one_capacity", "hand", "INSERT", HAND_IN_ONE_CAPACITY),
    Guard("approval_by_approver", "approval", "INSERT", APPROVAL_BY_APPROVER),
    Guard("publication_by_two", "publication", "INSERT", PUBLICATION_BY_TWO),
    Guard("audit_in_order", "audit_event", "INSERT", AUDIT_IN_ORDER),
    Guard(
        "installation_stamped_once",
        "installation",
        "INSERT",
        "NEW.id = 1 AND NOT EXISTS (SELECT 1 FROM installation)",
    ),
    Guard("release_of_publication", "release", "INSERT", RELEASE_OF_PUBLICATION),
    Guard("release_only_once", "release", "UPDATE", RELEASE_ONLY_ONCE),
    Guard("release_is_kept", "release", "DELETE", "FALSE"),
    Guard("incident_barred_in_time", "incident_barred", "INSERT", BARRED_BEFORE_ANYBODY_IS_ASKED),
    Guard("incident_asked_not_barred", "incident_asked", "INSERT", ASKED_AND_NOT_BARRED),
    Guard("incident_is_kept", "incident", "DELETE", "FALSE"),
    Guard("acceptance_once", "acceptance", "INSERT", ACCEPTED_ONCE, ACCEPTED_BEFORE),
    Guard("name_asked_for", "kept_name", "INSERT", NAME_ASKED_FOR),
    Guard("name_kept_by_two", "kept_name", "UPDATE", NAME_KEPT_BY_TWO),
    *(Guard(f"{table}_is_insert_only", table, "UPDATE", "FALSE") for table in ONLY_GROWS),
    *(Guard(f"{table}_is_kept", table, "DELETE", "FALSE") for table in ONLY_GROWS),
)

NEVER_EMPTIED = (*ONLY_GROWS, "release")
"""PostgreSQL's TRUNCATE passes row triggers, so these have a statement trigger as well."""

LOCKED_FIRST = {
    "revision": "NEW.post_id",
    "revision_account": "(SELECT r.post_id FROM revision r WHERE r.id = NEW.revision_id)",
    "hand": "(SELECT r.post_id FROM revision r WHERE r.id = NEW.revision_id)",
    "approval": "(SELECT r.post_id FROM revision r WHERE r.id = NEW.revision_id)",
    "publication": "(SELECT r.post_id FROM revision r WHERE r.id = NEW.revision_id)",
}
"""PostgreSQL: which post a row speaks of. Its row is locked before the guard looks, so that two
transactions can't each miss what the other is about to write."""


def standing_on(dialect: str) -> tuple[Guard, ...]:
    """The guards that a database of this dialect has, ``sqlite`` or ``postgresql``."""
    return tuple(guard for guard in GUARDS if dialect == "sqlite" or not guard.sqlite_says)


# -- SQLite --------------------------------------------------------------------------------------


def sqlite_statements(tables: Collection[str]) -> tuple[str, ...]:
    """``CREATE TRIGGER`` for every guard of these tables."""
    return tuple(_sqlite(guard) for guard in GUARDS if guard.table in tables)


def _sqlite(guard: Guard) -> str:
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}\n"
        f"WHEN ({guard.allow.strip()}) IS NOT TRUE\n"
        f"BEGIN SELECT RAISE(ABORT, '{guard.sqlite_says or guard.name}'); END"
    )


# -- PostgreSQL ----------------------------------------------------------------------------------

REFUSAL = "SG001"
"""Our own SQLSTATE: a guard refused, and the message is the guard's name."""


def postgresql_statements(schema: str, tables: Collection[str]) -> tuple[str, ...]:
    """A function and an ENABLE ALWAYS trigger for every guard of these tables.

    The functions look into ``schema`` before the session's temporary tables, which anybody may
    make under any name.
    """
    statements: list[str] = []
    for guard in standing_on("postgresql"):
        if guard.table not in tables:
            continue
        statements += _postgresql(
            guard.name,
            guard.table,
            f"{guard.event} ON {guard.table} FOR EACH ROW",
            _body(guard),
            schema,
        )
    for table in NEVER_EMPTIED:
        if table not in tables:
            continue
        name = f"{table}_is_never_emptied"
        body = f"BEGIN {_raise(name)} END"
        statements += _postgresql(name, table, f"TRUNCATE ON {table}", body, schema)
    return tuple(statements)


def _postgresql(name: str, table: str, when: str, body: str, schema: str) -> tuple[str, ...]:
    return (
        (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = {schema}, pg_temp AS $guard${body}$guard$"
        ),
        f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    )


def _body(guard: Guard) -> str:
    locked = LOCKED_FIRST.get(guard.table) if guard.event == "INSERT" else None
    lock = f"PERFORM 1 FROM post WHERE id = {locked} FOR UPDATE; " if locked else ""
    return (
        f"BEGIN {lock}IF ({guard.allow.strip()}) IS NOT TRUE THEN {_raise(guard.name)} END IF; "
        "RETURN NEW; END"
    )


def _raise(name: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = '{REFUSAL}', MESSAGE = '{name}';"


# -- looking -------------------------------------------------------------------------------------


def statements(connection: Connection, tables: Collection[str] = FIRST) -> tuple[str, ...]:
    """What makes every guard of these tables in this connection's database."""
    if connection.dialect.name == "sqlite":
        return sqlite_statements(tables)
    schema = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
    return postgresql_statements(schema, tables)


KINDS = {"INSERT": 7, "DELETE": 11, "UPDATE": 19, "TRUNCATE": 34}
"""PostgreSQL's ``pg_trigger.tgtype`` of a BEFORE trigger: for each row, but TRUNCATE's."""

STANDING = """
    SELECT t.tgname, c.relname, t.tgtype, p.prosrc
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND n.nspname = current_schema()
      AND p.proconfig @> ARRAY['search_path=' || current_schema() || ', pg_temp']
      AND t.tgqual IS NULL
"""


def missing(connection: Connection) -> tuple[str, ...]:
    """Names of guards that are not there, switched off, or not what this module says; sorted."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        standing = {row.name: row.sql for row in rows}
        return tuple(sorted(g.name for g in GUARDS if standing.get(g.name) != _sqlite(g)))
    found = {tuple(row) for row in connection.execute(sa.text(STANDING)).all()}
    wanted = {(g.name, g.table, KINDS[g.event], _body(g)) for g in standing_on("postgresql")}
    for table in NEVER_EMPTIED:
        name = f"{table}_is_never_emptied"
        wanted.add((name, table, KINDS["TRUNCATE"], f"BEGIN {_raise(name)} END"))
    return tuple(sorted(name for name, *_ in wanted - found))
