"""The trust and its schools as ``app.yaml`` names them, in the words of the core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from moderation.kernel import SchoolId
from moderation.people.model import Span
from moderation.policies.loader import shipped, with_changes


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from bot.settings import Settings
    from bot.settings_places import Place
    from moderation.policies.model import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Implements :class:`moderation.people.ports.School`."""

    id: SchoolId
    name: str
    domains: tuple[str, ...]
    office: str
    contacts: tuple[str, ...]
    safeguarding_phone: str
    holidays: tuple[Span, ...]


class KnownSchools:
    """Implements :class:`moderation.people.ports.Schools`."""

    def __init__(self, settings: Settings) -> None:
        self.trust = SchoolId(settings.trust.id)
        self.zone: tzinfo = ZoneInfo(settings.trust.time_zone)
        self._schools = {
            SchoolId(place.id): _known(place) for place in (*settings.schools, settings.trust)
        }

    def get(self, school: SchoolId) -> Known | None:
        """A school, or the trust itself."""
        return self._schools.get(school)

    def ids(self) -> tuple[SchoolId, ...]:
        """The schools, without the trust, in the file's order."""
        return tuple(school for school in self._schools if school != self.trust)


def packs_of(settings: Settings) -> Mapping[SchoolId, Pack]:
    """The policy that each school and the trust follow today, with what they changed in it."""
    return {
        SchoolId(place.id): with_changes(shipped(policy), place.settings, place.rules)
        for place, policy in settings.policies()
    }


def _known(place: Place) -> Known:
    return Known(
        id=SchoolId(place.id),
        name=place.name,
        domains=place.domains,
        office=place.office,
        contacts=place.contacts,
        safeguarding_phone=place.safeguarding_phone or "",
        holidays=tuple(Span(start=days.start, end=days.end) for days in place.holidays),
    )
