"""Permission for pictures: whose yes a pack takes, the gravest cause, and who is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from moderation.checks.context import Context, TakenDown
from moderation.checks.engine import judge
from moderation.checks.likeness import alike
from moderation.checks.model import (
    Consent,
    Draft,
    Finding,
    Image,
    Pictured,
    Purpose,
    Severity,
    Status,
    Who,
)
from moderation.checks.pictures import without_permission
from moderation.kernel import AccountId, BlobId, PupilKey
from moderation.policies.loader import shipped
from moderation.policies.model import Check
from moderation.policies.settings import ConsentFrom
from moderation.ports import Inspection, Look, PictureFormat
from tests.proves import proves


STEP = shipped("step")
TODAY, YESTERDAY = date(2026, 9, 14), date(2026, 9, 13)
FACEBOOK, OLD_PUPILS, INSTAGRAM = map(
    AccountId, ("oakfield-facebook", "oakfield-old-pupils", "oakfield-instagram")
)
NETWORKS = {FACEBOOK: "facebook", OLD_PUPILS: "facebook", INSTAGRAM: "instagram"}
KOFI, ZOE = PupilKey("kofi"), PupilKey("zoe")
LIKENESS = "0f" * 16
INSPECTION = Inspection(
    blob=BlobId("sha256:" + "0" * 64),
    clean=BlobId("sha256:" + "1" * 64),
    format=PictureFormat.JPEG,
    width=10,
    height=10,
    look=Look(read=True, faces=0, likeness=LIKENESS),
)


def record(status: Status = Status.GRANTED, scope: str = "all", **more: object) -> Consent:
    made = Consent(pupil=KOFI, purpose=Purpose.PHOTO, scope=scope, status=status)
    return replace(made, **more)  # type: ignore[arg-type]


def context(*kofis: Consent, **more: object) -> Context:
    given = {"consents": {KOFI: kofis}, "platforms": NETWORKS} | more
    return Context(today=TODAY, **given)  # type: ignore[arg-type]


def draft(*accounts: AccountId, pictured: Pictured, alt: str = "Beans on canes") -> Draft:
    image = Image(alt=alt, inspection=INSPECTION)
    return Draft(text="Our garden", images=(image,), pictured=pictured, accounts=accounts)


def lacking(*kofis: Consent, accounts: tuple[AccountId, ...] = (FACEBOOK,)) -> list[Finding]:
    these = Pictured(Who.THESE, frozenset({KOFI}))
    found = judge(draft(*accounts, pictured=these), STEP, context(*kofis))
    return [one for one in found if one.check is Check.IMAGE_CONSENT]


@proves("AUR-CONS-1")
@pytest.mark.parametrize(
    ("whose", "severity"),
    [
        (ConsentFrom.PARENT, None),
        (ConsentFrom.PUPIL_WHEN_ABLE, None),
        (ConsentFrom.BOTH, Severity.BLOCK),
    ],
)
def test_a_picture_needs_the_yes_of_whom_the_pack_asks(
    whose: ConsentFrom, severity: Severity | None
) -> None:
    pack = replace(STEP, settings=replace(STEP.settings, consent_from=whose))
    at_home = context(record(informed_by="parent_or_carer"))
    these = Pictured(Who.THESE, frozenset({KOFI}))

    found = judge(draft(FACEBOOK, pictured=these), pack, at_home)

    severities = [one.severity for one in found if one.check is Check.IMAGE_CONSENT]
    assert severities == ([] if severity is None else [severity])


@pytest.mark.parametrize("who", [Who.NOBODY, Who.NOT_RECOGNISABLE, Who.NOT_SAID])
def test_a_picture_that_nobody_could_look_inside_is_judged_by_what_is_said_of_it(who: Who) -> None:
    unseen = Draft(
        text="Our garden",
        images=(Image(alt="Beans on canes"),),
        pictured=Pictured(who),
        accounts=(FACEBOOK,),
    )
    came_down = (TakenDown(LIKENESS, frozenset({KOFI})),)

    found = judge(unseen, STEP, context(taken_down=came_down))

    said = [] if who is Who.NOBODY else [who.value]
    assert [one.category for one in found if one.check is not Check.PUPIL_NAMES] == said


@pytest.mark.parametrize("accounts", [(FACEBOOK, OLD_PUPILS), (OLD_PUPILS, FACEBOOK)])
@pytest.mark.parametrize(
    ("here", "category"),
    [
        (record(Status.REFUSED, FACEBOOK), "refused"),
        (record(Status.WITHDRAWN, FACEBOOK), "withdrawn"),
        (record(Status.GRANTED, FACEBOOK, expires_on=YESTERDAY), "expired"),
        (record(Status.GRANTED, FACEBOOK), "missing"),
    ],
)
def test_of_two_accounts_on_a_network_the_gravest_cause_is_told_once(
    accounts: tuple[AccountId, ...], here: Consent, category: str
) -> None:
    assert [one.category for one in lacking(here, accounts=accounts)] == [category]


def test_each_network_is_told_apart() -> None:
    found = lacking(accounts=(FACEBOOK, INSTAGRAM))

    assert [one.about for one in found] == ["kofi Facebook", "kofi Instagram"]


def test_whoever_may_not_be_shown_is_known_by_what_was_found() -> None:
    these = Pictured(Who.THESE, frozenset({KOFI, ZOE}))
    kept = {KOFI: (record(),), ZOE: (record(Status.REFUSED),)}
    sent = replace(draft(FACEBOOK, INSTAGRAM, pictured=these), text="Ring 07700 900123")

    found = judge(sent, STEP, context(consents=kept))

    assert without_permission(found) == {ZOE}
    named = replace(found[0], check=Check.PUPIL_NAMES, about="kofi")
    assert without_permission((named,)) == frozenset()


@pytest.mark.parametrize("who", [Who.NOBODY, Who.NOT_RECOGNISABLE, Who.NOT_SAID])
def test_a_pupil_counts_as_declared_only_where_it_is_said_who_is_in_it(who: Who) -> None:
    came_down = (TakenDown(LIKENESS, frozenset({KOFI})),)
    again = draft(FACEBOOK, pictured=Pictured(who, frozenset({KOFI})))

    found = judge(again, STEP, context(record(Status.REFUSED), taken_down=came_down))

    assert "taken_down" in [one.category for one in found]


def test_a_pack_may_say_who_came_down_without_saying_who_it_is() -> None:
    rules = tuple(
        replace(rule, why="There is {who}.") if rule.category == "taken_down" else rule
        for rule in STEP.rules
    )
    came_down = (TakenDown(LIKENESS, frozenset({KOFI})),)
    again = draft(FACEBOOK, pictured=Pictured(Who.NOBODY))

    found = judge(
        again,
        replace(STEP, rules=rules),
        context(taken_down=came_down, labels={KOFI: "K.M., Year 2"}),
    )

    (back,) = [one for one in found if one.category == "taken_down"]
    assert back.reason == "There is a child in a picture that was taken down."


@pytest.mark.parametrize(("apart", "same"), [(0, True), (20, True), (21, False)])
def test_two_pictures_are_alike_up_to_twenty_bits_apart(apart: int, same: bool) -> None:  # noqa: FBT001
    other = f"{int(LIKENESS, 16) ^ (2**apart - 1):032x}"

    assert alike(LIKENESS, other) is alike(other, LIKENESS) is same
    assert not alike(LIKENESS, "")
    assert not alike("", "")


@proves("AUR-ALT-1")
@pytest.mark.parametrize(
    ("alt", "asked"),
    [("A b", True), ("Hat", True), ("1234 56", True), ("Cake", False), ("Beans", False)],
)
def test_a_description_has_at_least_four_letters(alt: str, asked: bool) -> None:  # noqa: FBT001
    found = judge(draft(FACEBOOK, pictured=Pictured(Who.NOBODY), alt=alt), STEP, context())

    assert ("not_a_description" in [one.category for one in found]) is asked
