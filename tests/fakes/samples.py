"""Invented people, pupils and posts for the tests of storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from moderation.accounts.model import Account, MonthOrDay
from moderation.checks.model import (
    Check,
    Consent,
    Finding,
    Pictured,
    PupilName,
    Purpose,
    Severity,
    Status,
    Who,
)
from moderation.kernel import (
    AccountId,
    BlobId,
    Identity,
    PersonId,
    Platform,
    PostId,
    PupilKey,
    SchoolId,
)
from moderation.people.model import Appointment, Person, Pupil, Role, Span
from moderation.ports import Inspection, PictureFormat
from moderation.posts.model import (
    Approval,
    Attachment,
    Content,
    Needs,
    Post,
    Publication,
    Revision,
    State,
    Veto,
)


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


NOON = datetime(2026, 11, 18, 12, 0, 0, 123456, tzinfo=UTC)
OAK, ELM, TRUST = SchoolId("oak"), SchoolId("elm"), SchoolId("trust")
PAGE, FEED = AccountId("oak-page"), AccountId("oak-feed")
ANN, ED, BOB, CY, HEAD = (PersonId(who) for who in ("ann", "ed", "bob", "cy", "head"))
PICTURE = BlobId("sha256:" + "ab" * 32)
CANARY = "Zephyrine Quillfeather"  # the invented pupil whose name must never be found in the clear


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def person(who: PersonId, school: SchoolId = OAK, role: Role = Role.STAFF) -> Person:
    return Person(
        id=who,
        name=f"{who.title()} Example",
        email=f"{who}@school.example",
        appointments=(Appointment(school=school, role=role, span=Span(start=date(2025, 9, 1))),),
        identities=(Identity(Platform.SLACK, f"U-{who}"), Identity(Platform.TEAMS, f"T-{who}")),
        absences=(Span(start=date(2026, 12, 1), end=date(2026, 12, 4)),),
    )


STAFF = tuple(person(who) for who in (ANN, BOB, CY, ED, HEAD))


def account(name: AccountId = PAGE, school: SchoolId = OAK, platform: str = "facebook") -> Account:
    return Account(
        id=name,
        school=school,
        platform=platform,
        name=f"Page {name}",
        url=f"https://{platform}.example/{name}",
        opened_on=MonthOrDay(2019, 9),
        closed_on=MonthOrDay(2030, 7, 31),
        known_since=date(2026, 9, 1),
    )


def pupil(number: int, school: SchoolId = OAK, left_on: date | None = None) -> Pupil:
    key = PupilKey(f"{school}-p{number}")
    name = PupilName(
        pupil=key,
        legal_forename=CANARY.split(maxsplit=1)[0],
        legal_surname=f"{CANARY.split()[1]}-{number}",
        preferred_forename="Zeph",
        year_group="4",
        form="4B",
    )
    return Pupil(key=key, school=school, number=f"N{number}", name=name, left_on=left_on)


def consent(
    who: Pupil, status: Status = Status.GRANTED, purpose: Purpose = Purpose.PHOTO
) -> Consent:
    return Consent(
        pupil=who.key,
        purpose=purpose,
        scope="all",
        status=status,
        given_on=date(2026, 9, 3),
        informed_by="parent_or_carer",
    )


def inspection(blob: BlobId = PICTURE) -> Inspection:
    return Inspection(
        blob=blob,
        clean=BlobId("sha256:" + "cd" * 32),
        format=PictureFormat.JPEG,
        width=1024,
        height=768,
        metadata=(("xmp.description", CANARY),),
        has_position=True,
    )


def finding() -> Finding:
    return Finding(
        check=Check.LINKS,
        rule="links.open-it",
        category="link",
        clause="SCH-3",
        severity=Severity.FLAG,
        field="text",
        start=3,
        end=9,
        reason="There is a link.",
        confirm="link_opened",
    )


def revision(
    post: str,
    number: int = 1,
    *,
    text: str = f"Well done, {CANARY}!",
    accounts: tuple[AccountId, ...] = (PAGE, FEED),
    authors: Iterable[PersonId] = (ANN,),
    needs: Needs | None = None,
    by: PersonId = ANN,
    not_before: datetime | None = None,
) -> Revision:
    content = Content(
        text=text,
        accounts=accounts,
        attachments=(Attachment(blob=PICTURE, alt="A cup on a table", file_name="cup.jpg"),),
        pictured=Pictured(Who.THESE, frozenset({PupilKey("oak-p1")})),
        not_before=not_before,
        permissions=("form 12",),
    )
    return Revision(
        id=f"{post}.{number}",
        number=number,
        content=content,
        digest=content.digest(),
        authors=frozenset(authors),
        needs=needs or Needs(),
        pack="sha256:" + "0" * 64,
        by=by,
        at=NOON,
    )


def post(name: str = "p1", first: Revision | None = None, school: SchoolId = OAK) -> Post:
    return Post(
        id=PostId(name),
        school=school,
        state=State.IN_REVIEW,
        revision=first or revision(name),
        opened_at=NOON,
        entered_at=later(1),
        findings=(finding(),),
        waiting_for=frozenset({PICTURE}),
        vetoes=(Veto(person=CY, reason=f"Not about {CANARY}", at=later(1)),),
        expires_at=later(600),
    )


def yes(to: Post, who: PersonId = BOB, *, as_head: bool = False) -> Approval:
    return Approval(
        revision=to.revision.id,
        digest=to.revision.digest,
        person=who,
        as_head=as_head,
        confirmed=frozenset({finding().key}),
        wording=1,
        at=later(5),
    )


def approved(
    to: Post, *people: PersonId, heads: Iterable[PersonId] = (), state: State = State.APPROVED
) -> Post:
    heads = frozenset(heads)
    new = tuple(yes(to, who, as_head=who in heads) for who in people)
    return replace(to, approvals=(*to.approvals, *new), state=state)


def published(
    to: Post, people: Mapping[str, PersonId] | None = None, account_id: AccountId = PAGE
) -> Publication:
    """By Ann with Bob's yes, unless ``people`` says otherwise: author, second, third, head."""
    named = {"author": ANN, "second": BOB} | dict(people or {})
    return Publication(
        revision=to.revision.id,
        account=account_id,
        digest=to.revision.digest,
        needs=to.revision.needs,
        author=named["author"],
        second=named["second"],
        third=named.get("third"),
        head=named.get("head"),
        at=later(10),
    )
