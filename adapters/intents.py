"""What pressing a button means, the same on every platform: its verb, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from adapters.payloads import BROKEN, UNKNOWN, BadPayload
from moderation.acceptances import commands as acceptances
from moderation.checks.model import NotAPupil, Who
from moderation.holds import commands as holds
from moderation.imports import commands as imports
from moderation.imports.model import BatchId
from moderation.incidents import commands as incidents
from moderation.incidents.model import Concern, IncidentId
from moderation.jottings import commands as jottings
from moderation.jottings.model import (
    JottingId,
    Reply,
    SayAccounts,
    SayAlt,
    SayClass,
    SayColleagues,
    SayNoPupils,
    SayPupils,
)
from moderation.jottings.present import ACCOUNTS, ALT, CLASS, NAMES, STAFF, WHO
from moderation.jottings.reading import names_in
from moderation.keeping import commands as keeping
from moderation.keeping.model import NameId
from moderation.kernel import AccountId, FindingKey, PersonId, PostId, SchoolId
from moderation.links import commands as links
from moderation.links.model import LinkId
from moderation.posts import commands as ask
from moderation.views import Intent


CONFIRM: Final = "confirm:"
"""A statement's field is named by this and the finding's key, whether it is ticked or chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPost:
    """Show the newest card of a post, to me."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHistory:
    """Who did what to a post, and when."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsIn:
    """The pupils declared in a post's pictures, to me alone; that I looked is noted."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPost:
    """Open the form with the words of version ``seen``."""

    post: PostId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextInQueue:
    """The next thing that waits for me, after this post ("" for the first)."""

    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """The words of a report of a concern, to me alone; that I read them is noted."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPage:
    """Another page of a stored listing."""

    listing: str
    page: str


Command: TypeAlias = (
    ask.Command
    | imports.Command
    | incidents.Command
    | holds.Command
    | jottings.Pressed
    | links.Command
    | acceptances.AcceptPolicy
    | keeping.Command
)
Query: TypeAlias = OpenPost | ShowHistory | WhoIsIn | EditPost | NextInQueue | TurnPage | ReadReport
Values: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""What a form was filled in with, by field name. A ticked statement has any non-empty value."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb makes: the type, and how. ``arg`` tells what its argument is, "" for none."""

    makes: type[Command | Query]
    build: Callable[[Intent, Values], Command | Query]
    arg: str = ""


def _post(intent: Intent) -> PostId:
    return PostId(intent.id)


def _words(values: Values, name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else " ".join(value)


def _reason(values: Values) -> str:
    return _words(values, "reason")


def _confirmed(values: Values) -> frozenset[FindingKey]:
    return frozenset(
        FindingKey(name.removeprefix(CONFIRM))
        for name, value in values.items()
        if name.startswith(CONFIRM) and value
    )


def _whose(values: Values) -> frozenset[tuple[FindingKey, NotAPupil]]:
    """Who was chosen for a name; a tick says nothing of it."""
    return frozenset(
        (key, NotAPupil(said))
        for key in _confirmed(values)
        if (said := _words(values, f"{CONFIRM}{key}")) in set(NotAPupil)
    )


def _kind(said: str) -> NotAPupil | None:
    return NotAPupil(said) if said in set(NotAPupil) else None


def _report(intent: Intent, values: Values) -> incidents.ReportConcern:
    """Whatever of the form was left open is left open: only words are needed."""
    named = values.get("named", ())
    school, account = _words(values, "school"), _words(values, "account")
    return incidents.ReportConcern(
        incident=IncidentId(intent.id),
        school=SchoolId(school) if school else None,
        concern=Concern(
            words=_words(values, "words"),
            place=_words(values, "place").strip(),
            account=AccountId(account) if account else None,
            named=frozenset(
                map(PersonId, filter(None, (named,) if isinstance(named, str) else named))
            ),
            danger=bool(values.get("danger")),
        ),
    )


VERBS: Final[Mapping[str, Verb]] = {
    "post.approve": Verb(
        ask.Approve,
        lambda i, v: ask.Approve(
            post=_post(i), seen=i.rev, confirmed=_confirmed(v), whose=_whose(v)
        ),
    ),
    "post.request_changes": Verb(
        ask.RequestChanges,
        lambda i, v: ask.RequestChanges(post=_post(i), seen=i.rev, reason=_reason(v)),
    ),
    "post.reject": Verb(
        ask.Reject, lambda i, v: ask.Reject(post=_post(i), seen=i.rev, reason=_reason(v))
    ),
    "post.lift_veto": Verb(
        ask.LiftVeto,
        lambda i, v: ask.LiftVeto(post=_post(i), seen=i.rev, of=PersonId(i.arg), reason=_reason(v)),
        arg="person",
    ),
    "post.ask_head": Verb(
        ask.AskHead, lambda i, v: ask.AskHead(post=_post(i), seen=i.rev, words=_words(v, "words"))
    ),
    "post.withdraw": Verb(ask.Withdraw, lambda i, _: ask.Withdraw(post=_post(i))),
    "post.stop": Verb(ask.Stop, lambda i, v: ask.Stop(post=_post(i), reason=_reason(v))),
    "post.dispute": Verb(
        ask.Dispute,
        lambda i, v: ask.Dispute(
            post=_post(i), seen=i.rev, finding=FindingKey(i.arg), reason=_reason(v)
        ),
        arg="finding",
    ),
    "post.allow": Verb(
        ask.Allow,
        lambda i, v: ask.Allow(
            post=_post(i), seen=i.rev, finding=FindingKey(i.arg), reason=_reason(v)
        ),
        arg="finding",
    ),
    "post.decline": Verb(
        ask.Decline, lambda i, v: ask.Decline(post=_post(i), seen=i.rev, reason=_reason(v))
    ),
    "post.posted": Verb(
        ask.MarkPosted,
        lambda i, v: ask.MarkPosted(
            post=_post(i), seen=i.rev, account=AccountId(i.arg), url=_words(v, "url").strip()
        ),
        arg="account",
    ),
    "post.cannot_post": Verb(
        ask.SayNotPosted, lambda i, v: _not_posted(i, v, unsure=False), arg="account"
    ),
    "post.unsure": Verb(
        ask.SayNotPosted, lambda i, v: _not_posted(i, v, unsure=True), arg="account"
    ),
    "post.attend": Verb(ask.Attend, lambda i, _: ask.Attend(post=_post(i)), arg="drawing"),
    "post.take": Verb(ask.TakePosting, lambda i, _: ask.TakePosting(post=_post(i)), arg="drawing"),
    "post.open": Verb(OpenPost, lambda i, _: OpenPost(post=_post(i))),
    "post.history": Verb(ShowHistory, lambda i, _: ShowHistory(post=_post(i))),
    "post.who": Verb(WhoIsIn, lambda i, _: WhoIsIn(post=_post(i))),
    "post.revise": Verb(EditPost, lambda i, _: EditPost(post=_post(i), seen=i.rev)),
    "import.confirm": Verb(
        imports.ConfirmImport,
        lambda i, _: imports.ConfirmImport(batch=BatchId(i.id), seen=i.rev),
    ),
    "import.decline": Verb(
        imports.DeclineImport,
        lambda i, _: imports.DeclineImport(batch=BatchId(i.id), seen=i.rev),
    ),
    "link.confirm": Verb(
        links.ConfirmLink, lambda i, _: links.ConfirmLink(link=LinkId(i.id), seen=i.rev)
    ),
    "link.decline": Verb(
        links.DeclineLink, lambda i, _: links.DeclineLink(link=LinkId(i.id), seen=i.rev)
    ),
    "hold.pause": Verb(
        holds.Pause, lambda i, v: holds.Pause(school=SchoolId(i.id), reason=_reason(v))
    ),
    "hold.start": Verb(holds.Start, lambda i, _: holds.Start(school=SchoolId(i.id), seen=i.rev)),
    "report.send": Verb(incidents.ReportConcern, _report),
    "report.have": Verb(
        incidents.Acknowledge, lambda i, _: incidents.Acknowledge(incident=IncidentId(i.id))
    ),
    "report.finish": Verb(
        incidents.Finish, lambda i, _: incidents.Finish(incident=IncidentId(i.id))
    ),
    "report.read": Verb(ReadReport, lambda i, _: ReadReport(incident=IncidentId(i.id))),
    "jotting.account": Verb(jottings.Say, lambda i, v: _say(i, _said_accounts(v))),
    "jotting.who": Verb(jottings.Say, lambda i, v: _say(i, _said_who(v), *_said_staff(v))),
    "jotting.describe": Verb(jottings.Say, lambda i, v: _say(i, *_said_alts(v))),
    "jotting.make": Verb(
        jottings.Make, lambda i, _: jottings.Make(jotting=JottingId(i.id), seen=i.rev)
    ),
    "jotting.forget": Verb(jottings.Forget, lambda i, _: jottings.Forget(jotting=JottingId(i.id))),
    "policy.accept": Verb(
        acceptances.AcceptPolicy,
        lambda i, _: acceptances.AcceptPolicy(school=SchoolId(i.id), version=i.arg),
        arg="edition",
    ),
    "name.ask": Verb(
        keeping.AskName,
        lambda i, v: keeping.AskName(
            id=NameId(i.id),
            school=SchoolId(i.arg),
            name=_words(v, "name"),
            kind=_kind(_words(v, "kind")),
        ),
        arg="school",
    ),
    "name.agree": Verb(keeping.AgreeName, lambda i, _: keeping.AgreeName(id=NameId(i.id))),
    "name.decline": Verb(
        keeping.DeclineName,
        lambda i, v: keeping.DeclineName(id=NameId(i.id), reason=_reason(v)),
    ),
    "name.drop": Verb(keeping.DropName, lambda i, _: keeping.DropName(id=NameId(i.id))),
    "queue.next": Verb(NextInQueue, lambda i, _: NextInQueue(after=i.arg)),
    "list.page": Verb(TurnPage, lambda i, _: TurnPage(listing=i.id, page=i.arg), arg="page"),
}
"""Every verb that a card may carry. A renderer draws them alike; nothing else reads them."""


def _not_posted(intent: Intent, values: Values, *, unsure: bool) -> ask.SayNotPosted:
    return ask.SayNotPosted(
        post=_post(intent),
        seen=intent.rev,
        account=AccountId(intent.arg),
        unsure=unsure,
        reason=_reason(values),
    )


def _say(intent: Intent, *replies: Reply) -> jottings.Say:
    return jottings.Say(jotting=JottingId(intent.id), replies=replies)


def _said_accounts(values: Values) -> SayAccounts:
    chosen = values.get(ACCOUNTS, ())
    several = (chosen,) if isinstance(chosen, str) else chosen
    return SayAccounts(tuple(AccountId(it) for it in several if it))


def _said_who(values: Values) -> SayNoPupils | SayClass | SayPupils:
    """Nobody, a class without those who are named, or those who are named."""
    who, names = _words(values, WHO), names_in(_words(values, NAMES))
    if who.startswith(CLASS):
        return SayClass(who.removeprefix(CLASS), names)
    if who in {Who.NOBODY.value, Who.NOT_RECOGNISABLE.value}:
        return SayNoPupils(Who(who))
    return SayPupils(names)


def _said_staff(values: Values) -> tuple[SayColleagues, ...]:
    """An empty field takes them out; one that wasn't there says nothing."""
    return (SayColleagues(names_in(_words(values, STAFF))),) if STAFF in values else ()


def _said_alts(values: Values) -> tuple[SayAlt, ...]:
    numbers = (name.removeprefix(ALT) for name in values if name.startswith(ALT))
    return tuple(
        SayAlt(int(number), _words(values, f"{ALT}{number}").strip())
        for number in numbers
        if re.fullmatch(r"[1-9][0-9]?", number) and _words(values, f"{ALT}{number}").strip()
    )


def command_for(intent: Intent, values: Values) -> Command | Query | BadPayload:
    """What pressing this button, with its form filled in like this, asks for."""
    verb = VERBS.get(intent.verb)
    if verb is None:
        return BadPayload(UNKNOWN)
    if verb.arg and not intent.arg:
        return BadPayload(BROKEN)
    return verb.build(intent, values)


def business_key(intent: Intent, by: str, request: str = "") -> str:
    """Names what ``by`` asks for, once: pressing twice has one effect.

    ``request`` was minted when a form was opened; a button without one is named by what it says.
    """
    # "Approve" and "Approve and next" are one request; only an argument that the command itself
    # needs tells requests apart.
    arg = intent.arg if VERBS[intent.verb].arg else ""
    subject = f"{intent.verb}:{intent.id}:{intent.rev}:{arg}"
    return f"{by}:{subject}:{request}" if request else f"{by}:{subject}"
