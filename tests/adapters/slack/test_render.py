"""A card as a Slack message: everything is there, inert, and within Slack's limits."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import pytest

from adapters import payloads
from adapters.cards import NOT_SHOWN, READ_IT_ALL
from adapters.payloads import BadPayload
from adapters.slack import buttons, text
from adapters.slack.limits import problems
from adapters.slack.modals import words_of
from adapters.slack.render import Message, render
from moderation import views
from moderation.kernel import BlobId, SubjectRef
from moderation.views import Button, Card, Intent, Mark, Note, Quote, Tone, Weight
from tests.adapters.slack.hostile import parsed, said
from tests.adapters.slack.pressing import carried, pressable
from tests.fakes.cards import BLOB, full, plain


if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.slack.text import Block

FILES: Mapping[BlobId, str] = {BLOB: "F0CHOIR"}
PLAIN = Intent(verb="post.open", id="01POST", rev=3)
FORM = full().buttons[0].form


def shown_pictures(card: Card) -> Card:
    """The same card with those pictures alone that Slack has."""
    parts = tuple(
        views.Media(tuple(item for item in part.pictures if item.blob in FILES))
        if isinstance(part, views.Media)
        else part
        for part in card.parts
    )
    return replace(card, parts=parts)


def of_type(message: Message, kind: str) -> list[Block]:
    return [block for block in message.blocks if block["type"] == kind]


# -- what is there --------------------------------------------------------------------------------


def test_every_part_of_the_vocabulary_is_drawn() -> None:
    card = full()
    assert {type(part) for part in card.parts} == set(get_args(views.Part))
    words = said(render(card, FILES).blocks)
    for expected in (
        "Facebook · Oakfield Primary",
        "Please check",
        "Sam Reed, today 15:20",
        "The exact words",
        "Well done Amelia and the choir!",
        "A choir",
        "This can't go out yet",
        "Looks like a pupil's name.",
        "Our policy, Names: no pupil's name · CARD-NAME-1",
        "One more yes: Mrs Okafor or Mr Lund",
        "History",
        "Proposed by Sam Reed, today 15:20",
    ):
        assert expected in words


@pytest.mark.parametrize("tone", Tone)
def test_the_state_is_said_in_words_beside_an_icon(tone: Tone) -> None:
    card = replace(plain(), tone=tone)
    assert f"{text.ICONS[tone]} {card.state}" in said(render(card, {}).blocks)
    assert len(set(text.ICONS.values())) == len(Tone)


def test_notifications_say_it_all_without_markup() -> None:
    message = render(replace(plain(), fallback="Fish & chips <!channel> *now*"), {})
    assert message.text == "Fish &amp; chips &lt;!channel&gt; *now*"
    arguments = message.arguments()
    assert (arguments["mrkdwn"], arguments["unfurl_links"]) == (False, False)
    assert arguments["unfurl_media"] is False


def test_marked_words_stand_out_and_the_rest_does_not() -> None:
    quote = Quote(text="Well \U0001f389 done Amelia!", marks=(Mark(12, 18, Tone.STOPPED),))
    [block] = of_type(render(replace(plain(), state="", parts=(quote,)), {}), "rich_text")
    [body] = block["elements"]
    assert [(item["text"], item.get("style")) for item in body["elements"]] == [
        ("Well \U0001f389 done ", None),
        ("Amelia", {"bold": True, "code": True}),
        ("!", None),
    ]


def test_words_to_copy_are_kept_exactly() -> None:
    written = "  Two\n\nlines & <b>more</b> :tada: \U0001f389 @channel  "
    message = render(replace(plain(), parts=(Quote(text=written, copyable=True),)), {})
    [kept] = [
        part
        for block in of_type(message, "rich_text")
        for part in block["elements"]
        if part["type"] == "rich_text_preformatted"
    ]
    assert "".join(item["text"] for item in kept["elements"]) == written


def test_nothing_of_a_message_is_in_its_repr() -> None:
    assert "Amelia" not in repr(render(full(), FILES))


# -- pictures -------------------------------------------------------------------------------------


def test_a_picture_is_shown_with_its_description() -> None:
    [image] = of_type(render(full(), FILES), "image")
    assert image["slack_file"] == {"id": "F0CHOIR"}
    assert (image["alt_text"], image["title"]["text"]) == ("A choir", "A choir")


def test_a_picture_without_description_says_so_to_screen_readers() -> None:
    media = views.Media((views.Picture(blob=BLOB, alt=" "),))
    [image] = of_type(render(replace(plain(), parts=(media,)), FILES), "image")
    assert image["alt_text"] == "Picture without a description"


def verbs(message: Message) -> list[str]:
    return [intent.verb for intent, _ in carried(message)]


def test_nobody_is_asked_to_approve_what_cannot_be_shown() -> None:
    card = shown_pictures(full())
    assert "post.approve" in verbs(render(card, FILES))
    message = render(card, {})
    assert "post.approve" not in verbs(message)
    assert "post.withdraw" in verbs(message)
    words = said(message.blocks)
    assert NOT_SHOWN in words
    assert "Not every picture can be shown yet, so nobody can say yes." in words


def test_a_picture_that_is_still_looked_at_cannot_be_approved_either() -> None:
    assert "post.approve" not in verbs(render(full(), FILES))


def test_an_approval_in_the_menu_goes_as_well() -> None:
    card = shown_pictures(full())
    card = replace(card, buttons=card.buttons[1:], more=card.buttons[:1])
    assert "post.approve" in verbs(render(card, FILES))
    assert "post.approve" not in verbs(render(card, {}))


def test_a_card_without_approval_does_not_speak_of_it() -> None:
    card = replace(shown_pictures(full()), buttons=(), more=())
    assert "nobody can say yes" not in said(render(card, {}).blocks)


def test_where_not_all_pictures_fit_nobody_says_yes() -> None:
    pictures = views.Media((views.Picture(blob=BLOB, alt="A choir"),) * 60)
    card = replace(full(), parts=(pictures,))
    message = render(card, FILES)
    assert problems(message) == ()
    assert "post.approve" not in verbs(message)
    assert "more parts can't be shown here" in said(message.blocks)


# -- buttons --------------------------------------------------------------------------------------


def button(label: str = "Do it", **fields: Any) -> Button:  # noqa: ANN401 -- fields of Button
    return Button(**{"label": label, "intent": PLAIN, **fields})


def row(*shown: Button, more: tuple[Button, ...] = ()) -> list[Block]:
    message = render(replace(plain(), buttons=shown, more=more), {})
    return [item for block in of_type(message, "actions") for item in block["elements"]]


def test_a_button_says_whether_it_asks_first() -> None:
    drawn = row(button(), button(form=FORM))
    assert [item["action_id"].partition(":")[0] for item in drawn] == ["do", "ask"]


def test_a_button_carries_its_intent_and_nothing_else() -> None:
    [drawn] = row(button(describes="Facebook · Oakfield Primary"))
    assert payloads.loads(drawn["value"]) == PLAIN
    assert json.loads(drawn["value"]).keys() == {"v", "verb", "id", "rev"}


def test_a_screen_reader_hears_what_a_button_is_about() -> None:
    [drawn] = row(button("Approve", describes="Facebook · Oakfield Primary"))
    assert drawn["accessibility_label"] == "Approve: Facebook · Oakfield Primary"


def test_only_the_likely_button_is_coloured() -> None:
    drawn = row(button(weight=Weight.PRIMARY), button(), button(weight=Weight.DANGER, form=FORM))
    assert [item.get("style") for item in drawn] == ["primary", None, None]
    assert not any("confirm" in item for item in drawn)


def test_a_dangerous_button_without_a_form_asks_once_more() -> None:
    [drawn] = row(button("Stop this post", weight=Weight.DANGER, describes="Facebook"))
    assert drawn["confirm"]["confirm"]["text"] == "Stop this post"
    assert drawn["confirm"]["deny"]["text"] == "Go back"
    assert "Facebook" in drawn["confirm"]["text"]["text"]


def test_the_rest_is_in_the_menu_and_says_whether_it_asks_first() -> None:
    drawn = row(button(), more=(button("History"), button("Reject", form=FORM)))
    assert [item["type"] for item in drawn] == ["button", "overflow"]
    read = [
        buttons.read({"action_id": drawn[1]["action_id"], "selected_option": option})
        for option in drawn[1]["options"]
    ]
    assert read == [
        buttons.Carried(intent=PLAIN, asks=False),
        buttons.Carried(intent=PLAIN, asks=True),
    ]


def test_what_does_not_fit_into_the_menu_is_a_button() -> None:
    long = Intent(verb="post.allow", id="0" * 26, rev=3, arg="f" * 90)
    more = (
        button("Fits"),
        button("Carries too much", intent=long),
        button("Asks once more", weight=Weight.DANGER),
        *(button(f"Number {number}") for number in range(6)),
    )
    drawn = row(button(), more=more)
    [menu] = [item for item in drawn if item["type"] == "overflow"]
    assert [option["text"]["text"] for option in menu["options"]] == [
        "Fits",
        "Number 0",
        "Number 1",
        "Number 2",
        "Number 3",
    ]
    shown = [item["text"]["text"] for item in drawn if item["type"] == "button"]
    assert shown == ["Do it", "Carries too much", "Asks once more", "Number 4", "Number 5"]


def test_a_card_with_a_menu_alone_shows_buttons() -> None:
    assert [item["type"] for item in row(more=(button(), button()))] == ["button", "button"]


def test_several_cards_share_one_place() -> None:
    first = render(full(), FILES)
    second = render(full(), FILES, first=40)
    together = {"text": "Two", "blocks": [*first.blocks, *second.blocks]}
    assert problems(together) == ()


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": "do:0"},
        {"action_id": "do:0", "value": "{}"},
        {"action_id": 7, "value": payloads.dumps(PLAIN)},
        {"action_id": "more:0", "selected_option": {"value": "ask"}},
        {"action_id": "more:0", "selected_option": {"value": 7}},
        {"action_id": "more:0", "selected_option": {"value": f"?{payloads.dumps(PLAIN)}"}},
    ],
)
def test_a_button_that_nobody_made_is_not_read(action: Mapping[str, object]) -> None:
    assert isinstance(buttons.read(action), BadPayload)


# -- long words -----------------------------------------------------------------------------------


def long_card(length: int, kind: str = "post") -> Card:
    quote = Quote(text="abcdefghi " * (length // 10))
    return replace(full(), subject=SubjectRef(kind, "01POST"), parts=(quote,))


def test_three_thousand_characters_are_shown_whole() -> None:
    message = render(long_card(3_000), {})
    assert not message.cut
    assert "more characters" not in said(message.blocks)


def test_a_report_of_any_allowed_length_is_shown_whole() -> None:
    message = render(long_card(4_000, "incident"), {})
    assert not message.cut
    assert said(message.blocks).count("abcdefghi ") == 400
    assert problems(message) == ()


@pytest.mark.parametrize("kind", ["post", "ready"])
def test_longer_words_are_cut_where_everybody_sees_it(kind: str) -> None:
    card = long_card(30_000, kind)
    message = render(card, {})
    assert message.cut
    kept = said(message.blocks).count("abcdefghi ")
    assert f"… ({30_000 - 10 * kept:,} more characters)" in said(message.blocks)
    [reading] = [it for it in pressable(message) if it["action_id"].startswith("read:")]
    assert reading["text"]["text"] == READ_IT_ALL
    assert payloads.loads(reading["value"]) == Intent(verb="post.open", id="01POST", rev=3)
    assert said(words_of(card)["blocks"]).replace("\n", "").count("abcdefghi ") == 3_000


@pytest.mark.parametrize("verb", ["post.approve", "post.allow"])
@pytest.mark.parametrize("kind", ["post", "queue"])
def test_nobody_says_yes_to_a_part_of_the_words(kind: str, verb: str) -> None:
    yes = Intent(verb=verb, id="01POST", rev=3, arg="next")
    no = Intent(verb="post.reject", id="01POST", rev=3)
    both = tuple(Button(label=it.verb, intent=it) for it in (yes, no))
    for length, whole in ((3_000, False), (30_000, True)):
        for row, menu in ((both, ()), (both[1:], both[:1])):
            card = replace(long_card(length, kind), buttons=row, more=menu)
            found = {
                it.intent.verb: it
                for it in map(buttons.read, pressable(render(card, {})))
                if isinstance(it, buttons.Carried) and it.intent.verb != "post.open"
            }
            assert found[verb] == buttons.Carried(intent=yes, asks=False, whole=whole)
            assert found["post.reject"] == buttons.Carried(intent=no, asks=False)


def test_what_nobody_can_ask_for_again_is_cut_without_a_promise() -> None:
    message = render(long_card(30_000, "import"), {})
    assert not message.cut
    assert "more characters" in said(message.blocks)
    assert READ_IT_ALL not in said(message.blocks)


def test_a_long_quote_leaves_room_for_what_follows_it() -> None:
    note = Note(lines=("One more yes: Mrs Okafor or Mr Lund",))
    card = long_card(30_000)
    message = render(replace(card, parts=(*card.parts, note)), {})
    assert note.lines[0] in said(message.blocks)


def test_a_long_list_says_how_many_lines_are_missing() -> None:
    rows = tuple((f"Account {number}", "x" * 90) for number in range(100))
    words = said(render(replace(plain(), parts=(views.Facts(rows),)), {}).blocks)
    shown = words.count("Account ")
    assert 20 < shown < 100
    assert f"… and {100 - shown} more lines" in words


def test_a_fold_keeps_the_newest_lines() -> None:
    lines = tuple(f"Line {number}: {'x' * 90}" for number in range(60))
    words = said(render(replace(plain(), parts=(Note(lines=lines, fold="History"),)), {}).blocks)
    assert "Line 59:" in words
    assert "Line 0:" not in words
    assert "more lines" in words


# -- links ----------------------------------------------------------------------------------------


def links(written: str, marked_: str) -> list[Block]:
    start = written.index(marked_)
    quote = Quote(text=written, marks=(Mark(start, start + len(marked_), Tone.CARE),))
    message = render(replace(plain(), parts=(quote,)), {})
    return [item for item in pressable(message) if item["action_id"].startswith("link:")]  # type: ignore[misc]


def test_a_marked_address_can_be_opened_where_it_leads() -> None:
    [link] = links("Look: https://tickets.example/fair!", "https://tickets.example/fair")
    assert link["url"] == "https://tickets.example/fair"
    assert link["text"]["text"] == "Open tickets.example"


def test_an_address_that_pretends_says_where_it_leads() -> None:
    address = "https://school.example@evil.example/x"
    [link] = links(f"Look: {address}", address)
    assert (link["url"], link["text"]["text"]) == ("https://evil.example/x", "Open evil.example")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "slack://user?id=U1", "Amelia"])
def test_nothing_else_can_be_opened(address: str) -> None:
    assert links(f"Look: {address} !", address) == []


def test_an_address_that_nobody_asks_about_stays_words() -> None:
    message = render(replace(plain(), parts=(Quote(text="https://tickets.example"),)), {})
    assert list(parsed(message.blocks)) == []
