"""The keeper: when it signs, who gets a copy, and what it says where one can't be given."""

from __future__ import annotations

import asyncio
import shutil
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.audit import keeper as keeping
from bot.audit.keeper import LINES, Keeper, Place
from moderation.kernel import Audience, Operator, Tell
from moderation.record.effects import Message
from storage.audit import places
from tests.bot.audit.desk import NEXT, OURS, THEIRS


if TYPE_CHECKING:
    from pathlib import Path

    from storage.audit.chain import AuditLine
    from tests.bot.audit.desk import Desk


async def signed(desk: Desk) -> list[int]:
    async with desk.units.read() as unit:
        return [note.seq for note in await unit.checkpoints.all()]


async def told(desk: Desk) -> list[str]:
    async with desk.units.write() as unit:
        rows = await unit.effects.claim(desk.clock.now(), 50, "test", timedelta(days=9))
        await unit.commit()
    tells = [row.effect for row in rows if isinstance(row.effect, Tell)]
    assert {tell.audience for tell in tells} <= {Audience.WITNESSES}
    return [f"{tell.message} {tell.subject.id}" for tell in tells]


async def test_an_empty_record_is_not_signed_by_itself(desk: Desk) -> None:
    await desk.keeper.when_due()
    assert await signed(desk) == []
    await desk.happen()
    await desk.keeper.when_due()
    assert await signed(desk) == [3], "the first line there is makes a beginning"


async def test_it_signs_each_night_what_is_new(desk: Desk) -> None:
    await desk.happen()
    await desk.keeper.night()
    await desk.keeper.night()
    assert await signed(desk) == [3], "nothing happened between"
    await desk.happen()
    desk.clock.pass_by(timedelta(hours=24))
    await desk.keeper.when_due()
    assert await signed(desk) == [3], "that is for the night"
    await desk.keeper.night()
    assert await signed(desk) == [3, 5]
    assert desk.woken == 3
    assert await told(desk) == ["record.checkpoint 3", "record.checkpoint 5"]


async def test_a_missed_night_is_made_up_for(desk: Desk) -> None:
    await desk.happen()
    await desk.keeper.night()
    desk.clock.pass_by(timedelta(hours=26))
    await desk.keeper.when_due()
    assert await signed(desk) == [3], "nothing is new"
    await desk.happen()
    await desk.keeper.when_due()
    assert await signed(desk) == [3, 5]


async def test_many_lines_are_signed_without_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LINES == 500
    monkeypatch.setattr(keeping, "LINES", 6)
    await desk.happen()
    await desk.keeper.when_due()
    await desk.happen(2)
    await desk.keeper.when_due()
    assert await signed(desk) == [3]
    await desk.happen()
    await desk.keeper.when_due()
    assert await signed(desk) == [3, 9]


@pytest.mark.postgres
async def test_two_processes_sign_the_same_lines_once(desk: Desk) -> None:
    await desk.happen()
    other = desk.another(OURS)
    await asyncio.gather(*(one.night() for one in (desk.keeper, other, desk.keeper, other)))
    assert await signed(desk) == [3]
    assert len(places.read(desk.dpo).notes) == 1


async def test_every_place_has_every_copy_and_they_can_be_read_by_others(desk: Desk) -> None:
    await desk.happen()
    await desk.keeper.night()
    for folder in (desk.own, desk.dpo):
        [path] = folder.iterdir()
        assert path.name == "trust-000000003.checkpoint.txt"
        assert stat.S_IMODE(path.stat().st_mode) & stat.S_IROTH
    shutil.rmtree(desk.own)
    await desk.keeper.hand_out()
    assert places.read(desk.own) == places.read(desk.dpo)


async def test_a_place_that_cannot_be_written_is_said_each_time_and_harms_no_other(
    desk: Desk,
) -> None:
    desk.dpo.rmdir()
    await desk.happen()
    for _ in range(2):
        with capture_logs() as said:
            await desk.keeper.night()
            await desk.keeper.hand_out()
        failed = [line for line in said if line["event"] == "audit.place_failed"]
        assert {(line["subject"], line["log_level"]) for line in failed} == {("place:1", "error")}
        [sentence] = desk.keeper.amiss()
        assert str(desk.dpo) in sentence
        assert "(the officer): No such file or directory" in sentence
    assert len(places.read(desk.own).notes) == 1
    assert not desk.dpo.exists(), "its share isn't mounted, so nothing is written in its place"
    assert await desk.keeper.try_places() == desk.keeper.amiss()
    desk.dpo.mkdir()
    await desk.keeper.hand_out()
    assert desk.keeper.amiss() == ()
    assert len(places.read(desk.dpo).notes) == 1
    assert await desk.keeper.try_places() == ()
    assert len(list(desk.dpo.iterdir())) == 1


async def test_a_share_that_hangs_holds_nothing_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for once, and asked again when it has answered."""
    answered = asyncio.Event()
    loop = asyncio.get_running_loop()

    def give(folder: Path, notes: object, *, make: bool) -> int:
        del notes, make
        if folder == desk.dpo:
            asyncio.run_coroutine_threadsafe(answered.wait(), loop).result()
        return 0

    monkeypatch.setattr(keeping, "SLOWEST", 0.01)
    monkeypatch.setattr(places, "give", give)
    await desk.happen()
    await desk.keeper.night()
    [sentence] = desk.keeper.amiss()
    assert "it doesn't answer" in sentence
    hanging = dict(desk.keeper._hanging)  # noqa: SLF001 -- one thread, however often it is asked
    await desk.keeper.hand_out()
    assert desk.keeper._hanging == hanging  # noqa: SLF001
    answered.set()
    await asyncio.gather(*hanging.values())
    monkeypatch.setattr(keeping, "SLOWEST", 20)
    await desk.keeper.hand_out()
    assert desk.keeper.amiss() == ()


async def keys_of(desk: Desk) -> list[AuditLine]:
    found = []
    async with desk.units.read() as unit:
        async for line in unit.audit.lines():
            if line.link.tag == "record:key_changed":
                last = await unit.audit.newest(line.link.tag)
                assert last is not None
                found.append(last)
    return found


async def test_the_key_and_its_successor_are_in_the_record(desk: Desk) -> None:
    await desk.happen()
    await desk.keeper.night()
    both = desk.another(THEIRS, OURS)
    await both.when_due()
    assert await signed(desk) == [3, 4], "another key is signed for at once"
    [_, change] = await keys_of(desk)
    assert change.payload is not None
    assert desk.keeper.signer is not None
    assert both.signer is not None
    assert change.payload["before"] == str(desk.keeper.signer.key)
    assert change.payload["public"] == str(both.signer.key)
    assert change.payload["vouched"] is True
    await desk.happen()
    after = desk.another(THEIRS)
    await after.night()
    looked = await after.look()
    assert (looked.whole, looked.warnings, len(looked.notes)) == (True, (), 3)
    assert len(await keys_of(desk)) == 2


async def test_a_key_that_nobody_vouches_for_is_said_and_does_not_stop_the_signing(
    desk: Desk,
) -> None:
    """As after a lost key: older checkpoints no longer speak for the new one."""
    await desk.happen()
    await desk.keeper.night()
    lost = desk.another(NEXT)
    await lost.night()
    assert await signed(desk) == [3, 4]
    looked = await lost.look()
    assert looked.whole
    [warning] = looked.warnings
    assert warning.startswith("3: its checkpoint is signed by another key")
    [_, change] = await keys_of(desk)
    assert change.payload is not None
    assert change.payload["vouched"] is False


async def test_no_secret_is_in_the_database(desk: Desk) -> None:
    await desk.happen()
    await desk.keeper.night()
    async with desk.units.read() as unit:
        [note] = await unit.checkpoints.all()
        payloads = [line.payload async for line in unit.audit.lines()]
    assert OURS.hex() not in str(note)
    assert not any(OURS.hex().encode() in (payload or b"") for payload in payloads)


async def test_those_who_keep_copies_hear_of_a_broken_record_once_a_day(desk: Desk) -> None:
    await desk.happen(2)
    await desk.keeper.night()
    await told(desk)
    await desk.without_guards()
    await desk.put((await desk.lines())[:3])
    for _ in range(3):
        with capture_logs() as said:
            await desk.keeper.night()
        assert [line["event"] for line in said] == ["audit.broken"]
    day = desk.clock.now().date()
    desk.clock.pass_by(timedelta(days=1))
    await desk.keeper.night()
    assert await told(desk) == [
        f"{Message.BROKEN} broken:{day}",
        f"{Message.BROKEN} broken:{day + timedelta(days=1)}",
    ]


async def test_a_copy_that_was_changed_is_a_warning(desk: Desk) -> None:
    await desk.happen()
    await desk.keeper.night()
    [path] = desk.dpo.iterdir()
    path.write_text(path.read_text().replace("\n3\n", "\n2\n"))
    looked = await desk.keeper.look()
    assert looked.whole
    assert looked.warnings == ("2: its checkpoint isn't signed by the key that it names",)
    path.write_text("something else")
    [warning] = (await desk.keeper.look()).warnings
    assert "lines of it are no checkpoint" in warning


async def test_without_a_signing_key_the_record_is_still_walked(desk: Desk) -> None:
    await desk.happen()
    bare = desk.another()
    await bare.when_due()
    await bare.hand_out()
    await bare.night()
    assert (bare.concerns(), await signed(desk)) == ((), [])
    await desk.without_guards()
    await desk.put((await desk.lines())[1:])
    await bare.night()
    assert bare.concerns() == ("record",)


async def test_a_folder_of_ours_is_made_and_another_s_is_not(desk: Desk, tmp_path: Path) -> None:
    places_of = (Place(tmp_path / "a", "us", ours=True), Place(tmp_path / "b", "them"))
    keeper = Keeper(
        units=desk.units,
        schools=desk.keeper.schools,
        clock=desk.clock,
        signer=desk.keeper.signer,
        places=places_of,
        wrote=desk.keeper.wrote,
    )
    await desk.happen()
    note = await keeper.sign(Operator())
    assert places.read(tmp_path / "a").notes == (note,)
    assert not (tmp_path / "b").exists()
    [sentence] = keeper.amiss()
    assert "(them)" in sentence
