"""Names that a school keeps as nobody's whom its posts are checked for, as the checks take them.

Whoever is checked for comes first: a kept name counts only while nobody of them has it. That is
asked anew of today's lists at every judgement, so a list that came later is never argued with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.checks.colleagues import unnamed_called
from moderation.checks.model import NotAPupil
from moderation.checks.names.find import names_a_pupil, names_in_full, nearly_a_pupil
from moderation.checks.names.people import titled
from moderation.checks.names.roster import Roster


if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Checked:
    """Whom the posts of a place are checked for. Its ``repr`` shows no name.

    ``roster``, ``others`` and ``unnamed`` are as in :class:`moderation.checks.context.Context`.
    """

    roster: Roster | None = None
    others: Roster | None = None
    unnamed: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether somebody has this name: in full, or with an initial where they are near."""
        return (
            names_a_pupil(name, self.roster)
            or names_a_pupil(name, unnamed_called(self.unnamed).roster)
            or names_in_full(name, self.others)
        )

    def nearly(self, name: str) -> bool:
        """Whether a pupil here has it but for a slip of the keyboard."""
        return nearly_a_pupil(name, self.roster)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Kept:
    """Kept names that count: of ``grown_ups`` a surname behind a title counts as well."""

    grown_ups: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def counting(kept: Iterable[tuple[str, NotAPupil]], checked: Checked) -> Kept:
    """What counts of the names that two people keep."""
    grown_ups: list[str] = []
    others: list[str] = []
    for name, kind in kept:
        if not checked.has(name):
            is_grown_up = kind is NotAPupil.STAFF or titled(name)
            (grown_ups if is_grown_up else others).append(name)
    return Kept(grown_ups=tuple(grown_ups), others=tuple(others))
