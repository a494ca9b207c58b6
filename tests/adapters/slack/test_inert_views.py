"""Whatever people write in dialogs, in the Home tab and in answers: words, and only words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from adapters import exact
from adapters.door import FormChoice, Overview, PupilChoice, Queued
from adapters.slack import compose_views as draw, home, modals, reading
from adapters.slack.answers import sentences_in
from adapters.slack.compose_blocks import class_options, pupil_options
from adapters.slack.limits import problems
from moderation.kernel import PupilKey, SubjectRef
from moderation.views import (
    Card,
    Choice,
    Confirm,
    Facts,
    Form,
    Intent,
    Note,
    Quote,
    Text,
    Tone,
    When,
)
from tests.adapters.slack.hostile import parsed, texts


MEMO = modals.Memo(intent=Intent(verb="post.approve", id="01POST", rev=3), request="01REQUEST")
OURS = frozenset({"action_id", "block_id", "initial_value", "private_metadata", "value"})
"""What nobody reads in a dialog, or has in their own box to go on writing."""


def card(words: str, kind: str = "post") -> Card:
    return Card(
        subject=SubjectRef(kind, "01POST"),
        version=1,
        title=words,
        state=words,
        tone=Tone.CARE,
        fallback=words,
        parts=(
            Quote(text=words, label=words),
            Quote(text=words, copyable=True),
            Facts(((words, words),)),
            Note(lines=(words, words), tone=Tone.STOPPED),
            Note(lines=(words,), fold=words),
        ),
    )


def form(words: str) -> Form:
    return Form(
        title=words,
        submit=words,
        note=words,
        fields=(
            Text(name="a", label=words, hint=words),
            Text(name="b", label=words, value=words, lines=4),
            Confirm(name="c", statement=words),
            Choice(name="d", label=words, options=(("v", words), ("w", words)), hint=words),
            Choice(
                name="e",
                label=words,
                options=tuple((f"v{at}", words) for at in range(12)),
                many=True,
            ),
            Choice(name="f", label=words, options=()),
            When(name="w", label=words, hint=words),
        ),
    )


def drawn(words: str) -> Mapping[str, Mapping[str, Any]]:
    """Each view that holds somebody's words, with ``words`` in all places of it."""
    one = card(words)
    overview = Overview(
        queue=Queued(card=one, left=3),
        mine=card(words, "mine"),
        accounts=card(words, "accounts"),
        who=card(words, "who"),
        policies=(card(words, "policy"),),
    )
    return {
        "a form": modals.form_view(form(words), MEMO),
        "a form below all the words": modals.words_and_form(one, form(words), MEMO),
        "all the words": modals.words_of(one),
        "what is told": modals.told(words, (words, words), words=(words,)),
        "what is read and not kept": reading.view((one, one), words[:24]),
        "the home tab": home.view(overview, {}, said=(words,)),
        "the home tab of a stranger": home.told((words,)),
        "what a writer is told": draw.said(draw.WRITE, words or "-", words=words),
    }


def deceivers(thing: object) -> Iterator[str]:
    """Characters that nobody can see, in what is read."""
    match thing:
        case str():
            yield from (
                exact.code(char) for at, char in enumerate(thing) if exact.deceives(thing, at)
            )
        case Mapping():
            for name, value in thing.items():
                if name not in OURS:
                    yield from deceivers(value)
        case list() | tuple():
            for value in thing:
                yield from deceivers(value)
        case _:
            return


@pytest.mark.parametrize("words", texts(), ids=lambda words: ascii(words)[:40])
def test_hostile_words_stay_words_in_every_view(words: str) -> None:
    for name, view in drawn(words).items():
        assert problems(view) == (), name
        assert list(parsed(view)) == [], name
        assert not set(deceivers(view)), name


def test_hostile_words_stay_words_in_what_a_search_finds() -> None:
    for words in texts():
        found = [
            *pupil_options([PupilChoice(pupil=PupilKey("p1"), label=words)]),
            *class_options([FormChoice(key="4B", label=words)]),
        ]
        assert list(parsed(found)) == [], ascii(words)
        assert not set(deceivers(found)), ascii(words)


def test_hostile_words_stay_words_in_an_answer() -> None:
    for words in texts():
        message = sentences_in((f"You typed: {words}", words))
        assert problems(message) == (), ascii(words)
        assert list(parsed(message.blocks)) == [], ascii(words)
        assert not {"<", ">"} & set(message.text), ascii(words)
        assert not set(deceivers([*message.blocks, message.text])), ascii(words)


def test_the_check_for_what_nobody_sees_finds_it() -> None:
    view = {"title": {"text": "safe\u202eelpmaxe"}, "value": "\u202e"}
    assert list(deceivers(view)) == [exact.code("\u202e")]
