"""Questions about people and pupils. Who may know what is decided here."""

from moderation.people.queries.asking import (
    Classes,
    PeopleUnit,
    PupilSearch,
    WhoAmI,
    found_pupil,
)
from moderation.people.queries.rights import RightsUnit, belongs_to, rights_for
from moderation.people.queries.views import (
    ClassesFound,
    ClassLine,
    FoundPupil,
    NoPupils,
    Place,
    PupilsFound,
    Self,
)


__all__ = [
    "ClassLine",
    "Classes",
    "ClassesFound",
    "FoundPupil",
    "NoPupils",
    "PeopleUnit",
    "Place",
    "PupilSearch",
    "PupilsFound",
    "RightsUnit",
    "Self",
    "WhoAmI",
    "belongs_to",
    "found_pupil",
    "rights_for",
]
