"""OneDrive on loopback: files that lie at an address which lets in whoever knows it.

drive = await Drive().open()
drive.keep("beans.mp4", content)   # an attachment of a message in the personal chat
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from aiohttp import web

from adapters.teams.files import DOWNLOAD


Json = dict[str, Any]

CHUNK: Final = 2**16


class Hands(StrEnum):
    """How a file is handed out."""

    OUT = "whole"
    HALF = "the connection ends in its middle"
    AWAY = "led to another host"
    A_PAGE = "a page on which somebody signs in"
    SLOWLY = "its end waits until it is let go"


@dataclass(slots=True)
class Drive:
    """``asked`` are the headers that a file was asked for with."""

    base: str = ""
    files: dict[str, tuple[bytes, Hands]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def open(self) -> Drive:
        """Begin to serve."""
        app = web.Application()
        app.router.add_get("/{name}", self._handed_out)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def close(self) -> None:
        """End it."""
        assert self._runner is not None
        await self._runner.cleanup()

    def is_share(self, address: str) -> bool:
        """As :func:`adapters.teams.files.is_share`, for this one."""
        return address.startswith(f"{self.base}/")

    def keep(self, name: str, content: bytes, hands: Hands = Hands.OUT) -> Json:
        """Keep a file; the attachment with which Teams sends it."""
        self.files[name] = (content, hands)
        address = f"{self.base}/{name}?tempauth=once"
        return {
            "contentType": DOWNLOAD,
            "name": name,
            "content": {"downloadUrl": address, "fileType": name.rpartition(".")[2]},
        }

    async def _handed_out(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        content, hands = self.files[request.match_info["name"]]
        match hands:
            case Hands.AWAY:
                raise web.HTTPFound(f"{self.base}/elsewhere.mp4")
            case Hands.A_PAGE:
                return web.Response(text="<p>Sign in</p>", content_type="text/html")
            case Hands.OUT:
                return web.Response(body=content, content_type="application/octet-stream")
            case Hands.HALF | Hands.SLOWLY:
                pass
        answer = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await answer.prepare(request)
        await answer.write(content[: len(content) // 2])
        if hands is Hands.SLOWLY:
            await self.let_go.wait()
            await answer.write(content[len(content) // 2 :])
        elif request.transport is not None:
            request.transport.close()
        return answer
