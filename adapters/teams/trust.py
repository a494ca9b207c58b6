"""Whether a request comes from Teams, and from a tenant of ours.

Microsoft signs each request (Bot Framework authentication v3.1: "Connector to Bot"). botframework's
own check fetches its keys on the event loop, takes a key that was made since for a fault, and
answers a forged token with 500; so the same is checked here, and whatever is wrong is one answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import jwt
import structlog


log = structlog.get_logger(__name__)

ISSUER: Final = "https://api.botframework.com"
METADATA: Final = "https://login.botframework.com/v1/.well-known/openidconfiguration"
CHANNEL: Final = "msteams"
LEEWAY: Final = 300
"""Seconds that clocks may differ: Microsoft's own figure."""
ALGORITHMS: Final = ("RS256",)
SERVICES: Final = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
        "smba.infra.gov.teams.microsoft.us",
        "smba.infra.dod.teams.microsoft.us",
    }
)
"""Hosts of the connectors of Teams. The bot's token goes nowhere else."""
KEYS_LAST: Final = 24 * 3600.0
KEYS_LAST_IN_NEED: Final = 5 * KEYS_LAST
"""Where Microsoft's page of keys can't be reached: as long as it says that a key is good."""
ASK_AGAIN: Final = 60.0
"""Seconds: so often, at most, an unknown key makes us look for new ones."""
LONGEST_TOKEN: Final = 16_384
MOST_KEYS: Final = 100


class Why(StrEnum):
    """Why a request isn't let in; the log says it, the answer doesn't."""

    NO_TOKEN = "no_token"  # noqa: S105 -- a reason
    BAD_TOKEN = "bad_token"  # noqa: S105 -- a reason
    UNKNOWN_KEY = "unknown_key"
    NOT_FOR_TEAMS = "not_for_teams"
    OTHER_SERVICE = "other_service"
    OTHER_TENANT = "other_tenant"


@dataclass(frozen=True, slots=True)
class Untrusted:
    """Answered with 401, whatever it is."""

    why: Why


@dataclass(frozen=True, slots=True)
class NoKeys:
    """Nobody can tell at the moment: Microsoft's keys can't be fetched."""


@dataclass(frozen=True, slots=True)
class Key:
    """``channels`` are those that Microsoft endorses it for."""

    public: Any
    channels: frozenset[str]


class CannotFetch(Exception):
    """The keys aren't to be had. The message is a code."""


@dataclass(slots=True)
class Keys:
    """Microsoft's signing keys, fetched beside the requests and kept for a day."""

    session: aiohttp.ClientSession
    metadata: str = METADATA
    now: Callable[[], float] = time.monotonic
    _known: dict[str, Key] = field(default_factory=dict)
    _asked_at: float | None = None
    _tried_at: float | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, kid: str) -> Key | None:
        """The key of this name, or ``None``. Raises :class:`CannotFetch`."""
        if (found := self._held(kid, KEYS_LAST)) is not None:
            return found
        async with self._turn:
            if (found := self._held(kid, KEYS_LAST)) is not None:
                return found
            if self._may_ask():
                self._tried_at = self.now()
                try:
                    await self._fetch()
                except CannotFetch as wrong:
                    if self._held(kid, KEYS_LAST_IN_NEED) is None:
                        raise
                    log.warning("teams.old_keys", error=str(wrong))
        return self._held(kid, KEYS_LAST_IN_NEED)

    async def why_not(self) -> str:
        """Why the keys can't be fetched at this moment, as a code; "" where they can."""
        async with self._turn:
            try:
                await self._fetch()
            except CannotFetch as wrong:
                return str(wrong)
        return ""

    def _held(self, kid: str, seconds: float) -> Key | None:
        """A key that was fetched within so many seconds."""
        old = self._asked_at is None or self.now() - self._asked_at >= seconds
        return None if old else self._known.get(kid)

    def _may_ask(self) -> bool:
        """Not for every forged token."""
        if self._asked_at is None or self._tried_at is None:
            return True
        return self.now() - self._tried_at >= ASK_AGAIN

    async def _fetch(self) -> None:
        try:
            address = (await self._read(self.metadata)).get("jwks_uri")
            if not isinstance(address, str) or not _as_safe(address, self.metadata):
                raise CannotFetch("no_jwks_uri")
            listed = (await self._read(address)).get("keys")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as wrong:
            raise CannotFetch(type(wrong).__name__) from None
        if not isinstance(listed, list):
            raise CannotFetch("no_keys")
        self._known = dict(filter(None, map(_key, listed[:MOST_KEYS])))
        self._asked_at = self.now()

    async def _read(self, address: str) -> Mapping[str, Any]:
        async with self.session.get(address, allow_redirects=False) as answer:
            answer.raise_for_status()
            told = await answer.json(content_type=None)
        return told if isinstance(told, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Who is let in. ``keys`` is ``None`` in the playground, which signs nothing.

    ``services`` are hosts of connectors; ``beside`` is the address of a test server on this
    machine that may be one, too. ``tenants`` are lower case.
    """

    app_id: str
    tenants: frozenset[str]
    keys: Keys | None
    services: frozenset[str] = SERVICES
    beside: str = ""

    async def judge(
        self, authorization: str | None, activity: Mapping[str, Any]
    ) -> Untrusted | NoKeys | None:
        """``None`` for what is let in."""
        service = activity.get("serviceUrl")
        if not isinstance(service, str) or not self.is_service(service):
            return Untrusted(Why.OTHER_SERVICE)
        if self.keys is not None:
            wrong = await self._signed(self.keys, authorization, activity, service)
            if wrong is not None:
                return wrong
        return None if self._is_ours(activity) else Untrusted(Why.OTHER_TENANT)

    def is_service(self, address: str) -> bool:
        """Whether this is a connector that we may write to, with our token."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.username or parts.query or parts.fragment:
            return False
        if self.keys is None:
            return parts.scheme in {"http", "https"} and is_loopback(host)
        if self.beside and address.startswith(self.beside):
            return True
        return parts.scheme == "https" and port in {None, 443} and host in self.services

    async def _signed(
        self, keys: Keys, authorization: str | None, activity: Mapping[str, Any], service: str
    ) -> Untrusted | NoKeys | None:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            return Untrusted(Why.NO_TOKEN)
        try:
            named = jwt.get_unverified_header(token).get("kid")
            if not isinstance(named, str):
                return Untrusted(Why.BAD_TOKEN)
            key = await keys.get(named)
            if key is None:
                return Untrusted(Why.UNKNOWN_KEY)
            claims = jwt.decode(
                token,
                key.public,
                algorithms=list(ALGORITHMS),
                audience=self.app_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except CannotFetch as wrong:
            log.error("teams.no_keys", error=str(wrong))  # noqa: TRY400 -- the code is all there is
            return NoKeys()
        except (jwt.PyJWTError, ValueError, TypeError):
            return Untrusted(Why.BAD_TOKEN)
        if activity.get("channelId") != CHANNEL or CHANNEL not in key.channels:
            return Untrusted(Why.NOT_FOR_TEAMS)
        told = claims.get("serviceurl", claims.get("serviceUrl"))
        return None if told == service else Untrusted(Why.OTHER_SERVICE)

    def _is_ours(self, activity: Mapping[str, Any]) -> bool:
        """Every tenant that is named is ours, and one is named."""
        data, conversation = activity.get("channelData"), activity.get("conversation")
        tenant = data.get("tenant") if isinstance(data, Mapping) else None
        named = (
            tenant.get("id") if isinstance(tenant, Mapping) else None,
            conversation.get("tenantId") if isinstance(conversation, Mapping) else None,
        )
        told = {it.lower() for it in named if isinstance(it, str) and it}
        if not self.tenants:
            return self.keys is None
        return bool(told) and told <= self.tenants


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _as_safe(address: str, metadata: str) -> bool:
    """Over TLS, or on this machine where the metadata is too."""
    parts, ours = urlsplit(address), urlsplit(metadata)
    if parts.scheme == "https":
        return True
    return (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc) and is_loopback(
        parts.hostname or ""
    )


def _key(listed: object) -> tuple[str, Key] | None:
    """One of a key set (RFC 7517), where it is one that we can use."""
    if not isinstance(listed, Mapping) or not isinstance(listed.get("kid"), str):
        return None
    endorsed = listed.get("endorsements")
    try:
        public = jwt.PyJWK(dict(listed), algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    channels = endorsed if isinstance(endorsed, list) else []
    return listed["kid"], Key(public, frozenset(it for it in channels if isinstance(it, str)))
