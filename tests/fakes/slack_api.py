"""Slack's Web API on loopback, as strict as Slack where it matters to us.

    async with FakeSlack() as slack:
        slack.workspace.add_channel("C0OFFICE")
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url)

Unknown methods, missing tokens, unknown conversations, spent triggers and blocks outside Slack's
limits are refused. ``slack.fail(method, RateLimited(3))`` scripts what the next calls meet.
``slack.complaints`` holds what no program of ours should ever send.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from adapters.slack.limits import problems
from tests.fakes.slack_methods import METHODS, Methods
from tests.fakes.slack_socket import SocketMode
from tests.fakes.slack_workspace import BOT_USER, Json, Message, Refusal, Workspace


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

BOT_TOKEN: Final = "xoxb-fake-bot-token"  # noqa: S105 -- it opens nothing
APP_TOKEN: Final = "xapp-fake-app-token"  # noqa: S105
RESPONSES: Final = 5
"""How often a response URL may be used, and for how many seconds."""
RESPONSE_LIVES: Final = 1800.0


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429; ``seconds`` as Slack writes them, or anything else to put in the header."""

    seconds: int | str | None = 1


@dataclass(frozen=True, slots=True)
class Broken:
    """A server's fault; ``done``: the call had its effect all the same."""

    status: int = 500
    done: bool = False


@dataclass(frozen=True, slots=True)
class Hangs:
    """No answer, until the server closes."""

    done: bool = False


@dataclass(frozen=True, slots=True)
class Drops:
    """The connection ends without an answer."""

    done: bool = False


@dataclass(frozen=True, slots=True)
class Refuses:
    error: str


@dataclass(frozen=True, slots=True)
class Babbles:
    """An answer that is no JSON, as a proxy in between gives."""

    body: str = "<html>Sign in to the network</html>"
    status: int = 200
    kind: str = "text/html"


@dataclass(frozen=True, slots=True)
class BreaksOff:
    """Half of the answer's body comes, and then nothing."""


Fault = RateLimited | Broken | Hangs | Drops | Refuses | Babbles | BreaksOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``error`` is "" for an answer that was ok."""

    method: str
    arguments: Json
    error: str = ""


@dataclass(slots=True, kw_only=True)
class _ResponseUrl:
    channel: str
    user: str
    made_at: float
    used: int = 0


class FakeSlack:
    """``limits`` finds what Slack would refuse in a message or a view, as sentences."""

    def __init__(
        self,
        *,
        limits: Callable[[Mapping[str, Any]], Sequence[str]] = problems,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workspace = Workspace()
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.responses: list[Message] = []
        """What was sent to response URLs, in order."""
        self.responded = asyncio.Event()
        """Set when something was sent there."""
        self.wrote = asyncio.Event()
        """Set when a message was posted."""
        self.base = ""
        self.granted: tuple[str, ...] = ()
        """The permissions that each answer tells of; none is an answer that tells of none."""
        self._clock = clock
        self._passed = 0.0
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._response_urls: dict[str, _ResponseUrl] = {}
        self._closing = asyncio.Event()
        self._methods = Methods(self.workspace, self.now, limits, self.complaints)
        self.socket = SocketMode(self.workspace)
        self._runner: web.AppRunner | None = None

    # -- for tests -----------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return f"{self.base}/api/"

    def now(self) -> float:
        return self._clock() + self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass for triggers and response URLs."""
        self._passed += seconds

    def fail(self, method: str, *faults: Fault) -> None:
        """What the next calls of ``method`` meet, one each. ``upload`` and ``download`` too."""
        self._faults[method].extend(faults)

    def called(self, method: str) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.method == method)

    def trigger(self, user: str) -> str:
        """A trigger id as a click brings it: good once, for three seconds."""
        return self._methods.mint_trigger(user)

    def response_url(self, channel: str, user: str) -> str:
        token = f"r{self.workspace.number()}"
        self._response_urls[token] = _ResponseUrl(channel=channel, user=user, made_at=self.now())
        return f"{self.base}/response/{token}"

    def file_payload(self, id_: str) -> Json:
        """A file as an event or a dialog brings it."""
        return self._methods.file_json(self.workspace.files[id_])

    def looks_needed(self, looks: int) -> None:
        """How many times ``files.info`` is asked before a new file is said to be usable."""
        self._methods.looks_needed = looks

    def pages_of(self, most: int) -> None:
        """How many people one answer lists."""
        self._methods.page = most

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files-pri/{file}/{name}", self._download)
        app.router.add_post("/response/{token}", self._response)
        app.router.add_get("/link/", self.socket.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = self._methods.base = self.socket.base = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_why: object) -> None:
        self._closing.set()
        await self.socket.close()
        assert self._runner is not None
        await self._runner.cleanup()

    # -- what is asked over HTTP -----------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)

        def answer() -> Json:
            try:
                token = _token(request, arguments)
                self._methods.allow(method, token, BOT_TOKEN, APP_TOKEN)
                found = METHODS[method](self._methods, arguments)
            except Refusal as refusal:
                self.calls.append(Call(method=method, arguments=arguments, error=refusal.error))
                return _refused(refusal)
            self.calls.append(Call(method=method, arguments=arguments))
            if method == "chat.postMessage":
                self.wrote.set()
            return {"ok": True, **found}

        told = {"X-OAuth-Scopes": ",".join(self.granted)} if self.granted else {}
        return await self._with_faults(
            method, request, lambda: web.json_response(answer(), headers=told)
        )

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()

        def take() -> web.Response:
            file = self.workspace.files.get(request.match_info["file"])
            if file is None or file.content is not None or len(content) != file.length:
                return web.Response(status=400, text="bad upload")
            file.content = content
            return web.Response(text=f"OK - {len(content)}")

        return await self._with_faults("upload", request, take)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        def give() -> web.Response:
            if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
                # Slack shows its sign-in page to whoever brings no good token.
                return web.Response(status=302, headers={"Location": f"{self.base}/signin"})
            id_ = request.match_info["file"].split("-")[-1]
            file = self.workspace.files.get(id_)
            if file is None or file.content is None or file.deleted:
                return web.Response(status=404, text="not found")
            return web.Response(body=file.content, content_type=file.mimetype)

        return await self._with_faults("download", request, give)

    async def _response(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()

        def take() -> web.Response:
            url = self._response_urls.get(request.match_info["token"])
            if url is None or url.used >= RESPONSES or self.now() - url.made_at > RESPONSE_LIVES:
                return web.json_response({"ok": False, "error": "expired_url"}, status=404)
            url.used += 1
            if body.get("text") or body.get("blocks"):
                self.complaints += self._methods.limits(body)
            self.responses.append(
                Message(ts="", channel=url.channel, user=url.user, body=body, by=BOT_USER)
            )
            self.responded.set()
            return web.json_response({"ok": True})

        return await self._with_faults("response", request, take)

    async def _with_faults(
        self, method: str, request: web.Request, answer: Callable[[], web.Response]
    ) -> web.StreamResponse:
        fault = self._faults[method].popleft() if self._faults[method] else None
        match fault:
            case None:
                return answer()
            case RateLimited(seconds):
                self._note(method, "ratelimited")
                headers = {} if seconds is None else {"Retry-After": str(seconds)}
                told = {"ok": False, "error": "ratelimited"}
                return web.json_response(told, status=429, headers=headers)
            case Broken(status, done):
                self._done(method, done, answer)
                return web.Response(status=status, text="upstream connect error")
            case Hangs(done):
                self._done(method, done, answer)
                await self._closing.wait()
                return web.Response(status=503)
            case Drops(done):
                self._done(method, done, answer)
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case BreaksOff():
                return await _half(request, answer())
            case Refuses(error):
                self._note(method, error)
                return web.json_response(_refused(Refusal(error)))
            case Babbles(body, status, kind):
                self._note(method, "babble")
                return web.Response(status=status, text=body, content_type=kind)

    def _done(self, method: str, done: bool, answer: Callable[[], web.Response]) -> None:  # noqa: FBT001
        if done:
            answer()
        else:
            self._note(method, "fault")

    def _note(self, method: str, error: str) -> None:
        self.calls.append(Call(method=method, arguments={}, error=error))


async def _half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    body = answer.body
    assert isinstance(body, bytes)
    half = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return half


def _refused(refusal: Refusal) -> Json:
    told: dict[str, Any] = {"ok": False, "error": refusal.error}
    if refusal.messages:
        told["response_metadata"] = {"messages": list(refusal.messages)}
    return told


async def _arguments(request: web.Request) -> Json:
    """What the call says, wherever it says it: query, form or JSON."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.can_read_body:
        found |= dict((await request.post()).items())
    for name in ("blocks", "files", "metadata", "view"):
        if isinstance(found.get(name), str):
            found[name] = json.loads(found[name])
    return found


def _token(request: web.Request, arguments: Json) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") or str(arguments.get("token", ""))
