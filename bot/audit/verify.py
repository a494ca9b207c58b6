"""Check an export of Schoolgate's record, with nothing but Python (3.9 or newer).

    python3 verify.py                              beside the files of the export
    python3 verify.py EXPORT.zip                   the export as it came
    python3 verify.py EXPORT.zip --checkpoints X   X: a folder or a file of checkpoints you kept

It asks no server and needs no other program. Exit code 0: the record is whole. 1: it isn't, and
each problem is one line. 2: the files can't be read.

What a line of the record is, and what a checkpoint is, stands where each is checked below.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO, Any


# -- Ed25519 (RFC 8032, section 5.1) -------------------------------------------------------------

P = 2**255 - 19
"""The field's prime."""
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the base point; the RFC calls it L."""
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
"""A square root of -1."""
WINDOW = 4
"""Bits that one look into a table of multiples saves."""

Point = tuple[int, int, int, int]
"""X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z (section 5.1.4)."""
NEUTRAL: Point = (0, 1, 1, 0)


def add(one: Point, two: Point) -> Point:
    """Section 5.1.4."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def decoded(raw: bytes) -> Point | None:
    """A point from its 32 bytes (section 5.1.3); ``None`` where there is none."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(raw) != 32 or y >= P:  # noqa: PLR2004 -- by the RFC
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def encoded(point: Point) -> bytes:
    """32 bytes (section 5.1.2)."""
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Multiples:
    """Every multiple of one point that a number below 2^256 is made of, computed once."""

    def __init__(self, point: Point) -> None:
        self._tables = []
        for _ in range(0, 256, WINDOW):
            table = [NEUTRAL]
            for _ in range(2**WINDOW - 1):
                table.append(add(table[-1], point))
            self._tables.append(table)
            point = add(table[-1], point)

    def times(self, number: int) -> Point:
        """The point, ``number`` times."""
        total = NEUTRAL
        for table in self._tables:
            digit = number & (2**WINDOW - 1)
            if digit:
                total = add(total, table[digit])
            number >>= WINDOW
        return total


BASE_Y = 4 * pow(5, -1, P) % P
BASE = decoded(BASE_Y.to_bytes(32, "little")) or NEUTRAL
KNOWN: dict[bytes, Multiples] = {}
"""Tables of the base point and of each key, made when they are first needed."""


def signed(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether ``signature`` over ``text`` was made with ``key`` (section 5.1.7)."""
    point, scalar = decoded(key), int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or scalar >= ORDER:  # noqa: PLR2004 -- by the RFC
        return False
    if b"" not in KNOWN:
        KNOWN[b""] = Multiples(BASE)
    if key not in KNOWN:
        KNOWN[key] = Multiples((P - point[0], point[1], 1, P - point[3]))
    digest = hashlib.sha512(signature[:32] + key + text).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    # [S]B = R + [k]A, written as R = [S]B + [k](-A).
    return encoded(add(KNOWN[b""].times(scalar), KNOWN[key].times(challenge))) == signature[:32]


# -- checkpoints ---------------------------------------------------------------------------------

NOTE = re.compile(
    r"""^(?P<origin>schoolgate/[a-z0-9][a-z0-9-]*)\n
    (?P<seq>[1-9][0-9]{0,17})\n
    (?P<hash>[0-9a-f]{64})\n
    (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n
    (?P<keys>(?:schoolgate/[a-z0-9-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*\n)+)
    \n
    (?P<signatures>(?:—\ schoolgate/[a-z0-9-]+\ [A-Za-z0-9+/]+=*(?:\n|\Z))+)""",
    re.MULTILINE | re.VERBOSE,
)
SUFFIX = ".checkpoint.txt"


@dataclass(frozen=True)
class Note:
    """A checkpoint: the record of ``origin`` had ``seq`` lines, and the last one this hash.

    ``keys`` are public keys as signed-note writes them (https://c2sp.org/signed-note); every one
    of them must have signed ``text``.
    """

    origin: str
    seq: int
    hash: str
    at: str
    keys: tuple[str, ...]
    signatures: tuple[str, ...]
    text: bytes
    mine: bool

    def named(self) -> str:
        """In a sentence."""
        whose = "your checkpoint" if self.mine else "the checkpoint"
        return f"{whose} of {self.at.replace('T', ' ')[:16]} UTC ({self.seq:,} lines)"

    def holds(self) -> bool:
        """Whether every key named in it has signed it."""
        return len(self.keys) == len(self.signatures) and all(
            self._signed(key, signature)
            for key, signature in zip(self.keys, self.signatures)  # noqa: B905 -- Python 3.9
        )

    def _signed(self, key: str, signature: str) -> bool:
        """A key is NAME+ID+BASE64(1, key); a signature line ends in BASE64(id, signature)."""
        try:
            name, key_id, body = key.split("+", 2)
            raw = base64.b64decode(body, validate=True)
            made = base64.b64decode(signature.rpartition(" ")[2], validate=True)
        except ValueError:
            return False
        known = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        if name != self.origin or raw[:1] != b"\x01" or not known.hex() == key_id == made[:4].hex():
            return False
        return signed(raw[1:], made[4:], self.text)


def notes_in(text: str, *, mine: bool) -> tuple[list[Note], bool]:
    """Every checkpoint in a text, and whether there is anything else in it."""
    plain = "\n".join(line.rstrip() for line in text.lstrip("\ufeff").splitlines()) + "\n"
    found = [
        Note(
            origin=match["origin"],
            seq=int(match["seq"]),
            hash=match["hash"],
            at=match["at"],
            keys=tuple(match["keys"].splitlines()),
            signatures=tuple(match["signatures"].splitlines()),
            text=match.group(0).partition("\n\n")[0].encode() + b"\n",
            mine=mine,
        )
        for match in NOTE.finditer(plain)
    ]
    return found, bool(NOTE.sub("", plain).strip())


# -- the lines -----------------------------------------------------------------------------------

DOMAIN_1, DOMAIN_2 = b"schoolgate-audit-v1", b"schoolgate-audit-v2"
LENGTHS = [number.to_bytes(8, "big") for number in range(4096)]
TOLD = ("at", "actor_kind", "actor_id", "person_id", "tag", "subject_kind", "subject_id")


def packed(*parts: str) -> bytes:
    """Each part after its length in 8 bytes, so that no two lists of parts read alike."""
    return b"".join([length_of(exact) + exact for exact in [part.encode() for part in parts]])


def length_of(exact: bytes) -> bytes:
    """In 8 bytes."""
    size = len(exact)
    return LENGTHS[size] if size < len(LENGTHS) else size.to_bytes(8, "big")


@dataclass
class Record:
    """What was found while following the lines."""

    lines: int = 0
    last: str = ""
    shown: int = 0
    in_part: int = 0
    whole: int = 0
    loose: int = 0
    """Lines that stand before one of the first form that is kept back whole, after the last
    checkpoint before it: nothing binds them to what comes later."""
    problems: list[tuple[int, str]] = field(default_factory=list)

    def wrong(self, line: int, what: str) -> None:
        """Remember it."""
        self.problems.append((line, what))

    def follow(self, lines: Iterable[bytes], notes: list[Note]) -> None:
        """Every line: does it follow the one before, is it as it was, does it fit its payload?"""
        saw: dict[int, list[Note]] = defaultdict(list)
        for note in notes:
            saw[note.seq].append(note)
        covered, decode = 0, json.JSONDecoder().decode
        for number, raw in enumerate(lines, start=1):
            try:
                row = decode(raw.decode())
                own = self._own_hash(row, number)
                stored = row["hash"]
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                self.wrong(number, "it can't be read")
                own = stored = ""
            if own is None:
                self.loose += number - 1 - covered
                covered = number
            elif own != stored:
                self.wrong(number, "it was altered, or it doesn't follow the line before it")
            for note in saw.pop(number, ()):
                covered = number
                if note.hash != stored:
                    self.wrong(number, f"it isn't what {note.named()} saw")
            self.lines, self.last = number, stored
        for missing in sorted(saw):
            for note in saw[missing]:
                self.wrong(missing, f"it is missing, and {note.named()} saw it")
        if covered < self.lines:
            self.wrong(covered + 1, "from here to the end no checkpoint covers the lines")

    def _own_hash(self, row: dict[str, Any], number: int) -> str | None:
        """The hash that the line must have; ``None`` where it says nothing of itself.

        hash = SHA-256(domain, number, hash of the line before, about)
        about = HMAC-SHA-256(link salt; who, when, what kind, commitment)
        commitment = HMAC-SHA-256(salt; what happened, as JSON)
        """
        if row["seq"] != number:
            self.wrong(number, f"it says that it is line {row['seq']}")
        before = (str(number), self.last)
        if "commitment" not in row:
            self.whole += 1
            if "about" not in row:
                return None
            return hashlib.sha256(DOMAIN_2 + packed(*before, row["about"])).hexdigest()
        told = packed(*map(row.__getitem__, TOLD), str(row["version"]), row["commitment"])
        if "payload" in row:
            self.shown += 1
            salt, payload = bytes.fromhex(row["salt"]), row["payload"].encode()
            if hmac.digest(salt, payload, "sha256").hex() != row["commitment"]:
                self.wrong(number, "what happened was altered")
        else:
            self.in_part += 1
        if not row["link_salt"]:
            return hashlib.sha256(DOMAIN_1 + packed(*before) + told).hexdigest()
        about = hmac.digest(bytes.fromhex(row["link_salt"]), told, "sha256").hex()
        return hashlib.sha256(DOMAIN_2 + packed(*before, about)).hexdigest()


# -- the files -----------------------------------------------------------------------------------


class Unreadable(Exception):
    """One sentence."""


@dataclass(frozen=True)
class Export:
    """An export, unpacked or not."""

    where: Path

    def text(self, name: str) -> str:
        """One file of it."""
        with self._opened(name) as file:
            return file.read().decode("utf-8", "replace")

    def lines(self) -> Iterator[bytes]:
        """The lines of the record, one by one."""
        with self._opened("events.jsonl") as file:
            yield from file

    def checkpoints(self) -> list[str]:
        """Names of the checkpoints that came with it."""
        if self.where.is_dir():
            return [
                f"checkpoints/{path.name}" for path in self.where.glob(f"checkpoints/*{SUFFIX}")
            ]
        with zipfile.ZipFile(self.where) as packed_up:
            return [name for name in packed_up.namelist() if name.endswith(SUFFIX)]

    def _opened(self, name: str) -> IO[bytes]:
        if self.where.is_dir():
            return (self.where / name).open("rb")
        with zipfile.ZipFile(self.where) as packed_up:
            return packed_up.open(name)


def kept(where: Path) -> list[Note]:
    """The reader's own checkpoints. Raises :class:`Unreadable` for a text that holds others."""
    if not where.exists():
        raise Unreadable(f"There is no file or folder {where}: where are your checkpoints?")
    files = sorted(where.glob(f"*{SUFFIX}")) if where.is_dir() else [where]
    found = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            raise Unreadable(f"The checkpoint {path} can't be opened.") from None
        notes, more = notes_in(text, mine=True)
        if more or not notes:
            raise Unreadable(f"{path} holds something that isn't a checkpoint.")
        found += notes
    if not found:
        raise Unreadable(f"There is no checkpoint in {where}: their names end in {SUFFIX}.")
    return found


def sound(notes: list[Note], known: set[str], record: Record) -> list[Note]:
    """Those of them that count: signed, by a key that is known or that a known key has signed.

    Whatever else is wrong with one is a problem.
    """
    holding = []
    for note in notes:
        if note.holds():
            holding.append(note)
        else:
            record.wrong(note.seq, f"{note.named()} isn't signed by the key that it names")
    grew = True
    while grew:
        grew = False
        for note in holding:
            if known & set(note.keys) and not known >= set(note.keys):
                known |= set(note.keys)
                grew = True
    for note in holding:
        if not known & set(note.keys):
            record.wrong(note.seq, f"{note.named()} is signed by another key")
    return [note for note in holding if known & set(note.keys)]


def check(export: Export, mine: list[Note], keys: list[str]) -> tuple[Record, list[Note]]:
    """Everything. Returns what was found, and the checkpoints that count."""
    record = Record()
    theirs = []
    for name in sorted(export.checkpoints()):
        notes, more = notes_in(export.text(name), mine=False)
        if more or len(notes) != 1:
            record.wrong(0, f"{name} isn't a checkpoint")
        theirs += notes
    known = {*keys, *(key for note in mine if note.holds() for key in note.keys)}
    if not known:
        known = set(export.text("public_key").split())
    counting = sound([*mine, *theirs], known, record)
    origins = {note.origin for note in counting}
    if len(origins) > 1:
        record.wrong(0, f"the checkpoints are of several records: {', '.join(sorted(origins))}")
    record.follow(export.lines(), counting)
    return record, counting


# -- the answer ----------------------------------------------------------------------------------

MOST_TOLD = 20


def report(record: Record, notes: list[Note], *, mine: bool) -> Iterator[str]:
    """What was found, in sentences."""
    yield (
        f"{record.lines:,} lines: {record.shown:,} shown, {record.in_part:,} without what "
        f"happened, {record.whole:,} kept back whole."
    )
    for line, what in sorted(record.problems)[:MOST_TOLD]:
        yield f"PROBLEM: {f'line {line:,}: ' if line else ''}{what}."
    if len(record.problems) > MOST_TOLD:
        yield f"… and {len(record.problems) - MOST_TOLD:,} more."
    if record.loose:
        yield f"Not proved: {record.loose:,} lines before an early line that is kept back whole."
    if record.problems:
        yield "The record is NOT whole. Keep this export and your checkpoints, and ask why."
        return
    newest = max(notes, key=lambda note: note.seq)
    rest = "The other lines" if record.loose else "The lines"
    yield f"{rest} are complete and unaltered up to {newest.named()}."
    if mine:
        own = max((note for note in notes if note.mine), key=lambda note: note.seq)
        yield f"They begin with exactly the {own.seq:,} lines that {own.named()} saw."
    else:
        yield "You gave no checkpoint of your own: so this shows only that the export fits itself."
        yield "Keep checkpoints, and give them with --checkpoints."


def main() -> int:
    """The exit code."""
    options = argparse.ArgumentParser(description="Check an export of Schoolgate's record.")
    beside = Path(__file__).resolve().parent
    options.add_argument("export", nargs="?", type=Path, default=beside, help="a ZIP or a folder")
    options.add_argument("--checkpoints", type=Path, help="checkpoints that you kept yourself")
    options.add_argument("--key", action="append", default=[], help="a public key that you know")
    given = options.parse_args()
    try:
        mine = kept(given.checkpoints) if given.checkpoints else []
        record, notes = check(Export(given.export), mine, given.key)
    except Unreadable as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    except FileNotFoundError as wrong:
        sys.stderr.write(f"There is no {wrong.filename}: is this an export of the record?\n")
        return 2
    except (OSError, KeyError, zipfile.BadZipFile) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else wrong
        sys.stderr.write(f"The export {given.export} can't be read: {why}\n")
        return 2
    for sentence in report(record, notes, mine=bool(mine)):
        sys.stdout.write(f"{sentence}\n")
    return 1 if record.problems else 0


if __name__ == "__main__":
    sys.exit(main())
