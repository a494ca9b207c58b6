"""Signed checkpoints: how long the record was, and with which hash it ended, over a signature.

    schoolgate/hazelmere
    1234
    5f0c…                                     the hash of the last line, 64 hexadecimal digits
    2026-11-21T03:30:00Z
    schoolgate/hazelmere+1a2b3c4d+AY…=        the public key of whoever signs, one line for each

    — schoolgate/hazelmere Gis8TQ…=

The form is that of C2SP's signed-note and its Ed25519 keys (https://c2sp.org/signed-note); the text
is our own. A note signed by two keys is how one key hands over to the next.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


ED25519: Final = b"\x01"
"""The algorithm's byte in a key, by signed-note."""
PUBLIC_BYTES: Final = 32
KEY_ID_BYTES: Final = 4
AT: Final = "%Y-%m-%dT%H:%M:%SZ"
NOTE: Final = re.compile(
    r"""^(?P<origin>schoolgate/[a-z0-9][a-z0-9-]*)\n
    (?P<seq>[1-9][0-9]{0,17})\n
    (?P<hash>[0-9a-f]{64})\n
    (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n
    (?P<keys>(?:schoolgate/[a-z0-9-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*\n)+)
    \n
    (?P<signatures>(?:—\ schoolgate/[a-z0-9-]+\ [A-Za-z0-9+/]+=*(?:\n|\Z))+)""",
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """``name`` is the record's origin; ``raw`` the 32 bytes of RFC 8032."""

    name: str
    raw: bytes

    @property
    def id(self) -> str:
        """Eight hexadecimal digits: the first four bytes of SHA-256 over name and key."""
        named = self.name.encode() + b"\n" + ED25519 + self.raw
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES].hex()

    def __str__(self) -> str:
        """As signed-note writes a verifier's key: name, id, and the key in base64."""
        return f"{self.name}+{self.id}+{_base64(ED25519 + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Raises ``ValueError`` for anything but the form that ``str()`` gives."""
        name, _, rest = text.strip().partition("+")
        key_id, _, body = rest.partition("+")
        decoded = base64.b64decode(body, validate=True)
        found = cls(name, decoded[1:])
        whole = decoded[:1] == ED25519 and len(found.raw) == PUBLIC_BYTES
        if not whole or found.id != key_id or str(found) != text.strip():
            raise ValueError("not a public key of a record")
        return found

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made ``signature`` over ``text``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One checkpoint. ``signatures`` belong to ``keys``, in the same order."""

    origin: str
    seq: int
    hash: str
    at: datetime
    keys: tuple[PublicKey, ...]
    signatures: tuple[bytes, ...] = ()

    @property
    def text(self) -> bytes:
        """What is signed."""
        lines = (self.origin, str(self.seq), self.hash, self.at.astimezone(UTC).strftime(AT))
        return "".join(f"{line}\n" for line in (*lines, *map(str, self.keys))).encode()

    def __str__(self) -> str:
        """The whole note, as it is kept and told."""
        signed = (
            f"— {key.name} {_base64(bytes.fromhex(key.id) + signature)}\n"
            for key, signature in zip(self.keys, self.signatures, strict=True)
        )
        return f"{self.text.decode()}\n{''.join(signed)}"

    def holds(self) -> bool:
        """Whether every key named in it has signed it."""
        return len(self.keys) == len(self.signatures) > 0 and all(
            key.name == self.origin and key.signed(self.text, signature)
            for key, signature in zip(self.keys, self.signatures, strict=True)
        )


class Signer:
    """The keys that sign, the newest first: one, or two while one hands over to the next.

    Holds secrets, and never shows them.
    """

    __slots__ = ("_keys", "keys", "origin")

    def __init__(self, trust: str, secrets: Sequence[bytes]) -> None:
        """``secrets`` are 32 bytes each (the private key of RFC 8032), at least one."""
        self.origin = origin_of(trust)
        self._keys = [Ed25519PrivateKey.from_private_bytes(secret) for secret in secrets]
        self.keys = tuple(
            PublicKey(self.origin, key.public_key().public_bytes_raw()) for key in self._keys
        )

    @property
    def key(self) -> PublicKey:
        """The newest."""
        return self.keys[0]

    def sign(self, seq: int, last_hash: str, at: datetime) -> Note:
        """A note by every key. Seconds are the finest that it tells."""
        at = at.replace(microsecond=0)
        blank = Note(origin=self.origin, seq=seq, hash=last_hash, at=at, keys=self.keys)
        return Note(
            origin=self.origin,
            seq=seq,
            hash=last_hash,
            at=at,
            keys=self.keys,
            signatures=tuple(key.sign(blank.text) for key in self._keys),
        )

    def __repr__(self) -> str:
        return f"Signer({', '.join(key.id for key in self.keys)})"


def origin_of(trust: str) -> str:
    """The name of a trust's record, and of every key that signs it."""
    return f"schoolgate/{trust}"


def read_notes(text: str) -> tuple[tuple[Note, ...], int]:
    """Every note in a text, and how many lines of it belong to none.

    Line ends and white space at the end of a line may have changed on the way through a chat.
    """
    plain = "\n".join(line.rstrip() for line in text.lstrip("\ufeff").splitlines()) + "\n"
    notes, rest, end = [], [], 0
    for found in NOTE.finditer(plain):
        note = _note(found)
        if note is None:
            continue
        notes.append(note)
        rest.append(plain[end : found.start()])
        end = found.end()
    rest.append(plain[end:])
    return tuple(notes), sum(bool(line.strip()) for part in rest for line in part.splitlines())


def _note(found: re.Match[str]) -> Note | None:
    try:
        keys = tuple(PublicKey.parse(line) for line in found["keys"].splitlines())
        signed = [
            base64.b64decode(line.rpartition(" ")[2], validate=True)
            for line in found["signatures"].splitlines()
        ]
        at = datetime.strptime(found["at"], AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    if [part[:KEY_ID_BYTES].hex() for part in signed] != [key.id for key in keys]:
        return None
    return Note(
        origin=found["origin"],
        seq=int(found["seq"]),
        hash=found["hash"],
        at=at,
        keys=keys,
        signatures=tuple(part[KEY_ID_BYTES:] for part in signed),
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """``sound`` notes count; of the rest one sentence each."""

    sound: tuple[Note, ...]
    problems: tuple[str, ...]


def weighed(notes: Sequence[Note], origin: str, known: Iterable[PublicKey]) -> Weighed:
    """Which notes are of this record, signed, and by a key that ``known`` ones vouch for.

    A key vouches for another by signing one note with it, over any number of steps.
    """
    problems, holding = [], []
    for note in notes:
        if not note.holds():
            problems.append(f"{note.seq}: its checkpoint isn't signed by the key that it names")
        elif note.origin != origin:
            problems.append(f"{note.seq}: a checkpoint of another record, {note.origin}")
        else:
            holding.append(note)
    trusted = set(known)
    handing_over = [set(note.keys) for note in holding if len(note.keys) > 1]
    grew = True
    while grew:
        grew = False
        for keys in handing_over:
            if keys & trusted and not keys <= trusted:
                trusted |= keys
                grew = True
    problems += [
        f"{note.seq}: its checkpoint is signed by another key ({note.keys[0].id})"
        for note in holding
        if not trusted & set(note.keys)
    ]
    sound = tuple(note for note in holding if trusted & set(note.keys))
    return Weighed(sound, tuple(problems))


def _base64(exact: bytes) -> str:
    return base64.b64encode(exact).decode("ascii")
