"""Of the evaluation itself: it bites, its halves share nothing, and its figures are right."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from evaluation.asking import Asked
from evaluation.content import functionalities, ordinary, pairs_of, remarks
from evaluation.disguise import filled
from evaluation.flagged import MUST_FLAG, families_of, frames_of, named_cases, shared_of
from evaluation.model import Half, Share, Verdict, Want
from evaluation.names import Names, names_of
from evaluation.page import bars, page
from evaluation.private import TITLES, forms_of, nhs_number, private_cases, pupil_number
from evaluation.quiet import MUST_NOT_FLAG, quiet_cases, quiet_of
from evaluation.roster import school, words_only
from evaluation.score import Score, score
from evaluation.seal import LOG, SEAL, digests
from evaluation.statistics import f_beta, wilson
from evaluation.veil import unveiled
from moderation.policies.loader import shipped


DEV, SCORED = Half.DEVELOPMENT, Half.SCORED
PUPILS = school(names_of(DEV), 300, 1)
PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"


@cache
def run_score(half: Half, each: int, *, trust: int) -> Score:
    return score(half, each, trust=trust)


def plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("\u0131", "i"))
    return re.sub(r"[^a-z]", "", "".join(c for c in parts if c.isascii()).casefold())


def said_names(names: Names) -> set[str]:
    others = [
        name for listed in (*names.shorts.values(), *names.variants.values()) for name in listed
    ]
    return {plain(name) for name in (*names.parts(), *names.echoes, *others)}


def sentences(half: Half) -> set[str]:
    told = quiet_of(half)
    content = pairs_of(half)["pairs"]
    lists = (*frames_of(half).lists.values(), *told["quiet"].values())
    found = {text for listed in lists for text in listed} - {"{name}"}
    found |= {text for pairs in content.values() for pair in pairs for text in pair}
    return found | set(ordinary(half)) | set(remarks(half)) | set(told["padding"]["sentences"])


def test_the_halves_share_no_name() -> None:
    assert said_names(names_of(DEV)) & said_names(names_of(SCORED)) == set()
    assert set(names_of(DEV).staff) & set(names_of(SCORED).staff) == set()
    assert set(names_of(DEV).public) & set(names_of(SCORED).public) == set()


def test_the_halves_share_no_sentence() -> None:
    assert sentences(DEV) & sentences(SCORED) == set()


def test_the_halves_share_no_way_of_writing() -> None:
    for listed in (families_of, shared_of):
        ours, theirs = (
            {one if isinstance(one, str) else one.id for one in listed(half)}
            for half in (DEV, SCORED)
        )
        assert ours & theirs == set()
    assert {form[1] for form in forms_of(DEV)} & {form[1] for form in forms_of(SCORED)} == set()


def test_the_halves_share_no_disguise_and_no_rude_word_that_is_drawn() -> None:
    used = {
        half: set(re.findall(r"\|([a-z]+)\}", str(pairs_of(half)["pairs"])))
        for half in (DEV, SCORED)
    }
    assert used[DEV] & used[SCORED] == set()
    for slot in ("slur", "ableist", "curse", "person"):
        ours, theirs = (set(pairs_of(half)["slots"][slot].split(", ")) for half in (DEV, SCORED))
        assert ours & theirs == set()


def test_the_scored_half_is_as_it_was_sealed() -> None:
    assert digests() == SEAL.read_text(encoding="utf-8")


def test_there_is_as_much_of_everything_as_was_asked_for() -> None:
    assert len(functionalities()) >= 35
    assert sum(len(ordinary(half)) for half in Half) >= 300
    for half in Half:
        assert len(names_of(half).origins) >= 8
        assert set(pairs_of(half)["pairs"]) == set(functionalities())
        written = {family.category for family in families_of(half)} | {"F20"}
        assert written == {category.id for category in MUST_FLAG}
        assert {form[0] for form in forms_of(half)} == set(TITLES)


@pytest.mark.parametrize("half", Half)
def test_every_category_has_cases(half: Half) -> None:
    pupils = school(names_of(half), 1_500, 20260914)
    named = list(named_cases(half, pupils, 12))
    for category in MUST_FLAG:
        assert sum(case.category == category.id for case in named) == 12, category
    quiet = {case.category for case in quiet_cases(half, pupils, 12)}
    assert quiet == {category.id for category in MUST_NOT_FLAG}


def test_the_same_cases_come_every_time() -> None:
    assert list(named_cases(DEV, PUPILS, 5)) == list(named_cases(DEV, PUPILS, 5))
    assert list(private_cases(DEV, 5)) == list(private_cases(DEV, 5))


def test_a_named_pupils_place_is_where_the_name_stands() -> None:
    cases = [case for case in named_cases(DEV, PUPILS, 10) if case.family == "plain"]
    assert cases
    for case in cases:
        (place,) = case.places
        name = case.text[place.start : place.end]
        assert any(name == f"{pupil.first} {pupil.last}" for pupil in PUPILS)


def test_nobody_is_called_as_somebody_known() -> None:
    names = names_of(DEV)
    made = {f"{p.first} {p.last}".casefold() for p in (*PUPILS, *words_only(names, 1_500, 1))}
    assert made & names.reserved == set()


@cache
def met(without: str = "") -> dict[str, float]:
    """Share of cases as asked, by category, with one rule of the pack taken out."""
    pack = shipped("step")
    kept = tuple(rule for rule in pack.rules if rule.id != without)
    assert without == "" or len(kept) < len(pack.rules)
    asked = Asked(DEV, PUPILS, pack=replace(pack, rules=kept))
    cases = [
        *(case for case in named_cases(DEV, PUPILS, 4) if case.category in {"F1", "F23", "F24"}),
        *(case for case in private_cases(DEV, 2) if case.category in {"mobile", "nhs", "link"}),
    ]
    found: dict[str, list[bool]] = {}
    for case in cases:
        found.setdefault(case.category, []).append(asked.verdict(case).meets(case.want))
    return {category: sum(hits) / len(hits) for category, hits in found.items()}


@pytest.mark.parametrize(
    ("rule", "category"),
    [
        ("pupil-named", "F1"),
        ("first-name", "F23"),
        ("surname", "F24"),
        ("mobile-number", "mobile"),
        ("identity-number", "nhs"),
        ("link", "link"),
    ],
)
def test_a_category_drops_when_its_rule_is_taken_out(rule: str, category: str) -> None:
    whole, less = met(), met(without=rule)
    assert less[category] < whole[category]
    assert {name: rate for name, rate in less.items() if name != category} == {
        name: rate for name, rate in whole.items() if name != category
    }


def test_a_run_counts_everything_and_its_page_tells_it() -> None:
    counted = run_score(DEV, 1, trust=1_500)
    assert {row.id for row in counted.must} == {category.id for category in MUST_FLAG}
    assert {row.id for row in counted.must_not} == {category.id for category in MUST_NOT_FLAG}
    assert {row.id for row in counted.pairs} == set(functionalities())
    assert counted.posts == len(ordinary(DEV))
    (plain_names,) = [row for row in counted.must if row.id == "F1"]
    assert plain_names.met == Share(hits=1, of=1)
    told = page([counted], "Measured today.")
    assert "Measured today." in told
    assert len(re.findall(r"^\| [FN]\d+ ", told, re.MULTILINE)) == 38
    for about in functionalities().values():
        assert about["title"].replace(" | ", " · ") in told


def test_a_bar_is_missed_by_a_hair() -> None:
    counted = run_score(DEV, 1, trust=1_500)
    row = replace(counted.must[0], id="F1", met=Share(hits=995, of=1_000))
    whole = replace(counted, must=(row,))
    assert bars(whole)[0].passed
    less = replace(counted, must=(replace(row, met=Share(hits=994, of=1_000)),))
    assert not bars(less)[0].passed


def test_the_page_is_of_an_opening_that_was_written_down() -> None:
    said = PAGE.read_text("utf-8")
    told = re.search(r"Measured (.+), commit (\w+), size (\w+)\.", said)
    assert told is not None
    opening = tomllib.loads(LOG.read_text("utf-8"))["opening"][-1]
    assert told.groups() == (opening["date"], opening["commit"], opening["size"])
    head, half = said.index("## The scored half"), said.index("## The development half")
    assert head < said.index("| F24 ") < half


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe, Two-sided confidence intervals for the single proportion (1998), table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (200, 200, 0.9812, 1.0),
    ],
)
def test_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(Share(hits=hits, of=of)) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(Share()) == (0.0, 1.0)


def test_f5_weighs_a_miss_most() -> None:
    assert f_beta(found=10, missed=0, false=0) == 1.0
    assert f_beta(found=8, missed=2, false=0) < f_beta(found=8, missed=0, false=2)
    # Precision 0.5 and recall 0.8: 26 · 0.4 / (12.5 + 0.8).
    assert f_beta(found=8, missed=2, false=8) == pytest.approx(26 * 0.4 / 13.3)
    assert f_beta(found=0, missed=3, false=0) == 0.0


def test_a_veiled_word_is_read_and_not_shown() -> None:
    assert unveiled("a {{pnoontr}} here") == "a cabbage here"
    slots = {"thing": ("{{pnoontr}}",)}
    assert filled("{thing|dotted} {{cbg}|capitals}", slots, Random(1)) == ("c.a.b.b.a.g.e POT")


def test_numbers_have_their_check_digits() -> None:
    number = nhs_number(Random(1))
    assert sum(int(d) * (10 - at) for at, d in enumerate(number)) % 11 == 0
    upn = pupil_number(Random(1))
    weights = sum(int(d) * (at + 2) for at, d in enumerate(upn[1:])) % 23
    assert "ABCDEFGHJKLMNPQRTUVWXYZ"[weights] == upn[0]


def test_each_wish_is_met_by_what_it_says() -> None:
    blocked, flagged, quiet = (
        Verdict(*two) for two in ((True, True), (False, True), (False, False))
    )
    told = {want: [v.meets(want) for v in (blocked, flagged, quiet)] for want in Want}
    assert told == {
        Want.BLOCK: [True, False, False],
        Want.NOTICE: [True, True, False],
        Want.NO_BLOCK: [False, True, True],
        Want.PASS: [False, False, True],
    }
