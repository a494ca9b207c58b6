"""The card that people decide on: what stands on it, in which order, and who may press what."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from moderation.checks.model import NOT_A_PUPIL, NotAPupil
from moderation.kernel import FindingKey
from moderation.posts import present
from moderation.posts.events import Approved
from moderation.posts.model import FINAL, State
from moderation.posts.present.findings import marks
from moderation.views import (
    Choice,
    Confirm,
    Facts as FactRows,
    Findings,
    Media,
    Note,
    Quote,
    Text,
    Tone,
    Weight,
)
from storage.mapping import canonical
from tests.moderation.posts import examples as some
from tests.moderation.posts.cards import button, labels, shown, verbs
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import PersonId


READERS = (None, *some.NAMES)


# -- the order of things ---------------------------------------------------------------------------


def test_a_card_goes_from_where_and_who_to_what_is_needed() -> None:
    post = replace(
        some.EXAMPLES["in review with a flag"],
        revision=some.revision(content=some.WITH_PICTURE),
    )
    card = shown(post)
    kinds = [type(part) for part in card.parts]
    assert kinds == [Note, Quote, Media, FactRows, Findings, Findings, Note, Note]
    assert card.title == "Facebook · Oakfield Primary"
    assert card.state == "Waiting for a second yes"
    assert card.parts[0] == Note(
        lines=("Written by Sam Reed, today 15:20 · goes out tomorrow 08:00",)
    )
    assert isinstance(card.parts[-1], Note)
    assert card.parts[-1].fold == "History"
    assert card.parts[-1].lines[-1] == "Approved by Mrs Okafor, today 15:35"


def test_what_is_needed_is_said_by_name() -> None:
    assert "One more yes: Mrs Okafor or Mr Lund." in shown(some.post()).fallback


def test_the_text_stands_exactly_as_it_is() -> None:
    text = "  Two\n\nlines & <b>more</b>  "
    card = shown(some.post(revision=some.revision(content=some.content(text))))
    assert any(isinstance(part, Quote) and part.text == text for part in card.parts)


def test_a_finding_has_its_words_its_reason_and_its_policy() -> None:
    card = shown(some.EXAMPLES["blocked draft"], some.SAM)
    group = next(part for part in card.parts if isinstance(part, Findings))
    assert group.title == "This can't go out yet"
    assert group.lines[0].words == "Amelia Khan"
    assert group.lines[0].policy == some.PACK.clause(some.NAMED.clause)
    assert group.lines[0].clause == some.NAMED.clause
    quote = next(part for part in card.parts if isinstance(part, Quote))
    assert [quote.text[mark.start : mark.end] for mark in quote.marks] == [
        "Amelia Khan",
        "https://fair.example/",
    ]
    assert [mark.tone for mark in quote.marks] == [Tone.STOPPED, Tone.CARE]


def test_the_fallback_says_it_all_without_markup() -> None:
    card = shown(some.EXAMPLES["blocked draft"], some.SAM)
    for words in (card.title, card.state, some.TEXT, some.NAMED.reason):
        assert words in card.fallback


@proves("STEP-MOD-1")
def test_another_post_near_the_same_time_is_shown() -> None:
    card = shown(some.post(), conflicts=(some.CONFLICT,))
    assert "Another post for Facebook · Oakfield Primary" in card.fallback


def test_people_who_left_are_still_spoken_of() -> None:
    card = shown(some.EXAMPLES["rejected"], some.SAM, names={some.SAM: "Sam Reed"})
    assert "Somebody who is no longer here said no" in card.fallback


# -- who sees what ---------------------------------------------------------------------------------


def test_a_channel_sees_no_word_of_a_draft() -> None:
    for name in ("blocked draft", "recalled draft", "stopped before anybody saw it"):
        card = shown(some.EXAMPLES[name])
        assert "Amelia" not in repr(card)
        assert not labels(card)


def test_an_approver_sees_no_word_of_a_draft_and_its_author_does() -> None:
    post = some.EXAMPLES["blocked draft"]
    assert "Amelia" not in repr(shown(post, some.OKAFOR))
    assert "Amelia" in repr(shown(post, some.SAM))


def test_the_headteacher_sees_a_draft_once_asked() -> None:
    assert "Amelia" not in repr(shown(some.EXAMPLES["blocked draft"], some.ADE))
    card = shown(some.EXAMPLES["disputed draft"], some.ADE)
    assert "Amelia" in repr(card)
    assert [item.label for item in card.buttons] == ["Allow this once", "Not this time"]
    assert [item.label for item in card.more] == ["Stop this post"]


def test_a_draft_that_the_head_said_no_to_says_why_and_is_changed() -> None:
    post = some.EXAMPLES["declined draft"]
    mine = shown(post, some.SAM)
    assert labels(mine) == ["Change it", "Cancel my draft"]
    assert "Ask the family in writing first." in mine.fallback
    assert "said no" in mine.fallback
    assert "Please change what is marked, then send it again." in mine.fallback
    # A change of mind is still possible; to end it stands apart.
    assert labels(shown(post, some.ADE)) == ["Allow this once", "Stop this post"]


def test_pupils_in_pictures_are_initials_on_a_shared_card() -> None:
    card = shown(some.EXAMPLES["in review with pictures for the head"])
    assert "In the pictures: A.K., Year 4; B.L., Year 4" in card.fallback


# -- buttons ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", some.EXAMPLES)
@pytest.mark.parametrize("viewer", READERS)
def test_every_card_keeps_the_rules_of_buttons(name: str, viewer: PersonId | None) -> None:
    post = some.EXAMPLES[name]
    for card in (
        shown(post, viewer),
        present.ready(post, some.view(post, viewer)),
    ):
        assert len(card.buttons) <= 4
        assert not (card.more and not card.buttons)
        assert [b.weight for b in (*card.buttons, *card.more)].count(Weight.PRIMARY) <= 1
        assert all(b.weight is not Weight.PRIMARY for b in (*card.buttons[1:], *card.more))
        assert len(set(labels(card))) == len(labels(card))
        for item in (*card.buttons, *card.more):
            assert item.intent.id == post.id
            assert item.intent.rev == post.revision.number
            assert item.describes == card.title


@pytest.mark.parametrize("state", sorted(FINAL))
def test_the_final_card_of_a_channel_has_no_buttons(state: State) -> None:
    assert not labels(shown(some.post(state)))


@proves("STEP-MOD-1")
def test_nobody_is_offered_to_approve_their_own_post() -> None:
    for post in some.EXAMPLES.values():
        for author in post.authors:
            assert "post.approve" not in verbs(shown(post, author))


def test_the_author_may_change_ask_and_cancel() -> None:
    assert labels(shown(some.post(), some.SAM)) == [
        "Change it",
        "Ask the headteacher",
        "Cancel my draft",
    ]


def test_an_approver_says_yes_first() -> None:
    card = shown(some.post(), some.OKAFOR)
    assert [item.label for item in card.buttons] == [
        "Approve",
        "Request changes",
        "Reject",
        "Ask the headteacher",
    ]
    assert card.buttons[0].weight is Weight.PRIMARY
    assert "Stop this post" in labels(card)


def test_after_a_yes_there_is_no_second_one() -> None:
    post = some.EXAMPLES["one yes of two"]
    assert "post.approve" not in verbs(shown(post, some.OKAFOR))
    assert "post.approve" in verbs(shown(post, some.LUND))


@proves("HARM-DSL-1")
def test_the_safeguarding_lead_can_only_stop_it() -> None:
    assert labels(shown(some.post(), some.NOVAK)) == ["Stop this post"]


def test_no_yes_to_a_picture_that_nobody_has_seen() -> None:
    post = some.post(revision=some.revision(content=some.WITH_PICTURE))
    card = shown(post, some.OKAFOR, pictures={})
    assert "post.approve" not in verbs(card)
    assert "nobody can say yes" in card.fallback
    media = next(part for part in card.parts if isinstance(part, Media))
    assert media.pictures[0].blob is None


def test_a_platform_that_cannot_show_a_picture_offers_no_yes() -> None:
    card = present.without_approval(shown(some.post(), some.OKAFOR))
    assert "post.approve" not in verbs(card)
    assert "post.reject" in verbs(card)
    assert "nobody can say yes" in card.fallback


def test_every_flag_is_a_statement_to_tick_and_none_needs_no_form() -> None:
    assert button(shown(some.post()), "post.approve").form is None
    form = button(shown(some.EXAMPLES["in review with a flag"]), "post.approve").form
    assert form is not None
    assert form.fields == (
        Confirm(name=f"confirm:{some.LINK.key}", statement=some.PACK.statement(some.LINK.confirm)),
    )


@pytest.mark.parametrize("statement", [NOT_A_PUPIL, "names_read"])
def test_of_a_name_it_is_asked_whose_it_is_and_nothing_is_chosen_beforehand(
    statement: str,
) -> None:
    """Whatever statement the school asks for."""
    rule = next(rule.id for rule in some.PACK.rules if rule.confirm == NOT_A_PUPIL)
    flag = replace(some.finding(rule, some.TEXT.split()[0]), confirm=statement)
    form = button(shown(some.post(findings=(flag, some.LINK))), "post.approve").form
    assert form is not None
    choice, tick = form.fields
    assert isinstance(choice, Choice)
    assert isinstance(tick, Confirm)
    assert (choice.name, choice.label) == (f"confirm:{flag.key}", some.PACK.statement(statement))
    assert [value for value, _ in choice.options] == list(NotAPupil)
    assert (choice.chosen, choice.many, choice.required) == ((), False, True)
    assert some.TEXT.split()[0] in choice.hint


@pytest.mark.parametrize(
    ("example", "viewer", "verb", "name"),
    [
        ("in review", some.OKAFOR, "post.request_changes", "reason"),
        ("in review", some.OKAFOR, "post.reject", "reason"),
        ("in review", some.OKAFOR, "post.ask_head", "words"),
        ("in review", some.OKAFOR, "post.stop", "reason"),
        ("blocked draft", some.SAM, "post.dispute", "reason"),
        ("disputed draft", some.ADE, "post.allow", "reason"),
        ("disputed draft", some.ADE, "post.decline", "reason"),
        ("posted", some.OKAFOR, "post.stop", "reason"),
    ],
)
def test_reasons_are_asked_for_as_facts(
    example: str, viewer: PersonId, verb: str, name: str
) -> None:
    form = button(shown(some.EXAMPLES[example], viewer), verb).form
    assert form is not None
    assert form.note == "Facts only, please. The person concerned may be entitled to read this."
    field = form.fields[0]
    assert isinstance(field, Text)
    assert (field.name, field.required) == (name, True)


def test_a_point_that_may_be_allowed_is_asked_about_by_its_key() -> None:
    card = shown(some.EXAMPLES["blocked draft"], some.SAM)
    assert button(card, "post.dispute").intent.arg == some.NAMED.key


def test_points_are_numbered_as_the_card_lists_them() -> None:
    post = some.EXAMPLES["draft without permission for a picture"]
    card = shown(post, some.SAM)
    group = next(part for part in card.parts if isinstance(part, Findings))
    assert [line.clause for line in group.lines] == [some.NAMED.clause, some.CONSENT.clause]
    assert button(card, "post.dispute").label == "Ask the headteacher: point one"
    assert button(card, "post.dispute").intent.arg == some.NAMED.key
    assert not any("Amelia" in item.label for item in (*card.buttons, *card.more))


@proves("STEP-MOD-1")
def test_only_the_owner_or_the_head_takes_a_no_back() -> None:
    post = some.EXAMPLES["rejected"]
    assert "Take back my no" in labels(shown(post, some.LUND))
    assert "Overrule the no of Mr Lund" in labels(shown(post, some.ADE))
    assert "post.lift_veto" not in verbs(shown(post, some.OKAFOR))
    assert button(shown(post, some.ADE), "post.lift_veto").intent.arg == some.LUND


def test_a_posted_post_can_be_taken_down_by_one_person() -> None:
    assert labels(shown(some.EXAMPLES["posted"], some.OKAFOR)) == ["Ask for removal"]
    assert not labels(shown(some.EXAMPLES["posted"], some.DIAZ))


# -- marks -----------------------------------------------------------------------------------------


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.booleans()).filter(lambda s: s[0] < s[1]),
    max_size=8,
)


@given(spans=SPANS)
def test_marks_cover_what_was_found_and_never_overlap(spans: list[tuple[int, int, bool]]) -> None:
    found = tuple(
        replace(some.NAMED if grave else some.LINK, start=start, end=end)
        for start, end, grave in spans
    )
    post = some.post(State.DRAFT, findings=found)
    drawn = marks(post)
    covered = {at for mark in drawn for at in range(mark.start, mark.end)}
    assert covered == {at for start, end, _ in spans for at in range(start, end)}
    assert all(one.end <= two.start for one, two in pairwise(drawn))
    grave = {at for start, end, bad in spans if bad for at in range(start, end)}
    assert grave == {
        at for mark in drawn if mark.tone is Tone.STOPPED for at in range(mark.start, mark.end)
    }


def test_the_history_says_whose_a_name_was_and_nothing_of_an_erased_line() -> None:
    whose = frozenset(
        (FindingKey(key), kind)
        for key, kind in (
            ("k1", NotAPupil.VISITOR),
            ("k2", NotAPupil.VISITOR),
            ("k3", NotAPupil.PUBLIC),
        )
    )
    event = Approved(approval=replace(some.approval(), whose=whose))
    post = some.EXAMPLES["in review"]

    def told(payload: Mapping[str, Any] | None) -> str:
        line = some.Line(
            at=some.ago(minutes=2),
            tag=event.tag,
            person=some.OKAFOR,
            payload=payload,
        )
        return present.history(post, some.view(post, some.ADE, history=(line,))).fallback

    said = ". Not a pupil, but two visitors and somebody in public life"
    assert said in told(json.loads(canonical(event)))
    silent = Approved(approval=some.approval())
    for payload in (None, {}, {"approval": None}, json.loads(canonical(silent))):
        assert "Not a pupil" not in told(payload)


@proves("STEP-HEAD-1")
def test_a_picture_that_waits_for_the_headteacher_says_why() -> None:
    post = some.EXAMPLES["in review"]
    needs = replace(post.revision.needs, head=True)
    post = replace(post, revision=replace(post.revision, needs=needs))
    why = "Our policy, Images: the headteacher says yes to every photo."
    card = shown(post)
    assert why in card.fallback
    sent = some.Line(at=some.ago(minutes=2), tag="post:sent_to_review", person=some.SAM)
    history = present.history(post, some.view(post, some.ADE, history=(*some.HISTORY, sent)))
    assert why in history.fallback
    assert why not in shown(some.EXAMPLES["in review"]).fallback
