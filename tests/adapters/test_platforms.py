"""One card, drawn for every platform: the same can be pressed and is asked for on each."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING, TypeAlias

import pytest

from adapters import payloads
from adapters.payloads import BadPayload
from adapters.sandbox.render import card_html
from adapters.slack import buttons as slack_buttons, modals
from adapters.slack.render import render as render_for_slack
from adapters.teams import payload
from adapters.teams.payload import Verb
from adapters.teams.reading import in_full
from adapters.teams.render import render as render_for_teams
from bot.gallery import gallery, school
from moderation.views import Choice, Intent
from tests.adapters.slack import pressing as in_slack
from tests.adapters.teams import pressing as in_teams


if TYPE_CHECKING:
    from bot.gallery import Example
    from moderation.views import Card, Form

Asked: TypeAlias = Counter[tuple[Intent, frozenset[str]]]
"""What each button says, and the names of the fields that it asks for first."""

BLOBS = (school.CUP, school.GARDEN)


def meant(card: Card) -> Asked:
    return Counter((button.intent, fields(button.form)) for button in (*card.buttons, *card.more))


def fields(form: Form | None) -> frozenset[str]:
    """Those that something can be put into."""
    if form is None:
        return frozenset()
    return frozenset(
        it.name for it in form.fields if not (isinstance(it, Choice) and not it.options)
    )


def on_slack(card: Card) -> Asked:
    """The buttons of the message, and the dialogs that those open which ask for something."""
    message = render_for_slack(card, dict.fromkeys(BLOBS, "F0PICTURE"))
    forms = {it.intent: it.form for it in (*card.buttons, *card.more)}
    found: Asked = Counter()
    for action in in_slack.pressable(message):
        if action["action_id"].startswith(("read:", "link:")):
            continue
        carried = slack_buttons.read(action)
        assert not isinstance(carried, BadPayload)
        names: frozenset[str] = frozenset()
        form = forms[carried.intent]
        if carried.asks and form is not None:
            memo = modals.Memo(intent=carried.intent, request="01REQUEST")
            blocks = modals.form_view(form, memo)["blocks"]
            names = frozenset(it["block_id"] for it in blocks if it["type"] == "input")
        found[carried.intent, names] += 1
    return found


def on_teams(card: Card) -> Asked:
    """The actions of the card, with the inputs that stand in it for each."""
    pictures = dict.fromkeys(BLOBS, "https://cards.example/media/1")
    message = render_for_teams(card, pictures.get, request="request-1")
    drawn = [message.card]
    if message.cut:
        drawn += [page.card for page in in_full(card, pictures.get, request="request-1")]
    found: Asked = Counter()
    for sent in (sent for shown in drawn for sent in in_teams.pressable(shown)):
        if sent.verb in {Verb.READ, Verb.SEE}:
            continue
        names = {
            re.sub(r"^f[a-z]?_|#.*$", "", it["id"])
            for shown in drawn
            for it in in_teams.inputs(shown)
            if it["id"].endswith(f"#{sent.scope}") and sent.scope
        }
        found[sent.intent, frozenset(names)] += 1
    return found


class Page(HTMLParser):
    """The buttons that act at once and the forms, of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: Asked = Counter()
        self._form: tuple[Intent, set[str]] | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        said = payloads.loads(given["data-intent"]) if "data-intent" in given else None
        if isinstance(said, Intent):
            if tag == "form":
                self._form = (said, set())
            else:
                self.found[said, frozenset()] += 1
        if self._form is not None and "name" in given:
            self._form[1].add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            intent, names = self._form
            self.found[intent, frozenset(names)] += 1
            self._form = None


def on_the_page(card: Card) -> Asked:
    drawn = card_html(card, slot="s", media_url=str, now=school.NOW.astimezone(school.LONDON))
    return Page(str(drawn)).found


@pytest.mark.parametrize("example", gallery(), ids=lambda example: example.name)
def test_every_platform_asks_the_same(example: Example) -> None:
    wanted = meant(example.card)
    assert on_slack(example.card) == wanted
    assert on_teams(example.card) == wanted
    assert on_the_page(example.card) == wanted


def test_something_is_compared() -> None:
    asked = [key for example in gallery() for key in meant(example.card)]
    assert len(asked) > 150
    assert len({intent.verb for intent, _ in asked}) > 25
    assert sum(bool(names) for _, names in asked) > 60


@pytest.mark.parametrize("name", ["a", "confirm:0a1b", "alt1"])
def test_names_of_fields_survive_teams(name: str) -> None:
    ids = (payload.words_id, payload.many_id, payload.tick_id, payload.date_id, payload.time_id)
    assert {re.sub(r"^f[a-z]?_|#.*$", "", made(name, "3")) for made in ids} == {name}
