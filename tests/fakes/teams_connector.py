"""Teams' connector and Microsoft's identity service on loopback, as strict as matters to us.

    async with FakeTeams() as teams:
        teams.add_person(AAD, name="Sam Reed")
        teams.add_channel("19:facebook@thread.tacv2", [AAD])
        teams.service_url, teams.identity_url

Missing tokens, unknown conversations, people without the app and cards that Teams wouldn't draw
are refused. ``teams.fail("send", Says(429, retry="3"))`` scripts what the next calls meet.
``teams.complaints`` holds what no program of ours should ever send.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, assert_never

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from adapters.teams.envelope import CONTENT_TYPE, Message as Drawn
from adapters.teams.limits import problems


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

Json = dict[str, Any]

TENANT: Final = "22222222-2222-4222-8222-222222222222"
APP: Final = "11111111-1111-4111-8111-111111111111"
BOT: Final = f"28:{APP}"
PASSWORD: Final = "the bot's secret in the fake"  # noqa: S105 -- it opens nothing
KID: Final = "key-of-the-fake"
LONGEST: Final = 28_000
"""Bytes of a message, or of an answer, that every client takes."""


@dataclass(frozen=True, slots=True)
class Says:
    """An answer of the service. ``done``: the call had its effect all the same."""

    status: int
    code: str = ""
    retry: str | None = None
    done: bool = False
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Hangs:
    """No answer, until the server closes."""

    done: bool = False


@dataclass(frozen=True, slots=True)
class Drops:
    """The connection ends without an answer."""

    done: bool = False


Fault = Says | Hangs | Drops


@dataclass(slots=True, kw_only=True)
class Someone:
    """``installed``: the app stands in their personal chats, so that a bot may write first."""

    user: str
    name: str
    role: str = "user"
    tenant: str = TENANT
    email: str = ""
    installed: bool = True

    @property
    def account(self) -> str:
        return f"29:{self.user}"

    @property
    def chat(self) -> str:
        return f"a:{self.user}"

    def json(self) -> Json:
        return {
            "id": self.account,
            "aadObjectId": self.user,
            "name": self.name,
            "email": self.email,
            "userPrincipalName": self.email,
            "tenantId": self.tenant,
            "userRole": self.role,
        }


@dataclass(slots=True)
class Posted:
    """A message as it stands; ``drawings`` counts how often it was drawn."""

    id: str
    conversation: str
    activity: Json
    drawings: int = 1

    @property
    def text(self) -> str:
        return str(self.activity.get("text") or self.activity.get("summary") or "")

    @property
    def card(self) -> Json:
        """The Adaptive Card in it, or nothing."""
        found = self.activity.get("attachments") or [{}]
        return dict(found[0].get("content", {}))


@dataclass(frozen=True, slots=True)
class Called:
    what: str
    conversation: str
    status: int


@dataclass(slots=True)
class Room:
    members: set[str] = field(default_factory=set)
    personal: bool = False
    here: bool = True


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    """A key for tests, made once for each name."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeTeams:
    """One tenant with people, channels and private chats."""

    def __init__(self) -> None:
        self.people: dict[str, Someone] = {}
        self.rooms: dict[str, Room] = {}
        self.messages: dict[str, list[Posted]] = defaultdict(list)
        self.calls: list[Called] = []
        self.complaints: list[str] = []
        self.kept: list[bytes] = []
        self.keys_asked = 0
        self.tokens_asked = 0
        self.token_lasts = 3600
        self.endorsements: list[str] = ["msteams"]
        self.page = 500
        self.base = ""
        self._numbers = itertools.count(1_700_000_000_000)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._tokens: set[str] = set()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # -- for tests -----------------------------------------------------------------------------

    @property
    def service_url(self) -> str:
        return f"{self.base}/uk/"

    @property
    def connector_url(self) -> str:
        return f"{self.base}/"

    @property
    def identity_url(self) -> str:
        return f"{self.base}/identity/"

    def add_person(self, user: str, **told: Any) -> Someone:  # noqa: ANN401
        """Somebody with a private chat."""
        person = Someone(user=user, **{"name": user, **told})
        self.people[user] = person
        self.rooms[person.chat] = Room({user}, personal=True, here=person.installed)
        return person

    def add_channel(self, id_: str, members: Iterable[str]) -> None:
        self.rooms[id_] = Room(set(members))

    def fail(self, what: str, *faults: Fault) -> None:
        """What the next calls meet: send, update, open, member, members, token, keys."""
        self._faults[what].extend(faults)

    def clear(self) -> None:
        """Nothing goes wrong from now on."""
        self._faults.clear()

    def called(self, what: str) -> tuple[Called, ...]:
        return tuple(call for call in self.calls if call.what == what)

    def texts(self, conversation: str) -> list[str]:
        return [it.text for it in self.messages[conversation]]

    def forget_tokens(self) -> None:
        """No token that was given is good any more."""
        self._tokens.clear()

    def signed(self, key: str = "microsoft", kid: str | None = KID, **claims: Any) -> str:  # noqa: ANN401
        """A token as the service sends it; a claim that is ``None`` is left out."""
        now = int(time.time())
        told = {
            "iss": "https://api.botframework.com",
            "aud": APP,
            "nbf": now - 5,
            "exp": now + 600,
            "serviceurl": self.service_url,
            **claims,
        }
        exact = {name: value for name, value in told.items() if value is not None}
        headers = {} if kid is None else {"kid": kid}
        return jwt.encode(exact, key_of(key), algorithm="RS256", headers=headers)

    def heard_back(self, told: Json, raw: bytes) -> None:
        """What an invoke was answered with: drawn by the same clients, and as strictly judged."""
        if len(raw) > LONGEST:
            self.complaints.append("an answer is too long for some clients")
        for card in _cards(told):
            self.complaints += (f"an answer's {it}" for it in problems(card))

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**20)
        service = "/uk/v3/conversations"
        app.router.add_post(service, self._open)
        app.router.add_post(service + "/{room}/activities", self._send)
        app.router.add_put(service + "/{room}/activities/{id}", self._update)
        app.router.add_get(service + "/{room}/members/{user}", self._member)
        app.router.add_get(service + "/{room}/pagedmembers", self._members)
        app.router.add_get("/uk/v3/attachments/{id}/views/original", self._attachment)
        app.router.add_post("/identity/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_get("/identity/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/identity/keys", self._keys)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_why: object) -> None:
        self._closing.set()
        assert self._runner is not None
        await self._runner.cleanup()

    def keep(self, content: bytes) -> str:
        """A picture that somebody put amid their words; its address."""
        self.kept.append(content)
        return f"{self.service_url}v3/attachments/{len(self.kept) - 1}/views/original"

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return web.Response(status=401)
        content = self.kept[int(request.match_info["id"])]
        return web.Response(body=content, content_type="image/jpeg")

    # -- identity ------------------------------------------------------------------------------

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = dict(await request.post())
        self.tokens_asked += 1

        def answer() -> web.Response:
            good = {
                "grant_type": "client_credentials",
                "client_id": APP,
                "client_secret": PASSWORD,
                "scope": "https://api.botframework.com/.default",
            }
            if form != good or request.match_info["tenant"] != TENANT:
                return web.json_response({"error": "invalid_client"}, status=401)
            token = f"token-{next(self._numbers)}"
            self._tokens.add(token)
            told = {"access_token": token, "expires_in": self.token_lasts, "token_type": "Bearer"}
            return web.json_response(told)

        return await self._met("token", request, answer)

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        told = {"issuer": "https://api.botframework.com", "jwks_uri": f"{self.identity_url}keys"}
        return await self._met("metadata", request, lambda: web.json_response(told))

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        self.keys_asked += 1
        listed = json.loads(RSAAlgorithm.to_jwk(key_of("microsoft").public_key()))
        listed |= {"kid": KID, "use": "sig", "endorsements": self.endorsements}
        return await self._met("keys", request, lambda: web.json_response({"keys": [listed]}))

    # -- the connector -------------------------------------------------------------------------

    async def _send(self, request: web.Request) -> web.StreamResponse:
        activity, raw = await request.json(), await request.read()
        exact = request.match_info["room"]

        def answer() -> web.Response:
            room, refused = self._room(request)
            if room is None:
                return refused
            if not room.here:
                return _refusal(403, "BotNotInConversationRoster")
            self._judge(activity, raw)
            number = str(next(self._numbers))
            self.messages[exact.partition(";")[0]].append(Posted(number, exact, activity))
            return web.json_response({"id": number}, status=201)

        return await self._met("send", request, answer)

    async def _update(self, request: web.Request) -> web.StreamResponse:
        activity, raw = await request.json(), await request.read()

        def answer() -> web.Response:
            room, refused = self._room(request)
            if room is None:
                return refused
            ref = request.match_info["id"]
            standing = self.messages[request.match_info["room"].partition(";")[0]]
            found = next((it for it in standing if it.id == ref), None)
            if found is None:
                return _refusal(404, "ActivityNotFoundInConversation")
            self._judge(activity, raw)
            found.activity, found.drawings = activity, found.drawings + 1
            return web.json_response({"id": ref})

        return await self._met("update", request, answer)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()

        def answer() -> web.Response:
            if not self._is_let_in(request):
                return _refusal(401, "Unauthorized")
            if asked["bot"]["id"] != BOT or asked["channelData"]["tenant"]["id"] != TENANT:
                self.complaints.append("a chat was asked for in somebody else's name")
            person = self.people.get(asked["members"][0]["id"])
            if person is None or not person.installed:
                return _refusal(403, "ForbiddenOperationException")
            return web.json_response({"id": person.chat}, status=201)

        return await self._met("open", request, answer)

    async def _member(self, request: web.Request) -> web.StreamResponse:
        def answer() -> web.Response:
            room, refused = self._room(request)
            if room is None:
                return refused
            user = request.match_info["user"].removeprefix("29:")
            if user not in room.members or user not in self.people:
                return _refusal(404, "MemberNotFoundInConversation")
            return web.json_response(self.people[user].json())

        return await self._met("member", request, answer)

    async def _members(self, request: web.Request) -> web.StreamResponse:
        def answer() -> web.Response:
            room, refused = self._room(request)
            if room is None:
                return refused
            listed = sorted(room.members)
            start = int(request.query.get("continuationToken", "0"))
            page = [self.people[user].json() for user in listed[start : start + self.page]]
            told: Json = {"members": page}
            if start + self.page < len(listed):
                told["continuationToken"] = str(start + self.page)
            return web.json_response(told)

        return await self._met("members", request, answer)

    def _room(self, request: web.Request) -> tuple[Room | None, web.Response]:
        if not self._is_let_in(request):
            return None, _refusal(401, "Unauthorized")
        room = self.rooms.get(request.match_info["room"].partition(";")[0])
        return room, _refusal(404, "ConversationNotFound")

    def _is_let_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization", "").removeprefix("Bearer ") in self._tokens

    def _judge(self, activity: Json, raw: bytes) -> None:
        if activity.get("type") != "message":
            self.complaints.append("something was sent that is no message")
        if len(raw) > LONGEST:
            self.complaints.append("a message is too long for some clients")
        for attachment in activity.get("attachments", ()):
            if attachment["contentType"] != CONTENT_TYPE:
                self.complaints.append(f"an attachment is {attachment['contentType']}")
                continue
            drawn = Drawn(card=attachment["content"], summary=activity.get("summary", ""))
            self.complaints += problems(drawn)

    # -- what goes wrong -----------------------------------------------------------------------

    async def _met(
        self, what: str, request: web.Request, answer: Callable[[], web.Response]
    ) -> web.StreamResponse:
        fault = self._faults[what].popleft() if self._faults[what] else None
        room = request.match_info.get("room", "")
        if fault is not None and fault.done:
            answer()
        made = web.Response()
        match fault:
            case None:
                made = answer()
            case Says():
                made = _refusal(fault.status, fault.code)
                if fault.body is not None:
                    made = web.Response(
                        status=fault.status, text=fault.body, content_type="text/html"
                    )
                if fault.retry is not None:
                    made.headers["Retry-After"] = fault.retry
            case Hangs():
                self.calls.append(Called(what, room, 0))
                await self._closing.wait()
                return web.Response(status=503)
            case Drops():
                self.calls.append(Called(what, room, 0))
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case _ as never:
                assert_never(never)
        self.calls.append(Called(what, room, made.status))
        return made


def _cards(told: object) -> Iterator[Json]:
    """The cards in an answer; those that open within one are parts of it."""
    if isinstance(told, dict) and told.get("type") == "AdaptiveCard":
        yield told
    elif isinstance(told, dict):
        for inside in told.values():
            yield from _cards(inside)


def _refusal(status: int, code: str) -> web.Response:
    error = {"code": code, "message": "something that nobody should log"} if code else {}
    return web.json_response({"error": error} if error else {}, status=status)
