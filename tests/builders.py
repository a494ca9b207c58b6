"""Invented people, accounts, posts and facts for tests of the workflow, with a clock and ids.

Everybody works at one school, Oak, and looks after one page of it, unless a test says otherwise:

    rights(people=[person(ANN), person(HEAD, Role.HEADTEACHER)], grants=[grant(ANN)])
    decide(post(), Approve(post=POST, seen=1), facts(), asked(BOB))
"""

# Any stands for fields of the dataclass that is built: replace() refuses unknown ones.
# ruff: noqa: ANN401

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from moderation.accounts.model import Account
from moderation.checks.model import Check, Finding, Severity
from moderation.kernel import (
    AccountId,
    Asked,
    Identity,
    PersonId,
    Platform,
    PostId,
    SchoolId,
    SubjectRef,
    Timer,
)
from moderation.people.model import AccountRole, Appointment, Grant, Person, Role, Span
from moderation.people.rights import Rights
from moderation.policies.settings import STAND_IN_ROLES, PackSettings
from moderation.posts.guards import Facts
from moderation.posts.model import (
    Approval,
    Content,
    Needs,
    Post,
    Publication,
    Revision,
    State,
    Veto,
)


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.kernel import FindingKey
    from moderation.posts.events import Event


OAK, ELM, TRUST = SchoolId("oak"), SchoolId("elm"), SchoolId("trust")
PAGE, FEED = AccountId("oak-page"), AccountId("oak-feed")
ANN, BOB, CY, HEAD = (PersonId(who) for who in ("ann", "bob", "cy", "head"))
POST = PostId("p1")
DAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
PACK = "sha256:" + "0" * 64


# -- time and ids ---------------------------------------------------------------------------------


@dataclass(slots=True)
class TestClock:
    """A :class:`~moderation.ports.Clock` that stands still until it is told to go on."""

    __test__ = False
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def tick(self, step: timedelta) -> datetime:
        self.at += step
        return self.at


@dataclass(slots=True)
class CountedIds:
    """A :class:`~moderation.ports.Ids` that counts: ``id-1``, ``id-2``, and so on."""

    prefix: str = "id-"
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new(self) -> str:
        return f"{self.prefix}{next(self.numbers)}"


# -- people ---------------------------------------------------------------------------------------


def identities(who: str) -> tuple[Identity, Identity]:
    """The same human in Slack and in Teams."""
    return Identity(Platform.SLACK, f"U-{who}"), Identity(Platform.TEAMS, f"T-{who}")


def person(who: PersonId, *roles: Role, school: SchoolId = OAK, **fields: Any) -> Person:
    """Somebody with these roles (staff, where none is named) since September."""
    span = fields.pop("span", Span(start=date(2026, 9, 1)))
    held = roles or (Role.STAFF,)
    appointments = tuple(Appointment(school=school, role=role, span=span) for role in held)
    made = Person(id=who, name=who.title(), appointments=appointments, identities=identities(who))
    return replace(made, **fields)


def grant(
    who: PersonId,
    account: AccountId = PAGE,
    role: AccountRole = AccountRole.MODERATOR,
    **fields: Any,
) -> Grant:
    return replace(Grant(account=account, person=who, role=role), **fields)


STAFF = (
    person(ANN),
    person(BOB),
    person(CY),
    person(HEAD, Role.HEADTEACHER),
)
GRANTS = (grant(ANN), grant(BOB), grant(CY))


def rights(
    people: Iterable[Person] = STAFF,
    grants: Iterable[Grant] = GRANTS,
    *,
    accounts: Iterable[AccountId] = (PAGE,),
    school: SchoolId = OAK,
    today: date = DAY,
    **fields: Any,
) -> Rights:
    """Ann, Bob and Cy moderate the page; the head is the head."""
    made = Rights(
        school=school,
        trust=TRUST,
        accounts=frozenset(accounts),
        people=tuple(people),
        grants=tuple(grants),
        stand_ins=tuple(Role(role) for role in STAND_IN_ROLES),
        staff_may_propose=False,
        today=today,
    )
    return replace(made, **fields)


def account(name: AccountId = PAGE, **fields: Any) -> Account:
    made = Account(id=name, school=OAK, platform="facebook", name=name.title())
    return replace(made, **fields)


def asked(by: PersonId | None = ANN, at: datetime = NOON, key: str = "key") -> Asked:
    """As the service hands it on: with the person already found. ``None`` is a stranger."""
    identity = identities(by or "stranger")[0]
    return Asked(by=identity, key=key, at=at, person=by)


def timer(at: datetime = NOON, key: str = "timer") -> Asked:
    return Asked(by=Timer(), key=key, at=at)


# -- posts ----------------------------------------------------------------------------------------


def content(text: str = "The summer fair is on Saturday.", **fields: Any) -> Content:
    return replace(Content(text=text, accounts=(PAGE,)), **fields)


def finding(
    severity: Severity = Severity.FLAG, rule: str = "links.open-it", **fields: Any
) -> Finding:
    made = Finding(
        check=Check.LINKS,
        rule=rule,
        category="link",
        clause="STEP-LINK-1",
        severity=severity,
        field="text",
        start=0,
        end=3,
        reason="There is a link.",
    )
    return replace(made, **fields)


FLAG = finding()
BLOCK = finding(Severity.BLOCK, "names.pupil")
ALLOWABLE = finding(Severity.BLOCK, "words.allowable", allowable=True)


def revision(
    number: int = 1,
    words: Content | None = None,
    authors: Iterable[PersonId] = (ANN,),
    needs: Needs | None = None,
    **fields: Any,
) -> Revision:
    words = words or content()
    made = Revision(
        id=f"r{number}",
        number=number,
        content=words,
        digest=words.digest(),
        authors=frozenset(authors),
        needs=needs or Needs(),
        pack=PACK,
        by=ANN,
        at=NOON,
    )
    return replace(made, **fields)


def post(state: State = State.IN_REVIEW, **fields: Any) -> Post:
    """Ann's post in ``state``, its first version, without findings; nobody has said anything."""
    made = Post(
        id=POST,
        school=OAK,
        state=state,
        revision=fields.pop("revision", None) or revision(),
        opened_at=NOON,
        entered_at=NOON,
        expires_at=NOON + timedelta(days=7) if state is State.IN_REVIEW else None,
    )
    return replace(made, **fields)


def approval(
    who: PersonId = BOB,
    to: Revision | None = None,
    confirmed: Iterable[FindingKey] = (),
    **fields: Any,
) -> Approval:
    to = to or revision()
    made = Approval(
        revision=to.id,
        digest=to.digest,
        person=who,
        as_head=who == HEAD,
        confirmed=frozenset(confirmed),
        wording=1,
        at=NOON,
    )
    return replace(made, **fields)


def veto(who: PersonId = BOB, reason: str = "Not like this.") -> Veto:
    return Veto(person=who, reason=reason, at=NOON)


def publication(of: Post, **fields: Any) -> Publication:
    made = Publication(
        revision=of.revision.id,
        account=PAGE,
        digest=of.revision.digest,
        needs=of.revision.needs,
        author=ANN,
        second=BOB,
        third=None,
        head=None,
        at=NOON,
    )
    return replace(made, **fields)


def facts(**fields: Any) -> Facts:
    """Everything as usual: the page is open, three moderators and the head are here."""
    made = Facts(
        school=OAK,
        accounts={PAGE: account()},
        rights=rights(),
        settings=PackSettings(),
        pack=PACK,
        needs=Needs(),
        revision_id="r-new",
    )
    return replace(made, **fields)


def subject() -> SubjectRef:
    return SubjectRef("post", POST)


def tags(events: Iterable[Event]) -> tuple[str, ...]:
    """What happened, as the audit names it."""
    return tuple(event.tag for event in events)
