"""Rosters for the tests of names, and what was found in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.model import PupilName
from moderation.checks.names.find import NO_PEOPLE, find_names
from moderation.checks.names.roster import Roster
from moderation.kernel import PupilKey


if TYPE_CHECKING:
    from moderation.checks.names.people import People


def roster(*pupils: tuple[str, str]) -> Roster:
    """Pupils of Year 4, each a first name and a surname; keyed "0", "1", …."""
    return Roster(
        PupilName(
            pupil=PupilKey(str(number)),
            legal_forename=first,
            legal_surname=last,
            year_group="4",
        )
        for number, (first, last) in enumerate(pupils)
    )


def graded(
    text: str, known: Roster, *, staff: People = NO_PEOPLE, well_known: People = NO_PEOPLE
) -> list[tuple[str, str]]:
    """The grade of each hit and the words it marks, in order."""
    hits = find_names(text, known, staff=staff, well_known=well_known)
    return [(hit.grade.value, text[hit.start : hit.end]) for hit in hits]
