"""Trying a pack on its own examples: every rule must hit what it says and leave the rest alone.

The pupils, staff and addresses are invented. A pack's author runs this; so does our test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from moderation.checks.context import Context, TakenDown
from moderation.checks.engine import judge
from moderation.checks.model import (
    Consent,
    Draft,
    Finding,
    Image,
    Pictured,
    PupilName,
    Purpose,
    Status,
    Who,
)
from moderation.checks.names.roster import Roster
from moderation.kernel import AccountId, BlobId, PersonId, PupilKey
from moderation.policies.model import Example
from moderation.policies.settings import PupilNames
from moderation.ports import Film, Inspection, Look, PictureFormat


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.policies.model import Pack


TODAY = date(2026, 9, 14)
ACCOUNT = AccountId("oakfield-facebook")

_PUPILS = (
    ("granted", "Amelia", "Khan", "4", "4B"),
    ("refused", "Kofi", "Mensah-Boateng", "2", "2M"),
    ("withdrawn", "Zoë", "O'Brien", "6", "6S"),
    ("expired", "William", "Hall", "3", "3P"),
    ("missing", "Grace", "Hope", "5", "5T"),
)
_ELSEWHERE = (("elsewhere", "Tobias", "Lindqvist", "5", "5A"),)
_UNNAMED = ("Ms Hana Novak",)
_UNSHOWN = {PersonId("unwilling"): "H.N."}
_BLOB = BlobId("sha256:" + "0" * 64)
_LIKENESS = "0123456789abcdef" * 2
_TAKEN_DOWN = TakenDown(
    likeness=_LIKENESS,
    pupils=frozenset(PupilKey(pupil[0]) for pupil in _PUPILS),
    staff=frozenset(_UNSHOWN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An example that a rule got wrong. ``expected`` tells whether it should have been hit."""

    rule: str
    example: Example
    expected: bool
    found: tuple[Finding, ...]

    def __str__(self) -> str:
        what = "misses" if self.expected else "hits"
        return f"rule {self.rule} {what} its example {self.example.text!r}"


def try_examples(pack: Pack) -> tuple[Failure, ...]:
    """Every example that doesn't come out as the pack says."""
    return tuple(_failures(pack))


def _failures(pack: Pack) -> Iterator[Failure]:
    for rule in pack.rules:
        for example, expected in (
            *((example, True) for example in rule.hits),
            *((example, False) for example in rule.misses),
        ):
            found = run(example, pack)
            if any(finding.rule == rule.id for finding in found) is not expected:
                yield Failure(rule=rule.id, example=example, expected=expected, found=found)


def run(example: Example, pack: Pack) -> tuple[Finding, ...]:
    """What the pack says about one example."""
    named = PupilNames.WITH_WRITTEN_CONSENT if example.names_allowed else PupilNames.NEVER
    pack = replace(pack, settings=replace(pack.settings, pupil_names=named))
    return judge(_draft(example), pack, _context(example))


def _draft(example: Example) -> Draft:
    inspection = _filmed(example) if example.video else _photographed(example)
    images = tuple(
        Image(alt=alt, file_name=example.file_name, inspection=inspection)
        for alt in example.pictures
    )
    return Draft(
        text=example.text,
        images=images,
        pictured=replace(
            _pictured(example.pupils), staff=frozenset(map(PersonId, example.colleagues))
        ),
        accounts=(ACCOUNT,),
        kind=example.kind,
    )


def _filmed(example: Example) -> Inspection:
    return Inspection(
        blob=_BLOB,
        clean=_BLOB,
        format=PictureFormat.MP4,
        width=640,
        height=480,
        has_position=example.position,
        film=Film(parts=(_BLOB,), size=1, seconds=1),
    )


def _photographed(example: Example) -> Inspection:
    return Inspection(
        blob=_BLOB,
        clean=_BLOB,
        format=PictureFormat.JPEG,
        width=640,
        height=480,
        has_position=example.position,
        look=Look(
            likeness=_LIKENESS,
            words=example.words_in_picture,
            read=example.looked_into,
            faces=example.faces if example.looked_into else None,
        ),
    )


def _pictured(pupils: tuple[str, ...]) -> Pictured:
    if pupils == ("none",):
        return Pictured(Who.NOBODY)
    if pupils == ("not_recognisable",):
        return Pictured(Who.NOT_RECOGNISABLE)
    if not pupils:
        return Pictured()
    return Pictured(Who.THESE, frozenset(map(PupilKey, pupils)))


def _context(example: Example) -> Context:
    rosters = {"listed": _roster(_PUPILS), "empty": _roster(()), "none": None}
    return Context(
        today=TODAY,
        roster=rosters[example.names],
        other_rosters=_roster(_ELSEWHERE),
        staff=("Mrs Khan", "Mr Lund", "Sam Reed", *_UNNAMED),
        unnamed=_UNNAMED,
        unshown=_UNSHOWN,
        consents=_consents() if example.permissions else None,
        platforms={ACCOUNT: "facebook"},
        allowed_hosts=("oakfield.example",),
        office=("01632 960123", "office@oakfield.example", "ZZ9 9ZZ"),
        taken_down=(_TAKEN_DOWN,) if example.taken_down else (),
    )


@cache
def _roster(pupils: tuple[tuple[str, str, str, str, str], ...]) -> Roster:
    return Roster(
        PupilName(
            pupil=PupilKey(key),
            legal_forename=first,
            legal_surname=last,
            year_group=year,
            form=form,
        )
        for key, first, last, year, form in pupils
    )


def _consents() -> Mapping[PupilKey, tuple[Consent, ...]]:
    granted = {
        (purpose, key): Consent(
            pupil=PupilKey(key),
            purpose=purpose,
            scope="all",
            status=Status.GRANTED,
            expires_on=date(2026, 8, 31) if key == "expired" else None,
        )
        for purpose in (Purpose.PHOTO, Purpose.NAME)
        for key in ("granted", "expired")
    }
    against = {
        "refused": Status.REFUSED,
        "withdrawn": Status.WITHDRAWN,
    }
    records: dict[PupilKey, tuple[Consent, ...]] = {}
    for (_, key), consent in granted.items():
        records[PupilKey(key)] = (*records.get(PupilKey(key), ()), consent)
    for key, status in against.items():
        records[PupilKey(key)] = (
            Consent(pupil=PupilKey(key), purpose=Purpose.PHOTO, scope="facebook", status=status),
        )
    return records
