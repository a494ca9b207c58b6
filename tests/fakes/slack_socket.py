"""The far end of Socket Mode, for :mod:`tests.fakes.slack_api`."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.slack_workspace import APP, Json, Workspace


if TYPE_CHECKING:
    from collections.abc import Mapping

ACKNOWLEDGED_WITHIN: Final = 3.0


class SocketMode:
    """Holds the app's connections; envelopes go to the newest, as one of Slack's would."""

    def __init__(self, workspace: Workspace) -> None:
        self.base = ""
        self.connected = asyncio.Event()
        """Set while at least one connection stands."""
        self.openings: asyncio.Queue[None] = asyncio.Queue()
        """One for each connection that was ever opened."""
        self._workspace = workspace
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    async def send(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        accepts_response: bool = True,
        retry: int = 0,
    ) -> Json:
        """Send an envelope; what its acknowledgement brings back (``{}`` for none).

        Raises :class:`TimeoutError` where nobody acknowledges it in the time that Slack waits.
        ``kind`` is ``interactive``, ``slash_commands`` or ``events_api``; ``retry`` counts how
        often it was sent before.
        """
        envelope = f"e{self._workspace.number()}"
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = acknowledged
        message: dict[str, Any] = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": accepts_response,
        }
        if retry:
            message |= {"retry_attempt": retry, "retry_reason": "timeout"}
        try:
            await self._open[-1].send_json(message)
            async with asyncio.timeout(ACKNOWLEDGED_WITHIN):
                return await acknowledged
        finally:
            del self._waiting[envelope]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it ends, as Slack does every few hours."""
        for socket in tuple(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason})

    async def close(self) -> None:
        for socket in tuple(self._open):
            await socket.close()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "connection_info": {"app_id": APP},
            }
        )
        self.connected.set()
        self.openings.put_nowait(None)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            self._open.remove(socket)
            if not self._open:
                self.connected.clear()
        return socket

    def _heard(self, message: Json) -> None:
        waiting = self._waiting.get(message.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload") or {})
