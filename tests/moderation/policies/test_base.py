"""A pack based on another: what it takes, what it says itself, and what is wrong with it."""

from __future__ import annotations

import pytest

from moderation.checks.trial import try_examples
from moderation.policies.loader import PackError, load_pack, shipped
from moderation.policies.model import Severity


HEAD = """\
id = "mill"
version = "1"
title = "The mill's policy"
review_date = "none"
based_on = "step"

[clauses]
MILL-1 = "Our policy: no clattering"

"""
THREAT = """\
[[rule]]
like = "threat"
clause = "MILL-1"
severity = "block"
"""
RULES = {rule.id: rule for rule in shipped("step").rules}


def problems(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(text, name="mill.toml")
    return [str(problem) for problem in caught.value.problems]


def test_a_rule_takes_what_it_doesnt_say_itself() -> None:
    pack = load_pack(HEAD + THREAT, name="mill.toml")
    (rule,) = pack.rules
    threat = RULES["threat"]
    assert (rule.id, rule.clause, rule.severity) == ("threat", "MILL-1", Severity.BLOCK)
    assert (rule.check, rule.category, rule.why) == (threat.check, threat.category, threat.why)
    assert (rule.hits, rule.misses, rule.allowable) == (threat.hits, threat.misses, True)
    assert try_examples(pack) == ()


def test_a_rule_that_isnt_named_isnt_taken() -> None:
    assert len(load_pack(HEAD + THREAT, name="mill.toml").rules) == 1


def test_it_says_otherwise_what_it_likes() -> None:
    own = THREAT + 'id = "menace"\nwhy = "This menaces."\nallowable = false\n'
    (rule,) = load_pack(HEAD + own, name="mill.toml").rules
    assert (rule.id, rule.why, rule.allowable) == ("menace", "This menaces.", False)
    assert rule.hits == RULES["threat"].hits


def test_statements_and_lists_come_along_and_may_be_written_anew() -> None:
    anew = HEAD + '[confirmations]\nfair = "It is fair."\n\n[lists]\nshorteners = ["s.example"]\n\n'
    pack = load_pack(anew + THREAT, name="mill.toml")
    assert pack.statement("fair") == "It is fair."
    assert pack.statement("lawful") == shipped("step").statement("lawful")
    assert pack.listed("shorteners") == ("s.example",)
    assert pack.listed("imitated") == shipped("step").listed("imitated")


def test_what_belongs_to_another_severity_stays_behind() -> None:
    milder = THREAT.replace("threat", "coarse-language").replace("block", "note")
    (rule,) = load_pack(HEAD + milder, name="mill.toml").rules
    assert (rule.severity, rule.confirm, rule.allowable) == (Severity.NOTE, "", False)
    assert RULES["coarse-language"].confirm


def test_the_other_packs_text_is_kept_so_that_it_reads_the_same_for_ever() -> None:
    pack = load_pack(HEAD + THREAT, name="mill.toml")
    assert "This reads as a threat" in pack.source
    again = load_pack(pack.source, name="mill.toml")
    assert again == pack
    newer = load_pack(pack.source.replace("This reads as a threat", "This threatens"), name="m")
    assert newer.digest != pack.digest
    assert newer.rules[0].why.startswith("This threatens")


def test_every_shipped_pack_reads_the_same_from_what_is_kept_of_it() -> None:
    for name in ("aur", "cc", "harm", "met"):
        pack = shipped(name)
        assert load_pack(pack.source, name=name) == pack


def test_what_is_wrong_is_told_with_its_line() -> None:
    assert problems(HEAD.replace('"step"', '"stp"') + THREAT)[:2] == [
        "mill.toml: based_on can't be 'stp': did you mean step?",
        "mill.toml:10: rule threat: like threat names no rule of the pack it is based on",
    ]
    unknown = problems(HEAD + THREAT.replace('"threat"', '"thread"'))
    assert unknown[0] == (
        "mill.toml:10: rule thread: like thread names no rule of the pack it is based on, "
        "did you mean threat?"
    )


@pytest.mark.parametrize("key", ["clause", "severity"])
def test_a_rule_says_its_clause_and_its_severity_itself(key: str) -> None:
    text = "\n".join(line for line in THREAT.splitlines() if not line.startswith(key))
    [missing, *_] = problems(HEAD + text + "\n")
    assert missing.endswith(f"{key} is missing: a rule says it itself, whatever it is like")


def test_a_flag_made_of_a_block_needs_its_statement() -> None:
    [wrong] = problems(HEAD + THREAT.replace("block", "flag"))
    assert "a flag needs confirm" in wrong


def test_a_pack_isnt_based_on_one_that_is_based_itself() -> None:
    wrong, *_ = problems(HEAD.replace('"step"', '"met"') + THREAT)
    assert wrong == "mill.toml: the pack that this one is based on has a base itself"


def test_like_is_of_no_use_alone() -> None:
    alone = HEAD.replace('based_on = "step"\n', "") + THREAT
    assert "like threat names no rule" in problems(alone)[0]


def test_a_base_that_was_damaged_is_told() -> None:
    text = HEAD + THREAT + '[base]\nsource = "id = "\n'
    assert "the pack that this one is based on isn't TOML" in "\n".join(problems(text))


def test_a_base_full_of_nonsense_is_told_and_doesnt_fall_over() -> None:
    for nonsense in ("rule = 1", "rule = [1]", "[[rule]]\\nid = 1", "confirmations = 2"):
        assert problems(HEAD + THREAT + f'[base]\nsource = "{nonsense}"\n')
