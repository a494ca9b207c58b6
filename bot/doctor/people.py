"""The register: lists of pupils, cover, heads and policies. Schools are named, people never."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.doctor.model import Problem, warning
from bot.imports.folder import REFUSED, set_aside
from bot.status import SchoolStatus, Status, gather
from moderation.incidents.queries import ring_of
from moderation.people.queries import rights_for
from moderation.words import both


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from bot.application import Application
    from bot.status import Limits
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights
    from moderation.policies.model import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """``database`` is what the database's own clock says, where it has one."""

    problems: tuple[Problem, ...]
    status: Status
    database: datetime | None


async def look(application: Application, limits: Limits) -> Looked:
    """Everything in the register that somebody should look at, school by school."""
    schools, now = application.schools, application.clock.now()
    today = now.astimezone(schools.zone).date()
    found: list[Problem] = []
    followed: dict[str, list[tuple[SchoolStatus, Pack]]] = {}
    refused = await asyncio.to_thread(set_aside, application.settings.paths.data, schools)
    async with application.units.read() as unit:
        status = await gather(unit, schools, now, limits, refused=refused)
        database = await unit.census.clock()
        for one in status.schools:
            pack = await unit.packs.current(one.school)
            if not one.is_trust:
                followed.setdefault(pack.id, []).append((one, pack))
            rights = await rights_for(
                unit,
                schools,
                school=one.school,
                accounts=frozenset(),
                settings=pack.settings,
                day=today,
            )
            found += [
                *_roster(one, now, limits),
                *_refused(one),
                *_cover(one),
                *_heads(one, rights),
                *_number(one, schools),
                *_deliveries(one),
            ]
    found += _policies(followed, today)
    return Looked(problems=tuple(found), status=status, database=database)


def _roster(one: SchoolStatus, now: datetime, limits: Limits) -> Iterator[Problem]:
    if one.is_trust:
        return
    school = one.school
    remedy = f"schoolgate import pupils FILE --school {school}"
    if not one.pupils:
        said = f"{one.name} has no list of pupils, so their names aren't found in posts."
        yield warning("no_roster", said, remedy, school)
        return
    age = one.roster_age(now)
    if age is None:
        said = f"Nobody knows when the list of pupils of {one.name} came in."
        yield warning("roster_age", said, remedy, school)
    elif age > limits.roster:
        said = f"The list of pupils of {one.name} is {age.days} days old."
        yield warning("roster_old", said, remedy, school)


def _refused(one: SchoolStatus) -> Iterator[Problem]:
    if one.refused:
        lists = "list was" if one.refused == 1 else "lists were"
        said = f"{one.refused} {lists} refused that the system of {one.name} had left for us."
        remedy = (
            f"imports/{one.school}/{REFUSED} in the data folder holds each with a report on why."
        )
        yield warning("list_refused", said, remedy, one.school)


def _cover(one: SchoolStatus) -> Iterator[Problem]:
    if one.uncovered:
        said = (
            f"{one.uncovered} of {one.accounts} accounts of {one.name} "
            f"{'has' if one.uncovered == 1 else 'have'} fewer people here than the policy asks for."
        )
        remedy = "/channels uncovered lists them; give more people the right by schoolgate import."
        yield warning("uncovered", said, remedy, one.school)
    if not one.accounts and not one.is_trust:
        said = f"{one.name} has no open account in the register."
        yield warning("no_accounts", said, "schoolgate import accounts FILE", one.school)


def _heads(one: SchoolStatus, rights: Rights) -> Iterator[Problem]:
    remedy = "schoolgate import people FILE"
    if rights.head() is None and (one.accounts or not one.is_trust):
        who = "trust lead" if one.is_trust else "headteacher"
        yield warning("no_head", f"{one.name} has no {who} today.", remedy, one.school)
    if not one.is_trust and not rights.safeguarding():
        said = f"{one.name} has no safeguarding lead today, nor a deputy."
        yield warning("no_safeguarding_lead", said, remedy, one.school)


def _number(one: SchoolStatus, schools: Schools) -> Iterator[Problem]:
    """What a reporter of a concern is shown when nobody answers."""
    if not one.is_trust and not ring_of(schools, one.school).number:
        said = f"{one.name} has no number to ring about a child when nobody answers a report."
        remedy = "Set safeguarding_phone for the school, or for the trust, in app.yaml."
        yield warning("no_safeguarding_phone", said, remedy, one.school)


def _policies(
    followed: Mapping[str, Sequence[tuple[SchoolStatus, Pack]]], today: date
) -> Iterator[Problem]:
    """Once for each policy, whoever follows it."""
    for policy, schools in sorted(followed.items()):
        due = schools[0][1].review_date
        if due is not None and due < today:
            names = both([one.name for one, _ in schools])
            follow = "follows" if len(schools) == 1 else "follow"
            yield warning(
                "policy_review",
                f"The policy “{policy}” was to be reviewed on {due:%-d %B %Y}; "
                f"{names} {follow} it.",
                "Ask whoever owns the policy for its reviewed version; packs come with each new "
                "Schoolgate.",
                policy,
            )


def _deliveries(one: SchoolStatus) -> Iterator[Problem]:
    lost = one.deliveries.dead
    if lost:
        said = f"{lost} deliveries of {one.name} were given up."
        yield warning("dead_letters", said, "schoolgate outbox list", one.school)
    if one.stuck.overdue:
        said = f"{one.stuck.overdue} approved posts of {one.name} are past their time."
        yield warning("overdue", said, "Is it running? schoolgate health", one.school)
