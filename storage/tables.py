"""Every table. Free words and personal data are in ``sealed`` columns and nowhere else.

In the clear stand ids, states, instants, counts, digests, and the public register of accounts.
Unique keys over personal data are over keyed digests only, because a database quotes them.
Tables without rowid: SQLite's hidden rowid would be one more key to replace a row by.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import (
    CONVENTION,
    day,
    identifier,
    instant,
    number,
    sealed,
    serial,
    yes_or_no,
)


metadata = sa.MetaData(naming_convention=CONVENTION)


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, metadata, *columns, sqlite_with_rowid=False)


# -- the installation ----------------------------------------------------------------------------

installation = _table(
    "installation",
    number("id", primary_key=True, autoincrement=False),
    identifier("stamp"),
    instant("created_at"),
    sa.CheckConstraint("id = 1", name="one"),
    sa.CheckConstraint("stamp IN ('demo', 'real')", name="stamp"),
)

key_check = _table(
    "key_check",
    sa.Column("key_id", sa.LargeBinary(), primary_key=True),
    sealed("body"),
)

# -- the two-person rule: five tables that only ever grow ----------------------------------------

post = _table(
    "post",
    identifier("id", primary_key=True),
    identifier("school"),
    identifier("state"),
    number("version"),
    number("revision_number"),
    instant("opened_at"),
    instant("entered_at"),
    instant("going_out_at"),
    sealed("body"),
    sa.Index(None, "school", "state"),
    sa.Index(None, "state"),
    sa.Index(None, "state", "going_out_at"),
)

revision = _table(
    "revision",
    identifier("id", primary_key=True),
    identifier("post_id", sa.ForeignKey("post.id")),
    number("number"),
    identifier("digest"),
    number("seconds_needed"),
    yes_or_no("head_needed"),
    yes_or_no("head_counts"),
    identifier("pack"),
    identifier("by"),
    instant("at"),
    sa.UniqueConstraint("post_id", "number"),
    sa.UniqueConstraint(
        "id", "digest", "seconds_needed", "head_needed", "head_counts", name="uq_revision_needs"
    ),
    sa.CheckConstraint("seconds_needed IN (1, 2)", name="seconds"),
    sa.CheckConstraint("head_needed IN (0, 1)", name="head"),
    sa.CheckConstraint("head_counts IN (0, 1)", name="head_counts"),
)

revision_body = _table(
    # Beside the insert-only row, so that words can be sealed again or erased.
    "revision_body",
    identifier("revision_id", sa.ForeignKey("revision.id"), primary_key=True),
    sealed("body"),
)

revision_account = _table(
    "revision_account",
    identifier("revision_id", sa.ForeignKey("revision.id"), primary_key=True),
    identifier("account_id", primary_key=True),
    number("position"),
    sa.Index(None, "account_id"),
)

person = _table("person", identifier("id", primary_key=True), sealed("body"))

hand = _table(
    "hand",
    identifier("revision_id", sa.ForeignKey("revision.id"), primary_key=True),
    identifier("person_id", sa.ForeignKey("person.id"), primary_key=True),
    identifier("capacity"),
    sa.UniqueConstraint("revision_id", "person_id", "capacity", name="uq_hand_capacity"),
    sa.CheckConstraint("capacity IN ('author', 'approver')", name="capacity"),
    sa.Index(None, "person_id"),
)

approval = _table(
    "approval",
    identifier("revision_id", primary_key=True),
    identifier("person_id", primary_key=True),
    identifier("capacity"),
    identifier("digest"),
    yes_or_no("as_head"),
    sa.Column("confirmed", sa.Text(), nullable=False),
    number("wording"),
    instant("at"),
    # Whose a flagged name is, by the finding's key. Not asked before 0021.
    sa.Column("whose", sa.Text()),
    sa.UniqueConstraint("revision_id", "person_id", "digest", name="uq_approval_digest"),
    sa.UniqueConstraint("revision_id", "person_id", "digest", "as_head", name="uq_approval_as"),
    sa.ForeignKeyConstraint(
        ["revision_id", "person_id", "capacity"],
        ["hand.revision_id", "hand.person_id", "hand.capacity"],
        name="fk_approval_hand",
    ),
    sa.CheckConstraint("capacity = 'approver'", name="capacity"),
    sa.CheckConstraint("as_head IN (0, 1)", name="as_head"),
)

publication = _table(
    "publication",
    identifier("revision_id", primary_key=True),
    identifier("account_id", primary_key=True),
    identifier("digest"),
    number("seconds_needed"),
    yes_or_no("head_needed"),
    yes_or_no("head_counts"),
    identifier("author"),
    identifier("author_capacity"),
    identifier("second"),
    identifier("third", nullable=True),
    identifier("head", nullable=True),
    yes_or_no("head_as", nullable=True),
    instant("at"),
    sa.ForeignKeyConstraint(
        ["revision_id", "digest", "seconds_needed", "head_needed", "head_counts"],
        [
            "revision.id",
            "revision.digest",
            "revision.seconds_needed",
            "revision.head_needed",
            "revision.head_counts",
        ],
        name="fk_publication_needs",
    ),
    sa.ForeignKeyConstraint(
        ["revision_id", "account_id"],
        ["revision_account.revision_id", "revision_account.account_id"],
        name="fk_publication_account",
    ),
    sa.ForeignKeyConstraint(
        ["revision_id", "author", "author_capacity"],
        ["hand.revision_id", "hand.person_id", "hand.capacity"],
        name="fk_publication_author",
    ),
    *(
        sa.ForeignKeyConstraint(
            ["revision_id", role, "digest"],
            ["approval.revision_id", "approval.person_id", "approval.digest"],
            name=f"fk_publication_{role}",
        )
        for role in ("second", "third")
    ),
    sa.ForeignKeyConstraint(
        ["revision_id", "head", "digest", "head_as"],
        ["approval.revision_id", "approval.person_id", "approval.digest", "approval.as_head"],
        name="fk_publication_head",
    ),
    sa.CheckConstraint("author_capacity = 'author'", name="author_capacity"),
    sa.CheckConstraint("second <> author", name="second"),
    sa.CheckConstraint("third IS NULL OR (third <> author AND third <> second)", name="third"),
    sa.CheckConstraint("seconds_needed = 1 OR third IS NOT NULL", name="seconds"),
    sa.CheckConstraint("head_needed = 0 OR head IS NOT NULL", name="head_needed"),
    sa.CheckConstraint(
        "(head IS NULL AND head_as IS NULL) "
        "OR (head IS NOT NULL AND head_as IS NOT NULL AND head_as = 1 AND head <> author)",
        name="head",
    ),
    sa.CheckConstraint(
        "head IS NULL OR head_counts = 1 OR (head <> second AND (third IS NULL OR head <> third))",
        name="head_counts",
    ),
)

post_waiting = _table(
    "post_waiting",
    identifier("post_id", sa.ForeignKey("post.id"), primary_key=True),
    identifier("blob", primary_key=True),
    sa.Index(None, "blob"),
)

posted = _table(
    "posted",
    identifier("post_id", sa.ForeignKey("post.id"), primary_key=True),
    identifier("account_id", primary_key=True),
    instant("at"),
    sa.Index(None, "account_id", "at"),
)

# -- people and accounts -------------------------------------------------------------------------

identity = _table(
    "identity",
    identifier("platform", primary_key=True),
    identifier("id", primary_key=True),
    identifier("person_id", sa.ForeignKey("person.id")),
    number("position"),
    sa.Index(None, "person_id"),
)

appointment = _table(
    "appointment",
    identifier("person_id", sa.ForeignKey("person.id"), primary_key=True),
    number("position", primary_key=True, autoincrement=False),
    identifier("school"),
    identifier("role"),
    day("starts_on"),
    day("ends_on"),
    sa.Index(None, "school"),
)

absence = _table(
    "absence",
    identifier("person_id", sa.ForeignKey("person.id"), primary_key=True),
    number("position", primary_key=True, autoincrement=False),
    day("starts_on"),
    day("ends_on"),
)

account = _table(
    "account",
    identifier("id", primary_key=True),
    identifier("school"),
    identifier("platform"),
    # The names and addresses of official pages are public by nature.
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("url", sa.Text(), nullable=False),
    identifier("opened_on", nullable=True),
    identifier("closed_on", nullable=True),
    day("known_since"),
    sa.Index(None, "school"),
)

account_grant = _table(
    "account_grant",
    identifier("account_id", primary_key=True),
    number("position", primary_key=True, autoincrement=False),
    identifier("person_id", sa.ForeignKey("person.id")),
    identifier("role"),
    identifier("standing"),
    day("starts_on"),
    day("ends_on"),
    sa.Index(None, "person_id"),
)

conversation = _table(
    "conversation",
    identifier("place", primary_key=True),
    identifier("platform"),
    identifier("id"),
)

# -- pupils --------------------------------------------------------------------------------------

roll = _table("roll", identifier("school", primary_key=True), number("version"))

pupil = _table(
    "pupil",
    identifier("key", primary_key=True),
    identifier("school", sa.ForeignKey("roll.school")),
    sa.Column("number_key", sa.LargeBinary(), nullable=False),
    sealed("body"),
    sa.UniqueConstraint("number_key", name="uq_pupil_number_key"),
    sa.Index(None, "school"),
)

pupil_consent = _table(
    "pupil_consent",
    identifier("pupil", primary_key=True),
    identifier("school"),
    sealed("body"),
    sa.Index(None, "school"),
)

# -- pictures, packs, the watch ------------------------------------------------------------------

picture = sa.Table(
    "picture",
    metadata,
    serial(),
    identifier("blob"),
    identifier("state"),
    identifier("why", nullable=True),
    sealed("body", nullable=True, row="blob"),
    sa.UniqueConstraint("blob"),
    sa.CheckConstraint("state IN ('waiting', 'seen', 'unusable')", name="state"),
    sa.Index(None, "state"),
)

media_token = _table(
    "media_token",
    # Found by the digest of the token; the token itself is sealed, to be given out again.
    identifier("token_digest", primary_key=True),
    identifier("subject_kind"),
    identifier("subject_id"),
    identifier("blob"),
    sealed("body"),
    instant("at"),
    sa.UniqueConstraint("subject_kind", "subject_id", "blob", name="uq_media_token_subject"),
)

pack = _table(
    "pack",
    identifier("digest", primary_key=True),
    identifier("name"),
    sa.Column("source", sa.Text(), nullable=False),
)

import_batch = _table(
    "import_batch",
    identifier("id", primary_key=True),
    identifier("kind"),
    identifier("state"),
    number("version"),
    instant("received_at"),
    sealed("body"),
    # What the file says, only while the batch waits.
    sealed("content", nullable=True),
    sa.Index(None, "kind", "state"),
)

watch = _table(
    "watch",
    identifier("school", primary_key=True),
    number("version"),
    sa.Column("body", sa.Text(), nullable=False),
)
