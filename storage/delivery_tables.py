"""Tables of what is to be done, what was done, and what people are looking at.

Delivery rows hold ids and intent only: no name, no words, no rendered card.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant, number, sealed, serial
from storage.tables import metadata


def _leased() -> tuple[sa.schema.SchemaItem, ...]:
    """Columns of a row that one worker at a time takes; ``attempts`` is its fencing token.

    ``first_at`` is when the first of the tries so far was made.
    """
    return (
        identifier("state"),
        instant("due_at"),
        number("attempts"),
        identifier("lease_owner", nullable=True),
        instant("lease_until", nullable=True),
        identifier("last_error", nullable=True),
        instant("first_at", nullable=True),
    )


def _failures() -> sa.Column[int]:
    """Tries that came to nothing; a version before the column leaves it out."""
    return number("failures", server_default="0")


def waiting_index(name: str, *columns: str, where: str) -> sa.Index:
    """Over the few rows that are to be done: the many that were don't slow the queue down.

    SQLite takes it only where it begins as an index over all the rows does.
    """
    only = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=only, postgresql_where=only)


inbox = sa.Table(
    "inbox",
    metadata,
    # The digest of the business key: one size, and nothing in it to read.
    identifier("key_digest", primary_key=True),
    instant("at"),
    sa.Index(None, "at"),
    sqlite_with_rowid=False,
)

effect = sa.Table(
    "effect",
    metadata,
    serial(),
    identifier("key"),
    identifier("kind"),
    identifier("subject_kind"),
    identifier("subject_id"),
    number("version"),
    sa.Column("body", sa.Text(), nullable=False),
    *_leased(),
    sa.UniqueConstraint("key"),
    _failures(),
    sa.CheckConstraint("kind IN ('show', 'tell', 'later', 'hand_out')", name="kind"),
    sa.CheckConstraint("state IN ('ready', 'done', 'dead')", name="state"),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "subject_kind", "subject_id", "state"),
    waiting_index(
        "ix_effect_command", "state", "due_at", where="state = 'ready' AND kind = 'later'"
    ),
    waiting_index("ix_effect_told", "state", "due_at", where="state = 'ready' AND kind <> 'later'"),
)

card = sa.Table(
    "card",
    metadata,
    identifier("subject_kind", primary_key=True),
    identifier("subject_id", primary_key=True),
    identifier("platform", primary_key=True),
    identifier("conversation", primary_key=True),
    number("wanted"),
    number("shown"),
    number("failures"),
    identifier("ref", nullable=True),
    *_leased(),
    sa.CheckConstraint("state IN ('open', 'dead')", name="state"),
    sa.Index(None, "state", "due_at"),
    waiting_index(
        "ix_card_behind",
        "state",
        "due_at",
        "subject_id",
        "conversation",
        where="state = 'open' AND shown < wanted",
    ),
    sqlite_with_rowid=False,
)

notice = sa.Table(
    "notice",
    metadata,
    serial(),
    sa.Column("effect_id", sa.ForeignKey("effect.id"), nullable=False),
    identifier("person_id"),
    identifier("platform"),
    identifier("identity"),
    identifier("ref", nullable=True),
    *_leased(),
    _failures(),
    sa.UniqueConstraint(
        "effect_id", "person_id", "platform", "identity", name="uq_notice_recipient"
    ),
    sa.CheckConstraint("state IN ('ready', 'done', 'dead', 'in_person')", name="state"),
    sa.Index(None, "state", "due_at"),
)

release = sa.Table(
    "release",
    metadata,
    identifier("revision_id", primary_key=True),
    identifier("account_id", primary_key=True),
    identifier("post_id"),
    identifier("ref", nullable=True),
    *_leased(),
    _failures(),
    sa.ForeignKeyConstraint(
        ["revision_id", "account_id"],
        ["publication.revision_id", "publication.account_id"],
        name="fk_release_publication",
    ),
    sa.CheckConstraint(
        "state IN ('ready', 'sending', 'done', 'ambiguous', 'rejected', 'cancelled')",
        name="state",
    ),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "post_id"),
    sqlite_with_rowid=False,
)

audit_event = sa.Table(
    "audit_event",
    metadata,
    sa.Column(
        "seq",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    identifier("prev_hash"),
    identifier("hash"),
    instant("at"),
    identifier("actor_kind"),
    identifier("actor_id"),
    identifier("person_id"),
    identifier("tag"),
    identifier("subject_kind"),
    identifier("subject_id"),
    number("version"),
    identifier("commitment"),
    # NULL in a line of the first form.
    identifier("link_salt", nullable=True),
    sa.Index(None, "subject_kind", "subject_id"),
    sqlite_with_rowid=False,
)

audit_payload = sa.Table(
    # Beside the chain, with its salt: a payload can be kept back and the chain still verifies.
    "audit_payload",
    metadata,
    sa.Column(
        "seq",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("audit_event.seq"),
        primary_key=True,
        autoincrement=False,
    ),
    sealed("body"),
    sqlite_with_rowid=False,
)

listing = sa.Table(
    "listing",
    metadata,
    identifier("id", primary_key=True),
    identifier("kind"),
    sealed("body"),
    instant("at"),
    sqlite_with_rowid=False,
)

sandbox_message = sa.Table(
    "sandbox_message",
    metadata,
    serial(),
    identifier("message_id"),
    identifier("conversation"),
    sealed("body", row="message_id"),
    sa.UniqueConstraint("message_id"),
)
