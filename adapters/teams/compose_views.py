"""The form in which a post is written or corrected. Pure.

The same card stands in a dialog (``Action.Submit``, which Teams sends as ``task/submit``) and in a
message (``Action.Execute``), so that nothing needs a dialog. Teams redraws a form only when it is
sent: whoever chose a class is asked for its exceptions by the same form once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as field_of
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from adapters import cutting, writing
from adapters.door import ColleagueChoice, FormChoice, PupilChoice, Target
from adapters.sentences import MAY_NOT_PROPOSE
from adapters.teams import envelope, parts, payload, text
from adapters.teams.compose_memo import Memo, intent_of
from adapters.teams.dialogs import told
from adapters.teams.payload import Verb
from adapters.teams.presses import execute, submit, without_inputs
from moderation.checks.model import Who
from moderation.kernel import AccountId, BlobId, PostId, PupilKey
from moderation.posts.model import Attachment, is_blank
from moderation.views import Intent, Weight
from moderation.words import platform_name


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from adapters.teams.envelope import Message
    from adapters.teams.text import Element

# -- fields, as they are read back -----------------------------------------------------------------

ACCOUNTS: Final = "accounts"
TEXT: Final = "text"
ALT: Final = "alt"
"""One description for all pictures; ``alt:<picture>`` is that of one."""
OUT: Final = "out"
WHO: Final = "who"
BUT: Final = "but"
ALSO: Final = "also"
WHEN: Final = "when"

PUPILS: Final = "pupils"
STAFF: Final = "staff"
"""Begins the ``dataset`` of a search for children; the post follows, behind a slash."""

# -- limits and words ------------------------------------------------------------------------------

LONGEST_TEXT: Final = 20_000
LONGEST_ALT: Final = 2_000
LONGEST_CAPTIONS: Final = 6_000
"""Some six minutes of speech, word for word."""
LONGEST_SHOWN: Final = 1_000
LONGEST_LABEL: Final = 200
LONGEST_LINE: Final = 1_000
FOR_EXPANDED: Final = 8
"""More choices than this are a list to open."""

WRITE: Final = "Write a post"
CORRECT: Final = "Correct a post"
PROPOSE: Final = "Propose"
GO_BACK: Final = "Go back"
SEARCH: Final = "Three letters of a name, or a class"
CLASS_NEXT: Final = "If you choose a class, you are asked next who of it isn't in it."
NO_MORE_PICTURES: Final = "To add a picture or a video, send it to me in our own chat."
WRITE_AGAIN: Final = "That is too long for this form. Please shorten it there and begin again."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet:
    """Everything that the form shows. ``repr`` shows nothing of it.

    ``seen`` 0 is a post that nobody has stored; ``request`` was minted at the opening. ``pictures``
    stand with the post, ``videos`` are those that move, and ``shown`` are the addresses at which
    they can be seen. ``form`` is the
    class that was chosen, ``pupils`` are its children and ``but`` those of them who aren't in it.
    ``named`` are choices beside it: values and labels; ``staff`` are colleagues in the same way.
    ``wrong`` are sentences by field.
    """

    post: PostId
    seen: int = 0
    request: str
    targets: tuple[Target, ...]
    memo: Memo = field_of(default_factory=Memo)
    accounts: tuple[AccountId, ...] = ()
    text: str = ""
    pictures: tuple[Attachment, ...] = ()
    videos: frozenset[BlobId] = frozenset()
    shown: Mapping[BlobId, str] = field_of(default_factory=dict)
    classes: tuple[FormChoice, ...] = ()
    who: Who = Who.NOT_SAID
    form: str = ""
    pupils: tuple[PupilChoice, ...] = ()
    but: frozenset[PupilKey] = frozenset()
    named: tuple[tuple[str, str], ...] = ()
    staff: tuple[tuple[str, str], ...] = ()
    not_before: datetime | None = None
    notes: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field_of(default_factory=dict)

    def __repr__(self) -> str:
        return f"Sheet({self.post})"


# -- the form of a post ----------------------------------------------------------------------------


def compose(sheet: Sheet, zone: tzinfo, *, dialog: bool) -> Message:
    """The whole form, or a sentence where there is nothing to fill in. ``zone`` is the school's."""
    title = CORRECT if sheet.seen else WRITE
    if not sheet.targets and not sheet.accounts:
        return told(title, MAY_NOT_PROPOSE)
    if cutting.size(sheet.text) > LONGEST_TEXT:
        return told(title, WRITE_AGAIN)
    drawn = _composed(sheet, zone, title, sheet.shown, dialog=dialog)
    if envelope.length(drawn.card) > envelope.LONGEST:
        drawn = _composed(sheet, zone, title, {}, dialog=dialog)
    return drawn if envelope.length(drawn.card) <= envelope.LONGEST else told(title, WRITE_AGAIN)


def _composed(
    sheet: Sheet, zone: tzinfo, title: str, shown: Mapping[BlobId, str], *, dialog: bool
) -> Message:
    body = [] if dialog else [text.heading(title, LONGEST_LABEL, size="Medium")]
    body += _body(sheet, zone, shown)
    memo = sheet.memo.asked_about(writing.form_value(sheet.form) if sheet.form else "")
    press = submit if dialog else execute
    send = press(
        PROPOSE,
        intent_of(sheet.post, sheet.seen),
        Verb.OPEN,
        request=sheet.request,
        memo=memo.dumps(),
        style=Weight.PRIMARY,
    )
    pressed = [send]
    if sheet.seen and not dialog:
        # It stands in the card's place, so there has to be a way back.
        back = execute(GO_BACK, Intent(verb="post.open", id=sheet.post), Verb.SEE)
        pressed.append(without_inputs(back))
    return envelope.message(envelope.card(body, pressed, title), title)


def _body(sheet: Sheet, zone: tzinfo, shown: Mapping[BlobId, str]) -> list[Element]:
    drawn: list[Element] = []
    notes = (*sheet.notes, *([writing.WRITER] if sheet.memo.writer else ()))
    for note in notes:
        drawn += text.paragraph(cutting.cut(note, LONGEST_LINE))
    drawn += [*_told_of(sheet, ACCOUNTS), _accounts(sheet), *_told_of(sheet, TEXT)]
    if room := _room(sheet):
        drawn += text.paragraph(room, text.SMALL)
    drawn.append(_text(sheet))
    if sheet.pictures:
        drawn += [*_described(sheet, shown), *_who(sheet)]
    drawn += text.paragraph(NO_MORE_PICTURES, text.SMALL)
    drawn += [*_told_of(sheet, WHEN), *_when(sheet, zone)]
    return drawn + text.paragraph(writing.ACCURATE, text.SMALL)


def _told_of(sheet: Sheet, name: str) -> list[Element]:
    said = sheet.wrong.get(name, "")
    return text.paragraph(cutting.cut(said, LONGEST_LINE), text.WRONG) if said else []


def _accounts(sheet: Sheet) -> Element:
    labels = {it.account: it.label for it in sheet.targets}
    # An author may correct a post that they could not propose.
    labels |= {it: it for it in sheet.accounts if it not in labels}
    return _choices(
        ACCOUNTS, "Account", list(labels.items()), chosen=sheet.accounts, required="Please choose."
    )


def _text(sheet: Sheet) -> Element:
    return _box(TEXT, "Text", sheet.text, lines=True) | {
        "isRequired": True,
        "errorMessage": writing.NO_TEXT,
        "maxLength": LONGEST_TEXT,
    }


def _room(sheet: Sheet) -> str:
    """The tightest limit of the networks that it goes to."""
    chosen = [target for target in sheet.targets if target.account in sheet.accounts]
    if not chosen:
        return ""
    tight = min(chosen, key=lambda target: target.limit)
    return f"Up to {tight.limit:,} characters on {platform_name(tight.platform)}."


def _when(sheet: Sheet, zone: tzinfo) -> Iterator[Element]:
    local = sheet.not_before.astimezone(zone).isoformat() if sheet.not_before else ""
    yield from text.paragraph("Goes out as soon as it is approved, or not before:", text.SMALL)
    day: Element = {"type": "Input.Date", "id": payload.date_id(WHEN), "label": "Day"}
    time: Element = {"type": "Input.Time", "id": payload.time_id(WHEN), "label": "Time"}
    pair = [
        day | ({"value": local[:10]} if local else {}),
        time | ({"value": local[11:16]} if local else {}),
    ]
    columns = [{"type": "Column", "width": "stretch", "items": [it]} for it in pair]
    yield {"type": "ColumnSet", "columns": columns}


# -- pictures and who is in them -------------------------------------------------------------------


def _described(sheet: Sheet, shown: Mapping[BlobId, str]) -> Iterator[Element]:
    """One description for a set of pictures, and one for each; what is said in a video."""
    several = len(sheet.pictures) > 1
    still = [it for it in sheet.pictures if it.blob not in sheet.videos]
    alike = len(still) > 1 and len({it.alt for it in still}) == 1
    if len(still) > 1:
        yield from _told_of(sheet, ALT)
        yield from text.paragraph(
            "For those who can't see them. One sentence can stand for all.", text.SMALL
        )
        yield _box(ALT, "What the pictures show", still[0].alt if alike else "")
    for at, picture in enumerate(sheet.pictures, 1):
        number = at if several else 0
        if picture.blob in sheet.videos:
            yield from _video(sheet, picture, shown, number)
        else:
            yield from _picture(sheet, picture, shown, number, "" if alike else picture.alt)
    named = [
        (writing.mark(it.blob), f"{'Video' if it.blob in sheet.videos else 'Picture'} {at}")
        for at, it in enumerate(sheet.pictures, 1)
    ]
    yield from _told_of(sheet, OUT)
    yield _choices(OUT, "Take out", named)


def _picture(
    sheet: Sheet, picture: Attachment, shown: Mapping[BlobId, str], number: int, said: str
) -> Iterator[Element]:
    """``number`` is 0 for the only one."""
    name = f"Picture {number}" if number else "What the picture shows"
    if picture.blob in shown:
        alt = f"Picture {number or 1}" if is_blank(picture.alt) else picture.alt
        yield {
            "type": "Image",
            "url": shown[picture.blob],
            "altText": text.label(alt, LONGEST_SHOWN),
        }
    field = f"{ALT}:{writing.mark(picture.blob)}"
    yield from _told_of(sheet, field)
    yield _box(field, _with_name(name, picture), said)


def _video(
    sheet: Sheet, picture: Attachment, shown: Mapping[BlobId, str], number: int
) -> Iterator[Element]:
    name = f"{writing.SAID_IN_IT} {number}" if number else writing.SAID_IN_IT
    if picture.blob in shown:
        yield from parts.watching(shown[picture.blob])
    field = f"{ALT}:{writing.mark(picture.blob)}"
    yield from _told_of(sheet, field)
    yield from text.paragraph(writing.WORD_FOR_WORD, text.SMALL)
    box = _box(field, _with_name(name, picture), picture.alt, lines=True)
    yield {**box, "maxLength": LONGEST_CAPTIONS}


def _with_name(label: str, picture: Attachment) -> str:
    return f"{label} ({picture.file_name})" if picture.file_name else label


def _who(sheet: Sheet) -> Iterator[Element]:
    plainly = [(who.value, words) for who, words in writing.WHOSE]
    classes = [
        (writing.form_value(it.key), f"The whole class but …: {it.label}") for it in sheet.classes
    ]
    wanted = writing.form_value(sheet.form) if sheet.form else sheet.who.value
    options = [*plainly, *classes]
    yield from _told_of(sheet, WHO)
    if classes:
        yield from text.paragraph(CLASS_NEXT, text.SMALL)
    element: Element = {
        "type": "Input.ChoiceSet",
        "id": payload.words_id(WHO),
        "label": "Who is in it",
        "style": "expanded" if len(options) <= FOR_EXPANDED else "compact",
        "isMultiSelect": False,
        "wrap": True,
        "choices": [
            {"title": text.title(label, LONGEST_LABEL), "value": value} for value, label in options
        ],
        "isRequired": True,
        "errorMessage": writing.NO_WHO,
    }
    yield element | ({"value": wanted} if wanted in dict(options) else {})
    if sheet.form and sheet.pupils:
        label = next((it.label for it in sheet.classes if it.key == sheet.form), sheet.form)
        yield from _told_of(sheet, BUT)
        yield _choices(
            BUT,
            f"All of {label.partition(',')[0]} but",
            [(it.pupil, it.label) for it in sheet.pupils],
            chosen=tuple(sheet.but),
        )
    yield from _told_of(sheet, ALSO)
    yield from text.paragraph(SEARCH, text.SMALL)
    label = "And also" if sheet.form else "Pupils in it, if you name them"
    yield _search(sheet, PUPILS, ALSO, label, sheet.named)
    yield from _told_of(sheet, STAFF)
    yield from text.paragraph(writing.COLLEAGUES_HINT, text.SMALL)
    yield _search(sheet, STAFF, STAFF, writing.COLLEAGUES, sheet.staff)


def _search(
    sheet: Sheet, kind: str, name: str, label: str, named: Sequence[tuple[str, str]]
) -> Element:
    """People by name: Teams asks as somebody types (``application/search``)."""
    found = _choices(name, label, named, chosen=[value for value, _ in named])
    query = {"type": "Data.Query", "dataset": f"{kind}/{sheet.post}"}
    return {**found, "style": "filtered", "choices.data": query}


def search_results(
    pupils: Iterable[PupilChoice] = (),
    classes: Iterable[FormChoice] = (),
    staff: Iterable[ColleagueChoice] = (),
) -> dict[str, Any]:
    """The body that answers ``application/search``: choices, as they are read back."""
    found = [(writing.form_value(it.key), f"All of {it.label}") for it in classes]
    found += [(it.pupil, it.label) for it in pupils]
    found += [(it.person, it.label) for it in staff]
    return {
        "statusCode": 200,
        "type": "application/vnd.microsoft.search.searchResponse",
        "value": {
            "results": [
                {"value": payload.item(value), "title": text.title(label, LONGEST_LABEL)}
                for value, label in found
            ]
        },
    }


def searched_post(dataset: str) -> tuple[str, PostId] | None:
    """What is looked for and the post whose form asks, or ``None`` for a search that isn't ours."""
    kind, _, post = dataset.partition("/")
    ours = kind in {PUPILS, STAFF} and 0 < len(post) <= payload.LONGEST_NAME
    return (kind, PostId(post)) if ours else None


# -- fields ----------------------------------------------------------------------------------------


def _box(name: str, label: str, value: str, *, lines: bool = False) -> Element:
    box: Element = {
        "type": "Input.Text",
        "id": payload.words_id(name),
        "label": text.label(label, LONGEST_LABEL),
        "isMultiline": lines,
        "maxLength": LONGEST_ALT,
    }
    return {**box, "value": value} if value else box


def _choices(
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    chosen: Iterable[str] = (),
    required: str = "",
) -> Element:
    drawn: Element = {
        "type": "Input.ChoiceSet",
        "id": payload.many_id(name),
        "label": text.label(label, LONGEST_LABEL),
        "style": "expanded" if len(options) <= FOR_EXPANDED else "compact",
        "isMultiSelect": True,
        "wrap": True,
        "choices": [
            {"title": text.title(words, LONGEST_LABEL), "value": payload.item(value)}
            for value, words in options
        ],
    }
    if required:
        drawn |= {"isRequired": True, "errorMessage": required}
    known = {value for value, _ in options}
    if kept := sorted(it for it in chosen if it in known):
        drawn["value"] = payload.items(kept)
    return drawn
