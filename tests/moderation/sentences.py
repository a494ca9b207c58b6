"""Every sentence that Schoolgate can show: of all cards, for every reader, and all answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.gallery.staff import ABSENCE, POLICY
from moderation.absences import present as absences
from moderation.absences.effects import Message as AwayMessage
from moderation.absences.reading import NotRead
from moderation.absences.refusals import Refusal as NotNoted
from moderation.acceptances import present as policies
from moderation.acceptances.refusals import Refusal as NotAccepted
from moderation.accounts import present as register
from moderation.accounts.model import MonthOrDay
from moderation.accounts.queries import AccountPage, ChannelsPage, Condition
from moderation.deliveries import present as deliveries
from moderation.deliveries.model import Lost, What
from moderation.deliveries.queries import LostView
from moderation.kernel import Platform, Reason
from moderation.oversight import present as oversight
from moderation.oversight.model import Concern, Flag, Watch
from moderation.oversight.queries import WatchView
from moderation.people import present as people
from moderation.people.model import AccountRole, Role
from moderation.people.present import ACCOUNT_ROLES, ROLES, no_pupils
from moderation.people.queries import NoPupils, Place, Self
from moderation.policies.loader import shipped, shipped_ids
from moderation.ports import Conversation, Unusable
from moderation.posts import commands as ask, present
from moderation.posts.effects import Message
from moderation.posts.model import Pause
from moderation.posts.queries import PostPage, QueuePage, RefusalView
from moderation.posts.refusals import Refusal
from moderation.record import present as record
from moderation.record.model import Checkpoint
from moderation.views import (
    Button,
    Card,
    Choice,
    Confirm,
    Facts,
    Findings,
    Links,
    Media,
    Note,
    Quote,
    Text,
)
from tests.moderation.holds import pages as pausing
from tests.moderation.incidents import pages as reports
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from collections.abc import Iterator
from dataclasses import replace


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
            case Links(pages=pages):
                yield from (label for label, _ in pages)
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
            case Choice(label=label, hint=hint, options=options):
                yield from (label, hint, *(option for _, option in options))
            case _:
                raise AssertionError(field)


READERS = (None, some.SAM, some.OKAFOR, some.LUND, some.ADE, some.NOVAK)
"""A channel, an author, two moderators, the head, and who may only stop a post."""


PAUSE = Pause(place=some.OAK, by=some.ADE, since=some.ago(minutes=30))


def cards() -> Iterator[Card]:
    """Every card and message about every example, for every reader."""
    for post in some.EXAMPLES.values():
        for reader in READERS:
            view = some.view(post, reader, conflicts=(some.CONFLICT,))
            page = PostPage(post, view)
            yield present.card(post, view)
            yield present.card(post, replace(view, pause=PAUSE))
            yield present.ready(post, replace(view, pause=PAUSE))
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


def lost_cards() -> Iterator[Card]:
    """What could not be delivered, of every kind and number."""
    where = Conversation(Platform.SLACK, "C1")
    view = LostView(
        school=some.OAK, name="Oakfield Primary School", names=some.NAMES, places={where: "X"}
    )
    several = tuple(
        Lost(id=f"card:{number}", what=what, since=some.NOW, person=some.LUND, where=where)
        for what in What
        for number in range(12)
    )
    for number in (1, 2, 13, 36):
        card = deliveries.notice(several[:number], view)
        assert card is not None
        yield card


def standing_cards() -> Iterator[Card]:
    """The list of accounts, each account, the watch, and who I am, in every condition."""
    conditions = _conditions()
    yield from _lists(conditions)
    for condition in conditions:
        yield from _pages(condition)
    kept = Checkpoint(lines=1234, at=some.NOW, text="")
    yield record.checkpoint(kept, some.NOW, some.LONDON)
    yield record.broken()
    yield from lost_cards()
    yield people.who_am_i(None)
    place = Place(
        school="Oakfield Primary School",
        roles=frozenset(Role),
        accounts=(("x", "Oakfield Primary", frozenset(AccountRole)),),
    )
    for away in (True, False):
        yield people.who_am_i(Self(person=some.SAM, name="Sam Reed", places=(place,), away=away))


def _conditions() -> tuple[Condition, ...]:
    return tuple(
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
    )


def _lists(conditions: tuple[Condition, ...]) -> Iterator[Card]:
    for words in ((), ("stale",), ("facebook", "closed")):
        for lines in (conditions, ()):
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


def _pages(condition: Condition) -> Iterator[Card]:
    """An account's own page, and its school's watch with each concern and without."""
    masters = (("Miss Shah", frozenset({Role.DEPUTY_HEADTEACHER})),)
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
    ask.Decline(post=some.POST, seen=1, reason="Why."),
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
    yield from absences.unread(NotRead.NO_DAY)
    yield from absences.unread(NotRead.WEEKDAY)
    yield from absences.which(())
    yield from absences.done(ABSENCE)
    yield from absences.done(replace(ABSENCE, viewer=ABSENCE.person))
    for code in NotNoted:
        reason = Reason(code, {"who": ABSENCE.viewer, "next": "2026-11-24"})
        yield from absences.refusal((reason,), ABSENCE.names, own=False)
    for edition in (POLICY, replace(POLICY, accepted_at=POLICY.now)):
        yield from of_card(policies.card(edition))
    yield from of_card(policies.nothing())
    yield from policies.done()
    for why in NotAccepted:
        yield from policies.refusal((Reason(why),))
    for message in AwayMessage:
        yield from of_card(absences.notice(message, ABSENCE, "Mrs Ade"))
    yield from map(present.unusable, Unusable)
    yield from map(no_pupils, NoPupils)
    yield from ROLES.values()
    yield from ACCOUNT_ROLES.values()
    for pack in map(shipped, shipped_ids()):
        yield from pack.clauses.values()
        yield from pack.confirmations.values()
        yield from (rule.why.format(who="A.K., Year 4", where="Facebook") for rule in pack.rules)


EVERYTHING = sorted(
    {words for shown in (*cards(), *standing_cards(), *reports.cards()) for words in of_card(shown)}
    | {words for said in reports.answers() for words in said}
    | {words for shown in pausing.cards() for words in of_card(shown)}
    | set(pausing.answers())
    | set(refusals())
    | set(answers())
    | set(others())
)
