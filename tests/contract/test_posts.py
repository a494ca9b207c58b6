"""What a store of posts promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import NotAPupil
from moderation.kernel import AccountId, Conflict, FindingKey, PersonId, PostId
from moderation.posts.model import Needs, Posted, Posting, State
from moderation.posts.ports import Near
from storage import mapping
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from tests.databases import AnyUnits


async def store(units: AnyUnits, *posts: Post, expected: int = 0) -> None:
    async with units.write() as unit:
        if await unit.people.get(some.ANN) is None:
            await unit.people.save(some.STAFF)
        for post in posts:
            await unit.posts.put(post.id, post, expected)
        await unit.commit()


async def load(units: AnyUnits, name: str = "p1") -> Post:
    async with units.read() as unit:
        found = await unit.posts.get(name)
    assert found is not None
    return found[0]


async def test_a_post_comes_back_as_it_was_put(units: AnyUnits) -> None:
    post = some.post()
    await store(units, post)
    async with units.read() as unit:
        assert await unit.posts.get("p1") == (post, 1)
        assert await unit.posts.get("p2") is None


async def test_what_is_not_committed_is_forgotten(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", some.post(), 0)
    with contextlib.suppress(ZeroDivisionError):
        async with units.write() as unit:
            await unit.people.save(some.STAFF)
            raise ZeroDivisionError
    async with units.read() as unit:
        assert await unit.posts.get("p1") is None
        assert await unit.people.get(some.ANN) is None


async def test_whoever_loads_an_old_version_conflicts(units: AnyUnits) -> None:
    post = some.post()
    await store(units, post)
    for stale in (0, 2):
        with pytest.raises(Conflict):
            await store(units, post, expected=stale)
    await store(units, replace(post, state=State.WITHDRAWN), expected=1)
    async with units.read() as unit:
        assert await unit.posts.get("p1") == (replace(post, state=State.WITHDRAWN), 2)


async def test_approvals_and_publications_are_kept(units: AnyUnits) -> None:
    post = some.post()
    await store(units, post)
    ready = some.approved(post, some.BOB)
    whose = frozenset({(FindingKey("k1"), NotAPupil.VISITOR), (FindingKey("k2"), NotAPupil.OTHER)})
    ready = replace(ready, approvals=(replace(ready.approvals[0], whose=whose),))
    await store(units, ready, expected=1)
    rows = tuple(some.published(ready, account_id=account) for account in (some.PAGE, some.FEED))
    released = replace(ready, state=State.RELEASED, publications=rows)
    await store(units, released, expected=2)
    kept = await load(units)
    assert kept.approvals == ready.approvals
    assert set(kept.publications) == set(rows)
    async with units.read() as unit:
        assert await unit.posts.released() == (PostId("p1"),)


async def test_colleagues_in_a_picture_are_kept_and_where_there_are_none_nothing_is_said(
    units: AnyUnits,
) -> None:
    first = some.revision("p1")
    shown = replace(first.content.pictured, staff=frozenset({some.BOB, some.CY}))
    content = replace(first.content, pictured=shown)
    post = some.post(first=replace(first, content=content, digest=content.digest()))
    await store(units, post)
    assert (await load(units)).content.pictured.staff == {some.BOB, some.CY}
    assert "staff" not in mapping.to_json(first.content)
    assert "staff" in mapping.to_json(content)


async def test_a_new_revision_starts_without_approvals(units: AnyUnits) -> None:
    post = some.post()
    await store(units, some.approved(post, some.BOB))
    # Bob approved the first version, then edits: from now on he is an author.
    second = some.revision("p1", 2, text="New words", authors=(some.ANN, some.BOB), by=some.BOB)
    revised = replace(post, revision=second)
    await store(units, revised, expected=1)
    assert await load(units) == revised
    async with units.read() as unit:
        assert await unit.posts.revisions(PostId("p1")) == (post.revision, second)
        assert await unit.posts.revisions(PostId("p9")) == ()
    with pytest.raises(RuleBroken, match="hand_in_one_capacity"):
        await store(units, some.approved(revised, some.BOB), expected=2)
    await store(units, some.approved(revised, some.CY), expected=2)


@pytest.mark.parametrize(
    ("needs", "approvers", "heads", "named"),
    [
        (Needs(), "bob", "", {"second": "bob"}),
        (Needs(seconds=2), "bob cy", "", {"second": "bob", "third": "cy"}),
        (
            Needs(head=True, head_counts=False),
            "bob head",
            "head",
            {"second": "bob", "head": "head"},
        ),
        (Needs(head=True), "head", "head", {"second": "head", "head": "head"}),
        (Needs(head=True), "bob head", "head", {"second": "bob", "head": "head"}),
        (
            Needs(seconds=2, head=True),
            "bob head",
            "head",
            {"second": "bob", "third": "head", "head": "head"},
        ),
        (
            Needs(seconds=2, head=True, head_counts=False),
            "bob cy head",
            "head",
            {"second": "bob", "third": "cy", "head": "head"},
        ),
    ],
    ids=[
        "one second",
        "two seconds",
        "head on top",
        "head counts as second",
        "head counts, and a second too",
        "head counts as one of two",
        "two seconds and the head",
    ],
)
async def test_every_good_kind_of_publication_passes(
    units: AnyUnits, needs: Needs, approvers: str, heads: str, named: dict[str, str]
) -> None:
    post = some.post(first=some.revision("p1", needs=needs))
    ready = some.approved(
        post, *map(PersonId, approvers.split()), heads=map(PersonId, heads.split())
    )
    people = {role: PersonId(who) for role, who in named.items()}
    released = replace(ready, state=State.RELEASED, publications=(some.published(ready, people),))
    await store(units, released)
    assert (await load(units)).publications == released.publications


BAD = {
    "her own second": {"second": some.ANN},
    "a fellow author as second": {"second": some.ED},
    "somebody who said nothing": {"second": some.CY},
    "an approver named as author": {"author": some.BOB},
    "nobody wrote it": {"author": some.CY},
    "the same person twice": {"third": some.BOB},
    "a third who said nothing": {"third": some.CY},
    "a head who is none": {"head": some.BOB},
}


@pytest.mark.parametrize("named", BAD.values(), ids=BAD.keys())
async def test_a_publication_without_two_people_is_refused(
    units: AnyUnits, named: dict[str, PersonId]
) -> None:
    post = some.post(first=some.revision("p1", authors=(some.ANN, some.ED)))
    ready = some.approved(post, some.BOB)
    await store(units, ready)
    bad = replace(ready, publications=(some.published(ready, named),))
    with pytest.raises(RuleBroken):
        await store(units, bad, expected=1)
    assert await load(units) == ready


@pytest.mark.parametrize(
    ("needs", "as_head"),
    [(Needs(seconds=2), False), (Needs(head=True), False), (Needs(head=True), True)],
)
async def test_a_publication_gives_what_the_revision_needs(
    units: AnyUnits, needs: Needs, *, as_head: bool
) -> None:
    post = some.post(first=some.revision("p1", needs=needs))
    ready = some.approved(post, some.BOB, heads=(some.BOB,) if as_head else ())
    await store(units, ready)
    lying = replace(some.published(ready), needs=Needs())
    for row in (some.published(ready), lying):
        with pytest.raises(RuleBroken):
            await store(units, replace(ready, publications=(row,)), expected=1)


async def test_an_author_never_approves(units: AnyUnits) -> None:
    post = some.post()
    for bad in (
        some.approved(post, some.ANN),
        some.approved(replace(post, revision=some.revision("p1", by=some.BOB)), some.BOB),
        some.approved(post, PersonId("a stranger")),
    ):
        with pytest.raises(RuleBroken, match="hand_in_one_capacity"):
            await store(units, bad)


async def test_what_was_written_cannot_be_rewritten(units: AnyUnits) -> None:
    post = some.approved(some.post(), some.BOB)
    await store(units, post)
    other_words = some.revision("p1", text="Other words")
    for changed in (
        replace(post, revision=other_words),
        replace(post, revision=replace(post.revision, needs=Needs(seconds=2))),
        replace(post, approvals=()),
        replace(post, approvals=(some.yes(post, as_head=True),)),
        replace(post, revision=some.revision("p1", 3), approvals=()),
    ):
        with pytest.raises(RuleBroken):
            await store(units, changed, expected=1)
    assert await load(units) == post


async def test_a_post_never_goes_back_to_older_words(units: AnyUnits) -> None:
    first = some.post()
    second = replace(first, revision=some.revision("p1", 2, text="New words"))
    await store(units, first)
    await store(units, second, expected=1)
    with pytest.raises(RuleBroken):
        await store(units, first, expected=2)
    assert await load(units) == second


async def test_posts_are_found_again(units: AnyUnits) -> None:
    soon = some.post("p1")
    at_four = some.post(
        "p2", some.revision("p2", not_before=some.later(240), accounts=(some.FEED,))
    )
    done = replace(some.post("p3"), state=State.WITHDRAWN, opened_at=some.later(2))
    edited = replace(
        some.post("p4", some.revision("p4", authors=(some.ED,), by=some.ED), school=some.ELM),
        opened_at=some.later(-5),
        waiting_for=frozenset(),
    )
    await store(units, soon, at_four, done, edited)
    both = frozenset({some.OAK, some.ELM})
    async with units.read() as unit:
        posts = unit.posts
        assert await posts.live(frozenset({some.OAK})) == (soon, at_four)
        assert await posts.live(both) == (edited, soon, at_four)
        assert await posts.live(frozenset()) == ()
        assert await posts.recent(some.OAK, 2) == (done, at_four)
        assert await posts.by_author(some.ED, 5) == (edited,)
        assert await posts.by_author(some.ANN, 1) == (done,)
        assert await posts.waiting_for(some.PICTURE) == (soon.id, at_four.id)
        feed = frozenset({some.FEED})
        window = (some.later(210), some.later(240))
        there = Near(at_four.id, feed, at_four.going_out_at)
        assert await posts.near(feed, *window, PostId("p9"), 4) == (there,)
        assert await posts.near(feed, *window, at_four.id, 4) == ()
        assert await posts.near(frozenset({some.PAGE}), *window, PostId("p9"), 4) == ()
        now = Near(soon.id, frozenset(soon.content.accounts), soon.going_out_at)
        assert await posts.near(feed, some.NOON, some.NOON, PostId("p4"), 4) == (now,)
        whole = (some.NOON, some.later(240), PostId("p9"))
        assert await posts.near(feed, *whole, 4) == (now, there)
        assert await posts.near(feed, *whole, 1) == (now,), "the first to go out"


async def test_an_account_knows_when_it_last_posted(units: AnyUnits) -> None:
    def said(account: AccountId, word: Posted, minutes: int) -> Posting:
        return Posting(account=account, said=word, person=some.CY, at=some.later(minutes))

    first = replace(some.post("p1"), postings=(said(some.PAGE, Posted.YES, 1),))
    second = replace(
        some.post("p2"),
        postings=(said(some.PAGE, Posted.YES, 3), said(some.FEED, Posted.CANNOT, 4)),
    )
    await store(units, second, first)
    async with units.read() as unit:
        both = frozenset({some.PAGE, some.FEED})
        assert await unit.accounts.last_posted(both) == {some.PAGE: some.later(3)}
        assert await unit.accounts.last_posted(frozenset()) == {}
