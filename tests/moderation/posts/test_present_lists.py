"""Ready to post, the queue, drafts and history: the cards beside the one that is decided on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.kernel import PersonId, SubjectRef
from moderation.posts import present
from moderation.posts.model import Posted
from moderation.posts.queries import PostPage, QueuePage, WhoPage
from moderation.posts.queries.views import PicturedPupil
from moderation.views import (
    Card,
    Links,
    Note,
    Quote,
    Text,
    Tone,
)
from tests.moderation.posts import examples as some
from tests.moderation.posts.cards import button, labels, verbs


# -- Ready to post ---------------------------------------------------------------------------------


def ready(name: str, viewer: PersonId | None = some.SAM) -> Card:
    post = some.EXAMPLES[name]
    return present.ready(post, some.view(post, viewer))


def test_ready_to_post_has_the_words_alone_to_copy() -> None:
    card = ready("ready")
    assert card.subject == SubjectRef("ready", some.POST)
    assert card.parts[0] == Quote(text=some.TEXT, copyable=True)
    assert labels(card)[:3] == ["I've posted it", "I can't post it", "I don't know"]
    field = button(card, "post.posted").form
    assert field is not None
    assert isinstance(field.fields[0], Text)
    assert (field.fields[0].name, field.fields[0].required) == ("url", False)


def test_ready_to_post_asks_for_each_page_that_waits() -> None:
    card = ready("ready on two pages")
    assert [item.intent.arg for item in card.buttons] == [some.FACEBOOK, some.X]
    assert "I can't post it: X · Oakfield Primary" in labels(card)


def test_somebody_who_may_not_post_has_no_button_for_it() -> None:
    assert "post.posted" not in verbs(ready("ready", some.HART))


@pytest.mark.parametrize("name", ["recalled draft", "cancelled", "partly posted, removal asked"])
def test_a_post_that_was_called_back_cannot_be_copied(name: str) -> None:
    card = ready(name)
    assert (card.tone is Tone.STOPPED) is ("removal" in name)
    assert "Ready to post" not in card.fallback
    assert some.EXAMPLES[name].content.text not in card.fallback
    assert "post.posted" not in verbs(card)


def test_the_pages_that_wait_are_one_click_away_and_so_is_what_stands() -> None:
    opened = [part for part in ready("ready").parts if isinstance(part, Links)]
    assert opened == [Links((("Open Facebook", "https://www.facebook.example/oakfield"),))]
    where = "https://www.facebook.example/oakfield/1"
    posted = replace(some.EXAMPLES["posted"], postings=(some.posting(Posted.YES, url=where),))
    card = present.ready(posted, some.view(posted, some.SAM))
    assert Links((("See it on Facebook", where),)) in card.parts
    called_back = ready("partly posted, removal asked")
    assert not any(isinstance(part, Links) for part in called_back.parts)


def test_only_web_pages_can_be_opened() -> None:
    with pytest.raises(ValueError, match="web pages"):
        Links((("Open", "javascript:alert(1)"),))


def test_an_address_can_be_added_later() -> None:
    posted = replace(some.EXAMPLES["posted"], postings=(some.posting(Posted.YES),))
    card = present.ready(posted, some.view(posted, some.SAM))
    assert "Add the address: Facebook · Oakfield Primary" in labels(card)


# -- lists -----------------------------------------------------------------------------------------


def page(name: str, viewer: PersonId | None) -> PostPage:
    post = some.EXAMPLES[name]
    return PostPage(post, some.view(post, viewer))


def test_the_queue_goes_on_to_the_next() -> None:
    card = present.queue(QueuePage(first=page("in review", some.OKAFOR), after=2))
    assert card.buttons[0].label == "Approve and next"
    assert card.buttons[0].intent.arg == "next"
    assert "Two more posts after this one." in card.fallback
    assert button(card, "queue.next").intent.arg == some.POST


def test_the_last_of_the_queue_is_an_ordinary_card() -> None:
    card = present.queue(QueuePage(first=page("in review", some.OKAFOR), after=0))
    assert card.buttons[0].label == "Approve"


def test_an_empty_queue_says_what_will_appear() -> None:
    card = present.queue(QueuePage(first=None, after=0))
    assert card.state == "Nothing waiting for you"


def test_drafts_are_listed_with_how_they_stand() -> None:
    card = present.drafts((page("blocked draft", some.SAM), page("changes requested", some.SAM)))
    assert card.state == "Two posts"
    assert "Changes asked for" in card.fallback
    assert [item.label for item in card.buttons] == ["Change number 1", "Change number 2"]
    assert not present.drafts(()).buttons


def test_who_is_in_the_picture_is_told_in_full_to_one_reader() -> None:
    pupils = (PicturedPupil(name="Amelia Khan", year="4", form="4B"),)
    card = present.who_is_in(WhoPage(page=page("in review", some.OKAFOR), pupils=pupils))
    assert "Amelia Khan: Year 4 · 4B" in card.fallback
    assert "Amelia" not in repr(pupils)


def test_history_tells_everything_that_a_reader_needs() -> None:
    post = some.post()
    card = present.history(post, some.view(post, some.ADE))
    assert card.parts == (
        Note(
            lines=(
                "Written by Sam Reed, today 15:20",
                "Sent to those who can say yes, today 15:21",
                "Approved by Mrs Okafor, today 15:35",
            )
        ),
    )
