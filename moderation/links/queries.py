"""Questions about links: who somebody unknown may be, and the card on which people say so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from moderation.kernel import Asked, Identity, PersonId, Timer
from moderation.links.facts import FactFinder
from moderation.links.model import Link, LinkId, State, link_of
from moderation.links.workflow import reachable
from moderation.people.queries import Self, WhoAmI


if TYPE_CHECKING:
    from moderation.links.ports import LinksUnit
    from moderation.links.rights import Judging
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """What the card shows beside the link. ``me`` is what the person concerned is today.

    ``asked`` are those who may still say yes, by name. ``two``: it takes two of them.
    """

    version: int
    name: str
    email: str
    me: Self | None
    asked: tuple[str, ...]
    confirmed: tuple[str, ...]
    declined: str
    two: bool
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A link with its view. ``asked`` has the card; ``readers`` are all who may see it."""

    link: Link
    view: LinkView
    asked: tuple[PersonId, ...]
    readers: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard:
    """One link, for those who are asked, may say yes, or have answered."""

    link: LinkId

    async def read(self, unit: LinksUnit, asked: Asked, schools: Schools) -> LinkPage | None:
        """``None`` where there is no such link, or the reader has no part in it."""
        page = await link_page(unit, schools, self.link, asked.at)
        return page if page is not None and asked.person in page.readers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """How whoever asks stands here. ``offered``: their account could be confirmed.

    ``state`` is how their request stands, ``None`` where there is none. ``asked`` are the names of
    those who confirm; nobody's unless it is offered or waits.
    """

    known: bool = False
    offered: bool = False
    state: State | None = None
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """Who somebody is whose address the platform has verified; "" where it hasn't."""

    email: str = field(default="", repr=False)

    async def read(self, unit: LinksUnit, asked: Asked, schools: Schools) -> Introduction:
        if asked.person is not None:
            return Introduction(known=True)
        if not isinstance(asked.by, Identity) or not self.email:
            return Introduction()
        stored = await unit.links.get(link_of(asked.by))
        if stored is not None and stored[0].state is State.WAITING:
            page = await link_page(unit, schools, stored[0].id, asked.at)
            asked_now = page.view.asked if page is not None else ()
            return Introduction(state=State.WAITING, asked=asked_now)
        if stored is not None and stored[0].state is State.DECLINED:
            return Introduction(state=State.DECLINED)
        facts = await FactFinder(schools).of_address(unit, asked.by, self.email, asked)
        judging = facts.judging
        if judging is None or not facts.fits or not judging.enough(reachable(judging)):
            return Introduction()
        return Introduction(offered=True, asked=_names(judging, reachable(judging)))


async def link_page(
    unit: LinksUnit, schools: Schools, link: LinkId, now: datetime
) -> LinkPage | None:
    """A link as the relay draws it, for no reader in particular."""
    stored = await unit.links.get(link)
    if stored is None:
        return None
    found, version = stored
    anybody = Asked(by=Timer(), key="", at=now)
    facts = await FactFinder(schools).of_link(unit, found, anybody)
    judging = facts.judging
    if judging is None:
        return None
    asked = [who for who in judging.asked() if who not in found.confirmed_by]
    answered = [*found.confirmed_by, *([found.declined_by] if found.declined_by else [])]
    may = [who for who in sorted(judging.register.people) if judging.may_confirm(who)]
    view = LinkView(
        version=version,
        name=judging.person.name,
        email=judging.person.email,
        me=await WhoAmI().read(unit, replace(anybody, person=found.person), schools),
        asked=_names(judging, tuple(asked)),
        confirmed=_names(judging, found.confirmed_by),
        declined=next(iter(_names(judging, answered[len(found.confirmed_by) :])), ""),
        two=bool(judging.approves_at),
        now=now,
        zone=schools.zone,
    )
    return LinkPage(found, view, tuple(asked), tuple(dict.fromkeys((*asked, *answered, *may))))


def _names(judging: Judging, people: tuple[PersonId, ...] | list[PersonId]) -> tuple[str, ...]:
    known = judging.register.people
    return tuple(known[who].name for who in people if who in known)
