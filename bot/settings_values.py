"""Single values as settings hold them: their shapes, and keys that somebody drew at random."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import pairwise
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretBytes

from bot.settings_problems import Said
from moderation.policies.loader import UnknownPack, shipped


KEY_BYTES: Final = 32
MAKE_A_KEY: Final = "Make one with: schoolgate keys new"
MAKE_BOTH_KEYS: Final = "Make both with: schoolgate keys new"
URL_SAFE: Final = str.maketrans("-_", "+/")
"""RFC 4648, section 5: some tools write base64 in this alphabet."""
QUOTES: Final = "\"'“”‘’"
CONTACTS: Final = (
    re.compile(r"\+?(?=(?:\D*\d){7,15}\D*$)\(?\d[\d ()-]+\d"),  # E.164: at most 15 digits
    re.compile(r"[^@\s]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}\.[A-Za-z]{2,63}"),
    re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"),  # a British postcode
)
"""Telephone numbers, e-mail addresses, postcodes."""


def _host(value: str) -> str:
    if not re.fullmatch(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", value):
        raise ValueError(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError) as unknown:
        raise ValueError(value) from unknown
    return value


def _contact(value: str) -> str:
    if not any(shape.fullmatch(value) for shape in CONTACTS):
        raise ValueError(value)
    return value


def _phone(value: str) -> str:
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(value, "GB"))
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise ValueError(value)
    return value


def _policy(value: str) -> str:
    try:
        shipped(value)
    except UnknownPack as unknown:
        raise Said(f"can't be followed. {unknown}") from None
    return value


def _changes(values: dict[str, Any]) -> dict[str, Any]:
    """Settings of a policy; from the environment even a number is text. Nothing is left out."""
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return int(value)
    return {"true": True, "false": False}.get(value.lower(), value)


def _key(text: str, which: str = "") -> SecretBytes:
    """Decode one key and refuse the ones nobody drew at random. The message repeats nothing."""
    shape = text.strip().translate(URL_SAFE)
    try:
        key = base64.b64decode(shape, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Said(f"{which}{_misshapen(shape, key)}")
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    # Random bytes are all printable once in 10^13 keys, and never so few or so regular.
    if len(steps) == 1 or len(set(key)) < KEY_BYTES // 4 or all(32 <= byte < 127 for byte in key):  # noqa: PLR2004 -- printable ASCII
        raise Said(f"{which}is an example, not a secret. {MAKE_A_KEY}")
    return SecretBytes(key)


def _misshapen(text: str, decoded: bytes) -> str:
    """What went wrong when a key was copied, as far as its shape tells."""
    if not text:
        return f"is empty. {MAKE_A_KEY}"
    if "SCHOOLGATE_" in text:
        return (
            "holds a line of an environment file. Keep what stands after “=”, or load the file: "
            "set -a; . FILE; set +a"
        )
    if text[0] in QUOTES and text[-1] in QUOTES:
        return "has quotation marks in its value. Take them away."
    if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        return f"is hexadecimal, not base64. {MAKE_A_KEY}"
    if decoded:
        return f"has {len(decoded)} bytes, not {KEY_BYTES}. Was it copied whole? {MAKE_A_KEY}"
    return f"is not {KEY_BYTES} bytes in base64. {MAKE_A_KEY}"


def _keys(value: object) -> tuple[SecretBytes, ...]:
    if not isinstance(value, str):
        raise Said(f"is not text. {MAKE_A_KEY}")
    if "SCHOOLGATE_" in value:
        raise Said(_misshapen(value, b""))
    parts = value.split(",")
    keys = tuple(
        _key(part, f"(key {position} of {len(parts)}) " if len(parts) > 1 else "")
        for position, part in enumerate(parts, start=1)
    )
    if len(set(keys)) != len(keys):
        raise Said("holds the same key twice. Keep each once, the newest first.")
    return keys


def _signing_keys(value: object) -> tuple[SecretBytes, ...]:
    keys = _keys(value)
    if len(keys) > 2:  # noqa: PLR2004 -- one, or the new one and the one it follows
        raise Said("holds more than two keys. Keep the new one first, and the one before it.")
    return keys


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Line = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\r\n]*\S[^\r\n]*$")]
Host = Annotated[str, AfterValidator(_host)]
Contact = Annotated[str, Field(max_length=320), AfterValidator(_contact)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Policy = Annotated[Slug, AfterValidator(_policy)]
Changes = Annotated[dict[str, Any], AfterValidator(_changes)]
Zone = Annotated[str, AfterValidator(_zone)]
Keys = Annotated[tuple[SecretBytes, ...], BeforeValidator(_keys)]
SigningKeys = Annotated[tuple[SecretBytes, ...], BeforeValidator(_signing_keys)]
