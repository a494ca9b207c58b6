"""``/channels``: whose accounts, in which state, and one of them in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from moderation.accounts import present
from moderation.accounts.model import MonthOrDay
from moderation.accounts.queries import (
    Channels,
    MyAccounts,
    OneAccount,
    filter_words,
    from_listing,
    listing_id,
)
from moderation.kernel import AccountId, PersonId
from moderation.people.model import AccountRole, Grant, Span
from moderation.posts.model import Posted, State
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.world import MARSH, STRANGER, Trust, World, world
from tests.proves import proves


def ids(page: object) -> list[AccountId]:
    return [line.account.id for line in page.lines]  # type: ignore[attr-defined]


def posted(days_ago: float, account: AccountId = some.FACEBOOK) -> World:
    """A trust whose page was last posted on so long ago."""
    at = some.ago(days=days_ago)
    post = some.post(State.PUBLISHED, postings=(some.posting(Posted.YES, account, at=at),))
    return world(post)


# -- whose -----------------------------------------------------------------------------------------


@proves("AUR-REG-1")
@pytest.mark.parametrize(
    ("reader", "accounts"),
    [
        (some.SAM, {some.FACEBOOK, some.X, place.TRUST_PAGE}),
        (MARSH, {place.MILL_PAGE, place.TRUST_PAGE}),
        (some.QUINN, {some.FACEBOOK, some.X, place.MILL_PAGE, place.TRUST_PAGE}),
        (STRANGER, set()),
        (None, set()),
    ],
)
async def test_everybody_sees_the_accounts_of_their_own_schools(
    reader: PersonId | None, accounts: set[AccountId]
) -> None:
    page = await world().ask(Channels(), reader)
    assert set(ids(page)) == accounts
    assert page.unknown == (not accounts)


async def test_one_account_of_another_school_does_not_exist() -> None:
    store = world()
    assert await store.ask(OneAccount(account=place.MILL_PAGE), some.SAM) is None
    assert await store.ask(OneAccount(account=AccountId("none")), some.SAM) is None
    assert await store.ask(OneAccount(account=some.FACEBOOK), STRANGER) is None


# -- filters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "accounts"),
    [
        ("facebook", {some.FACEBOOK, place.MILL_PAGE}),
        ("x", {some.X}),
        ("millbrook", {place.MILL_PAGE}),
        ("INFANTS", {place.MILL_PAGE}),
        ("facebook oakfield", {some.FACEBOOK}),
        ("open", {some.FACEBOOK, some.X, place.MILL_PAGE, place.TRUST_PAGE}),
        ("closed", set()),
        ("amelia khan", set()),
        ("!!! <script>", set()),
    ],
)
async def test_every_word_of_a_filter_must_fit(words: str, accounts: set[AccountId]) -> None:
    assert set(ids(await world().ask(Channels(filter=words), some.QUINN))) == accounts


async def test_closed_accounts_are_shown_only_when_asked_for() -> None:
    store = world()
    old = replace(store.units.state.accounts[some.X], closed_on=MonthOrDay(2024, 7))
    store.units.state.accounts[some.X] = old
    assert some.X not in ids(await store.ask(Channels(), some.SAM))
    page = await store.ask(Channels(filter="closed"), some.SAM)
    assert ids(page) == [some.X]
    assert present.standing(page.lines[0], page.today) == "Closed July 2024"


async def test_ten_to_a_page_and_never_past_the_last() -> None:
    store = world()
    for at in range(23):
        name = AccountId(f"oak-blog-{at:02}")
        store.units.state.accounts[name] = place.account(
            name, some.OAK, "website", f"Class blog {at:02}"
        )
    first = await store.ask(Channels(filter="blog"), some.SAM)
    assert (len(first.lines), first.page, first.pages, first.total) == (10, 1, 3, 23)
    last = await store.ask(Channels(filter="blog", page=99), some.SAM)
    assert (len(last.lines), last.page) == (3, 3)
    card = present.channels(first)
    assert [item.label for item in card.buttons] == ["Next page"]
    intent = card.buttons[0].intent
    assert (intent.verb, intent.id, intent.arg) == ("list.page", "channels:blog", "2")
    following = await store.ask(from_listing(intent.id, intent.arg), some.SAM)
    assert following.lines[0].account.name == "Class blog 10"
    assert [item.label for item in present.channels(following).buttons] == [
        "Next page",
        "Previous page",
    ]


@given(text=st.text(max_size=200))
def test_a_filter_is_a_few_plain_words_whatever_is_typed(text: str) -> None:
    words = filter_words(text)
    assert len(words) <= 4
    assert all(len(word) <= 30 for word in words)
    assert from_listing(listing_id(words), "1").filter.split() == list(words)


@given(listing=st.text(max_size=40), page=st.text(max_size=6))
def test_a_page_button_that_cannot_be_read_is_the_first_page(listing: str, page: str) -> None:
    assert from_listing(listing, page).page >= 0


# -- how an account stands -------------------------------------------------------------------------


@proves("STEP-STALE-1")
@pytest.mark.parametrize(("days", "stale"), [(0, False), (44, False), (45, True), (400, True)])
async def test_quiet_accounts_are_found_after_the_packs_days(days: int, stale: bool) -> None:  # noqa: FBT001 -- a case
    store = posted(days)
    page = await store.ask(Channels(filter="facebook"), some.SAM)
    assert page.lines[0].quiet == days
    assert page.lines[0].stale == stale
    found = ids(await store.ask(Channels(filter="stale facebook"), some.SAM))
    assert found == ([some.FACEBOOK] if stale else [])
    if stale:
        standing = present.standing(page.lines[0], page.today)
        assert standing.startswith(f"Nothing posted for {days} days")


@proves("STEP-STALE-1")
async def test_holidays_are_not_counted() -> None:
    store = posted(50)
    weeks = Span(start=some.TODAY - timedelta(days=20), end=some.TODAY - timedelta(days=11))
    store = World(store.units, Trust(holidays=(weeks,)))
    page = await store.ask(Channels(filter="facebook"), some.SAM)
    assert page.lines[0].quiet == 40
    assert not page.lines[0].stale


async def test_an_account_without_any_known_post_is_counted_from_its_opening() -> None:
    store = world()
    accounts = store.units.state.accounts
    month = some.TODAY.replace(day=1)
    accounts[some.FACEBOOK] = replace(
        accounts[some.FACEBOOK], opened_on=MonthOrDay(month.year, month.month)
    )
    accounts[some.X] = replace(accounts[some.X], opened_on=None)
    page = await store.ask(Channels(filter="oakfield"), some.SAM)
    facebook, x = page.lines
    assert (facebook.quiet, facebook.stale) == (0, False)
    assert (x.quiet, x.stale) == (None, True)
    assert "No post recorded yet" in present.standing(x, page.today)


@pytest.mark.parametrize(("days", "stale"), [(0, False), (39, False), (200, True)])
async def test_an_old_account_is_not_silent_on_the_day_it_comes_into_the_register(
    days: int,
    stale: bool,  # noqa: FBT001 -- a case
) -> None:
    store = world()
    accounts = store.units.state.accounts
    since = some.TODAY - timedelta(days=days)
    for opened in (MonthOrDay(2019, 9), None):
        accounts[some.FACEBOOK] = replace(
            accounts[some.FACEBOOK], opened_on=opened, known_since=since
        )
        page = await store.ask(Channels(filter="facebook"), some.SAM)
        assert (page.lines[0].quiet, page.lines[0].stale) == (days, stale)


@proves("STEP-COVER-1", "STEP-MOD-2", "STEP-ADMIN-1")
async def test_an_account_is_covered_by_those_who_are_here() -> None:
    store = world()
    page = await store.ask(Channels(filter="facebook"), some.SAM)
    assert len(page.lines[0].moderators) == 2
    assert page.lines[0].uncovered
    assert "Needs another administrator" in present.standing(page.lines[0], page.today)
    extra = Grant(account=some.FACEBOOK, person=some.SHAH, role=AccountRole.MASTER_ADMINISTRATOR)
    store.units.state.grants = (*store.units.state.grants, extra)
    page = await store.ask(Channels(filter="facebook"), some.SAM)
    assert not page.lines[0].uncovered
    store.units.state.people[some.LUND] = some.person(some.LUND, away=True)
    page = await store.ask(Channels(filter="facebook"), some.SAM)
    assert page.lines[0].uncovered
    assert present.standing(page.lines[0], page.today).endswith("Needs another moderator")


async def test_an_account_that_opens_next_month_is_not_watched_yet() -> None:
    store = world()
    accounts = store.units.state.accounts
    accounts[some.X] = replace(accounts[some.X], opened_on=MonthOrDay(2026, 12, 1))
    page = await store.ask(Channels(filter="x"), some.SAM)
    line = page.lines[0]
    assert not line.stale
    assert not line.uncovered
    assert present.standing(line, page.today) == "Opens 1 December"


# -- one in full -----------------------------------------------------------------------------------


@proves("AUR-REG-1")
async def test_one_account_is_told_in_full() -> None:
    store = posted(3)
    extra = Grant(account=some.FACEBOOK, person=some.SHAH, role=AccountRole.MASTER_ADMINISTRATOR)
    store.units.state.grants = (*store.units.state.grants, extra)
    store.units.state.people[some.LUND] = some.person(some.LUND, away=True)
    found = await store.ask(OneAccount(account=some.FACEBOOK), some.SAM)
    assert found is not None
    card = present.account(found)
    assert card.title == "Facebook · Oakfield Primary"
    for line in (
        "School: Oakfield Primary School",
        "Address: https://www.facebook.example/oakfield",
        "Master administrator: Miss Shah (deputy headteacher)",
        "Administrators: Mrs Okafor",
        "Moderators: Mrs Okafor and Mr Lund",
        "Who posts: Sam Reed",
        "Opened: September 2019",
        "Last posted: Sunday 15 November, 15:40",
        "Here today: One moderator and two administrators",
        "Away today: Mr Lund",
    ):
        assert line in card.fallback
    assert "Closed" not in card.fallback


async def test_an_empty_list_says_what_to_do() -> None:
    store = world()
    nothing = present.channels(await store.ask(Channels(filter="zebra"), some.SAM))
    assert "No account fits these words." in nothing.fallback
    typed = present.channels(await store.ask(Channels(filter="Anything  at ALL, please"), some.SAM))
    assert typed.title == "Official accounts: “Anything at ALL, please”"
    known = present.channels(await store.ask(Channels(filter="facebook open"), some.SAM))
    assert known.title == "Official accounts: Facebook, open"
    stranger = present.channels(await store.ask(Channels(), STRANGER))
    assert "Please ask the school office" in stranger.fallback
    store.units.state.accounts.clear()
    empty = present.channels(await store.ask(Channels(), some.SAM))
    assert "No account is registered yet." in empty.fallback


async def test_a_list_of_several_schools_names_them() -> None:
    card = present.channels(await world().ask(Channels(filter="facebook"), some.QUINN))
    assert "Facebook · Millbrook Infants (Millbrook Infant School)" in card.fallback


def test_a_title_of_several_pages_is_short() -> None:
    assert present.pages(some.ACCOUNTS.values()) == "Facebook and X · Oakfield Primary"
    other = replace(some.ACCOUNTS[some.X], name="Oakfield PE")
    both = (some.ACCOUNTS[some.FACEBOOK], other)
    assert present.pages(both) == "Facebook · Oakfield Primary and X · Oakfield PE"


def test_a_month_is_told_as_a_month() -> None:
    assert present.month_or_day(MonthOrDay(2019, 9), date(2026, 1, 1)) == "September 2019"
    assert present.month_or_day(MonthOrDay(2025, 6, 8), date(2026, 1, 1)) == "8 June 2025"


# -- one's own -------------------------------------------------------------------------------------


async def test_one_s_own_accounts_are_those_with_a_right_and_the_head_s_are_all() -> None:
    store = world()
    assert set(ids(await store.ask(MyAccounts(), some.OKAFOR))) == {some.FACEBOOK, some.X}
    # The head has no right on the school's pages, and one on the trust's.
    hers = {some.FACEBOOK, some.X, place.TRUST_PAGE}
    assert set(ids(await store.ask(MyAccounts(), some.ADE))) == hers
    assert ids(await store.ask(MyAccounts(), MARSH)) == [place.MILL_PAGE]
    assert ids(await store.ask(MyAccounts(), STRANGER)) == []
    assert ids(await store.ask(MyAccounts(), None)) == []


async def test_of_one_s_own_accounts_those_that_need_attention_stand_first() -> None:
    store = posted(60, some.X)
    page = await store.ask(MyAccounts(), some.OKAFOR)
    assert [line.stale for line in page.lines] == sorted(
        (line.stale for line in page.lines), reverse=True
    )
    card = present.my_accounts(page)
    assert "attention" in card.state
    none = present.my_accounts(await store.ask(MyAccounts(), STRANGER))
    assert none.state == "None yet"
