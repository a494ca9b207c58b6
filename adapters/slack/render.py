"""A neutral card as a Slack message. Pure; one case for each word of the vocabulary.

A button's ``action_id`` says what pressing it needs: ``ask:`` opens its form, ``do:`` acts at once,
``more:`` is the menu of both, ``read:`` shows all the words, ``whole:`` shows them and asks below,
``watch:`` brings a video to whoever presses it, ``link:`` is opened by Slack itself. A number
follows that is unique in the message.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final, assert_never

from adapters import cards, cutting, payloads, writing
from adapters.slack import text
from adapters.slack.buttons import rows
from adapters.slack.text import Block
from moderation.views import Facts, Findings, Links, Media, Note, Quote


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from moderation.kernel import BlobId
    from moderation.views import Card, FindingLine, Part, Picture

MOST_BLOCKS: Final = 50
LONGEST_TITLE: Final = 150
LONGEST_FALLBACK: Final = 3_000
LONGEST_CONTEXT: Final = 2_000
LONGEST_JSON: Final = 12_000
"""Characters of all blocks as JSON. Slack refuses more than about 13,200 and documents no limit."""
LENGTHS: Final = (9_000, 6_000, 3_000, 2_000, 1_000, 400, 120)
"""Units that a quote may have: the first with which the whole message fits is taken. Other parts
have no more than a page."""
MOST_LINKS: Final = 5
WATCH: Final = "Watch the video"
WATCH_FIRST: Final = (
    f"Nobody says yes to a video unseen: press “{WATCH}”. It comes to your direct messages, and "
    "with it the button to approve."
)
NO_CAPTIONS: Final = "Nobody has written what is said in it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as Slack takes it. ``repr`` shows nothing: it may be about a child.

    ``text`` is escaped. ``cut`` tells that somebody's words didn't fit, and a ``read:`` button is
    there.
    """

    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    cut: bool = False

    def arguments(self) -> dict[str, Any]:
        """For ``chat.postMessage``: nothing is parsed and nothing unfolds."""
        return {
            "text": self.text,
            "blocks": list(self.blocks),
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }


def render(card: Card, files: Mapping[BlobId, str], *, first: int = 0) -> Message:
    """``card`` as one message.

    ``files`` are the Slack files (``F…``) of the pictures that Slack can show by now; where one is
    missing nobody is offered to say yes. ``first`` is where the numbers of the buttons begin, for
    several cards in one place.
    """
    if not cards.all_shown(card, files):
        card = _without_approval(card, files)
    tries = (_draw(card, files, most, first) for most in LENGTHS)
    fits = (tried for tried in tries if _length(tried[0].blocks) <= LONGEST_JSON)
    message, dropped = next(fits, None) or _draw(card, files, LENGTHS[-1], first)
    if dropped and cards.can_be_approved(card):
        return render(cards.without_approval(card), files, first=first)
    return message


def _without_approval(card: Card, files: Mapping[BlobId, str]) -> Card:
    still = {*files, *cards.moving(card)}
    if cards.all_shown(card, still) and _watching(card, count()):
        return cards.without_approval(card, WATCH_FIRST)
    return cards.without_approval(card)


def in_full(card: Card) -> list[Block]:
    """A card's words for a dialog, which takes more than a message does: nothing to press."""
    numbers = count()
    parts = (part_blocks(part, {}, text.LONGEST_PAGE, numbers) for part in card.parts)
    return [*_heading(card), *(block for blocks in parts for block in blocks)]


def _draw(card: Card, files: Mapping[BlobId, str], most: int, first: int) -> tuple[Message, bool]:
    """The message with at most ``most`` units in each part, and whether parts were dropped."""
    numbers = count(first)
    drawn = [block for part in card.parts for block in part_blocks(part, files, most, numbers)]
    cut = any(_is_cut(part, most) for part in card.parts)
    reading = _reading(card, numbers) if cut else []
    unread = cards.YES if cut else frozenset()
    below = [
        *_watching(card, numbers),
        *reading,
        *rows(card.buttons, card.more, numbers, whole=unread),
    ]
    above = _heading(card)
    room = MOST_BLOCKS - len(above) - len(below)
    dropped = len(drawn) > room
    if dropped:
        missing = len(drawn) - max(0, room - 1)
        line = f"… {missing} more parts can't be shown here."
        drawn = [*drawn[: max(0, room - 1)], text.rich(text.section(text.run(line)))]
    return Message(
        text=text.escaped(text.cut(_fallback(card), LONGEST_FALLBACK)),
        blocks=(*above, *drawn, *below),
        cut=bool(reading),
    ), dropped


def _fallback(card: Card) -> str:
    return card.fallback if card.fallback.strip() else text.NOTHING


def _length(blocks: Sequence[Block]) -> int:
    return text.size(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _heading(card: Card) -> list[Block]:
    title = {"type": "header", "text": text.plain(text.short(card.title, LONGEST_TITLE))}
    if not card.state:
        return [title]
    state = text.section(
        text.run(f"{text.ICONS[card.tone]} "), text.run(text.cut(card.state, 1_000), text.BOLD)
    )
    return [title, text.rich(state)]


def _is_cut(part: Part, most: int) -> bool:
    if isinstance(part, Media):
        return any(_is_cut(said, most) for it in part.pictures if (said := captions(it)))
    return isinstance(part, Quote) and [*text.pages(part.text, (), most)][-1][1] > 0


def _reading(card: Card, numbers: Iterator[int]) -> list[Block]:
    """The button that shows all the words, where they can be asked for by their subject's id."""
    reading = cards.reading(card)
    if reading is None:
        return []
    button = {
        "type": "button",
        "action_id": f"read:{next(numbers)}",
        "text": text.plain(cards.READ_IT_ALL),
        "value": payloads.dumps(reading),
    }
    return [{"type": "actions", "elements": [button]}]


def _watching(card: Card, numbers: Iterator[int]) -> list[Block]:
    """The button that brings a card's video to whoever presses it; a final card has none."""
    opens = cards.reading(card)
    if opens is None or not cards.moving(card) or not (card.buttons or card.more):
        return []
    button = {
        "type": "button",
        "action_id": f"watch:{next(numbers)}",
        "text": text.plain(WATCH),
        "value": payloads.dumps(opens),
    }
    return [{"type": "actions", "elements": [button]}]


# -- parts ----------------------------------------------------------------------------------------


def part_blocks(
    part: Part, files: Mapping[BlobId, str], most: int, numbers: Iterator[int]
) -> list[Block]:
    """One part of a card, each text of it in at most ``most`` units."""
    page = min(most, text.LONGEST_PAGE)
    match part:
        case Quote():
            return [*_quote(part, most), *_opening(cards.links(part), numbers)]
        case Facts():
            return [_facts(part, page)] if part.rows else []
        case Findings():
            return [_findings(part, page)]
        case Media():
            return [block for picture in part.pictures for block in _pictured(picture, files, most)]
        case Links():
            return _opening(part.pages, numbers)
        case Note():
            return [_fold(part, page) if part.fold else _note(part, page)] if part.lines else []
        case _ as unreachable:
            assert_never(unreachable)


def _quote(quote: Quote, most: int) -> list[Block]:
    label = [text.section(text.run(text.cut(quote.label, 500), text.BOLD))] if quote.label else []
    draw = text.exactly if quote.copyable else text.quoted
    pages = list(text.pages(quote.text, quote.marks, most))
    missing = pages[-1][1]
    # Outside the quote: nobody takes it for a word of the post, nor copies it.
    rest = [text.section(text.run(text.left_out(missing), text.ITALIC))] if missing else []
    first, *others = [draw(elements) for elements, _ in pages]
    blocks = [text.rich(*label, first), *map(text.rich, others)]
    blocks[-1]["elements"] += rest
    return blocks


def _opening(pages: Iterable[tuple[str, str]], numbers: Iterator[int]) -> list[Block]:
    buttons = [
        {
            "type": "button",
            "action_id": f"link:{next(numbers)}",
            "text": text.plain(text.short(label, 75)),
            "url": address,
        }
        for label, address in pages
        if text.size(address) <= text.LONGEST_URL
    ]
    return [{"type": "actions", "elements": buttons[:MOST_LINKS]}] if buttons else []


def _facts(facts: Facts, most: int) -> Block:
    elements: list[Block] = []
    room = most
    for place, (name, value) in enumerate(facts.rows):
        if room <= 0:
            elements.append(text.run(cutting.more_lines(len(facts.rows) - place)))
            break
        named, said = text.short(name, 200), text.cut(value, max(room, 100))
        room -= text.size(named) + text.size(said)
        end = "\n" if place + 1 < len(facts.rows) else ""
        elements += [text.run(f"{named}: ", text.BOLD), text.run(f"{said}{end}")]
    return text.rich(text.section(*elements))


def _findings(findings: Findings, most: int) -> Block:
    items: list[Block] = []
    heading = text.cut(findings.title, 500)
    room = most - text.size(heading)
    for place, line in enumerate(findings.lines):
        if room <= 0:
            items.append(text.section(text.run(cutting.more_lines(len(findings.lines) - place))))
            break
        item = _finding(line, max(room, 100))
        room -= sum(text.size(element["text"]) for element in item)
        items.append(text.section(*item))
    title = text.section(text.run(heading, text.BOLD))
    listed = [{"type": "rich_text_list", "style": "bullet", "elements": items}] if items else []
    return text.rich(title, *listed)


def _finding(line: FindingLine, room: int) -> list[Block]:
    """The marked words first, then the reason, then the policy, small."""
    words = text.cut(line.words, min(room, 300))
    policy = text.cut(" · ".join(filter(None, (line.policy, line.clause))), min(room, 500))
    left = max(room - text.size(words) - text.size(policy), 100)
    said = [text.run(f"{text.ICONS[line.tone]} ")]
    if words:
        said += [text.run(words, text.MARKED), text.run(" ")]
    said.append(text.run(text.cut(line.reason, left)))
    if policy:
        said.append(text.run(f"\n{policy}", text.ITALIC))
    return said


def captions(picture: Picture) -> Quote | None:
    """What is said in a video, word for word."""
    said = picture.alt if picture.moves else ""
    return Quote(text=said, label=writing.SAID_IN_IT) if said.strip() else None


def _pictured(picture: Picture, files: Mapping[BlobId, str], most: int) -> list[Block]:
    if not picture.moves:
        return [_picture(picture, files, min(most, text.LONGEST_PAGE, LONGEST_CONTEXT))]
    said = captions(picture)
    told = [text.section(text.run(text.cut(picture.note, 500), text.BOLD))]
    if said is None:
        told.append(text.section(text.run(f"\n{NO_CAPTIONS}")))
    return [text.rich(*told), *(_quote(said, most) if said is not None else ())]


def _picture(picture: Picture, files: Mapping[BlobId, str], most: int) -> Block:
    file = files.get(picture.blob) if picture.blob is not None else None
    said = [words for words in (picture.alt, picture.note) if words.strip()]
    if file is None:
        lines = (picture.note or cards.NOT_SHOWN, *((picture.alt,) if picture.alt.strip() else ()))
        return {"type": "context", "elements": [text.plain(text.cut("\n".join(lines), most))]}
    return {
        "type": "image",
        "slack_file": {"id": file},
        "alt_text": text.cut(picture.alt if picture.alt.strip() else cards.NO_DESCRIPTION, most),
        "title": text.plain(text.cut("\n".join(said) or cards.NO_DESCRIPTION, most)),
    }


def _note(note: Note, most: int) -> Block:
    lines = cutting.lines(note.lines, most)
    icon = [text.run(f"{text.ICONS[note.tone]} ")] if note.tone else []
    return text.rich(text.section(*icon, text.run("\n".join(lines))))


def _fold(note: Note, most: int) -> Block:
    """Slack folds nothing by itself: small print instead, the newest (last) lines of it."""
    lines = cutting.lines(note.lines[::-1], min(most, LONGEST_CONTEXT) - 200)[::-1]
    words = "\n".join((text.short(note.fold, 150), *lines))
    return {"type": "context", "elements": [text.plain(words)]}
