"""The world outside the process: what was sent stays sent, whoever dies.

Two plain files, to which every process appends. They are as dumb as a platform: whoever sends
twice has sent twice. Asking before sending is the adapter's part, and it is not one step with the
sending: two processes that work on one row at a time would both ask, and both send.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moderation.kernel import Identity, Platform
from moderation.ports import Conversation, Delivered, Delivery, Gone, HandedOut, Release


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.views import Card


@dataclass
class Lines:
    """A file of JSON lines; one ``write`` each, so that processes may append side by side."""

    path: Path
    _read: int = 0

    def append(self, line: dict[str, Any]) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, json.dumps(line).encode() + b"\n")
        finally:
            os.close(handle)

    def new(self) -> Iterator[dict[str, Any]]:
        """Whatever came since the last time."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                yield json.loads(line)


@dataclass
class OutsideChat:
    """A platform that can be asked for a message by its key."""

    lines: Lines
    _refs: dict[tuple[str, str], str] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        self._look()
        known = self._refs.get((to.id, key))
        if known is not None:
            return Delivered(known)
        await asyncio.sleep(0.001)
        ref = os.urandom(8).hex()
        self.lines.append({"post": ref, "to": to.id, "key": key, "state": card.state})
        await asyncio.sleep(0.001)
        return Delivered(ref)

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        self._look()
        if ref not in self._known:
            return Gone()
        await asyncio.sleep(0.001)
        self.lines.append({"update": ref, "to": at.id, "state": card.state})
        return Delivered(ref)

    async def private(self, to: Identity) -> Conversation | None:
        if to.platform is not Platform.SANDBOX:
            return None
        return Conversation(Platform.SANDBOX, f"person:{to.id}")

    def _look(self) -> None:
        for line in self.lines.new():
            if "post" in line:
                self._refs.setdefault((line["to"], line["key"]), line["post"])
                self._known.add(line["post"])


@dataclass
class OutsidePublisher:
    """Nothing stops it from going out twice but whoever calls it."""

    lines: Lines

    async def hand_out(self, release: Release) -> HandedOut:
        await asyncio.sleep(0.002)
        self.lines.append({"revision": release.revision, "account": release.account})
        await asyncio.sleep(0.002)
        return HandedOut("outside")


@dataclass
class Outside:
    """All of it, in one folder."""

    folder: Path

    def chat(self) -> OutsideChat:
        return OutsideChat(Lines(self.folder / "chat.jsonl"))

    def publisher(self) -> OutsidePublisher:
        return OutsidePublisher(Lines(self.folder / "released.jsonl"))

    # -- what came of it -----------------------------------------------------------------------

    def messages(self) -> Counter[tuple[str, str]]:
        """How often each key was posted in each conversation."""
        found = Lines(self.folder / "chat.jsonl").new()
        return Counter((line["to"], line["key"]) for line in found if "post" in line)

    def shown(self) -> dict[tuple[str, str], str]:
        """What each message says last."""
        keys: dict[str, tuple[str, str]] = {}
        states: dict[tuple[str, str], str] = {}
        for line in Lines(self.folder / "chat.jsonl").new():
            if "post" in line:
                keys[line["post"]] = (line["to"], line["key"])
            states[keys[line.get("post") or line["update"]]] = line["state"]
        return states

    def released(self) -> Counter[tuple[str, str]]:
        """How often each revision went out on each account."""
        found = Lines(self.folder / "released.jsonl").new()
        return Counter((line["revision"], line["account"]) for line in found)
