from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from markupsafe import escape

from adapters import payloads
from adapters.sandbox.render import card_html, exactly, part_html, pieces
from moderation import views
from moderation.views import Mark, Note, Quote, Tone
from tests.fakes.cards import full, plain


if TYPE_CHECKING:
    from moderation.kernel import BlobId

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 18, 15, 20, tzinfo=LONDON)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} &amp;"


def url(blob: BlobId) -> str:
    return f"media/{blob[7:15]}"


def html(card: views.Card) -> str:
    return str(card_html(card, slot="m1", media_url=url, now=NOW))


class Reader(HTMLParser):
    """What a browser would make of it: tags with attributes, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_a_card_is_an_article_named_by_its_title() -> None:
    page = Reader(html(full()))
    (article,) = page.all("article")
    (heading,) = page.all("h3")
    assert article["aria-labelledby"] == heading["id"]
    assert "Facebook · Oakfield Primary" in page.text
    assert "Please check" in page.text


def test_every_part_of_the_vocabulary_is_drawn() -> None:
    card = full()
    assert {type(part) for part in card.parts} == set(get_args(views.Part))
    text = Reader(html(card)).text
    for words in (
        "Sam Reed, today 15:20",
        "Amelia",
        "A choir",
        "Nobody has looked at this picture yet",
        "This can't go out yet",
        "Looks like a pupil's name.",
        "Our policy, Names: no pupil's name",
        "CARD-NAME-1",
        "One more yes: Mrs Okafor or Mr Lund",
        "History",
        "Proposed by Sam Reed, today 15:20",
    ):
        assert words in text


def test_every_field_of_the_vocabulary_has_a_label() -> None:
    form = full().buttons[0].form
    assert form is not None
    assert {type(field) for field in form.fields} == set(get_args(views.Field))
    page = Reader(html(full()))
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "textarea", "select"):
        for field in page.all(tag):
            named = field.get("id") in labelled or field.get("name") == "days"
            assert named, field
    assert "Facts only, please." in page.text


def test_a_time_in_a_form_is_local() -> None:
    (field,) = (tag for tag in Reader(html(full())).all("input") if tag.get("name") == "when")
    assert field["value"] == "2026-07-01T08:00"


def test_a_statement_cannot_be_ticked_beforehand() -> None:
    (tick,) = (tag for tag in Reader(html(full())).all("input") if tag["name"] == "confirm:k1")
    assert "checked" not in tick
    assert "required" in tick


def test_a_button_carries_its_intent_and_nothing_else() -> None:
    page = Reader(html(full()))
    carried = [tag["data-intent"] for _, tag in page.tags if "data-intent" in tag]
    asked = [button.intent for button in (*full().buttons, *full().more)]
    assert {payloads.loads(payload or "") for payload in carried} == set(asked)
    assert len(carried) == len(asked)


def test_a_form_stays_closed_until_its_button_is_pressed() -> None:
    page = Reader(html(full()))
    (form,) = page.all("form")
    (opener,) = (tag for tag in page.all("button") if "data-opens" in tag)
    assert "hidden" in form
    assert opener["data-opens"] == opener["aria-controls"] == form["id"]


@pytest.mark.parametrize(
    "place", ["title", "state", "quote", "fact", "alt", "note", "finding", "link"]
)
def test_hostile_words_stay_words(place: str) -> None:
    card = full()
    facts, quote, media, _, findings, note, _ = card.parts
    assert isinstance(quote, Quote)
    assert isinstance(media, views.Media)
    assert isinstance(findings, views.Findings)
    match place:
        case "title":
            card = replace(card, title=HOSTILE)
        case "state":
            card = replace(card, state=HOSTILE)
        case "quote":
            card = replace(card, parts=(Quote(text=HOSTILE, copyable=True, label=HOSTILE),))
        case "fact":
            card = replace(card, parts=(views.Facts(((HOSTILE, HOSTILE),)), facts))
        case "alt":
            picture = replace(media.pictures[0], alt=HOSTILE, note=HOSTILE)
            card = replace(card, parts=(views.Media((picture,)),))
        case "link":
            opens = (HOSTILE, "https://oakfield.example/'onclick=alert(1)")
            card = replace(card, parts=(views.Links((opens,)),))
        case "note":
            card = replace(card, parts=(Note(lines=(HOSTILE,), fold=HOSTILE), note))
        case "finding":
            line = replace(
                findings.lines[0], words=HOSTILE, reason=HOSTILE, policy=HOSTILE, clause=HOSTILE
            )
            card = replace(card, parts=(views.Findings(title=HOSTILE, lines=(line,)),))
    page = Reader(html(card))
    assert HOSTILE in page.text
    assert not page.all("script")
    assert all(not name.startswith("on") for _, tag in page.tags for name in tag)
    assert all((image["src"] or "").startswith("media/") for image in page.all("img"))


def test_hostile_words_in_a_form_stay_words() -> None:
    form = views.Form(
        title=HOSTILE,
        submit=HOSTILE,
        note=HOSTILE,
        fields=(
            views.Text(name="a", label=HOSTILE, hint=HOSTILE, value=HOSTILE),
            views.Text(name="b", label=HOSTILE, hint=HOSTILE, value=HOSTILE, lines=1),
            views.Confirm(name="c", statement=HOSTILE),
            views.Choice(name="d", label=HOSTILE, options=((HOSTILE, HOSTILE),), hint=HOSTILE),
        ),
    )
    button = replace(full().buttons[0], label=HOSTILE, form=form, describes=HOSTILE)
    page = Reader(html(replace(full(), buttons=(button,), parts=())))
    assert not page.all("script")
    assert not page.all("img")
    assert all(not name.startswith("on") for _, tag in page.tags for name in tag)
    (line,) = (tag for tag in page.all("input") if tag["name"] == "b")
    assert line["value"] == HOSTILE
    (option,) = (tag for tag in page.all("option") if tag["value"])
    assert option["value"] == HOSTILE


def test_a_text_box_keeps_a_leading_empty_line() -> None:
    field = views.Text(name="a", label="A", value="\nsecond")
    form = views.Form(title="T", submit="S", fields=(field,))
    drawn = html(replace(full(), buttons=(replace(full().buttons[0], form=form),)))
    # A browser drops the first line end after <textarea>.
    assert ">\n\nsecond</textarea>" in drawn


@pytest.mark.parametrize(
    "char",
    ["\u202e", "\u2066", "\u200b", "\u200e", "\ufeff", "\u00ad", "\x07", "\u2028", "\u2060"],
)
def test_what_nobody_can_see_is_shown_by_name(char: str) -> None:
    shown = str(exactly(f"a{char}b"))
    assert char not in shown
    assert f"U+{ord(char):04X}" in shown


@pytest.mark.parametrize(
    "text",
    [
        "Zoë’s café\tat 9:00\nnext line",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "heart \u2764\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "two\r\nlines",
    ],
    ids=["plain", "family", "heart", "flag of England", "Persian", "line ends of Windows"],
)
def test_what_belongs_to_writing_is_left_alone(text: str) -> None:
    assert str(exactly(text)) == str(escape(text))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_copying_gives_the_exact_words(text: str) -> None:
    card = replace(plain(), parts=(Quote(text=text, copyable=True),))
    (button,) = (tag for tag in Reader(html(card)).all("button") if "data-copy" in tag)
    assert button["data-copy"] == text


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45))))
def test_marks_anywhere_lose_no_words(text: str, places: list[tuple[int, int]]) -> None:
    marks = [Mark(start, end, Tone.CARE) for start, end in places]
    drawn = "".join(str(piece.html) for piece in pieces(text, marks))
    assert drawn == str(exactly(text)) or _joined_differently(text)


def _joined_differently(text: str) -> bool:
    """A mark may part a joiner from its neighbours, which then has to be shown."""
    return any(char in text for char in "\u200c\u200d\r\U0001f3f4")


def test_marks_cut_by_code_points_and_the_graver_tone_wins() -> None:
    text = "Well done \U0001f389 Amelia Khan!"
    marks = [Mark(12, 23, Tone.CARE), Mark(12, 18, Tone.STOPPED)]
    drawn = [(str(piece.html), piece.tone) for piece in pieces(text, marks)]
    assert drawn == [
        ("Well done \U0001f389 ", None),
        ("Amelia", Tone.STOPPED),
        (" Khan", Tone.CARE),
        ("!", None),
    ]


def test_a_quote_marks_words() -> None:
    quote = Quote(text="Well done Amelia", marks=(Mark(10, 16, Tone.STOPPED),))
    drawn = str(part_html(quote, media_url=url))
    assert '<mark class="tone-stopped">Amelia</mark>' in drawn


def link_of(text: str, marked: str) -> tuple[str, str] | None:
    """(address, host said besides) of the marked stretch; ``None`` where nothing can be opened."""
    start = text.index(marked)
    for piece in pieces(text, (Mark(start, start + len(marked), Tone.CARE),)):
        if piece.tone is not None:
            return None if piece.link is None else (piece.link.address, piece.link.host)
    raise AssertionError


@pytest.mark.parametrize(
    ("written", "address", "host"),
    [
        ("https://tickets.example/a?b=1#c", "https://tickets.example/a?b=1#c", ""),
        ("http://tickets.example:8080", "http://tickets.example:8080", ""),
        ("www.tickets.example", "https://www.tickets.example", ""),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://school.example@evil.example/x", "https://evil.example/x", "evil.example"),
    ],
)
def test_a_marked_address_opens_where_it_says(written: str, address: str, host: str) -> None:
    assert link_of(f"Look: {written}.", written) == (address, host)


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://files.example",
        "https://a.example\\@evil.example",
        "https://a.exa\u200bmple",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://a%2eexample/",
        "Amelia",
        "a b.example",
    ],
)
def test_nothing_else_can_be_opened(written: str) -> None:
    assert link_of(f"Look: {written} !", written) is None


def test_half_an_address_cannot_be_opened() -> None:
    assert link_of("https://tickets.example/amelia", "https://tickets.example/") is None


def test_a_link_tells_the_other_side_nothing_and_stays_words() -> None:
    text = "https://tickets.example/?a=\"><b>&'"
    quote = views.Quote(text=text, marks=(Mark(0, len(text), Tone.CARE),))
    drawn = Reader(str(part_html(quote, media_url=url)))
    [link] = [attributes for tag, attributes in drawn.tags if tag == "a"]
    assert link["href"] == text
    assert (link["target"], link["rel"]) == ("_blank", "noreferrer noopener")
    assert not [tag for tag, _ in drawn.tags if tag == "b"]


def test_a_folded_card_keeps_its_buttons_in_sight() -> None:
    drawn = str(card_html(full(), slot="m1", media_url=url, now=NOW, glimpse="<b>First words"))
    fold = drawn[drawn.index('<details class="fold glimpse">') :]
    assert "<summary>&lt;b&gt;First words</summary>" in fold
    assert fold.index("<blockquote") < fold.index("data-buttons")
    assert "</details>" in fold[: fold.index("data-buttons")]
