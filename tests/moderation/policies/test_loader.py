"""Reading a pack: it is read whole, or every problem is told with file, rule and line."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given, strategies as st

from moderation.policies.loader import (
    PackError,
    UnknownPack,
    load_pack,
    shipped,
    shipped_ids,
    with_changes,
)
from moderation.policies.model import Check, Kind, Severity, Situation
from moderation.policies.settings import BOUNDS, HeadteacherApproves, PackSettings


HEAD = """\
id = "mill"
version = "3"
title = "The mill's policy"
review_date = 2027-09-01

[settings]
seconds = 2
headteacher_approves = { value = "always", loosen = true }

[clauses]
MILL-1 = "Our policy: no clattering"

[confirmations]
heard = "I have heard it myself."

"""
RULE = """\
[[rule]]
id = "clatter"
clause = "MILL-1"
check = "opinion"
category = "noise"
severity = "flag"
applies_to = ["text_post", "comment"]
confirm = "heard"
allowable = false
why = "This clatters."
words = ["clatter*", "bang on"]
patterns = ['\\bb+ang\\b']
unless = ["bang on time"]
hits = ["What a clatter", { text = "BANG", kind = "comment" }]
misses = ["What a chatter"]
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(text, name="mill.toml")
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def test_a_pack_is_read_with_all_that_it_says() -> None:
    pack = load_pack(HEAD + RULE, name="mill.toml")
    assert (pack.id, pack.version, pack.title) == ("mill", "3", "The mill's policy")
    assert pack.review_date == date(2027, 9, 1)
    assert pack.settings.seconds == 2
    assert pack.settings.headteacher_approves is HeadteacherApproves.ALWAYS
    assert pack.settings.loosenable == {"headteacher_approves"}
    assert pack.clause("MILL-1") == "Our policy: no clattering"
    assert pack.statement("heard") == "I have heard it myself."
    assert pack.listed("nothing") == ()
    (rule,) = pack.rules
    assert (rule.check, rule.severity) == (Check.OPINION, Severity.FLAG)
    assert rule.applies_to == {Situation.TEXT_POST, Situation.COMMENT}
    assert rule.words == ("clatter*", "bang on")
    assert [example.kind for example in rule.hits] == [Kind.POST, Kind.COMMENT]


def test_a_pack_is_told_apart_by_its_exact_text() -> None:
    pack = load_pack(HEAD + RULE, name="mill.toml")
    digest = hashlib.sha256((HEAD + RULE).encode()).hexdigest()
    assert pack.digest == f"sha256:{digest}"
    assert pack.source == HEAD + RULE
    assert load_pack(pack.source, name="stored") == pack
    assert load_pack(f"{HEAD}{RULE}\n", name="mill.toml").digest != pack.digest


def test_a_policy_is_overdue_the_day_after_its_review() -> None:
    pack = load_pack(HEAD + RULE, name="mill.toml")
    assert not pack.overdue(date(2027, 9, 1))
    assert pack.overdue(date(2027, 9, 2))


def changed(old: str, new: str) -> str:
    text = HEAD + RULE
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('check = "opinion"', 'check = "opinon"', "check can't be 'opinon': did you mean opinion?"),
        ('severity = "flag"', 'severity = "red"', "severity can't be 'red': there is note, flag"),
        (
            'clause = "MILL-1"',
            'clause = "MILL-2"',
            "has no words in this pack, did you mean MILL-1",
        ),
        ('confirm = "heard"', 'confirm = "herd"', "did you mean heard?"),
        ('confirm = "heard"\n', "", "a flag needs confirm"),
        ('severity = "flag"', 'severity = "block"', "confirm belongs to a flag"),
        ("allowable = false", "allowable = true", "allowable belongs to a block"),
        ("allowable = false", 'allowable = "no"', "allowable must be true or false"),
        ("allowable = false\n", "", "allowable is missing"),
        (
            'applies_to = ["text_post", "comment"]',
            "applies_to = []",
            "applies_to must name at least",
        ),
        ('"text_post", "comment"', '"text_posts"', "did you mean text_post?"),
        ('category = "noise"\n', "", "category is missing"),
        ("This clatters.", "This {loudly} clatters.", "not {loudly}"),
        ("This clatters.", "This {clatters.", "a brace that is never closed"),
        ('"clatter*"', '"Clatter"', "must be lower-case words"),
        ('"clatter*"', '""', "words must be a list of texts"),
        (r"'\bb+ang\b'", "'b(ang'", "is no regular expression"),
        (r"'\bb+ang\b'", "'b*'", "matches nothing at all"),
        ('misses = ["What a chatter"]', "misses = []", "misses needs at least one example"),
        ('misses = ["What a chatter"]\n', "", "misses is missing"),
        ('misses = ["What a chatter"]', "misses = [3]", "misses[0] must be a text or a table"),
        ('kind = "comment"', 'kind = "reply"', "hits[1].kind can't be 'reply'"),
        ("why =", "wyh =", "wyh is not known, did you mean why?"),
    ],
)
def test_a_wrong_rule_is_told_with_file_rule_and_line(old: str, new: str, told: str) -> None:
    found = problems(changed(old, new))
    line = HEAD.count("\n") + 1
    assert any(told in problem for problem in found), found
    assert all(problem.startswith(f"mill.toml:{line}: rule clatter: ") for problem in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("seconds = 2", "seconds = 3", "the setting seconds must be from 1 to 2"),
        ("seconds = 2", "secondz = 2", "settings.secondz is not known, did you mean seconds?"),
        ("loosen = true", "loosen = 1", "loosen must be true or false"),
        ("review_date = 2027-09-01", 'review_date = "soon"', "review_date must be a date"),
        ('id = "mill"', 'id = "Mill!"', "id must be lower-case letters"),
        ('title = "The mill\'s policy"\n', "", "title is missing"),
        ("[clauses]", "[clause]", "clause is not known, did you mean clauses?"),
    ],
)
def test_a_wrong_head_is_told_with_the_file(old: str, new: str, told: str) -> None:
    assert any(
        problem.startswith("mill.toml: ") and told in problem
        for problem in problems(changed(old, new))
    )


def test_every_problem_is_told_and_each_rule_by_its_own_line() -> None:
    second = RULE.replace('"clatter"', '"rattle"').replace("allowable = false\n", "")
    third = RULE.replace('id = "clatter"\n', "")
    note = '# [[rule]] in a comment\nversion_note = """\n[[rule]]\n"""\n'
    text = note + HEAD.replace("seconds = 2", "seconds = 0") + RULE + second + third
    found = problems(text)
    first_line = (note + HEAD).count("\n") + 1
    size = RULE.count("\n")
    assert "mill.toml: version_note is not known, did you mean version?" in found
    assert f"mill.toml:{first_line + size}: rule rattle: allowable is missing" in found
    wanted = f"mill.toml:{first_line + 2 * size - 1}: rule without an id: id is missing"
    assert wanted in found
    assert any("the setting seconds" in problem for problem in found)


def test_two_rules_may_not_share_an_id_or_answer_for_the_same() -> None:
    assert "mill.toml: two rules are called clatter" in problems(HEAD + RULE + RULE)
    seen = """
[[rule]]
id = "{id}"
clause = "MILL-1"
check = "links"
category = "link"
severity = "note"
applies_to = ["comment"]
allowable = false
why = "A link."
hits = ["x"]
misses = ["y"]
"""
    found = problems(HEAD + seen.format(id="one") + seen.format(id="two"))
    assert found == ["mill.toml: one and two both answer for links link in a comment"]


def test_a_rule_without_words_needs_a_category_that_its_check_sees() -> None:
    text = changed('words = ["clatter*", "bang on"]\npatterns', "patterns")
    assert load_pack(text, name="mill.toml").rules[0].lexical
    blind = text.replace("patterns = ['\\bb+ang\\b']\n", "").replace(
        'unless = ["bang on time"]\n', ""
    )
    assert any("opinion has no category noise" in problem for problem in problems(blind))
    links = blind.replace('"opinion"', '"links"').replace('"noise"', '"lookalikes"')
    assert any("did you mean lookalike?" in problem for problem in problems(links))


@pytest.mark.parametrize(
    ("written", "slip"), [('check = "opinion"', 'check = "opinon"'), ('"flag"', '"flga"')]
)
def test_a_slip_is_told_once_and_nothing_is_concluded_from_it(written: str, slip: str) -> None:
    ((problem),) = problems(changed(written, slip))
    assert "did you mean" in problem


def test_a_file_that_is_no_toml_is_told_with_its_line() -> None:
    (told,) = problems(HEAD + "why = = 3")
    assert told.startswith(f"mill.toml:{HEAD.count(chr(10)) + 1}: this isn't TOML: ")


def test_a_file_without_rules_is_no_pack() -> None:
    assert problems(HEAD) == ["mill.toml: there is no rule: a pack needs at least one [[rule]]"]


@given(st.text(max_size=200))
def test_no_text_does_worse_than_a_list_of_problems(text: str) -> None:
    with pytest.raises(PackError):
        load_pack(text, name="x.toml")


@given(
    st.dictionaries(
        st.sampled_from(["id", "clause", "check", "words", "hits", "why", "severity", "patterns"]),
        st.sampled_from(["1", "true", "[]", "[1]", '"a"', "2027-01-01", "{ a = 1 }", '["(", "a"]']),
    )
)
def test_no_rule_does_worse_than_a_list_of_problems(values: dict[str, str]) -> None:
    rule = "[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
    with pytest.raises(PackError) as caught:
        load_pack(HEAD + rule, name="x.toml")
    assert all(problem.file == "x.toml" for problem in caught.value.problems)


def test_shipped_packs_are_found_by_id_and_an_unknown_one_names_the_nearest() -> None:
    assert "step" in shipped_ids()
    assert shipped("step").id == "step"
    with pytest.raises(UnknownPack, match="Did you mean step\\?"):
        shipped("stepp")
    with pytest.raises(UnknownPack, match="There is "):
        shipped("unknown-thing")


# -- a school's own settings ---------------------------------------------------------------------


def test_a_schools_own_settings_are_part_of_its_pack_and_of_the_digest() -> None:
    pack = load_pack(HEAD + RULE, name="mill.toml")
    stricter = with_changes(pack, {"expire_after_days": 3, "stand_ins": ["deputy_headteacher"]})
    assert stricter.settings.expire_after_days == 3
    assert stricter.settings.stand_ins == ("deputy_headteacher",)
    assert stricter.settings.seconds == 2
    assert stricter.rules == pack.rules
    assert stricter.digest != pack.digest
    # What is stored is the source alone: it brings the same settings back.
    assert load_pack(stricter.source, name="stored") == stricter


def test_the_same_settings_make_the_same_pack_in_any_order() -> None:
    pack = load_pack(HEAD + RULE, name="mill.toml")
    one = with_changes(pack, {"expire_after_days": 3, "conflict_minutes": 60})
    other = with_changes(pack, {"conflict_minutes": 60, "expire_after_days": 3, "seconds": 2})
    assert one == other
    assert with_changes(pack, {}) is pack
    assert with_changes(pack, {"seconds": 2}) is pack


def test_what_the_pack_lets_be_loosened_may_be() -> None:
    pack = load_pack(HEAD + RULE, name="mill.toml")
    loose = with_changes(pack, {"headteacher_approves": "never"})
    assert loose.settings.headteacher_approves is HeadteacherApproves.NEVER
    assert load_pack(loose.source, name="stored") == loose
    with pytest.raises(PackError, match="seconds would be looser than the policy's 2"):
        with_changes(pack, {"seconds": 1})


def test_a_stored_pack_can_not_be_loosened_by_hand_either() -> None:
    told = problems(f"{HEAD}{RULE}[adjusted]\nseconds = 1\n")
    assert told == [
        (
            "mill.toml: The setting seconds would be looser than the policy's 2. "
            "The policy lets it be stricter only."
        )
    ]


STRICTEST = {
    "seconds": 2,
    "headteacher_approves": "always",
    "headteacher_counts_as_second": False,
    "stand_ins": [],
    "who_may_propose": "posters",
    "pupil_names": "never",
    "consent_from": "both",
    "remind_after_hours": 1,
    "ask_head_after_hours": 1,
    "expire_after_days": 1,
    "unposted_after_hours": 1,
    "keep_draft_days": 1,
    "keep_name_days": 1,
    "stale_after_days": 7,
    "minimum_moderators": 9,
    "minimum_administrators": 9,
    "conflict_minutes": 1440,
    "accept_policy": "2026-09",
    "policy_address": "https://school.example/policy.pdf",
}


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_a_school_may_follow_any_shipped_pack_at_its_strictest(pack_id: str) -> None:
    strictest = with_changes(shipped(pack_id), STRICTEST)
    assert STRICTEST.keys() == BOUNDS.keys()
    assert "[adjusted]" not in shipped(pack_id).source
    assert strictest.settings == PackSettings(
        **{name: bound.read(STRICTEST[name]) for name, bound in BOUNDS.items()},  # type: ignore[arg-type]
        loosenable=shipped(pack_id).settings.loosenable,
    )
    assert load_pack(strictest.source, name="stored") == strictest
