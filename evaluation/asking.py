"""Asks the engine, by its public door, and says what it said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from evaluation.model import Verdict
from evaluation.names import names_of
from evaluation.roster import listed
from moderation.checks.context import Context
from moderation.checks.engine import judge
from moderation.checks.model import (
    Consent,
    Draft,
    Image,
    Kind,
    Pictured,
    Purpose,
    Severity,
    Status,
    Who,
)
from moderation.kernel import AccountId, BlobId, PupilKey
from moderation.policies.loader import shipped
from moderation.policies.settings import PupilNames
from moderation.ports import Inspection, PictureFormat


if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.model import Case, Half, Place, Pupil
    from moderation.checks.model import Finding
    from moderation.policies.model import Pack

ACCOUNT = AccountId("oakfield-facebook")
_BLOB = BlobId("sha256:" + "0" * 64)
_LOOKED_AT = Inspection(blob=_BLOB, clean=_BLOB, format=PictureFormat.JPEG, width=640, height=480)
SPILL = 12
"""Letters beside a name that may be marked with it."""
_SAYS_NOTHING = frozenset({"not_checked", "empty_roster"})


class Asked:
    """A school, its policy and its roster, ready to be asked about many drafts."""

    def __init__(
        self,
        half: Half,
        pupils: Sequence[Pupil],
        others: Sequence[Pupil] = (),
        *,
        pack: Pack | None = None,
    ) -> None:
        self.pack = pack or shipped("step")
        allowing = replace(self.pack.settings, pupil_names=PupilNames.WITH_WRITTEN_CONSENT)
        self._allowing = replace(self.pack, settings=allowing)
        names = names_of(half)
        self._context = Context(
            today=date(2026, 9, 14),
            roster=listed(pupils),
            other_rosters=listed(others) if others else None,
            staff=names.staff,
            consents={PupilKey(pupil.key): _consents(pupil) for pupil in pupils},
            platforms={ACCOUNT: "facebook"},
            allowed_hosts=("oakfield.example",),
            office=("01632 960123", "office@oakfield.example", "ZZ9 9ZZ"),
            public_names=names.public,
        )

    def findings(self, case: Case) -> tuple[Finding, ...]:
        """All that the engine has to say about the case's draft."""
        images: tuple[Image, ...] = ()
        if case.pictured:
            images = (Image(alt=case.alt, file_name=case.file_name, inspection=_LOOKED_AT),)
        draft = Draft(
            text=case.text,
            images=images,
            pictured=Pictured(Who.NOBODY) if images else Pictured(),
            accounts=(ACCOUNT,),
            kind=Kind.COMMENT if case.comment else Kind.POST,
        )
        return judge(draft, self._allowing if case.names_allowed else self.pack, self._context)

    def verdict(self, case: Case) -> Verdict:
        """What counts of it: findings of the case's checks, at its places where it has some."""
        counted = [
            finding
            for finding in self.findings(case)
            if finding.check in case.checks
            and finding.severity is not Severity.NOTE
            and finding.category not in _SAYS_NOTHING
        ]
        if case.places:
            counted = [f for f in counted if any(_touches(f, place) for place in case.places)]
        return Verdict(
            blocked=any(finding.severity is Severity.BLOCK for finding in counted),
            noticed=bool(counted),
            marked=all(_covered(counted, place) for place in case.places),
        )


def _consents(pupil: Pupil) -> tuple[Consent, ...]:
    """May be named everywhere; whether that counts is for the pack to say."""
    return (
        Consent(
            pupil=PupilKey(pupil.key), purpose=Purpose.NAME, scope="all", status=Status.GRANTED
        ),
    )


def _touches(finding: Finding, place: Place) -> bool:
    if finding.field != place.field:
        return False
    if finding.start is None or finding.end is None or place.start is None or place.end is None:
        return True
    return finding.start < place.end and place.start < finding.end


def _covered(findings: Sequence[Finding], place: Place) -> bool:
    """Whether the place is marked, and little besides."""
    here = [finding for finding in findings if _touches(finding, place)]
    if place.start is None or place.end is None:
        return bool(here)
    spilt = {
        at
        for f in here
        if f.start is not None and f.end is not None
        for at in range(f.start, f.end)
    } - set(range(place.start, place.end))
    return bool(here) and len(spilt) <= SPILL
