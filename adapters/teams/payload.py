"""What an action of a Teams card carries, and what comes back with it. Pure.

The ``data`` of every action is ``{"sg", "verb", "request"?, "scope"?, "memo"?}``: ``sg`` is the
button's payload as :mod:`adapters.intents` writes it, ``request`` was minted when the card was
drawn, and ``memo`` is what a dialog keeps for itself, ids alone. Teams puts the card's inputs
beside these, each by its id: :func:`words_id` and its like name a field and say how it is read
back, so nothing else is needed to read it. A card may hold several forms, and ids are unique in a
card, so the inputs of each form end in its ``scope``, which its action names too. Whatever arrives
may be forged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from adapters import payloads
from adapters.intents import Values
from adapters.payloads import BadPayload
from moderation.views import Intent


if TYPE_CHECKING:
    from collections.abc import Iterable


class Verb(StrEnum):
    """What pressing does. ``Action.Execute`` has it as its ``verb`` too.

    ``DO``: act, with whatever inputs came along. ``ASK``: show the button's form in a card of its
    own, where it doesn't fit into the first. ``OPEN``: open a dialog. ``SEE``: draw the card as
    this person sees it now. ``READ``: show all its words.
    """

    DO = "do"
    ASK = "ask"
    OPEN = "open"
    SEE = "see"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was pressed, and with what: fields by name, as :mod:`adapters.intents` takes them.

    A field that was left empty is absent, and so is a statement that wasn't ticked. A time is local
    to the school, like "2026-11-19T08:00".
    """

    intent: Intent
    verb: Verb = Verb.DO
    request: str = ""
    scope: str = ""
    memo: str = ""
    values: Values = field(default_factory=dict, repr=False)


LONGEST_WORDS: Final = 40_000
"""Characters of one field: no post and no reason is as long, and Teams sends no more."""
LONGEST_NAME: Final = 128
LONGEST_MEMO: Final = 2_000
MOST_FIELDS: Final = 100
MOST_CHOSEN: Final = 100
TICKED: Final = "true"
NOT_TICKED: Final = "false"
"""``valueOn`` and ``valueOff`` of ``Input.Toggle``."""
YES: Final = "yes"
"""What a ticked statement is worth."""

BROKEN: Final = "That can't be read. Nothing changed. Please open the newest card and try again."
DAY_AND_TIME: Final = "Please give both the day and the time, or neither. Nothing changed."

_WORDS, _MANY, _TICK, _DATE, _TIME = "f_", "fm_", "fc_", "fd_", "ft_"
_REQUEST = re.compile(r"[A-Za-z0-9-]{8,64}")
_SCOPE = re.compile(r"[a-z0-9-]{1,40}")
_ON_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AT_TIME = re.compile(r"([0-9]{2}:[0-9]{2})(?::[0-9]{2})?")


# -- what is written -------------------------------------------------------------------------------


def data(
    intent: Intent, verb: Verb = Verb.DO, *, request: str = "", scope: str = "", memo: str = ""
) -> dict[str, Any]:
    """The ``data`` of an action. Raises ``ValueError`` for what could not be read back."""
    written: dict[str, Any] = {"sg": payloads.dumps(intent), "verb": verb.value}
    optional = {"request": request, "scope": scope, "memo": memo}
    written |= {name: value for name, value in optional.items() if value}
    meant = Sent(intent=intent, verb=verb, request=request, scope=scope, memo=memo)
    if read(written) != meant:
        message = f"no action can carry this: {intent.verb!r}"
        raise ValueError(message)
    return written


def words_id(name: str, scope: str = "") -> str:
    """The id of an input for words (``Input.Text``) or for one of several choices."""
    return _id(_WORDS, name, scope)


def many_id(name: str, scope: str = "") -> str:
    """The id of ``Input.ChoiceSet`` with ``isMultiSelect``; its values are :func:`item`."""
    return _id(_MANY, name, scope)


def tick_id(name: str, scope: str = "") -> str:
    """The id of ``Input.Toggle``, with :data:`TICKED` and :data:`NOT_TICKED`."""
    return _id(_TICK, name, scope)


def date_id(name: str, scope: str = "") -> str:
    """The id of the day (``Input.Date``) of a moment."""
    return _id(_DATE, name, scope)


def time_id(name: str, scope: str = "") -> str:
    """The id of the time (``Input.Time``) of a moment."""
    return _id(_TIME, name, scope)


def _id(kind: str, name: str, scope: str) -> str:
    return f"{kind}{name}#{scope}" if scope else f"{kind}{name}"


def item(value: str) -> str:
    """A value among several: Teams joins them by commas and escapes none."""
    return quote(value, safe=":/@+=~!$'()* ")


def items(values: Iterable[str]) -> str:
    """Several values, as ``Input.ChoiceSet`` takes and gives them."""
    return ",".join(map(item, values))


# -- what is read ----------------------------------------------------------------------------------


def read_action(action: object) -> Sent | BadPayload:
    """The ``value.action`` of an ``adaptiveCard/action`` invoke."""
    held = action if isinstance(action, Mapping) else {}
    sent = read(held.get("data"))
    if isinstance(sent, Sent) and held.get("verb", sent.verb.value) != sent.verb.value:
        return BadPayload(BROKEN)
    return sent


def read(sent: object) -> Sent | BadPayload:
    """The ``data`` of an action, or the ``value`` of a message or a dialog that it became.

    Keys that are not ours (``msteams``, ``type``) are Teams' own and say nothing.
    """
    if not isinstance(sent, Mapping):
        return BadPayload(BROKEN)
    raw = sent.get("sg")
    intent = payloads.loads(raw if isinstance(raw, str) else "")
    if isinstance(intent, BadPayload):
        return intent
    verb, memo = sent.get("verb"), sent.get("memo", "")
    request, scope = sent.get("request", ""), sent.get("scope", "")
    if verb not in list(Verb) or not isinstance(memo, str) or len(memo) > LONGEST_MEMO:
        return BadPayload(BROKEN)
    if not isinstance(request, str) or not (not request or _REQUEST.fullmatch(request)):
        return BadPayload(BROKEN)
    if not isinstance(scope, str) or not (not scope or _SCOPE.fullmatch(scope)):
        return BadPayload(BROKEN)
    found = values(sent, scope)
    if isinstance(found, BadPayload):
        return found
    return Sent(
        intent=intent,
        verb=Verb(str(verb)),
        request=request,
        scope=scope,
        memo=memo,
        values=found,
    )


def values(sent: Mapping[object, object], scope: str = "") -> Values | BadPayload:
    """The fields of one form among ``sent``, by name; what another form holds isn't looked at."""
    fields: dict[str, object] = {}
    for key, raw in sent.items():
        if isinstance(key, str) and _kind(key):
            name, _, of = key.partition("#")
            if of == scope:
                fields[name] = raw
    if len(fields) > MOST_FIELDS or any(len(key) > LONGEST_NAME for key in fields):
        return BadPayload(BROKEN)
    found: dict[str, str | tuple[str, ...]] = {}
    for key, raw in fields.items():
        kind, name = _kind(key), key.removeprefix(_kind(key))
        value = _moment(fields, name) if kind in {_DATE, _TIME} else _value(kind, raw)
        if isinstance(value, BadPayload):
            return value
        if value:
            found[name] = value
    return found


def _kind(key: str) -> str:
    kinds = (_WORDS, _MANY, _TICK, _DATE, _TIME)
    return next((kind for kind in kinds if key.startswith(kind)), "")


def _value(kind: str, raw: object) -> str | tuple[str, ...] | BadPayload:
    if kind == _TICK:
        # Some clients send a boolean.
        return YES if raw is True or raw == TICKED else ""
    said = _said(raw)
    if kind == _WORDS or isinstance(said, BadPayload):
        return said
    chosen = tuple(unquote(it, errors="replace") for it in said.split(",") if it)
    clean = all(isinstance(_said(it), str) for it in chosen)
    return chosen if clean and len(chosen) <= MOST_CHOSEN else BadPayload(BROKEN)


def _moment(fields: Mapping[str, object], name: str) -> str | BadPayload:
    day, time = _said(fields.get(_DATE + name)), _said(fields.get(_TIME + name))
    if isinstance(day, BadPayload) or isinstance(time, BadPayload):
        return BadPayload(BROKEN)
    if not day and not time:
        return ""
    if not day or not time:
        return BadPayload(DAY_AND_TIME)
    at = _AT_TIME.fullmatch(time)
    if at is None or not _ON_DAY.fullmatch(day):
        return BadPayload(BROKEN)
    moment = f"{day}T{at[1]}"
    return moment if _exists(moment) else BadPayload(BROKEN)


def _exists(moment: str) -> bool:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True


def _said(raw: object) -> str | BadPayload:
    if raw is None:
        return ""
    if not isinstance(raw, str) or len(raw) > LONGEST_WORDS or "\0" in raw:
        return BadPayload(BROKEN)
    if any("\ud800" <= char <= "\udfff" for char in raw):
        return BadPayload(BROKEN)
    return raw
