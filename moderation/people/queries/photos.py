"""Which children of a class may not be shown on an account today: for one reader, and noted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, Protocol

from moderation.checks.consent import Standing, standing
from moderation.checks.model import Purpose
from moderation.kernel import Recorder, SchoolId, SubjectRef
from moderation.people.events import PhotosSeen
from moderation.people.model import TEMPORARY, Pupil
from moderation.people.ports import Listed
from moderation.people.queries.asking import PeopleUnit, on_roll, year_order
from moderation.people.queries.rights import belongs_to, rights_for
from moderation.people.queries.views import (
    NoPhotos,
    NotShown,
    PhotoList,
    PhotosFound,
)
from moderation.policies.settings import ConsentFrom


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from moderation.kernel import Asked
    from moderation.people.model import Person
    from moderation.people.ports import Schools

PHOTOS: Final = "photos"
"""Kind of the subject under which a reading is noted; its id is the school's."""


class PhotosUnit(PeopleUnit, Recorder, Protocol):
    """The part of a unit of work that this is read from and noted in."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PhotoPermissions:
    """``words`` are a class and, behind it, words that narrow the accounts: "4B facebook".

    Asked through :meth:`moderation.service.Service.note`: that somebody read it is recorded.
    ``repr`` shows nothing: what is typed may be a name.
    """

    words: str = ""

    def __repr__(self) -> str:
        return "PhotoPermissions(…)"

    async def read(self, unit: PhotosUnit, asked: Asked, schools: Schools) -> PhotosFound:
        """The class at each of the reader's own schools where there is one of that name.

        For the accounts for which the reader may write posts; true until the school's midnight.
        """
        places, supply = await _places(unit, asked, schools)
        if not places:
            return PhotosFound(why=NoPhotos.SUPPLY if supply else NoPhotos.NOT_A_PROPOSER)
        forms = _forms(pupil for place in places for pupil in place.pupils)
        form, rest = _meant(self.words, forms)
        if not form:
            return PhotosFound(why=_why_no_class(self.words, forms), classes=forms)
        there = [place for place in places if place.has(form)]
        narrowed = [replace(place, accounts=tuple(place.named(rest))) for place in there]
        if not any(place.accounts for place in narrowed):
            names = dict.fromkeys(
                (account.platform, account.name) for place in there for account in place.accounts
            )
            return PhotosFound(why=NoPhotos.NO_SUCH_ACCOUNT, accounts=tuple(names))
        day = asked.at.astimezone(schools.zone).date()
        lists: list[PhotoList] = []
        for place in narrowed:
            if place.accounts:
                lists += await _lists(unit, place, form, asked)
                seen = PhotosSeen(
                    form=place.written(form), accounts=tuple(it.id for it in place.accounts)
                )
                # One key has one effect, and each school has a line of its own.
                noted = replace(asked, key=f"{asked.key}:{place.school}")
                await unit.record(noted, SubjectRef(PHOTOS, place.school), 0, (seen,), ())
        midnight = datetime.combine(day + timedelta(days=1), time(), schools.zone)
        return PhotosFound(lists=tuple(lists), until=midnight)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A school with the pupils there now and the accounts that the reader may write for."""

    school: SchoolId
    name: str
    zone: tzinfo
    accounts: tuple[Listed, ...]
    pupils: tuple[Pupil, ...] = field(repr=False)
    consent_from: ConsentFrom
    whose_staff: frozenset[SchoolId]

    def of(self, form: str) -> list[Pupil]:
        return [pupil for pupil in self.pupils if _folded(pupil.name.form) == form]

    def has(self, form: str) -> bool:
        return bool(self.of(form))

    def written(self, form: str) -> str:
        """The class as the school writes it."""
        return self.of(form)[0].name.form

    def named(self, words: str) -> Iterable[Listed]:
        """The accounts in which every one of ``words`` is found, or all for none."""
        for account in self.accounts:
            said = _folded(f"{account.platform} {account.name}")
            if all(word in said for word in words.split()):
                yield account


async def _places(
    unit: PhotosUnit, asked: Asked, schools: Schools
) -> tuple[tuple[_Place, ...], bool]:
    """The reader's schools with the accounts they may write for; whether supply staff asks."""
    reader = await unit.people.get(asked.person) if asked.person is not None else None
    if reader is None:
        return (), False
    today = asked.at.astimezone(schools.zone).date()
    theirs = belongs_to(reader, schools, today)
    of_trust, _ = await _writes_for(unit, asked, schools, schools.trust, reader)
    found: list[_Place] = []
    supply = False
    for school in (it for it in schools.ids() if it in theirs):
        own, temporary = await _writes_for(unit, asked, schools, school, reader)
        supply = supply or temporary
        accounts = tuple({account.id: account for account in (*own, *of_trust)}.values())
        if temporary or not accounts:
            continue
        known = schools.get(school)
        found.append(
            _Place(
                school=school,
                name=known.name if known is not None else str(school),
                zone=schools.zone,
                accounts=accounts,
                pupils=tuple(await on_roll(unit, schools, school)),
                consent_from=(await unit.packs.current(school)).settings.consent_from,
                whose_staff=frozenset({school, schools.trust}),
            )
        )
    return tuple(found), supply


async def _writes_for(
    unit: PhotosUnit, asked: Asked, schools: Schools, school: SchoolId, reader: Person
) -> tuple[tuple[Listed, ...], bool]:
    """Open accounts of this school that the reader may write for; whether they only help out."""
    today = asked.at.astimezone(schools.zone).date()
    listed = [it for it in await unit.accounts.of_school(school) if not it.closed(today)]
    rights = await rights_for(
        unit,
        schools,
        school=school,
        accounts=frozenset(account.id for account in listed),
        settings=(await unit.packs.current(school)).settings,
        day=today,
    )
    roles = rights.roles(reader.id)
    writes = tuple(
        account
        for account in listed
        if replace(rights, accounts=frozenset({account.id})).may_propose(reader.id)
    )
    return writes, bool(roles) and roles <= TEMPORARY


async def _lists(unit: PhotosUnit, place: _Place, form: str, asked: Asked) -> list[PhotoList]:
    """One list for each set of accounts on which the same children may not be shown."""
    pupils = sorted(place.of(form), key=_sorted_by)
    consents = await unit.rolls.consents(frozenset(pupil.key for pupil in pupils))
    today = asked.at.astimezone(place.zone).date()
    staff = await unit.people.at(place.whose_staff)
    alike: dict[tuple[NotShown, ...], list[tuple[str, str]]] = {}
    for account in place.accounts:
        out = tuple(
            NotShown(name=_called(pupil), standing=found)
            for pupil in pupils
            for found in (
                standing(
                    consents.get(pupil.key, ()),
                    Purpose.PHOTO,
                    account=account.id,
                    platform=account.platform,
                    today=today,
                    consent_from=place.consent_from,
                ),
            )
            if found is not Standing.GRANTED
        )
        alike.setdefault(out, []).append((account.platform, account.name))
    return [
        PhotoList(
            school=place.name,
            form=place.written(form),
            pupils=len(pupils),
            accounts=tuple(accounts),
            not_shown=out,
            staff=tuple(sorted(one.name for one in staff if not one.may_be_shown)),
        )
        for out, accounts in alike.items()
    ]


# -- classes and names ----------------------------------------------------------------------------


def _forms(pupils: Iterable[Pupil]) -> tuple[str, ...]:
    """The classes there are, each once, the youngest first."""
    years: dict[str, tuple[int, str]] = {}
    for pupil in pupils:
        if pupil.name.form.strip():
            years.setdefault(pupil.name.form, year_order(pupil.name.year_group, pupil.name.form))
    return tuple(sorted(years, key=lambda form: years[form]))


def _meant(words: str, forms: Sequence[str]) -> tuple[str, str]:
    """The class that ``words`` begin with, folded, and what is behind it; "" for none."""
    said = _folded(words)
    for prefix in ("", "class "):
        rest = said.removeprefix(prefix)
        for form in sorted(map(_folded, forms), key=len, reverse=True):
            if rest == form or rest.startswith(f"{form} "):
                return form, rest[len(form) :].strip()
    return "", said


def _why_no_class(words: str, forms: Sequence[str]) -> NoPhotos:
    if not forms:
        return NoPhotos.NO_LIST
    return NoPhotos.NO_SUCH_CLASS if words.strip() else NoPhotos.WHICH_CLASS


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _called(pupil: Pupil) -> str:
    """As the school calls the child. In full: two of one first name must not be mistaken."""
    name = pupil.name
    called = name.preferred_forename or name.legal_forename
    return f"{called} {name.preferred_surname or name.legal_surname}".strip()


def _sorted_by(pupil: Pupil) -> tuple[str, str]:
    return _called(pupil).casefold(), pupil.key
