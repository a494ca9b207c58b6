"""A message that becomes a post: its words as they were seen, its pictures and videos. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from adapters.slack.inbound import unescape_slack
from adapters.taking_in import MOST_PICTURES


if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_MESSAGE: Final = 15_000
"""Characters that the dialog's boxes can hold."""

VIDEO: Final = "video/"
TAKEN: Final = ("image/", VIDEO)
SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{1,30}")
_LINK = re.compile(r"<([^<>]*)>")


def message_words(message: Mapping[str, object]) -> str:
    """The words of a message as its writer saw them, without Slack's marks.

    Slack's own editor sends ``rich_text``, where words stand apart from how they look; what an app
    or an old client wrote is read from its ``text``.
    """
    blocks = message.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping) and block.get("type") == "rich_text":
            return _tidy("\n".join(_paragraphs(block.get("elements"))))
    raw = message.get("text")
    return _tidy(unescape_slack(_LINK.sub(_linked, raw))) if isinstance(raw, str) else ""


def message_files(message: Mapping[str, object]) -> tuple[tuple[str, ...], int]:
    """Slack's ids of its pictures and videos, at most ten; and how many other files there are."""
    told = _files(message)
    pictures = [it for it in told if str(it.get("mimetype", "")).startswith(TAKEN)]
    ids = [str(it.get("id", "")) for it in pictures]
    good = tuple(dict.fromkeys(filter(SLACK_ID.fullmatch, ids)))[:MOST_PICTURES]
    return good, len({str(it.get("id", "")) for it in told}) - len(good)


def message_moves(message: Mapping[str, object]) -> bool:
    """Whether there is a video among its files."""
    return any(moves(it) for it in _files(message))


def moves(file: Mapping[str, object]) -> bool:
    """Whether Slack says of a file that it is a video."""
    return str(file.get("mimetype", "")).startswith(VIDEO)


def _files(message: Mapping[str, object]) -> list[Mapping[str, object]]:
    files = message.get("files")
    return [it for it in (files if isinstance(files, list) else []) if isinstance(it, Mapping)]


def _paragraphs(elements: object) -> Iterator[str]:
    for element in elements if isinstance(elements, list) else ():
        if not isinstance(element, Mapping):
            continue
        within = element.get("elements")
        if element.get("type") == "rich_text_list":
            for line in _paragraphs(within):
                yield f"• {line}"
        else:
            yield "".join(map(_run, within if isinstance(within, list) else ())).strip("\n")


def _run(element: object) -> str:
    match element:
        case {"type": "text", "text": str(words)} | {"type": "link", "text": str(words)} if words:
            return words
        case {"type": "link", "url": str(address)}:
            return address
        case {"type": "emoji", "unicode": str(points)}:
            codes = points.split("-")
            good = all(re.fullmatch(r"[0-9a-fA-F]{2,5}", code) for code in codes)
            return "".join(chr(int(code, 16)) for code in codes) if good else ""
        case _:
            # Mentions: who is meant here is nobody to those who read a school's page.
            return ""


def _linked(found: re.Match[str]) -> str:
    target, _, label = found[1].partition("|")
    if target[:1] in {"@", "#", "!"}:
        return ""
    return label or target.removeprefix("mailto:")


def _tidy(words: str) -> str:
    clean = "".join(char for char in words if char != "\0" and not "\ud800" <= char <= "\udfff")
    return clean.strip()[:LONGEST_MESSAGE]
