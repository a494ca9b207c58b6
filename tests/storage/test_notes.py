"""Checkpoints: their form to the last byte, what is read out of a text, and which of them count."""

from __future__ import annotations

import base64
import os
import stat
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import SchoolId
from storage.audit import places
from storage.audit.notes import PublicKey, Signer, origin_of, read_notes, weighed
from storage.audit.places import LARGEST, file_name, give, read, try_out
from storage.audit.whose import Whose


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


AT = datetime(2026, 11, 21, 3, 30, 5, 999, tzinfo=UTC)
HASH = "5f" * 32
OLD, NEW, OTHER = (Signer("hazelmere", [bytes([at]) * 32]) for at in (1, 2, 3))
BOTH = Signer("hazelmere", [bytes([2]) * 32, bytes([1]) * 32])
ELSEWHERE = Signer("elmdene", [bytes([1]) * 32])
NOTE = OLD.sign(1234, HASH, AT)
WRITTEN = ["schoolgate/hazelmere", "1234", HASH, "2026-11-21T03:30:05Z"]


# -- one note -------------------------------------------------------------------------------------


def test_a_note_is_signed_by_every_key_to_the_second() -> None:
    assert NOTE.at == AT.replace(microsecond=0)
    assert (NOTE.origin, NOTE.seq, NOTE.hash) == ("schoolgate/hazelmere", 1234, HASH)
    assert NOTE.keys == OLD.keys == (OLD.key,)
    assert len(NOTE.signatures) == 1
    assert NOTE.holds()
    both = BOTH.sign(1234, HASH, AT)
    assert both.keys == (NEW.key, OLD.key)
    assert BOTH.key == NEW.key
    assert both.holds()
    assert origin_of("hazelmere") == BOTH.origin == "schoolgate/hazelmere"


def test_a_moment_is_written_in_utc_wherever_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    summer = OLD.sign(1234, HASH, AT.astimezone(timezone(timedelta(hours=1))))
    with monkeypatch.context() as server:
        server.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        text = summer.text
    time.tzset()
    assert text == NOTE.text
    assert b"\n2026-11-21T03:30:05Z\n" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 1235},
        {"hash": "60" * 32},
        {"at": AT + timedelta(seconds=1)},
        {"keys": ()},
        {"signatures": ()},
        {"keys": (), "signatures": ()},
        {"keys": (OTHER.key,)},
        {"keys": ELSEWHERE.keys, "signatures": ELSEWHERE.sign(1234, HASH, AT).signatures},
        {"signatures": (b"\0" * 64,)},
        {"signatures": (b"short",)},
    ],
)
def test_a_note_that_was_changed_does_not_hold(changes: dict[str, object]) -> None:
    assert not replace(NOTE, **changes).holds()  # type: ignore[arg-type]


def test_every_key_that_is_named_must_have_signed() -> None:
    both = BOTH.sign(1234, HASH, AT)
    assert not replace(both, signatures=(both.signatures[0], b"\0" * 64)).holds()
    assert not replace(both, signatures=both.signatures[:1]).holds()


# -- one key --------------------------------------------------------------------------------------


def test_a_key_is_read_as_it_is_written_and_in_no_other_form() -> None:
    said = str(OLD.key)
    name, key_id, body = said.split("+", 2)
    assert (name, key_id) == ("schoolgate/hazelmere", OLD.key.id)
    assert base64.b64decode(body) == b"\x01" + OLD.key.raw
    assert PublicKey.parse(f" {said}\n") == OLD.key
    another = base64.b64encode(b"\x02" + OLD.key.raw).decode()
    short = PublicKey(name, OLD.key.raw[:31])
    for wrong in (
        f"{name}+{key_id}+{another}",
        f"{name}+{OTHER.key.id}+{body}",
        f"schoolgate/elmdene+{key_id}+{body}",
        str(short),
        f"{name}+{key_id}",
        f"{name}+{key_id}+{body} ",
        "",
    ):
        if wrong.strip() == said:
            continue
        with pytest.raises(ValueError, match=r"not a public key|base64|padding|characters"):
            PublicKey.parse(wrong)
    with pytest.raises(ValueError, match=r"^not a public key of a record$"):
        PublicKey.parse(str(short))


@pytest.mark.parametrize("more", ["=", "==", "A", "\n\nAAAA"])
def test_a_key_with_more_than_its_bytes_is_none(more: str) -> None:
    with pytest.raises(ValueError, match=r"not a public key|base64|padding|data"):
        PublicKey.parse(str(OLD.key) + more)


def test_a_key_with_a_plus_in_it_is_read_too() -> None:
    keys = (Signer("hazelmere", [bytes([at]) * 32]).key for at in range(256))
    with_plus = [key for key in keys if str(key).count("+") > 2]
    assert with_plus
    assert [PublicKey.parse(str(key)) for key in with_plus] == with_plus


def test_a_note_without_a_signature_for_each_key_is_never_written() -> None:
    for signatures in ((), (*NOTE.signatures, b"one too many")):
        with pytest.raises(ValueError, match="zip"):
            str(replace(NOTE, signatures=signatures))


def test_a_signer_shows_the_ids_of_its_keys() -> None:
    assert repr(BOTH) == f"Signer({NEW.key.id}, {OLD.key.id})"


# -- a text ---------------------------------------------------------------------------------------


def test_what_is_written_is_read_and_its_first_lines_are_these() -> None:
    text = str(NOTE)
    lines = text.splitlines()
    assert lines[:4] == WRITTEN
    assert lines[4] == str(OLD.key)
    assert lines[5] == ""
    assert lines[6].startswith("— schoolgate/hazelmere ")
    assert len(lines) == 7
    assert read_notes(text) == ((NOTE,), 0)


def test_several_are_read_out_of_what_a_chat_made_of_them() -> None:
    second = BOTH.sign(2000, HASH, AT)
    pasted = "\ufeff" + f"Good morning,\r\n\r\n{NOTE}\nand then\n{second}\nYours\n".replace(
        "\n", " \r\n"
    )
    assert read_notes(pasted) == ((NOTE, second), 3)
    assert read_notes("\ufeff" + str(NOTE)) == ((NOTE,), 0)
    assert read_notes("") == ((), 0)
    assert read_notes("X") == ((), 1)
    assert read_notes("no note\n\nat all") == ((), 2)


def test_a_note_that_cannot_be_read_is_lines_that_belong_to_none() -> None:
    wrong_day = str(NOTE).replace("2026-11-21", "2026-02-30")
    assert read_notes(wrong_day) == ((), 6)
    by_another = str(NOTE).replace(str(OLD.key), str(OTHER.key))
    assert read_notes(by_another) == ((), 6)
    assert read_notes(f"{wrong_day}\n{NOTE}") == ((NOTE,), 6)


# -- which of them count --------------------------------------------------------------------------


def test_only_a_note_of_this_record_by_a_known_key_counts() -> None:
    altered = replace(NOTE, seq=7)
    theirs = ELSEWHERE.sign(8, HASH, AT)
    strange = OTHER.sign(9, HASH, AT)
    found = weighed((altered, theirs, strange, NOTE), OLD.origin, OLD.keys)
    assert found.sound == (NOTE,)
    assert found.problems == (
        "7: its checkpoint isn't signed by the key that it names",
        "8: a checkpoint of another record, schoolgate/elmdene",
        f"9: its checkpoint is signed by another key ({OTHER.key.id})",
    )


def test_trust_goes_from_key_to_key_in_any_order() -> None:
    third = Signer("hazelmere", [bytes([3]) * 32, bytes([2]) * 32]).sign(3, HASH, AT)
    second, newest = BOTH.sign(2, HASH, AT), OTHER.sign(4, HASH, AT)
    chain = (third, second, newest)
    assert weighed(chain, OLD.origin, OLD.keys).sound == chain
    assert weighed((second, newest), OLD.origin, OLD.keys).sound == (second,)
    assert weighed(chain, OLD.origin, ()).sound == ()
    alone = (NOTE, OTHER.sign(9, HASH, AT))
    assert weighed(alone, OLD.origin, OTHER.keys).sound == alone[1:]


# -- folders --------------------------------------------------------------------------------------


def test_a_file_tells_the_trust_and_the_length() -> None:
    assert file_name(NOTE) == "hazelmere-000001234.checkpoint.txt"


def test_what_a_folder_lacks_is_given_once_and_can_be_read_by_others(tmp_path: Path) -> None:
    notes = [OLD.sign(seq, HASH, AT) for seq in (20, 3)]
    folder = tmp_path / "two" / "deep"
    assert give(folder, notes, make=True) == 2
    assert give(folder, [*notes, NOTE], make=True) == 1
    assert give(folder, notes, make=False) == 0
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [file_name(one) for one in (notes[1], notes[0], NOTE)]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o644}
    assert files[2].read_text(encoding="utf-8") == str(NOTE)
    assert read(folder) == places.Held((notes[1], notes[0], NOTE))


def test_what_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / file_name(NOTE)
    mine.write_text("somebody's own", encoding="utf-8")
    assert give(tmp_path, [NOTE], make=False) == 0
    assert mine.read_text(encoding="utf-8") == "somebody's own"


def test_a_folder_of_somebody_else_s_is_not_made(tmp_path: Path) -> None:
    for missing in (
        lambda: give(tmp_path / "none", [NOTE], make=False),
        lambda: try_out(tmp_path / "none", make=False),
    ):
        with pytest.raises(FileNotFoundError):
            missing()
    assert list(tmp_path.iterdir()) == []


def test_trying_a_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "two" / "deep"
    for _ in range(2):
        try_out(folder, make=True)
    assert list(folder.iterdir()) == []


def test_only_checkpoints_are_read_in_a_folder_and_any_file_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Good morning", encoding="utf-8")
    (tmp_path / "a.checkpoint.txt").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "b.checkpoint.txt").write_text(f"Hello\n{NOTE}", encoding="utf-8")
    (tmp_path / "c.checkpoint.txt").write_bytes(b"")
    (tmp_path / "d.checkpoint.txt").write_bytes(b"\xff" + str(NOTE).encode())
    assert read(tmp_path) == places.Held(
        (NOTE,),
        (
            "a.checkpoint.txt: 2 lines of it are no checkpoint",
            "b.checkpoint.txt: 1 lines of it are no checkpoint",
            "c.checkpoint.txt: no lines of it are no checkpoint",
            "d.checkpoint.txt: 6 lines of it are no checkpoint",
        ),
    )
    alone = tmp_path / "letter.txt"
    alone.write_text(f"{NOTE}\n{NOTE}", encoding="utf-8")
    assert read(alone) == places.Held((NOTE, NOTE))


def test_of_a_giant_file_the_beginning_is_read(tmp_path: Path) -> None:
    giant = tmp_path / "giant.txt"
    giant.write_text(f"{NOTE}\n" + " " * LARGEST + f"\n{NOTE}", encoding="utf-8")
    assert read(giant) == places.Held((NOTE,))


def test_nothing_of_a_note_stays_where_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        give(tmp_path, [NOTE], make=False)
    assert list(tmp_path.iterdir()) == []


def test_a_share_that_cannot_flush_a_folder_still_takes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def of_files_alone(number: int) -> None:
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError(22, "Invalid argument")
        flush(number)

    monkeypatch.setattr(os, "fsync", of_files_alone)
    assert give(tmp_path, [NOTE], make=False) == 1
    assert read(tmp_path).notes == (NOTE,)


# -- whose ----------------------------------------------------------------------------------------


def kinds() -> Iterator[tuple[str, str, str | None]]:
    yield from (("post", "p1", "oak"), ("post", "p2", None))
    yield from (("name", "n1", "elm"), ("name", "p1", None))
    yield from ((kind, "elm", "elm") for kind in ("watch", "hold", "deliveries", "photos"))
    yield from ((kind, "any", "trust") for kind in ("import", "keys", "outbox", "record"))
    yield ("something new", "p1", None)


@pytest.mark.parametrize(("kind", "subject", "school"), [*kinds()])
def test_a_line_belongs_to_a_school_or_the_trust_or_nobody_knows(
    kind: str, subject: str, school: str | None
) -> None:
    whose = Whose(SchoolId("trust"), {"p1": "oak"}, {"n1": "elm"})
    assert whose.school(kind, subject) == school
