"""What Teams sends, read: who, from where, and what was said or pressed. Pure.

    activity = read(json)          # Activity, or BadPayload
    activity.kind, activity.sender, activity.origin, activity.said, activity.value

Whatever is missing or of another shape is read as absent; an activity without a kind or a
conversation is no activity. ``repr`` shows no words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from typing import Any, Final, TypeAlias

from adapters.payloads import BadPayload


Payload: TypeAlias = Mapping[str, Any]

LONGEST_ID: Final = 512
LONGEST_ADDRESS: Final = 512
LONGEST_WORDS: Final = 100_000
"""Characters: Teams lets nobody write more than about 28 KB."""
MOST_FILES: Final = 50
SHARED: Final = "19:"
"""Ids of conversations of several people begin so."""
EXTENSION: Final = "composeExtension/"
"""Invokes of these names come from anywhere, also where the app isn't."""
NO_ACTIVITY: Final = "That can't be read. Nothing changed."

_OBJECT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MENTION = re.compile(r"<at(?:\s[^>]*)?>(.*?)</at>", re.DOTALL)
_THREAD = ";messageid="
_BLANK: Final = "&nbsp;"
"""What some clients put behind a mention."""
_SPACES = str.maketrans({"\xa0": " ", "\u200b": None, "\ufeff": None})


class Kind(StrEnum):
    """What happened. ``LEFT``: the app was taken away there, or its person left."""

    MESSAGE = "message"
    INVOKE = "invoke"
    INSTALLED = "installed"
    LEFT = "left"
    MEMBERS = "members"
    OTHER = "other"


class Room(StrEnum):
    """What sort of conversation."""

    PERSONAL = "personal"
    CHANNEL = "channel"
    GROUP = "groupChat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Somebody by their object id in ``tenant``, in small letters.

    ``account`` is what Teams calls them (``29:…``).
    """

    user: str
    tenant: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where it was done, so that it can be answered there; "" for what isn't known.

    ``conversation`` is the chat or the channel, ``thread`` the same with the message that a
    discussion began with. ``card`` is the message whose button was pressed. ``bot`` is what Teams
    calls us. ``team`` is the team that a channel belongs to.
    """

    conversation: str
    room: Room
    service_url: str
    activity: str = ""
    thread: str = ""
    card: str = ""
    bot: str = ""
    team: str = ""
    tenant: str = ""

    @property
    def personal(self) -> bool:
        return self.room is Room.PERSONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """``name`` is an invoke's. ``value`` is what an action or an invoke carries, unjudged.

    ``raw`` is all of it. ``words`` are a message's, without the mention of us.
    """

    kind: Kind
    origin: Origin
    sender: Sender | None
    name: str = ""
    value: Payload = field(default_factory=dict, repr=False)
    words: str = field(default="", repr=False)
    attachments: tuple[Payload, ...] = field(default=(), repr=False)
    raw: Payload = field(default_factory=dict, repr=False)


def read(body: object) -> Activity | BadPayload:
    """An activity, as far as it can be understood."""
    if not isinstance(body, Mapping):
        return BadPayload(NO_ACTIVITY)
    where = origin(body)
    type_ = text(body.get("type"), longest=64)
    if where is None or not type_:
        return BadPayload(NO_ACTIVITY)
    listed = body.get("attachments")
    attachments = listed[:MOST_FILES] if isinstance(listed, list) else []
    return Activity(
        kind=_kind(body, type_),
        origin=where,
        sender=sender(body),
        name=text(body.get("name"), longest=128),
        value=part(body, "value"),
        words=said(body) if type_ == "message" else "",
        attachments=tuple(it for it in attachments if isinstance(it, Mapping)),
        raw=body,
    )


def origin(body: Payload) -> Origin | None:
    """Where it was done, or ``None`` for nowhere."""
    conversation, data = part(body, "conversation"), part(body, "channelData")
    exact = text(conversation.get("id"), longest=LONGEST_ID)
    service = text(body.get("serviceUrl"), longest=LONGEST_ADDRESS)
    if not exact or not service:
        return None
    plain = exact.partition(_THREAD)[0]
    return Origin(
        conversation=plain,
        thread=exact if exact != plain else "",
        room=_room(conversation, data),
        service_url=service,
        activity=text(body.get("id"), longest=LONGEST_ID),
        card=text(body.get("replyToId"), longest=LONGEST_ID),
        bot=text(part(body, "recipient").get("id"), longest=LONGEST_ID),
        team=text(part(data, "team").get("id"), longest=LONGEST_ID),
        tenant=_tenant(body),
    )


def sender(body: Payload) -> Sender | None:
    """Who did it, or ``None`` where Teams doesn't say: then it is nobody's."""
    who = part(body, "from")
    user, tenant = who.get("aadObjectId"), _tenant(body)
    account = text(who.get("id"), longest=LONGEST_ID)
    if not isinstance(user, str) or not _OBJECT.fullmatch(user) or not account:
        return None
    return Sender(user=user.lower(), tenant=tenant, account=account)


def said(body: Payload) -> str:
    """A message's words as they were typed, without the mention of us.

    A mention of somebody else stays, as their name.
    """
    ours = text(part(body, "recipient").get("id"), longest=LONGEST_ID)
    words = text(body.get("text"), longest=LONGEST_WORDS).replace(_BLANK, " ")
    listed = body.get("entities")
    for entity in listed[:MOST_FILES] if isinstance(listed, list) else ():
        if not isinstance(entity, Mapping) or entity.get("type") != "mention":
            continue
        named = text(entity.get("text"), longest=LONGEST_ID)
        if named and part(entity, "mentioned").get("id") == ours:
            words = words.replace(named, "", 1)
    if not isinstance(listed, list) or not listed:
        # The client that runs without Teams names nobody: then the first is meant for us.
        words = _MENTION.sub("", words, count=1) if words.lstrip().startswith("<at") else words
    return _MENTION.sub(lambda found: unescape(found[1]), words).translate(_SPACES).strip()


def members(body: Payload, name: str) -> frozenset[str]:
    """The ids of those who came (``membersAdded``) or went (``membersRemoved``)."""
    listed = body.get(name)
    people = listed[:1000] if isinstance(listed, list) else ()
    found = (text(it.get("id"), longest=LONGEST_ID) for it in people if isinstance(it, Mapping))
    return frozenset(filter(None, found))


# -- leaves ---------------------------------------------------------------------------------------


def _kind(body: Payload, type_: str) -> Kind:
    ours = text(part(body, "recipient").get("id"), longest=LONGEST_ID)
    match type_:
        case "message":
            return Kind.MESSAGE
        case "invoke":
            return Kind.INVOKE
        case "installationUpdate":
            gone = text(body.get("action"), longest=64).startswith("remove")
            return Kind.LEFT if gone else Kind.INSTALLED
        case "conversationUpdate":
            if ours in members(body, "membersRemoved"):
                return Kind.LEFT
            return Kind.INSTALLED if ours in members(body, "membersAdded") else Kind.MEMBERS
        case _:
            return Kind.OTHER


def _room(conversation: Payload, data: Payload) -> Room:
    """Somebody's own only where Teams says so: a meeting's chat often comes without its sort."""
    told, exact = conversation.get("conversationType"), conversation.get("id")
    if told == Room.PERSONAL and not str(exact).startswith(SHARED):
        return Room.PERSONAL
    return Room.CHANNEL if told == Room.CHANNEL or part(data, "team").get("id") else Room.GROUP


def _tenant(body: Payload) -> str:
    told = part(part(body, "channelData"), "tenant").get("id")
    found = text(told or part(body, "conversation").get("tenantId"), longest=64)
    return found.lower()


def part(body: Payload, name: str) -> Payload:
    """A part of a payload that has parts itself, or an empty one."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def text(value: object, *, longest: int) -> str:
    """A string of at most so many characters that can be seen as one, or "" for anything else."""
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return ""
    return "" if any("\ud800" <= char <= "\udfff" for char in value) else value
