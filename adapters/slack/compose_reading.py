"""What the dialog holds, read: from a submission, or while it is being filled in. Pure.

Everything that arrives may be anything: a version of the dialog from before an update, or forged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from adapters import writing
from adapters.payloads import LARGEST_REV
from adapters.slack import compose_views as draw, text
from adapters.slack.compose_blocks import (
    JOINS,
    LONGEST_OPTION,
    LONGEST_VALUE,
)
from adapters.slack.compose_message import SLACK_ID, moves
from adapters.slack.compose_views import Memo
from adapters.taking_in import MOST_PICTURES
from adapters.written import Written, declared
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, Identity, PostId, PupilKey
from moderation.posts.model import Attachment, Content, is_blank


if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from adapters.door import Judgement

LONGEST_TEXT: Final = 20_000
LONGEST_ALT: Final = 3_000
MOST_ITEMS: Final = 100
LATEST: Final = 10_000_000_000
"""Seconds since 1970: Slack's times have ten digits."""
BROKEN: Final = "That can't be read. Nothing changed. Please open the form again."


class BadForm(Exception):
    """What arrived isn't our dialog. Its message is a sentence for the person."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Filled:
    """The fields. ``who`` is one of :class:`Who`, ``form`` the value of a class or "".

    ``alts`` are descriptions by :func:`~adapters.writing.mark`, ``alt`` one for all.
    ``but`` and ``also`` are values of choices: keys of pupils, and of classes, ``also`` with their
    labels, and so are the colleagues ``staff``. ``files`` are ids of what the person added,
    ``moving`` whether a video is among what is to be fetched. ``blocks`` is everything that was
    shown, and ``boxes`` is the text as it stands in its boxes, each behind what joins it to the one
    before.
    """

    memo: Memo
    accounts: tuple[AccountId, ...]
    boxes: tuple[tuple[str, str], ...]
    alt: str
    alts: Mapping[str, str]
    out: frozenset[str]
    who: Who
    form: str
    but: frozenset[PupilKey]
    also: Mapping[str, str]
    staff: Mapping[str, str]
    files: tuple[str, ...]
    moving: bool
    not_before: datetime | None
    blocks: frozenset[str]

    def __repr__(self) -> str:
        return f"Filled({self.memo.post})"

    @property
    def text(self) -> str:
        whole = ""
        for place, (join, words) in enumerate(self.boxes):
            whole += JOINS[join] + words if place and words else words
        return whole

    @property
    def to_fetch(self) -> tuple[str, ...]:
        """Slack's ids of the pictures that aren't taken in yet."""
        return tuple(dict.fromkeys((*self.memo.files, *self.files)))

    def block(self, name: str) -> str:
        """The field of that name, or of what it began with; the first one where there is none."""
        for block in sorted(self.blocks):
            if block == name or block.startswith(f"{name}:"):
                return block
        return next(iter(sorted(self.blocks)), draw.ACCOUNTS)


def memo(raw: object) -> Memo:
    """What :meth:`Memo.dumps` wrote. Raises :class:`BadForm`."""
    try:
        found: object = json.loads(raw) if isinstance(raw, str) else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadForm(BROKEN)
    seen, files = found.get("s", 0), found.get("f", [])
    if not isinstance(seen, int) or isinstance(seen, bool) or not 0 <= seen <= LARGEST_REV:
        raise BadForm(BROKEN)
    if not isinstance(files, list) or len(files) > MOST_PICTURES:
        raise BadForm(BROKEN)
    return Memo(
        post=PostId(_id(found.get("p"))),
        seen=seen,
        request=_id(found["r"]) if "r" in found else "",
        place=_matching(SLACK_ID, found["c"]) if "c" in found else "",
        writer=_matching(SLACK_ID, found["w"]) if "w" in found else "",
        files=tuple(_matching(SLACK_ID, item) for item in files),
        kept=found.get("k") is True,
        moving=found.get("m") is True,
    )


def filled(view: object) -> Filled:
    """Read a ``view`` as Slack sends it. Raises :class:`BadForm`."""
    shown = _mapping(view)
    values = _mapping(_mapping(shown.get("state", {})).get("values", {}))
    fields = {str(block): _only(held) for block, held in values.items()}
    who = _said(_field(fields, draw.WHO))
    told = memo(shown.get("private_metadata"))
    added = [
        file
        for block, held in fields.items()
        if block.partition(":")[0] == draw.FILES
        for file in _files(held)
    ]
    return Filled(
        memo=told,
        accounts=tuple(AccountId(it) for it, _ in _chosen(_field(fields, draw.ACCOUNTS))),
        boxes=tuple(_boxes(fields)),
        alt=_words(_field(fields, draw.ALT), LONGEST_ALT).strip(),
        alts={
            block.removeprefix(f"{draw.ALT}:"): _words(held, LONGEST_ALT).strip()
            for block, held in fields.items()
            if block.startswith(f"{draw.ALT}:")
        },
        out=frozenset(it for it, _ in _chosen(_field(fields, draw.OUT))),
        who=Who(who) if who in set(Who) else Who.THESE if who else Who.NOT_SAID,
        form=who if who.startswith(writing.FORM) else "",
        but=frozenset(PupilKey(it) for it in _but(fields, who)),
        also=dict(_chosen(_field(fields, draw.ALSO))),
        staff=dict(_chosen(_field(fields, draw.STAFF))),
        files=tuple(_matching(SLACK_ID, file.get("id")) for file in added),
        moving=told.moving or any(map(moves, added)),
        not_before=_instant(_field(fields, draw.WHEN)),
        blocks=frozenset(fields),
    )


def written(
    form: Filled,
    pictures: Iterable[Attachment] = (),
    pupils: frozenset[PupilKey] = frozenset(),
    writers: frozenset[Identity] = frozenset(),
    videos: Collection[BlobId] = (),
) -> Written:
    """What is asked for. ``pictures`` stand with the post already, or have just been taken in.

    ``videos`` are those of them that move.
    """
    kept = tuple(described(form, pictures, videos))
    pictured = Pictured()
    if kept:
        pictured = declared(form.who, pupils, form.staff)
    return Written(
        post=form.memo.post,
        seen=form.memo.seen,
        content=Content(
            text=form.text,
            accounts=form.accounts,
            attachments=kept,
            pictured=pictured,
            not_before=form.not_before,
        ),
        writers=writers,
    )


def described(
    form: Filled, pictures: Iterable[Attachment], videos: Collection[BlobId] = ()
) -> Iterator[Attachment]:
    """The pictures that stay, each with its own description or the one for all.

    What is said in a video is said of no picture.
    """
    for picture in pictures:
        short = writing.mark(picture.blob)
        if short in form.out:
            continue
        own = form.alts.get(short)
        shared = "" if picture.blob in videos else form.alt
        alt = picture.alt if own is None and not shared else own or shared
        yield Attachment(blob=picture.blob, alt=alt, file_name=picture.file_name)


# -- what is wrong, by field ----------------------------------------------------------------------


def missing(
    form: Filled, stored: Sequence[Attachment], videos: Collection[BlobId] = ()
) -> dict[str, str]:
    """What has to be filled in first: sentences by ``block_id``. Nothing is asked of the core.

    Descriptions and who is shown are asked for once the pictures stand in the dialog.
    """
    wrong: dict[str, str] = {}
    if not form.accounts:
        wrong[form.block(draw.ACCOUNTS)] = writing.NO_ACCOUNT
    if is_blank(form.text):
        wrong[form.block(draw.TEXT)] = writing.NO_TEXT
    kept = tuple(described(form, stored, videos))
    for picture in kept:
        if not any(map(str.isalnum, picture.alt)):
            own = f"{draw.ALT}:{writing.mark(picture.blob)}"
            if picture.blob in videos:
                wrong[form.block(own)] = writing.NO_CAPTIONS
            else:
                block = draw.ALT if draw.ALT in form.blocks else own
                wrong[form.block(block)] = writing.NO_ALT
    if kept and draw.WHO in form.blocks:
        if form.who is Who.NOT_SAID:
            wrong[draw.WHO] = writing.NO_WHO
        elif form.who is Who.THESE and not form.form and not form.also:
            wrong[form.block(draw.ALSO if draw.ALSO in form.blocks else draw.WHO)] = (
                writing.NO_PUPILS
            )
    return wrong


def stopped(
    form: Filled, judged: Judgement, content: Content, videos: Collection[BlobId] = ()
) -> dict[str, str]:
    """What the checks stop, each on its field: words first, then why, then the policy's line."""
    return writing.stopped(judged.stops, lambda field: _block_of(field, form, content, videos))


def said(form: Filled, sentences: Iterable[str], field: str = draw.TEXT) -> dict[str, str]:
    """A refusal, where the person looks."""
    return {form.block(field): text.short(" ".join(sentences), writing.LONGEST_TOLD)}


def _block_of(field: str, form: Filled, content: Content, videos: Collection[BlobId]) -> str:
    """The checks name ``text``, ``alt[0]``, ``image[0]``, ``post``."""
    name, _, rest = field.partition("[")
    place = int(rest[:-1]) if rest[:-1].isdecimal() else -1
    if name == "alt" and 0 <= place < len(content.attachments):
        own = f"{draw.ALT}:{writing.mark(content.attachments[place].blob)}"
        given = form.alts.get(own.removeprefix(f"{draw.ALT}:"))
        shared = draw.ALT in form.blocks and content.attachments[place].blob not in videos
        return form.block(draw.ALT if shared and not given else own)
    if name == "image" and draw.OUT in form.blocks:
        return draw.OUT
    if name == "colleagues" and draw.STAFF in form.blocks:
        return draw.STAFF
    if name == "pupils":
        for block in (draw.BUT, draw.ALSO, draw.WHO):
            if any(it == block or it.startswith(f"{block}:") for it in form.blocks):
                return form.block(block)
    return form.block(draw.TEXT)


# -- leaves ---------------------------------------------------------------------------------------


def _mapping(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise BadForm(BROKEN)
    return raw


def _only(held: object) -> Mapping[str, object]:
    """A field has one element."""
    found = list(_mapping(held).values())
    return _mapping(found[0]) if len(found) == 1 else {}


def _field(fields: Mapping[str, Mapping[str, object]], block: str) -> Mapping[str, object]:
    return fields.get(block, {})


def _boxes(fields: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """The boxes in order, each with what joins it as it was cut."""
    parts: list[tuple[int, str, str]] = []
    for block, held in fields.items():
        name, _, rest = block.partition(":")
        at, _, join = rest.partition(":")
        if name == draw.TEXT and at.isdecimal() and join in JOINS:
            parts.append((int(at), join, _words(held, LONGEST_TEXT)))
    for _, join, words in sorted(parts):
        yield join, words


def _words(held: Mapping[str, object], longest: int) -> str:
    value = held.get("value")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise BadForm(BROKEN)
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadForm(BROKEN)
    return value


def _said(held: Mapping[str, object]) -> str:
    chosen = held.get("selected_option")
    return _value(chosen)[0] if chosen is not None else ""


def _chosen(held: Mapping[str, object]) -> list[tuple[str, str]]:
    """Values and labels of what was chosen."""
    chosen = held.get("selected_options") or []
    if not isinstance(chosen, list) or len(chosen) > MOST_ITEMS:
        raise BadForm(BROKEN)
    return [_value(item) for item in chosen]


def _value(item: object) -> tuple[str, str]:
    found = _mapping(item)
    shown = found.get("text")
    label = shown.get("text", "") if isinstance(shown, Mapping) else ""
    return _id(found.get("value")), str(label)[:LONGEST_OPTION]


def _but(fields: Mapping[str, Mapping[str, object]], who: str) -> list[str]:
    return [it for it, _ in _chosen(_field(fields, f"{draw.BUT}:{who}"))]


def _files(held: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = held.get("files") or []
    if not isinstance(found, list) or len(found) > MOST_PICTURES:
        raise BadForm(BROKEN)
    return [_mapping(item) for item in found]


def _instant(held: Mapping[str, object]) -> datetime | None:
    moment = held.get("selected_date_time")
    if moment is None:
        return None
    if not isinstance(moment, int) or isinstance(moment, bool) or not 0 < moment < LATEST:
        raise BadForm(BROKEN)
    return datetime.fromtimestamp(moment, UTC)


def _id(raw: object) -> str:
    """One of ours: it may hold words of the register ("café"), but nothing that can't be seen."""
    if not isinstance(raw, str) or not 0 < len(raw) <= LONGEST_VALUE:
        raise BadForm(BROKEN)
    if not raw.isprintable() or " " in raw:
        raise BadForm(BROKEN)
    return raw


def _matching(pattern: re.Pattern[str], raw: object) -> str:
    if not isinstance(raw, str) or not pattern.fullmatch(raw):
        raise BadForm(BROKEN)
    return raw
