"""What stands in an invented Slack workspace: people, conversations, messages, views, files.

:mod:`tests.fakes.slack_api` lets it answer as Slack's Web API. Everything here may be looked at and
changed by a test at any time.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final


if TYPE_CHECKING:
    from collections.abc import Iterable

Json = Mapping[str, Any]

TEAM = "T0OAKFIELD"
APP = "A0SCHOOL01"
BOT_USER = "U0SCHOOLGATE"
BOT = "B0SCHOOLGATE"


class Refusal(Exception):
    """Slack's ``ok: false``; ``messages`` stand in ``response_metadata``."""

    def __init__(self, error: str, *messages: str) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages


UNSAID: Final = object()
"""What Slack doesn't say of somebody."""


@dataclass(slots=True, kw_only=True)
class User:
    """``flags`` stand in the user object as they are: ``is_restricted``, ``is_stranger`` ….

    What is ``UNSAID`` there is left out.
    """

    id: str
    name: str = "Somebody"
    email: str = ""
    team: str = TEAM
    deleted: bool = False
    is_bot: bool = False
    flags: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> Json:
        told: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name.lower().replace(" ", "."),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            "profile": {"real_name": self.name, "email": self.email, "team": self.team},
            **self.flags,
        }
        return {name: it for name, it in told.items() if it is not UNSAID}


@dataclass(slots=True, kw_only=True)
class Channel:
    """``user`` is the other one in a direct conversation. ``flags`` as in :class:`User`."""

    id: str
    name: str = ""
    members: set[str] = field(default_factory=set)
    user: str = ""
    is_archived: bool = False
    flags: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> Json:
        kind: dict[str, object] = (
            {"is_im": True, "user": self.user}
            if self.user
            else {"is_channel": True, "is_im": False, "name": self.name}
        )
        return {
            "id": self.id,
            "is_archived": self.is_archived,
            "is_member": BOT_USER in self.members,
            "is_private": bool(self.user),
            "is_mpim": False,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "context_team_id": TEAM,
            **kind,
            **self.flags,
        }


@dataclass(slots=True, kw_only=True)
class Message:
    """``user`` is whom an ephemeral message is for; "" for one that stands for everybody."""

    ts: str
    channel: str
    body: Json
    user: str = ""
    by: str = BOT_USER

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[Any]:
        return list(self.body.get("blocks", ()))


@dataclass(slots=True, kw_only=True)
class View:
    id: str
    hash: str
    user: str
    body: Json


@dataclass(slots=True, kw_only=True)
class File:
    """``mimetype`` is empty until Slack has looked at the file: then only can a block show it."""

    id: str
    name: str
    length: int
    by: str = BOT_USER
    title: str = ""
    content: bytes | None = None
    mimetype: str = ""
    complete: bool = False
    deleted: bool = False
    looks: int = 0
    channels: tuple[str, ...] = ()


class Workspace:
    """Starts with the bot, Slackbot and nobody else."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Message]] = defaultdict(list)
        """Standing messages by channel, oldest first."""
        self.ephemeral: list[Message] = []
        self.views: dict[str, View] = {}
        """Open dialogs by view id."""
        self.homes: dict[str, Json] = {}
        """Published Home tabs by user."""
        self.files: dict[str, File] = {}
        self._numbers = itertools.count(1)
        self.add_user(BOT_USER, name="Schoolgate", is_bot=True)
        # Slackbot says of itself that it is no bot.
        self.add_user("USLACKBOT", name="Slackbot")

    def number(self) -> int:
        """A number that was never given before."""
        return next(self._numbers)

    def add_user(
        self,
        id_: str,
        *,
        name: str = "Somebody",
        email: str = "",
        team: str = TEAM,
        is_bot: bool = False,
        deleted: bool = False,
        **flags: object,
    ) -> User:
        user = User(
            id=id_,
            name=name,
            email=email,
            team=team,
            is_bot=is_bot,
            deleted=deleted,
            flags=flags,
        )
        self.users[id_] = user
        return user

    def add_channel(self, id_: str, members: Iterable[str] = (), **flags: object) -> Channel:
        """A public channel in which the bot is."""
        channel = Channel(id=id_, name=id_.lower(), members={BOT_USER, *members}, flags=flags)
        self.channels[id_] = channel
        return channel

    def add_file(self, content: bytes, *, name: str, mimetype: str, by: str) -> File:
        """A file that somebody has sent in, looked at already."""
        file = File(
            id=f"F0FILE{self.number():05d}",
            name=name,
            length=len(content),
            by=by,
            content=content,
            mimetype=mimetype,
            complete=True,
        )
        self.files[file.id] = file
        return file

    def texts(self, channel: str) -> tuple[str, ...]:
        """What stands in a channel, each message by its text."""
        return tuple(message.text for message in self.messages[channel])

    def file(self, id_: object) -> File:
        file = self.files.get(str(id_))
        if file is None or not file.complete:
            raise Refusal("file_not_found")
        if file.deleted:
            raise Refusal("file_deleted")
        return file

    def channel(self, id_: object) -> Channel:
        channel = self.channels.get(str(id_))
        if channel is None:
            raise Refusal("channel_not_found")
        return channel

    def writable(self, id_: object) -> Channel:
        channel = self.channel(id_)
        if channel.is_archived:
            raise Refusal("is_archived")
        if BOT_USER not in channel.members:
            raise Refusal("not_in_channel")
        return channel

    def standing(self, channel: object, ts: object) -> Message:
        for message in self.messages[self.channel(channel).id]:
            if message.ts == str(ts):
                return message
        raise Refusal("message_not_found")

    def direct(self, user_id: str) -> Channel:
        """The bot's direct conversation with somebody, opened where there is none."""
        user = self.users.get(user_id)
        if user is None:
            raise Refusal("user_not_found")
        if user.deleted:
            raise Refusal("user_disabled")
        if user.is_bot:
            raise Refusal("cannot_dm_bot")
        for channel in self.channels.values():
            if channel.user == user_id:
                return channel
        channel = Channel(
            id=f"D0DIRECT{self.number():03d}", user=user_id, members={BOT_USER, user_id}
        )
        self.channels[channel.id] = channel
        return channel
