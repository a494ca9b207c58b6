"""What a check is given and what it finds. Nothing here repeats the roster or quotes a draft."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from moderation.kernel import AccountId, FindingKey, PersonId, PupilKey
from moderation.policies.model import Check, Kind, Severity
from moderation.ports import Inspection


# Check, Kind and Severity are what a rule is written with, so they stand with the policies.
__all__ = [
    "Check",
    "Consent",
    "Draft",
    "Finding",
    "Image",
    "Kind",
    "Outcome",
    "Pictured",
    "PupilName",
    "Purpose",
    "Severity",
    "Status",
    "Who",
    "outcome",
]


class Outcome(StrEnum):
    CLEAR = "clear"
    FLAG = "flag"
    BLOCK = "block"


class Who(StrEnum):
    """What the proposer says about the pupils in the pictures."""

    NOT_SAID = "not_said"
    NOBODY = "nobody"
    NOT_RECOGNISABLE = "not_recognisable"
    THESE = "these"


@dataclass(frozen=True, slots=True)
class Pictured:
    """Who is in the pictures. ``pupils`` is empty unless ``who`` is THESE.

    ``staff`` are colleagues, whatever is said of pupils.
    """

    who: Who = Who.NOT_SAID
    pupils: frozenset[PupilKey] = frozenset()
    staff: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One picture or video of a draft. ``inspection`` is ``None`` where nobody could look inside.

    ``alt`` of a video is what is said and heard in it.
    """

    alt: str
    file_name: str = ""
    inspection: Inspection | None = None

    @property
    def moves(self) -> bool:
        """Whether it is a video."""
        return self.inspection is not None and self.inspection.film is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is judged. A finding's field is ``text``, ``alt[0]``, ``image[0]`` or ``post``."""

    text: str
    images: tuple[Image, ...] = ()
    pictured: Pictured = Pictured()
    accounts: tuple[AccountId, ...] = ()
    kind: Kind = Kind.POST


NOT_A_PUPIL: Final = "not_a_pupil"
"""The statement of a pack by which an approver says that a name isn't a pupil's."""
PERHAPS_A_PUPIL: Final = frozenset(
    {
        (Check.PUPIL_NAMES, "slip"),
        (Check.PUPIL_NAMES, "first_name"),
        (Check.PUPIL_NAMES, "surname"),
        (Check.PUPIL_NAMES, "other_school"),
        (Check.IDENTIFICATION, "initials_and_class"),
        (Check.IDENTIFICATION, "details"),
    }
)
"""Of these it is asked whose name it is, whatever statement a school asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or must be confirmed, or is worth knowing.

    ``start`` and ``end`` are half-open code-point offsets into ``field`` as given, or ``None``
    without a place. ``reason`` is one plain sentence that never repeats the roster. ``rule`` and
    ``clause`` name the pack's rule. ``confirm`` names the statement an approver ticks for a flag.
    ``about`` tells findings without a place apart: opaque ids of ours, never shown.
    """

    check: Check
    rule: str
    category: str
    clause: str
    severity: Severity
    field: str
    start: int | None
    end: int | None
    reason: str
    confirm: str = ""
    allowable: bool = False
    about: str = ""

    @property
    def key(self) -> FindingKey:
        """Stable within one revision; made of places and rule ids only, so it may be stored."""
        place = (self.field, self.start, self.end, self.about)
        parts = (self.check, self.rule, self.category, *place)
        return FindingKey(hashlib.sha256(repr(tuple(map(str, parts))).encode()).hexdigest()[:16])

    @property
    def asks_whose(self) -> bool:
        """Whether an approver has to say whose name it is that may be a pupil's."""
        perhaps = (self.check, self.category) in PERHAPS_A_PUPIL
        return self.confirm == NOT_A_PUPIL or (self.severity is Severity.FLAG and perhaps)


def outcome(findings: tuple[Finding, ...]) -> Outcome:
    """The worst severity decides; notes alone are clear."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Outcome.BLOCK
    return Outcome.FLAG if Severity.FLAG in severities else Outcome.CLEAR


class NotAPupil(StrEnum):
    """Who it is instead. Stored with the yes that says so."""

    VISITOR = "visitor"
    STAFF = "staff"
    PUBLIC = "public"
    OTHER = "other"


class Status(StrEnum):
    """What a consent record says."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Purpose(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    NAME = "name"
    WORK = "work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One record. ``scope`` is an account id, a platform or ``all``; dates are whole days."""

    pupil: PupilKey
    purpose: Purpose
    scope: str
    status: Status
    given_on: date | None = None
    expires_on: date | None = None
    informed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilName:
    """A pupil as the name check needs one. Its ``repr`` shows nothing."""

    pupil: PupilKey
    legal_forename: str
    preferred_forename: str = ""
    legal_surname: str
    preferred_surname: str = ""
    year_group: str = ""
    form: str = ""

    def __repr__(self) -> str:
        return "PupilName(…)"
