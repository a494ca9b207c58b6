"""Sealing: AES-256-GCM for what is personal, keyed digests for what must be found exactly.

A sealed value is bound to its place (table, column, row): moved elsewhere it doesn't open. It
protects the disk, a backup or a dump; it doesn't protect a running host that holds the keys.

    byte 0       1, the format
    bytes 1–4    key id
    bytes 5–16   nonce, random
    the rest     ciphertext and tag (NIST SP 800-38D)
"""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache
from itertools import pairwise

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from moderation.kernel import CorruptStore
from storage.faults import NotReady


KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
HEADER_BYTES = 5 + NONCE_BYTES
FEWEST_DISTINCT = 12
"""Of 32 random bytes about 30 differ; fewer than this never happens by chance."""


class WeakKey(NotReady):
    """A key that is too short, repeated, or typed rather than made."""


class Keys:
    """The first key seals, every key opens. Immutable; never shows its keys."""

    __slots__ = ("_ciphers", "_first", "_keys")

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Raise :class:`WeakKey` unless there is at least one and each is 32 random bytes."""
        if not keys:
            raise WeakKey("no key was given; make one with: schoolgate keys new")
        if len(set(keys)) != len(keys):
            raise WeakKey("the same key is given twice")
        for position, key in enumerate(keys, start=1):
            problem = _weakness(key)
            if problem:
                raise WeakKey(f"key {position} {problem}; make one with: schoolgate keys new")
        self._keys = keys
        self._first = _key_id(keys[0])
        self._ciphers = {_key_id(key): AESGCM(_derive(key, b"seal")) for key in keys}

    @classmethod
    def new(cls) -> Keys:
        """One fresh random key."""
        return cls((secrets.token_bytes(KEY_BYTES),))

    @classmethod
    def from_text(cls, text: str) -> Keys:
        """From base64, several keys separated by commas: the form of SCHOOLGATE_KEYS."""
        try:
            keys = tuple(
                base64.b64decode(part.strip(), altchars=b"-_" if {"-", "_"} & set(part) else None)
                for part in text.split(",")
                if part.strip()
            )
        except (binascii.Error, ValueError):
            keys = None
        if keys is None:
            raise WeakKey("a key isn't base64; make one with: schoolgate keys new")
        return cls(keys)

    def to_text(self) -> str:
        """The form that :meth:`from_text` reads. Secret."""
        return ",".join(base64.b64encode(key).decode("ascii") for key in self._keys)

    @property
    def ids(self) -> frozenset[bytes]:
        """Key ids, which say nothing about the keys."""
        return frozenset(self._ciphers)

    @property
    def in_order(self) -> tuple[bytes, ...]:
        """The same, as the keys were given: the one that seals first."""
        return tuple(self._ciphers)

    @property
    def first_id(self) -> bytes:
        """The id of the key that seals."""
        return self._first

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt for the place that ``aad`` names (:func:`place`)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        header = FORMAT + self._first + nonce
        return header + self._ciphers[self._first].encrypt(nonce, plaintext, header[:5] + aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt. Raises :class:`~moderation.kernel.CorruptStore` for anything amiss."""
        header, body = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        cipher = self._ciphers.get(header[1:5])
        plaintext = None
        if len(header) == HEADER_BYTES and header[:1] == FORMAT and cipher is not None:
            try:
                plaintext = cipher.decrypt(header[5:], body, header[:5] + aad)
            except InvalidTag:
                plaintext = None
        if plaintext is None:
            raise CorruptStore(
                "a sealed value doesn't open: another key, another place, or altered"
            )
        return plaintext

    def is_stale(self, sealed: bytes) -> bool:
        """Whether another key than the first sealed it. Its first five bytes are enough."""
        return key_of(sealed) != self._first

    def lookup(self, value: bytes, purpose: str) -> bytes:
        """A keyed digest (HMAC-SHA-256, 32 bytes) to find or compare ``value`` by.

        One ``purpose`` for each column. Made with the first key: after a rotation they are made
        again together with the rows they stand in.
        """
        digest = hmac.HMAC(_derive(self._keys[0], b"lookup:" + purpose.encode()), hashes.SHA256())
        digest.update(value)
        return digest.finalize()

    def __repr__(self) -> str:
        return f"Keys({len(self._keys)})"


def key_of(sealed: bytes) -> bytes:
    """The id of the key that sealed this; ``b""`` for what was never sealed."""
    return sealed[1:5] if sealed[:1] == FORMAT else b""


def place(table: str, column: str, row: str) -> bytes:
    """Where a sealed value belongs: its associated data. Length-prefixed, so unambiguous."""
    parts = (part.encode() for part in (table, column, row))
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@lru_cache(maxsize=64)
def _derive(key: bytes, use: bytes) -> bytes:
    """RFC 5869: another key for each use, so that no two uses share one."""
    info = b"schoolgate v1 " + use
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def _key_id(key: bytes) -> bytes:
    return _derive(key, b"key id")[:4]


def _weakness(key: bytes) -> str:
    if len(key) != KEY_BYTES:
        return f"has {len(key)} bytes, not {KEY_BYTES}"
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    if len(set(key)) < FEWEST_DISTINCT or len(steps) == 1:
        return "is a pattern, not random"
    if all(32 <= byte < 127 for byte in key):  # noqa: PLR2004 -- the printable ASCII characters
        return "is typed text, not random"
    return ""
