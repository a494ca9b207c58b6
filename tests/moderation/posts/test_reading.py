"""What a reader is given with a post, to the last field, from a store that has all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import Pictured, Who
from moderation.kernel import Asked, PersonId, PostId, SubjectRef, Timer
from moderation.posts import commands as ask
from moderation.posts.events import Proposed, Revised
from moderation.posts.model import Posted, Question, State, Veto
from moderation.posts.queries import (
    Declared,
    History,
    PostCard,
    WhoIsIn,
    why_not,
)
from moderation.posts.queries.past import Past
from moderation.posts.queries.reading import names_of
from moderation.posts.queries.views import PicturedPupil, WhoPage
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import (
    ADE,
    FACEBOOK,
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
from tests.moderation.posts.shelves import (
    GONE,
    LATE,
    MILLIE,
    OLDER,
    WREN,
    of_the_trust,
    pause,
    store,
)
from tests.moderation.world import MARSH, MILL, MILL_PAGE, PRICE, TRUST_PAGE


if TYPE_CHECKING:
    from moderation.kernel import AccountId
    from moderation.people.queries import FoundPupil
    from tests.moderation.world import World


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


async def declared(of: World, who: PersonId) -> tuple[FoundPupil, ...]:
    """Who is in it, asked as the service does for the form of a correction."""
    asked = Asked(by=Timer(), key=f"form-{who}", at=NOW, person=who)
    async with of.units.write() as unit:
        found = await Declared(post=some.POST).read(unit, asked, of.schools)
        await unit.commit()
    return found


def looked(of: World) -> list[tuple[str, PersonId | None]]:
    """What is on record, and of whom."""
    return [(it.event.tag, it.asked.person) for it in of.units.state.happened]


# -- who is in the picture ------------------------------------------------------------------------


async def test_the_form_of_a_correction_names_the_pupils_and_notes_who_didn_t_write_it() -> None:
    shown = Pictured(who=Who.THESE, pupils=frozenset({MILLIE}))
    of = store(some.post(revision=some.revision(1, content=some.content(pictured=shown))))
    assert [it.key for it in await declared(of, SAM)] == [MILLIE]
    for reader in (some.HART, some.DIAZ, MARSH):
        assert await declared(of, reader) == ()
    assert looked(of) == []
    assert [it.key for it in await declared(of, OKAFOR)] == [MILLIE]
    assert looked(of) == [("post:pupils_seen", OKAFOR)]


async def test_whoever_corrects_a_post_without_pupils_has_looked_at_nobody() -> None:
    of = store(some.post())
    assert await declared(of, OKAFOR) == ()
    assert looked(of) == []


async def test_a_correction_of_the_trusts_names_pupils_of_every_school() -> None:
    shown = Pictured(who=Who.THESE, pupils=frozenset({MILLIE, WREN}))
    of = store(of_the_trust(pictured=shown))
    assert [it.key for it in await declared(of, ADE)] == [MILLIE, WREN]


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
