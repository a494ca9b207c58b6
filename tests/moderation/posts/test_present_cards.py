"""The card that people decide on: what stands on it, in which order, and who may press what."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from moderation.kernel import PersonId, SubjectRef
from moderation.posts import present
from moderation.posts.model import FINAL, Needs, Post, Posted, State
from moderation.posts.present.findings import marks
from moderation.posts.present.needed import missing
from moderation.posts.queries import PostPage, QueuePage, WhoPage
from moderation.posts.queries.views import PicturedPupil
from moderation.posts.workflow import signatures
from moderation.views import (
    Button,
    Card,
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
from tests.moderation.posts import examples as some
from tests.proves import proves


READERS = (None, *some.NAMES)


def labels(card: Card) -> list[str]:
    return [button.label for button in (*card.buttons, *card.more)]


def verbs(card: Card) -> list[str]:
    return [button.intent.verb for button in (*card.buttons, *card.more)]


def shown(post: Post, viewer: PersonId | None = None, **fields: object) -> Card:
    return present.card(post, some.view(post, viewer, **fields))


def button(card: Card, verb: str) -> Button:
    return next(item for item in (*card.buttons, *card.more) if item.intent.verb == verb)


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
    assert labels(card)[0] == "Allow this once"


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


@pytest.mark.parametrize(
    ("example", "viewer", "verb", "name"),
    [
        ("in review", some.OKAFOR, "post.request_changes", "reason"),
        ("in review", some.OKAFOR, "post.reject", "reason"),
        ("in review", some.OKAFOR, "post.ask_head", "words"),
        ("in review", some.OKAFOR, "post.stop", "reason"),
        ("blocked draft", some.SAM, "post.dispute", "reason"),
        ("disputed draft", some.ADE, "post.allow", "reason"),
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


# -- Ready to post ---------------------------------------------------------------------------------


def ready(name: str, viewer: PersonId | None = some.SAM) -> Card:
    post = some.EXAMPLES[name]
    return present.ready(post, some.view(post, viewer))


def test_ready_to_post_has_the_words_alone_to_copy() -> None:
    card = ready("ready")
    assert card.subject == SubjectRef("ready", some.POST)
    assert card.parts[0] == Quote(text=some.TEXT, copyable=True)
    assert labels(card)[:3] == ["I've posted it", "I can't post it", "I don't know"]
    field = button(card, "post.posted").form
    assert field is not None
    assert isinstance(field.fields[0], Text)
    assert (field.fields[0].name, field.fields[0].required) == ("url", False)


def test_ready_to_post_asks_for_each_page_that_waits() -> None:
    card = ready("ready on two pages")
    assert [item.intent.arg for item in card.buttons] == [some.FACEBOOK, some.X]
    assert "I can't post it: X · Oakfield Primary" in labels(card)


def test_somebody_who_may_not_post_has_no_button_for_it() -> None:
    assert "post.posted" not in verbs(ready("ready", some.HART))


@pytest.mark.parametrize("name", ["recalled draft", "cancelled", "partly posted, removal asked"])
def test_a_post_that_was_called_back_cannot_be_copied(name: str) -> None:
    card = ready(name)
    assert card.tone is Tone.STOPPED
    assert some.EXAMPLES[name].content.text not in card.fallback
    assert "post.posted" not in verbs(card)


def test_an_address_can_be_added_later() -> None:
    posted = replace(some.EXAMPLES["posted"], postings=(some.posting(Posted.YES),))
    card = present.ready(posted, some.view(posted, some.SAM))
    assert "Add the address: Facebook · Oakfield Primary" in labels(card)


# -- whose yes is needed ---------------------------------------------------------------------------


NEEDS = st.builds(
    Needs, seconds=st.sampled_from([1, 2]), head=st.booleans(), head_counts=st.booleans()
)
YESES = st.lists(st.sampled_from([some.OKAFOR, some.LUND, some.ADE]), unique=True)


@given(needs=NEEDS, yeses=YESES)
def test_nothing_is_missing_exactly_when_every_signature_is_there(
    needs: Needs, yeses: list[PersonId]
) -> None:
    approvals = tuple(some.approval(who, as_head=who == some.ADE) for who in yeses)
    post = some.post(revision=some.revision(needs=needs), approvals=approvals)
    lacks = missing(post, some.rights())
    assert lacks.nothing == (signatures(needs, approvals) is not None)


def test_nobody_left_is_said_with_who_was_told() -> None:
    away = frozenset({some.OKAFOR, some.LUND, some.ADE, some.SHAH, some.QUINN})
    card = shown(some.post(), rights=some.rights(away=away))
    assert card.state == "Nobody is here to say yes"
    assert (
        "Nobody else can approve for this page today. Mrs Ade (headteacher) has been told."
        in card.fallback
    )


def test_a_yes_that_was_lost_to_a_change_is_told() -> None:
    history = (
        *some.HISTORY,
        some.Line(at=some.ago(minutes=2), tag="post:revised", person=some.SAM),
    )
    words = "The words changed after Mrs Okafor said yes, so it needs a fresh look."
    assert words in shown(some.post(), history=history).fallback
    assert words not in shown(some.post()).fallback
    late = (*history, some.Line(at=some.NOW, tag="post:approved_by", person=some.LUND))
    assert words in shown(some.post(), history=late).fallback


def test_a_no_that_stands_says_who_can_take_it_back() -> None:
    card = shown(some.EXAMPLES["second version with a no"])
    assert (
        "That no stands. Only Mr Lund can take it back, or Mrs Ade (headteacher) with a reason."
        in card.fallback
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("blocked draft", "Please change what is marked, or ask the headteacher."),
        ("disputed draft", "Mrs Ade (headteacher) has been asked."),
        ("draft whose pictures are looked at", "It goes on by itself"),
    ],
)
def test_a_draft_says_what_comes_next(name: str, words: str) -> None:
    assert words in shown(some.EXAMPLES[name], some.SAM).fallback


def test_a_stand_in_is_named_as_one() -> None:
    post = some.EXAMPLES["in review with pictures for the head"]
    card = shown(post, rights=some.rights(away=frozenset({some.ADE})))
    assert "The headteacher's yes, from Miss Shah standing in." in card.fallback


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


# -- lists -----------------------------------------------------------------------------------------


def page(name: str, viewer: PersonId | None) -> PostPage:
    post = some.EXAMPLES[name]
    return PostPage(post, some.view(post, viewer))


def test_the_queue_goes_on_to_the_next() -> None:
    card = present.queue(QueuePage(first=page("in review", some.OKAFOR), after=2))
    assert card.buttons[0].label == "Approve and next"
    assert card.buttons[0].intent.arg == "next"
    assert "Two more posts after this one." in card.fallback
    assert button(card, "queue.next").intent.arg == some.POST


def test_the_last_of_the_queue_is_an_ordinary_card() -> None:
    card = present.queue(QueuePage(first=page("in review", some.OKAFOR), after=0))
    assert card.buttons[0].label == "Approve"


def test_an_empty_queue_says_what_will_appear() -> None:
    card = present.queue(QueuePage(first=None, after=0))
    assert card.state == "Nothing waiting for you"


def test_drafts_are_listed_with_how_they_stand() -> None:
    card = present.drafts((page("blocked draft", some.SAM), page("changes requested", some.SAM)))
    assert card.state == "Two posts"
    assert "Changes asked for" in card.fallback
    assert [item.label for item in card.buttons] == ["Look at number 1", "Look at number 2"]
    assert not present.drafts(()).buttons


def test_who_is_in_the_picture_is_told_in_full_to_one_reader() -> None:
    pupils = (PicturedPupil(name="Amelia Khan", year="4", form="4B"),)
    card = present.who_is_in(WhoPage(page=page("in review", some.OKAFOR), pupils=pupils))
    assert "Amelia Khan: Year 4 · 4B" in card.fallback
    assert "Amelia" not in repr(pupils)


def test_history_tells_everything_that_a_reader_needs() -> None:
    post = some.post()
    card = present.history(post, some.view(post, some.ADE))
    assert card.parts == (
        Note(
            lines=(
                "Written by Sam Reed, today 15:20",
                "Sent to those who can say yes, today 15:21",
                "Approved by Mrs Okafor, today 15:35",
            )
        ),
    )
