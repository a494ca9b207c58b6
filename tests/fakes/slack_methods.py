"""What each method of Slack's Web API answers, for :mod:`tests.fakes.slack_api`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.slack_workspace import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    File,
    Json,
    Message,
    Refusal,
    View,
    Workspace,
)


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


TRIGGER_LIVES: Final = 3.0
SHOWABLE: Final = {"image/png", "image/jpeg", "image/gif"}
FILE_ID: Final = re.compile(r"F[A-Z0-9]{8,}")
MOST_TEXT: Final = 40_000


@dataclass(slots=True, kw_only=True)
class _Trigger:
    user: str
    made_at: float
    spent: bool = False


class Methods:
    """One workspace's answers. ``complaints`` collects what no program of ours should send."""

    def __init__(
        self,
        workspace: Workspace,
        now: Callable[[], float],
        limits: Callable[[Mapping[str, Any]], Sequence[str]],
        complaints: list[str],
    ) -> None:
        self.base = ""
        self.looks_needed = 1
        self.page = 1_000
        self._workspace = workspace
        self._now = now
        self._limits = limits
        self._complaints = complaints
        self._triggers: dict[str, _Trigger] = {}

    def allow(self, method: str, token: str, bot_token: str, app_token: str) -> None:
        if method not in METHODS:
            self._complaints.append(f"{method}: no such method")
            raise Refusal("unknown_method")
        if not token:
            self._complaints.append(f"{method}: no token")
            raise Refusal("not_authed")
        wanted = app_token if method == "apps.connections.open" else bot_token
        if token != wanted:
            known = {bot_token, app_token}
            raise Refusal("not_allowed_token_type" if token in known else "invalid_auth")

    def mint_trigger(self, user: str) -> str:
        id_ = f"{self._workspace.number()}.{TEAM}.trigger"
        self._triggers[id_] = _Trigger(user=user, made_at=self._now())
        return id_

    def limits(self, payload: Json) -> tuple[str, ...]:
        return tuple(self._limits(payload))

    # -- chat ----------------------------------------------------------------------------------

    def post(self, arguments: Json) -> Json:
        channel = self._workspace.writable(arguments.get("channel"))
        self._check_message("chat.postMessage", arguments)
        message = Message(ts=self._ts(), channel=channel.id, body=arguments)
        self._workspace.messages[channel.id].append(message)
        return {"channel": channel.id, "ts": message.ts, "message": _shown(message)}

    def update(self, arguments: Json) -> Json:
        self._workspace.writable(arguments.get("channel"))
        message = self._workspace.standing(arguments.get("channel"), arguments.get("ts"))
        if message.by != BOT_USER:
            raise Refusal("cant_update_message")
        self._check_message("chat.update", arguments)
        # Slack keeps the metadata where an update says nothing of it.
        message.body = {"metadata": message.body.get("metadata"), **arguments}
        return {"channel": message.channel, "ts": message.ts, "text": message.text}

    def post_ephemeral(self, arguments: Json) -> Json:
        channel = self._workspace.writable(arguments.get("channel"))
        user = str(arguments.get("user"))
        if user not in channel.members:
            raise Refusal("user_not_in_channel")
        self._check_message("chat.postEphemeral", arguments)
        ts = self._ts()
        self._workspace.ephemeral.append(
            Message(ts=ts, channel=channel.id, body=arguments, user=user)
        )
        return {"message_ts": ts}

    def delete(self, arguments: Json) -> Json:
        message = self._workspace.standing(arguments.get("channel"), arguments.get("ts"))
        if message.by != BOT_USER:
            raise Refusal("cant_delete_message")
        self._workspace.messages[message.channel].remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _check_message(self, method: str, arguments: Json) -> None:
        text, blocks = arguments.get("text"), arguments.get("blocks")
        if not text and not blocks:
            raise Refusal("no_text")
        if not text:
            # Slack takes it; a notification then says nothing that a screen reader could say.
            self._complaints.append(f"{method}: blocks without text")
        if len(str(text or "")) > MOST_TEXT:
            raise Refusal("msg_too_long")
        metadata = arguments.get("metadata")
        if metadata is not None and not {"event_type", "event_payload"} <= metadata.keys():
            raise Refusal("invalid_metadata_format")
        self._check_blocks(method, arguments, "invalid_blocks")

    def _check_blocks(self, method: str, payload: Json, error: str) -> None:
        wrong = [*self.limits(payload), *self._unusable_files(payload.get("blocks"))]
        if wrong:
            self._complaints += [f"{method}: {problem}" for problem in wrong]
            raise Refusal(error, *wrong)

    def _unusable_files(self, found: object) -> list[str]:
        match found:
            case {"slack_file": {"id": str(id_)}}:
                return [] if self._usable(id_) else ["invalid slack file"]
            case dict():
                return [wrong for value in found.values() for wrong in self._unusable_files(value)]
            case list():
                return [wrong for value in found for wrong in self._unusable_files(value)]
            case _:
                return []

    def _usable(self, id_: str) -> bool:
        file = self._workspace.files.get(id_)
        return (
            FILE_ID.fullmatch(id_) is not None
            and file is not None
            and file.by == BOT_USER
            and not file.deleted
            and file.mimetype in SHOWABLE
        )

    def _ts(self) -> str:
        return f"1790000000.{self._workspace.number():06d}"

    # -- people and conversations ----------------------------------------------------------------

    def auth_test(self, _arguments: Json) -> Json:
        return {
            "url": "https://oakfield.slack.example/",
            "team": "Oakfield",
            "team_id": TEAM,
            "user": "schoolgate",
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def open_conversation(self, arguments: Json) -> Json:
        user = str(arguments.get("users", ""))
        if "," in user:
            raise Refusal("not_enough_users")
        channel = self._workspace.direct(user)
        return {"channel": {"id": channel.id}}

    def conversation(self, arguments: Json) -> Json:
        channel = self._workspace.channel(arguments.get("channel"))
        if channel.user:
            # Neither im:read nor mpim:read is in the manifest.
            raise Refusal("missing_scope")
        return {"channel": channel.as_json()}

    def members(self, arguments: Json) -> Json:
        channel = self._workspace.channel(arguments.get("channel"))
        if channel.user:
            raise Refusal("method_not_supported_for_channel_type")
        return self._page(sorted(channel.members), arguments)

    def users(self, arguments: Json) -> Json:
        return self._page([user.as_json() for user in self._workspace.users.values()], arguments)

    def _page(self, found: Sequence[object], arguments: Json) -> Json:
        start = int(arguments.get("cursor") or 0)
        end = start + min(int(arguments.get("limit") or 100), self.page)
        cursor = str(end) if end < len(found) else ""
        return {"members": found[start:end], "response_metadata": {"next_cursor": cursor}}

    def user(self, arguments: Json) -> Json:
        user = self._workspace.users.get(str(arguments.get("user")))
        if user is None:
            raise Refusal("user_not_found")
        return {"user": user.as_json()}

    def user_by_email(self, arguments: Json) -> Json:
        wanted = str(arguments.get("email", "")).casefold()
        for user in self._workspace.users.values():
            if user.email and user.email.casefold() == wanted and not user.deleted:
                return {"user": user.as_json()}
        raise Refusal("users_not_found")

    # -- views ---------------------------------------------------------------------------------

    def open_view(self, arguments: Json) -> Json:
        trigger = self._triggers.get(str(arguments.get("trigger_id", "")))
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.spent:
            raise Refusal("exchanged_trigger_id")
        if self._now() - trigger.made_at > TRIGGER_LIVES:
            raise Refusal("expired_trigger_id")
        body = self._checked_view("views.open", arguments, "modal")
        trigger.spent = True
        number = self._workspace.number()
        view = View(id=f"V0VIEW{number:05d}", hash=f"h{number}", user=trigger.user, body=body)
        self._workspace.views[view.id] = view
        return {"view": _view(view)}

    def update_view(self, arguments: Json) -> Json:
        view = self._workspace.views.get(str(arguments.get("view_id", "")))
        if view is None:
            raise Refusal("not_found")
        if arguments.get("hash") not in {None, view.hash}:
            raise Refusal("hash_conflict")
        view.body = self._checked_view("views.update", arguments, "modal")
        view.hash = f"h{self._workspace.number()}"
        return {"view": _view(view)}

    def publish_view(self, arguments: Json) -> Json:
        user = str(arguments.get("user_id", ""))
        if user not in self._workspace.users:
            raise Refusal("user_not_found")
        body = self._checked_view("views.publish", arguments, "home")
        self._workspace.homes[user] = body
        number = self._workspace.number()
        return {"view": _view(View(id=f"V0HOME{number:05d}", hash="h", user=user, body=body))}

    def _checked_view(self, method: str, arguments: Json, kind: str) -> Json:
        view = arguments.get("view")
        if not isinstance(view, dict) or view.get("type") != kind or "blocks" not in view:
            self._complaints.append(f"{method}: not a {kind} view")
            raise Refusal("invalid_arguments")
        self._check_blocks(method, view, "invalid_arguments")
        return view

    # -- files ---------------------------------------------------------------------------------

    def begin_upload(self, arguments: Json) -> Json:
        length = int(arguments.get("length", 0))
        if length <= 0 or not arguments.get("filename"):
            raise Refusal("invalid_arguments")
        file = File(
            id=f"F0FILE{self._workspace.number():05d}",
            name=str(arguments["filename"]),
            length=length,
        )
        self._workspace.files[file.id] = file
        return {"upload_url": f"{self.base}/upload/v1/{file.id}", "file_id": file.id}

    def complete_upload(self, arguments: Json) -> Json:
        done: list[Json] = []
        for told in arguments.get("files", ()):
            file = self._workspace.files.get(told.get("id"))
            if file is None or file.content is None:
                raise Refusal("file_not_found")
            file.complete = True
            file.title = told.get("title", file.name)
            channel = arguments.get("channel_id")
            file.channels = (self._workspace.writable(channel).id,) if channel else ()
            done.append(self.file_json(file))
            if channel:
                said = {"text": arguments.get("initial_comment", ""), "files": [file.id]}
                message = Message(ts=self._ts(), channel=channel, body=said)
                self._workspace.messages[channel].append(message)
        return {"files": done}

    def file_info(self, arguments: Json) -> Json:
        file = self._workspace.file(arguments.get("file"))
        file.looks += 1
        if not file.mimetype and file.looks >= self.looks_needed:
            file.mimetype = _sniffed(file.content or b"")
        return {"file": self.file_json(file), "comments": []}

    def delete_file(self, arguments: Json) -> Json:
        file = self._workspace.file(arguments.get("file"))
        if file.by != BOT_USER:
            raise Refusal("cant_delete_file")
        file.deleted, file.content = True, None
        return {}

    def file_json(self, file: File) -> Json:
        address = f"{self.base}/files-pri/{TEAM}-{file.id}/{file.name}"
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.mimetype.partition("/")[2],
            "size": file.length,
            "user": file.by,
            "mode": "hosted",
            "is_external": False,
            "file_access": "visible",
            "channels": list(file.channels),
            "shares": {},
            "url_private": address,
            "url_private_download": address,
        }

    # -- Socket Mode -----------------------------------------------------------------------------

    def open_socket(self, _arguments: Json) -> Json:
        ticket = f"t{self._workspace.number()}"
        return {"url": f"{self.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


def _sniffed(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/quicktime" if content[8:12] == b"qt  " else "video/mp4"
    return "application/octet-stream"


def _shown(message: Message) -> Json:
    shown = {"type": "message", "user": BOT_USER, "bot_id": BOT, "ts": message.ts}
    return {**shown, "text": message.text, "blocks": message.blocks}


def _view(view: View) -> Json:
    return {
        **view.body,
        "id": view.id,
        "hash": view.hash,
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT,
        "root_view_id": view.id,
        "state": {"values": {}},
    }


METHODS: Final[dict[str, Callable[[Methods, Json], Json]]] = {
    "apps.connections.open": Methods.open_socket,
    "auth.test": Methods.auth_test,
    "chat.delete": Methods.delete,
    "chat.postEphemeral": Methods.post_ephemeral,
    "chat.postMessage": Methods.post,
    "chat.update": Methods.update,
    "conversations.info": Methods.conversation,
    "conversations.members": Methods.members,
    "conversations.open": Methods.open_conversation,
    "files.completeUploadExternal": Methods.complete_upload,
    "files.delete": Methods.delete_file,
    "files.getUploadURLExternal": Methods.begin_upload,
    "files.info": Methods.file_info,
    "users.info": Methods.user,
    "users.list": Methods.users,
    "users.lookupByEmail": Methods.user_by_email,
    "views.open": Methods.open_view,
    "views.publish": Methods.publish_view,
    "views.update": Methods.update_view,
}
