"""A message that becomes a post: its words without Slack's marks, and its pictures."""

from __future__ import annotations

import pytest

from adapters.slack.compose_message import message_files, message_words


def test_a_messages_words_come_without_slacks_marks() -> None:
    message = {
        "text": "*The fair* …",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "The fair", "style": {"bold": True}},
                            {"type": "text", "text": " is on "},
                            {"type": "user", "user_id": "U1"},
                            {"type": "broadcast", "range": "channel"},
                            {"type": "emoji", "name": "tada", "unicode": "1f389"},
                            {"type": "emoji", "name": "odd", "unicode": "d800"},
                            {"type": "link", "url": "https://a.example", "text": "Tickets"},
                            {"type": "link", "url": "https://b.example"},
                            7,
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "text", "text": "Cakes & <b>"}],
                            }
                        ],
                    },
                    None,
                ],
            }
        ],
    }
    assert message_words(message) == (
        "The fair is on \U0001f389Ticketshttps://b.example\n• Cakes & <b>"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tea &amp; cake &lt;3", "Tea & cake <3"),
        ("<@U1> and <!channel> and <#C1|fair>: ask", "and  and : ask"),
        ("See <https://a.example|our page>", "See our page"),
        ("See <https://a.example>", "See https://a.example"),
        ("Write to <mailto:office@oak.example|office@oak.example>", "Write to office@oak.example"),
        (None, ""),
        (" \0x ", "x"),
    ],
)
def test_an_old_clients_message_is_read_from_its_text(text: object, words: str) -> None:
    assert message_words({"text": text}) == words


def test_a_messages_pictures_come_along_and_other_files_are_counted() -> None:
    files = [
        {"id": "F0000001", "mimetype": "image/jpeg"},
        {"id": "F0000002", "mimetype": "application/pdf"},
        {"id": "../../x", "mimetype": "image/png"},
        {"id": "F0000001", "mimetype": "image/jpeg"},
    ]
    assert message_files({"files": files})[0] == ("F0000001",)
    assert message_files({"files": files})[1] == 2
    many = [{"id": f"F{at:07}", "mimetype": "image/png"} for at in range(12)]
    assert len(message_files({"files": many})[0]) == 10
    assert message_files({}) == ((), 0)
    assert message_files({"files": 3}) == ((), 0)
