"""What each check sees by itself: the categories that a rule without words may answer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Mapping


SEEN: Mapping[Check, tuple[str, ...]] = {
    Check.PUPIL_NAMES: (
        "full_name",
        "initialled",
        "slip",
        "first_name",
        "surname",
        "other_school",
        "named_in_file",
        "named_in_picture",
        "perhaps_in_picture",
        "other_school_in_file",
        "staff_named",
        "staff_perhaps",
        "consented",
        "not_checked",
        "empty_roster",
    ),
    Check.IDENTIFICATION: ("name_and_class", "initials_and_class"),
    Check.IMAGE_CONSENT: (
        "not_said",
        "not_recognisable",
        "missing",
        "expired",
        "refused",
        "withdrawn",
        "not_checked",
        "taken_down",
        "more_faces",
        "staff_shown",
        "staff_not_said",
        "staff_taken_down",
    ),
    Check.IMAGE_CONTENTS: ("position", "not_read", "not_counted", "video"),
    Check.ALT_TEXT: ("missing", "no_captions", "not_a_description"),
    Check.LINKS: ("link", "shortener", "lookalike"),
    Check.PRIVATE_INFORMATION: (
        "mobile_phone",
        "phone",
        "private_email",
        "email",
        "postcode",
        "address",
        "home_address",
        "identity_number",
        "birth_date",
        "log_in",
    ),
    Check.REMOVAL_CRITERIA: (
        "profane",
        "coarse",
        "obscene",
        "hateful",
        "hateful_perhaps",
        "threatening",
        "threatening_perhaps",
        "personal_attack",
        "disparaging",
        "defamatory",
        "defamatory_grave",
        "unlawful",
        "unlawful_perhaps",
        "fraudulent",
        "misleading",
        "advertising",
        "private_business",
    ),
    Check.CONFIDENTIALITY: ("confidential", "commercial", "political", "commitment"),
    Check.OPINION: ("personal_opinion",),
    Check.COPYRIGHT: ("others_work",),
    Check.AUDIENCE_AGE: ("unsuitable", "under_minimum_age"),
}
"""By check. A rule with words or patterns of its own may call what it finds as it likes."""

LISTS = ("shorteners", "imitated", "private_mail", "public_names")
"""What the checks ask a pack for, by the names under which it stands in ``[lists]``."""

PLACEHOLDERS = frozenset({"who", "where"})
"""What a rule's ``why`` may hold: initials and year of a pupil, or a colleague's initials, and the
name of a network."""

EXAMPLE_NAMES = ("listed", "empty", "none")
"""Which invented pupils an example is judged with."""

EXAMPLE_PUPILS = (
    "granted",
    "refused",
    "withdrawn",
    "expired",
    "missing",
    "none",
    "not_recognisable",
)
"""Who an example may say is in its pictures: an invented pupil by permission, or nobody."""

EXAMPLE_COLLEAGUES = ("willing", "unwilling")
"""Invented colleagues of whom an example may say that they are in its pictures."""
