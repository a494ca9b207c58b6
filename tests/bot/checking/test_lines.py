"""``schoolgate check --jsonl``: a line in, a line out, whatever stands in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from bot.checking.lines import BadLine, answer, parse
from tests.bot.checking.office import FILES, lines, run


if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.usefixtures("office")
def test_every_line_is_answered_in_order_and_a_bad_one_stops_nothing() -> None:
    given = [
        '{"id": 1, "text": "Our beans"}',
        "nonsense",
        "",
        '{"id": "two", "text": 3}',
        '{"text": "no id"}',
        '["a"]',
        '{"id": "k", "text": "x", "kind": "reply"}',
        '{"id": "p", "text": "x", "pupils": "all"}',
        '{"id": "n", "text": NaN}',
        '{"id": "last", "text": "Well done Amelia Khan"}',
    ]
    result = run("--jsonl", "-", *FILES, given="\n".join(given))
    answered = lines(result)
    assert result.exit_code == 65
    assert [one["id"] for one in answered] == [1, None, "two", None, None, "k", "p", None, "last"]
    assert ["error" in one for one in answered] == [False, *[True] * 7, False]
    assert [one["error"].partition(":")[0] for one in answered if one.get("id", 0) is None] == [
        "Line 2",
        "Line 5",
        "Line 6",
        "Line 9",
    ]
    assert answered[3]["error"].startswith("Line 5: “id” is missing: write one of your own")
    assert answered[-1]["outcome"] == "block"
    assert all(set(one) in ({"id", "error"}, {"id", "outcome", "findings"}) for one in answered)


def test_judged_lines_leave_with_success_whatever_they_say(office: Path) -> None:
    text = '{"id": 1, "text": "Ring 07700 900123"}\r\n\r\n{"id": 2, "text": "Our beans"}'
    (office / "drafts.jsonl").write_bytes(b"\xef\xbb\xbf" + text.encode())
    result = run("--jsonl", "drafts.jsonl")
    assert result.exit_code == 0
    assert [one["outcome"] for one in lines(result)] == ["block", "clear"]


def test_no_lines_are_no_failure() -> None:
    result = run("--jsonl", "-", given="")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.usefixtures("office")
def test_places_count_code_points_of_the_field_as_given() -> None:
    text = "\U0001f600\U0001f469\u200d\U0001f52c Ame\u0301lia Khan"
    given = json.dumps({"id": 1, "text": text, "alt": ["x\u0301y Amelia Khan"], "pupils": "none"})
    (answered,) = lines(run("--jsonl", "-", *FILES, given=given))
    fields = {"text": text, "alt[0]": "x\u0301y Amelia Khan"}
    marked = [
        fields[one["field"]][one["start"] : one["end"]]
        for one in answered["findings"]
        if one["start"] is not None
    ]
    assert marked == ["Ame\u0301lia Khan", "Amelia Khan"]


@pytest.mark.parametrize(
    ("line", "outcomes"),
    [
        ({"alt": ["Beans"]}, ["not_said"]),
        ({"alt": ["Beans"], "pupils": "none"}, []),
        ({"alt": ["Beans"], "pupils": []}, ["not_said"]),
        ({"alt": ["Beans"], "pupils": ["A1"]}, []),
        ({"alt": ["Beans"], "pupils": ["A2"], "account": "oakfield-instagram"}, []),
        ({"alt": ["Beans"], "pupils": ["A2"], "account": "oakfield-facebook"}, ["refused"]),
        ({"alt": ["Beans"], "pupils": ["A2"], "account": "facebook"}, ["refused"]),
        ({"alt": ["Beans"], "pupils": ["A2"]}, ["refused"]),
        ({"alt": ["Beans"], "pupils": ["A9"]}, ["missing"]),
        ({"alt": [""], "pupils": "none"}, ["missing"]),
        ({"kind": "comment", "text": "20% off at my salon"}, ["advertising"]),
    ],
)
@pytest.mark.usefixtures("office")
def test_a_line_says_who_is_in_its_pictures(line: dict[str, object], outcomes: list[str]) -> None:
    given = json.dumps({"id": 1, "text": "Our garden"} | line)
    (answered,) = lines(run("--jsonl", "-", *FILES, given=given))
    assert [one["category"] for one in answered["findings"]] == outcomes


def test_pictures_are_looked_into(office: Path) -> None:
    folder = office / "drafts"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x010E] = "Amelia Khan at her desk"
    Image.new("RGB", (8, 8), "green").save(folder / "one.jpg", exif=exif)
    (folder / "two.jpg").write_bytes(b"no picture")
    drafts = [
        {"id": "named", "text": "x", "alt": ["A desk"], "images": ["one.jpg"], "pupils": "none"},
        {"id": "no picture", "text": "x", "alt": ["A desk"], "images": ["two.jpg"]},
        {"id": "missing", "text": "x", "images": ["three.jpg"]},
        {"id": "no words", "text": "x", "images": ["one.jpg"], "pupils": ["A1"]},
    ]
    (folder / "drafts.jsonl").write_text("\n".join(map(json.dumps, drafts)), encoding="utf-8")
    result = run("--jsonl", "drafts/drafts.jsonl", *FILES)
    named, no_picture, missing, no_words = lines(result)
    assert result.exit_code == 65
    assert [one["category"] for one in named["findings"]] == ["named_in_file"]
    assert no_picture["error"] == "images[0] isn't a picture that can be read."
    assert missing["error"] == "images[0] can't be opened: is the path right?"
    assert [(one["field"], one["category"]) for one in no_words["findings"]] == [
        ("alt[0]", "missing")
    ]


@given(st.binary(max_size=80))
def test_no_bytes_do_worse_than_an_answer(raw: bytes) -> None:
    identity, line = parse(raw)
    if isinstance(line, BadLine):
        answered = json.loads(answer(identity, line))
        assert set(answered) == {"id", "error"}
        assert str(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(["id", "text", "kind", "account", "alt", "images", "pupils", "more"])


@given(st.dictionaries(KEYS, JSON))
def test_no_object_does_worse_than_an_answer(value: dict[str, object]) -> None:
    identity, line = parse(json.dumps(value).encode())
    if isinstance(line, BadLine):
        assert set(json.loads(answer(identity, line))) == {"id", "error"}
    else:
        assert line.id == value["id"]
