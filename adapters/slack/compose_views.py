"""The dialog in which a post is written or corrected, as Slack draws it. Pure.

Every field's ``block_id`` stays the same from one drawing to the next, so that Slack keeps what was
typed; a field that must begin anew (the children of another class) gets another one. What is typed,
labels, notes: everything is ``plain_text``, which Slack never parses.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field as field_of
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from adapters import writing
from adapters.door import FormChoice, Target
from adapters.sentences import MAY_NOT_PROPOSE
from adapters.slack import text
from adapters.slack.compose_blocks import (
    KINDS,
    LONGEST_NOTE,
    MOST_OPTIONS,
    VALUE,
    box,
    field,
    grouped,
    option,
    pieces,
    section,
)
from adapters.taking_in import MOST_PICTURES
from moderation.checks.model import Who
from moderation.kernel import AccountId, BlobId, PostId
from moderation.posts.model import Attachment, is_blank
from moderation.words import counted, platform_name


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.slack.text import Block

# -- what the listeners hear ----------------------------------------------------------------------

COMPOSE: Final = "compose"
"""The ``callback_id`` of the form, filled in or not."""
COMPOSE_WAIT: Final = "compose_wait"
"""The same dialog while it only says something."""
LOOK: Final = "compose_look"
"""The ``action_id`` of the fields on which others depend."""
BUT_WHOM: Final = "compose_but"
WHOM: Final = "compose_whom"
"""Searches: among the children of the chosen class, and everywhere in the school."""
WHICH_COLLEAGUE: Final = "compose_staff"

# -- fields ---------------------------------------------------------------------------------------

ACCOUNTS: Final = "accounts"
TEXT: Final = "text"
"""Followed by a number and what joins the piece to the one before: ``text:1:line``."""
FILES: Final = "files"
ALT: Final = "alt"
"""One description for all pictures; ``alt:<picture>`` is that of one."""
OUT: Final = "out"
WHO: Final = "who"
BUT: Final = "but"
"""Followed by the class: other children are another question."""
ALSO: Final = "also"
STAFF: Final = "staff"
WHEN: Final = "when"

LONGEST_ALT_TEXT: Final = 2_000

# -- words ----------------------------------------------------------------------------------------

WRITE: Final = "Write a post"
CORRECT: Final = "Correct a post"
PROPOSE: Final = "Propose"
CANCEL: Final = "Cancel"
CLOSE: Final = "Close"
WAIT: Final = "One moment…"
VIDEO_HINT: Final = "A video: MP4 or MOV, up to 200 MB, one a post."
TOO_LONG: Final = "That is too long for Slack's form. Please shorten it there and begin again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What Slack keeps for us with the dialog: ids, never words.

    ``seen`` 0 is a post that nobody has stored. ``request`` was minted at the opening, in the
    conversation ``place``. ``writer`` is the Slack user who wrote the proposed message, ``files``
    are that message's, with a video where they are ``moving``. ``kept``: pictures were taken in, so
    that closing it loses something.
    """

    post: PostId
    seen: int = 0
    request: str = ""
    place: str = ""
    writer: str = ""
    files: tuple[str, ...] = ()
    kept: bool = False
    moving: bool = False

    def dumps(self) -> str:
        """Compact JSON, far below Slack's 3,000 characters."""
        exact = {
            "p": self.post,
            "s": self.seen,
            "r": self.request,
            "c": self.place,
            "w": self.writer,
            "f": list(self.files),
            "k": self.kept,
            "m": self.moving,
        }
        return json.dumps({name: it for name, it in exact.items() if it}, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet:
    """Everything that the dialog shows. ``repr`` shows nothing of it.

    ``pictures`` are already stored with the post, ``videos`` those of them that move; ``sent`` are
    yet to be fetched. ``notes`` stand on top. ``form`` is the class that was chosen, and ``named``
    are choices beside it: values and labels, of pupils or of whole classes; ``staff`` are
    colleagues in the same way. ``shown`` are Slack's files of pictures, by blob.
    ``boxes`` is the text in the boxes that stand there already: Slack keeps what was typed in a box
    of the same name, so a text cut anew would lose some of it.
    """

    memo: Memo
    targets: tuple[Target, ...]
    accounts: tuple[AccountId, ...] = ()
    text: str = ""
    boxes: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Attachment, ...] = ()
    videos: Collection[BlobId] = frozenset()
    shown: Mapping[BlobId, str] = field_of(default_factory=dict)
    classes: tuple[FormChoice, ...] = ()
    who: Who = Who.NOT_SAID
    form: str = ""
    named: tuple[tuple[str, str], ...] = ()
    staff: tuple[tuple[str, str], ...] = ()
    not_before: datetime | None = None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Sheet({self.memo.post})"


# -- the dialog -----------------------------------------------------------------------------------


def view(sheet: Sheet) -> Block:
    """The whole dialog, or a sentence where there is nothing to fill in."""
    title = CORRECT if sheet.memo.seen else WRITE
    if not sheet.targets and not sheet.accounts:
        return said(title, MAY_NOT_PROPOSE)
    parts = sheet.boxes or pieces(sheet.text)
    if parts is None:
        return said(title, TOO_LONG)
    return {
        "type": "modal",
        "callback_id": COMPOSE,
        "private_metadata": sheet.memo.dumps(),
        # Closing it would lose more than a few words.
        "notify_on_close": sheet.memo.kept or bool(sheet.pictures and not sheet.memo.seen),
        "title": text.plain(title),
        "submit": text.plain(PROPOSE),
        "close": text.plain(CANCEL),
        "blocks": list(_blocks(sheet, parts)),
    }


def said(title: str, *sentences: str, words: str = "") -> Block:
    """A dialog that only says something; ``words`` are somebody's own, shown beneath."""
    blocks: list[Block] = [section(*sentences)]
    if words:
        exact = text.run(text.cut(words, LONGEST_NOTE))
        blocks.append(text.rich(text.quoted([exact])))
    return {
        "type": "modal",
        "callback_id": COMPOSE_WAIT,
        "title": text.plain(title),
        "close": text.plain(CLOSE),
        "blocks": blocks,
    }


def skeleton(seen: int = 0) -> Block:
    """Shown at once, because what opens a dialog lives three seconds."""
    return said(CORRECT if seen else WRITE, WAIT)


def looking(memo: Memo, files: int, words: str, *, moving: bool = False) -> Block:
    """While pictures are fetched and looked at. The words stand there and can be copied."""
    return {
        **said(
            CORRECT if memo.seen else WRITE,
            _at_what(files, moving=moving),
            "You can close this. I'll send you a private message then.",
            words=words,
        ),
        "private_metadata": memo.dumps(),
    }


def _at_what(files: int, *, moving: bool) -> str:
    if not moving:
        return f"Looking at {counted(files, 'picture')}…"
    what = "the video" if files == 1 else counted(files, "file")
    return f"Looking at {what}… A video can take a few minutes."


def _blocks(sheet: Sheet, parts: Sequence[tuple[str, str]]) -> Iterator[Block]:
    notes = (*sheet.notes, *_comes_along(sheet.memo))
    if notes:
        yield section(*notes)
    yield _accounts(sheet)
    for at, (join, words) in enumerate(parts):
        label = "Text" if at == 0 else f"Text, part {at + 1}"
        yield field(
            f"{TEXT}:{at}:{join}",
            label,
            box(words, lines=True),
            hint=_room(sheet) if at == len(parts) - 1 else "",
            optional=at > 0,
        )
    if sheet.pictures:
        yield from _described(sheet)
        yield from _who(sheet)
    more = MOST_PICTURES - len(sheet.pictures) - len(sheet.memo.files)
    if more > 0:
        files: Block = {
            "type": "file_input",
            "action_id": VALUE,
            "filetypes": list(KINDS),
            "max_files": more,
        }
        anew = not (sheet.pictures or sheet.memo.files)
        label = "Pictures or a video" if anew else "More pictures"
        hint = VIDEO_HINT if anew or not (sheet.videos or sheet.memo.moving) else ""
        # Pictures that were taken in are no longer what stood in the field.
        name = f"{FILES}:{len(sheet.pictures)}" if sheet.pictures else FILES
        yield field(name, label, files, hint=hint, optional=True)
    time: Block = {"type": "datetimepicker", "action_id": VALUE}
    if sheet.not_before is not None:
        time["initial_date_time"] = int(sheet.not_before.astimezone(UTC).timestamp())
    empty = "Leave it empty: as soon as it is approved."
    yield field(WHEN, "Goes out", time, hint=empty, optional=True)
    yield {"type": "context", "elements": [text.plain(writing.ACCURATE)]}


def _comes_along(memo: Memo) -> Iterator[str]:
    if memo.files:
        files = counted(len(memo.files), "file" if memo.moving else "picture")
        alone = writing.VIDEO_TOO if memo.moving else writing.PICTURE_TOO
        yield f"The message's {files} will come along." if len(memo.files) > 1 else alone
    if memo.writer:
        yield writing.WRITER


# -- where it goes and how much fits --------------------------------------------------------------


def _accounts(sheet: Sheet) -> Block:
    listed = [(platform_name(it.platform), it.account, it.label) for it in sheet.targets]
    known = {it.account for it in sheet.targets}
    # An author may correct a post that they could not propose.
    listed += [("As it is", it, it) for it in sheet.accounts if it not in known]
    options = {account: option(account, label) for _, account, label in listed}
    element: Block = {
        "type": "multi_static_select",
        "action_id": LOOK,
        "placeholder": text.plain("Choose one or more"),
        **grouped([(network, options[account]) for network, account, _ in listed]),
    }
    chosen = [options[account] for account in sheet.accounts if account in options]
    if chosen:
        element["initial_options"] = chosen
    # The limits and the classes depend on it, so it is heard at once.
    return field(ACCOUNTS, "Account", element) | {"dispatch_action": True}


def _room(sheet: Sheet) -> str:
    """The limit of each network that it goes to, the tightest first."""
    chosen = [target for target in sheet.targets if target.account in sheet.accounts]
    if not chosen:
        return ""
    chosen.sort(key=lambda target: target.limit)
    limits = {platform_name(it.platform): f"{it.limit:,}" for it in chosen}
    (tight, most), *others = limits.items()
    said = [f"{most} characters on {tight}", *(f"{room} on {name}" for name, room in others)]
    *first, last = said
    return f"Up to {', '.join(first)} and {last}." if first else f"Up to {last}."


# -- pictures and who is in them ------------------------------------------------------------------


def _described(sheet: Sheet) -> Iterator[Block]:
    """One description for a set, and one for each picture."""
    still = [picture for picture in sheet.pictures if picture.blob not in sheet.videos]
    several = len(sheet.pictures) > 1
    shared = {picture.alt for picture in still}
    if len(still) > 1:
        yield field(
            ALT,
            "What the pictures show",
            box(next(iter(shared)) if len(shared) == 1 else ""),
            hint="For those who can't see them. One sentence can stand for all.",
            optional=True,
        )
    for at, picture in enumerate(sheet.pictures):
        if picture.blob in sheet.videos:
            yield _captions(picture, optional=several)
            continue
        if picture.blob in sheet.shown:
            yield _picture(sheet.shown[picture.blob], picture.alt, at + 1)
        alike = len(still) > 1 and len(shared) == 1
        name = f"Picture {at + 1}" if several else "What the picture shows"
        label = f"{name} ({picture.file_name})" if picture.file_name else name
        hint = "Only where it needs a description of its own." if len(still) > 1 else ""
        yield field(
            f"{ALT}:{writing.mark(picture.blob)}",
            text.short(label, 200),
            box("" if alike else picture.alt),
            hint=hint or "For those who can't see it.",
            optional=several,
        )
    boxes: Block = {
        "type": "checkboxes",
        "action_id": VALUE,
        "options": [
            option(
                writing.mark(picture.blob),
                "The video" if picture.blob in sheet.videos else f"Picture {at + 1}",
            )
            for at, picture in enumerate(sheet.pictures)
        ],
    }
    yield field(OUT, "Take out", boxes, optional=True)


def _captions(picture: Attachment, *, optional: bool) -> Block:
    named = f" ({picture.file_name})" if picture.file_name else ""
    return field(
        f"{ALT}:{writing.mark(picture.blob)}",
        text.short(f"{writing.SAID_IN_IT}{named}", 200),
        box(picture.alt, lines=True),
        hint=writing.WORD_FOR_WORD,
        optional=optional,
    )


def _picture(file: str, alt: str, number: int) -> Block:
    return {
        "type": "image",
        "slack_file": {"id": file},
        "alt_text": f"Picture {number}" if is_blank(alt) else text.short(alt, LONGEST_ALT_TEXT),
    }


def _who(sheet: Sheet) -> Iterator[Block]:
    plainly = [("Who is in it", option(who.value, words)) for who, words in writing.WHOSE]
    classes = [
        ("A whole class, all but …", option(writing.form_value(it.key), it.label))
        for it in sheet.classes
    ]
    element: Block = {
        "type": "static_select",
        "action_id": LOOK,
        "placeholder": text.plain("Please choose"),
        **grouped([*plainly, *classes]),
    }
    wanted = writing.form_value(sheet.form) if sheet.form else sheet.who.value
    chosen = [it for _, it in (*plainly, *classes) if it["value"] == wanted]
    if chosen:
        element["initial_option"] = chosen[0]
    yield field(WHO, "Who is in it", element) | {"dispatch_action": True}
    if sheet.form:
        short = next((it.label for it in sheet.classes if it.key == sheet.form), sheet.form)
        yield field(
            f"{BUT}:{writing.form_value(sheet.form)}",
            f"All of {short.partition(',')[0]} but"[:200],
            _hunt(BUT_WHOM, 0, "Who isn't in it?"),
            optional=True,
        )
    if sheet.form or sheet.who is Who.THESE:
        yield field(
            ALSO,
            "And also" if sheet.form else "Pupils in it",
            _hunt(WHOM, 2, "Three letters of a name, or a class", sheet.named),
            optional=bool(sheet.form),
        )
    yield field(
        STAFF,
        writing.COLLEAGUES,
        _hunt(WHICH_COLLEAGUE, 1, "A name", sheet.staff),
        hint=writing.COLLEAGUES_HINT,
        optional=True,
    )


def _hunt(
    action: str, letters: int, placeholder: str, chosen: Sequence[tuple[str, str]] = ()
) -> Block:
    element: Block = {
        "type": "multi_external_select",
        "action_id": action,
        "min_query_length": letters,
        "placeholder": text.plain(placeholder),
    }
    if chosen:
        element["initial_options"] = [option(*it) for it in chosen[:MOST_OPTIONS]]
    return element
