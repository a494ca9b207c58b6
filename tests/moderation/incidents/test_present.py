"""What a report's cards, messages and answers say, and what they never say."""

from __future__ import annotations

import pytest

from adapters.intents import VERBS, command_for
from adapters.payloads import BadPayload, decode, encode
from moderation.incidents import present
from moderation.incidents.commands import ReportConcern
from moderation.incidents.model import Concern, IncidentId, State
from moderation.kernel import AccountId, PersonId, SchoolId
from moderation.views import Choice, Note, Tone
from tests.moderation.incidents import pages as some
from tests.moderation.posts import examples
from tests.moderation.sentences import of_card


EMERGENCY = "If a child is in danger now, ring 999."


def told(card: object) -> str:
    return " ".join(of_card(card))  # type: ignore[arg-type]  # a card


def test_nothing_leaves_out_what_to_do_for_a_child_in_danger() -> None:
    said = [told(card) for card in some.cards()] + [" ".join(words) for words in some.answers()]
    assert len(said) > 500
    assert not [words for words in said if EMERGENCY not in words]


def test_no_card_that_stays_in_a_conversation_holds_a_word_of_it() -> None:
    for card in some.lasting():
        everything = f"{told(card)} {card.fallback}"
        for secret in (some.SAID, "social.example", "Lund"):
            assert secret not in everything


def test_the_words_are_on_the_card_that_is_opened() -> None:
    shown = present.words(some.page(some.incident(), examples.NOVAK)).fallback
    for part in (some.SAID, "https://social.example/p/1", examples.NAMES[examples.LUND]):
        assert part in shown


def test_every_button_can_be_read_back_and_asks_for_something() -> None:
    buttons = {button.intent: button for card in some.cards() for button in card.buttons}
    assert {intent.verb for intent in buttons} == {
        verb for verb in VERBS if verb.startswith("report.")
    }
    for intent in buttons:
        assert decode(encode(intent)) == intent
        assert not isinstance(command_for(intent, {}), BadPayload)


def test_a_report_whose_time_has_come_says_whom_to_ring() -> None:
    at_the_end = some.incident(3, unanswered_at=examples.ago(minutes=1), step=4)
    for ring, wanted in (
        (some.NUMBER, "Please ring Oakfield Primary School now: 01632 960209."),
        (some.OFFICE, "Please ring or go to the office now."),
        (some.NOBODY, "Please ring or go to the school office now."),
    ):
        page = some.page(at_the_end, examples.SAM, ring)
        assert wanted in told(present.card(page))
        notice = present.please_ring(page)
        assert notice is not None
        assert wanted in told(notice)


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.DONE])
def test_nobody_is_asked_to_ring_once_somebody_has_it(state: State) -> None:
    held = some.incident(2, state=state, holder=examples.NOVAK, held_at=examples.ago(minutes=1))
    found = present.please_ring(some.page(held, examples.SAM))
    assert found is not None
    assert "Please ring" not in told(found)
    assert "Ms Novak" in found.state


def test_danger_is_said_first_until_it_is_seen_to() -> None:
    urgent = present.card(some.page(some.incident(), examples.NOVAK)).parts[0]
    assert isinstance(urgent, Note)
    assert urgent.tone is Tone.STOPPED
    assert "danger" in urgent.lines[0]


def test_a_role_that_was_taken_away_leaves_a_card_without_names_and_buttons() -> None:
    card = present.card(some.page(some.incident(), examples.NOVAK, still=frozenset()))
    assert (card.buttons, card.state) == ((), "No longer yours")
    assert "Sam Reed" not in told(card)


def test_a_reporter_who_has_left_hears_no_more_of_it() -> None:
    held = some.incident(2, state=State.ACKNOWLEDGED, holder=examples.NOVAK, held_at=examples.NOW)
    left = some.page(held, examples.SAM, here=False)
    assert (present.card(left).buttons, present.card(left).state) == ((), "No longer yours")
    assert present.please_ring(left) is None


def test_the_form_asks_for_the_school_only_where_there_are_several() -> None:
    one, several, *_ = some.forms()
    for found, asked in ((one, False), (several, True)):
        form = present.form(found, some.ID).buttons[0].form
        assert form is not None
        choices = [field.name for field in form.fields if isinstance(field, Choice)]
        assert ("school" in choices) is asked


def test_a_filled_in_form_is_read_whole() -> None:
    verb = VERBS["report.send"]
    intent = present.form(next(some.forms()), some.ID).buttons[0].intent
    values: dict[str, str | tuple[str, ...]] = {
        "words": "Words.",
        "place": " here ",
        "account": "a1",
        "named": ("p1", "p2"),
        "danger": "danger",
        "school": "oak",
    }
    assert verb.build(intent, values) == ReportConcern(
        incident=IncidentId(some.ID),
        school=SchoolId("oak"),
        concern=Concern(
            words="Words.",
            place="here",
            account=AccountId("a1"),
            named=frozenset({PersonId("p1"), PersonId("p2")}),
            danger=True,
        ),
    )
    one_ticked = verb.build(intent, {"words": "Words.", "named": "p1"})
    assert isinstance(one_ticked, ReportConcern)
    assert one_ticked.concern == Concern(words="Words.", named=frozenset({PersonId("p1")}))
