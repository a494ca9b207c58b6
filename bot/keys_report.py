"""What ``schoolgate keys`` answers: which key sealed how much, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moderation.words import counted
from storage.rotation import PICTURES


if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.crypto import Keys
    from storage.rotation import Outcome, Usage

LEFT = (
    "Either they don't open, or something still seals with an old key: restart every Schoolgate "
    "with the new key first, then look with: schoolgate keys check"
)
KEEP = "Keep it as long as you keep a backup that was made with it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``fine``: every value opens, and no key is missing."""

    lines: tuple[str, ...]
    fine: bool
    data: Mapping[str, Any]


def usage_report(keys: Keys, usage: Usage) -> Report:
    """One line for each key, then what doesn't open."""
    missing = sorted((usage.remembered | usage.sealed.keys()) - keys.ids)
    lines = [*_given(keys, usage), *(_missing(key, usage) for key in missing)]
    if usage.closed:
        lines.append(f"With the keys given can't be opened {_values(usage.closed)}.")
    fine = not usage.closed and not any(usage.total(key) for key in missing)
    if fine:
        lines.append("Everything that is sealed can be opened.")
    return Report(lines=tuple(lines), fine=fine, data=_data(keys, usage, missing, fine=fine))


def _given(keys: Keys, usage: Usage) -> Iterator[str]:
    for position, key in enumerate(keys.in_order, start=1):
        held = usage.total(key)
        named = f"Key {position} ({key.hex()})"
        if key == keys.first_id:
            yield f"{named} seals. {_sealed(usage, key)}"
        elif held:
            yield f"{named} is still needed. {_sealed(usage, key)} Run: schoolgate keys rotate"
        elif key in usage.remembered:
            yield f"{named} sealed nothing that is left. To drop it, run: schoolgate keys rotate"
        else:
            yield f"{named} can be dropped from SCHOOLGATE_KEYS. {KEEP}"


def _missing(key: bytes, usage: Usage) -> str:
    named = f"A key ({key.hex()}) isn't given."
    if usage.total(key):
        return f"{named} {_sealed(usage, key)} Put it behind the others in SCHOOLGATE_KEYS."
    return f"{named} It sealed nothing that is left. Run: schoolgate keys rotate"


def _sealed(usage: Usage, key: bytes) -> str:
    places = usage.sealed.get(key, {})
    return f"It sealed {_values(places)}." if places else "Nothing is sealed with it yet."


def _values(places: Mapping[str, int]) -> str:
    pictures = places.get(PICTURES, 0)
    rows = sum(places.values()) - pictures
    said = [counted(rows, "value")] if rows or not pictures else []
    said += [counted(pictures, "picture")] if pictures else []
    where = sorted(f"{place} {count:,}" for place, count in places.items() if place != PICTURES)
    return " and ".join(said) + (f": {', '.join(where)}" if where else "")


def rotation_report(keys: Keys, outcome: Outcome) -> Report:
    """What was sealed anew, what is left, and which keys can be dropped."""
    lines = []
    if outcome.renewed:
        lines.append(f"Sealed anew: {_values(outcome.renewed)}.")
    if outcome.left:
        lines += [
            f"Left as they were: {_values(outcome.left)}.",
            LEFT,
        ]
    elif not outcome.renewed:
        lines.append("Everything was sealed with the first key already.")
    retired = [key.hex() for key in outcome.retired]
    lines += [
        f"Key {key} can be dropped from SCHOOLGATE_KEYS at the next restart. {KEEP}"
        for key in retired
    ]
    data = {
        "first": keys.first_id.hex(),
        "renewed": dict(outcome.renewed),
        "left": dict(outcome.left),
        "retired": retired,
    }
    return Report(lines=tuple(lines), fine=not outcome.left, data=data)


def _data(keys: Keys, usage: Usage, missing: list[bytes], *, fine: bool) -> dict[str, Any]:
    return {
        "fine": fine,
        "keys": [
            {
                "id": key.hex(),
                "given": key in keys.ids,
                "seals": key == keys.first_id,
                "sealed": dict(usage.sealed.get(key, {})),
                "can_be_dropped": key != keys.first_id
                and not usage.total(key)
                and key not in usage.remembered,
            }
            for key in (*keys.in_order, *missing)
        ],
        "closed": dict(usage.closed),
    }
