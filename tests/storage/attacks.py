"""Raw SQL that tries to get a post out, or to rewrite who said what, past the two-person rule.

Every attack is written for the situation that :func:`posts` stores. ``{d1}`` … are the digests of
the posts' newest versions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.kernel import PersonId
from moderation.posts.model import Needs
from tests.fakes import samples as some


if TYPE_CHECKING:
    from moderation.posts.model import Post


AT = "'2026-11-18 12:00:00+00:00'"
PUBLICATION = (
    "INSERT INTO publication (revision_id, account_id, digest, seconds_needed, head_needed, "
    "head_counts, author, author_capacity, second, third, head, head_as, at) VALUES "
)


def publication(revision: str, needs: str, people: str, account: str = "oak-page") -> str:
    """``needs`` is seconds, head, head counts; ``people`` author, second, third, head, head_as."""
    digest = "{d" + revision[1] + "}"
    author, second, third, head, head_as = (
        "NULL" if who == "-" else f"'{who}'" for who in people.split()
    )
    return (
        f"{PUBLICATION} ('{revision}', '{account}', '{digest}', {needs}, {author}, 'author', "
        f"{second}, {third}, {head}, {head_as.strip(chr(39))}, {AT})"
    )


def approval(revision: str, who: str, as_head: int = 0, digest: str = "") -> str:
    digest = digest or "{d" + revision[1] + "}"
    return (
        "INSERT INTO approval (revision_id, person_id, capacity, digest, as_head, confirmed, "
        f"wording, at) VALUES ('{revision}', '{who}', 'approver', '{digest}', {as_head}, '[]', 1, "
        f"{AT})"
    )


def hand(revision: str, who: str, capacity: str) -> str:
    return (
        "INSERT INTO hand (revision_id, person_id, capacity) "
        f"VALUES ('{revision}', '{who}', '{capacity}')"
    )


def revision(name: str, post: str, number: int, digest: str, seconds: int = 1) -> str:
    return (
        "INSERT INTO revision (id, post_id, number, digest, seconds_needed, head_needed, "
        f"head_counts, pack, by, at) VALUES ('{name}', '{post}', {number}, '{digest}', {seconds}, "
        f"0, 0, 'x', 'cy', {AT})"
    )


def posts() -> tuple[tuple[Post, ...], ...]:
    """What is stored before the attack, in this order."""

    def one(name: str, needs: Needs, *people: str, heads: str = "") -> Post:
        both = (some.ANN, some.ED)
        first = some.revision(name, needs=needs, authors=both, text=f"The words of {name}")
        post = some.post(name, first)
        return some.approved(post, *map(PersonId, people), heads=map(PersonId, heads.split()))

    five = one("p5", Needs(), "bob")
    second = some.revision("p5", 2, authors=(some.ANN, some.ED, some.BOB), text="B", by=some.BOB)
    return (
        (
            one("p1", Needs(), "bob"),
            one("p2", Needs(head=True, head_counts=False), "bob", "head", heads="head"),
            one("p3", Needs(seconds=2), "bob", "cy"),
            one("p4", Needs(head=True), "head", heads="head"),
            five,
            one("p6", Needs(seconds=2, head=True, head_counts=False), "bob", "head", heads="head"),
            one("p7", Needs()),
        ),
        (replace(five, revision=second, approvals=()),),
    )


GOOD = {
    "one second": publication("p1.1", "1, 0, 1", "ann bob - - NULL"),
    "by the other author": publication("p1.1", "1, 0, 1", "ed bob - - NULL", "oak-feed"),
    "head on top": publication("p2.1", "1, 1, 0", "ann bob - head 1"),
    "two seconds": publication("p3.1", "2, 0, 1", "ann bob cy - NULL"),
    "head counts as second": publication("p4.1", "1, 1, 1", "ann head - head 1"),
}

ATTACKS = {
    # -- one person in two capacities
    "an author approves": approval("p1.1", "ann"),
    "an author takes the approver's hand": hand("p1.1", "ann", "approver"),
    "a fellow author takes the approver's hand": hand("p1.1", "ed", "approver"),
    "an approver becomes author of what he approved": hand("p1.1", "bob", "author"),
    "an author is added after an approval": hand("p1.1", "cy", "author"),
    "a hand of nobody": hand("p1.1", "ghost", "approver"),
    "a hand in a third capacity": hand("p1.1", "cy", "owner"),
    "an author's hand is turned": "UPDATE hand SET capacity = 'approver' WHERE person_id = 'ed'",
    "an author's hand is cut off": "DELETE FROM hand WHERE person_id = 'ann'",
    "an earlier author approves a later version": hand("p5.2", "ed", "approver"),
    "the approver who edited approves his edit": hand("p5.2", "bob", "approver"),
    # -- approvals
    "an approval without a hand": approval("p1.1", "cy"),
    "an approval of other words": approval("p7.1", "bob", digest="0" * 64),
    "an approval of an old version": f"{hand('p5.1', 'cy', 'approver')}; {approval('p5.1', 'cy')}",
    "an approval in an author's capacity": approval("p7.1", "ann").replace(
        "'approver'", "'author'"
    ),
    "an approval turned into the head's": "UPDATE approval SET as_head = 1",
    "an approval moved to other words": "UPDATE approval SET digest = '{d2}'",
    "an approval taken back in silence": "DELETE FROM approval WHERE revision_id = 'p1.1'",
    "an approval of a version without authors": "; ".join(
        [
            revision("p7.2", "p7", 2, "x"),
            hand("p7.2", "bob", "approver"),
            approval("p7.2", "bob", digest="x"),
        ]
    ),
    # -- versions
    "a need is lowered": "UPDATE revision SET head_needed = 0 WHERE id = 'p2.1'",
    "words are exchanged": "UPDATE revision SET digest = 'x' WHERE id = 'p1.1'",
    "a version disappears": "DELETE FROM revision WHERE id = 'p5.2'",
    "a version is slipped in before": revision("p1.0", "p1", 0, "x"),
    "a version is skipped": revision("p1.3", "p1", 3, "x"),
    "a version of no post": revision("p9.1", "p9", 1, "x"),
    "a version that needs nobody": revision("p7.2", "p7", 2, "x", seconds=0),
    "who brought new words approves them": "; ".join(
        [
            revision("p7.2", "p7", 2, "x"),
            hand("p7.2", "ann", "author"),
            hand("p7.2", "cy", "approver"),
        ]
    ),
    "an account is added after the approval": (
        "INSERT INTO revision_account (revision_id, account_id, position) "
        "VALUES ('p1.1', 'trust-page', 9)"
    ),
    "an account is exchanged": "UPDATE revision_account SET account_id = 'trust-page'",
    "an account is taken off": "DELETE FROM revision_account WHERE revision_id = 'p1.1'",
    # -- publications
    "published by one person": publication("p1.1", "1, 0, 1", "ann ann - - NULL"),
    "published with a fellow author": publication("p1.1", "1, 0, 1", "ann ed - - NULL"),
    "published without any yes": publication("p7.1", "1, 0, 1", "ann cy - - NULL"),
    "published without a second": publication("p1.1", "1, 0, 1", "ann - - - NULL"),
    "published without an author": publication("p1.1", "1, 0, 1", "- bob - - NULL"),
    "the approver is named as author": publication("p1.1", "1, 0, 1", "bob bob - - NULL"),
    "somebody else is named as author": publication("p1.1", "1, 0, 1", "cy bob - - NULL"),
    "published under other words": publication("p1.1", "1, 0, 1", "ann bob - - NULL").replace(
        "{d1}", "{d2}"
    ),
    "published where nobody meant it": publication(
        "p1.1", "1, 0, 1", "ann bob - - NULL", "trust-page"
    ),
    "published in an old version": publication("p5.1", "1, 0, 1", "ann bob - - NULL").replace(
        "{d5}", "{old}"
    ),
    "published with an old version's yes": publication("p5.2", "1, 0, 1", "ann bob - - NULL"),
    "published with a yes to another post": publication("p7.1", "1, 0, 1", "ann bob - - NULL"),
    "the head is left out": publication("p2.1", "1, 1, 0", "ann bob - - NULL"),
    "the head is said not to be needed": publication("p2.1", "1, 0, 0", "ann bob - - NULL"),
    "the head is said to count": publication("p2.1", "1, 1, 1", "ann head - head 1"),
    "somebody else's yes stands for the head's": publication("p2.1", "1, 1, 0", "ann head - bob 1"),
    "a head whose yes is not marked": publication("p2.1", "1, 1, 0", "ann bob - head 0"),
    "a head without the mark": publication("p2.1", "1, 1, 0", "ann bob - head NULL"),
    "the head is counted twice": publication("p2.1", "1, 1, 0", "ann head - head 1"),
    "the head is counted twice as third": publication("p6.1", "2, 1, 0", "ann bob head head 1"),
    "the author is the head": publication("p2.1", "1, 1, 0", "ann bob - ann 1"),
    "two needed, one given": publication("p3.1", "2, 0, 1", "ann bob - - NULL"),
    "two needed, one counted twice": publication("p3.1", "2, 0, 1", "ann bob bob - NULL"),
    "two needed, an author is one": publication("p3.1", "2, 0, 1", "ann bob ed - NULL"),
    "two needed, one is said to do": publication("p3.1", "1, 0, 1", "ann bob - - NULL"),
    "an author's hand called approver": publication("p1.1", "1, 0, 1", "bob bob - - NULL").replace(
        "'author'", "'approver'"
    ),
    "handed out without a publication": (
        "INSERT INTO release (revision_id, account_id, post_id, state, due_at, attempts) "
        f"VALUES ('p1.1', 'oak-page', 'p1', 'ready', {AT}, 0)"
    ),
    # -- upserts, in words that both databases know
    "upsert: hand": hand("p1.1", "ann", "author")
    + " ON CONFLICT (revision_id, person_id) DO UPDATE SET capacity = 'approver'",
    "upsert: approval": approval("p1.1", "bob")
    + " ON CONFLICT (revision_id, person_id) DO UPDATE SET as_head = 1",
    "upsert: version": revision("p2.1", "p2", 1, "x")
    + " ON CONFLICT (id) DO UPDATE SET head_needed = 0",
    "conflict ignored: hand": hand("p1.1", "ann", "approver") + " ON CONFLICT DO NOTHING",
    # -- the audit and the stamp
    "an event is altered": "UPDATE audit_event SET person_id = 'bob'",
    "an event is struck out": "DELETE FROM audit_event",
    "an event is put in between": (
        "INSERT INTO audit_event SELECT seq + 5, prev_hash, 'x', at, actor_kind, actor_id, "
        "person_id, tag, subject_kind, subject_id, version, commitment, link_salt "
        "FROM audit_event"
    ),
    "an event that doesn't follow": (
        "INSERT INTO audit_event SELECT seq + 1, 'x', 'x', at, actor_kind, actor_id, "
        "person_id, tag, subject_kind, subject_id, version, commitment, link_salt "
        "FROM audit_event"
    ),
    "a real database becomes a demo": "UPDATE installation SET stamp = 'demo'",
    "a stamp is taken off": "DELETE FROM installation",
    "a second stamp": f"INSERT INTO installation (id, stamp, created_at) VALUES (2, 'demo', {AT})",
}


def _or_replace(statement: str) -> str:
    return statement.replace("INSERT INTO", "INSERT OR REPLACE INTO")


TEMPORARY_YES = (
    "INSERT INTO {mine}.approval SELECT 'p7.1', 'cy', 'approver', '{{d7}}', 0, '[]', 1, at, NULL "
    "FROM {theirs}.approval LIMIT 1"
)

SQLITE_ATTACKS = {
    "replace: hand": _or_replace(hand("p1.1", "ann", "approver")),
    "replace: approval as head": _or_replace(approval("p2.1", "bob", 1)),
    "replace: version with lower needs": _or_replace(revision("p2.1", "p2", 1, "{d2}")),
    "replace: version of the same number": _or_replace(revision("p2.x", "p2", 1, "{d2}")),
    "replace: publication": _or_replace(publication("p1.1", "1, 0, 1", "ann ed - - NULL")),
    "replace: account": "INSERT OR REPLACE INTO revision_account VALUES ('p1.1', 'oak-page', 7)",
    "replace: event": (
        "INSERT OR REPLACE INTO audit_event SELECT seq, prev_hash, hash, at, actor_kind, "
        "actor_id, 'bob', tag, subject_kind, subject_id, version, commitment, link_salt "
        "FROM audit_event"
    ),
    "replace: stamp": f"INSERT OR REPLACE INTO installation VALUES (1, 'demo', {AT})",
    "update or replace: hand": "UPDATE OR REPLACE hand SET person_id = 'cy' WHERE person_id = 'ed'",
    "ignore: hand": hand("p1.1", "ann", "approver").replace("INSERT", "INSERT OR IGNORE"),
    "approvals of a temporary table": "; ".join(
        [
            "CREATE TEMP TABLE approval AS SELECT * FROM main.approval",
            TEMPORARY_YES.format(mine="temp", theirs="main"),
            publication("p7.1", "1, 0, 1", "ann cy - - NULL"),
        ]
    ),
}

POSTGRESQL_ATTACKS = {
    **{
        f"truncate: {table}": f"TRUNCATE {table} CASCADE"
        for table in (
            "revision",
            "revision_account",
            "hand",
            "approval",
            "publication",
            "release",
            "audit_event",
            "installation",
            "post",
        )
    },
    "merge: approval": (
        "MERGE INTO approval a USING (SELECT 1 AS one) s ON a.revision_id = 'p2.1' "
        "WHEN MATCHED THEN UPDATE SET as_head = 1"
    ),
    "merge: hand away": (
        "MERGE INTO hand h USING (SELECT 1 AS one) s ON h.person_id = 'ann' "
        "WHEN MATCHED THEN DELETE"
    ),
    "approvals of a temporary table": "; ".join(
        [
            "CREATE TEMP TABLE approval (LIKE public.approval)",
            "CREATE TEMP TABLE hand (LIKE public.hand)",
            "INSERT INTO pg_temp.hand VALUES ('p7.1', 'cy', 'approver'), ('p7.1', 'ann', 'author')",
            TEMPORARY_YES.format(mine="pg_temp", theirs="public"),
            publication("p7.1", "1, 0, 1", "ann cy - - NULL"),
        ]
    ),
}
