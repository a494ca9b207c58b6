"""Whatever people write: nothing of it is parsed, nothing deceives, and no button is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from adapters import exact
from adapters.cards import YES
from adapters.slack.limits import problems
from adapters.slack.render import Message, render
from moderation import views
from moderation.kernel import BlobId, SubjectRef
from moderation.views import Button, Card, Intent, Mark, Note, Quote, Tone, Weight
from tests.adapters.slack import cards as any_of
from tests.adapters.slack.hostile import parsed, texts
from tests.adapters.slack.pressing import asked, carried, pressable
from tests.fakes.cards import BLOB


FILES: Mapping[BlobId, str] = {BLOB: "F0CHOIR"}
PLAIN = Intent(verb="post.open", id="01POST", rev=3)


REGISTERED = "https://oakfield.example"


def everywhere(words: str) -> Card:
    """``words`` in each place of a card that holds any."""
    line = views.FindingLine(
        words=words, reason=words, policy=words, clause=words, tone=Tone.STOPPED
    )
    shown = Button(label=words, intent=PLAIN, weight=Weight.DANGER, describes=words)
    return Card(
        subject=SubjectRef("post", "01POST"),
        version=3,
        title=words,
        state=words,
        tone=Tone.CARE,
        fallback=words,
        parts=(
            Quote(text=words, label=words, marks=(Mark(0, len(words), Tone.STOPPED),)),
            Quote(text=words, copyable=True),
            views.Facts(((words, words),)),
            views.Findings(title=words, lines=(line,)),
            views.Links(((words, REGISTERED),)),
            views.Media((views.Picture(blob=BLOB, alt=words, note=words),)),
            views.Media((views.Picture(blob=None, alt=words, note=words),)),
            Note(lines=(words,), tone=Tone.CARE),
            Note(lines=(words, words), fold=words),
        ),
        buttons=(shown, replace(shown, weight=Weight.PLAIN)),
        more=(replace(shown, weight=Weight.PLAIN),),
    )


def test_there_are_at_least_two_hundred_hostile_texts() -> None:
    assert len(texts()) >= 200


def opened(message: Message) -> list[str]:
    return [it["url"] for it in pressable(message) if it["action_id"].startswith("link:")]


@pytest.mark.parametrize("words", texts(), ids=lambda words: ascii(words)[:40])
def test_hostile_words_stay_words(words: str) -> None:
    message = render(everywhere(words), FILES)
    assert problems(message) == ()
    # A whole address that is marked may be opened; nothing else is looked at by Slack at all.
    link = exact.link(words, 0, len(words))
    ours = [*([link.address] if link else []), REGISTERED]
    assert list(parsed(message.blocks)) == opened(message) == ours
    assert not {"<", ">"} & set(message.text)
    assert not deceivers(message)
    assert carried(message) == asked(everywhere(words))


def test_findings_too_long_in_every_word_are_cut_to_what_slack_takes() -> None:
    long = "a" * 4_000
    line = views.FindingLine(words=long, reason=long, policy=long, clause=long, tone=Tone.STOPPED)
    for count in (1, 2, 9):
        card = replace(everywhere("a"), parts=(views.Findings(title=long, lines=(line,) * count),))
        assert problems(render(card, FILES)) == ()


def deceivers(message: Message) -> set[str]:
    """Characters that nobody can see, in what is shown; our own icons are left out."""
    shown = [*strings(message.blocks), message.text]
    return {
        exact.code(char)
        for words in shown
        for place, char in enumerate(words)
        if exact.deceives(words, place)
    }


def strings(thing: object) -> Iterator[str]:
    match thing:
        case str():
            yield thing
        case Mapping():
            for value in thing.values():
                yield from strings(value)
        case list() | tuple():
            for value in thing:
                yield from strings(value)
        case _:
            return


def test_the_check_for_parsed_words_finds_them() -> None:
    for block in (
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel>"}},
        {"type": "header", "text": {"type": "plain_text", "text": ":tada:"}},
        {"type": "markdown", "text": "*b*"},
        {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]},
        {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://a.example"}]},
        {"type": "image", "image_url": "https://a.example/p.png", "alt_text": "p"},
    ):
        assert list(parsed([block])), block


@given(any_of.cards())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_card_is_within_the_limits_and_loses_no_button(card: Card) -> None:
    message = render(card, any_of.FILES)
    assert problems(message) == ()
    wanted = asked(card)
    unseen = any(
        picture.blob not in any_of.FILES
        for part in card.parts
        if isinstance(part, views.Media)
        for picture in part.pictures
    )
    if unseen:
        wanted = Counter({key: n for key, n in wanted.items() if key[0].verb != "post.approve"})
    assert _told(carried(message)) == _told(wanted)
    assert not deceivers(message)


def _told(buttons: Counter[tuple[Intent, bool]]) -> Counter[tuple[Intent, bool]]:
    """A yes without its form: where words are cut, the form stands below all of them."""
    told: Counter[tuple[Intent, bool]] = Counter()
    for (intent, asks), count in buttons.items():
        told[intent, asks and intent.verb not in YES] += count
    return told
