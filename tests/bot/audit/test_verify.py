"""The verifier that goes with an export: its signatures, its checkpoints, its refusals."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, strategies as st

from bot.audit import verify
from storage.audit import notes
from storage.audit.notes import Note, PublicKey, Signer, read_notes, weighed
from tests.bot.audit.desk import NEXT, OURS, THEIRS


if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
HASH = "ab" * 32

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
"""Section 7.1, tests 1 to 3: key, message, signature."""


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_signatures_of_the_standard_hold(key: str, message: str, signature: str) -> None:
    raw, text, made = (bytes.fromhex(part) for part in (key, message, signature))
    assert verify.signed(raw, made, text)
    assert not verify.signed(raw, made, text + b"x")
    assert not verify.signed(raw, made[:63] + bytes([made[63] ^ 1]), text)


def test_a_signature_has_one_form() -> None:
    """RFC 8032, 5.1.7: S below the order, or anybody could make a second signature of a first."""
    key, message, signature = (bytes.fromhex(part) for part in RFC_8032[1])
    higher = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.signed(key, signature[:32] + higher.to_bytes(32, "little"), message)


def test_what_is_no_point_signs_nothing() -> None:
    signature = bytes.fromhex(RFC_8032[0][2])
    for key in (b"", bytes(31), b"\xff" * 32, (verify.P + 1).to_bytes(32, "little")):
        assert not verify.signed(key, signature, b"")
    assert verify.decoded((1 | 1 << 255).to_bytes(32, "little")) is None, "x is 0 and negative"


@given(secret=st.binary(min_size=32, max_size=32), text=st.binary(max_size=200), at=st.integers(0))
def test_it_says_what_the_library_says(secret: bytes, text: bytes, at: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    raw, made = key.public_key().public_bytes_raw(), bytearray(key.sign(text))
    assert verify.signed(raw, bytes(made), text)
    made[at % 64] ^= 1 << at % 8
    assert not verify.signed(raw, bytes(made), text)
    assert not PublicKey("schoolgate/oak", raw).signed(text, bytes(made))


# -- checkpoints: two readers of one form --------------------------------------------------------


def a_note(*keys: bytes, seq: int = 1234, last: str = HASH) -> Note:
    return Signer("hazelmere", keys or (OURS,)).sign(seq, last, AT)


@pytest.mark.parametrize("keys", [(OURS,), (THEIRS, OURS)])
def test_both_readers_read_what_was_written(keys: tuple[bytes, ...]) -> None:
    note = a_note(*keys)
    [ours], rest = read_notes(str(note))
    [theirs], more = verify.notes_in(str(note), mine=True)
    assert (ours, rest, more) == (note, 0, False)
    assert (theirs.seq, theirs.hash, theirs.text) == (note.seq, note.hash, note.text)
    assert ours.holds()
    assert theirs.holds()


def test_the_two_readers_have_one_form() -> None:
    assert verify.NOTE.pattern == notes.NOTE.pattern
    assert verify.NOTE.flags == notes.NOTE.flags


def test_several_can_be_pasted_one_after_the_other_from_a_chat() -> None:
    text = "\ufeff" + "\r\n\r\n".join(str(a_note(seq=seq)).replace("\n", " \r\n") for seq in (1, 2))
    found, rest = read_notes(text)
    assert ([note.seq for note in found], rest) == ([1, 2], 0)
    assert all(note.holds() for note in found)
    theirs, more = verify.notes_in(text, mine=True)
    assert ([note.seq for note in theirs], more) == ([1, 2], False)
    assert all(note.holds() for note in theirs)


@given(st.data())
def test_a_checkpoint_with_anything_changed_counts_for_neither(data: st.DataObject) -> None:
    text = str(a_note())
    at = data.draw(st.integers(0, len(text) - 2))
    new = data.draw(st.sampled_from("0123456789abcdefABZ+/=-.\n —x"))
    changed = text[:at] + new + text[at + 1 :]
    found, rest = read_notes(changed)
    theirs, more = verify.notes_in(changed, mine=True)
    original = a_note()
    assert all(note == original for note in found if note.holds())
    assert all(note.text == original.text for note in theirs if note.holds())
    assert found or rest, "what was changed is not passed over in silence"
    assert theirs or more


def test_one_key_vouches_for_the_next_by_signing_with_it() -> None:
    first, both, second = a_note(OURS, seq=1), a_note(THEIRS, OURS, seq=2), a_note(THEIRS, seq=3)
    stranger = a_note(NEXT, seq=4)
    origin = "schoolgate/hazelmere"
    known = Signer("hazelmere", (OURS,)).keys
    found = weighed((first, both, second, stranger), origin, known)
    assert found.sound == (first, both, second)
    [problem] = found.problems
    assert problem.startswith("4: its checkpoint is signed by another key")
    without = weighed((first, second), origin, known)
    assert without.sound == (first,)
    elsewhere = weighed((Signer("beech", (OURS,)).sign(5, HASH, AT),), origin, known)
    assert elsewhere.problems == ("5: a checkpoint of another record, schoolgate/beech",)


def test_a_signer_shows_no_secret() -> None:
    signer = Signer("hazelmere", (OURS, THEIRS))
    assert OURS.hex() not in repr(signer)
    assert repr(signer) == f"Signer({signer.keys[0].id}, {signer.keys[1].id})"


# -- the command ---------------------------------------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", verify.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lines(count: int) -> Iterator[str]:
    """Lines of which nothing is shown but that they follow each other."""
    last = ""
    for seq in range(1, count + 1):
        about = f"{seq:064x}"
        last = hashlib.sha256(verify.DOMAIN_2 + verify.packed(str(seq), last, about)).hexdigest()
        yield json.dumps({"seq": seq, "about": about, "hash": last})


def written(folder: Path, made: list[str], note: Note | None) -> Path:
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "events.jsonl").write_text("".join(f"{line}\n" for line in made))
    (folder / "public_key").write_text(f"{Signer('hazelmere', (OURS,)).key}\n")
    if note is not None:
        (folder / "checkpoints" / "a.checkpoint.txt").write_text(str(note))
    return folder


def test_it_reads_a_folder_and_says_what_it_could_not_prove(tmp_path: Path) -> None:
    made = list(lines(3))
    folder = written(tmp_path / "export", made, a_note(seq=3, last=json.loads(made[2])["hash"]))
    answer = run(folder)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "3 lines: 0 shown, 0 without what happened, 3 kept back whole." in answer.stdout
    assert "You gave no checkpoint of your own" in answer.stdout


def test_lines_that_no_checkpoint_covers_are_a_problem(tmp_path: Path) -> None:
    made = list(lines(3))
    folder = written(tmp_path / "export", made, a_note(seq=2, last=json.loads(made[1])["hash"]))
    answer = run(folder)
    assert answer.returncode == 1
    assert "line 3: from here to the end no checkpoint covers the lines" in answer.stdout
    assert run(written(tmp_path / "none", made, None)).returncode == 1


def test_early_lines_before_one_kept_back_are_said_to_be_unproved(tmp_path: Path) -> None:
    made = list(lines(3))
    opaque = [made[0], json.dumps({"seq": 2, "hash": json.loads(made[1])["hash"]}), made[2]]
    note = a_note(seq=3, last=json.loads(made[2])["hash"])
    answer = run(written(tmp_path / "export", opaque, note))
    assert answer.returncode == 0
    assert "Not proved: 1 lines before an early line" in answer.stdout
    assert "The other lines are complete" in answer.stdout


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no JSON",
        "[]",
        "7",
        '{"seq": 2}',
        '{"seq": 2, "hash": 5}',
        '{"seq": 2, "hash": "", "about": 5}',
        '{"seq": 2, "hash": "", "commitment": ""}',
        '{"seq": 3, "hash": "", "about": ""}',
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_and_no_crash(tmp_path: Path, line: str) -> None:
    made = list(lines(3))
    note = a_note(seq=3, last=json.loads(made[2])["hash"])
    record = verify.Record()
    found, _ = verify.notes_in(str(note), mine=True)
    record.follow([made[0].encode(), line.encode(), made[2].encode()], found)
    assert any(number in (2, 3) for number, _ in record.problems)
    assert tmp_path.exists()


def test_what_is_no_export_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "not.zip").write_text("no ZIP")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    for where in ("missing", "not.zip", "empty.zip", "."):
        answer = run(tmp_path / where)
        assert answer.returncode == 2
        (said,) = answer.stderr.splitlines()
        missing = said.startswith("There is no ") and said.endswith(
            ": is this an export of the record?"
        )
        assert missing or said.startswith(f"The export {tmp_path / where} can't be read: ")


def test_a_text_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    made = list(lines(1))
    folder = written(tmp_path / "export", made, a_note(seq=1, last=json.loads(made[0])["hash"]))
    own = tmp_path / "mine.txt"
    own.write_text(str(a_note()) + "and a remark\n")
    answer = run(folder, "--checkpoints", own)
    assert answer.returncode == 2
    assert "isn't a checkpoint" in answer.stderr
    (tmp_path / "bare").mkdir()
    assert run(folder, "--checkpoints", tmp_path / "bare").returncode == 2


def test_a_key_that_the_reader_knows_is_trusted_and_no_other(tmp_path: Path) -> None:
    made = list(lines(1))
    last = json.loads(made[0])["hash"]
    folder = written(tmp_path / "export", made, a_note(THEIRS, seq=1, last=last))
    assert run(folder).returncode == 1, "the export's own public key is another"
    theirs = str(Signer("hazelmere", (THEIRS,)).key)
    assert run(folder, "--key", theirs).returncode == 0


def test_the_program_needs_nothing_but_python() -> None:
    text = Path(verify.__file__).read_text(encoding="utf-8")
    imported = {
        line.split()[1].partition(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from ")) and "__future__" not in line
    }
    assert imported <= sys.stdlib_module_names
