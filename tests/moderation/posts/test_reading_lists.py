"""Queues, counts, targets and what is near: lists of posts, each for one reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.checks.model import Check, Severity
from moderation.kernel import Asked, PostId, Timer
from moderation.posts.model import Dispute, Needs, Question, State, Veto
from moderation.posts.queries import (
    Mine,
    PostCard,
    Queue,
    ReadyCards,
    Targets,
    waiting_counts,
)
from moderation.posts.queries.reading import MOST_NEAR
from moderation.posts.queries.views import Conflict, QueuePage, Target
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import (
    ADE,
    FACEBOOK,
    LUND,
    NOW,
    OAK,
    OKAFOR,
    PACK,
    SAM,
    SHAH,
    X,
)
from tests.moderation.posts.shelves import (
    GONE,
    named,
    of_the_trust,
    store,
)
from tests.moderation.world import PRICE, STRANGER


if TYPE_CHECKING:
    from moderation.kernel import AccountId
    from moderation.posts.model import Post


async def test_the_queue_goes_round_and_counts_what_waits() -> None:
    first, second, third = (
        replace(named(name), opened_at=some.ago(hours=hours))
        for name, hours in (("01A", 3), ("01B", 2), ("01C", 1))
    )
    of = store(first, second, third)
    orders = {}
    for after in (None, first.id, second.id, third.id, PostId("of another day")):
        queue = await of.ask(Queue(after=after), OKAFOR)
        orders[after] = [page.post.id for page in (queue.first, *queue.rest) if page is not None]
    assert orders == {
        None: ["01A", "01B", "01C"],
        "01A": ["01B", "01C", "01A"],
        "01B": ["01C", "01A", "01B"],
        "01C": ["01A", "01B", "01C"],
        "of another day": ["01A", "01B", "01C"],
    }
    assert (await of.ask(Queue(), OKAFOR)).after == 2


async def test_who_has_nothing_to_decide_has_an_empty_queue() -> None:
    of = store(some.post())
    for nobody in (SAM, STRANGER, None):
        assert await of.ask(Queue(), nobody) == QueuePage(first=None, after=0)


async def test_nothing_waits_for_somebody_who_is_not_on_the_list_of_people_any_more() -> None:
    of = store(some.post())
    async with of.units.read() as unit:
        asked = Asked(by=Timer(), key="k", at=NOW, person=GONE)
        assert await Queue().read(unit, asked, of.schools) == QueuePage(first=None, after=0)


async def test_a_post_waits_for_the_head_only_where_the_head_is_meant() -> None:
    asked = Question(person=SAM, words="May we?", at=NOW)
    patience = timedelta(hours=PACK.settings.ask_head_after_hours)
    by_head = some.revision(1, needs=Needs(head=True))
    few = some.revision(1, needs=Needs(seconds=2), authors=frozenset({SAM, OKAFOR}))
    posts = {
        "": named("01A"),
        "asked": named("01B", questions=(asked,)),
        "needed": named("01C", revision=by_head),
        "too few": named("01D", revision=few),
        "her no": named("01E", vetoes=(Veto(person=ADE, reason="No.", at=NOW),)),
        "their no": named("01F", vetoes=(Veto(person=LUND, reason="No.", at=NOW),)),
        "late": named("01G", entered_at=NOW - patience),
        "not late": named("01H", entered_at=NOW - patience + timedelta(seconds=1)),
    }
    of = store(*posts.values())
    queue = await of.ask(Queue(), ADE)
    waits = {page.post.id for page in (queue.first, *queue.rest) if page is not None}
    named_so = {name for name, post in posts.items() if post.id in waits}
    assert named_so == {"asked", "needed", "too few", "her no", "late"}
    async with of.units.read() as unit:
        counts = await waiting_counts(unit, of.schools, (ADE, LUND), NOW)
    assert counts == {ADE: 5, LUND: 8}


async def test_a_draft_waits_for_the_head_only_with_an_open_point() -> None:
    block = some.finding(some.rule_of(Check.PUPIL_NAMES, Severity.BLOCK))
    asked_about = Dispute(finding=block.key, person=SAM, reason="A river.", at=NOW)
    open_point = named("01A", State.DRAFT, findings=(block,), disputes=(asked_about,))
    not_asked = named("01B", State.DRAFT, findings=(block,))
    mended = named("01C", State.DRAFT, disputes=(asked_about,))
    heads_own = replace(
        open_point, id=PostId("01D"), revision=some.revision(1, authors=frozenset({ADE}), by=ADE)
    )
    of = store(open_point, not_asked, mended, heads_own)
    waits = {}
    for who in (ADE, SHAH, OKAFOR):
        queue = await of.ask(Queue(), who)
        waits[who] = [page.post.id for page in (queue.first, *queue.rest) if page is not None]
    assert waits == {ADE: ["01A"], SHAH: ["01D"], OKAFOR: []}
    async with of.units.read() as unit:
        counts = await waiting_counts(unit, of.schools, (ADE, SHAH, OKAFOR, SAM), NOW)
    assert counts == {ADE: 1, SHAH: 1, OKAFOR: 0, SAM: 0}


async def test_how_many_wait_is_counted_over_every_school() -> None:
    said = named("01B", approvals=(some.approval(OKAFOR),))
    over = named("01C", State.PUBLISHED)
    of = store(named("01A"), said, over, replace(of_the_trust(), id=PostId("01D")))
    async with of.units.read() as unit:
        counts = await waiting_counts(unit, of.schools, (OKAFOR, LUND, PRICE, SAM), NOW)
    assert counts == {OKAFOR: 1, LUND: 2, PRICE: 1, SAM: 0}


async def test_mine_are_as_many_as_asked_for() -> None:
    posts = [named(f"01{at:02}") for at in range(22)]
    of = store(*posts)
    assert len(await of.ask(Mine(), SAM)) == 20
    assert len(await of.ask(Mine(limit=2), SAM)) == 2
    assert await of.ask(Mine(), None) == ()
    assert await of.ask(ReadyCards(), None) == ()
    assert await of.ask(Targets(), None) == ()


async def test_a_target_says_where_it_belongs() -> None:
    [target] = [one for one in await store().ask(Targets(), SAM) if one.account == X]
    assert target == Target(account=X, school=OAK, platform="x", name="Oakfield Primary", limit=280)


async def test_at_most_a_handful_near_it_are_told_and_drafts_are_not() -> None:
    at = some.hence(days=1)
    words = some.content(accounts=(X, FACEBOOK), not_before=at)

    def near(name: str, minutes: int, *accounts: AccountId, state: State) -> Post:
        there = some.content(accounts=accounts, not_before=at + timedelta(minutes=minutes))
        return named(name, state, revision=some.revision(1, content=there))

    post = named("01A", revision=some.revision(1, content=words))
    draft = near("01B", -3, FACEBOOK, state=State.DRAFT)
    before = near("01C", -2, FACEBOOK, state=State.APPROVED)
    rest = [near(f"01{at}", at, FACEBOOK, X, state=State.IN_REVIEW) for at in range(1, 7)]
    of = store(post, draft, before, *rest)
    page = await of.ask(PostCard(post=post.id), SAM)
    assert page is not None
    conflicts = page.view.conflicts
    assert len(conflicts) == MOST_NEAR
    assert conflicts[:2] == (
        Conflict(before.id, FACEBOOK, before.going_out_at),
        Conflict(rest[0].id, X, rest[0].going_out_at),
    )
