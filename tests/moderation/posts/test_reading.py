"""What a reader is given with a post, to the last field, from a store that has all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import Check, Pictured, Severity, Who
from moderation.holds.model import Hold
from moderation.kernel import Asked, PersonId, PostId, PupilKey, SubjectRef, Timer
from moderation.posts import commands as ask
from moderation.posts.events import Proposed, Revised
from moderation.posts.model import Dispute, Needs, Pause, Posted, Question, State, Veto
from moderation.posts.queries import (
    History,
    Mine,
    PostCard,
    Queue,
    ReadyCards,
    Targets,
    WhoIsIn,
    waiting_counts,
    why_not,
)
from moderation.posts.queries.past import Past
from moderation.posts.queries.reading import MOST_NEAR, names_of
from moderation.posts.queries.views import Conflict, PicturedPupil, QueuePage, Target, WhoPage
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import (
    ADE,
    FACEBOOK,
    LUND,
    NOW,
    OAK,
    OKAFOR,
    PACK,
    PICTURE,
    SAM,
    SHAH,
    TRUST,
    X,
)
from tests.moderation.world import MARSH, MILL, MILL_PAGE, PRICE, STRANGER, TRUST_PAGE, world


if TYPE_CHECKING:
    from moderation.kernel import AccountId
    from moderation.posts.model import Post
    from tests.moderation.world import World


OLDER = replace(PACK, digest="sha256:" + "1" * 64)
MILLIE, WREN = PupilKey("p1"), PupilKey("m1")
GONE = PersonId("gone")
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
"""In London it is the next day."""


def store(*posts: Post) -> World:
    made = world(*posts)
    made.units.older = (OLDER,)
    return made


def named(name: str, state: State = State.IN_REVIEW, **fields: object) -> Post:
    return replace(some.post(state, **fields), id=PostId(name))


def of_the_trust(state: State = State.IN_REVIEW, **fields: object) -> Post:
    words = replace(some.content(accounts=(TRUST_PAGE,)), **fields)  # type: ignore[arg-type]
    return replace(some.post(state, revision=some.revision(1, content=words)), school=TRUST)


def pause(of: World, where: object) -> Pause:
    made = Pause(place=where, by=GONE, since=NOW)  # type: ignore[arg-type]
    hold = Hold(school=made.place, number=1, by=made.by, reason="Wait.", at=made.since)
    of.units.state.holds[made.place] = (hold, 1)
    return made


# -- one post with its view -----------------------------------------------------------------------


async def test_a_view_has_everything_around_the_post() -> None:
    words = some.content(accounts=(FACEBOOK, X), attachments=(some.attachment(),))
    post = some.post(revision=some.revision(1, content=words, pack=OLDER.digest))
    of = store(post)
    left = replace(some.person(SAM), id=GONE, name="Mr Gone", appointments=())
    of.units.state.people[GONE] = left
    paused = pause(of, TRUST)
    page = await of.ask(PostCard(post=post.id), OKAFOR)
    assert page is not None
    view = page.view
    assert (page.post, view.viewer, view.version) == (post, OKAFOR, 3)
    assert (view.now, view.zone, view.pack) == (NOW, some.LONDON, OLDER)
    assert view.school == "Oakfield Primary School"
    assert view.accounts == {FACEBOOK: some.ACCOUNTS[FACEBOOK], X: some.ACCOUNTS[X]}
    assert view.pictures == {PICTURE: some.inspection()}
    assert (view.rights.school, view.rights.accounts) == (OAK, frozenset({FACEBOOK, X}))
    # Whoever paused is named, though they have left.
    assert view.names == some.NAMES | {GONE: "Mr Gone"}
    assert view.pause == paused


@pytest.mark.parametrize(
    ("state", "where", "seen"),
    [
        (State.IN_REVIEW, OAK, True),
        (State.IN_REVIEW, TRUST, True),
        (State.IN_REVIEW, MILL, False),
        (State.PUBLISHED, OAK, False),
        (State.WITHDRAWN, OAK, False),
    ],
)
async def test_a_pause_is_told_of_what_is_not_over(state: State, where: object, seen: bool) -> None:  # noqa: FBT001 -- a case
    post = some.post(state)
    of = store(post)
    paused = pause(of, where)
    page = await of.ask(PostCard(post=post.id), SAM)
    assert page is not None
    assert page.view.pause == (paused if seen else None)


async def test_the_day_is_the_schools_own() -> None:
    post = some.post()
    of = store(post)
    page = await of.ask(PostCard(post=post.id), SAM, LATE)
    view = await of.ask(why_not(ask.Withdraw(post=post.id)), SAM, LATE)
    assert page is not None
    assert page.view.rights.today == view.rights.today == date(2026, 7, 2)


async def test_whoever_a_card_may_name_is_named_though_they_left() -> None:
    question = Question(person=GONE, words="May we?", at=NOW)
    no = Veto(person=GONE, reason="Not like this.", at=NOW)
    of_one_of_them: tuple[dict[str, object], ...] = (
        {"removal_asked": question},
        {"questions": (question, replace(question, person=None))},
        {"change_request": no},
        {"approvals": (some.approval(GONE),)},
        {"vetoes": (no,)},
        {"postings": (replace(some.posting(Posted.YES), person=GONE),)},
        {"revision": some.revision(1, authors=frozenset({SAM, GONE}), by=GONE)},
        {"revision": some.revision(1, authors=frozenset({SAM, GONE}))},
    )
    for fields in of_one_of_them:
        post = some.post(State.RELEASED, **fields)
        of = store(post)
        of.units.state.people[GONE] = replace(
            some.person(SAM), id=GONE, name="Mr Gone", appointments=()
        )
        page = await of.ask(PostCard(post=post.id), ADE)
        assert page is not None
        assert page.view.names == some.NAMES | {GONE: "Mr Gone"}


async def test_a_post_of_a_school_that_is_no_longer_there_has_its_id() -> None:
    post = replace(some.post(), school="closed")  # type: ignore[arg-type]
    of = store(post)
    assert names_of(some.rights()) == some.NAMES
    view = await of.ask(why_not(ask.Withdraw(post=post.id)), SAM)
    assert view.school == "closed"


@pytest.mark.parametrize(
    ("reader", "told"), [(SAM, True), (OKAFOR, True), (some.HART, True), (some.NOVAK, False)]
)
async def test_the_history_is_in_the_view_of_those_who_may_read_it(
    reader: PersonId,
    told: bool,  # noqa: FBT001 -- a case
) -> None:
    published = some.post(State.PUBLISHED)
    of = store(published)
    assert await noted(of, published.id, OKAFOR) is not None
    shown = await of.ask(PostCard(post=published.id), reader)
    assert shown is not None
    assert [line.tag for line in shown.view.history] == (["post:pupils_seen"] if told else [])
    read = await of.ask(History(post=published.id), reader)
    assert (read is not None) is told


async def test_since_when_the_words_stand_is_told_to_those_who_may_not_read_the_history() -> None:
    published = some.post(State.PUBLISHED)
    of = store(published)
    for at, event in (
        (some.ago(hours=2), Proposed(post=published.id, school=OAK, revision=published.revision)),
        (some.ago(hours=1), Revised(revision=published.revision)),
    ):
        asked = Asked(by=Timer(), key=f"write-{at}", at=at, person=SAM)
        async with of.units.write() as unit:
            await unit.record(asked, SubjectRef("post", published.id), 3, (event,), ())
            await unit.commit()
    page = await of.ask(PostCard(post=published.id), some.NOVAK)
    assert page is not None
    assert page.view.past == Past(written_at=some.ago(hours=1), changed=True)
    assert page.view.history == ()


async def noted(of: World, post: PostId, who: PersonId) -> WhoPage | None:
    """Who is in the picture, asked as the service does: that somebody looked is kept."""
    asked = Asked(by=Timer(), key=f"note-{who}", at=NOW, person=who)
    async with of.units.write() as unit:
        page = await WhoIsIn(post=post).read(unit, asked, of.schools)
        await unit.commit()
    return page


# -- lists ----------------------------------------------------------------------------------------


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


# -- who is in the picture ------------------------------------------------------------------------


async def test_who_is_in_the_picture_of_the_trust_may_be_of_every_school() -> None:
    shown = Pictured(who=Who.THESE, pupils=frozenset({MILLIE, WREN}))
    of = store(of_the_trust(pictured=shown))
    page = await noted(of, some.POST, ADE)
    assert page is not None
    assert page.pupils == (
        PicturedPupil(name="Millie Khan", year="Year 4", form="4B"),
        PicturedPupil(name="Wren Tindall", year="Year 1", form="Acorn"),
    )
    assert {repr(pupil) for pupil in page.pupils} == {"PicturedPupil(…)"}
    assert page.page.post.id == some.POST
    assert page.page.view.pictured == ("M.K., Year 4", "W.T., Year 1")
    [seen] = of.units.state.happened
    assert (seen.subject, seen.version) == (SubjectRef("post", some.POST), 3)
    assert (seen.event.tag, seen.asked.person) == ("post:pupils_seen", ADE)


async def test_only_the_schools_own_are_looked_at_for_a_school() -> None:
    shown = Pictured(who=Who.THESE, pupils=frozenset({MILLIE, WREN}))
    post = some.post(revision=some.revision(1, content=some.content(pictured=shown)))
    of = store(post)
    page = await noted(of, post.id, OKAFOR)
    assert page is not None
    assert [pupil.name for pupil in page.pupils] == ["Millie Khan"]
    assert page.page.view.pictured == ("M.K., Year 4",)
    of.units.state.rolls.clear()
    card = await of.ask(PostCard(post=post.id), OKAFOR)
    assert card is not None
    assert card.view.pictured == ()


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (SAM, True),
        (OKAFOR, True),
        (some.NOVAK, True),
        (some.HART, False),
        (some.DIAZ, False),
        (PRICE, False),
    ],
)
async def test_names_are_for_authors_and_those_who_decide_or_stop(
    reader: PersonId,
    told: bool,  # noqa: FBT001 -- a case
) -> None:
    published = some.post(State.PUBLISHED)
    of = store(published)
    assert (await noted(of, published.id, reader) is not None) is told
    assert len(of.units.state.happened) == told


async def test_names_are_for_whoever_stands_in_for_the_head_who_wrote_it() -> None:
    by_head = some.post(revision=some.revision(1, authors=frozenset({ADE}), by=ADE))
    assert await noted(store(by_head), by_head.id, SHAH) is not None


async def test_of_a_post_that_is_none_nobody_is_told() -> None:
    assert await noted(store(), PostId("none"), OKAFOR) is None


# -- refusals -------------------------------------------------------------------------------------


async def test_the_view_of_a_refusal_is_of_the_post_and_its_own_pack() -> None:
    words = some.content(accounts=(FACEBOOK,))
    post = some.post(revision=some.revision(1, content=words, pack=OLDER.digest))
    of = store(post)
    view = await of.ask(why_not(ask.Withdraw(post=post.id)), OKAFOR)
    assert (view.viewer, view.now, view.zone) == (OKAFOR, NOW, some.LONDON)
    assert (view.post, view.pack, view.hidden) == (post, OLDER, False)
    assert view.accounts == {FACEBOOK: some.ACCOUNTS[FACEBOOK]}
    assert (view.names, view.school) == (some.NAMES, "Oakfield Primary School")
    assert (view.rights.school, view.rights.accounts) == (OAK, frozenset({FACEBOOK}))
    elsewhere = ask.Revise(post=post.id, seen=1, content=some.content(accounts=(X,)))
    explained = await of.ask(why_not(elsewhere), OKAFOR)
    assert explained.post == post
    assert explained.accounts.keys() == {X}
    assert (await of.ask(why_not(ask.Withdraw(post=post.id)), PRICE)).hidden


async def test_the_view_of_a_proposal_is_of_the_school_it_is_for() -> None:
    of = store()
    command = ask.Propose(post=some.POST, content=some.content(accounts=(X,)))
    view = await of.ask(why_not(command), SAM)
    assert (view.post, view.pack, view.school) == (None, PACK, "Oakfield Primary School")
    assert view.accounts.keys() == {X}
    nothing = await of.ask(why_not(ask.Withdraw(post=PostId("none"))), None)
    assert (nothing.school, nothing.viewer) == ("Fernhill Learning Trust", None)
    assert (nothing.accounts, nothing.hidden) == ({}, False)


@pytest.mark.parametrize(
    ("page", "reader", "elsewhere"),
    [
        (MILL_PAGE, SAM, True),
        (MILL_PAGE, MARSH, False),
        (MILL_PAGE, some.QUINN, False),
        (MILL_PAGE, None, False),
        (FACEBOOK, MARSH, True),
        (TRUST_PAGE, SAM, False),
    ],
)
async def test_a_proposal_is_for_elsewhere_where_its_writer_is_nobody_at_that_school(
    page: AccountId,
    reader: PersonId | None,
    elsewhere: bool,  # noqa: FBT001 -- a case
) -> None:
    command = ask.Propose(post=some.POST, content=some.content(accounts=(page,)))
    assert (await store().ask(why_not(command), reader)).elsewhere is elsewhere
    # Of a post that there is, hidden says it all.
    assert not (await store(some.post()).ask(why_not(command), reader)).elsewhere
