"""What it costs to check an export of the record with Python alone: seconds for 100,000 lines.

    python -m benchmarks.bench_audit [--lines 100000]

Writes an export as a busy trust would have it (a checkpoint for every 500 lines, every payload
shown), and runs ``verify.py`` over it as a governor would, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bot.audit import verify
from storage.audit.links import Link, commitment, new_link_salt, new_salt, written
from storage.audit.notes import Note, Signer
from storage.audit.places import file_name


LINES = 100_000
EACH = 500
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
WORDS = "Year 4 planted beans this morning, and will measure them every Friday until May."


def record(count: int, signer: Signer) -> tuple[list[str], list[Note]]:
    """Lines as an export holds them, and their checkpoints."""
    lines, notes, previous = [], [], ""
    for seq in range(1, count + 1):
        at, salt = START + timedelta(minutes=seq), new_salt()
        payload = json.dumps({"post": f"01POST{seq:020}", "text": WORDS, "version": 1}).encode()
        link = Link(
            seq=seq,
            prev_hash=previous,
            at=at,
            actor_kind="slack",
            actor_id="U024BE7LH",
            person_id="okafor",
            tag="post:proposed",
            subject_kind="post",
            subject_id=f"01POST{seq:020}",
            version=1,
            commitment=commitment(salt, payload),
            link_salt=new_link_salt(),
        )
        previous = link.hash()
        fields = {name: getattr(link, name) for name in Link.__slots__ if name != "prev_hash"}
        told = {
            "at": written(at),
            "hash": previous,
            "salt": salt.hex(),
            "payload": payload.decode(),
        }
        lines.append(json.dumps(fields | told, separators=(",", ":"), default=str))
        if seq % EACH == 0 or seq == count:
            notes.append(signer.sign(seq, previous, at))
    return lines, notes


def seconds(where: Path, kept: Path) -> tuple[float, float]:
    """By the clock and by the processor (a busy machine tells on the first); best of three."""
    command = [sys.executable, "-I", "-S", verify.__file__, str(where), "--checkpoints", str(kept)]
    clock = processor = float("inf")
    for _ in range(3):
        start, used = perf_counter(), _used()
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own program
        clock = min(clock, perf_counter() - start)
        processor = min(processor, _used() - used)
        if answer.returncode:
            raise SystemExit(answer.stdout + answer.stderr)
    return clock, processor


def _used() -> float:
    """Processor seconds of every program that was run and has ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def written_to(folder: Path, count: int) -> tuple[Path, Path]:
    """An export of so many lines, and the first checkpoint as its reader kept it."""
    signer = Signer("hazelmere", (bytes(range(32)),))
    lines, notes = record(count, signer)
    target = folder / "export.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed_up:
        packed_up.writestr("events.jsonl", "".join(f"{line}\n" for line in lines))
        packed_up.writestr("public_key", f"{signer.key}\n")
        for note in notes:
            packed_up.writestr(f"checkpoints/{file_name(note)}", str(note))
    kept = folder / file_name(notes[0])
    kept.write_text(str(notes[0]), encoding="utf-8")
    return target, kept


def measured(count: int, folder: Path) -> tuple[float, float]:
    """Seconds by the clock and of the processor to check the ZIP. Raises where it isn't whole."""
    return seconds(*written_to(folder, count))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    count = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder:
        target, kept = written_to(Path(folder), count)
        unpacked = Path(folder) / "unpacked"
        with zipfile.ZipFile(target) as packed_up:
            packed_up.extractall(unpacked)
        size = (unpacked / "events.jsonl").stat().st_size / 1e6
        print(f"{count:,} lines, {size:.0f} MB, a checkpoint for every {EACH}")
        for name, where in (("a ZIP", target), ("a folder", unpacked)):
            clock, processor = seconds(where, kept)
            print(f"  as {name}: {clock:.2f} s, of which {processor:.2f} s of the processor")


if __name__ == "__main__":
    main()
