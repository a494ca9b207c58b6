"""What an absence touches, read in the same transaction: rights, posts, reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from moderation.absences import commands as ask
from moderation.absences.events import Instead, Waiting
from moderation.absences.model import with_absence, without
from moderation.absences.rights import Here, away
from moderation.absences.workflow import Facts
from moderation.incidents.model import State as ReportState
from moderation.people.model import Span
from moderation.people.queries import belongs_to, rights_for
from moderation.posts.model import State
from moderation.posts.signing import missing


if TYPE_CHECKING:
    from datetime import date, datetime

    from moderation.absences.ports import AbsenceUnit
    from moderation.kernel import Asked, PersonId, PostId, SchoolId
    from moderation.people.model import Person
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights
    from moderation.posts.model import Post


RECENT: Final = timedelta(days=1)
"""A report climbs every few minutes: one that is older has reached the end of its ladder."""


async def gather(unit: AbsenceUnit, schools: Schools, command: ask.Command, asked: Asked) -> Facts:
    """Everything that the decision needs, for the day of ``asked.at``."""
    today = asked.at.astimezone(schools.zone).date()
    person = await unit.people.get(command.person)
    if person is None:
        return Facts(today=today)
    asker = await unit.people.get(asked.person) if asked.person is not None else None
    places = await heres(unit, schools, person, today)
    after = _after(command, person.absences, today)
    posts = await _in_review(unit, places)
    begins = person.away(today) if isinstance(command, ask.BeginAbsence) else _away(after, today)
    before = () if isinstance(command, ask.BeginAbsence) else person.absences
    return Facts(
        today=today,
        person=person,
        known=asker is not None and knows(asker, person, schools, today),
        places=places,
        posts=tuple(post.id for post in posts),
        asked=tuple(_instead(posts, places, person, before, after)) if begins else (),
        unanswered=tuple(_unanswered(posts, places, person, before, after)) if begins else (),
        reports=await _reports(unit, places, person, asked.at) if begins else (),
    )


async def heres(
    unit: AbsenceUnit, schools: Schools, person: Person, day: date
) -> dict[SchoolId, Here]:
    """Every school of the person's, and the trust, with today's rights on its open accounts."""
    found: dict[SchoolId, Here] = {}
    for school in sorted(belongs_to(person, schools, day)):
        accounts = await unit.accounts.of_school(school)
        settings = (await unit.packs.current(school)).settings
        rights = await rights_for(
            unit,
            schools,
            school=school,
            accounts=frozenset(item.id for item in accounts if not item.closed(day)),
            settings=settings,
            day=day,
        )
        found[school] = Here(rights=rights, least=settings.minimum_moderators)
    return found


def knows(asker: Person, person: Person, schools: Schools, day: date) -> bool:
    """Whether they are of one school; whoever has a role at the trust knows everybody."""
    mine, theirs = (belongs_to(one, schools, day) for one in (asker, person))
    at_trust = any(one.roles(schools.trust, day) for one in (asker, person))
    return (
        asker.id == person.id
        or bool(mine & theirs - {schools.trust})
        or (at_trust and bool(mine & theirs))
    )


def _after(command: ask.Command, before: tuple[Span, ...], today: date) -> tuple[Span, ...]:
    match command:
        case ask.SayAway(start=start, end=end):
            return with_absence(before, Span(start=start, end=end), today)
        case ask.SayBack(day=day):
            return without(before, day)
        case ask.BeginAbsence():
            return before


def _away(absences: tuple[Span, ...], day: date) -> bool:
    return any(span.covers(day) for span in absences)


async def _in_review(unit: AbsenceUnit, places: dict[SchoolId, Here]) -> tuple[Post, ...]:
    live = await unit.posts.live(frozenset(places))
    return tuple(post for post in live if post.state is State.IN_REVIEW)


def _instead(
    posts: tuple[Post, ...],
    places: dict[SchoolId, Here],
    person: Person,
    before: tuple[Span, ...],
    after: tuple[Span, ...],
) -> list[Instead]:
    """Who is asked for a yes now, and wasn't while this person was here."""
    found: list[Instead] = []
    for post in posts:
        was, now = (_on(post, places, person, absences) for absences in (before, after))
        known = {*missing(post, was).asked, person.id}
        found += [
            Instead(post=post.id, number=post.revision.number, person=who)
            for who in missing(post, now).asked
            if who not in known and now.here(who)
        ]
    return found


def _unanswered(
    posts: tuple[Post, ...],
    places: dict[SchoolId, Here],
    person: Person,
    before: tuple[Span, ...],
    after: tuple[Span, ...],
) -> list[PostId]:
    """Posts for which there are too few now, and weren't."""
    found: list[PostId] = []
    for post in posts:
        was, now = (
            len(_on(post, places, person, absences).available_approvers(post.authors))
            for absences in (before, after)
        )
        if now < min(was, post.revision.needs.seconds):
            found.append(post.id)
    return found


def _on(
    post: Post, places: dict[SchoolId, Here], person: Person, absences: tuple[Span, ...]
) -> Rights:
    rights = replace(places[post.school].rights, accounts=frozenset(post.content.accounts))
    return away(rights, person, absences)


async def _reports(
    unit: AbsenceUnit, places: dict[SchoolId, Here], person: Person, now: datetime
) -> tuple[Waiting, ...]:
    """Those that wait for this person, and for nobody who is here."""
    found: list[Waiting] = []
    for each in await unit.incidents.since(now - RECENT):
        stored = await unit.incidents.get(each)
        report = stored[0] if stored is not None else None
        if report is None or report.state is not ReportState.WAITING or report.unanswered_at:
            continue
        rung = {one.person for one in report.receivers if one.step == report.step}
        if person.id in rung and not _anybody_here(rung - {person.id}, places):
            found.append(Waiting(incident=report.id, step=report.step))
    return tuple(found)


def _anybody_here(people: set[PersonId], places: dict[SchoolId, Here]) -> bool:
    return any(here.rights.here(who) for here in places.values() for who in people)
