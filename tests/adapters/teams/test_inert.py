"""Whatever people write: nothing of it is parsed, nothing deceives, and no button is lost."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from adapters import exact
from adapters.cards import APPROVE, YES
from adapters.teams import forms, text
from adapters.teams.limits import problems
from adapters.teams.reading import in_full
from adapters.teams.render import TO_SAY_YES, render
from moderation import views
from moderation.kernel import SubjectRef
from moderation.views import Form, Intent
from tests.adapters.slack import cards as any_of
from tests.adapters.slack.test_inert import REGISTERED, everywhere, strings
from tests.adapters.teams.hostile import OWN, parsed, texts
from tests.adapters.teams.pressing import Json, asked, carried, opened, pressable
from tests.fakes.cards import BLOB


if TYPE_CHECKING:
    from adapters.teams.envelope import Message
    from adapters.teams.payload import Sent

ADDRESS = "https://cards.example/media/choir"
PICTURES = {BLOB: ADDRESS}
SOME = {blob: f"https://cards.example/media/{n}" for n, blob in enumerate(any_of.BLOBS[:3])}
PLAIN = Intent(verb="post.open", id="01POST", rev=3)


def a_form(words: str) -> Form:
    return Form(
        title=words,
        submit=words,
        note=words,
        fields=(
            views.Text(name="reason", label=words, hint=words),
            views.Choice(name="who", label=words, options=(("a", words), ("b", words)), hint=words),
            views.Choice(name="all", label=words, options=(("a", words),), many=True),
            views.Choice(name="none", label=words, options=()),
            views.Confirm(name="confirm:0", statement=words),
            views.When(name="when", label=words, hint=words),
        ),
    )


def deceivers(card: Json) -> set[str]:
    """Characters that nobody can see, in what is shown."""
    return {
        exact.code(char)
        for words in strings(card)
        for place, char in enumerate(words)
        if exact.deceives(words, place)
    }


def test_there_are_more_than_two_hundred_hostile_texts() -> None:
    assert len(texts()) >= 200 + len(OWN)


@pytest.mark.parametrize("words", texts(), ids=lambda words: ascii(words)[:40])
def test_hostile_words_stay_words(words: str) -> None:
    message = render(everywhere(words), PICTURES.get, request="request-1")
    assert problems(message) == ()
    assert list(parsed(message.card)) == []
    link = exact.link(words, 0, len(words))
    assert opened(message.card) == [*([link.address] if link else []), REGISTERED]
    assert not deceivers(message.card)
    assert carried(message) == asked(everywhere(words))


@pytest.mark.parametrize("words", texts()[::3] + OWN, ids=lambda words: ascii(words)[:40])
def test_hostile_words_stay_words_in_a_form(words: str) -> None:
    form = a_form(words)
    wrong = {"reason": words, "elsewhere": words}
    message = forms.card(form, PLAIN, request="request-1", wrong=wrong, sentences=(words,))
    assert problems(message) == ()
    assert list(parsed(message.card)) == []
    assert opened(message.card) == []
    assert not deceivers(message.card)


def test_the_check_for_parsed_words_finds_them() -> None:
    for element in (
        {"type": "TextBlock", "text": "*bold*"},
        {"type": "TextBlock", "text": "[a](https://evil.example)"},
        {"type": "TextBlock", "text": "# heading"},
        {"type": "TextRun", "text": "{{DATE(2026-11-19T08:00:00Z)}}"},
        {"type": "FactSet", "facts": []},
        {"type": "Input.ChoiceSet", "choices": [{"title": "1. one", "value": "1"}]},
        {"type": "Action.Execute", "title": "{{TIME(2026-11-19T08:00:00Z)}}"},
    ):
        assert list(parsed({"body": [element]})), element
    assert list(parsed({"msteams": {"entities": []}}))
    assert list(parsed({"fallbackText": "~~no~~"}))


@pytest.mark.parametrize("words", ["Oakfield Primary", "Mr O'Neill (Y4)", "2026 – a year", "a_b"])
def test_ordinary_labels_are_not_disfigured(words: str) -> None:
    assert text.label(words, 60) == words
    assert text.title(words, 60).replace("\\", "") == words


def test_words_are_shown_in_full_page_by_page() -> None:
    words = "".join(f"Line {n} of a long post.\n" for n in range(2_000))
    card = replace(everywhere("a"), parts=(views.Quote(text=words), views.Quote(text="short")))
    pages = in_full(card)
    assert len(pages) > 2
    assert [problem for page in pages for problem in problems(page)] == []
    said = "".join(map(_read, pages[:-1]))
    assert said.replace("\u00a0", "") == words.replace("\n", "")
    assert _read(pages[-1]) == "short"


def test_no_word_is_parted_by_the_end_of_a_page() -> None:
    """Half of one on each page would be read as neither."""
    card = replace(everywhere("a"), parts=(views.Quote(text="Amelia Khan won. " * 2_000),))
    first, *others = map(_read, in_full(card))
    assert others
    assert all(said.endswith(" ") for said in (first, *others))
    assert "".join((first, *others)) == "Amelia Khan won. " * 2_000


def _read(page: Message) -> str:
    """The words that are quoted on a page."""
    return "".join(
        run["text"]
        for part in page.card["body"]
        if part["type"] == "Container"
        for block in part["items"]
        for run in block["inlines"]
    )


@given(st.text(alphabet='aé水😀\\"*{}\n ', min_size=1, max_size=40), st.sampled_from((1, 40, 400)))
@settings(max_examples=10)
def test_every_page_is_within_the_limits_and_no_word_is_lost(words: str, times: int) -> None:
    card = replace(everywhere("a"), parts=(views.Quote(text=words * times, label=words),))
    pages = in_full(card, note="The words have changed.")
    assert [problem for page in pages for problem in problems(page)] == []
    said = "".join(map(_read, pages))
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", words * times)


def test_each_page_leads_to_the_next_and_back() -> None:
    card = replace(everywhere("a"), subject=SubjectRef("post", "01POST"), version=3, more=())
    button = views.Button(label="Approve", intent=Intent(verb="post.approve", id="01POST", rev=3))
    card = replace(card, parts=(views.Quote(text="Words. " * 9_000),), buttons=(button,))
    first, *between, last = in_full(card, request="request-1")
    assert [(it.verb, it.memo) for it in pressable(first.card)] == [("read", "2"), ("see", "")]
    assert len(between) > 1
    for number, page in enumerate(between, 2):
        assert [(it.verb, it.memo) for it in pressable(page.card)] == [
            ("read", str(number + 1)),
            ("read", str(number - 1)),
            ("see", ""),
        ]
    yes, *back = pressable(last.card)
    assert yes.intent == button.intent
    assert [it.verb for it in back] == ["read", "see"]
    assert all(it.intent.rev == 3 for page in between for it in pressable(page.card))


def test_a_yes_that_does_not_fit_below_the_words_stands_on_a_page_of_its_own() -> None:
    statement = "I have looked at it. " * 40
    ticks = tuple(views.Confirm(name=f"confirm:{n}", statement=statement) for n in range(12))
    form = Form(title="Sure?", fields=ticks, submit="Approve")
    yes = views.Button(
        label="Approve", intent=Intent(verb="post.approve", id="01POST", rev=3), form=form
    )
    card = replace(everywhere("a"), buttons=(yes,), more=())
    lengths = set()
    for size in (100, 9_000, 13_000, 30_000):
        quoted = replace(card, parts=(views.Quote(text="w" * size),))
        pages = in_full(quoted, request="request-1")
        assert [problem for page in pages for problem in problems(page)] == []
        assert "".join(map(_read, pages)) == "w" * size
        assert [bool([*pressable(page.card)]) for page in pages][-1]
        lengths.add(len(pages))
    assert lengths >= {1, 2}


def test_a_yes_to_a_long_text_stands_below_all_of_it() -> None:
    button = views.Button(label="Approve", intent=Intent(verb="post.approve", id="01POST", rev=3))
    tick = Form(
        title="Sure?", fields=(views.Confirm(name="confirm:0", statement="Yes."),), submit="Allow"
    )
    allow = replace(button, label="Allow", intent=replace(PLAIN, verb="post.allow"), form=tick)
    long = views.Quote(text="Words and words. " * 1_500)
    card = replace(everywhere("a"), parts=(long,), buttons=(button, allow), more=())
    message = render(card, PICTURES.get, request="request-1")
    assert message.cut
    assert [it["title"] for it in message.card["actions"]] == [TO_SAY_YES]
    *before, last = in_full(card, request="request-1")
    assert not [sent for page in before for sent in _said_yes(page)]
    assert [sent.intent for sent in _said_yes(last)] == [button.intent, allow.intent]
    assert problems(last) == ()
    seen = replace(card, parts=(long, views.Media((views.Picture(blob=BLOB, alt="A choir"),))))
    shown = in_full(seen, PICTURES.get, request="request-1")[-1]
    assert ADDRESS in set(strings(shown.card))
    assert len(_said_yes(shown)) == 2
    assert not [sent for page in in_full(seen) for sent in _said_yes(page)]


def _said_yes(page: Message) -> list[Sent]:
    return [it for it in pressable(page.card) if it.intent.verb in YES]


@given(any_of.cards())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_card_is_within_the_limits_and_loses_no_button(card: views.Card) -> None:
    message = render(card, SOME.get, request="request-1", viewers=("29:a",))
    assert problems(message) == ()
    assert list(parsed(message.card)) == []
    unseen = any(
        picture.blob not in SOME
        for part in card.parts
        if isinstance(part, views.Media)
        for picture in part.pictures
    )
    left = carried(message)
    wanted = asked(card)
    gone = YES if message.cut else {APPROVE} if unseen else frozenset()
    assert left == Counter({it: n for it, n in wanted.items() if it.verb not in gone})
    assert not deceivers(message.card)


@given(any_of.forms())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_form_can_be_drawn(form: Form) -> None:
    message = forms.card(form, PLAIN, request="request-1")
    found = [it for it in problems(message) if not it.startswith("card: ")]
    assert found == []
    assert list(parsed(message.card)) == []
