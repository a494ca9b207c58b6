"""The linter finds each thing that Teams would turn down or show badly."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from adapters.teams import envelope, payload, text
from adapters.teams.envelope import Message
from adapters.teams.limits import problems
from adapters.teams.payload import Verb
from adapters.teams.presses import execute
from moderation.views import Intent


if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[dict[str, Any]], object]

APPROVE: Final = Intent(verb="post.approve", id="01POST", rev=3)
BOX: Final = {"type": "Input.Text", "id": "f_reason", "label": "Why", "isMultiline": True}
CHOICES: Final = [{"title": "One", "value": "1"}, {"title": "Two", "value": "2"}]
CHOICE: Final = {"type": "Input.ChoiceSet", "id": "f_who", "label": "Who", "choices": CHOICES}
TICK: Final = {"type": "Input.Toggle", "id": "fc_x", "label": "I looked", "title": "Yes"}
IMAGE: Final = {"type": "Image", "url": "https://cards.example/1", "altText": "A cup"}
FOLD: Final = {"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["fold-1"]}


def card() -> dict[str, Any]:
    """One of everything, and nothing wrong with it."""
    shown = {"type": "AdaptiveCard", "version": "1.5", "body": [copy.deepcopy(BOX)]}
    body = [
        text.heading("Title", 60),
        *text.paragraph("Words"),
        copy.deepcopy(IMAGE),
        copy.deepcopy(CHOICE),
        copy.deepcopy(TICK),
        {"type": "ActionSet", "actions": [copy.deepcopy(FOLD)]},
        {"type": "Container", "id": "fold-1", "isVisible": False, "items": text.paragraph("a")},
    ]
    actions = [
        execute("Approve", APPROVE),
        {"type": "Action.ShowCard", "title": "Reject", "card": shown},
        {"type": "Action.OpenUrl", "title": "Open", "url": "https://oakfield.example"},
    ]
    drawn = copy.deepcopy(envelope.card(body, actions, "All of it"))
    again = execute("Again", APPROVE, Verb.SEE)
    again.pop("fallback")
    drawn["refresh"] = {"action": again, "userIds": ["29:1"]}
    return drawn


def body(at: int, **changes: object) -> Change:
    return lambda made: made["body"][at].update(changes)


def action(at: int, **changes: object) -> Change:
    return lambda made: made["actions"][at].update(changes)


def test_nothing_is_wrong_with_a_good_card() -> None:
    assert problems(card()) == ()
    assert problems(Message(card=card(), summary="All of it")) == ()


def test_a_notification_says_something() -> None:
    assert "summary" in problems(Message(card=card(), summary=" "))[0]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda made: made.update(type="Card"), "type"),
        (lambda made: made.update(version="1.6"), "version"),
        (lambda made: made.update(fallbackText=" "), "fallbackText"),
        (lambda made: made.update(speak="Hello"), "card.speak"),
        (lambda made: made.update(body=[]), "card.body"),
        (lambda made: made["body"].extend(text.paragraph("a" * 25_000)), "card"),
        (lambda made: made["body"].append({"type": "Table"}), "card.body[7]"),
        (lambda made: made["body"].append(copy.deepcopy(CHOICE)), "id"),
        (body(0, wrap=False), "card.body[0].wrap"),
        (body(0, text=" "), "card.body[0].text"),
        (body(0, color="Red"), "card.body[0].color"),
        (body(1, inlines=[]), "card.body[1].inlines"),
        (body(1, inlines=[{"type": "TextRun", "text": ""}]), "card.body[1].inlines[0].text"),
        (body(1, inlines=[{"type": "TextRun", "text": "a\nb"}]), "card.body[1].inlines[0].text"),
        (body(1, inlines=[{"type": "TextRun", "text": "{{a"}]), "card.body[1].inlines[0].text"),
        (body(1, inlines=[{"type": "Image", "text": "a"}]), "card.body[1].inlines[0]"),
        (body(2, url="http://cards.example/1"), "card.body[2].url"),
        (body(2, altText=""), "card.body[2].altText"),
        (body(2, altText="a" * 1_001), "card.body[2].altText"),
        (body(3, id=""), "card.body[3].id"),
        (body(3, label=""), "card.body[3].label"),
        (body(3, isRequired=True), "card.body[3].errorMessage"),
        (body(3, choices=[]), "card.body[3].choices"),
        (body(3, choices=[{"title": "", "value": "1"}]), "card.body[3].choices[0]"),
        (body(3, choices=[CHOICES[0], CHOICES[0]]), "card.body[3].choices"),
        (body(4, title=""), "card.body[4].title"),
        (body(5, actions=None), "card.body[5].actions"),
        (body(6, id="elsewhere"), "targetElements"),
        (body(6, items=[]), "card.body[6].items"),
        (action(0, title=""), "card.actions[0].title"),
        (action(0, title="a" * 81), "card.actions[0].title"),
        (action(0, data={}), "card.actions[0].data"),
        (action(0, verb="ask"), "card.actions[0].verb"),
        (action(0, fallback="drop"), "card.actions[0].fallback"),
        (
            action(0, fallback={"type": "Action.Submit", "data": payload.data(APPROVE, Verb.ASK)}),
            "card.actions[0].fallback.data",
        ),
        (action(0, type="Action.Http"), "card.actions[0]"),
        (action(1, card={"body": []}), "card.actions[1].card.body"),
        (action(2, url="javascript:1"), "card.actions[2].url"),
        (lambda made: made["actions"].extend([made["actions"][0]] * 4), "card.actions"),
        (lambda made: made["actions"].extend([made["actions"][0]] * 18), "card.actions"),
        (lambda made: made["refresh"].update(action={}), "refresh.action"),
        (lambda made: made["refresh"]["action"].update(data={}), "refresh.action.data"),
        (lambda made: made["refresh"].update(userIds=["29:1"] * 61), "refresh.userIds"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: Change, named: str) -> None:
    made = card()
    change(made)
    assert named in {problem.partition(": ")[0] for problem in problems(made)}
