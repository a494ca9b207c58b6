"""A policy pack: the school's rules as typed data. Severities live here, algorithms in the checks.

The enums that a rule is written with stand here, below the checks that read them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from moderation.policies.settings import PackSettings


class Check(StrEnum):
    """The checks by their public names (command line, packs, findings)."""

    PUPIL_NAMES = "pupil_names"
    IDENTIFICATION = "identification"
    IMAGE_CONSENT = "image_consent"
    IMAGE_CONTENTS = "image_contents"
    ALT_TEXT = "alt_text"
    REMOVAL_CRITERIA = "removal_criteria"
    PRIVATE_INFORMATION = "private_information"
    LINKS = "links"
    CONFIDENTIALITY = "confidentiality"
    OPINION = "opinion"
    COPYRIGHT = "copyright"
    AUDIENCE_AGE = "audience_age"


class Severity(StrEnum):
    """``note`` informs, ``flag`` must be confirmed by the approver, ``block`` can't go out.

    For a comment under a post, ``block`` means "hide now" and ``flag`` "a person decides".
    """

    NOTE = "note"
    FLAG = "flag"
    BLOCK = "block"


class Kind(StrEnum):
    """What is being judged: something the school says, or somebody's comment under it."""

    POST = "post"
    COMMENT = "comment"


class Situation(StrEnum):
    """Where a rule applies. Every draft is in exactly one situation."""

    TEXT_POST = "text_post"
    PICTURE_POST = "picture_post"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A draft that a rule must hit, or must leave alone. It is run through the real engine.

    ``names`` chooses the invented pupils of the examples: ``listed``, ``empty`` or ``none``.
    ``pictures`` holds one description for each picture. ``pupils`` is who is said to be in them:
    keys of invented pupils, ``("none",)``, ``("not_recognisable",)``, or empty for nobody said;
    ``colleagues`` are invented ones beside them, of whom ``unwilling`` would rather not be shown.
    ``names_allowed`` judges it as under ``pupil_names = "with_written_consent"``, without it as
    under ``never``, whatever the pack itself sets; ``permissions`` false as without any permissions
    on record, ``position`` with a place in the pictures' files, ``taken_down`` as pictures that
    came down before, with everybody of the examples in them,
    ``words_in_picture`` is what is read in the pictures; ``faces`` is how many faces are counted in
    each, in a file one entry a face, such as ``["one", "two"]``; ``looked_into`` is false as where
    nobody could read or count; ``file_name`` is what the pictures' files are called; ``video`` true
    as if each of the pictures were a video.
    """

    text: str = ""
    kind: Kind = Kind.POST
    pictures: tuple[str, ...] = ()
    pupils: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()
    names: str = "listed"
    names_allowed: bool = False
    permissions: bool = True
    position: bool = False
    taken_down: bool = False
    words_in_picture: str = ""
    faces: int = 0
    looked_into: bool = True
    file_name: str = ""
    video: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a pack.

    ``clause`` is an id whose words the pack keeps (:attr:`Pack.clauses`). A rule with ``words`` or
    ``patterns`` looks for those; one without answers for what its check sees by itself, for
    ``category`` alone or, where that is empty, for every category that no other rule names.
    ``why`` is the reason shown, in one or two plain sentences; it may hold ``{who}`` and
    ``{where}``, never the draft. ``confirm`` names the statement an approver ticks for a flag.
    ``unless`` are phrases and patterns that excuse a hit which they overlap. ``headteacher``: a
    post that it hits needs the headteacher's yes as well. ``loosen``: a school may make it milder.
    """

    id: str
    clause: str
    check: Check
    severity: Severity
    why: str
    category: str = ""
    applies_to: frozenset[Situation] = frozenset(Situation)
    confirm: str = ""
    allowable: bool = False
    headteacher: bool = False
    loosen: bool = False
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()
    unless_patterns: tuple[re.Pattern[str], ...] = ()
    hits: tuple[Example, ...] = ()
    misses: tuple[Example, ...] = ()

    @property
    def lexical(self) -> bool:
        """Whether the rule brings its own words or patterns."""
        return bool(self.words or self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A loaded policy pack. ``digest`` is ``sha256:`` and the digest of ``source``, in UTF-8.

    ``clauses`` says each clause in plain words, ``confirmations`` what an approver states, and
    ``lists`` keeps what checks are told rather than know (``shorteners``, ``public_names``, …).
    ``review_date`` is ``None`` where the policy names no day for its own review.
    """

    id: str
    version: str
    title: str
    review_date: date | None
    settings: PackSettings
    clauses: Mapping[str, str]
    confirmations: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    digest: str
    source: str = field(repr=False)

    def clause(self, clause: str) -> str:
        """The clause in plain words, e.g. "Our policy, Images: no pupil's name with a photo"."""
        return self.clauses[clause]

    def statement(self, confirm: str) -> str:
        """What an approver states when confirming a flag, e.g. "I have opened the link"."""
        return self.confirmations[confirm]

    def listed(self, name: str) -> tuple[str, ...]:
        """A list of the pack, or an empty one."""
        return self.lists.get(name, ())

    def overdue(self, today: date) -> bool:
        """Whether the policy itself should have been reviewed before today."""
        return self.review_date is not None and self.review_date < today
