"""A believable school and its posts, in every state: what every wording is tried on.

Sam Reed writes; Mrs Okafor and Mr Lund moderate; Mrs Ade is the headteacher; Miss Shah stands in;
Dr Quinn leads the trust. All of them are invented.
"""

# Any stands for fields of the dataclass that is built: replace() refuses unknown ones.
# ruff: noqa: ANN401

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from moderation.accounts.model import Account, MonthOrDay
from moderation.checks.model import Check, Finding, Pictured, Severity, Who
from moderation.kernel import AccountId, BlobId, PersonId, PostId, PupilKey, SchoolId
from moderation.people.model import (
    TEMPORARY,
    AccountRole,
    Appointment,
    Grant,
    Person,
    Role,
    Span,
)
from moderation.people.rights import Rights
from moderation.policies.loader import shipped
from moderation.policies.settings import STAND_IN_ROLES
from moderation.ports import Inspection, PictureFormat
from moderation.posts.model import (
    Allowance,
    Approval,
    Attachment,
    Content,
    Dispute,
    Needs,
    Post,
    Posted,
    Posting,
    Publication,
    Question,
    Revision,
    State,
    Veto,
)
from moderation.posts.queries import Conflict, PostView


LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 18, 15, 40, tzinfo=UTC)
TODAY = date(2026, 11, 18)
END_OF_YEAR = date(2027, 7, 23)
OAK, TRUST = SchoolId("oakfield"), SchoolId("fernhill")
FACEBOOK, X = AccountId("oakfield-facebook"), AccountId("oakfield-x")
POST = PostId("01POST")
PACK = shipped("step")
PICTURE, OTHER_PICTURE = BlobId("sha256:" + "ab" * 32), BlobId("sha256:" + "cd" * 32)

SAM, OKAFOR, LUND, ADE, SHAH, QUINN, NOVAK, HART, DIAZ = (
    PersonId(who)
    for who in ("reed", "okafor", "lund", "ade", "shah", "quinn", "novak", "hart", "diaz")
)
NAMES = {
    SAM: "Sam Reed",
    OKAFOR: "Mrs Okafor",
    LUND: "Mr Lund",
    ADE: "Mrs Ade",
    SHAH: "Miss Shah",
    QUINN: "Dr Quinn",
    NOVAK: "Ms Novak",
    HART: "Mr Hart",
    DIAZ: "Ms Diaz",
}
ROLES = {
    SAM: Role.STAFF,
    OKAFOR: Role.STAFF,
    LUND: Role.STAFF,
    ADE: Role.HEADTEACHER,
    SHAH: Role.DEPUTY_HEADTEACHER,
    QUINN: Role.TRUST_LEAD,
    NOVAK: Role.SAFEGUARDING_LEAD,
    HART: Role.GOVERNOR,
    DIAZ: Role.SUPPLY,
}

ACCOUNTS = {
    FACEBOOK: Account(
        id=FACEBOOK,
        school=OAK,
        platform="facebook",
        name="Oakfield Primary",
        url="https://www.facebook.example/oakfield",
        opened_on=MonthOrDay(2019, 9),
    ),
    X: Account(
        id=X,
        school=OAK,
        platform="x",
        name="Oakfield Primary",
        closed_on=None,
        opened_on=MonthOrDay(2021, 3, 1),
    ),
}


def ago(**parts: float) -> datetime:
    return NOW - timedelta(**parts)


def hence(**parts: float) -> datetime:
    return NOW + timedelta(**parts)


# -- people ---------------------------------------------------------------------------------------


def person(who: PersonId, *, away: bool = False, **fields: Any) -> Person:
    place = TRUST if ROLES[who] is Role.TRUST_LEAD else OAK
    span = Span(end=END_OF_YEAR) if ROLES[who] in TEMPORARY else Span()
    made = Person(
        id=who,
        name=NAMES[who],
        appointments=(Appointment(school=place, role=ROLES[who], span=span),),
        absences=(Span(start=TODAY, end=TODAY),) if away else (),
    )
    return replace(made, **fields)


PEOPLE = tuple(person(who) for who in NAMES)


def grants(*accounts: AccountId) -> tuple[Grant, ...]:
    """Mrs Okafor and Mr Lund moderate, Sam posts."""
    return tuple(
        Grant(account=account, person=who, role=role)
        for account in accounts
        for who, role in (
            (OKAFOR, AccountRole.MODERATOR),
            (LUND, AccountRole.MODERATOR),
            (OKAFOR, AccountRole.ADMINISTRATOR),
            (SAM, AccountRole.POSTER),
        )
    )


def rights(*accounts: AccountId, away: frozenset[PersonId] = frozenset(), **fields: Any) -> Rights:
    wanted = accounts or (FACEBOOK,)
    made = Rights(
        school=OAK,
        trust=TRUST,
        accounts=frozenset(wanted),
        people=tuple(person(who, away=who in away) for who in NAMES),
        grants=grants(*wanted),
        stand_ins=tuple(Role(role) for role in STAND_IN_ROLES),
        staff_may_propose=False,
        today=TODAY,
    )
    return replace(made, **fields)


# -- what the checks found ------------------------------------------------------------------------

TEXT = "Well done Amelia Khan, who won the chess cup! Tickets for the fair: https://fair.example/"


def finding(rule: str, words: str = "", **fields: Any) -> Finding:
    """A finding of one of the pack's own rules, at the place of ``words`` in the text."""
    known = next(item for item in PACK.rules if item.id == rule)
    start = TEXT.find(words) if words else None
    made = Finding(
        check=known.check,
        rule=known.id,
        category=known.category,
        clause=known.clause,
        severity=known.severity,
        field="text" if words else "post",
        start=start,
        end=start + len(words) if start is not None else None,
        reason=known.why.format(who="A.K., Year 4", where="Facebook"),
        confirm=known.confirm,
        allowable=known.allowable,
    )
    return replace(made, **fields)


def rule_of(check: Check, severity: Severity, *, allowable: bool | None = None) -> str:
    return next(
        rule.id
        for rule in PACK.rules
        if rule.check is check
        and rule.severity is severity
        and (allowable is None or rule.allowable is allowable)
    )


NAMED = finding(rule_of(Check.PUPIL_NAMES, Severity.BLOCK, allowable=True), "Amelia Khan")
LINK = finding(rule_of(Check.LINKS, Severity.FLAG), "https://fair.example/")
NOTE = finding(next(rule.id for rule in PACK.rules if rule.severity is Severity.NOTE))
CONSENT = finding(
    rule_of(Check.IMAGE_CONSENT, Severity.BLOCK), field="image[0]", start=None, end=None
)

# -- posts ----------------------------------------------------------------------------------------


def attachment(blob: BlobId = PICTURE, alt: str = "A chess board with a silver cup") -> Attachment:
    return Attachment(blob=blob, alt=alt, file_name="cup.jpg")


def content(text: str = TEXT, **fields: Any) -> Content:
    return replace(Content(text=text, accounts=(FACEBOOK,)), **fields)


def revision(number: int = 1, **fields: Any) -> Revision:
    words = fields.pop("content", None) or content()
    made = Revision(
        id=f"r{number}",
        number=number,
        content=words,
        digest=words.digest(),
        authors=frozenset({SAM}),
        needs=Needs(),
        pack=PACK.digest,
        by=SAM,
        at=ago(minutes=20),
    )
    return replace(made, **fields)


def post(state: State = State.IN_REVIEW, **fields: Any) -> Post:
    made = Post(
        id=POST,
        school=OAK,
        state=state,
        revision=fields.pop("revision", None) or revision(),
        opened_at=ago(minutes=20),
        entered_at=ago(minutes=19),
        expires_at=hence(days=7) if state is State.IN_REVIEW else None,
    )
    return replace(made, **fields)


def approval(who: PersonId = OKAFOR, *, as_head: bool = False) -> Approval:
    return Approval(
        revision="r1",
        digest="d",
        person=who,
        as_head=as_head,
        confirmed=frozenset(),
        wording=1,
        at=ago(minutes=5),
    )


def posting(said: Posted, account: AccountId = FACEBOOK, **fields: Any) -> Posting:
    return replace(Posting(account=account, said=said, person=SAM, at=ago(minutes=2)), **fields)


def publication(account: AccountId = FACEBOOK) -> Publication:
    return Publication(
        revision="r1",
        account=account,
        digest="d",
        needs=Needs(),
        author=SAM,
        second=OKAFOR,
        third=None,
        head=None,
        at=ago(minutes=3),
    )


WITH_PICTURE = content(
    "The chess cup has a new home.",
    attachments=(attachment(),),
    pictured=Pictured(Who.THESE, frozenset({PupilKey("p1"), PupilKey("p2")})),
    not_before=NOW.replace(hour=8, minute=0) + timedelta(days=1),
)
TWO_PAGES = content("The summer fair is on Saturday.", accounts=(FACEBOOK, X))
VETO = Veto(person=LUND, reason="It sounds like an advertisement.", at=ago(minutes=8))
CHANGES = Veto(person=OKAFOR, reason="Please say where the fair is.", at=ago(minutes=8))
NOT_THIS_TIME = Veto(person=ADE, reason="Ask the family in writing first.", at=ago(minutes=5))
DISPUTE = Dispute(finding=NAMED.key, person=SAM, reason="Her family asked us.", at=ago(minutes=9))
ALLOWED = Allowance(
    finding=NAMED.key, person=ADE, reason="The family asked in writing.", at=ago(minutes=4)
)
QUESTION = Question(person=SAM, words="May we name the visitor?", at=ago(minutes=6))

EXAMPLES: Mapping[str, Post] = {
    "blocked draft": post(State.DRAFT, findings=(NAMED, LINK)),
    "draft whose pictures are looked at": post(
        State.DRAFT,
        revision=revision(content=WITH_PICTURE),
        waiting_for=frozenset({PICTURE}),
    ),
    "draft without permission for a picture": post(
        State.DRAFT, revision=revision(content=WITH_PICTURE), findings=(CONSENT, NAMED)
    ),
    "disputed draft": post(State.DRAFT, findings=(NAMED,), disputes=(DISPUTE,)),
    "declined draft": post(
        State.DRAFT, findings=(NAMED,), disputes=(DISPUTE,), change_request=NOT_THIS_TIME
    ),
    "recalled draft": post(State.DRAFT, findings=(NAMED,), held_back=("blocked", "right_lost")),
    "in review": post(),
    "in review with a flag": post(findings=(LINK, NOTE)),
    "allowed once, in review": post(findings=(NAMED,), allowances=(ALLOWED,)),
    "in review with pictures for the head": post(
        revision=revision(content=WITH_PICTURE, needs=Needs(head=True))
    ),
    "one yes of two": post(revision=revision(needs=Needs(seconds=2)), approvals=(approval(),)),
    "head on top": post(
        revision=revision(needs=Needs(head=True, head_counts=False)), approvals=(approval(),)
    ),
    "second version with a no": post(
        revision=revision(2, authors=frozenset({SAM, LUND})), vetoes=(VETO,)
    ),
    "asked": post(questions=(QUESTION,)),
    "sent back": post(revision=revision(2), held_back=("unconfirmed", "too_few_yes")),
    "changes requested": post(State.CHANGES_REQUESTED, change_request=CHANGES),
    "rejected": post(State.REJECTED, vetoes=(VETO,)),
    "approved": post(State.APPROVED, approvals=(approval(),)),
    "approved for tomorrow": post(
        State.APPROVED,
        revision=revision(content=WITH_PICTURE),
        approvals=(approval(), approval(ADE, as_head=True)),
    ),
    "ready": post(State.RELEASED, approvals=(approval(),), publications=(publication(),)),
    "ready on two pages": post(
        State.RELEASED,
        revision=revision(content=TWO_PAGES),
        approvals=(approval(),),
        postings=(posting(Posted.CANNOT, X, words="I am locked out."),),
    ),
    "nobody knows whether it is posted": post(
        State.RELEASED, approvals=(approval(),), postings=(posting(Posted.UNSURE, person=None),)
    ),
    "partly posted, removal asked": post(
        State.RELEASED,
        revision=revision(content=TWO_PAGES),
        approvals=(approval(),),
        postings=(posting(Posted.YES),),
        removal_asked=Question(person=LUND, words="A family has asked.", at=ago(minutes=1)),
    ),
    "posted": post(
        State.PUBLISHED,
        approvals=(approval(),),
        postings=(posting(Posted.YES, url="https://www.facebook.example/oakfield/1"),),
    ),
    "posted, removal asked by the clock": post(
        State.PUBLISHED,
        approvals=(approval(),),
        postings=(posting(Posted.YES),),
        removal_asked=Question(person=None, words="", at=ago(minutes=1)),
    ),
    "cancelled": post(State.WITHDRAWN),
    "stopped before anybody saw it": post(State.WITHDRAWN, findings=(NAMED,)),
    "out of time": post(State.EXPIRED),
}
"""A post in every state, and in every way that changes a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An audit line as a store would give it."""

    at: datetime
    tag: str
    person: PersonId | None
    payload: Mapping[str, Any] | None = None


HISTORY = (
    Line(at=ago(minutes=20), tag="post:proposed", person=SAM),
    Line(at=ago(minutes=20), tag="post:judged", person=SAM),
    Line(at=ago(minutes=19), tag="post:sent_to_review", person=SAM),
    Line(at=ago(minutes=5), tag="post:approved_by", person=OKAFOR),
)


def inspection(blob: BlobId = PICTURE) -> Inspection:
    return Inspection(
        blob=blob, clean=OTHER_PICTURE, format=PictureFormat.JPEG, width=800, height=600
    )


def view(of: Post, viewer: PersonId | None = None, **fields: Any) -> PostView:
    """What would be looked up for this post; every picture has been looked at unless waited for."""
    seen = {item.blob for item in of.content.attachments} - of.waiting_for
    made = PostView(
        viewer=viewer,
        names=NAMES,
        accounts={account: ACCOUNTS[account] for account in of.content.accounts},
        school="Oakfield Primary School",
        rights=rights(*of.content.accounts),
        now=NOW,
        zone=LONDON,
        version=3,
        pack=PACK,
        pictures={blob: inspection(blob) for blob in seen},
        pictured=("A.K., Year 4", "B.L., Year 4") if of.content.pictured.pupils else (),
        history=HISTORY,
    )
    return replace(made, **fields)


CONFLICT = Conflict(PostId("01OTHER"), FACEBOOK, hence(minutes=10))
