"""The settings of a pack: their types, defaults, bounds, and which way is stricter.

Where policies differ, the difference is one of these, never a branch on a school's name. A school
may always be stricter than its pack; it may be looser only where the pack says ``loosen = true``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Mapping


class HeadteacherApproves(StrEnum):
    """Which posts need the headteacher as well (STEP-HEAD-1, STEP-HEAD-2)."""

    NEVER = "never"
    IMAGES = "images"
    ALWAYS = "always"


class WhoMayPropose(StrEnum):
    """Whether only an account's own people propose, or any member of staff."""

    STAFF = "staff"
    POSTERS = "posters"


class PupilNames(StrEnum):
    """Whether a pupil may be named at all (CARD-NAME-1, AUR-NAME-1)."""

    WITH_WRITTEN_CONSENT = "with_written_consent"
    NEVER = "never"


class ConsentFrom(StrEnum):
    """Whose yes lets a pupil be shown. Whose no it is never matters: any no counts (AUR-CONS-1).

    Nobody records which pupils are able to decide for themselves, so ``pupil_when_able`` takes
    either's yes: the school asks the pupil where it finds them able.
    """

    PUPIL_WHEN_ABLE = "pupil_when_able"
    PARENT = "parent"
    BOTH = "both"


STAND_IN_ROLES = (
    "acting_headteacher",
    "deputy_headteacher",
    "executive_headteacher",
    "trust_lead",
    "chair_of_governors",
)
"""Who may stand in for the headteacher, in the usual order."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int
    most: int
    higher_is_stricter: bool = False

    def read(self, value: object) -> int:
        """Raises :class:`ValueError` with what was expected."""
        if isinstance(value, bool) or not isinstance(value, int):
            wanted = f"must be a whole number from {self.least} to {self.most}"
            raise ValueError(wanted)  # noqa: TRY004  one error for every bad value
        if not self.least <= value <= self.most:
            raise ValueError(f"must be from {self.least} to {self.most}, not {value}")
        return value

    def looser(self, new: int, old: int) -> bool:
        return new < old if self.higher_is_stricter else new > old


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes or no."""

    strict: bool

    def read(self, value: object) -> bool:
        """Raises :class:`ValueError` with what was expected."""
        if not isinstance(value, bool):
            raise ValueError("must be true or false")  # noqa: TRY004  one error for every bad value
        return value

    def looser(self, new: bool, old: bool) -> bool:  # noqa: FBT001  both are the value itself
        return new not in (old, self.strict)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One word out of an enum whose members go from loose to strict."""

    words: type[StrEnum]

    def read(self, value: object) -> StrEnum:
        """Raises :class:`ValueError` with what was expected."""
        if value not in list(self.words):
            choices = ", ".join(self.words)
            raise ValueError(f"must be one of {choices}")
        return self.words(str(value))

    def looser(self, new: StrEnum, old: StrEnum) -> bool:
        order = list(self.words)
        return order.index(new) < order.index(old)


@dataclass(frozen=True, slots=True)
class SomeOf:
    """An ordered choice without repetition. Fewer are stricter; another order is looser."""

    words: tuple[str, ...]

    def read(self, value: object) -> tuple[str, ...]:
        """Raises :class:`ValueError` with what was expected."""
        known = isinstance(value, list | tuple) and all(word in self.words for word in value)
        if not known or not isinstance(value, list | tuple):
            raise ValueError(f"must be a list of {', '.join(self.words)}")
        if len(set(value)) != len(value):
            raise ValueError("names a role twice")
        return tuple(value)

    def looser(self, new: tuple[str, ...], old: tuple[str, ...]) -> bool:
        kept = iter(old)
        return not all(role in kept for role in new)


@dataclass(frozen=True, slots=True)
class Words:
    """A short text of a certain form. Leaving it out is looser than having it."""

    form: str
    says: str

    def read(self, value: object) -> str:
        """Raises :class:`ValueError` with what was expected."""
        if not isinstance(value, str) or not re.fullmatch(self.form, value):
            raise ValueError(f"must be {self.says}")
        return value

    def looser(self, new: str, old: str) -> bool:
        return bool(old) and not new


Bound = Whole | Truth | OneOf | SomeOf | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSettings:
    """What a pack sets, in elapsed hours, days and minutes.

    ``loosenable`` names the settings that a school or the operator may loosen.
    """

    seconds: int = 1
    headteacher_approves: HeadteacherApproves = HeadteacherApproves.IMAGES
    headteacher_counts_as_second: bool = True
    stand_ins: tuple[str, ...] = STAND_IN_ROLES
    who_may_propose: WhoMayPropose = WhoMayPropose.POSTERS
    pupil_names: PupilNames = PupilNames.NEVER
    consent_from: ConsentFrom = ConsentFrom.PARENT
    remind_after_hours: int = 4
    ask_head_after_hours: int = 24
    expire_after_days: int = 7
    unposted_after_hours: int = 24
    keep_draft_days: int = 30
    keep_name_days: int = 365
    stale_after_days: int = 45
    minimum_moderators: int = 2
    minimum_administrators: int = 2
    conflict_minutes: int = 30
    accept_policy: str = ""
    """The edition of the policy that people accept before they write or approve; "" for none."""
    policy_address: str = ""
    """Where it can be read in full."""
    loosenable: frozenset[str] = frozenset()


BOUNDS: Mapping[str, Bound] = {
    "seconds": Whole(1, 2, higher_is_stricter=True),
    "headteacher_approves": OneOf(HeadteacherApproves),
    "headteacher_counts_as_second": Truth(strict=False),
    "stand_ins": SomeOf(STAND_IN_ROLES),
    "who_may_propose": OneOf(WhoMayPropose),
    "pupil_names": OneOf(PupilNames),
    "consent_from": OneOf(ConsentFrom),
    "remind_after_hours": Whole(1, 168),
    "ask_head_after_hours": Whole(1, 336),
    "expire_after_days": Whole(1, 60),
    "unposted_after_hours": Whole(1, 336),
    "keep_draft_days": Whole(1, 365),
    "keep_name_days": Whole(1, 1095),
    "stale_after_days": Whole(7, 400),
    "minimum_moderators": Whole(1, 9, higher_is_stricter=True),
    "minimum_administrators": Whole(1, 9, higher_is_stricter=True),
    "conflict_minutes": Whole(0, 1440, higher_is_stricter=True),
    "accept_policy": Words(
        r"(?:[0-9A-Za-z][0-9A-Za-z._-]{0,39})?",
        "an edition such as 2026-09: letters, digits, dots and dashes",
    ),
    "policy_address": Words(
        r"(?:https://[0-9A-Za-z][!#-;=?-_a-z~]{3,200})?", "an address that begins with https://"
    ),
}
"""Every setting by name, with what it may be."""


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Why a changed setting was refused: ``says`` is a sentence for the operator."""

    setting: str
    says: str


def adjusted(
    settings: PackSettings, changes: Mapping[str, object]
) -> PackSettings | tuple[NotAllowed, ...]:
    """The settings with a school's own changes, or everything that is wrong with those."""
    problems: list[NotAllowed] = []
    accepted: dict[str, Any] = {}
    for name, value in changes.items():
        bound: Any = BOUNDS.get(name)
        if bound is None:
            near = difflib.get_close_matches(name, BOUNDS, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"There is {', '.join(BOUNDS)}."
            problems.append(NotAllowed(name, f"There is no setting {name}. {advice}"))
            continue
        try:
            new = bound.read(value)
        except ValueError as error:
            problems.append(NotAllowed(name, f"The setting {name} {error}."))
            continue
        old = getattr(settings, name)
        if name not in settings.loosenable and bound.looser(new, old):
            says = (
                f"The setting {name} would be looser than the policy's {_said(old)}. "
                "The policy lets it be stricter only."
            )
            problems.append(NotAllowed(name, says))
            continue
        accepted[name] = new
    return tuple(problems) if problems else replace(settings, **accepted)


def _said(value: object) -> str:
    """A setting's value as it stands in a file: a truth in small letters, a list by commas."""
    if isinstance(value, tuple):
        return ", ".join(value) or "empty list"
    return str(value).lower()
