"""What every store of the rooms promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from moderation.accounts.model import MonthOrDay
from moderation.checks.model import Purpose, Status
from moderation.holds.model import Hold
from moderation.imports.model import (
    Batch,
    BatchId,
    Change,
    Confirmation,
    Counts,
    Gain,
    Kind,
    People,
    Pupils,
    Roll,
    State as BatchState,
)
from moderation.kernel import (
    AccountId,
    Asked,
    Conflict,
    CorruptStore,
    Identity,
    Later,
    PersonId,
    Platform,
    PostId,
    Show,
    SubjectRef,
    Timer,
)
from moderation.oversight.model import Concern, Flag, Watch
from moderation.people.model import AccountRole, Grant, Role, Span, Standing
from moderation.ports import Conversation, Unusable
from moderation.posts.commands import Release
from moderation.posts.events import Reminded
from moderation.posts.model import Needs, Pause, Posted, Posting, State
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation import service
    from moderation.checks.model import PupilName
    from moderation.imports.model import Content
    from moderation.imports.ports import ImportsUnit
    from moderation.posts.model import Post
    from storage.unit_of_work import Unit, Units
    from tests.databases import AnyUnits
    from tests.fakes.units import FakeUnit, FakeUnits


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


def as_the_service_asks(units: Units | FakeUnits) -> service.Units:
    """Checked by mypy: both stores are what the core's ports say."""
    return units


def as_imports_ask(unit: Unit | FakeUnit) -> ImportsUnit:
    """The same for the room of imports."""
    return unit


# -- posts ---------------------------------------------------------------------------------------


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
    await store(units, ready, expected=1)
    rows = tuple(some.published(ready, account_id=account) for account in (some.PAGE, some.FEED))
    released = replace(ready, state=State.RELEASED, publications=rows)
    await store(units, released, expected=2)
    kept = await load(units)
    assert kept.approvals == ready.approvals
    assert set(kept.publications) == set(rows)
    async with units.read() as unit:
        assert await unit.posts.released() == (PostId("p1"),)


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
        assert await posts.near(feed, *window, PostId("p9")) == (at_four.id,)
        assert await posts.near(feed, *window, at_four.id) == ()
        assert await posts.near(frozenset({some.PAGE}), *window, PostId("p9")) == ()
        assert await posts.near(feed, some.NOON, some.NOON, PostId("p4")) == (soon.id,)


# -- people and accounts -------------------------------------------------------------------------


async def test_people_are_found_by_id_identity_and_school(units: AnyUnits) -> None:
    visitor = some.person(PersonId("zed"), some.ELM)
    async with units.write() as unit:
        await unit.people.save((visitor, *some.STAFF))
        await unit.commit()
    async with units.read() as unit:
        people = unit.people
        assert await people.get(some.ANN) == some.STAFF[0]
        assert await people.get(PersonId("nobody")) is None
        assert await people.by_identity(Identity(Platform.TEAMS, "T-zed")) == visitor
        assert await people.by_identity(Identity(Platform.SANDBOX, "T-zed")) is None
        assert await people.who(Identity(Platform.TEAMS, "T-zed")) == visitor.id
        assert await people.who(Identity(Platform.SANDBOX, "T-zed")) is None
        assert await people.at(frozenset({some.OAK})) == some.STAFF
        assert await people.at(frozenset({some.OAK, some.ELM})) == (*some.STAFF, visitor)
        assert await people.at(frozenset()) == ()


async def test_a_person_is_replaced_as_a_whole(units: AnyUnits) -> None:
    ann = some.STAFF[0]
    slim = replace(ann, name="Ann Other", identities=ann.identities[:1], absences=())
    async with units.write() as unit:
        await unit.people.save((ann,))
        await unit.people.save((slim,))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.get(some.ANN) == slim
        assert await unit.people.by_identity(ann.identities[1]) is None


async def test_one_identity_is_one_person(units: AnyUnits) -> None:
    ann, bob = some.STAFF[:2]
    thief = replace(bob, identities=ann.identities)
    async with units.write() as unit:
        await unit.people.save((ann,))
        with pytest.raises(RuleBroken):
            await unit.people.save((thief,))
    async with units.write() as unit:
        await unit.people.save((ann, bob))
        # Moving an identity within one save is no theft.
        await unit.people.save((replace(ann, identities=()), thief))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.by_identity(ann.identities[0]) == thief


async def test_grants_of_an_account_are_replaced_together(units: AnyUnits) -> None:
    def grant(account: AccountId, who: PersonId, role: AccountRole) -> Grant:
        return Grant(account=account, person=who, role=role)

    lapsed = Grant(
        account=some.PAGE,
        person=some.BOB,
        role=AccountRole.MODERATOR,
        standing=Standing.PROPOSED,
        span=Span(end=date(2026, 1, 1)),
    )
    first = (grant(some.PAGE, some.CY, AccountRole.POSTER), lapsed)
    other = (grant(some.FEED, some.BOB, AccountRole.POSTER),)
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.people.save_grants(frozenset({some.PAGE}), (lapsed,))
        await unit.people.save_grants(frozenset({some.PAGE, some.FEED}), (*first, *other))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.grants(frozenset({some.PAGE})) == first
        assert await unit.people.grants(frozenset({some.PAGE, some.FEED})) == (*other, *first)
        assert await unit.people.grants(frozenset()) == ()
        assert await unit.people.grants_of(some.BOB) == (*other, lapsed)
    async with units.write() as unit:
        await unit.people.save_grants(frozenset({some.PAGE}), ())
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.grants(frozenset({some.PAGE, some.FEED})) == other


async def test_the_register_is_in_order(units: AnyUnits) -> None:
    page = some.account()
    feed = replace(some.account(some.FEED, platform="x"), opened_on=None, closed_on=None)
    elm = some.account(AccountId("elm-page"), some.ELM, "bluesky")
    async with units.write() as unit:
        await unit.accounts.save((feed, page, elm))
        await unit.commit()
    closed = replace(page, closed_on=MonthOrDay(2026, 10), name="Our page")
    async with units.write() as unit:
        await unit.accounts.save((closed,))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.accounts.get(some.PAGE) == closed
        assert await unit.accounts.get(AccountId("none")) is None
        assert await unit.accounts.of_school(some.OAK) == (closed, feed)
        assert await unit.accounts.all() == (elm, closed, feed)


async def test_cards_have_their_place(units: AnyUnits) -> None:
    channel = Conversation(Platform.SLACK, "C1")
    async with units.write() as unit:
        await unit.accounts.use_conversation(some.PAGE, Conversation(Platform.TEAMS, "T1"))
        await unit.accounts.use_conversation(some.PAGE, channel)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.accounts.conversation(some.PAGE) == channel
        assert await unit.accounts.conversation(some.OAK) is None


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


# -- pupils and consents -------------------------------------------------------------------------


def names(roster: object) -> list[str]:
    """The test's rosters are the plain tuple of names they were built from."""
    return [name.pupil for name in cast("Iterable[PupilName]", roster)]


async def test_a_roll_comes_back_and_makes_a_roster(units: AnyUnits) -> None:
    here, there = some.pupil(1), some.pupil(2, some.ELM)
    leaver = some.pupil(3, left_on=date(2026, 7, 20))
    gone = some.pupil(4, left_on=date(2025, 12, 31))
    async with units.read() as unit:
        assert await unit.rolls.roster(some.OAK) is None
        assert await unit.rolls.others(some.OAK) is None
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (leaver, gone, here))
        await unit.rolls.save_pupils(some.ELM, (there,))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.rolls.pupils(some.OAK) == (here, leaver, gone)
        assert names(await unit.rolls.roster(some.OAK)) == [here.key, leaver.key]
        assert names(await unit.rolls.others(some.OAK)) == [there.key]
        assert await unit.rolls.roster(some.TRUST) is None
        assert sorted(names(await unit.rolls.others(some.TRUST))) == sorted(
            [here.key, leaver.key, there.key]
        )


async def test_an_empty_list_is_no_missing_list(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, ())
        await unit.commit()
    async with units.read() as unit:
        assert names(await unit.rolls.roster(some.OAK)) == []


async def test_the_roster_follows_the_roll(units: AnyUnits) -> None:
    for number in (1, 2):
        async with units.write() as unit:
            await unit.rolls.save_pupils(some.OAK, (some.pupil(number),))
            await unit.commit()
        async with units.read() as unit:
            assert len(names(await unit.rolls.roster(some.OAK))) == number


async def test_an_undone_roll_leaves_no_roster(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (some.pupil(1),))
        assert len(names(await unit.rolls.roster(some.OAK))) == 1
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (some.pupil(2), some.pupil(3)))
        await unit.commit()
    async with units.read() as unit:
        assert len(names(await unit.rolls.roster(some.OAK))) == 2


async def test_a_number_is_one_pupil_of_a_school(units: AnyUnits) -> None:
    twin = replace(some.pupil(2), number="N1")
    async with units.write() as unit:
        with pytest.raises(RuleBroken):
            await unit.rolls.save_pupils(some.OAK, (some.pupil(1), twin))
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (some.pupil(1),))
        await unit.rolls.save_pupils(some.OAK, (replace(some.pupil(1), number="N7"),))
        await unit.rolls.save_pupils(some.ELM, (some.pupil(1, some.ELM),))
        await unit.commit()


async def test_consents_are_replaced_pupil_by_pupil(units: AnyUnits) -> None:
    one, two = some.pupil(1), some.pupil(2)
    photo, name = some.consent(one), some.consent(one, Status.REFUSED, Purpose.NAME)
    other = some.consent(two)
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (one, two))
        await unit.rolls.save_consents(some.OAK, (photo, other))
        await unit.rolls.save_consents(some.OAK, (name, photo))
        await unit.commit()
    async with units.read() as unit:
        found = await unit.rolls.consents(frozenset({one.key, some.pupil(9).key}))
        assert found == {one.key: (name, photo)}
        assert await unit.rolls.consents_at(some.OAK) == (name, photo, other)
        assert await unit.rolls.consents_at(some.ELM) == ()
        assert await unit.rolls.consents(frozenset()) == {}


async def test_a_pupil_of_whom_nothing_is_said_has_no_consent_left(units: AnyUnits) -> None:
    one, two, three = some.pupil(1), some.pupil(2), some.pupil(3)
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (one, two, three))
        await unit.rolls.save_consents(some.OAK, tuple(map(some.consent, (one, two, three))))
        refused = some.consent(two, Status.REFUSED)
        spoken_of = frozenset({one.key, two.key})
        await unit.rolls.save_consents(some.OAK, (refused,), of=spoken_of)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.rolls.consents_at(some.OAK) == (refused, some.consent(three))


# -- the rest ------------------------------------------------------------------------------------


async def test_inspections_are_kept_by_digest(units: AnyUnits) -> None:
    seen = some.inspection()
    async with units.write() as unit:
        await unit.inspections.add(seen)
        await unit.inspections.add(replace(seen, version=2))
        await unit.commit()
    async with units.read() as unit:
        found = await unit.inspections.get(frozenset({seen.blob, seen.clean}))
        assert found == {seen.blob: replace(seen, version=2)}


async def test_a_picture_waits_until_it_is_looked_at(units: AnyUnits) -> None:
    first, second = some.PICTURE, some.inspection().clean
    both = frozenset({first, second})
    async with units.write() as unit:
        for blob in (first, second, first):
            await unit.inspections.arrive(blob)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.inspections.waiting() == (first, second)
        assert await unit.inspections.known(both) == both
        assert await unit.inspections.get(both) == {}
        await unit.inspections.add(some.inspection())
        await unit.inspections.spoil(second, Unusable.DAMAGED)
        await unit.inspections.arrive(first)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.inspections.waiting() == ()
        assert await unit.inspections.known(both) == {first}
        assert set(await unit.inspections.get(both)) == {first}
        await unit.inspections.arrive(second)
        assert await unit.inspections.waiting() == (second,)


def batch(name: str, minutes: int, content: Content, **more: BatchState) -> Batch:
    return Batch(
        id=BatchId(name),
        kind=Kind.PUPILS if isinstance(content, Pupils) else Kind.PEOPLE,
        received_at=some.later(minutes),
        state=more.get("state", BatchState.WAITING),
        content=content,
        touches=frozenset({"ann"}),
        counts=Counts(added=3),
        changes=(Change(gain=Gain.HEAD, place=some.OAK, person=some.ANN, role=Role.HEADTEACHER),),
        confirmations=(
            Confirmation(person=some.BOB, places=frozenset({some.OAK}), in_chat=True, at=some.NOON),
        ),
    )


async def test_an_import_keeps_its_records_while_it_waits(units: AnyUnits) -> None:
    people = batch("b1", 1, People(people=some.STAFF, only=some.OAK))
    roll = Roll(school=some.OAK, pupils=(some.pupil(1),), unread=frozenset({"N9"}), whole=False)
    pupils = batch("b2", 2, Pupils(rolls=(roll,)))
    async with units.write() as unit:
        for new in (people, pupils):
            await unit.batches.put(new.id, new, 0)
            assert await unit.batches.get(new.id) == (new, 1)
        assert await unit.batches.get("b9") is None
        applied = replace(pupils, state=BatchState.APPLIED, decided_at=some.later(9))
        await unit.batches.put("b2", applied, 1)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.batches.get("b1") == (people, 1)
        assert await unit.batches.get("b2") == (replace(applied, content=None), 2)
        with pytest.raises(Conflict):
            await unit.batches.put("b2", applied, 1)


async def test_imports_are_found_in_the_order_in_which_they_came(units: AnyUnits) -> None:
    content = People(people=())
    one, two, three = (batch(f"b{n}", n // 2, content) for n in (2, 3, 4))
    done = batch("b5", 9, content, state=BatchState.DECLINED)
    other = batch("b6", 9, Pupils(rolls=()))
    async with units.write() as unit:
        for new in (done, three, other, two, one):
            await unit.batches.put(new.id, new, 0)
        await unit.commit()
    async with units.read() as unit:
        waiting = await unit.batches.waiting(Kind.PEOPLE)
        assert waiting == tuple(replace(it, content=None) for it in (one, two, three))
        newer = await unit.batches.newer(one)
        assert newer == tuple(replace(it, content=None) for it in (two, three, done))


async def test_a_watch_comes_back(units: AnyUnits) -> None:
    day = date(2026, 11, 18)
    flag = Flag(account=some.PAGE, concern=Concern.STALE, since=day, days=46)
    watch = Watch(school=some.OAK, looked_on=day, flags=(flag,))
    async with units.write() as unit:
        assert await unit.watches.get(some.OAK) is None
        await unit.watches.put(some.OAK, watch, 0)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.watches.get(some.OAK) == (watch, 1)
        await unit.watches.put(some.OAK, replace(watch, flags=()), 1)
        await unit.commit()
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.watches.put(some.OAK, watch, 1)


async def test_a_hold_comes_back_and_says_what_is_in_force(units: AnyUnits) -> None:
    hold = Hold(school=some.OAK, number=1, by=some.ANN, reason="Flood.", at=some.later(5))
    trust = replace(hold, school=some.TRUST, by=some.BOB, at=some.later(1))
    both = (some.OAK, some.TRUST)
    async with units.write() as unit:
        assert await unit.holds.get(some.OAK) is None
        assert await unit.holds.over(both) is None
        await unit.holds.put(some.OAK, hold, 0)
        await unit.commit()
    oak = Pause(place=some.OAK, by=some.ANN, since=some.later(5))
    async with units.write() as unit:
        assert await unit.holds.get(some.OAK) == (hold, 1)
        assert await unit.holds.over(both) == oak
        assert await unit.holds.over((some.TRUST,)) is None
        await unit.holds.put(some.TRUST, trust, 0)
        await unit.commit()
    started = replace(hold, started_by=some.BOB, started_at=some.later(9))
    async with units.write() as unit:
        # The oldest speaks for all.
        assert await unit.holds.over(both) == Pause(
            place=some.TRUST, by=some.BOB, since=some.later(1)
        )
        assert await unit.holds.over((some.OAK,)) == oak
        await unit.holds.put(some.OAK, started, 1)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.holds.get(some.OAK) == (started, 2)
        assert await unit.holds.over((some.OAK,)) is None
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.holds.put(some.OAK, hold, 1)


async def test_a_missing_pack_is_a_fault(units: AnyUnits) -> None:
    async with units.read() as unit:
        with pytest.raises(CorruptStore):
            await unit.packs.pinned("sha256:" + "9" * 64)


async def test_a_command_is_remembered_with_its_effects(units: AnyUnits) -> None:
    asked = Asked(by=Timer(), key="timer:remind:p1:1", at=some.NOON)
    subject = SubjectRef("post", "p1")
    effects = (Show(subject), Later(Release(post=PostId("p1")), some.later(9), "release:p1"))
    async with units.write() as unit:
        assert not await unit.seen(asked.key)
        await unit.record(asked, subject, 2, (Reminded(at=some.NOON),), effects)
        assert await unit.seen(asked.key)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.seen(asked.key)
        assert not await unit.seen("another key")
        [line] = await unit.audit.history(subject)
        assert (line.at, line.tag, line.person) == (some.NOON, "post:reminded", None)
        assert line.payload == {"at": "2026-11-18T12:00:00.123456+00:00"}
        assert await unit.audit.history(SubjectRef("watch", "p1")) == ()
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.record(asked, subject, 3, (), ())
