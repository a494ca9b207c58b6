"""The watch: each concern said once, kept up to date, cleared by itself, never of a closed account.

First the pure workflow, then a month of mornings through the kernel, with a clock of our own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from moderation.accounts.model import MonthOrDay
from moderation.accounts.queries import Channels, Condition
from moderation.kernel import (
    Accepted,
    AccountId,
    Asked,
    Audience,
    CorruptStore,
    Show,
    SubjectRef,
    Tell,
    Timer,
    handle,
)
from moderation.oversight import events as happened, present
from moderation.oversight.audiences import audience
from moderation.oversight.commands import Look
from moderation.oversight.effects import Message, effects
from moderation.oversight.model import Concern, Flag, Watch
from moderation.oversight.queries import WatchPage, WatchView, watch_page
from moderation.oversight.subject import Watches
from moderation.oversight.workflow import Facts, decide, evolve
from moderation.people.model import AccountRole, Grant, Span
from moderation.policies.loader import shipped
from moderation.posts.model import Posted, State
from moderation.views import Card, Tone
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.world import Trust, World, world
from tests.proves import proves


OAK = some.OAK
LOOK = Look(school=OAK)
HALF_PAST_SEVEN = some.NOW.replace(hour=7, minute=30)


def condition(account: AccountId = some.FACEBOOK, **fields: object) -> Condition:
    made = Condition(
        account=some.ACCOUNTS.get(account, place.account(account, OAK, "website", str(account))),
        posted=some.NOW,
        quiet=0,
        moderators=(some.OKAFOR, some.LUND),
        administrators=(some.OKAFOR, some.ADE),
        most_quiet=45,
        least_moderators=2,
        least_administrators=2,
        watched=True,
        closed=False,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def facts(*conditions: Condition, today: date = some.TODAY) -> Facts:
    return Facts(today=today, conditions=conditions)


def after(watch: Watch | None, found: Facts) -> tuple[Watch | None, tuple[happened.Event, ...]]:
    events = decide(watch, LOOK, found)
    for event in events:
        watch = evolve(watch, event)
    return watch, events


# -- the workflow ----------------------------------------------------------------------------------


@proves("STEP-REVIEW-1", "MET-REVIEW-1", "HARM-REVIEW-1", "CC-REVIEW-1")
@pytest.mark.parametrize("policy", ["step", "met", "harm", "cc"])
def test_the_head_hears_once_a_month_that_the_policy_is_past_its_own_review(policy: str) -> None:
    due = shipped(policy).review_date
    assert due is not None
    watch: Watch | None = None
    told: list[date] = []
    for days in range(70):
        morning = due + timedelta(days=days)
        found = Facts(today=morning, conditions=(), review=due)
        watch, events = after(watch, found)
        assert watch is not None
        for event in events:
            if isinstance(event, happened.ReviewDue):
                told.append(morning)
                [effect] = effects(watch, event)
                assert isinstance(effect, Tell)
                assert (effect.audience, effect.message) == (Audience.HEAD, Message.REVIEW_DUE)
        assert after(watch, found)[1] == ()
    assert due not in told
    months = [(morning.year, morning.month) for morning in told]
    assert months == sorted(set(months))
    assert len(months) in {2, 3}


@pytest.mark.parametrize("review", [None, some.TODAY, some.TODAY + timedelta(days=1)])
def test_nobody_hears_of_a_policy_that_isnt_overdue(review: date | None) -> None:
    found = Facts(today=some.TODAY, conditions=(), review=review)
    assert not [event for event in after(None, found)[1] if isinstance(event, happened.ReviewDue)]


def test_a_concern_is_said_once_kept_up_to_date_and_cleared() -> None:
    watch, events = after(None, facts(condition(quiet=45)))
    assert [event.tag for event in events] == ["watch:looked", "watch:flagged"]
    first = Flag(account=some.FACEBOOK, concern=Concern.STALE, since=some.TODAY, days=45)
    assert watch == Watch(school=OAK, looked_on=some.TODAY, flags=(first,))

    tomorrow = some.TODAY + timedelta(days=1)
    watch, events = after(watch, facts(condition(quiet=46), today=tomorrow))
    assert [event.tag for event in events] == ["watch:looked"]
    assert watch is not None
    assert watch.flags == (replace(first, days=46),)

    mended = tomorrow + timedelta(days=1)
    watch, events = after(watch, facts(condition(quiet=0), today=mended))
    assert [event.tag for event in events] == ["watch:looked", "watch:cleared"]
    assert watch == Watch(school=OAK, looked_on=mended)


def test_a_second_look_on_the_same_morning_is_nothing() -> None:
    watch, _ = after(None, facts(condition(quiet=45)))
    assert decide(watch, LOOK, facts(condition(quiet=45))) == ()
    assert decide(watch, LOOK, facts(condition(quiet=0))) != ()


def test_each_concern_of_an_account_stands_by_itself() -> None:
    watch, _ = after(None, facts(condition(quiet=None, moderators=())))
    assert watch is not None
    assert {flag.concern for flag in watch.flags} == set(Concern)
    watch, _ = after(watch, facts(condition(quiet=None)))
    assert watch is not None
    assert [flag.concern for flag in watch.flags] == [Concern.STALE]


@proves("STEP-STALE-1", "STEP-COVER-1")
def test_a_closed_account_is_never_flagged_and_one_that_closes_is_cleared() -> None:
    shut = condition(quiet=900, moderators=(), watched=False, closed=True)
    assert after(None, facts(shut))[0] == Watch(school=OAK, looked_on=some.TODAY)
    watch, _ = after(None, facts(condition(quiet=45)))
    watch, events = after(watch, facts(shut))
    assert watch is not None
    assert not watch.flags
    assert events[-1].tag == "watch:cleared"


def test_an_event_without_a_look_before_it_is_a_corrupt_store() -> None:
    with pytest.raises(CorruptStore):
        evolve(None, happened.Flagged(flags=()))


CONDITIONS = st.lists(
    st.builds(
        lambda at, quiet, here, watched: condition(
            AccountId(f"oak-{at}"), quiet=quiet, moderators=here, watched=watched
        ),
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(40, 50)),
        st.sampled_from([(), (some.OKAFOR,), (some.OKAFOR, some.LUND)]),
        st.booleans(),
    ),
    unique_by=lambda item: item.account.id,
    max_size=4,
)


@given(mornings=st.lists(CONDITIONS, max_size=12))
def test_the_card_is_always_the_truth_and_nothing_is_said_twice_in_a_row(
    mornings: list[list[Condition]],
) -> None:
    watch: Watch | None = None
    standing: set[tuple[AccountId, Concern]] = set()
    for number, morning in enumerate(mornings):
        today = some.TODAY + timedelta(days=number)
        watch, events = after(watch, facts(*morning, today=today))
        assert watch is not None
        assert watch.looked_on == today
        truth = {(item.account.id, Concern.STALE) for item in morning if item.stale}
        truth |= {(item.account.id, Concern.UNCOVERED) for item in morning if item.uncovered}
        said = {
            (flag.account, flag.concern)
            for event in events
            if isinstance(event, happened.Flagged)
            for flag in event.flags
        }
        assert {(flag.account, flag.concern) for flag in watch.flags} == truth
        assert len(watch.flags) == len(truth)
        assert said == truth - standing
        new = [flag for flag in watch.flags if (flag.account, flag.concern) in said]
        assert all(flag.since == today for flag in new)
        standing = truth


# -- what follows ----------------------------------------------------------------------------------


def test_only_what_is_new_is_told_and_only_once_to_each() -> None:
    watch, (looked, flagged) = after(None, facts(condition(quiet=45), condition(some.X, quiet=60)))
    assert watch is not None
    card = SubjectRef("watch", OAK)
    assert effects(Watch(school=OAK, looked_on=some.TODAY), looked) == ()
    assert effects(watch, flagged) == (
        Show(card),
        Tell(Audience.ADMINISTRATORS, Message.FLAGGED, card, "2026-11-18"),
        Tell(Audience.HEAD, Message.FLAGGED, card, "2026-11-18"),
    )
    assert effects(watch, looked) == (Show(card),)
    empty = replace(watch, flags=())
    assert effects(empty, happened.Cleared(flags=watch.flags)) == (Show(card),)


def test_administrators_and_the_head_are_meant() -> None:
    rights = some.rights()
    assert audience(Audience.ADMINISTRATORS, rights) == (some.OKAFOR,)
    assert audience(Audience.HEAD, rights) == (some.ADE,)
    headless = some.rights(people=(some.person(some.QUINN), some.person(some.SAM)))
    assert audience(Audience.HEAD, headless) == (some.QUINN,)
    assert audience(Audience.POSTERS, rights) == ()


# -- a month of mornings ---------------------------------------------------------------------------


@dataclass(slots=True)
class Mornings:
    """Looks at Oakfield at half past seven each day, and remembers who was told what."""

    store: World
    at: datetime = HALF_PAST_SEVEN
    told: list[tuple[date, Audience]] = field(default_factory=list)
    reminded: list[date] = field(default_factory=list)
    """On which mornings the head heard that the policy is past its own review."""
    said: list[tuple[date, AccountId, Concern]] = field(default_factory=list)
    cleared: list[tuple[date, AccountId, Concern]] = field(default_factory=list)

    async def look(self) -> None:
        asked = Asked(by=Timer(), key=f"look:{self.at.isoformat()}", at=self.at)
        day = self.at.date()
        before = len(self.store.units.effects)
        async with self.store.units.write() as unit:
            outcome = await handle(Watches(self.store.schools), LOOK, asked, unit)
            await unit.commit()
        assert isinstance(outcome, Accepted)
        for event in outcome.events:
            if isinstance(event, happened.Flagged):
                self.said += [(day, flag.account, flag.concern) for flag in event.flags]
            if isinstance(event, happened.Cleared):
                self.cleared += [(day, flag.account, flag.concern) for flag in event.flags]
        new = self.store.units.effects[before:]
        told = [effect for effect in new if isinstance(effect, Tell)]
        self.told += [(day, one.audience) for one in told if one.message == Message.FLAGGED]
        self.reminded += [day for one in told if one.message == Message.REVIEW_DUE]

    async def until(self, last: date) -> None:
        while self.at.date() <= last:
            await self.look()
            self.at += timedelta(days=1)


def day(number: int) -> date:
    """A day of the month that begins on 18 November."""
    return some.TODAY + timedelta(days=number)


def well_run(store: World) -> None:
    """Two administrators for each page, and a post on each the day before."""
    more = tuple(
        Grant(account=account, person=some.ADE, role=AccountRole.MASTER_ADMINISTRATOR)
        for account in (some.FACEBOOK, some.X)
    )
    store.units.state.grants = (*store.units.state.grants, *more)
    store.keep(
        some.post(
            State.PUBLISHED,
            postings=tuple(
                some.posting(Posted.YES, account, at=some.ago(days=1))
                for account in (some.FACEBOOK, some.X)
            ),
        )
    )


def post_again(store: World, account: AccountId, at: datetime) -> None:
    again = some.post(State.PUBLISHED, postings=(some.posting(Posted.YES, account, at=at),))
    store.keep(replace(again, id=type(again.id)(f"01AGAIN{account}")))


@proves("STEP-STALE-1", "STEP-COVER-1", "STEP-MOD-2", "STEP-LIFE-1")
async def test_a_month_of_mornings() -> None:
    """One page goes quiet and is used again; a moderator is away for a week; one page closes."""
    holidays = Span(start=day(20), end=day(24))
    store = World(world().units, Trust(holidays=(holidays,)))
    well_run(store)
    state = store.units.state
    state.people[some.LUND] = replace(
        some.person(some.LUND), absences=(Span(start=day(3), end=day(9)),)
    )
    # X was last used 25 days ago: 20 more days make 45, and the five holidays come on top.
    store.keep(
        replace(
            some.post(
                State.PUBLISHED,
                postings=(some.posting(Posted.YES, some.FACEBOOK, at=some.ago(days=1)),),
            ),
            id=some.POST,
        ),
        replace(
            some.post(
                State.PUBLISHED, postings=(some.posting(Posted.YES, some.X, at=some.ago(days=25)),)
            ),
            id=type(some.POST)("01OLDX"),
        ),
    )
    mornings = Mornings(store)
    await mornings.until(day(26))
    post_again(store, some.X, mornings.at)
    await mornings.until(day(30))

    away = [(day(3), account, Concern.UNCOVERED) for account in (some.FACEBOOK, some.X)]
    assert mornings.said == [*away, (day(25), some.X, Concern.STALE)]
    back = [(day(10), account, Concern.UNCOVERED) for account in (some.FACEBOOK, some.X)]
    assert mornings.cleared == [*back, (day(27), some.X, Concern.STALE)]
    assert mornings.told == [
        (day(3), Audience.ADMINISTRATORS),
        (day(3), Audience.HEAD),
        (day(25), Audience.ADMINISTRATORS),
        (day(25), Audience.HEAD),
    ]


async def test_an_account_that_closes_goes_off_the_card_by_itself() -> None:
    store = world()
    well_run(store)
    accounts = store.units.state.accounts
    accounts[some.X] = replace(accounts[some.X], closed_on=MonthOrDay(2026, 12, 1))
    store.units.state.people[some.LUND] = some.person(
        some.LUND, absences=(Span(start=day(0), end=day(60)),)
    )
    mornings = Mornings(store)
    await mornings.until(day(30))
    assert (day(13), some.X, Concern.UNCOVERED) in mornings.cleared
    assert (day(0), some.X, Concern.UNCOVERED) in mornings.said
    assert len(mornings.said) == 2


async def test_a_school_in_good_order_never_gets_a_card() -> None:
    store = world()
    well_run(store)
    mornings = Mornings(store)
    await mornings.until(day(30))
    assert not [effect for effect in store.units.effects if isinstance(effect, Show)]
    assert not mornings.said
    assert not mornings.told
    # It follows a policy whose own review is long past.
    assert mornings.reminded == [day(0), date(2026, 12, 1)]


async def test_the_list_shows_the_same_as_the_card() -> None:
    store = world()
    mornings = Mornings(store)
    await mornings.look()
    for word, concern in (("stale", Concern.STALE), ("uncovered", Concern.UNCOVERED)):
        listed = await store.ask(Channels(filter=f"{word} oakfield"), some.SAM, mornings.at)
        said = {account for _, account, what in mornings.said if what is concern}
        assert {line.account.id for line in listed.lines} == said


# -- the card --------------------------------------------------------------------------------------


async def page_of(store: World, now: datetime = some.NOW) -> WatchPage | None:
    async with store.units.read() as unit:
        return await watch_page(unit, store.schools, OAK, now=now)


async def test_a_school_that_nobody_looked_at_has_no_watch() -> None:
    assert await page_of(world()) is None


def drawn(page: WatchPage) -> Card:
    return present.card(page.watch, page.view)


async def test_the_card_says_what_is_wrong_and_what_to_do() -> None:
    store = world()
    post_again(store, some.FACEBOOK, some.ago(days=50))
    store.units.state.people[some.LUND] = some.person(some.LUND, away=True)
    await Mornings(store).look()
    page = await page_of(store)
    assert page is not None
    card = drawn(page)
    assert card.title == "Our accounts · Oakfield Primary School"
    assert (card.state, card.tone) == ("Two accounts need attention", Tone.CARE)
    for line in (
        "Facebook · Oakfield Primary: Nothing posted for 50 days (since today)",
        "Facebook · Oakfield Primary: Needs another moderator and another administrator",
        "X · Oakfield Primary: No post recorded yet (since today)",
        "Please post something, or close the account.",
        "The head can name more.",
    ):
        assert line in card.fallback
    assert present.notice(Message.FLAGGED, page.watch, page.view) == card


async def test_the_card_says_when_all_is_mended() -> None:
    store = world()
    mornings = Mornings(store)
    await mornings.look()
    well_run(store)
    mornings.at += timedelta(days=1)
    await mornings.look()
    page = await page_of(store, mornings.at)
    assert page is not None
    card = drawn(page)
    assert (card.state, card.tone) == ("Nothing needs attention", Tone.DONE)
    assert not card.buttons


def test_a_flag_of_an_account_that_left_the_register_is_still_told() -> None:
    flag = Flag(account=AccountId("gone"), concern=Concern.STALE, since=some.TODAY, days=45)
    view = WatchView(
        version=1, school="Oakfield", today=some.TODAY, conditions={}, rights=some.rights()
    )
    card = present.card(Watch(school=OAK, looked_on=some.TODAY, flags=(flag,)), view)
    assert "An account that is gone" in card.fallback


async def test_what_the_head_reads_of_a_policy_past_its_review() -> None:
    store = world()
    mornings = Mornings(store)
    await mornings.until(day(1))
    async with store.units.read() as unit:
        page = await watch_page(unit, store.schools, OAK, now=mornings.at)
    assert page is not None
    card = present.notice(Message.REVIEW_DUE, page.watch, page.view)
    assert (card.state, card.tone) == ("It is past its own review", Tone.CARE)
    assert "31 May 2019" in card.fallback
    assert "Please ask whoever owns the policy" in card.fallback
    # By the time it is read the school follows a reviewed one.
    newer = replace(page.view, review=some.TODAY + timedelta(days=400))
    card = present.notice(Message.REVIEW_DUE, page.watch, newer)
    assert (card.state, card.tone) == ("It has been reviewed", Tone.DONE)
    assert "Please ask" not in card.fallback
