"""An export: what is in it, what is kept back, and that it checks whatever is kept back."""

from __future__ import annotations

import json
import stat
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.audit import verify
from bot.audit.export import Wanted, Written, export
from moderation.kernel import Asked, Operator, SubjectRef, Timer
from moderation.oversight.events import Looked
from storage.audit.links import Link
from tests.bot.audit.desk import Desk, chained
from tests.fakes import samples as some


if TYPE_CHECKING:
    from pathlib import Path

    from moderation.kernel import SchoolId


OTHERS = "Elm Infant School's own words"


async def two_schools(desk: Desk) -> None:
    await desk.happen(2, some.OAK, text="Oak's own words")
    await desk.happen(2, some.ELM, text=OTHERS)
    asked = Asked(by=Timer(), key="look", at=desk.clock.now())
    async with desk.units.write() as unit:
        for school in (some.OAK, some.ELM):
            looked = Looked(school=school, on=desk.clock.now().date())
            ask = replace(asked, key=f"look-{school}")
            await unit.record(ask, SubjectRef("watch", school), 1, (looked,), ())
        private = Looked(school=some.OAK, on=desk.clock.now().date())
        ask = replace(asked, key="private")
        await unit.record(ask, SubjectRef("incident", "i1"), 1, (private,), ())
        await unit.commit()


async def exported(desk: Desk, wanted: Wanted, name: str = "export.zip") -> tuple[Path, Written]:
    target = desk.folder / name
    return target, await export(desk.keeper, wanted, target)


def lines(target: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(target) as packed_up:
        return [json.loads(line) for line in packed_up.read("events.jsonl").splitlines()]


def everything(target: Path) -> str:
    with zipfile.ZipFile(target) as packed_up:
        return "\n".join(packed_up.read(name).decode() for name in packed_up.namelist())


def problems(target: Path, desk: Desk) -> list[tuple[int, str]]:
    return verify.check(verify.Export(target), verify.kept(desk.dpo), [])[0].problems


async def test_it_is_whole_private_and_says_what_it_is(desk: Desk) -> None:
    await two_schools(desk)
    target, written = await exported(desk, Wanted())
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in desk.folder.glob("*.zip*")] == ["export.zip"]
    assert not list(desk.folder.glob(".*"))
    with zipfile.ZipFile(target) as packed_up:
        assert sorted(packed_up.namelist()) == [
            "README-for-governors.txt",
            "checkpoints/trust-000000013.checkpoint.txt",
            "events.jsonl",
            "public_key",
            "verify.py",
        ]
        readme = packed_up.read("README-for-governors.txt").decode()
    assert readme.startswith("THE RECORD OF SCHOOLGATE")
    assert "All lines of Hollybank Trust." in readme
    assert "{" not in readme
    assert len(readme.splitlines()) < 60, "one page"
    assert written.problems == ()
    assert problems(target, desk) == []


async def test_that_it_was_written_is_in_it(desk: Desk) -> None:
    await desk.happen()
    target, _ = await exported(desk, Wanted(school=some.TRUST))
    last = next(line for line in lines(target) if line.get("tag") == "record:exported")
    assert last["actor_kind"] == "operator"
    assert json.loads(last["payload"]) == {
        "school": "trust",
        "since": None,
        "until": None,
        "withheld": 0,
    }


@pytest.mark.parametrize(("school", "other"), [(some.OAK, some.ELM), (some.ELM, some.OAK)])
async def test_one_school_s_export_shows_nothing_of_another(
    desk: Desk, school: SchoolId, other: SchoolId
) -> None:
    """Not its words, nor who did what there, nor when."""
    await two_schools(desk)
    target, written = await exported(desk, Wanted(school=school))
    text = everything(target)
    assert ("Oak's own words" in text) == (school == some.OAK)
    assert (OTHERS in text) == (school == some.ELM)
    assert f'"{other}"' not in text
    shown = [line for line in lines(target) if "tag" in line]
    theirs = {"p3", "p4"} if school == some.OAK else {"p1", "p2"}
    assert {line["subject_id"] for line in shown}.isdisjoint(theirs | {other, "i1", "trust"})
    assert (written.shown, written.in_part, written.whole) == (5, 0, 8)
    hidden = [line for line in lines(target) if "tag" not in line]
    assert all(set(line) == {"seq", "hash", "about"} for line in hidden)
    assert problems(target, desk) == []


async def test_a_concern_about_a_child_is_in_no_export(desk: Desk) -> None:
    await two_schools(desk)
    for number, school in enumerate((None, some.OAK, some.TRUST)):
        target, _ = await exported(desk, Wanted(school=school), f"{number}.zip")
        assert "incident" not in json.dumps(lines(target))


async def test_days_outside_are_kept_back(desk: Desk) -> None:
    await desk.happen()
    first = desk.clock.now().date()
    desk.clock.pass_by(timedelta(days=1))
    await desk.happen()
    desk.clock.pass_by(timedelta(days=1))
    await desk.happen()
    day = first + timedelta(days=1)
    target, written = await exported(desk, Wanted(since=day, until=day))
    assert {line["subject_id"] for line in lines(target) if "tag" in line} == {"p2"}
    assert (written.shown, written.whole) == (2, 6)
    assert problems(target, desk) == []


async def test_a_subject_that_is_named_is_kept_back(desk: Desk) -> None:
    await desk.happen(2)
    wanted = Wanted(subjects=frozenset({SubjectRef("post", "p1")}))
    target, written = await exported(desk, wanted)
    assert written.in_part == 2
    assert all("payload" not in line for line in lines(target) if line.get("subject_id") == "p1")
    assert "The words of p1" not in everything(target)
    assert "The words of p2" in everything(target)
    assert problems(target, desk) == []


async def test_whatever_names_a_pupil_is_kept_back(desk: Desk) -> None:
    """By our key, and by a name in a text that was never allowed."""
    pupil = some.pupil(7)
    name = pupil.name
    await desk.happen()
    await desk.happen(text=f"Bravo {name.legal_forename.upper()}! Says Mr {name.legal_surname}.")
    await desk.happen(text="Nobody is named.")
    target, written = await exported(desk, Wanted(pupils=(pupil,)))
    assert written.in_part >= 2
    text = everything(target).casefold()
    assert name.legal_surname.casefold() not in text
    assert "nobody is named" in text
    said = next(line for line in lines(target) if line.get("tag") == "record:exported")
    assert json.loads(said["payload"])["withheld"] == 1
    assert problems(target, desk) == []


async def test_lines_of_the_first_form_check_too(desk: Desk) -> None:
    """As written by the version before; another school's can then only be left out whole."""
    await two_schools(desk)
    await desk.without_guards()
    early = [
        replace(line, link=replace(line.link, link_salt="") if line.link.seq <= 6 else line.link)
        for line in await desk.lines()
    ]
    await desk.put(chained(early))
    await desk.keeper.sign(Operator())
    target, _ = await exported(desk, Wanted())
    assert problems(target, desk) == []
    target, written = await exported(desk, Wanted(school=some.OAK), "oak.zip")
    opaque = [line for line in lines(target) if set(line) == {"seq", "hash"}]
    assert [line["seq"] for line in opaque] == [5, 6]
    assert written.problems == ()
    record, _ = verify.check(verify.Export(target), verify.kept(desk.dpo), [])
    assert (record.problems, record.loose) == ([], 4)


async def test_what_fails_half_way_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.happen()

    def full(_link: Link) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Link, "about", full)
    with pytest.raises(OSError, match="No space left"):
        await exported(desk, Wanted(school=some.ELM))
    assert list(desk.folder.glob("*.zip")) == []
    assert list(desk.folder.glob(".*")) == []
