"""A message that an action was used on: its words as they were seen, and its writer. Pure.

Teams sends it as HTML (``messagePayload``), with pictures that Microsoft Graph alone hands out. We
ask for no permission there, so that whoever proposes such a message sends us its pictures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from adapters.teams.inbound import Payload, part, text


MOST_READ: Final = 100_000
LONGEST_MESSAGE: Final = 20_000
"""Characters: more than any network takes."""
LONGEST_LINK: Final = 1_000

_LINK = re.compile(r"https://[!-~]+")
_OBJECT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``writer`` is the object id of whoever wrote it, small letters; "" for an app.

    ``left`` are its pictures and files, which don't come along. ``link`` is its address in Teams.
    """

    words: str = field(default="", repr=False)
    writer: str = ""
    left: int = 0
    link: str = field(default="", repr=False)


def message_of(value: Payload) -> Message:
    """The ``value`` of a ``composeExtension`` invoke; empty where it was used on no message."""
    payload = part(value, "messagePayload")
    body = part(payload, "body")
    content = body.get("content")
    content = content[:MOST_READ] if isinstance(content, str) else ""
    reader = _Reader()
    if body.get("contentType") == "html":
        reader.feed(content)
        reader.close()
        content = _tidy("".join(reader.said))
    user = text(part(part(payload, "from"), "user").get("id"), longest=64)
    listed = payload.get("attachments")
    files = [it for it in listed if _is_file(it)] if isinstance(listed, list) else []
    return Message(
        words=_clean(content).strip()[:LONGEST_MESSAGE],
        writer=user.lower() if _OBJECT.fullmatch(user) else "",
        left=reader.pictures + len(files),
        link=_link(payload.get("linkToMessage")),
    )


def _link(raw: object) -> str:
    """An address that says where it was seen; nothing of ours opens it."""
    found = raw if isinstance(raw, str) and len(raw) <= LONGEST_LINK else ""
    return found if _LINK.fullmatch(found) else ""


def _is_file(attachment: object) -> bool:
    """A file; a card or a quoted message isn't one."""
    return isinstance(attachment, Mapping) and attachment.get("contentType") == "reference"


def _tidy(words: str) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in words.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _clean(words: str) -> str:
    return "".join(it for it in words if it != "\0" and not "\ud800" <= it <= "\udfff")


class _Reader(HTMLParser):
    """Words line by line; a mention of somebody is nobody to those who read a school's page."""

    BREAKS: Final = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT: Final = frozenset({"script", "style", "attachment", "at"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.pictures = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag in self.SILENT:
            self._silent += 1
        elif tag == "img":
            # Teams draws an emoji as a picture and says it in its alt.
            if _is_emoji(of):
                self._say(of.get("alt") or "")
            else:
                self.pictures += 1
        elif tag == "emoji":
            self._say(of.get("alt") or "")
        elif tag in self.BREAKS:
            self._say("\n• " if tag == "li" else "\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in {"p", "div", "blockquote"}:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        self._say(data.replace("\xa0", " "))

    def _say(self, words: str) -> None:
        if not self._silent:
            self.said.append(words)


def _is_emoji(of: Mapping[str, str | None]) -> bool:
    kinds = f"{of.get('itemtype') or ''} {of.get('class') or ''}".casefold()
    return "emoji" in kinds or "emoticon" in kinds
