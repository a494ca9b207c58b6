"""A message that an action was used on is read as its writer saw it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from adapters.teams.message import LONGEST_MESSAGE, message_of


WRITER = "2DA6D22F-0863-55E3-8A77-C6622FC63DAE"


def used_on(html: str, kind: str = "html", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "commandId": "propose",
        "messagePayload": {
            "id": "1",
            "body": {"contentType": kind, "content": html},
            "from": {"user": {"id": WRITER, "userIdentityType": "aadUser"}},
            **more,
        },
    }


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div>One</div><div>two</div>", "One\n\ntwo"),
        ("<p>One<br>two &amp; three</p>", "One\ntwo & three"),
        ("<p>A&nbsp;&nbsp; wide  gap</p>", "A wide gap"),
        ("<ul><li>peas</li><li>beans</li></ul>", "• peas\n• beans"),
        ('<p><at id="0">Mrs Lund</at> our peas</p>', "our peas"),
        ('<p>See <a href="https://peas.example">our peas</a></p>', "See our peas"),
        ('<p>Peas <img alt="🌱" itemtype="http://schema.skype.com/Emoji"></p>', "Peas 🌱"),
        ('<p>Peas <emoji alt="🌱"></emoji></p>', "Peas 🌱"),
        ("<p>Peas</p><attachment id='1'></attachment>", "Peas"),
        ("<style>p {}</style><p>5 &lt; 6</p>", "5 < 6"),
        ("<script>alert(1)</script>Peas<script>", "Peas"),
        ("", ""),
    ],
)
def test_words_are_read_as_they_were_seen(html: str, words: str) -> None:
    assert message_of(used_on(html)).words == words


def test_plain_words_are_taken_as_they_are() -> None:
    assert message_of(used_on("5 < 6 & more", "text")).words == "5 < 6 & more"


def test_its_writer_is_known_by_the_directory_s_id() -> None:
    assert message_of(used_on("Peas")).writer == WRITER.lower()
    app: dict[str, Any] = {"from": {"application": {"id": WRITER}}}
    assert message_of(used_on("Peas", **app)).writer == ""


def test_its_pictures_and_files_are_counted() -> None:
    html = '<p>Peas<img src="https://graph.microsoft.com/v1.0/x/$value"></p>'
    file = {"contentType": "reference", "contentUrl": "https://oakfield.sharepoint.com/a.png"}
    quoted = {"contentType": "messageReference", "content": "{}"}
    assert message_of(used_on(html, attachments=[file, quoted])).left == 2


def test_an_action_that_was_used_on_nothing_has_no_words() -> None:
    nothing = message_of({"commandId": "propose"})
    assert (nothing.words, nothing.writer, nothing.left) == ("", "", 0)


def test_its_repr_tells_no_words() -> None:
    assert "Amelia" not in repr(message_of(used_on("<p>Amelia</p>")))


PIECES = st.sampled_from(
    ["<p>", "</p>", "<at>", "</at>", "<img>", "<script>", "<br/>", "&amp;", "<", "\0", "<!--"]
)


@given(st.lists(PIECES | st.text(max_size=10), max_size=30).map("".join), st.text(max_size=6))
def test_whatever_it_holds_is_read_to_the_end(html: str, kind: str) -> None:
    for told in (used_on(html), used_on(html, kind), {"messagePayload": html}):
        found = message_of(told)
        assert len(found.words) <= LONGEST_MESSAGE
        assert "\0" not in found.words
