"""The process that opens one picture: ``python -I -m adapters.images.worker '{"do": "inspect"}'``.

It gives up what it doesn't need before it reads the first byte: processor time, memory, files and
core dumps. Whatever a picture makes it do, it can only fail by itself.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from adapters.images.rebuild import inspected, smaller
from adapters.images.wire import GREETING, Limits, Noticed, Seen, pack
from moderation.ports import Unusable


Answer = Callable[[bytes, Limits], Seen | Unusable | Noticed]
_OPEN_FILES = 16


def main() -> None:
    """Answer one request on standard output, as :mod:`adapters.images.wire` lays down."""
    request = json.loads(sys.argv[1])
    limits = Limits(**request["limits"])
    answer = _looker(request["reader"]) if "reader" in request else _opener(request)
    _give_up(limits)
    replies = sys.stdout.buffer
    replies.write(GREETING)
    replies.flush()
    replies.write(pack(answer(sys.stdin.buffer.read(limits.bytes + 1), limits)))
    replies.flush()
    os._exit(0)  # nothing to tidy: freeing hundreds of megabytes one by one only costs time


def _opener(request: dict[str, int]) -> Answer:
    def answer(content: bytes, limits: Limits) -> Seen | Unusable:
        try:
            if "longest" in request:
                return smaller(content, limits, request["longest"])
            return inspected(content, limits)
        except MemoryError:
            return Unusable.TOO_MANY_PIXELS

    return answer


def _looker(reader: str) -> Answer:
    # Before anything is given up: what may be mapped is counted from here, libraries included.
    from adapters.images.looking import noticed  # noqa: PLC0415 -- heavy, for this request alone

    return lambda content, limits: noticed(content, limits, reader)


def _give_up(limits: Limits) -> None:
    statm = Path("/proc/self/statm")
    if statm.exists():  # without /proc (macOS) the kernel doesn't enforce RLIMIT_AS either
        pages = int(statm.read_bytes().split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + limits.memory)
    seconds = math.ceil(limits.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # first SIGXCPU, then SIGKILL
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    # Not RLIMIT_NPROC: HEIC's decoder needs threads, and they count as processes.


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
