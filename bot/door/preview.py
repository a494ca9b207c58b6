"""Judging words while they are written. Nothing is stored, nobody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.checks.pictures import without_permission
from moderation.kernel import PupilKey
from moderation.posts import present
from moderation.posts.facts import FactFinder
from moderation.posts.model import Content
from moderation.views import FindingLine, Findings, Mark


if TYPE_CHECKING:
    from moderation.kernel import Asked
    from moderation.people.ports import Schools
    from moderation.service import Unit


@dataclass(frozen=True, slots=True)
class Previewed:
    """Marks in the text, the points in words, and the declared pupils who may not be shown.

    ``stops`` are the points that stop it, each behind the name of its field.
    """

    marks: tuple[Mark, ...] = ()
    groups: tuple[Findings, ...] = ()
    stops: tuple[tuple[str, FindingLine], ...] = ()
    without: frozenset[PupilKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Preview:
    """A question for :meth:`moderation.service.Service.ask`. A stranger hears nothing."""

    finder: FactFinder
    content: Content

    async def read(self, unit: Unit, asked: Asked, schools: Schools) -> Previewed:
        """Judged as a proposal of this moment would be."""
        del schools
        if asked.person is None:
            return Previewed()
        pack, findings = await self.finder.preview(unit, self.content, asked)
        return Previewed(
            marks=present.marks_of(findings, self.content.text),
            groups=present.preview_groups(findings, self.content, pack),
            stops=tuple(present.preview_stops(findings, self.content, pack)),
            without=without_permission(findings),
        )
