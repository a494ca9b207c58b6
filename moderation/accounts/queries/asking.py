"""``/channels``: the official accounts of the schools that the reader belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.accounts.queries.conditions import RegisterUnit, conditions
from moderation.accounts.queries.views import AccountPage, ChannelsPage
from moderation.kernel import AccountId
from moderation.people.model import AccountRole
from moderation.people.queries import belongs_to, rights_for


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.accounts.queries.views import Condition
    from moderation.kernel import Asked, PersonId, SchoolId
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights


PAGE = 10
MOST_WORDS = 4
LONGEST_WORD = 30
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The list. Every word of ``filter`` must fit an account: its platform, name or school.

    ``stale``, ``uncovered``, ``open`` and ``closed`` speak of how it stands; closed accounts are
    left out unless asked for. ``page`` begins at 1.
    """

    filter: str = ""
    page: int = 1

    async def read(self, unit: RegisterUnit, asked: Asked, schools: Schools) -> ChannelsPage:
        """One page, never past the last."""
        words = filter_words(self.filter)
        today = asked.at.astimezone(schools.zone).date()
        places = await _places(unit, schools, asked)
        names = {place: _name(schools, place) for place in sorted(places)}
        everything = [
            condition
            for place in names
            for condition in await conditions(unit, schools, school=place, day=today)
        ]
        found = [item for item in everything if _fits(item, words, everything, names)]
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(1, self.page), pages)
        return ChannelsPage(
            words=words,
            page=page,
            pages=pages,
            total=len(found),
            lines=tuple(found[(page - 1) * PAGE : page * PAGE]),
            schools=names,
            today=today,
            unknown=not places,
            typed=" ".join(self.filter.split()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MyAccounts:
    """How the open accounts stand that the reader looks after: those on which they hold a right.

    A headteacher, and whoever stands in, looks after all of the school's.
    """

    async def read(self, unit: RegisterUnit, asked: Asked, schools: Schools) -> ChannelsPage:
        """One page; whatever needs attention comes first. ``total`` counts those left out, too."""
        today = asked.at.astimezone(schools.zone).date()
        places = await _places(unit, schools, asked)
        found: list[Condition] = []
        for place in sorted(places):
            every = await conditions(unit, schools, school=place, day=today)
            rights = await rights_for(
                unit,
                schools,
                school=place,
                accounts=frozenset(item.account.id for item in every),
                settings=(await unit.packs.current(place)).settings,
                day=today,
            )
            found += [
                item
                for item in every
                if not item.closed and _looks_after(rights, asked.person, item.account.id)
            ]
        found.sort(key=lambda item: not (item.stale or item.uncovered))
        return ChannelsPage(
            words=(),
            page=1,
            pages=1,
            total=len(found),
            lines=tuple(found[:PAGE]),
            schools={place: _name(schools, place) for place in sorted(places)},
            today=today,
            unknown=not places,
        )


def _looks_after(rights: Rights, person: PersonId | None, account: AccountId) -> bool:
    if person is None:
        return False
    return rights.could_be_head(person) or any(
        person in rights.granted(account, role) for role in AccountRole
    )


def filter_words(text: str) -> tuple[str, ...]:
    """What was typed, as at most four plain lower-case words."""
    words = (word[:LONGEST_WORD] for word in _WORD.findall(text.casefold()))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def listing_id(words: tuple[str, ...]) -> str:
    """The name under which a list's other pages are asked for.

    Only words that fitted an account stand in it, so it holds nothing that the public register
    doesn't.
    """
    return ":".join(("channels", *words))


def from_listing(listing: str, page: str) -> Channels:
    """The question behind a page's button; whatever can't be read is the first page of all."""
    name, *words = listing.split(":")
    known = words if name == "channels" else ()
    return Channels(filter=" ".join(known), page=int(page) if page.isdecimal() else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAccount:
    """One account in full."""

    account: AccountId

    async def read(self, unit: RegisterUnit, asked: Asked, schools: Schools) -> AccountPage | None:
        """``None`` for one that doesn't exist, or that belongs to a school of others."""
        account = await unit.accounts.get(self.account)
        if account is None or account.school not in await _places(unit, schools, asked):
            return None
        today = asked.at.astimezone(schools.zone).date()
        every = await conditions(unit, schools, school=account.school, day=today)
        condition = next(item for item in every if item.account.id == account.id)
        rights = await rights_for(
            unit,
            schools,
            school=account.school,
            accounts=frozenset({account.id}),
            settings=(await unit.packs.current(account.school)).settings,
            day=today,
        )
        masters = rights.granted(account.id, AccountRole.MASTER_ADMINISTRATOR)
        administrators = rights.granted(account.id, AccountRole.ADMINISTRATOR)
        moderators = rights.granted(account.id, AccountRole.MODERATOR)
        covering = dict.fromkeys((*masters, *administrators, *moderators))
        return AccountPage(
            condition=condition,
            school=_name(schools, account.school),
            masters=tuple((_called(rights, who), rights.roles(who)) for who in masters),
            administrators=_all_called(rights, administrators),
            moderators=_all_called(rights, moderators),
            posters=_all_called(rights, rights.granted(account.id, AccountRole.POSTER)),
            away=_all_called(rights, (who for who in covering if not rights.here(who))),
            now=asked.at,
            zone=schools.zone,
        )


async def _places(unit: RegisterUnit, schools: Schools, asked: Asked) -> frozenset[SchoolId]:
    person = await unit.people.get(asked.person) if asked.person is not None else None
    if person is None:
        return frozenset()
    return belongs_to(person, schools, asked.at.astimezone(schools.zone).date())


def _name(schools: Schools, place: SchoolId) -> str:
    found = schools.get(place)
    return str(place) if found is None else found.name


def _fits(
    item: Condition,
    words: tuple[str, ...],
    everything: list[Condition],
    names: dict[SchoolId, str],
) -> bool:
    if item.closed and "closed" not in words:
        return False
    platforms = {other.account.platform for other in everything}
    return all(_fits_word(item, word, platforms, names) for word in words)


def _fits_word(item: Condition, word: str, platforms: set[str], names: dict[SchoolId, str]) -> bool:
    account = item.account
    match word:
        case "stale":
            return item.stale
        case "uncovered":
            return item.uncovered
        case "closed":
            return item.closed
        case "open":
            return not item.closed
        case _ if word in platforms:
            return account.platform == word
        case _:
            told = (
                account.id,
                account.platform,
                account.name,
                account.school,
                names[account.school],
            )
            return any(word in text.casefold() for text in told)


def _called(rights: Rights, who: PersonId) -> str:
    return next(person.name for person in rights.people if person.id == who)


def _all_called(rights: Rights, whom: Iterable[PersonId]) -> tuple[str, ...]:
    return tuple(_called(rights, who) for who in whom)
