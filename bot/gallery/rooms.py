"""The other rooms: accounts, people, imports, pauses, reports of a concern, the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.gallery import school as here
from bot.gallery.school import (
    ACCOUNTS,
    ADE,
    FACEBOOK,
    LUND,
    NOVAK,
    NOW,
    OKAFOR,
    QUINN,
    REED,
    X,
    ago,
)
from moderation.accounts import present as accounts
from moderation.accounts.queries import AccountPage, ChannelsPage, Condition
from moderation.holds import present as holds
from moderation.holds.effects import Message as HoldMessage
from moderation.holds.model import Hold
from moderation.holds.queries import HoldPage, HoldView
from moderation.imports import present as imports
from moderation.imports.effects import Message as ImportMessage
from moderation.imports.model import (
    Batch,
    BatchId,
    Change,
    Counts,
    Gain,
    Kind,
    State as ImportState,
)
from moderation.imports.queries import ImportView
from moderation.incidents import present as incidents
from moderation.incidents.model import (
    Concern,
    Incident,
    IncidentId,
    Receiver,
    Rung,
    State as ReportState,
)
from moderation.incidents.queries import (
    Colleague,
    IncidentPage,
    IncidentView,
    ReportForm,
    Ring,
    SchoolForm,
)
from moderation.kernel import Identity, Platform
from moderation.links import present as links
from moderation.links.effects import Message as LinkMessage
from moderation.links.model import Link, State as LinkState, digest, link_of
from moderation.links.queries import LinkPage, LinkView
from moderation.oversight import present as watches
from moderation.oversight.effects import Message as OfTheWatch
from moderation.oversight.model import Concern as Attention, Flag, Watch
from moderation.oversight.queries import WatchView
from moderation.people import present as people
from moderation.people.model import AccountRole, Role
from moderation.people.queries import Place, Self
from moderation.record import present as record
from moderation.record.model import Checkpoint


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.gallery.posts import Made
    from moderation.kernel import AccountId, PersonId

REPORT: Final = IncidentId("01KA8REPORT")


def examples() -> Iterator[Made]:
    """A card of each kind, in each of its states."""
    yield from _accounts()
    yield from _people()
    yield from _imports()
    yield from _links()
    yield from _pauses()
    yield from _reports()
    yield from _record()


# -- accounts and people --------------------------------------------------------------------------


def _condition(account: AccountId, quiet: int | None, *moderators: PersonId) -> Condition:
    return Condition(
        account=ACCOUNTS[account],
        posted=ago(days=quiet) if quiet is not None else None,
        quiet=quiet,
        moderators=moderators,
        administrators=(OKAFOR, ADE),
        most_quiet=45,
        least_moderators=2,
        least_administrators=2,
        watched=True,
        closed=False,
    )


def _accounts() -> Iterator[Made]:
    good, poor = _condition(FACEBOOK, 2, OKAFOR, LUND), _condition(X, 62, OKAFOR)
    some = ChannelsPage(
        words=(),
        page=1,
        pages=2,
        total=14,
        lines=(good, poor),
        schools={here.OAKFIELD: here.NAME},
        today=here.TODAY,
    )
    yield "channels", "The list of accounts", accounts.channels(some)
    yield "my-accounts", "The accounts that somebody looks after", accounts.my_accounts(some)
    none = replace(some, words=("tiktok",), pages=1, total=0, lines=(), typed="tiktok")
    yield "channels-none", "No account fits the filter", accounts.channels(none)
    unknown = replace(none, words=(), typed="", unknown=True)
    yield (
        "channels-unknown",
        "The accounts, for somebody who is on no list",
        accounts.channels(unknown),
    )
    for name, condition, about in (
        ("account", good, "One account of the register"),
        ("account-attention", poor, "One that needs attention"),
    ):
        page = AccountPage(
            condition=condition,
            school=here.NAME,
            masters=(("Mrs Ade", frozenset({Role.HEADTEACHER})),),
            administrators=("Mrs Okafor",),
            moderators=tuple(here.NAMES[who] for who in condition.moderators),
            posters=("Sam Reed",),
            away=("Mr Lund",),
            now=NOW,
            zone=here.LONDON,
        )
        yield name, about, accounts.account(page)
    flags = (
        Flag(account=X, concern=Attention.STALE, since=here.TODAY, days=62),
        Flag(
            account=X, concern=Attention.UNCOVERED, since=here.TODAY, moderators=1, administrators=2
        ),
    )
    view = WatchView(
        version=3,
        school=here.NAME,
        today=here.TODAY,
        conditions={X: poor},
        rights=here.rights(FACEBOOK, X),
    )
    watch = Watch(school=here.OAKFIELD, looked_on=here.TODAY, flags=flags)
    yield "watch", "Accounts that need attention", watches.card(watch, view)
    yield "watch-mended", "All is put right", watches.card(replace(watch, flags=()), view)
    overdue = replace(view, policy=here.PACK.title, review=here.PACK.review_date)
    due = watches.notice(OfTheWatch.REVIEW_DUE, watch, overdue)
    yield "watch-review", "The policy is past its own review", due


def _people() -> Iterator[Made]:
    rights = frozenset({AccountRole.MODERATOR, AccountRole.ADMINISTRATOR})
    me = Self(
        person=OKAFOR,
        name="Mrs Okafor",
        places=(
            Place(
                school=here.NAME,
                roles=frozenset({Role.STAFF}),
                accounts=(("facebook", "Oakfield Primary", rights),),
            ),
        ),
        away=False,
    )
    yield "who-am-i", "Who I am", people.who_am_i(me)
    yield "who-am-i-away", "Who I am, away", people.who_am_i(replace(me, away=True, places=()))
    yield "who-am-i-unknown", "Who I am, on no list", people.who_am_i(None)


# -- imports and pauses ---------------------------------------------------------------------------


def _imports() -> Iterator[Made]:
    waiting = Batch(
        id=BatchId("01KA8IMPORT"),
        kind=Kind.PEOPLE,
        received_at=ago(hours=2),
        state=ImportState.WAITING,
        touches=frozenset({LUND, NOVAK}),
        counts=Counts(added=1, changed=2, unchanged=40),
        changes=(
            Change(gain=Gain.MODERATOR, place=here.OAKFIELD, person=LUND, account=FACEBOOK),
            Change(gain=Gain.HEAD, place=here.OAKFIELD, person=NOVAK, role=Role.HEADTEACHER),
        ),
    )
    view = ImportView(
        names=here.NAMES,
        schools={here.OAKFIELD: here.NAME, here.TRUST: "Fernhill Learning Trust"},
        accounts=ACCOUNTS,
        asked={here.OAKFIELD: (ADE,)},
        now=NOW,
        zone=here.LONDON,
        version=2,
        viewer=ADE,
    )
    over: dict[str, Any] = {"decided_at": ago(minutes=5)}
    yield "import", "A file that changes who may approve", imports.card(waiting, view)
    for state, about in (
        (ImportState.APPLIED, "The same file, in force"),
        (ImportState.REPLACED, "The same file, replaced by a newer one"),
        (ImportState.LAPSED, "The same file, which nobody answered"),
    ):
        card = imports.card(replace(waiting, state=state, **over), view)
        yield f"import-{state}", about, card
    declined = replace(waiting, state=ImportState.DECLINED, by=ADE, **over)
    yield "import-declined", "The same file, declined", imports.card(declined, view)
    for message, about in (
        (ImportMessage.PLEASE_CONFIRM, "A file that waits for your yes"),
        (ImportMessage.CHANGED, "The register changed while a file waited"),
        (ImportMessage.YOU_CONFIRMED, "You are named as having agreed to a file"),
        (ImportMessage.NO_LONGER_HEAD, "A file no longer lists you as head"),
    ):
        name = str(message).replace(".", "-").replace("_", "-")
        yield f"message-{name}", about, imports.notice(message, waiting, view)


def _links() -> Iterator[Made]:
    account = Identity(Platform.SLACK, "U0123ABCDEF")
    waiting = Link(
        id=link_of(account),
        identity=account,
        person=REED,
        address=digest("s.reed@oakfield.example"),
        number=1,
        asked_at=NOW,
        called="Sam (PE)",
    )
    place = Place(
        school=here.NAME,
        roles=frozenset({Role.STAFF}),
        accounts=(("facebook", "Oakfield Primary", frozenset({AccountRole.POSTER})),),
    )
    view = LinkView(
        version=1,
        name=here.NAMES[REED],
        email="s.reed@oakfield.example",
        me=Self(person=REED, name=here.NAMES[REED], places=(place,), away=False),
        asked=(here.NAMES[ADE],),
        confirmed=(),
        declined="",
        two=False,
        now=NOW,
        zone=here.LONDON,
    )
    two = replace(view, asked=(here.NAMES[QUINN],), confirmed=(here.NAMES[ADE],), two=True)
    over = replace(view, confirmed=(here.NAMES[ADE],), declined=here.NAMES[ADE])
    for state, seen, name, about in (
        (LinkState.WAITING, view, "link", "Somebody writes from Slack for the first time"),
        (LinkState.WAITING, two, "link-two", "The same, of somebody who may approve"),
        (LinkState.LINKED, over, "link-linked", "The same, confirmed"),
        (LinkState.DECLINED, over, "link-declined", "The same, declined"),
        (LinkState.LAPSED, view, "link-lapsed", "The same, which nobody answered"),
    ):
        yield name, about, links.card(LinkPage(replace(waiting, state=state), seen, (), ()))
    linked = LinkPage(replace(waiting, state=LinkState.LINKED), over, (), ())
    yield (
        "message-link-linked",
        "Your account is confirmed",
        links.notice(LinkMessage.LINKED, linked),
    )


def _pauses() -> Iterator[Made]:
    paused = Hold(
        school=here.OAKFIELD, number=2, by=NOVAK, reason="A flood in the hall.", at=ago(minutes=20)
    )
    over = replace(paused, started_by=ADE, started_at=ago(minutes=10))

    def page(hold: Hold | None, viewer: PersonId | None) -> HoldPage:
        view = HoldView(
            place=here.OAKFIELD,
            name=here.NAME,
            whole_trust=False,
            version=0 if hold is None else 3,
            viewer=viewer,
            names=here.NAMES,
            rights=here.rights(FACEBOOK),
            now=NOW,
            zone=here.LONDON,
        )
        return HoldPage(hold, view)

    for name, hold, about in (
        ("hold", paused, "All posts are paused"),
        ("hold-over", over, "Posts have started again"),
        ("hold-none", None, "Nothing is paused"),
    ):
        yield name, about, holds.card(page(hold, ADE), offer=True)
    yield "hold-channel", "The pause, in the channel", holds.card(page(paused, None))
    yield (
        "message-hold-paused",
        "Somebody paused all posts",
        holds.notice(HoldMessage.PAUSED, page(paused, REED)),
    )
    yield (
        "message-hold-started",
        "Posts were started again",
        holds.notice(HoldMessage.STARTED, page(over, REED)),
    )


# -- reports and the record -----------------------------------------------------------------------


def _reports() -> Iterator[Made]:
    ring = Ring(school=here.NAME, number="01632 960209", office="the office")
    asked = Receiver(person=NOVAK, rung=Rung.LEAD, step=1, at=ago(minutes=8))
    concern = Concern(
        words="Somebody wrote under our post that they are afraid to go home.",
        place="https://social.example/p/1",
        account=FACEBOOK,
        named=frozenset({LUND}),
        danger=True,
    )
    waiting = Incident(
        id=REPORT,
        school=here.OAKFIELD,
        reporter=REED,
        at=ago(minutes=9),
        concern=concern,
        barred=frozenset({REED, LUND}),
        step=1,
        receivers=(asked,),
    )
    held = replace(waiting, state=ReportState.ACKNOWLEDGED, holder=NOVAK, held_at=ago(minutes=2))

    def page(of: Incident, viewer: PersonId) -> IncidentPage:
        view = IncidentView(
            version=1,
            viewer=viewer,
            names=here.NAMES,
            account=ACCOUNTS[FACEBOOK],
            ring=ring,
            still=of.asked,
            here=True,
            now=NOW + timedelta(minutes=1),
            zone=here.LONDON,
        )
        return IncidentPage(of, view)

    unanswered = replace(waiting, unanswered_at=ago(minutes=1), step=2)
    done = replace(held, state=ReportState.DONE, done_at=ago(minutes=1))
    for name, of, about in (
        ("waiting", waiting, "A report that waits"),
        ("held", held, "A report that somebody has"),
        ("done", done, "A report that is dealt with"),
        ("unanswered", unanswered, "A report that nobody answered"),
    ):
        yield f"report-{name}", f"{about}: its reporter's card", incidents.card(page(of, REED))
        lead = incidents.card(page(of, NOVAK))
        yield f"report-{name}-lead", f"{about}: the safeguarding lead's card", lead
    yield "report-words", "What a report says", incidents.words(page(held, NOVAK))
    please = incidents.please_ring(page(unanswered, REED))
    if please is not None:
        yield "message-please-ring", "Nobody has answered yet", please
    colleagues = tuple(
        Colleague(person=who, name=name, roles=frozenset({Role.STAFF}))
        for who, name in here.NAMES.items()
    )
    one = SchoolForm(
        school=here.OAKFIELD,
        ring=ring,
        accounts=tuple(ACCOUNTS.values()),
        colleagues=colleagues,
    )
    form = ReportForm(trust=ring, schools=(one, replace(one, school=here.TRUST, accounts=())))
    yield "report-form", "The form for a concern", incidents.form(form, REPORT, "")


def _record() -> Iterator[Made]:
    text = "schoolgate.example/oakfield\n1500\nq1Vf0n6u5wN8kPz3Yt7c\n\n— oakfield 3q2+7w==\n"
    kept = Checkpoint(lines=1500, at=ago(minutes=3), text=text)
    yield "record", "The record, signed", record.checkpoint(kept, NOW, here.LONDON)
    yield "record-broken", "The record doesn't check", record.broken()
