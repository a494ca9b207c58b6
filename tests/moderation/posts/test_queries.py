"""Who may see what of a post, and what waits for whom: asked of a store with two schools in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.kernel import PersonId, PostId, Reason
from moderation.people.model import Role, Span
from moderation.posts import commands as ask, present
from moderation.posts.model import Post, State
from moderation.posts.queries import (
    History,
    Mine,
    PostCard,
    Queue,
    ReadyCards,
    Sight,
    Targets,
    WhoIsIn,
    sight,
    why_not,
)
from moderation.posts.refusals import Refusal
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.world import MARSH, PRICE, STRANGER, world
from tests.proves import proves


EVERYBODY = (*some.NAMES, PRICE, MARSH, STRANGER)
DECIDERS = {some.OKAFOR, some.LUND, some.ADE, some.NOVAK}


def named(name: str, state: State = State.IN_REVIEW, **fields: object) -> Post:
    made = some.post(state, **fields)
    return replace(made, id=PostId(name))


# -- who sees it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        (State.DRAFT, {some.SAM}),
        (State.IN_REVIEW, {some.SAM} | DECIDERS),
        (State.CHANGES_REQUESTED, {some.SAM} | DECIDERS),
        (State.REJECTED, {some.SAM} | DECIDERS),
        (State.APPROVED, {some.SAM} | DECIDERS),
        (State.RELEASED, {some.SAM} | DECIDERS),
        (State.PUBLISHED, set(some.NAMES)),
        (State.WITHDRAWN, {some.SAM} | DECIDERS),
        (State.EXPIRED, {some.SAM} | DECIDERS),
    ],
)
@proves("STEP-MOD-1")
async def test_who_sees_the_words_of_a_post(state: State, readers: set[PersonId]) -> None:
    post = some.post(state)
    store = world(post)
    seeing = set()
    for reader in EVERYBODY:
        page = await store.ask(PostCard(post=post.id), reader)
        if page is not None and some.TEXT in present.card(page.post, page.view).fallback:
            seeing.add(reader)
    assert seeing == readers


@pytest.mark.parametrize("name", some.EXAMPLES)
async def test_another_school_never_sees_anything(name: str) -> None:
    post = some.EXAMPLES[name]
    store = world(post)
    for reader in (PRICE, MARSH, STRANGER, None):
        for query in (PostCard(post=post.id), History(post=post.id), WhoIsIn(post=post.id)):
            assert await store.ask(query, reader) is None
        assert await store.ask(Mine(), reader) == ()
        assert await store.ask(ReadyCards(), reader) == ()
        assert (await store.ask(Queue(), reader)).first is None


async def test_a_post_that_does_not_exist_is_nothing() -> None:
    assert await world().ask(PostCard(post=PostId("01NONE")), some.SAM) is None


async def test_whoever_left_sees_nothing_not_even_their_own() -> None:
    post = some.post()
    store = world(post)
    gone = replace(
        store.units.state.people[some.SAM],
        appointments=tuple(
            replace(held, span=Span(end=some.TODAY - timedelta(days=1)))
            for held in store.units.state.people[some.SAM].appointments
        ),
    )
    store.units.state.people[some.SAM] = gone
    assert await store.ask(PostCard(post=post.id), some.SAM) is None
    assert await store.ask(Mine(), some.SAM) == ()


async def test_a_refusal_about_a_hidden_post_tells_nothing() -> None:
    post = some.post(State.APPROVED, approvals=(some.approval(),))
    store = world(post)
    reasons = (Reason(Refusal.CLOSED, {"state": State.APPROVED}), Reason(Refusal.NOT_AN_APPROVER))
    hidden = ask.Approve(post=post.id, seen=1)
    unknown = ask.Approve(post=PostId("01NONE"), seen=1)
    answers = {
        present.refusal(reasons, await store.ask(why_not(hidden), MARSH)),
        present.refusal((Reason(Refusal.UNKNOWN_POST),), await store.ask(why_not(unknown), MARSH)),
    }
    assert len(answers) == 1
    known = present.refusal(reasons, await store.ask(why_not(hidden), some.SAM))
    assert known[0] == "Mrs Okafor has already approved this. Nothing changed."


async def test_a_refused_proposal_is_explained_by_its_accounts() -> None:
    command = ask.Propose(post=PostId("01NEW"), content=some.content(accounts=(place.MILL_PAGE,)))
    view = await world().ask(why_not(command), MARSH)
    words = present.refusal((Reason(Refusal.NO_SECOND_PERSON, {"head": PRICE}),), view)
    assert "Mrs Price (headteacher) can name another moderator." in words[0]


async def test_a_stranger_is_told_so() -> None:
    view = await world(some.post()).ask(why_not(ask.Withdraw(post=some.POST)), STRANGER)
    assert "I don't know you yet" in present.refusal((Reason(Refusal.UNKNOWN_PERSON),), view)[0]


# -- what goes with a post -------------------------------------------------------------------------


async def test_a_view_brings_names_initials_pictures_and_conflicts() -> None:
    post = some.post(revision=some.revision(content=some.WITH_PICTURE))
    near = replace(
        named("01NEAR"),
        revision=some.revision(
            content=some.content(not_before=post.going_out_at + timedelta(minutes=30))
        ),
    )
    far = replace(
        named("01FAR"),
        revision=some.revision(
            content=some.content(not_before=post.going_out_at + timedelta(minutes=31))
        ),
    )
    page = await world(post, near, far).ask(PostCard(post=post.id), some.OKAFOR)
    assert page is not None
    assert page.view.version == 3
    assert page.view.names[some.LUND] == "Mr Lund"
    assert page.view.pictured == ("B.Ł., Year 4", "M.K., Year 4")
    assert set(page.view.pictures) == {some.PICTURE}
    assert [conflict.post for conflict in page.view.conflicts] == [near.id]
    assert page.view.conflicts[0].account == some.FACEBOOK


async def test_somebody_who_left_is_still_named() -> None:
    post = some.post(revision=some.revision(authors=frozenset({some.SAM, MARSH})))
    page = await world(post).ask(PostCard(post=post.id), some.OKAFOR)
    assert page is not None
    assert page.view.names[MARSH] == "Mr Marsh"


# -- lists -----------------------------------------------------------------------------------------


async def test_mine_are_the_posts_that_are_not_over() -> None:
    store = world(named("01A"), named("01B", State.DRAFT), named("01C", State.PUBLISHED))
    mine = await store.ask(Mine(), some.SAM)
    assert {page.post.id for page in mine} == {"01A", "01B"}
    assert await store.ask(Mine(), some.LUND) == ()


async def test_the_queue_is_what_i_can_decide_oldest_first() -> None:
    old = replace(named("01OLD"), opened_at=some.ago(hours=3))
    new = replace(named("01NEW"), opened_at=some.ago(hours=1))
    said = replace(
        named("01SAID"), opened_at=some.ago(hours=5), approvals=(some.approval(some.OKAFOR),)
    )
    own = named("01OWN", revision=some.revision(authors=frozenset({some.OKAFOR})))
    over = named("01OVER", State.APPROVED)
    store = world(new, old, said, own, over)
    page = await store.ask(Queue(), some.OKAFOR)
    assert page.first is not None
    assert (page.first.post.id, page.after) == ("01OLD", 1)
    assert [item.post.id for item in page.rest] == ["01NEW"]
    following = await store.ask(Queue(after=PostId("01OLD")), some.OKAFOR)
    assert following.first is not None
    assert following.first.post.id == "01NEW"
    around = await store.ask(Queue(after=PostId("01NEW")), some.OKAFOR)
    assert around.first is not None
    assert around.first.post.id == "01OLD"


async def test_the_queue_of_the_head_holds_a_point_that_was_asked_about() -> None:
    post = some.EXAMPLES["disputed draft"]
    page = await world(post).ask(Queue(), some.ADE)
    assert page.first is not None
    assert page.first.post == post
    assert (await world(post).ask(Queue(), some.OKAFOR)).first is None


@proves("STEP-MOD-1")
@pytest.mark.parametrize("reader", EVERYBODY)
async def test_no_queue_holds_a_post_of_the_readers_own(reader: PersonId) -> None:
    posts = [
        named(f"01{who}", revision=some.revision(authors=frozenset({who}), by=who))
        for who in some.NAMES
    ]
    page = await world(*posts).ask(Queue(), reader)
    found = (page.first, *page.rest)
    assert all(reader not in item.post.authors for item in found if item is not None)


async def test_ready_cards_are_for_who_posts() -> None:
    post = some.EXAMPLES["ready"]
    store = world(post)
    assert [page.post.id for page in await store.ask(ReadyCards(), some.SAM)] == [post.id]
    assert await store.ask(ReadyCards(), some.LUND) == ()


async def test_targets_are_the_open_pages_i_may_write_for() -> None:
    store = world()
    accounts = store.units.state.accounts
    closed = replace(accounts[some.X], closed_on=accounts[some.X].opened_on)
    assert [item.account for item in await store.ask(Targets(), some.SAM)] == [
        some.FACEBOOK,
        some.X,
    ]
    accounts[some.X] = closed
    targets = await store.ask(Targets(), some.SAM)
    assert [(item.platform, item.name, item.limit) for item in targets] == [
        ("facebook", "Oakfield Primary", 63_206)
    ]
    assert {item.account for item in await store.ask(Targets(), PRICE)} == {
        place.MILL_PAGE,
        place.TRUST_PAGE,
    }
    assert await store.ask(Targets(), some.DIAZ) == ()
    assert await store.ask(Targets(), STRANGER) == ()


@proves("MET-HEAD-1")
async def test_a_head_of_a_school_is_not_the_head_of_the_trust() -> None:
    post = named(
        "01TRUST", revision=some.revision(content=some.content(accounts=(place.TRUST_PAGE,)))
    )
    post = replace(
        post, school=place.TRUST, revision=replace(post.revision, authors=frozenset({PRICE}))
    )
    page = await world(post).ask(PostCard(post=post.id), some.ADE)
    assert page is not None
    rights = page.view.rights
    assert rights.head() == some.QUINN
    assert rights.may_approve(some.ADE, post.authors)
    assert not rights.could_be_head(some.ADE)
    assert sight(post, rights, MARSH) is Sight.NOTHING
    assert Role.HEADTEACHER not in rights.roles(some.ADE)


# -- in full ---------------------------------------------------------------------------------------


async def test_who_is_in_the_picture_is_for_those_who_decide() -> None:
    post = some.post(revision=some.revision(content=some.WITH_PICTURE))
    store = world(post)
    found = await store.ask(WhoIsIn(post=post.id), some.OKAFOR)
    assert found is not None
    assert [pupil.name for pupil in found.pupils] == ["Millie Khan", "Bruno Łukasik"]
    for reader in (some.HART, some.DIAZ, MARSH, STRANGER):
        assert await store.ask(WhoIsIn(post=post.id), reader) is None


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (some.SAM, True),
        (some.OKAFOR, True),
        (some.ADE, True),
        (some.HART, True),
        (some.QUINN, True),
        (some.NOVAK, False),
        (some.DIAZ, False),
        (PRICE, False),
    ],
)
async def test_who_reads_the_history(reader: PersonId, sees: bool) -> None:  # noqa: FBT001 -- a case
    post = some.post()
    assert (await world(post).ask(History(post=post.id), reader) is not None) == sees
