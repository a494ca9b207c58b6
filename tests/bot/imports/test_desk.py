"""Whatever stands in a file: all of it counts or none, twice is once, and no child is named."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from bot import settings
from bot.checking.report import harmless
from bot.imports.desk import Desk, Errand
from bot.imports.load import NotLoaded, load_all
from bot.imports.printing import printed
from bot.imports.reading import Reader
from bot.imports.report import Outcome, Report
from bot.schools import KnownSchools
from bot.system import Ulids
from bot.tables import parse_table
from moderation.imports.model import Kind
from moderation.kernel import AccountId, Identity, PersonId, Platform, SchoolId
from moderation.oversight.subject import Watches
from moderation.posts.facts import FactFinder
from moderation.posts.subject import Posts
from moderation.service import Service
from tests.bot.imports.office import written
from tests.bot.imports.sheets import PUPILS
from tests.databases import plain_roster
from tests.fakes.units import FakeUnits


if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from bot.tables import Table
    from moderation.service import Units

DEMO = files("bot.demo")
SETTINGS = settings.load(Path(str(DEMO.joinpath("app.yaml"))), {})
SCHOOLS = KnownSchools(SETTINGS)
OAK, MILL = SchoolId("oakfield"), SchoolId("millbrook")
NAMES = ("Zephyrine", "Quillfeather")


@dataclass(frozen=True, slots=True)
class Noon:
    """A clock that stands still."""

    at: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def fake_units() -> FakeUnits:
    return FakeUnits(roster=plain_roster, now=Noon().now)


def service(units: Units) -> Service:
    posts = Posts(FactFinder(SCHOOLS, Ulids()))
    return Service(units=units, schools=SCHOOLS, posts=posts, watches=Watches(SCHOOLS))


def desk(units: Units) -> Desk:
    reader = Reader(units=units, schools=SCHOOLS, ids=Ulids())
    return Desk(service=service(units), reader=reader, clock=Noon())


def take(units: FakeUnits, table: Table, **options: Any) -> Report:  # noqa: ANN401 -- Errand's fields
    return asyncio.run(desk(units).take(Errand(kind=Kind.PUPILS, table=table, **options)))


# -- pupils ---------------------------------------------------------------------------------------

cells = st.fixed_dictionaries(
    {
        "pupil_id": st.sampled_from(["N1", "N2", "N3", "N4", ""]),
        "school": st.sampled_from(["oakfield", "millbrook", "millbrok"]),
        "legal_forename": st.sampled_from([NAMES[0], f"{NAMES[0]}Ã©", ""]),
        "legal_surname": st.just(NAMES[1]),
    }
)
tables = st.lists(cells, max_size=6).map(lambda rows: written(PUPILS, rows))


def stored(units: FakeUnits) -> tuple[object, ...]:
    state = units.state
    return (state.pupils, state.rolls, state.batches, state.happened)


@given(first=tables, second=tables, skip_bad=st.booleans(), dry_run=st.booleans())
def test_whole_or_not_at_all(first: Table, second: Table, *, skip_bad: bool, dry_run: bool) -> None:
    units = fake_units()
    before = take(units, first, skip_bad=True, school=OAK)
    assert before.outcome is not Outcome.NUMBER_NEEDED
    known = stored(units)
    report = take(units, second, skip_bad=skip_bad, dry_run=dry_run, school=OAK)
    if not report.written:
        assert stored(units) == known
    if report.problems and not skip_bad:
        assert (report.outcome, report.exit) == (Outcome.REFUSED, 1)
    if report.outcome is Outcome.NUMBER_NEEDED and not dry_run:
        report = take(units, second, skip_bad=skip_bad, closing=report.closing, school=OAK)
        assert report.outcome is Outcome.DONE
    if report.written:
        again = take(units, second, skip_bad=skip_bad, school=OAK)
        assert again.outcome is Outcome.NOTHING
        assert again.exit == (1 if report.problems else 0)


@given(table=tables, dry_run=st.booleans())
def test_no_child_is_named(table: Table, *, dry_run: bool) -> None:
    units = fake_units()
    for skip_bad in (False, True):
        report = take(units, table, skip_bad=skip_bad, dry_run=dry_run, school=OAK)
        shown = printed(report, lambda school: school).plain
        said = shown + json.dumps(report.as_json()) + repr(report) + repr(units.state.happened)
        assert not any(name.casefold() in said.casefold() for name in NAMES)
        assert shown == harmless(shown)


def test_a_list_that_says_nothing_new_is_as_fresh_as_one_that_does() -> None:
    units = fake_units()
    row = {"pupil_id": "N1", "school": "oakfield", "legal_forename": "A", "legal_surname": "B"}
    table = written(PUPILS, [row])
    take(units, table, dry_run=True)
    assert units.state.received == {}
    assert take(units, table).outcome is Outcome.DONE
    assert units.state.received == {OAK: Noon().at}
    units.state.received.clear()
    assert take(units, table).outcome is Outcome.NOTHING
    assert units.state.received == {OAK: Noon().at}


def test_a_refused_pupil_stays_while_the_others_leave() -> None:
    units = fake_units()
    row = {"school": "oakfield", "legal_forename": "A", "legal_surname": "B"}
    everybody = [{**row, "pupil_id": f"N{number}"} for number in range(60)]
    take(units, written(PUPILS, everybody))
    # N0's row has no surname, N1 is not there at all.
    file = written(PUPILS, [{**everybody[0], "legal_surname": ""}, *everybody[2:]])
    report = take(units, file, skip_bad=True)
    assert report.counts is not None
    assert (report.counts.closed, report.counts.untouched) == (1, 1)
    left = [pupil.number for pupil in units.state.pupils.values() if pupil.left_on is not None]
    assert left == ["N1"]


# -- the demo -------------------------------------------------------------------------------------


async def load(
    units: Units,
    folder: Traversable = DEMO,
    at: Noon = Noon(),
    **options: Any,  # noqa: ANN401
) -> tuple[Report, ...]:
    return await load_all(
        folder,
        service=service(units),
        units=units,
        schools=SCHOOLS,
        ids=Ulids(),
        clock=at,
        **options,
    )


@pytest.mark.parametrize("kind", Kind)
async def test_no_row_is_read_where_everybody_waits(kind: Kind) -> None:
    """A clock reads a school's whole roll while people press: each row off the loop."""
    units, here = fake_units(), threading.get_ident()
    read_in: list[int] = []

    class Rows(tuple[tuple[int, Mapping[str, str]], ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
            read_in.append(threading.get_ident())
            return super().__iter__()

    for each in Kind:
        table = parse_table(DEMO.joinpath(f"{each}.csv").read_bytes())
        if each is kind:
            table = replace(table, rows=Rows(table.rows))
        report = await desk(units).take(Errand(kind=each, table=table))
        assert report.outcome is Outcome.DONE, report
    assert read_in
    assert here not in read_in


async def test_the_demo_loads_without_a_problem() -> None:
    units = fake_units()
    reports = await load(units, sandbox=True)
    assert [report.kind for report in reports] == list(Kind)
    assert {report.outcome for report in reports} == {Outcome.DONE}
    assert not any(report.problems or report.ignored for report in reports)
    owner = units.state.identities[Identity(Platform.SANDBOX, "okafor")]
    assert owner == PersonId("okafor")
    assert {pupil.school for pupil in units.state.pupils.values()} == {OAK, MILL}
    assert len(units.state.consents) > 40
    again = await load(units, sandbox=True)
    assert {report.outcome for report in again} == {Outcome.NOTHING}


@pytest.mark.parametrize("year", [2025, 2026, 2031])
async def test_the_demo_never_grows_old(year: int) -> None:
    """Read as if it had been written today: permissions given lately, supply staff still here."""
    units = fake_units()
    today = datetime(year, 5, 4, 12, 0, tzinfo=UTC)
    await load(units, at=Noon(today), written_on=date(2026, 11, 20))
    consents = [one for _, found in units.state.consents.values() for one in found]
    given = max(consent.given_on for consent in consents if consent.given_on is not None)
    assert (today.date() - given).days == (date(2026, 11, 20) - date(2026, 10, 12)).days
    (supply,) = units.state.people[PersonId("diaz")].appointments
    assert supply.span.covers(today.date())
    opened = units.state.accounts[AccountId("oakfield-facebook")].opened_on
    assert str(opened) == "2015-03"


async def test_a_file_that_is_not_whole_is_not_loaded(tmp_path: Path) -> None:
    for kind in Kind:
        (tmp_path / f"{kind}.csv").write_bytes(DEMO.joinpath(f"{kind}.csv").read_bytes())
    pupils = (tmp_path / "pupils.csv").read_text(encoding="utf-8").splitlines()
    pupils[3] = pupils[3].replace("oakfield", "oakfild")
    (tmp_path / "pupils.csv").write_text("\n".join(pupils), encoding="utf-8")
    units = fake_units()
    with pytest.raises(NotLoaded) as raised:
        await load(units, tmp_path)
    assert "pupils.csv, line 4, school: No such school. Did you mean oakfield?" in str(raised.value)
    assert units.state.pupils == {}
