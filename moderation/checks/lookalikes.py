"""Letters and marks that a reader takes for plain Latin ones, after Unicode TR39's confusables."""

# ruff: noqa: RUF001  these characters look like others: that is what the tables are about

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Mapping


LETTERS: Mapping[str, str] = {
    other: plain
    for plain, others in {
        "a": "аαɑ⍺АΑ",
        "b": "ьЬβᏴВвΒ",
        "c": "сϲⅽС",
        "d": "ԁⅾɗ",
        "e": "еєεҽℯЕΕ",
        "f": "ſϝғ",
        "g": "ɡց",
        "h": "һнНΗ",
        "i": "іιıɩІΙ",
        "j": "јϳЈ",
        "k": "кκКΚ",
        "l": "ⅼǀӏӀ",
        "m": "мⅿМΜ",
        "n": "ոпηΝ",
        "o": "оοօσ०ОΟ",
        "p": "рρРΡ",
        "q": "ԛգ",
        "s": "ѕꜱЅ",
        "t": "тτТΤ",
        "u": "υսμ",
        "v": "ѵνⅴ",
        "w": "ԝωш",
        "x": "хχХΧ",
        "y": "уүγУΥҮ",
        "z": "ᴢΖ",
    }.items()
    for other in others
}
"""A foreign letter, in the case that it is seen in, and the Latin one it passes for."""

MARKS: Mapping[str, str] = {
    **dict.fromkeys("’‘ʼʻ`´′＇‛ꞌ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣", "-"),
    "…": "...",
}
"""Quotation marks, apostrophes and dashes in one form each."""
