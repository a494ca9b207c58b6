"""What the page sends, read: a command, a query, or a sentence about what is wrong. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from adapters import intents, payloads, slash
from adapters.intents import Command, Query, Values
from adapters.payloads import BadPayload
from adapters.written import Written
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, PersonId, PostId, PupilKey
from moderation.posts.model import Attachment, Content
from moderation.views import Intent


if TYPE_CHECKING:
    from adapters.hearing import Tries

LONGEST_TEXT: Final = 100_000
"""Code points that are read at all; each network's own limit is the core's business."""
LONGEST_LINE: Final = 1_000
MOST_ITEMS: Final = 60
"""Accounts, pictures or fields of one form."""
MOST_PUPILS: Final = 500

BROKEN: Final = "That can't be read. Nothing changed. Please reload the page and try again."
TOO_LONG: Final = "That is far too long for one post. Nothing was sent. Your words are still here."
_ODD: Final = "There is a character in it that no network can show. Please type that word again."
_NO_TIME: Final = "That isn't a date and a time. Please choose both, or leave it empty."
_SKIPPED: Final = "The clocks go forward then, so there is no such time. Please choose another."
_WHO: Final = "Please name at least one pupil, or choose another answer for who is in it."

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,127}")
_BLOB = re.compile(r"sha256:[0-9a-f]{64}")
_REQUEST = re.compile(r"[A-Za-z0-9-]{8,64}")
_COMMAND = re.compile(r"/?\s*([A-Za-z][A-Za-z-]*)\s*(.*)", re.DOTALL)


class _Bad(Exception):
    """Carries the sentence out of a nested reading."""


# -- a button that was pressed --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """``request`` was minted when the form was opened; "" for a button without one."""

    intent: Intent
    asks: Command | Query
    request: str = ""
    values: Values = field(default_factory=dict, repr=False)

    def key(self, by: PersonId, tries: Tries | None = None) -> str:
        """The business key: pressing twice asks once; ``tries`` tells other words apart."""
        request = self.request if tries is None else tries.name(self.request, self.values)
        return intents.business_key(self.intent, by, request)


def pressed(payload: object) -> Pressed | BadPayload:
    """Read ``{"intent", "values"?, "request"?}``; the intent may be its JSON."""
    try:
        form = _mapping(payload)
        carried = form.get("intent")
        intent = payloads.loads(carried) if isinstance(carried, str) else payloads.decode(carried)
        if isinstance(intent, BadPayload):
            return intent
        values = _values(form.get("values", {}))
        asks = intents.command_for(intent, values)
        if isinstance(asks, BadPayload):
            return asks
        request = _string(form.get("request", ""), longest=64)
    except _Bad as bad:
        return BadPayload(str(bad))
    if request and not _REQUEST.fullmatch(request):
        return BadPayload(BROKEN)
    return Pressed(intent=intent, asks=asks, request=request, values=values)


def _values(payload: object) -> Values:
    values: dict[str, str | tuple[str, ...]] = {}
    for name, value in _mapping(payload).items():
        if isinstance(value, str):
            values[_string(name, longest=128)] = _string(value, longest=LONGEST_TEXT)
        else:
            values[_string(name, longest=128)] = tuple(
                _string(item, longest=128) for item in _items(value, MOST_ITEMS)
            )
    return values


# -- the form in which a post is written ----------------------------------------------------------


def written(payload: object, zone: tzinfo) -> Written | BadPayload:
    """Read the form: post, seen, accounts, text, pictures, who, pupils, staff, goes_out (local)."""
    try:
        form = _mapping(payload)
        seen = form.get("seen", 0)
        if not isinstance(seen, int) or not 0 <= seen <= payloads.LARGEST_REV:
            return BadPayload(BROKEN)
        pictures = tuple(_picture(item) for item in _items(form.get("pictures", ()), MOST_ITEMS))
        return Written(
            post=PostId(_name(form.get("post"))),
            seen=int(seen),
            content=Content(
                text=_string(form.get("text", ""), longest=LONGEST_TEXT),
                accounts=tuple(
                    AccountId(_name(item)) for item in _items(form.get("accounts", ()), MOST_ITEMS)
                ),
                attachments=pictures,
                pictured=_pictured(form) if pictures else Pictured(),
                not_before=_instant(form.get("goes_out", ""), zone),
            ),
        )
    except _Bad as bad:
        return BadPayload(str(bad))


def _picture(payload: object) -> Attachment:
    picture = _mapping(payload)
    blob = _string(picture.get("blob"), longest=71)
    if not _BLOB.fullmatch(blob):
        raise _Bad(BROKEN)
    return Attachment(
        blob=BlobId(blob),
        alt=_string(picture.get("alt", ""), longest=LONGEST_TEXT).strip(),
        file_name=_string(picture.get("name", ""), longest=255),
    )


def _pictured(form: Mapping[str, object]) -> Pictured:
    said = _string(form.get("who", ""), longest=32)
    if said not in set(Who):
        raise _Bad(BROKEN)
    who = Who(said)
    staff = frozenset(PersonId(_name(item)) for item in _items(form.get("staff", ()), MOST_ITEMS))
    if who is not Who.THESE:
        return Pictured(who, staff=staff)
    pupils = frozenset(
        PupilKey(_name(item)) for item in _items(form.get("pupils", ()), MOST_PUPILS)
    )
    if not pupils:
        raise _Bad(_WHO)
    return Pictured(who, pupils, staff)


def _instant(payload: object, zone: tzinfo) -> datetime | None:
    said = _string(payload, longest=32)
    if not said:
        return None
    try:
        local = datetime.fromisoformat(said)
    except ValueError:
        raise _Bad(_NO_TIME) from None
    if local.tzinfo is not None:
        raise _Bad(_NO_TIME)
    try:
        instant = local.replace(tzinfo=zone).astimezone(UTC)
        there_is_one = instant.astimezone(zone).replace(tzinfo=None) == local
    except OverflowError:
        raise _Bad(_NO_TIME) from None
    if not there_is_one:
        raise _Bad(_SKIPPED)
    return instant


# -- the box in which a command is typed ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListAccounts:
    words: str = ""


@dataclass(frozen=True, slots=True)
class ShowQueue:
    pass


@dataclass(frozen=True, slots=True)
class ShowHelp:
    pass


@dataclass(frozen=True, slots=True)
class SayWho:
    pass


@dataclass(frozen=True, slots=True)
class Compose:
    """Start a post with these words, or with none."""

    words: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class WriteReport:
    """Open the form for a concern with these words, or with none. ``repr`` shows nothing."""

    words: str = ""

    def __repr__(self) -> str:
        return "WriteReport()"


@dataclass(frozen=True, slots=True)
class NoSuchCommand:
    """``meant`` is the nearest command there is, or ""."""

    name: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class AskPhotos:
    """Who of a class may not be shown; the words are the class, perhaps with an account."""

    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PausePosts:
    """Let all posts wait; the words are the reason, perhaps behind the name of a school."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class StartPosts:
    """Start posts again; the words are the name of a school, or none."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class SayAbsence:
    """Somebody is away, or here again (``verb``); the words are whose and which days."""

    verb: slash.Verb
    words: str = ""


@dataclass(frozen=True, slots=True)
class KeepNames:
    """Names that aren't pupils': what is kept, or one to add or take away."""

    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShowPolicies:
    """The policies that are to be accepted."""


Typed: TypeAlias = (
    ListAccounts
    | ShowQueue
    | ShowHelp
    | SayWho
    | WriteReport
    | Compose
    | AskPhotos
    | PausePosts
    | StartPosts
    | SayAbsence
    | KeepNames
    | ShowPolicies
    | NoSuchCommand
)

COMMANDS: Final = ("/channels", "/queue", "/propose", "/report", "/whoami", "/help", slash.NAME)
SHORTER: Final = {f"/{verb}": f"{slash.NAME} {verb}" for verb in slash.TAKES_WORDS}


def typed(line: object) -> Typed | BadPayload:
    """Read what was typed. Words without a slash that name no command begin a post."""
    try:
        said = _string(line, longest=LONGEST_TEXT).strip()
    except _Bad as bad:
        return BadPayload(str(bad))
    if not said:
        return ShowHelp()
    found = _COMMAND.fullmatch(said)
    name, rest = (found[1].lower(), found[2].strip()) if found else ("", "")
    bare = not said.startswith("/")
    match f"/{name}":
        case "/channels" if len(rest) <= LONGEST_LINE and not (bare and len(rest.split()) > 1):
            return ListAccounts(rest)
        case "/queue" if not rest:
            return ShowQueue()
        case "/propose" if not bare:
            return Compose(rest)
        case "/help" if not rest or not bare:
            return ShowHelp()
        case "/whoami" if not rest:
            return SayWho()
        case "/report" if not bare or not rest:
            return WriteReport(rest)
        case slash.NAME if len(rest) <= LONGEST_LINE and not (bare and _is_prose(rest)):
            return _schoolgate(rest)
        case _ if bare:
            return Compose(said)
        case wrong:
            near = difflib.get_close_matches(wrong, COMMANDS, n=1, cutoff=0.6)
            return NoSuchCommand(wrong[:40], SHORTER.get(wrong) or (near[0] if near else ""))


def _is_prose(words: str) -> bool:
    """Whether a line that begins with our name, without a slash, is the beginning of a post."""
    read = slash.schoolgate(words)
    if isinstance(read, slash.NotSpoken):
        return True
    return read.verb not in slash.TAKES_WORDS and len(words.split()) > 1


def _schoolgate(words: str) -> Typed:
    read = slash.schoolgate(words)
    if isinstance(read, slash.NotSpoken):
        return NoSuchCommand(read.name, read.meant)
    match read.verb:
        case slash.Verb.PAUSE:
            return PausePosts(read.words)
        case slash.Verb.START:
            return StartPosts(read.words)
        case slash.Verb.AWAY | slash.Verb.BACK:
            return SayAbsence(read.verb, read.words)
        case slash.Verb.NAMES | slash.Verb.POLICY:
            named = read.verb is slash.Verb.NAMES
            return KeepNames(read.words) if named else ShowPolicies()
        case slash.Verb.REPORT:
            return WriteReport(read.words)
        case slash.Verb.PHOTOS:
            return AskPhotos(read.words)
        case slash.Verb.HELP:
            return ShowHelp()
        case slash.Verb.QUEUE:
            return ShowQueue()
        case slash.Verb.WHOAMI:
            return SayWho()
        case slash.Verb.USE_HERE:
            # The page's conversations are made with it, and stay where they are.
            return NoSuchCommand(f"{slash.NAME} {read.verb}")
        case _ as never:
            assert_never(never)


# -- leaves ---------------------------------------------------------------------------------------


def body(raw: bytes) -> object:
    """The JSON of a request's body, or ``None`` where it is none."""
    try:
        payload: object = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return payload


def _mapping(payload: object) -> Mapping[str, object]:
    if not isinstance(payload, Mapping):
        raise _Bad(BROKEN)
    return payload


def _items(payload: object, most: int) -> Sequence[object]:
    if not isinstance(payload, list | tuple) or len(payload) > most:
        raise _Bad(BROKEN)
    return payload


def _string(payload: object, *, longest: int) -> str:
    if not isinstance(payload, str):
        raise _Bad(BROKEN)
    if len(payload) > longest:
        raise _Bad(TOO_LONG)
    if "\0" in payload or any("\ud800" <= char <= "\udfff" for char in payload):
        raise _Bad(_ODD)
    return payload


def _name(payload: object) -> str:
    name = _string(payload, longest=128)
    if not _NAME.fullmatch(name):
        raise _Bad(BROKEN)
    return name
