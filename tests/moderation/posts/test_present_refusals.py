"""Every refusal says what happened, who can help and what to do, and tells nothing it may not."""

# Any stands for fields of the dataclass that is built: replace() refuses unknown ones.
# ruff: noqa: ANN401

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from moderation.kernel import PersonId, Reason
from moderation.ports import Unusable
from moderation.posts import present
from moderation.posts.model import Needs, Post, State
from moderation.posts.present.refusals import refusal, sent_back, unusable
from moderation.posts.queries import RefusalView
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import JUDGING
from tests.moderation.posts import examples as some
from tests.proves import proves


ABOUT = {
    "account": some.FACEBOOK,
    "limit": "280",
    "length": "312",
    "state": State.APPROVED,
    "finding": some.LINK.key,
    "clause": some.NAMED.clause,
    "person": some.LUND,
    "head": some.ADE,
    "trust_lead": some.QUINN,
}
BARE: dict[str, str] = {}


def view(viewer: PersonId | None = some.SAM, **fields: Any) -> RefusalView:
    made = RefusalView(
        viewer=viewer,
        names=some.NAMES,
        accounts=some.ACCOUNTS,
        school="Oakfield Primary School",
        rights=some.rights(),
        now=some.NOW,
        zone=some.LONDON,
        post=some.post(findings=(some.LINK,), approvals=(some.approval(),)),
        pack=some.PACK,
    )
    return replace(made, **fields)


def said(code: Refusal, viewer: PersonId | None = some.SAM, **fields: Any) -> str:
    return " ".join(refusal((Reason(code, ABOUT),), view(viewer, **fields)))


NOBODY = some.rights(people=())


@pytest.mark.parametrize("code", Refusal)
@pytest.mark.parametrize("about", [ABOUT, BARE], ids=["with ids", "without"])
@pytest.mark.parametrize("rights", [some.rights(), NOBODY], ids=["staffed", "nobody here"])
@pytest.mark.parametrize("post", [some.post(findings=(some.LINK,)), None], ids=["post", "none"])
def test_every_refusal_has_a_sentence(
    code: Refusal, about: dict[str, str], rights: object, post: Post | None
) -> None:
    words = refusal((Reason(code, about),), view(post=post, rights=rights))
    assert len(words) == 1
    assert words[0].endswith((".", "”"))
    assert words[0][0].isupper()


@pytest.mark.parametrize(
    ("code", "viewer", "words"),
    [
        (
            Refusal.OWN_POST,
            some.SAM,
            (
                "You wrote this, so somebody else needs to say yes. "
                "Mrs Okafor and Mr Lund have been asked."
            ),
        ),
        (
            Refusal.NOT_AN_APPROVER,
            some.DIAZ,
            "Only this page's moderators can approve. They are Mrs Okafor and Mr Lund.",
        ),
        (Refusal.CLOSED, some.LUND, "Mrs Okafor has already approved this. Nothing changed."),
        (
            Refusal.VETO_STANDS,
            some.SAM,
            (
                "Mr Lund said no, and that stands. "
                "Only Mr Lund can take it back, or Mrs Ade (headteacher) with a reason."
            ),
        ),
        (
            Refusal.TEXT_TOO_LONG,
            some.SAM,
            (
                "This is 312 characters long, and Facebook · Oakfield Primary takes 280. "
                "Please take out 32."
            ),
        ),
        (
            Refusal.NO_HEADTEACHER,
            some.SAM,
            (
                "This needs the headteacher's yes, and nobody else can give it. "
                "Mrs Ade (headteacher) can name an acting headteacher."
            ),
        ),
        (
            Refusal.NOT_A_POSTER,
            some.LUND,
            "Only those who post on Facebook · Oakfield Primary can say that. Please ask Sam Reed.",
        ),
    ],
)
@proves("STEP-MOD-1")
def test_refusals_name_who_can_help(code: Refusal, viewer: PersonId, words: str) -> None:
    assert said(code, viewer) == words


def test_who_stands_in_after_their_yes_is_told_how_to_go_on() -> None:
    """The yes is stored as a moderator's, and nobody says yes to one version twice."""
    needs_head = some.revision(needs=Needs(head=True))
    waiting = some.post(revision=needs_head, approvals=(some.approval(some.SHAH),))
    without_head = tuple(one for one in some.PEOPLE if one.id != some.ADE)
    away, gone = some.rights(away=frozenset({some.ADE})), some.rights(people=without_head)
    plain = "You have already said this. Nothing changed."
    before = "You said yes before you stood in for the headteacher, and nobody says yes to the "
    change = "to change something, and say yes to that."
    told = said(Refusal.ALREADY_SAID, some.SHAH, post=waiting, rights=away)
    assert told.startswith(before)
    assert f"Mrs Ade (headteacher) can say it; or ask Sam Reed {change}" in told
    told = said(Refusal.ALREADY_SAID, some.SHAH, post=waiting, rights=gone)
    assert told.startswith(before)
    assert f"Please ask Sam Reed {change}" in told
    assert said(Refusal.ALREADY_SAID, some.SHAH, post=waiting) == plain
    both = replace(waiting, approvals=(*waiting.approvals, some.approval(some.ADE, as_head=True)))
    assert said(Refusal.ALREADY_SAID, some.SHAH, post=both, rights=away) == plain


def test_a_statement_that_was_not_ticked_is_told() -> None:
    assert f"“{some.PACK.statement(some.LINK.confirm)}”" in said(Refusal.UNCONFIRMED)


def test_a_rule_that_nobody_can_set_aside_is_told() -> None:
    assert some.PACK.clause(some.NAMED.clause) in said(Refusal.NOT_ALLOWABLE)


def test_every_reason_is_told_once() -> None:
    reasons = (Reason(Refusal.EMPTY_TEXT), Reason(Refusal.NO_ACCOUNT), Reason(Refusal.EMPTY_TEXT))
    assert len(refusal(reasons, view())) == 2


def test_a_hidden_post_answers_like_one_that_does_not_exist() -> None:
    unknown = refusal((Reason(Refusal.UNKNOWN_POST),), view(post=None))
    for code in Refusal:
        assert refusal((Reason(code, ABOUT),), view(hidden=True)) == unknown


@pytest.mark.parametrize("state", State)
def test_too_late_says_what_has_become_of_it(state: State) -> None:
    words = refusal((Reason(Refusal.CLOSED, {"state": state}),), view(post=some.post(state)))
    assert words[0].endswith("Nothing changed.")


@pytest.mark.parametrize("why", Unusable)
def test_a_picture_that_cannot_be_used_says_why(why: Unusable) -> None:
    assert unusable(why).count(".") >= 2
    assert present.unusable is unusable


def test_every_reason_of_a_release_that_failed_has_words_for_the_card() -> None:
    general = sent_back("something new")
    codes = {
        Refusal.UNKNOWN_PICTURE,
        Refusal.BLOCKED,
        Refusal.UNCONFIRMED,
        Refusal.OWN_POST,
        Refusal.RIGHT_LOST,
        Refusal.STALE_VERSION,
        Refusal.VETO_STANDS,
        Refusal.CLOSED_ACCOUNT,
        Refusal.TOO_FEW_YES,
        Refusal.HEAD_NEEDED,
    }
    assert len(JUDGING) <= len(codes)
    assert general not in {sent_back(code) for code in codes}
