"""The figures on a port of their own: ``GET /metrics``, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.lifecycle import listening
from bot.web import HEADERS


if TYPE_CHECKING:
    from bot.metrics import Figures

PATH: Final = "/metrics"


class MetricsPage:
    """Opened by :meth:`start`, closed by :meth:`stop`."""

    def __init__(self, figures: Figures, host: str, port: int) -> None:
        self._figures = figures
        self._place = (host, port)
        self._runner: web.AppRunner | None = None
        self.port = port
        """The one it listens on, once it does."""

    async def start(self) -> None:
        """Raises :class:`~bot.faults.CannotListen`."""
        socket = listening(*self._place)
        self.port = socket.getsockname()[1]
        app = web.Application(client_max_size=1024)
        app.router.add_get(PATH, self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, socket).start()

    async def stop(self) -> None:
        """Harmless when it isn't open."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, _request: web.Request) -> web.Response:
        headers = {**HEADERS, "Content-Type": CONTENT_TYPE_LATEST, "Server": "Schoolgate"}
        return web.Response(body=await self._figures.page(), headers=headers)
