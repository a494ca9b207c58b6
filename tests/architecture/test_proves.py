"""The marks are honest: known ids only, readable from source, and the committed page is current."""

from __future__ import annotations

import pytest

from tests.proves import PAGE, BadMark, known, left_out, marks, page, proofs, proves


# One process reads all the tests, once.
pytestmark = pytest.mark.xdist_group("sources")


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(proofs()), "run `make coverage-page`"


@pytest.mark.parametrize("wrong", ["STEP-MOD-99", "step-mod-1", ""])
def test_an_unknown_requirement_is_refused(wrong: str) -> None:
    with pytest.raises(BadMark, match=r"docs/requirements\.toml"):
        proves("STEP-MOD-1", wrong)


def test_a_mark_without_a_requirement_is_refused() -> None:
    with pytest.raises(BadMark, match="names nothing"):
        proves()


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(BadMark, match="known are sandbox, slack, teams"):
        proves("STEP-MOD-1", platform="irc")  # type: ignore[arg-type] # the mistake under test


def test_a_known_mark_carries_its_ids_and_its_platform() -> None:
    mark = proves("STEP-MOD-1", "CARD-NAME-1", platform="teams").mark
    assert mark.name == "proves"
    assert mark.args == ("STEP-MOD-1", "CARD-NAME-1")
    assert mark.kwargs == {"platform": "teams"}


def test_marks_are_read_from_functions_classes_and_modules() -> None:
    source = """
pytestmark = [pytest.mark.e2e, proves("STEP-LINK-1", platform="sandbox")]

@proves("STEP-MOD-1", "STEP-ADMIN-1")
@proves("STEP-MOD-1", platform="slack")
async def test_two_people(): ...

@proves("CARD-NAME-1")
class TestNames: ...
"""
    found = {(p.requirement, p.platform, p.test) for p in marks(source, "tests/posts/test_x.py")}
    assert found == {
        ("STEP-LINK-1", "sandbox", "test_x"),
        ("STEP-MOD-1", "", "test_two_people"),
        ("STEP-ADMIN-1", "", "test_two_people"),
        ("STEP-MOD-1", "slack", "test_two_people"),
        ("CARD-NAME-1", "", "TestNames"),
    }


@pytest.mark.parametrize("argument", ["'NO-SUCH-1'", "SOME_NAME", "f'{x}'"])
def test_a_mark_that_cannot_be_trusted_names_its_line(argument: str) -> None:
    source = f"\n@proves({argument})\ndef test_it(): ...\n"
    with pytest.raises(BadMark, match=r"tests/test_y\.py:2: "):
        list(marks(source, "tests/test_y.py"))


def test_the_page_counts_and_compares_what_was_proved() -> None:
    source = "@proves('STEP-MOD-1', platform='slack')\ndef test_a(): ...\n"
    text = page(tuple(marks(source, "tests/slack/test_a.py")))
    assert f"**1 of {len(known())} requirements" in text
    assert "[slack/test_a.py](../tests/slack/test_a.py) × 1" in text
    assert "| STEP-MOD-1 | – | 1 | – |" in text


def test_every_requirement_is_one_sentence_of_its_own() -> None:
    sentences = [row.says for row in known().values() if "-REVIEW-" not in row.id]
    assert len(set(sentences)) == len(sentences)
    assert all(said.endswith(".") for said in sentences)
    assert left_out()
