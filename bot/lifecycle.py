"""From the first listening to the last answer: how the server begins, and how it ends in order.

At SIGTERM or SIGINT: not ready any more, no new connection, the clock pauses, what runs may come
to its end, pictures, engines, exit 0; fifteen seconds in all. A second signal ends at once. What
was cut short is a row in the database whose lease runs out, and is taken up again.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from aiohttp import web

from bot.faults import CannotListen
from bot.web import AccessLog


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiohttp.typedefs import Handler

log = structlog.get_logger(__name__)

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
IN_FLIGHT: Final = 10.0
LONGEST: Final = 15.0
"""Seconds: for what runs, and for the whole ending."""
READER: Final = 1.0
"""Seconds for connections to close once nothing is asked any more; aiohttp allows them twice."""


class InFlight:
    """Requests that are being answered.

    aiohttp, told to end, drops what is still coming in of a request that it is reading: whoever
    is uploading a picture would lose it. So the end waits for them first. A client that keeps its
    connection open would ask on and on, and the end never come: from the signal on, each answer
    closes its connection.
    """

    def __init__(self) -> None:
        self.ending = False
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    @web.middleware
    async def count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Around every request."""
        self._count += 1
        self._none.clear()
        try:
            response = await handler(request)
        except web.HTTPException as answer:
            self._last(answer)
            raise
        else:
            self._last(response)
            return response
        finally:
            self._count -= 1
            if not self._count:
                self._none.set()

    def _last(self, response: web.StreamResponse) -> None:
        if self.ending:
            response.force_close()

    async def finish(self, seconds: float) -> None:
        """Wait until all are answered, at most ``seconds``."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._none.wait()


class Servable(Protocol):
    """What is begun and ended here, in this order."""

    @property
    def web(self) -> web.Application: ...

    async def start(self) -> None:
        """Open everything. What was opened before a failure is closed by :meth:`stop`."""

    def serving(self) -> None:
        """Connections are accepted from now on."""

    def quiesce(self) -> None:
        """Say that no more work should be sent."""

    async def pause(self, seconds: float) -> None:
        """Begin nothing new, and give what runs ``seconds``."""

    async def stop(self, seconds: float) -> None:
        """Close everything within ``seconds``."""


def announce(url: str) -> None:
    """Tell whoever started it where it is."""
    print(f"Schoolgate is ready: {url}", flush=True)  # noqa: T201 -- the command's answer


def run(
    application: Servable, host: str, port: int, ready: Callable[[str], None] = announce
) -> None:
    """Serve until a signal comes, then end in order. Raises what :func:`serve` raises.

    ``ready`` is called with the address once connections are accepted.
    """

    async def until_a_signal() -> None:
        stop = asyncio.Event()
        with _signals_set(stop):
            await serve(application, host, port, stop=stop, ready=ready)

    asyncio.run(until_a_signal())


async def serve(
    application: Servable,
    host: str,
    port: int,
    *,
    stop: asyncio.Event,
    ready: Callable[[str], None] = announce,
) -> None:
    """Serve until ``stop`` is set; port 0 is any free one.

    Raises :class:`CannotListen`, and whatever the application's start raises.
    """
    opened = listening(host, port)
    requests = InFlight()
    application.web.middlewares.insert(0, requests.count)
    runner = web.AppRunner(application.web, access_log_class=AccessLog, shutdown_timeout=READER)
    try:
        await application.start()
        await runner.setup()
        site = web.SockSite(runner, opened)
        await site.start()
    except BaseException:
        opened.close()
        await runner.cleanup()
        await application.stop(LONGEST)
        raise
    application.serving()
    log.info("server.ready", port=opened.getsockname()[1])
    ready(_url(opened))
    await stop.wait()
    log.info("server.stopping")
    await _end(application, runner, site, requests)


async def _end(
    application: Servable, runner: web.AppRunner, site: web.SockSite, requests: InFlight
) -> None:
    loop = asyncio.get_running_loop()
    latest = loop.time() + LONGEST
    application.quiesce()
    requests.ending = True
    try:
        async with asyncio.timeout_at(latest - 2):
            await site.stop()
            # What streams without end is told to end, so that it isn't waited for.
            await runner.shutdown()
            await asyncio.gather(requests.finish(IN_FLIGHT), application.pause(IN_FLIGHT))
            await runner.cleanup()
    except TimeoutError:
        log.warning("server.cut_short")
    finally:
        await application.stop(latest - loop.time() - 1)
    log.info("server.stopped")


@contextmanager
def _signals_set(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def asked() -> None:
        stop.set()
        for name in SIGNALS:
            loop.remove_signal_handler(name)
            # A second signal means now.
            signal.signal(name, signal.SIG_DFL)
        # A thread that waits for a disk can't be cancelled, and would hold up the exit.
        last = threading.Timer(LONGEST, os._exit, args=(0,))
        last.daemon = True
        last.start()

    for name in SIGNALS:
        loop.add_signal_handler(name, asked)
    try:
        yield
    finally:
        for name in SIGNALS:
            loop.remove_signal_handler(name)


def look_at(host: str, port: int, otherwise: str) -> None:
    """Whether the port is free now. Raises :class:`CannotListen`, saying ``otherwise`` as well."""
    try:
        listening(host, port).close()
    except CannotListen as wrong:
        raise CannotListen(f"{wrong} For example: {otherwise}") from None


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any free one. Raises :class:`CannotListen`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as wrong:
        match wrong.errno:
            case errno.EADDRINUSE:
                said = (
                    f"Port {port} is in use by another program. Stop that one, or choose another "
                    "port."
                )
            case errno.EACCES:
                said = f"Port {port} is not ours to use. Choose one from 1024 to 65535."
            case _:
                said = f"This machine has no address {host} to listen on. Use 127.0.0.1."
        raise CannotListen(said) from None


def _url(opened: socket.socket) -> str:
    host, port = opened.getsockname()[:2]
    # Where it listens on every address, the machine's own is the one to try.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- a comparison
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
