"""Each part of a card as elements of an Adaptive Card. Pure; a case for each of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from adapters import cards, cutting
from adapters.teams import text
from moderation.views import Facts, Findings, Links, Media, Note, Quote


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from adapters.teams.text import Element
    from moderation.kernel import BlobId
    from moderation.views import FindingLine, Part, Picture

    Pictures = Callable[[BlobId], str | None]

LONGEST_PAGE: Final = 3_000
"""Units of one text that people still read in one go."""
LONGEST_LABEL: Final = 500
LONGEST_BUTTON: Final = 60
LONGEST_ALT: Final = 1_000
LONGEST_ADDRESS: Final = 2_000
MOST_LINKS: Final = 5

WATCH: Final = "Watch the video"
NOT_WATCHED: Final = "This video can't be watched here."
UNWATCHED: Final = "The video can't be watched here, so nobody can say yes here."
NO_CAPTIONS: Final = "A video without captions"

COPY: Final = "Copy the words"
TO_COPY: Final = "The words, to be copied. Changing them here changes nothing."


def elements(part: Part, pictures: Pictures, most: int, numbers: Iterator[int]) -> list[Element]:
    """One part, each text of it in at most ``most`` units.

    ``pictures`` tells where one can be seen by now; ``numbers`` make names in the card unique.
    """
    page = min(most, LONGEST_PAGE)
    match part:
        case Quote():
            return [*_quote(part, most, numbers), *_opening(cards.links(part))]
        case Facts():
            return _facts(part, page) if part.rows else []
        case Findings():
            return _findings(part, page)
        case Media():
            return _media(part, pictures, page)
        case Links():
            return _opening(part.pages)
        case Note():
            if not part.lines:
                return []
            return _fold(part, page, numbers) if part.fold else _note(part, page)
        case _ as unreachable:
            assert_never(unreachable)


def is_cut(part: Part, most: int) -> bool:
    """Whether words of a quote, or what is said in a video, don't fit into ``most`` units."""
    if isinstance(part, Media):
        page = min(most, LONGEST_PAGE)
        return any(cutting.size(said) > page for said in map(cutting.visible, captions(part)))
    return isinstance(part, Quote) and text.marked(part.text, (), most)[1] > 0


def captions(media: Media) -> Iterator[str]:
    """What is said in its videos: whoever says yes has read all of it."""
    return (it.alt for it in media.pictures if it.moves and it.alt.strip())


# -- words -----------------------------------------------------------------------------------------


def _quote(quote: Quote, most: int, numbers: Iterator[int]) -> Iterator[Element]:
    if quote.label:
        yield from text.paragraph(cutting.cut(quote.label, LONGEST_LABEL), text.BOLD)
    lines, missing = text.marked(quote.text, quote.marks, most)
    yield {"type": "Container", "style": "emphasis", "items": lines}
    if missing:
        # Outside the quote: nobody takes it for a word of the post, nor copies it.
        yield text.rich(text.runs(cutting.left_out(missing), text.SUBTLE))
    elif quote.copyable and quote.text.strip() and cutting.visible(quote.text) == quote.text:
        yield from _copying(quote.text, f"copy-{next(numbers)}")


def _copying(words: str, name: str) -> Iterator[Element]:
    """A box to copy from: on a phone nothing else in a card can be selected."""
    box = {"type": "Input.Text", "id": f"{name}-box", "label": TO_COPY, "isMultiline": True}
    yield _toggle(COPY, name)
    yield {
        "type": "Container",
        "id": name,
        "isVisible": False,
        "items": [{**box, "value": words}],
    }


def _toggle(title: str, name: str) -> Element:
    action = {
        "type": "Action.ToggleVisibility",
        "title": text.label(title, LONGEST_BUTTON),
        "targetElements": [name],
    }
    return {"type": "ActionSet", "actions": [action]}


def _facts(facts: Facts, most: int) -> list[Element]:
    lines: list[list[Element]] = []
    room = most
    for place, (name, value) in enumerate(facts.rows):
        if room <= 0:
            lines.append(text.runs(cutting.more_lines(len(facts.rows) - place)))
            break
        named, said = cutting.short(name, 200), cutting.cut(value, max(room, 100))
        room -= cutting.size(named) + cutting.size(said)
        first, *others = text.lines_of(said)
        lines.append([*text.runs(f"{named}: ", text.BOLD), *text.runs(first)])
        lines += [text.runs(line) for line in others]
    return text.stacked(lines)


def _note(note: Note, most: int) -> list[Element]:
    lines = [line for said in cutting.lines(note.lines, most) for line in text.lines_of(said)]
    if note.tone is not None:
        lines[0] = f"{cutting.ICONS[note.tone]} {lines[0]}"
    return text.stacked([text.runs(line) for line in lines])


def _fold(note: Note, most: int, numbers: Iterator[int]) -> list[Element]:
    """Kept under a button that unfolds it."""
    name = f"fold-{next(numbers)}"
    said = [
        line for it in cutting.lines(note.lines[::-1], most)[::-1] for line in text.lines_of(it)
    ]
    items = text.stacked([text.runs(line, text.SMALL) for line in said])
    return [
        _toggle(note.fold, name),
        {"type": "Container", "id": name, "isVisible": False, "items": items},
    ]


# -- findings --------------------------------------------------------------------------------------


def _findings(findings: Findings, most: int) -> list[Element]:
    heading = cutting.cut(findings.title, LONGEST_LABEL)
    drawn = text.paragraph(heading, text.BOLD)
    room = most - cutting.size(heading)
    for place, line in enumerate(findings.lines):
        if room <= 0:
            more = cutting.more_lines(len(findings.lines) - place)
            drawn.append(text.rich(text.runs(more)))
            break
        item = _finding(line, max(room, 100))
        runs = (run for block in item for run in block["inlines"])
        room -= sum(cutting.size(run["text"]) for run in runs)
        drawn.append({"type": "Container", "spacing": "Small", "items": item})
    return drawn


def _finding(line: FindingLine, room: int) -> list[Element]:
    """The marked words first, then the reason, then the policy, small."""
    words = cutting.short(line.words, min(room, 300))
    policy = cutting.cut(" · ".join(filter(None, (line.policy, line.clause))), min(room, 500))
    left = max(room - cutting.size(words) - cutting.size(policy), 100)
    said = text.runs(f"{cutting.ICONS[line.tone]} ")
    if words:
        said += [*text.runs(words, text.MARKED), *text.runs(" ")]
    first, *others = text.lines_of(cutting.cut(line.reason, left))
    lines = [[*said, *text.runs(first)], *(text.runs(other) for other in others)]
    lines += [text.runs(other, text.SMALL) for other in policy.splitlines() if other.strip()]
    return text.stacked(lines)


# -- pictures and pages ----------------------------------------------------------------------------


def _media(media: Media, pictures: Pictures, page: int) -> list[Element]:
    """One picture as wide as the card; several in pairs, which a phone still shows large enough."""
    drawn = [_picture(picture, pictures, page) for picture in media.pictures]
    if len(drawn) == 1:
        return drawn[0]
    pairs = (drawn[at : at + 2] for at in range(0, len(drawn), 2))
    return [{"type": "ColumnSet", "columns": [_column(it) for it in pair]} for pair in pairs]


def _column(items: list[Element]) -> Element:
    return {"type": "Column", "width": "stretch", "items": items}


def _picture(picture: Picture, pictures: Pictures, page: int) -> list[Element]:
    address = pictures(picture.blob) if picture.blob is not None else None
    if picture.moves:
        return _video(picture, address, page)
    most = min(page, LONGEST_ALT)
    said = [words for words in (picture.alt, picture.note) if words.strip()]
    if address is None:
        lines = (picture.note or cards.NOT_SHOWN, *filter(str.strip, (picture.alt,)))
        return text.paragraph(cutting.cut("\n".join(lines), most), text.SUBTLE)
    alt = cutting.short(picture.alt, most) if picture.alt.strip() else cards.NO_DESCRIPTION
    shown: Element = {
        "type": "Image",
        "url": address,
        "altText": text.label(alt, most),
        # Opened as large as the screen; other clients don't know the word and leave it.
        "msteams": {"allowExpand": True},
    }
    under = cutting.cut("\n".join(said) or cards.NO_DESCRIPTION, most)
    return [shown, *text.paragraph(under, text.SMALL)]


def _video(picture: Picture, address: str | None, page: int) -> list[Element]:
    """Teams plays none within a card: a button opens ours, in a player that everybody has."""
    said = picture.alt if picture.alt.strip() else NO_CAPTIONS
    drawn = watching(address) if address else text.paragraph(NOT_WATCHED, text.SUBTLE)
    drawn += text.paragraph(cutting.cut(said, page), text.SMALL)
    note = cutting.cut(picture.note, min(page, LONGEST_ALT))
    return [*drawn, *(text.paragraph(note, text.SMALL) if note.strip() else ())]


def watching(address: str) -> list[Element]:
    """The button that opens a video of ours."""
    return _opening([(WATCH, address)])


def _opening(pages: Iterable[tuple[str, str]]) -> list[Element]:
    actions: list[Element] = [
        {
            "type": "Action.OpenUrl",
            "title": text.label(label, LONGEST_BUTTON),
            "url": address,
        }
        for label, address in pages
        if cutting.size(address) <= LONGEST_ADDRESS
    ]
    return [{"type": "ActionSet", "actions": actions[:MOST_LINKS]}] if actions else []
