"""Whose name a pack lets through, by which permission; and who is told by a class or initials."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from moderation.checks.context import Context
from moderation.checks.engine import judge
from moderation.checks.model import (
    Consent,
    Draft,
    Finding,
    Image,
    Pictured,
    PupilName,
    Purpose,
    Severity,
    Status,
    Who,
)
from moderation.checks.names.roster import Roster
from moderation.kernel import AccountId, BlobId, PupilKey
from moderation.policies.loader import shipped
from moderation.policies.model import Check
from moderation.policies.settings import ConsentFrom, PupilNames
from moderation.ports import Inspection, Look, PictureFormat
from tests.proves import proves


STEP = shipped("step")
WITH_CONSENT = replace(
    STEP, settings=replace(STEP.settings, pupil_names=PupilNames.WITH_WRITTEN_CONSENT)
)
FACEBOOK, INSTAGRAM = AccountId("oakfield-facebook"), AccountId("oakfield-instagram")
TODAY, YESTERDAY = date(2026, 9, 14), date(2026, 9, 13)
PUPILS = (
    ("amelia", "Amelia", "Khan", "4", "4B"),
    ("twin", "Amelia", "Khan", "6", "6W"),
    ("tom", "Tom", "Vale", "4", "4B"),
)
ROSTER = Roster(
    PupilName(
        pupil=PupilKey(key),
        legal_forename=first,
        legal_surname=last,
        year_group=year,
        form=form,
    )
    for key, first, last, year, form in PUPILS
)
ELSEWHERE = Roster(
    [PupilName(pupil=PupilKey("x"), legal_forename="Tobias", legal_surname="Lindqvist")]
)


def named(scope: str = "all", status: Status = Status.GRANTED, **more: object) -> Consent:
    made = Consent(pupil=PupilKey("tom"), purpose=Purpose.NAME, scope=scope, status=status)
    return replace(made, **more)  # type: ignore[arg-type]


def found(text: str, *accounts: AccountId, pack: object = STEP, **more: object) -> list[Finding]:
    given = {
        "roster": ROSTER,
        "other_rosters": ELSEWHERE,
        "platforms": {FACEBOOK: "facebook", INSTAGRAM: "instagram"},
    } | more
    context = Context(today=TODAY, **given)  # type: ignore[arg-type]
    return list(judge(Draft(text=text, accounts=accounts), pack, context))  # type: ignore[arg-type]


@proves("AUR-NAME-1")
@pytest.mark.parametrize(
    ("records", "accounts", "named_freely"),
    [
        ((named(),), (FACEBOOK, INSTAGRAM), True),
        ((named(),), (), True),
        ((named("facebook"),), (FACEBOOK,), True),
        ((named(INSTAGRAM),), (INSTAGRAM,), True),
        ((named("facebook"),), (FACEBOOK, INSTAGRAM), False),
        ((named("facebook"),), (INSTAGRAM, FACEBOOK), False),
        ((named("facebook"),), (), False),
        ((named(), named("instagram", Status.REFUSED)), (FACEBOOK, INSTAGRAM), False),
        ((named(status=Status.WITHDRAWN),), (FACEBOOK,), False),
        ((named(expires_on=YESTERDAY),), (FACEBOOK,), False),
        ((named(expires_on=TODAY),), (FACEBOOK,), True),
        ((named(purpose=Purpose.PHOTO),), (FACEBOOK,), False),
        ((), (FACEBOOK,), False),
    ],
)
def test_a_name_is_let_through_where_it_is_allowed_on_every_account(
    records: tuple[Consent, ...],
    accounts: tuple[AccountId, ...],
    named_freely: bool,  # noqa: FBT001
) -> None:
    consents = {PupilKey("tom"): records}

    (one,) = found("Well done Tom Vale", *accounts, pack=WITH_CONSENT, consents=consents)

    assert (one.severity is Severity.NOTE) is named_freely
    assert (one.category == "consented") is named_freely


@proves("AUR-NAME-1")
def test_a_name_that_two_have_needs_the_permission_of_both() -> None:
    one, both = PupilKey("amelia"), PupilKey("twin")
    text = "Well done Amelia Khan"

    for consents, category in (
        ({one: (named(),)}, "full_name"),
        ({one: (named(),), both: (named(status=Status.REFUSED),)}, "full_name"),
        ({one: (named(),), both: (named(),)}, "consented"),
    ):
        (seen,) = found(text, FACEBOOK, pack=WITH_CONSENT, consents=consents)
        assert seen.category == category


@proves("AUR-NAME-1")
def test_a_name_needs_the_yes_of_whom_the_pack_asks() -> None:
    both = replace(
        WITH_CONSENT, settings=replace(WITH_CONSENT.settings, consent_from=ConsentFrom.BOTH)
    )
    consents = {PupilKey("tom"): (named(informed_by="parent_or_carer"),)}

    (one,) = found("Well done Tom Vale", FACEBOOK, pack=WITH_CONSENT, consents=consents)
    assert one.category == "consented"
    (one,) = found("Well done Tom Vale", FACEBOOK, pack=both, consents=consents)
    assert one.severity is Severity.BLOCK


@proves("MET-ID-1")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Q.Z. and A.K. (4B) wrote this", "A.K. (4B"),
        ("P.E. with A.K. (4B)", "A.K. (4B"),
        ("A.K. (4B) and T.V. (4B)", "A.K. (4B"),
        ("(4B) A.K. wrote this", "4B) A.K."),
        ("Classes 6W, 5C and 4B: T. V. won", None),
        ("TV (4B) tonight", None),
        ("PE (4B) tonight", None),
        ("A.K. wrote to the whole of 4B", None),
        ("A.K. (5B) wrote this", None),
    ],
)
def test_initials_beside_a_class_tell_who_it_is(text: str, marked: str | None) -> None:
    seen = [one for one in found(text) if one.category == "initials_and_class"]

    assert [text[one.start : one.end] for one in seen][:1] == ([marked] if marked else [])
    assert all(one.check is Check.IDENTIFICATION for one in seen)
    assert all("in Year 4: " in one.reason or "one of our pupils" in one.reason for one in seen)


@proves("MET-ID-1")
@pytest.mark.parametrize(
    "text",
    [
        "Year 5, Year 3, Year 2 and Tom of Year 4",
        "Tom (Year 9, Year 2, then Year 4)",
        "4B, 5C and 6W clapped for Tom",
    ],
)
def test_of_many_classes_the_one_that_fits_tells_who_it_is(text: str) -> None:
    (one,) = [one for one in found(text) if one.check is Check.IDENTIFICATION]

    assert one.category == "name_and_class"
    assert "a pupil in Year 4: T.V." in one.reason


@pytest.mark.parametrize("words", ["Amber", "Hope"])
def test_a_word_that_is_read_in_a_picture_is_nobodys_first_name(words: str) -> None:
    blob = BlobId("sha256:" + "0" * 64)
    roster = Roster(
        PupilName(pupil=PupilKey(name), legal_forename=name, legal_surname="Lund")
        for name in ("Amber", "Hope", "Tom")
    )
    look = Look(read=True, faces=0, words=words)
    seen = Inspection(
        blob=blob, clean=blob, format=PictureFormat.JPEG, width=9, height=9, look=look
    )
    pegs = Image(alt="Pegs on a wall", inspection=seen)
    draft = Draft(text="Our pegs", images=(pegs,), pictured=Pictured(Who.NOBODY))
    assert judge(draft, STEP, Context(today=TODAY, roster=roster)) == ()


def test_of_another_schools_pupils_only_the_full_name_is_asked_about() -> None:
    assert found("Tobias won the match") == []
    assert found("Lindqvist won the match") == []
    (one,) = found("Tobias Lindqvist won the match")
    assert one.category == "other_school"
