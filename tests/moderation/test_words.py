"""How Schoolgate speaks: every sentence that it can show, held against the house's rules."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from moderation.accounts import present as register
from moderation.accounts.model import MonthOrDay
from moderation.accounts.queries import AccountPage, ChannelsPage, Condition
from moderation.kernel import Reason, SubjectRef
from moderation.oversight import present as oversight
from moderation.oversight.model import Concern, Flag, Watch
from moderation.oversight.queries import WatchView
from moderation.people import present as people
from moderation.people.model import AccountRole, Role
from moderation.people.present import ACCOUNT_ROLES, ROLES, no_pupils
from moderation.people.queries import NoPupils, Place, Self
from moderation.policies.loader import shipped, shipped_ids
from moderation.ports import Unusable
from moderation.posts import commands as ask, events as happened, present
from moderation.posts.effects import Message
from moderation.posts.present.history import SAID
from moderation.posts.queries import PostPage, QueuePage, RefusalView
from moderation.posts.refusals import Refusal
from moderation.views import (
    Button,
    Card,
    Confirm,
    Facts,
    FindingLine,
    Findings,
    Intent,
    Media,
    Note,
    Picture,
    Quote,
    Text,
    Tone,
)
from moderation.words import (
    both,
    card,
    count,
    counted,
    day,
    either,
    platform_name,
    when,
)
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from collections.abc import Iterator
from dataclasses import replace


LONDON = ZoneInfo("Europe/London")

INNER = re.compile(
    r"\b(revisions?|digests?|waiv\w+|escalat\w+|stale|uncovered|takedowns?|incidents?|withdr[ae]wn?"
    r"|clauses?|severit\w+|blob\w*|pack|null|undefined|payload|error|invalid"
    r"|unauthori[sz]ed|authori[sz]ed to|R\d+)\b",
    re.IGNORECASE,
)
"""Words of the program, and of machines in general. A reader must never meet one."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}:\d{2}|\dT\d|\d\s?[ap]m\b", re.IGNORECASE)
AMERICAN = re.compile(
    r"\b(colors?|centers?|favou?rites?(?<!favourites)(?<!favourite)|canceled|canceling|organiz\w+"
    r"|recogniz\w+|apologiz\w+|analyz\w+|catalog|behaviors?|licens(?:e|ing) plate|program\b|gotten"
    r"|fall semester|mom|math|zip ?code|parking lot)\b",
    re.IGNORECASE,
)
CODES = re.compile(r"\b[a-z]+_[a-z_]+\b|[{}<>]|\bsha256\b")
SENTENCE = re.compile(r"[^.?!…:;]+[.?!…:;]?")
MOST_WORDS = 25


# -- everything that can be shown ------------------------------------------------------------------


def of_card(shown: Card) -> Iterator[str]:
    """Our own words on a card: not what somebody wrote, and not what the school is called."""
    yield shown.title
    yield shown.state
    for part in shown.parts:
        match part:
            case Note(lines=lines, fold=fold):
                yield from (*lines, fold)
            case Facts(rows=rows):
                for name, value in rows:
                    if not some.TEXT.startswith(name.rstrip("…")):
                        yield name
                    yield value.split("https://")[0].strip()
            case Findings(title=title, lines=found):
                yield title
                for line in found:
                    yield from (line.reason, line.policy)
            case Quote(label=label):
                yield label
            case Media(pictures=pictures):
                yield from (picture.note for picture in pictures)
    for button in (*shown.buttons, *shown.more):
        yield from of_button(button)


def of_button(button: Button) -> Iterator[str]:
    yield button.label
    form = button.form
    if form is None:
        return
    yield from (form.title, form.submit, form.note)
    for field in form.fields:
        match field:
            case Confirm(statement=statement):
                yield statement
            case Text(label=label, hint=hint):
                yield from (label, hint)
            case _:
                raise AssertionError(field)


READERS = (None, some.SAM, some.OKAFOR, some.LUND, some.ADE, some.NOVAK)
"""A channel, an author, two moderators, the head, and who may only stop a post."""


def cards() -> Iterator[Card]:
    """Every card and message about every example, for every reader."""
    for post in some.EXAMPLES.values():
        for reader in READERS:
            view = some.view(post, reader, conflicts=(some.CONFLICT,))
            page = PostPage(post, view)
            yield present.card(post, view)
            yield present.ready(post, view)
            yield present.history(post, view)
            yield present.queue(QueuePage(first=page, after=3))
            yield present.drafts((page, page))
            yield from (present.notice(message, post, view) for message in Message)
            away = frozenset({some.OKAFOR, some.ADE})
            short = some.view(post, reader, rights=some.rights(away=away), pictures={})
            yield present.card(post, short)
            yield present.without_approval(present.card(post, short))
    yield present.queue(QueuePage(first=None, after=0))
    yield present.drafts(())


def standing_cards() -> Iterator[Card]:
    """The list of accounts, each account, the watch, and who I am, in every condition."""
    conditions = [
        Condition(
            account=replace(
                some.ACCOUNTS[some.FACEBOOK],
                opened_on=MonthOrDay(2026, 12, 1) if not (watched or closed) else None,
                closed_on=MonthOrDay(2026, 7) if closed else None,
            ),
            posted=some.ago(days=50) if quiet else None,
            quiet=quiet,
            moderators=tuple(some.NAMES)[:here],
            administrators=tuple(some.NAMES)[:here],
            most_quiet=45,
            least_moderators=2,
            least_administrators=2,
            watched=watched,
            closed=closed,
        )
        for quiet in (None, 12, 50)
        for here in (0, 1, 2)
        for watched, closed in ((True, False), (False, True), (False, False))
    ]
    for words in ((), ("stale",), ("facebook", "closed")):
        for lines in (tuple(conditions), ()):
            yield register.channels(
                ChannelsPage(
                    words=words,
                    page=2,
                    pages=3,
                    total=len(lines),
                    lines=lines,
                    schools={some.OAK: "Oakfield Primary School"},
                    today=some.TODAY,
                    unknown=words == () and not lines,
                )
            )
    masters = (("Miss Shah", frozenset({Role.DEPUTY_HEADTEACHER})),)
    for condition in conditions:
        yield register.account(
            AccountPage(
                condition=condition,
                school="Oakfield Primary School",
                masters=masters if condition.moderators else (),
                administrators=("Mrs Okafor",),
                moderators=("Mrs Okafor", "Mr Lund"),
                posters=(),
                away=("Mr Lund",),
                now=some.NOW,
                zone=some.LONDON,
            )
        )
        flags = tuple(
            Flag(account=some.FACEBOOK, concern=concern, since=some.TODAY, days=50)
            for concern in Concern
        )
        watch_view = WatchView(
            version=1,
            school="Oakfield Primary School",
            today=some.TODAY,
            conditions={some.FACEBOOK: condition},
            rights=some.rights(),
        )
        for shown in (flags, ()):
            watched_school = Watch(school=some.OAK, looked_on=some.TODAY, flags=shown)
            yield oversight.card(watched_school, watch_view)
    yield people.who_am_i(None)
    place = Place(
        school="Oakfield Primary School",
        roles=frozenset(Role),
        accounts=(("x", "Oakfield Primary", frozenset(AccountRole)),),
    )
    for away in (True, False):
        yield people.who_am_i(Self(person=some.SAM, name="Sam Reed", places=(place,), away=away))


def refusals() -> Iterator[str]:
    about = {
        "account": some.FACEBOOK,
        "limit": "2000",
        "length": "2312",
        "finding": some.LINK.key,
        "clause": some.NAMED.clause,
        "person": some.LUND,
    }
    for rights in (some.rights(), some.rights(people=())):
        for post in (*some.EXAMPLES.values(), None):
            view = RefusalView(
                viewer=some.SAM,
                names=some.NAMES,
                accounts=some.ACCOUNTS,
                school="Oakfield Primary School",
                rights=rights,
                now=some.NOW,
                zone=some.LONDON,
                post=post,
                pack=some.PACK,
            )
            state = {"state": post.state} if post is not None else {}
            for code in Refusal:
                yield from present.refusal((Reason(code, about | state),), view)


COMMANDS: tuple[ask.Command, ...] = (
    ask.Propose(post=some.POST, content=some.content()),
    ask.Approve(post=some.POST, seen=1),
    ask.RequestChanges(post=some.POST, seen=1, reason="Why."),
    ask.Reject(post=some.POST, seen=1, reason="Why."),
    ask.LiftVeto(post=some.POST, seen=1, of=some.LUND),
    ask.AskHead(post=some.POST, seen=1, words="May we?"),
    ask.Allow(post=some.POST, seen=1, finding=some.NAMED.key, reason="Why."),
    ask.Withdraw(post=some.POST),
    ask.Stop(post=some.POST, reason="Why."),
    ask.MarkPosted(post=some.POST, seen=1, account=some.FACEBOOK),
    ask.SayNotPosted(
        post=some.POST, seen=1, account=some.FACEBOOK, unsure=True, reason="Locked out."
    ),
)


def answers() -> Iterator[str]:
    """What somebody hears at once after each click, however the post stands."""
    yield present.AGAIN
    for post in some.EXAMPLES.values():
        for reader in READERS:
            for command in COMMANDS:
                yield from present.done(command, post, some.view(post, reader))


def others() -> Iterator[str]:
    yield from map(present.unusable, Unusable)
    yield from map(no_pupils, NoPupils)
    yield from ROLES.values()
    yield from ACCOUNT_ROLES.values()
    for pack in map(shipped, shipped_ids()):
        yield from pack.clauses.values()
        yield from pack.confirmations.values()
        yield from (rule.why.format(who="A.K., Year 4", where="Facebook") for rule in pack.rules)


EVERYTHING = sorted(
    {words for shown in (*cards(), *standing_cards()) for words in of_card(shown)}
    | set(refusals())
    | set(answers())
    | set(others())
)


# -- the rules -------------------------------------------------------------------------------------


def test_there_is_enough_to_read() -> None:
    assert len(EVERYTHING) > 300


@pytest.mark.parametrize("rule", [INNER, ISO, AMERICAN, CODES], ids=["inner", "iso", "us", "codes"])
def test_no_word_that_a_reader_should_not_meet(rule: re.Pattern[str]) -> None:
    assert not {words: found[0] for words in EVERYTHING if (found := rule.search(words))}


def test_the_bot_never_raises_its_voice() -> None:
    assert not [words for words in EVERYTHING if "!" in words]


def test_no_sentence_is_longer_than_25_words() -> None:
    long = [
        sentence
        for words in EVERYTHING
        for sentence in SENTENCE.findall(words)
        if len(sentence.split()) > MOST_WORDS
    ]
    assert not long


def test_sentences_begin_with_a_capital_and_have_no_double_spaces() -> None:
    wrong = [
        words
        for words in EVERYTHING
        if words != words.strip() or "  " in words or re.search(r"[.?] [a-z]", words)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("The revision was waived", INNER),
        ("This account is stale", INNER),
        ("Due 2026-11-18", ISO),
        ("at 3pm", ISO),
        ("The color was canceled", AMERICAN),
        ("not_an_approver", CODES),
        ("{who} said no", CODES),
    ],
)
def test_the_rules_can_fail(bad: str, rule: re.Pattern[str]) -> None:
    assert rule.search(bad)


def test_every_event_of_a_post_has_its_line_of_history() -> None:
    tags = {found.tag for found in vars(happened).values() if hasattr(found, "tag")}
    assert set(SAID) == tags
    assert set(ROLES) == set(Role)
    assert set(ACCOUNT_ROLES) == set(AccountRole)


# -- times -----------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 18, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 18, 15, 20, tzinfo=UTC), "today 15:20"),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "tomorrow 08:00"),
        (datetime(2026, 11, 17, 23, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 11, 23, 9, 5, tzinfo=UTC), "Monday 23 November, 09:05"),
        (datetime(2026, 11, 25, 9, 5, tzinfo=UTC), "25 November, 09:05"),
        (datetime(2026, 6, 8, 11, 0, tzinfo=UTC), "8 June, 12:00"),
        (datetime(2025, 6, 8, 11, 0, tzinfo=UTC), "8 June 2025, 12:00"),
    ],
)
def test_an_instant_is_told_as_people_say_it(instant: datetime, words: str) -> None:
    assert when(instant, NOW, LONDON) == words


def test_the_day_changes_at_the_schools_own_midnight() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert when(late, late, LONDON) == "today 00:30"
    assert when(late, late - timedelta(minutes=45), LONDON) == "tomorrow 00:30"


@given(
    that=st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)),
    apart=st.integers(-800, 800),
)
def test_a_day_can_always_be_told_apart_from_every_other_day(that: date, apart: int) -> None:
    today = that - timedelta(days=apart)
    if apart:
        assert day(that, today) != day(today, today)
        assert day(that, today) != day(that + timedelta(days=1), today)


# -- counts and lists ------------------------------------------------------------------------------


def test_counts_are_words_up_to_nine() -> None:
    assert [count(number) for number in (0, 1, 9, 10, 63206)] == [
        "no",
        "one",
        "nine",
        "10",
        "63,206",
    ]
    assert counted(1, "picture") == "one picture"
    assert counted(2, "yes", "yeses") == "two yeses"


def test_lists_are_cut_with_the_rest_counted() -> None:
    names = ["Mrs A", "Mr B", "Ms C", "Dr D", "Miss E"]
    assert either([]) == "nobody"
    assert either(names[:2]) == "Mrs A or Mr B"
    assert both(names[:4]) == "Mrs A, Mr B, Ms C and Dr D"
    assert both(names) == "Mrs A, Mr B, Ms C and two others"


def test_networks_are_written_as_they_write_themselves() -> None:
    names = ("facebook", "x", "youtube", "linkedin", "website")
    assert [platform_name(name) for name in names] == [
        "Facebook",
        "X",
        "YouTube",
        "LinkedIn",
        "Website",
    ]


# -- the fallback ----------------------------------------------------------------------------------


def test_the_fallback_holds_every_part_but_the_fold() -> None:
    button = Button(label="Go", intent=Intent(verb="post.open", id="1"))
    shown = card(
        SubjectRef("post", "1"),
        version=1,
        title="Title",
        state="State",
        tone=Tone.DONE,
        parts=(
            Quote(text="words", label="Mr Lund said"),
            Facts((("Name", "value"),)),
            Findings(
                title="Please check",
                lines=(
                    FindingLine(
                        words="it", reason="Why.", policy="Rule", clause="C", tone=Tone.CARE
                    ),
                ),
            ),
            Media((Picture(blob=None, alt="", note="Not yet."),)),
            Note(lines=("Seen.",)),
            Note(lines=("Unseen.",), fold="History"),
        ),
        buttons=[button] * 5,
    )
    assert shown.fallback.splitlines() == [
        "Title: State",
        "Mr Lund said: words",
        "Name: value",
        "Please check",
        "“it” Why. Rule",
        "Picture 1: not described yet Not yet.",
        "Seen.",
    ]
    assert (len(shown.buttons), len(shown.more)) == (4, 1)
