"""Two hundred texts that want to be more than text, and what Slack could take a text for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final


MENTIONS: Final = (
    "<!channel>",
    "<!here>",
    "<!everyone>",
    "<@U012ABCDEF>",
    "<@U012ABCDEF|somebody>",
    "<#C012ABCDEF>",
    "<#C012ABCDEF|general>",
    "<!subteam^S012ABCDE>",
    "<!subteam^S012ABCDE|@staff>",
    "<!date^1392734382^{date}|now>",
    "@channel",
    "@here",
    "@everyone",
    "#general",
    "&lt;!channel&gt;",
    "&#60;!channel&#62;",
    "<\u200b!channel>",
    "<!channel",
    "!channel>",
    "<<!channel>>",
)
LINKS: Final = (
    "<https://evil.example|https://school.example>",
    "[school.example](https://evil.example)",
    "<mailto:head@evil.example|head@school.example>",
    "<tel:+441632960209|ring us>",
    "https://school.example@evil.example/",
    "https://evil.example/?a=1&b=<2>",
    "javascript:alert(1)",
    "<javascript:alert(1)|open>",
    "http://user:pass@evil.example",
    "https://xn--80ak6aa92e.example/",
    "slack://user?team=T1&id=U1",
    "<slack://open|open>",
    "![picture](https://evil.example/p.png)",
    "<img src=https://evil.example/p.png>",
    "evil.example",
    "https://evil.example\u200b.school.example",
)
FORMATS: Final = (
    "*bold*",
    "_italic_",
    "~struck~",
    "`code`",
    "```block```",
    "> quoted",
    ">>> all quoted",
    "- item\n- item",
    "1. item",
    "# heading",
    ":tada:",
    ":white_check_mark: Approved",
    "✅ Approved by Mrs Okafor",
    "*Approved*\n_today 16:02_",
    "| a | b |",
    "---",
    "**bold** __too__",
    "<b>bold</b>",
    "&amp;&lt;&gt;",
    "{{ 7*7 }} ${7*7} %s %n",
)
UNSEEN: Final = (
    "safe\u202eelpmaxe.live\u202c text",
    "\u2066isolated\u2069",
    "a\u200bb\u200cc\u200dd",
    "\ufeffmark first",
    "soft\u00adhyphen",
    "bell\x07 and\x1b[31m red",
    "nul\x00l",
    "line\u2028separators\u2029",
    "\u2060joined\u2060",
    "\U000e0041\U000e0042tags",
    "lone \ud800 half",
    "private\ue000use",
    "\u200fright\u200eleft",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "👨\u200d👩\u200d👧 family",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f flag",
    "❤\ufe0f",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\t\r\n  \n",
)
LONG: Final = (
    "a" * 5_000,
    "word " * 3_000,
    "🎉" * 4_000,
    "\u200b" * 4_000,
    "\u202e" * 3_000,
    "<!channel> " * 600,
    "&<>" * 3_000,
    "\n" * 3_000,
    "👨\u200d👩\u200d👧" * 900,
    '"\\' * 4_000,
)
EMPTY: Final = ("", " ", "\n", "\u200b", " ", "\u3000", "\u2800")


def texts() -> tuple[str, ...]:
    """At least two hundred, each once."""
    plain = (*MENTIONS, *LINKS, *FORMATS, *UNSEEN, *LONG, *EMPTY)
    mixed = (f"{one} {other}" for one, other in product(MENTIONS[:12], (*LINKS[:6], *FORMATS[:6])))
    return tuple(dict.fromkeys((*plain, *mixed)))


# -- what Slack would read ------------------------------------------------------------------------

INERT: Final = frozenset({"plain_text", "text"})
"""Kinds of objects whose ``text`` Slack never parses."""


def parsed(thing: object) -> Iterator[str]:
    """Every string that Slack would parse for mentions, links or formats, or open."""
    if isinstance(thing, Mapping):
        yield from _parsed_here(thing)
        for value in thing.values():
            yield from parsed(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from parsed(value)


def _parsed_here(thing: Mapping[str, Any]) -> Iterator[str]:
    kind = thing.get("type")
    if isinstance(thing.get("text"), str) and kind not in INERT:
        yield thing["text"]
    if kind in {"link", "user", "usergroup", "broadcast", "channel", "emoji", "date", "markdown"}:
        yield str(dict(thing))
    if kind == "plain_text" and thing.get("emoji") is not False:
        yield thing["text"]
    if "url" in thing or "image_url" in thing:
        yield str(thing.get("url", thing.get("image_url")))


def said(thing: object) -> str:
    """All the words that somebody sees, in order."""
    if isinstance(thing, Mapping):
        if thing.get("type") in INERT:
            return str(thing["text"])
        return "\n".join(filter(None, (said(value) for value in thing.values())))
    if isinstance(thing, list | tuple):
        return "".join(said(value) for value in thing)
    return ""
