"""The first schema: every table, and the guards that keep the two-person rule.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import guards


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _the_installation()
    _people_and_accounts()
    _posts()
    _publication()
    _pupils()
    _pictures_packs_imports()
    _deliveries()
    _audit()
    connection = op.get_bind()
    for statement in guards.statements(connection):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """There is nothing before the first schema. Make a new database, or restore a backup."""
    raise NotImplementedError("the first schema has nothing before it")


def _the_installation() -> None:
    """Whose database it is, and which keys seal it."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stamp IN ('demo', 'real')", name=op.f("ck_installation_stamp")),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_check",
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_check")),
        sqlite_with_rowid=False,
    )


def _people_and_accounts() -> None:
    """Staff, their rights, and the register."""
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identity",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id")),
        sa.PrimaryKeyConstraint("platform", "id", name=op.f("pk_identity")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_appointment")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_appointment_school"), "appointment", ["school"], unique=False)
    op.create_table(
        "absence",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("person_id", "position", name=op.f("pk_absence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_account_school"), "account", ["school"], unique=False)
    op.create_table(
        "account_grant",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_grant_person_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "position", name=op.f("pk_account_grant")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_account_grant_person_id"), "account_grant", ["person_id"], unique=False
    )
    op.create_table(
        "conversation",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_conversation")),
        sqlite_with_rowid=False,
    )


def _posts() -> None:
    """Posts, and who touched which version of them."""
    op.create_table(
        "post",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("going_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_post_school_state"), "post", ["school", "state"], unique=False)
    op.create_index(op.f("ix_post_state"), "post", ["state"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("seconds_needed", sa.Integer(), nullable=False),
        sa.Column("head_needed", sa.SmallInteger(), nullable=False),
        sa.Column("head_counts", sa.SmallInteger(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("head_counts IN (0, 1)", name=op.f("ck_revision_head_counts")),
        sa.CheckConstraint("head_needed IN (0, 1)", name=op.f("ck_revision_head")),
        sa.CheckConstraint("seconds_needed IN (1, 2)", name=op.f("ck_revision_seconds")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_revision_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "id", "digest", "seconds_needed", "head_needed", "head_counts", name="uq_revision_needs"
        ),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revision_post_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revision_body",
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_body_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_revision_body")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revision_account",
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_account_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "account_id", name=op.f("pk_revision_account")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_revision_account_account_id"), "revision_account", ["account_id"], unique=False
    )
    op.create_table(
        "hand",
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.CheckConstraint("capacity IN ('author', 'approver')", name=op.f("ck_hand_capacity")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hand_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_hand_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "person_id", name=op.f("pk_hand")),
        sa.UniqueConstraint("revision_id", "person_id", "capacity", name="uq_hand_capacity"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_hand_person_id"), "hand", ["person_id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("as_head", sa.SmallInteger(), nullable=False),
        sa.Column("confirmed", sa.Text(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity = 'approver'", name=op.f("ck_approval_capacity")),
        sa.CheckConstraint("as_head IN (0, 1)", name=op.f("ck_approval_as_head")),
        sa.ForeignKeyConstraint(
            ["revision_id", "person_id", "capacity"],
            ["hand.revision_id", "hand.person_id", "hand.capacity"],
            name="fk_approval_hand",
        ),
        sa.PrimaryKeyConstraint("revision_id", "person_id", name=op.f("pk_approval")),
        sa.UniqueConstraint("revision_id", "person_id", "digest", "as_head", name="uq_approval_as"),
        sa.UniqueConstraint("revision_id", "person_id", "digest", name="uq_approval_digest"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "post_waiting",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_waiting_post_id")),
        sa.PrimaryKeyConstraint("post_id", "blob", name=op.f("pk_post_waiting")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_post_waiting_blob"), "post_waiting", ["blob"], unique=False)
    op.create_table(
        "posted",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_posted_post_id")),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("pk_posted")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_posted_account_id_at"), "posted", ["account_id", "at"], unique=False)


def _publication() -> None:
    """What may go out, and what becomes of it."""
    op.create_table(
        "publication",
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("seconds_needed", sa.Integer(), nullable=False),
        sa.Column("head_needed", sa.SmallInteger(), nullable=False),
        sa.Column("head_counts", sa.SmallInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_capacity", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("third", sa.Text(), nullable=True),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("head_as", sa.SmallInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "author_capacity = 'author'", name=op.f("ck_publication_author_capacity")
        ),
        sa.CheckConstraint(
            "(head IS NULL AND head_as IS NULL) "
            "OR (head IS NOT NULL AND head_as IS NOT NULL AND head_as = 1 AND head <> author)",
            name=op.f("ck_publication_head"),
        ),
        sa.CheckConstraint(
            "head IS NULL OR head_counts = 1 "
            "OR (head <> second AND (third IS NULL OR head <> third))",
            name=op.f("ck_publication_head_counts"),
        ),
        sa.CheckConstraint(
            "head_needed = 0 OR head IS NOT NULL", name=op.f("ck_publication_head_needed")
        ),
        sa.CheckConstraint("second <> author", name=op.f("ck_publication_second")),
        sa.CheckConstraint(
            "seconds_needed = 1 OR third IS NOT NULL", name=op.f("ck_publication_seconds")
        ),
        sa.CheckConstraint(
            "third IS NULL OR (third <> author AND third <> second)",
            name=op.f("ck_publication_third"),
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
            ["revision_id", "head", "digest", "head_as"],
            ["approval.revision_id", "approval.person_id", "approval.digest", "approval.as_head"],
            name="fk_publication_head",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id", "second", "digest"],
            ["approval.revision_id", "approval.person_id", "approval.digest"],
            name="fk_publication_second",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id", "third", "digest"],
            ["approval.revision_id", "approval.person_id", "approval.digest"],
            name="fk_publication_third",
        ),
        sa.PrimaryKeyConstraint("revision_id", "account_id", name=op.f("pk_publication")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "release",
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready', 'sending', 'done', 'ambiguous', 'rejected', 'cancelled')",
            name=op.f("ck_release_state"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id", "account_id"],
            ["publication.revision_id", "publication.account_id"],
            name="fk_release_publication",
        ),
        sa.PrimaryKeyConstraint("revision_id", "account_id", name=op.f("pk_release")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_release_post_id"), "release", ["post_id"], unique=False)
    op.create_index(op.f("ix_release_state_due_at"), "release", ["state", "due_at"], unique=False)


def _pupils() -> None:
    """Sealed but for our own keys."""
    op.create_table(
        "roll",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school", name=op.f("pk_roll")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pupil",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["roll.school"], name=op.f("fk_pupil_school")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pupil")),
        sa.UniqueConstraint("number_key", name="uq_pupil_number_key"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pupil_school"), "pupil", ["school"], unique=False)
    op.create_table(
        "pupil_consent",
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("pupil", name=op.f("pk_pupil_consent")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pupil_consent_school"), "pupil_consent", ["school"], unique=False)


def _pictures_packs_imports() -> None:
    """What checks, imports and the watch keep."""
    op.create_table(
        "picture",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'seen', 'unusable')", name=op.f("ck_picture_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("blob", name=op.f("uq_picture_blob")),
    )
    op.create_index(op.f("ix_picture_state"), "picture", ["state"], unique=False)
    op.create_table(
        "media_token",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_media_token")),
        sa.UniqueConstraint("subject_kind", "subject_id", "blob", name="uq_media_token_subject"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pack",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pack")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_import_batch_kind_state"), "import_batch", ["kind", "state"], unique=False
    )
    op.create_table(
        "watch",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school", name=op.f("pk_watch")),
        sqlite_with_rowid=False,
    )


def _deliveries() -> None:
    """What is to be done, and what people look at."""
    op.create_table(
        "inbox",
        sa.Column("key_digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_digest", name=op.f("pk_inbox")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_inbox_at"), "inbox", ["at"], unique=False)
    op.create_table(
        "effect",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('show', 'tell', 'later', 'hand_out')", name=op.f("ck_effect_kind")
        ),
        sa.CheckConstraint("state IN ('ready', 'done', 'dead')", name=op.f("ck_effect_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint("key", name=op.f("uq_effect_key")),
    )
    op.create_index(op.f("ix_effect_state_due_at"), "effect", ["state", "due_at"], unique=False)
    op.create_index(
        op.f("ix_effect_subject_kind_subject_id_state"),
        "effect",
        ["subject_kind", "subject_id", "state"],
        unique=False,
    )
    op.create_table(
        "card",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'dead')", name=op.f("ck_card_state")),
        sa.PrimaryKeyConstraint(
            "subject_kind", "subject_id", "platform", "conversation", name=op.f("pk_card")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_card_state_due_at"), "card", ["state", "due_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column(
            "effect_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready', 'done', 'dead', 'in_person')", name=op.f("ck_notice_state")
        ),
        sa.ForeignKeyConstraint(["effect_id"], ["effect.id"], name=op.f("fk_notice_effect_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "effect_id", "person_id", "platform", "identity", name="uq_notice_recipient"
        ),
    )
    op.create_index(op.f("ix_notice_state_due_at"), "notice", ["state", "due_at"], unique=False)
    op.create_table(
        "listing",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sandbox_message",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_sandbox_message_message_id")),
    )


def _audit() -> None:
    """The chain, and its payloads beside it."""
    op.create_table(
        "audit_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_audit_event_subject_kind_subject_id"),
        "audit_event",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "audit_payload",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_event.seq"], name=op.f("fk_audit_payload_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_payload")),
        sqlite_with_rowid=False,
    )
