"""What the form of a post holds, read. Pure; whatever arrives may be forged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from adapters import writing
from adapters.payloads import BadPayload
from adapters.teams import compose_memo
from adapters.teams.compose_memo import Memo
from adapters.teams.compose_views import (
    ACCOUNTS,
    ALSO,
    ALT,
    BUT,
    LONGEST_TEXT,
    OUT,
    STAFF,
    TEXT,
    WHEN,
    WHO,
)
from adapters.teams.payload import BROKEN, Sent
from adapters.written import Written, declared
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, Identity, PersonId, PostId, PupilKey
from moderation.posts.model import Attachment, Content, is_blank


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from adapters.door import Judgement
    from adapters.intents import Values


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Filled:
    """The fields. ``who`` is one of :class:`Who`, ``form`` the value of a class or "".

    ``alts`` are descriptions by :func:`~adapters.writing.mark`, ``alt`` one for all; ``out`` are
    the marks of pictures that go. ``but`` and ``also`` are values of choices: keys of pupils, and
    in ``also`` of classes. ``staff`` are colleagues.
    """

    post: PostId
    seen: int
    request: str
    memo: Memo
    accounts: tuple[AccountId, ...]
    text: str
    alt: str
    alts: Mapping[str, str]
    out: frozenset[str]
    who: Who
    form: str
    but: frozenset[PupilKey]
    also: tuple[str, ...]
    staff: tuple[PersonId, ...]
    not_before: datetime | None

    def __repr__(self) -> str:
        return f"Filled({self.post})"

    @property
    def to_ask(self) -> bool:
        """Whether a class was chosen whose children the form hasn't shown yet."""
        return bool(self.form) and self.form != self.memo.asked


def filled(sent: Sent, zone: tzinfo) -> Filled | BadPayload:
    """The form of a post as it was sent; ``zone`` is the school's."""
    if sent.intent.verb != compose_memo.VERB or not sent.request:
        return BadPayload(BROKEN)
    memo, found = compose_memo.memo(sent.memo), sent.values
    if isinstance(memo, BadPayload):
        return memo
    at = _instant(_one(found, WHEN), zone)
    words = _one(found, TEXT)
    if isinstance(at, BadPayload) or len(words) > LONGEST_TEXT:
        return BadPayload(BROKEN)
    who = _one(found, WHO)
    whole = who if who.startswith(writing.FORM) else ""
    return Filled(
        post=PostId(sent.intent.id),
        seen=sent.intent.rev,
        request=sent.request,
        memo=memo,
        accounts=tuple(AccountId(it) for it in _many(found, ACCOUNTS)),
        text=words,
        alt=_one(found, ALT).strip(),
        alts={
            name.removeprefix(f"{ALT}:"): _one(found, name).strip()
            for name in found
            if name.startswith(f"{ALT}:")
        },
        out=frozenset(_many(found, OUT)),
        who=Who(who) if who in set(Who) else Who.THESE if whole else Who.NOT_SAID,
        form=whole,
        but=frozenset(PupilKey(it) for it in _many(found, BUT)),
        also=_many(found, ALSO),
        staff=tuple(map(PersonId, _many(found, STAFF))),
        not_before=at,
    )


def written(
    form: Filled,
    pictures: Iterable[Attachment] = (),
    pupils: frozenset[PupilKey] = frozenset(),
    writers: frozenset[Identity] = frozenset(),
    videos: frozenset[BlobId] = frozenset(),
) -> Written:
    """What is asked for. ``pictures`` stand with the post already, or have just been taken in.

    ``videos`` are those of them that move.
    """
    kept = tuple(described(form, pictures, videos))
    pictured = Pictured()
    if kept:
        pictured = declared(form.who, pupils, form.staff)
    content = Content(
        text=form.text,
        accounts=form.accounts,
        attachments=kept,
        pictured=pictured,
        not_before=form.not_before,
    )
    return Written(post=form.post, seen=form.seen, content=content, writers=writers)


def described(
    form: Filled, pictures: Iterable[Attachment], videos: frozenset[BlobId] = frozenset()
) -> Iterator[Attachment]:
    """Those that stay, each with its own description; of pictures the one for all will do."""
    for picture in pictures:
        mark = writing.mark(picture.blob)
        if mark not in form.out:
            shared = "" if picture.blob in videos else form.alt
            # A picture that has come since has no field yet.
            alt = form.alts.get(mark, "") or shared or picture.alt
            yield Attachment(blob=picture.blob, alt=alt, file_name=picture.file_name)


# -- what is wrong, by field -----------------------------------------------------------------------


def missing(
    form: Filled, stored: Sequence[Attachment], videos: frozenset[BlobId] = frozenset()
) -> dict[str, str]:
    """What has to be filled in first: sentences by field. Nothing is asked of the core."""
    wrong: dict[str, str] = {}
    if not form.accounts:
        wrong[ACCOUNTS] = writing.NO_ACCOUNT
    if is_blank(form.text):
        wrong[TEXT] = writing.NO_TEXT
    kept = tuple(described(form, stored, videos))
    for picture in kept:
        if not any(map(str.isalnum, picture.alt)):
            lacking = writing.NO_CAPTIONS if picture.blob in videos else writing.NO_ALT
            wrong[f"{ALT}:{writing.mark(picture.blob)}"] = lacking
    if kept and form.who is Who.NOT_SAID:
        wrong[WHO] = writing.NO_WHO
    elif kept and form.who is Who.THESE and not form.form and not form.also:
        wrong[ALSO] = writing.NO_PUPILS
    return wrong


def stopped(
    form: Filled, judged: Judgement, content: Content, videos: frozenset[BlobId] = frozenset()
) -> dict[str, str]:
    """What the checks stop, each on its field: words first, then why, then the policy's line."""
    return writing.stopped(judged.stops, lambda field: _field_of(field, form, content, videos))


def _field_of(field: str, form: Filled, content: Content, videos: frozenset[BlobId]) -> str:
    """The checks name ``text``, ``alt[0]``, ``image[0]``, ``pupils``, ``post``."""
    name, _, rest = field.partition("[")
    place = int(rest[:-1]) if rest[:-1].isdecimal() else -1
    if name == "alt" and 0 <= place < len(content.attachments):
        blob = content.attachments[place].blob
        mark = writing.mark(blob)
        shared = form.alt and not form.alts.get(mark) and blob not in videos
        return ALT if shared else f"{ALT}:{mark}"
    if name == "image" and content.attachments:
        return OUT
    if name == "colleagues":
        return STAFF
    if name == "pupils":
        return BUT if form.form and form.form == form.memo.asked else ALSO
    return TEXT


# -- leaves ----------------------------------------------------------------------------------------


def _one(found: Values, name: str) -> str:
    value = found.get(name, "")
    return value if isinstance(value, str) else ""


def _many(found: Values, name: str) -> tuple[str, ...]:
    value = found.get(name, ())
    several = (value,) if isinstance(value, str) else value
    return tuple(dict.fromkeys(it for it in several if it.isprintable() and " " not in it))


def _instant(said: str, zone: tzinfo) -> datetime | BadPayload | None:
    if not said:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=zone)
    except ValueError:
        return BadPayload(BROKEN)
