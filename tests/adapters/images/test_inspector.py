"""The process around each picture: it can't block, outlive, overrun or impersonate the bot."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from adapters.images import child, wire
from adapters.images.inspector import CannotInspect, SubprocessInspector
from adapters.images.wire import Limits, Seen
from moderation.ports import Look, PictureFormat, Unusable
from tests.adapters.images import pictures


def children() -> set[int]:
    """Processes that this one started and that are still there, ended ones not yet noticed too."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


async def until_started(before: set[int]) -> None:
    async with asyncio.timeout(10):
        while not children() - before:  # noqa: ASYNC110 - nothing tells of a process but looking
            await asyncio.sleep(0)


def slow() -> bytes:
    return pictures.many_scans(6_000, 3_000)


async def test_a_large_photo_never_holds_up_the_loop() -> None:
    content = pictures.encoded(pictures.photo(7_300, 5_470), "JPEG", quality=100, subsampling=0)
    content += os.urandom(30 << 20)  # as long as a phone's photo with a film behind it
    longest, begun = 0.0, time.thread_time()

    # How long it takes is no matter here: whoever waits for the loop keeps a processor busy.
    patient = SubprocessInspector(Limits(seconds=60, look_seconds=60))
    inspecting = asyncio.create_task(patient.inspect(content))
    while not inspecting.done():
        # This thread's own processor time: a busy machine doesn't count, a decoder would.
        longest = max(longest, time.thread_time() - begun)
        begun = time.thread_time()
        await asyncio.sleep(0)

    answer = inspecting.result()
    assert not isinstance(answer, Unusable)
    assert (answer[0].width, answer[0].height) == (7_300, 5_470)
    assert longest < 0.25


async def test_a_cancelled_caller_leaves_no_process_behind() -> None:
    before = children()
    inspecting = asyncio.create_task(SubprocessInspector().inspect(slow()))
    await until_started(before)

    inspecting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await inspecting
    assert children() <= before


async def test_a_cancelled_caller_gives_its_turn_back() -> None:
    inspector = SubprocessInspector(Limits(at_once=1))
    before = children()
    first = asyncio.create_task(inspector.inspect(slow()))
    await until_started(before)
    second = asyncio.create_task(inspector.inspect(pictures.png()))

    first.cancel()

    assert isinstance(await second, tuple)


async def test_only_two_pictures_are_open_at_a_time() -> None:
    inspector, before, most = SubprocessInspector(), children(), 0
    content = pictures.png()

    waiting = [asyncio.create_task(inspector.inspect(content)) for _ in range(6)]
    while not all(task.done() for task in waiting):
        most = max(most, len(children() - before))
        await asyncio.sleep(0)

    assert most == 2
    assert all(isinstance(task.result(), tuple) for task in waiting)


async def test_time_is_limited() -> None:
    assert await SubprocessInspector(Limits(seconds=1)).inspect(slow()) is Unusable.TOO_SLOW


async def test_memory_is_limited() -> None:
    content = pictures.encoded(pictures.photo(4_000, 4_000), "PNG")

    answer = await SubprocessInspector(Limits(memory=48 << 20)).inspect(content)

    assert answer is Unusable.TOO_MANY_PIXELS


HELD = """
import resource, subprocess, sys
command = [sys.executable, "-I", "-m", "adapters.images.worker", '{"limits": {}}']
subprocess.run(command, stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A process counts what its parent held when it was started: so a small one starts it."""


def test_the_process_never_holds_more_than_half_a_gibibyte(tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(pictures.encoded(pictures.photo(5_470, 7_300, "CMYK"), "JPEG"))

    with picture.open("rb") as content:
        said = subprocess.run(
            [sys.executable, "-c", HELD], stdin=content, capture_output=True, check=True
        )

    assert int(said.stdout) * 1024 <= 512 << 20


async def test_the_process_can_be_started_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "__init__.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert isinstance(await SubprocessInspector().inspect(pictures.png()), tuple)


async def test_an_interpreter_that_does_not_start_is_no_fault_of_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(CannotInspect, match=r"did not start \(exit code 1\)"):
        await SubprocessInspector().inspect(pictures.png())


@pytest.mark.parametrize("longest", [0, -1, 4_097])
async def test_a_preview_of_no_sensible_size_is_refused(longest: int) -> None:
    with pytest.raises(ValueError, match="a preview has 1 to 4096 pixels"):
        await SubprocessInspector().smaller(pictures.png(), longest)


async def test_a_preview_of_no_picture_says_why() -> None:
    with pytest.raises(CannotInspect, match="damaged"):
        await SubprocessInspector().smaller(pictures.png()[:60], 512)


def answering(script: str, tmp_path: Path) -> str:
    """An interpreter that answers as ``script`` does, as one broken by a picture might."""
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable} -I\nimport os, sys\nout = sys.stdout.buffer\n{script}")
    program.chmod(0o700)
    return str(program)


GREETED = f"out.write({wire.GREETING!r})\n"
TEXTS = tuple((f"where {n}", "text") for n in range(101))
PNG = Seen(format=PictureFormat.PNG, width=64, height=48, clean=pictures.png())
NAMED = pictures.png_with(pictures.chunk(b"tEXt", b"Author\x00Amelia"))
LIES: dict[str, bytes] = {
    "nothing": b"",
    "half an answer": wire.pack(PNG)[:90],
    "more than an answer": wire.pack(Unusable.DAMAGED) + b"x",
    "another format": wire.pack(replace(PNG, clean=pictures.jpeg())),
    "another size": wire.pack(replace(PNG, width=65)),
    "no picture": wire.pack(replace(PNG, clean=b"GIF89a")),
    "a picture with metadata": wire.pack(replace(PNG, clean=NAMED)),
    "too many texts": wire.pack(replace(PNG, metadata=TEXTS)),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_process_that_a_picture_took_over_is_not_believed(
    lie: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"{GREETED}out.write({LIES[lie]!r})\n"
    monkeypatch.setattr(sys, "executable", answering(script, tmp_path))

    assert await SubprocessInspector().inspect(pictures.png()) is Unusable.DAMAGED


async def test_a_process_that_dies_of_a_picture_says_the_picture_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"{GREETED}out.flush(); sys.stdin.read(1); os.abort()\n"
    monkeypatch.setattr(sys, "executable", answering(script, tmp_path))

    assert await SubprocessInspector().inspect(pictures.png()) is Unusable.DAMAGED


async def test_a_process_that_never_stops_talking_is_ended() -> None:
    before = children()

    ended = await child.run(
        [sys.executable, "-I", "-c", "while True: print('more ' * 10_000)"],
        b"",
        environment={},
        seconds=30,
        most=1 << 20,
    )

    assert ended.code is not None
    assert ended.code < 0
    assert len(ended.output) < 3 << 20
    assert children() <= before


async def test_what_a_process_started_ends_with_it() -> None:
    script = (
        "import os, time\n"
        "pid = os.fork()\n"
        "if pid: print(pid, flush=True); os._exit(0)\n"
        "time.sleep(600)"
    )

    ended = await child.run(
        [sys.executable, "-I", "-c", script], b"", environment={}, seconds=2, most=100
    )

    async with asyncio.timeout(10):
        while is_alive(int(ended.output)):  # noqa: ASYNC110 - nothing tells of it but looking
            await asyncio.sleep(0)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended may still wait to be noticed."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


LIKENESSES = st.just("") | st.text("0123456789abcdef", min_size=32, max_size=32)


@given(
    st.builds(
        Seen,
        format=st.sampled_from(PictureFormat),
        width=st.integers(1, 1 << 20),
        height=st.integers(1, 1 << 20),
        metadata=st.lists(st.tuples(st.text(), st.text()), max_size=3).map(tuple),
        has_position=st.booleans(),
        look=st.builds(Look, likeness=LIKENESSES, mirrored=LIKENESSES),
        clean=st.binary(min_size=1),
    )
    | st.sampled_from(Unusable)
)
def test_an_answer_survives_the_wire(answer: Seen | Unusable) -> None:
    assert wire.unpack(wire.pack(answer)) == answer


@given(st.binary(max_size=200))
def test_rubbish_on_the_wire_is_a_value_error(rubbish: bytes) -> None:
    for raw in (rubbish, wire.pack(Unusable.ANIMATED)[:8] + rubbish):
        with pytest.raises(ValueError, match=r".*"):
            wire.unpack(raw)
