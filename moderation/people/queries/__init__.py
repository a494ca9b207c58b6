"""Questions about people and pupils. Who may know what is decided here."""

from moderation.people.queries.asking import (
    Classes,
    PeopleUnit,
    PupilSearch,
    WhoAmI,
    found_pupil,
)
from moderation.people.queries.colleagues import ColleagueSearch
from moderation.people.queries.photos import PHOTOS, PhotoPermissions
from moderation.people.queries.rights import RightsUnit, belongs_to, rights_for
from moderation.people.queries.views import (
    ClassesFound,
    ClassLine,
    FoundColleague,
    FoundPupil,
    NoPhotos,
    NoPupils,
    NotShown,
    PhotoList,
    PhotosFound,
    Place,
    PupilsFound,
    Self,
)


__all__ = [
    "PHOTOS",
    "ClassLine",
    "Classes",
    "ClassesFound",
    "ColleagueSearch",
    "FoundColleague",
    "FoundPupil",
    "NoPhotos",
    "NoPupils",
    "NotShown",
    "PeopleUnit",
    "PhotoList",
    "PhotoPermissions",
    "PhotosFound",
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
