"""Forms within a card and in one of their own: what is typed arrives at the right button."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from adapters import intents, payloads
from adapters.teams import dialogs, forms, payload
from adapters.teams.limits import problems
from adapters.teams.payload import Sent, Verb
from adapters.teams.render import render
from bot.gallery import gallery
from moderation import views
from moderation.kernel import PostId
from moderation.posts import commands as ask
from moderation.views import Button, Form, Intent, Weight
from tests.adapters.slack.test_inert import everywhere, strings
from tests.adapters.teams.pressing import inputs, pressable, sends


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.views import Card

REASON = Form(
    title="Why?",
    fields=(views.Text(name="reason", label="Reason", hint="Facts only."),),
    submit="Send it",
    note="They read it.",
)
TICK = Form(
    title="Before you say yes",
    fields=(views.Confirm(name="confirm:0a1b", statement="I have asked."),),
    submit="Approve",
)


def card(*buttons: Button) -> Card:
    return replace(everywhere("words"), parts=(), buttons=buttons, more=())


def intent(verb: str) -> Intent:
    return Intent(verb=verb, id="01POST", rev=3)


def sent(data: object) -> Sent:
    found = payload.read(data)
    assert isinstance(found, Sent)
    return found


def test_each_of_several_forms_in_a_card_sends_its_own_words() -> None:
    refuse = Button(label="Ask for changes", intent=intent("post.request_changes"), form=REASON)
    drop = Button(
        label="Reject",
        intent=intent("post.reject"),
        form=Form(title="Why?", fields=REASON.fields, submit="Reject it"),
    )
    drawn = render(card(refuse, drop), lambda _: None, request="request-1").card
    names = [it["id"] for it in inputs(drawn)]
    assert len(names) == len(set(names)) == 2
    found = sent(sends(drawn, "Reject it", {names[1]: "It is not ours."}))
    assert found.request == "request-1"
    asks = intents.command_for(found.intent, found.values)
    assert asks == ask.Reject(post=PostId("01POST"), seen=3, reason="It is not ours.")


def test_nobody_says_yes_without_ticking() -> None:
    button = Button(label="Approve", intent=intent("post.approve"), form=TICK)
    drawn = render(card(button), lambda _: None, request="request-1").card
    with pytest.raises(AssertionError, match="Please tick this"):
        sends(drawn, "Approve", {})
    tick = inputs(drawn)[0]
    assert tick["value"] == tick["valueOff"]
    found = sent(sends(drawn, "Approve", {tick["id"]: tick["valueOn"]}))
    assert found.values == {"confirm:0a1b": "yes"}


def test_a_dangerous_button_asks_once_more() -> None:
    stop = Button(label="Pause all posts", intent=intent("hold.pause"), weight=Weight.DANGER)
    drawn = render(card(stop), lambda _: None, request="request-1").card
    (opens,) = drawn["actions"]
    assert opens["type"] == "Action.ShowCard"
    assert "Are you sure?" in set(strings(opens))
    assert sent(sends(drawn, "Pause all posts", {})).intent == stop.intent


def test_a_form_too_long_for_the_card_is_asked_for() -> None:
    huge = Form(
        title="Which?",
        fields=(
            views.Choice(
                name="who",
                label="Who",
                options=tuple((f"person-{n}", f"Somebody, number {n}") for n in range(250)),
            ),
        ),
        submit="Send",
    )
    one = Button(label="Name them", intent=intent("post.reject"), form=huge)
    other = Button(label="Name others", intent=intent("post.request_changes"), form=huge)
    message = render(card(one, other), lambda _: None, request="request-1")
    assert problems(message) == ()
    assert [it.verb for it in pressable(message.card)] == [Verb.ASK, Verb.ASK]
    assert not message.cut


def test_what_was_typed_stands_in_the_form_again_with_what_is_wrong() -> None:
    message = forms.card(
        REASON,
        intent("post.reject"),
        request="request-1",
        values={"reason": "Because."},
        wrong={"reason": "Please say more.", "gone": "Something else is wrong too."},
        sentences=("Nothing changed.",),
    )
    assert problems(message) == ()
    assert inputs(message.card)[0]["value"] == "Because."
    said = list(strings(message.card["body"]))
    assert said.index("Nothing changed.") < said.index("Please say more.")
    assert "Something else is wrong too." in said
    again = sent(sends(message.card, "Send it", {}))
    assert (again.verb, again.values) == (Verb.DO, {"reason": "Because."})


@pytest.mark.parametrize("dialog", [False, True])
def test_every_form_of_the_gallery_sends_what_is_typed_in_a_card_and_in_a_dialog(
    dialog: bool,  # noqa: FBT001 -- a parameter of pytest's
) -> None:
    forms_shown = [
        button
        for example in gallery()
        for button in (*example.card.buttons, *example.card.more)
        if button.form is not None
    ]
    assert len(forms_shown) > 50
    for button in forms_shown:
        form = button.form
        assert form is not None
        message = forms.card(form, button.intent, request="request-1", dialog=dialog)
        kinds = {it["type"] for it in message.card["actions"]}
        assert kinds == {"Action.Submit" if dialog else "Action.Execute"}
        typed = {it["id"]: _typed(it) for it in inputs(message.card)}
        title = message.card["actions"][0]["title"]
        found = sent(sends(message.card, title, typed))
        named = {it.name for it in form.fields if not _empty(it)}
        assert found.values.keys() == named
        assert not isinstance(
            intents.command_for(found.intent, found.values), payloads.BadPayload | intents.Query
        )


def _typed(field: Mapping[str, Any]) -> str:
    match field["type"]:
        case "Input.Toggle":
            return payload.TICKED
        case "Input.ChoiceSet":
            return str(field["choices"][0]["value"])
        case _:
            return "Some words"


def _empty(field: views.Field) -> bool:
    return isinstance(field, views.Choice) and not field.options


def test_a_dialog_is_opened_and_says_something() -> None:
    opening = dialogs.opening("Write a post", intent("post.write"))
    assert opening["data"]["msteams"] == {"type": "task/fetch"}
    assert sent(opening["data"]).verb is Verb.OPEN
    told = dialogs.told("Sorry", "You can't do that.", words=("My words\nof two lines",))
    assert problems(told) == ()
    assert {"You can't do that.", "My words", "of two lines"} <= set(strings(told.card))
    task = dialogs.task("Sorry", told)["task"]
    assert task["value"]["card"] == told.attachment()
    cards = tuple(example.card for example in gallery())[:40]
    read = dialogs.reading("Who is in it", cards[:1])
    assert problems(read) == problems(dialogs.reading("All of it", cards)) == ()
    assert list(pressable(read.card)) == []
