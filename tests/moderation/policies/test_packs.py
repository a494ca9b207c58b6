"""Every pack that is shipped keeps what it says: examples, clauses, plain words, no gap."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest

from moderation.checks.trial import run, try_examples
from moderation.policies.loader import shipped, shipped_ids
from moderation.policies.model import Check, Example, Kind, Pack, Severity, Situation
from moderation.policies.settings import ConsentFrom, PupilNames
from moderation.policies.vocabulary import SEEN
from tests.proves import known, proves


PACKS = tuple(map(shipped, shipped_ids()))
BASED = tuple(pack for pack in PACKS if pack.id != "step")
STEP = shipped("step")
TODAY = date(2026, 11, 21)
INNER_WORDS = re.compile(
    r"\b(?:revision|digest|waive\w*|escalat\w*|stale|uncovered|takedown|incident|finding|block(?:ed|s)?"
    r"|flag(?:ged|s)?|violat\w*|prohibit\w*|pursuant|roster)\b",
    re.IGNORECASE,
)
MOST_WORDS = 25

every_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
every_based_pack = pytest.mark.parametrize("pack", BASED, ids=lambda pack: pack.id)


def test_the_five_are_called_by_the_short_codes_of_their_policies() -> None:
    codes = {name.split("-")[0].lower() for name in known()} - {"card", "ours", "law", "head"}
    assert set(shipped_ids()) == codes


@every_based_pack
def test_every_example_comes_out_as_the_pack_says(pack: Pack) -> None:
    assert [str(failure) for failure in try_examples(pack)] == []


@every_pack
def test_every_rule_stands_on_a_row_and_every_clause_is_used(pack: Pack) -> None:
    clauses = {rule.clause for rule in pack.rules}
    assert clauses <= set(known())
    assert clauses | {"STEP-HEAD-1"} == set(pack.clauses)
    own = tomllib.loads(pack.source).get("confirmations", {})
    assert set(own) <= {rule.confirm for rule in pack.rules}


@every_pack
def test_a_clause_of_another_policy_is_never_called_our_policy(pack: Pack) -> None:
    for clause, words in pack.clauses.items():
        ours = clause.startswith(f"{pack.id.upper()}-")
        assert words.startswith("Our policy, ") is ours, clause


@every_based_pack
def test_nothing_that_is_seen_goes_unanswered_where_the_first_pack_answers(pack: Pack) -> None:
    assert answered(STEP) <= answered(pack)


@every_pack
def test_every_check_has_a_rule_and_every_situation(pack: Pack) -> None:
    assert {rule.check for rule in pack.rules} == set(Check)
    assert frozenset().union(*(rule.applies_to for rule in pack.rules)) == frozenset(Situation)


@every_pack
def test_permission_can_never_be_waved_through(pack: Pack) -> None:
    (rule,) = [rule for rule in pack.rules if rule.id == "picture-permission"]
    assert rule.severity is Severity.BLOCK
    assert not rule.allowable
    assert not rule.loosen
    assert rule.category == ""


@every_pack
def test_no_school_may_make_a_rule_about_names_milder(pack: Pack) -> None:
    watched = {Check.PUPIL_NAMES, Check.IDENTIFICATION, Check.IMAGE_CONSENT}
    assert not [rule.id for rule in pack.rules if rule.check in watched and rule.loosen]


@every_pack
def test_the_words_are_plain_and_short(pack: Pack) -> None:
    said = [
        *(rule.why for rule in pack.rules),
        *pack.clauses.values(),
        *pack.confirmations.values(),
    ]
    for words in said:
        assert not INNER_WORDS.search(words), words
        assert "!" not in words
        for sentence in re.split(r"(?<=[.?:])\s", words):
            assert len(sentence.split()) <= MOST_WORDS, sentence


@proves("HARM-CONT-1", "HARM-CONT-2", "HARM-CONT-3", "HARM-CONT-4", "HARM-CONT-5")
@proves("HARM-CONT-6", "HARM-CONT-7", "HARM-CONT-8", "HARM-CONT-9")
@pytest.mark.parametrize(
    ("clause", "caught", "passes"),
    [
        ("HARM-CONT-1", "Not yet announced: a new wing", "Our new wing is open."),
        ("HARM-CONT-2", "You are all morons", "You are all stars."),
        ("HARM-CONT-3", "Immigrants are vermin", "We welcomed three refugee families today."),
        ("HARM-CONT-4", "Half the staff are hungover", "Half the staff ran the race."),
        ("HARM-CONT-5", "Somebody should punch him", "Somebody should cheer for Year 3."),
        ("HARM-CONT-6", "The governors are a disgrace", "The governors came to tea."),
        ("HARM-CONT-7", "The head is a liar and a thief", "In drama we play cops and thieves."),
        ("HARM-CONT-8", "© Harbour Press", "We took photographs of the pond."),
        ("HARM-CONT-9", "selling weed, dm me", "The gardening club pulled every weed."),
    ],
)
def test_each_of_the_nine_kinds_is_caught_under_its_own_number(
    clause: str, caught: str, passes: str
) -> None:
    one_is_caught_and_one_passes(shipped("harm"), clause, caught, passes)


@proves("CC-CONT-1")
@pytest.mark.parametrize(
    ("caught", "passes"),
    [
        ("The office is in complete chaos", "The office is open until four."),
        ("We are negotiating with a new caterer", "Our caterer made soup."),
        ("A clip from the film", "Our own play about pirates"),
        ("You are all morons", "You are all stars."),
        ("The headteacher is a laughing stock", "The headteacher read us a story."),
    ],
)
def test_a_post_is_professional(caught: str, passes: str) -> None:
    one_is_caught_and_one_passes(shipped("cc"), "CC-CONT-1", caught, passes)


@proves("CC-PRIV-1")
@pytest.mark.parametrize("caught", ["The password is Sunflower22", "Ring 07700 900123 to help"])
def test_log_in_details_and_private_numbers_are_stopped(caught: str) -> None:
    passes = "Ring the office on 01632 960123"
    one_is_caught_and_one_passes(shipped("cc"), "CC-PRIV-1", caught, passes)
    assert stopped(shipped("cc"), caught)


def test_a_number_that_isnt_the_schools_is_graver_where_the_policy_says_so() -> None:
    number = "Tickets: 020 7946 0958"
    assert stopped(shipped("cc"), number)
    assert not stopped(STEP, number)


@proves("MET-CONT-1")
@pytest.mark.parametrize(
    ("caught", "passes"),
    [
        ("vapes for sale no ID needed", "We learned why vapes are bad for you."),
        ("Immigrants are vermin", "We welcomed three refugee families today."),
        ("Watch this p0rn", "We saw a horned viper."),
        ("Bloody hell, what a match", "The bloody battle of Hastings was in 1066."),
        ("That teacher is a useless joke and should be sacked", "Our teacher is amazing."),
        ("I know where you live", "I know where you got that cake."),
        ("A pupil was permanently excluded today", "Our confidence grows every day."),
    ],
)
def test_the_conduct_that_the_policy_names_is_caught(caught: str, passes: str) -> None:
    one_is_caught_and_one_passes(shipped("met"), "MET-CONT-1", caught, passes)


@proves("MET-CONT-2")
@pytest.mark.parametrize(
    ("kind", "caught", "passes"),
    [
        (Kind.COMMENT, "I am not happy with the office", "I am happy with the office."),
        (Kind.COMMENT, "Why does the school let this go on?", "Why is the moon round?"),
        (Kind.POST, "In reply to your complaint, no.", "In reply to your letters, yes."),
    ],
)
def test_a_worry_about_the_school_is_shown_the_right_door(
    kind: Kind, caught: str, passes: str
) -> None:
    pack = shipped("met")
    one_is_caught_and_one_passes(pack, "MET-CONT-2", caught, passes, kind=kind)
    [found] = run(Example(text=caught, kind=kind), pack)
    assert "show the way to raise it" in found.reason


@proves("MET-ID-1")
def test_an_age_a_class_and_a_place_are_caught_together() -> None:
    for pack in PACKS:
        assert "MET-ID-1" in clauses(pack, "A seven-year-old in our choir lives on Mill Street.")
        assert clauses(pack, "Our seven-year-old oak tree is growing.") == []


@proves("AUR-CONT-1")
@pytest.mark.parametrize(
    ("caught", "passes"),
    [
        ("Rumour has it that an author is coming", "We heard a nightingale."),
        ("Look at his face when he fell!", "Look at the moon tonight."),
        ("No need to tell the office if you are late.", "Please tell the office if you are late."),
        ("Not yet announced: a new wing", "Our new wing is open."),
        ("Like and share to win", "Share your books and win a bookmark."),
    ],
)
def test_gossip_mockery_wrong_advice_and_secret_plans_are_caught(caught: str, passes: str) -> None:
    one_is_caught_and_one_passes(shipped("aur"), "AUR-CONT-1", caught, passes)


@proves("AUR-INFL-1")
@pytest.mark.parametrize(
    "caught", ["Please vote for the Labour party on Thursday", "Our thoughts on the ceasefire"]
)
def test_a_subject_that_inflames_is_the_headteachers(caught: str) -> None:
    pack = shipped("aur")
    one_is_caught_and_one_passes(pack, "AUR-INFL-1", caught, "Vote for your favourite book!")
    asking = {rule.id for rule in pack.rules if rule.headteacher}
    assert {finding.rule for finding in run(Example(text=caught), pack)} <= asking


@proves("AUR-COPY-1")
def test_somebody_elses_work_is_asked_about() -> None:
    pack = shipped("aur")
    one_is_caught_and_one_passes(
        pack, "AUR-COPY-1", "Photo credit: the local paper", "We took photographs of the pond."
    )


@proves("AUR-NAME-1")
def test_a_child_is_named_only_with_the_parents_permission() -> None:
    pack = shipped("aur")
    assert pack.settings.pupil_names is PupilNames.WITH_WRITTEN_CONSENT
    assert pack.settings.consent_from is ConsentFrom.PARENT
    agreed = run(Example(text="Well done Amelia Khan!", names_allowed=True), pack)
    assert [(one.clause, one.severity) for one in agreed] == [("AUR-NAME-1", Severity.NOTE)]
    silent = run(Example(text="Well done Kofi Mensah-Boateng!", names_allowed=True), pack)
    assert [(one.clause, one.severity) for one in silent] == [("AUR-NAME-1", Severity.BLOCK)]


def test_each_policy_knows_whether_its_own_review_is_past() -> None:
    overdue = {pack.id for pack in PACKS if pack.overdue(TODAY)}
    assert overdue == {"step", "met", "harm", "cc"}
    assert shipped("aur").review_date is None


def answered(pack: Pack) -> set[tuple[Check, str, Situation]]:
    found = set()
    for check, categories in SEEN.items():
        for rule in pack.rules:
            if rule.check is check and not rule.lexical:
                named = (rule.category,) if rule.category else categories
                found |= {(check, one, place) for one in named for place in rule.applies_to}
    return found


def clauses(pack: Pack, text: str, kind: Kind = Kind.POST) -> list[str]:
    return [finding.clause for finding in run(Example(text=text, kind=kind), pack)]


def stopped(pack: Pack, text: str) -> bool:
    found = run(Example(text=text), pack)
    return any(finding.severity is Severity.BLOCK for finding in found)


def one_is_caught_and_one_passes(
    pack: Pack, clause: str, caught: str, passes: str, *, kind: Kind = Kind.POST
) -> None:
    assert clause in clauses(pack, caught, kind)
    assert clauses(pack, passes, kind) == []
