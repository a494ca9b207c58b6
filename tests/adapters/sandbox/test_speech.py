"""The page's own words keep the house's rules of speech; those of cards are tested in the core."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from adapters import intents
from adapters.sandbox.render import HERE
from tests.moderation.test_words import AMERICAN, INNER, ISO, MOST_WORDS, SENTENCE


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN = ("alt", "aria-label", "placeholder", "title")
JINJA = re.compile(r"{%.*?%}|{#.*?#}|{{.*?}}", re.DOTALL)
SCRIPT = re.compile(r"""(["'`])((?:(?!\1).)*)\1""")


class _Words(HTMLParser):
    """Text and spoken attributes of a template."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(JINJA.sub("·", source))

    def handle_data(self, data: str) -> None:
        self.found.append(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.found += [value for name, value in attrs if name in SHOWN and value]


def _of_templates() -> Iterator[str]:
    for path in sorted((HERE / "templates").glob("*.html")):
        yield from _Words(path.read_text(encoding="utf-8")).found


def _of_code(path: Path) -> Iterator[str]:
    """Strings of Python that are sentences and no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docs:
            continue
        words = node.value
        if isinstance(words, str) and "\n" not in words and re.search(r"[a-z] [a-z]", words):
            yield words


def _of_script(path: Path) -> Iterator[str]:
    code = re.sub(r"^\s*(//|/\*|\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for _, words in SCRIPT.findall(code):
        if re.match(r"[A-Z][a-z]+ ", words):
            yield words


def _everything() -> Iterator[str]:
    yield from _of_templates()
    for path in (*sorted(HERE.glob("*.py")), HERE.parent / f"{intents.__name__.split('.')[1]}.py"):
        yield from _of_code(path)
    for path in sorted((HERE / "static").glob("*.js")):
        yield from _of_script(path)


WORDS = sorted({words for words in _everything() if words and not words.startswith("/")})


def test_there_is_enough_to_read() -> None:
    assert len(WORDS) > 80
    for words in (
        "My drafts",
        "Please choose who you are first.",
        "Please choose",
        "Copy the text",
    ):
        assert words in WORDS
    assert "No pupil can be recognised" in WORDS
    assert any(words.startswith("Your browser won't let me copy") for words in WORDS)


@pytest.mark.parametrize("rule", [INNER, ISO, AMERICAN], ids=["inner", "iso", "us"])
def test_no_word_that_a_reader_should_not_meet(rule: re.Pattern[str]) -> None:
    assert not {words: found[0] for words in WORDS if (found := rule.search(words))}


def test_the_page_never_raises_its_voice() -> None:
    assert not [words for words in WORDS if "!" in words]


def test_no_sentence_is_longer_than_25_words() -> None:
    sentences = [sentence for words in WORDS for sentence in SENTENCE.findall(words)]
    assert not [sentence for sentence in sentences if len(sentence.split()) > MOST_WORDS]
