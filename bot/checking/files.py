"""The files that ``schoolgate check`` is given, as a pack and a context.

Unreadable          a file isn't what it should be: exit 65
Misconfigured       app.yaml, a policy or a school isn't there or isn't right: exit 78
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from bot import settings as app_settings
from bot.imports import consents as consents_csv, people as people_csv, pupils as pupils_csv
from bot.imports.parsed import Record
from bot.tables import TableError, read_table
from moderation.checks.colleagues import initials
from moderation.checks.context import NETWORKS, Context
from moderation.checks.names.roster import Roster
from moderation.checks.trial import try_examples
from moderation.kernel import AccountId, PupilKey, SchoolgateError, SchoolId
from moderation.policies.loader import PackError, UnknownPack, load_pack, shipped, with_changes


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.imports.parsed import Parsed
    from bot.imports.pupils import PupilRecord
    from bot.settings import Settings
    from bot.settings_places import School
    from bot.tables import Table
    from moderation.checks.model import Consent
    from moderation.people.model import Person
    from moderation.policies.model import Pack


R = TypeVar("R", bound=Record)

CONFIG = Path("app.yaml")
DEFAULT_POLICY = "step"
DEFAULT_ZONE = "Europe/London"
MOST_PROBLEMS = 10
"""Problems of one file that are told before the rest is counted."""


class Unreadable(SchoolgateError):
    """A file can't be read as what it should be. Its text never quotes a pupil's cell."""


class Misconfigured(SchoolgateError):
    """Something that the operator named isn't there, or isn't right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the command line named. ``policy`` may be a pack's id or a TOML file of one's own."""

    policy: str | None = None
    school: str | None = None
    roster: Path | None = None
    consents: Path | None = None
    staff: Path | None = None
    config: Path | None = None


def gather(given: Given, environ: Mapping[str, str], now: datetime) -> tuple[Pack, Context]:
    """Read everything that was named.

    Without ``app.yaml`` any school is taken as it is written. Raises :class:`Unreadable` and
    :class:`Misconfigured`.
    """
    configured = _settings(given, environ)
    place = _school(given.school, configured)
    school = SchoolId(place.id) if place else SchoolId(given.school) if given.school else None
    zone = configured.trust.time_zone if configured else DEFAULT_ZONE
    today = now.astimezone(ZoneInfo(zone)).date()
    pack = _pack(given.policy or (place.policy if place else DEFAULT_POLICY))
    if place is not None and given.policy is None:
        pack = with_changes(pack, place.settings, place.rules)
    own, others = _rosters(given.roster, school, today)
    trust = configured.trust if configured else None
    staff = _staff(given.staff, today)
    return pack, Context(
        today=today,
        roster=own,
        other_rosters=others,
        staff=tuple(person.name for person in staff),
        unnamed=tuple(person.name for person in staff if not person.may_be_named),
        unshown={one.id: initials(one.name) for one in staff if not one.may_be_shown},
        consents=_consents(given.consents, school, today),
        allowed_hosts=(*(place.domains if place else ()), *(trust.domains if trust else ())),
        office=(*(place.contacts if place else ()), *(trust.contacts if trust else ())),
    )


def network_of(account: AccountId) -> str | None:
    """The network that an account's id names, e.g. ``oakfield-facebook``; there is no register."""
    parts = re.split(r"[\W_]+", account.casefold())
    named = [part for part in parts if part in NETWORKS]
    return named[-1] if len(set(named)) == 1 else None


def _settings(given: Given, environ: Mapping[str, str]) -> Settings | None:
    config = given.config
    if config is None and given.school is not None and CONFIG.is_file():
        config = CONFIG
    if config is None:
        return None
    try:
        return app_settings.load(config, environ)
    except app_settings.SettingsError as error:
        raise Misconfigured(str(error)) from None


def _school(school: str | None, settings: Settings | None) -> School | None:
    if settings is None or school is None:
        return None
    known = {each.id: each for each in settings.schools}
    if school not in known:
        near = difflib.get_close_matches(school.casefold(), known, n=1)
        advice = f"Did you mean {near[0]}?" if near else f"There is {', '.join(known)}."
        raise Misconfigured(f"There is no school called {school!r} in app.yaml. {advice}")
    return known[school]


def _pack(policy: str) -> Pack:
    try:
        return _own_pack(Path(policy)) if policy.endswith(".toml") else shipped(policy)
    except (UnknownPack, PackError) as error:
        raise Misconfigured(str(error)) from None


def unreadable_policy(file: Path, wrong: OSError | UnicodeDecodeError) -> str:
    """Why a policy file can't be read, and what to do."""
    cannot = f"The policy file {file.name} can't be read:"
    if isinstance(wrong, UnicodeDecodeError):
        return f"{cannot} it isn't text in UTF-8. Save it so, from a text editor."
    if isinstance(wrong, FileNotFoundError):
        return f"{cannot} there is no such file."
    return f"{cannot} look whose it is and who may read it."


def _own_pack(file: Path) -> Pack:
    """A pack that isn't shipped, so that nobody has tried its examples yet."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Misconfigured(unreadable_policy(file, wrong)) from None
    pack = load_pack(text, name=file.name)
    failures = try_examples(pack)
    if failures:
        raise Misconfigured("\n".join(f"{file.name}: {failure}" for failure in failures))
    return pack


def _rosters(
    path: Path | None, school: SchoolId | None, today: date
) -> tuple[Roster | None, Roster | None]:
    """The school's own pupils, and the other schools' in the same file."""
    if path is None:
        return None, None
    table = _table(path)
    rows = _sound(path, pupils_csv.parse(table, schools=None, school=None, today=today))
    own = [row for row in rows if _is_own(row.school, school)]
    others = [row for row in rows if not _is_own(row.school, school)]
    return (
        Roster(row.name(PupilKey(row.number)) for row in own),
        Roster(row.name(_key_elsewhere(row)) for row in others) if others else None,
    )


def _key_elsewhere(row: PupilRecord) -> PupilKey:
    return PupilKey(f"{row.school}/{row.number}")


def _is_own(written: SchoolId, school: SchoolId | None) -> bool:
    """A row without a school, or a check without one, concerns this school."""
    return school is None or not written or written.casefold() == school.casefold()


def _consents(
    path: Path | None, school: SchoolId | None, today: date
) -> Mapping[PupilKey, tuple[Consent, ...]] | None:
    if path is None:
        return None
    rows = _sound(path, consents_csv.parse(_table(path), schools=None, school=None, today=today))
    found: defaultdict[PupilKey, tuple[Consent, ...]] = defaultdict(tuple)
    for row in rows:
        pupil = PupilKey(row.number)
        consent = row.consent(pupil)
        if consent is not None and _is_own(row.school, school):
            found[pupil] = (*found[pupil], consent)
    return dict(found)


def _staff(path: Path | None, today: date) -> tuple[Person, ...]:
    if path is None:
        return ()
    rows = _sound(path, people_csv.parse(_table(path), schools=None, school=None, today=today))
    return people_csv.people(rows)


def _table(path: Path) -> Table:
    try:
        return read_table(path)
    except TableError as error:
        raise Unreadable(error.about(path)) from None


def _sound(path: Path, parsed: Parsed[R]) -> tuple[R, ...]:
    """Every row. One that can't be read would protect nobody, so a file is taken whole or not."""
    if not parsed.problems:
        return parsed.rows
    lines = [
        f"{path.name}, line {problem.line}, {problem.column}: {problem.sentence}"
        for problem in parsed.problems[:MOST_PROBLEMS]
    ]
    more = len(parsed.problems) - len(lines)
    raise Unreadable("\n".join([*lines, *([f"… and {more} more like these."] if more else [])]))
