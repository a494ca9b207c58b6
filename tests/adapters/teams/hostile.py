"""Texts that want to be more than text, and what Teams could take a text for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt

from tests.adapters.slack import hostile
from tests.adapters.teams.pressing import Json, within


if TYPE_CHECKING:
    from collections.abc import Iterator


OWN: Final = (
    "<at>Mrs Okafor</at>",
    "<at id=29:1>everyone</at>",
    "{{DATE(2026-11-19T08:00:00Z, SHORT)}}",
    "{{TIME(2026-11-19T08:00:00Z)}}",
    "{{{DATE(2026-11-19T08:00:00Z)}}}",
    "${$root.title} ${if(true, 'a', 'b')}",
    "[Approve](https://evil.example)",
    "[a]: https://evil.example\n[a]",
    "<https://evil.example>",
    "\\*escaped\\*",
    "\\[x\\](https://evil.example)",
    "1. first\r2. second",
    "7) seven",
    "+ plus",
    "~~struck~~ __bold__ ***both***",
    "&#42;bold&#42; &amp; &lt;at&gt;",
    "a\r\n\r\nb",
    "\tcode",
    "    code",
    "heading\n===",
    "<speak>hello</speak>",
)
INERT: Final = frozenset({"text", "text_special", "softbreak"})
_COMMONMARK: Final = MarkdownIt("commonmark").enable("strikethrough")


def texts() -> tuple[str, ...]:
    """Slack's two hundred, and what only Teams would read as more than words."""
    return tuple(dict.fromkeys((*hostile.texts(), *OWN)))


def parsed(card: Json) -> Iterator[str]:
    """Whatever Teams would compute, format, link or fetch, apart from actions and pictures."""
    if "entities" in card.get("msteams", {}):
        yield "mentions"
    if "speak" in card:
        yield "speech, which is markup"
    yield from _formatted(card.get("fallbackText", ""))
    for it in within(card):
        match it.get("type"):
            case "TextBlock":
                yield from _formatted(it["text"])
            case "TextRun" if "{{" in it["text"]:
                yield "computed"
            case "FactSet" | "Media" | "Table":
                yield "an element whose words are Markdown"
            case "Input.ChoiceSet":
                for choice in it["choices"]:
                    yield from _formatted(choice["title"])
            case _:
                label = f"{it.get('title', '')} {it.get('label', '')}"
                if "{{" in label:
                    yield "computed"


def _formatted(words: str) -> Iterator[str]:
    """What Markdown makes of it beside lines of words."""
    if "{{" in words:
        yield "computed"
    for line in (words, *words.split("\n")):
        for token in _COMMONMARK.parse(line):
            if token.type not in {"paragraph_open", "paragraph_close", "inline"}:
                yield token.type
            children: list[Any] = token.children or []
            yield from (it.type for it in children if it.type not in INERT)
