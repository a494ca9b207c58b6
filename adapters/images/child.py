"""One child process: bytes in, bounded bytes out, and no way to outlive its caller."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_STDIN, _STDOUT = 0, 1
_SECONDS_TO_REAP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How it went. ``code`` is negative for a signal, ``None`` when the time was up."""

    code: int | None
    output: bytes


async def run(
    argv: Sequence[str],
    content: bytes,
    *,
    environment: Mapping[str, str],
    seconds: float,
    most: int,
) -> Ended:
    """Start ``argv``, write ``content`` to it, and collect what it writes.

    It gets a process group of its own, which is killed when ``seconds`` are over, when it writes
    more than ``most`` bytes, and when the caller is cancelled.
    """
    loop = asyncio.get_running_loop()
    transport, child = await loop.subprocess_exec(
        lambda: _Child(most),
        *argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=dict(environment),
        start_new_session=True,
    )
    try:
        stdin = cast("asyncio.WriteTransport", transport.get_pipe_transport(_STDIN))
        stdin.write(content)
        stdin.close()
        async with asyncio.timeout(seconds):
            await child.over.wait()
    except TimeoutError:
        return Ended(code=None, output=bytes(child.output))
    finally:
        await _end(transport, child)
    return Ended(code=transport.get_returncode(), output=bytes(child.output))


async def _end(transport: asyncio.SubprocessTransport, child: _Child) -> None:
    # The whole group: a child that ended may have left others behind.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(transport.get_pid(), signal.SIGKILL)
    try:
        # Killed, it ends at once; only a process stuck in the kernel could keep us here. Closing
        # earlier would take the child's status away from the loop's own watcher.
        async with asyncio.timeout(_SECONDS_TO_REAP):
            await child.gone.wait()
    except TimeoutError:
        pass
    finally:
        transport.close()


class _Child(asyncio.SubprocessProtocol):
    def __init__(self, most: int) -> None:
        self.output = bytearray()
        self.over = asyncio.Event()
        """It has ended, or said too much."""
        self.gone = asyncio.Event()
        self._most = most

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == _STDOUT and not self.over.is_set():
            self.output += data
            if len(self.output) > self._most:
                self.over.set()

    def process_exited(self) -> None:
        self.gone.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.over.set()
