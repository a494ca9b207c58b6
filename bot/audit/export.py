"""A copy of the record that somebody else can check: one ZIP, readable by its owner alone.

Every line is in it, so that the chain can be followed; what a reader isn't to see of a line is kept
back. Reports about a child's safety, and any kind of line that isn't known here, always are.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from bot.audit.keeper import Broken, Keeper
from moderation.kernel import Operator, PupilKey, SchoolId, SubjectRef
from moderation.people.model import Pupil
from moderation.record.events import Exported
from storage.audit.links import written
from storage.audit.places import file_name


if TYPE_CHECKING:
    from pathlib import Path

    from storage.audit.chain import StoredLine
    from storage.audit.notes import Note
    from storage.audit.whose import Whose
    from storage.unit_of_work import Unit


PRIVATE: Final = 0o600
CHECKER: Final = "verify.py"
README: Final = "README-for-governors.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the reader is to see. ``since`` and ``until`` are days, both included.

    ``subjects`` are kept back by name; ``pupils`` wherever one of them is meant or named.
    """

    school: SchoolId | None = None
    since: date | None = None
    until: date | None = None
    subjects: frozenset[SubjectRef] = frozenset()
    pupils: tuple[Pupil, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many lines are shown, without what happened, and kept back whole.

    ``problems`` are those of the record: then no checkpoint was signed over it.
    """

    shown: int
    in_part: int
    whole: int
    problems: tuple[str, ...]


class Shown(Enum):
    """How much of a line."""

    ALL = auto()
    LINK = auto()
    NOTHING = auto()
    NOT_EVEN_CHECKABLE = auto()
    """A line of the first form, which can be kept back only by leaving its check out."""


async def export(keeper: Keeper, wanted: Wanted, target: Path) -> Written:
    """Write it whole or not at all. Says in the record that it was written, and signs it before.

    Raises ``OSError`` where it can't be written, and what the store raises.
    """
    problems: tuple[str, ...] = ()
    last: int | None = None
    try:
        last = (await keeper.sign(Operator(), _said(wanted))).seq
    except Broken as broken:
        # As evidence it is wanted all the more.
        problems = broken.problems
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE), "w+b") as file:
            async with keeper.units.read() as unit:
                copy = _Copy(wanted, keeper, last)
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed_up:
                    await copy.write(unit, packed_up)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    counts = copy.counts
    return Written(
        shown=counts[Shown.ALL],
        in_part=counts[Shown.LINK],
        whole=counts[Shown.NOTHING] + counts[Shown.NOT_EVEN_CHECKABLE],
        problems=problems,
    )


class _Copy:
    """One export, while it is written."""

    def __init__(self, wanted: Wanted, keeper: Keeper, last: int | None) -> None:
        self._wanted = wanted
        self._keeper = keeper
        self._last = last
        self._zone = keeper.schools.zone
        self._now = keeper.clock.now()
        self.counts = dict.fromkeys(Shown, 0)

    async def write(self, unit: Unit, packed_up: zipfile.ZipFile) -> None:
        whose = await unit.audit.whose(self._keeper.schools.trust)
        kept_back = self._wanted.subjects | await self._about_pupils(unit)
        with packed_up.open(self._member("events.jsonl"), "w", force_zip64=True) as out:
            async for line in unit.audit.lines():
                if self._last is not None and line.link.seq > self._last:
                    break
                shown = self._shown(line, whose, kept_back)
                self.counts[shown] += 1
                out.write(json.dumps(_fields(line, shown), separators=(",", ":")).encode() + b"\n")
        notes = await unit.checkpoints.all()
        for note in notes:
            packed_up.writestr(self._member(f"checkpoints/{file_name(note)}"), str(note))
        packed_up.writestr(self._member("public_key"), self._keys(notes))
        packed_up.writestr(self._member(README), self._readme())
        checker = files(__package__).joinpath(CHECKER).read_bytes()
        packed_up.writestr(self._member(CHECKER), checker)

    def _shown(self, line: StoredLine, whose: Whose, kept_back: frozenset[SubjectRef]) -> Shown:
        link = line.link
        school = whose.school(link.subject_kind, link.subject_id)
        if school is None or self._wanted.school not in (None, school):
            return Shown.NOTHING if link.link_salt else Shown.NOT_EVEN_CHECKABLE
        if not self._within(link.at):
            return Shown.NOTHING if link.link_salt else Shown.LINK
        if line.payload is None or SubjectRef(link.subject_kind, link.subject_id) in kept_back:
            return Shown.LINK
        return Shown.ALL

    def _within(self, at: datetime) -> bool:
        day = at.astimezone(self._zone).date()
        since, until = self._wanted.since, self._wanted.until
        return (since is None or since <= day) and (until is None or day <= until)

    async def _about_pupils(self, unit: Unit) -> frozenset[SubjectRef]:
        """Every subject that ever meant or named one of the pupils, rather too many than too few.

        A name counts where forename and surname both stand anywhere in what happened.
        """
        if not self._wanted.pupils:
            return frozenset()
        marks = [mark for pupil in self._wanted.pupils for mark in _marks(pupil)]
        found = set()
        async for line in unit.audit.lines():
            if line.payload is not None:
                text = json.dumps(json.loads(line.payload), ensure_ascii=False).casefold()
                if any(all(word in text for word in mark) for mark in marks):
                    found.add(SubjectRef(line.link.subject_kind, line.link.subject_id))
        return frozenset(found)

    def _keys(self, notes: tuple[Note, ...]) -> str:
        signer = self._keeper.signer
        keys = signer.keys if signer is not None else notes[-1].keys if notes else ()
        return "".join(f"{key}\n" for key in keys)

    def _readme(self) -> str:
        wanted, schools = self._wanted, self._keeper.schools
        known = schools.get(wanted.school or schools.trust)
        name = known.name if known is not None else ""
        what = f"The lines of {name}" if wanted.school is not None else f"All lines of {name}"
        what += "" if wanted.since is None else f", from {wanted.since:%d %B %Y}"
        what += "" if wanted.until is None else f", until {wanted.until:%d %B %Y}"
        text = files(__package__).joinpath(README).read_text(encoding="utf-8")
        made = self._now.astimezone(self._zone)
        return text.format(
            what=f"{what}.", made=f"{made:%d %B %Y, %H:%M}", origin=self._keeper.origin
        )

    def _member(self, name: str) -> zipfile.ZipInfo:
        made = self._now.astimezone(self._zone)
        member = zipfile.ZipInfo(name, made.timetuple()[:6])
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = PRIVATE << 16
        return member


def _said(wanted: Wanted) -> Exported:
    return Exported(
        school=wanted.school,
        since=wanted.since,
        until=wanted.until,
        withheld=len(wanted.subjects) + len(wanted.pupils),
    )


def _marks(pupil: Pupil) -> list[tuple[str, ...]]:
    """Words that must all stand in a text which is about this pupil."""
    name = pupil.name
    forenames = {name.legal_forename, name.preferred_forename} - {""}
    surnames = {name.legal_surname, name.preferred_surname} - {""}
    named = [(one.casefold(), two.casefold()) for one in forenames for two in surnames]
    return [(_quoted(pupil.key),), *named]


def _quoted(key: PupilKey) -> str:
    return json.dumps(key).casefold()


def _fields(line: StoredLine, shown: Shown) -> dict[str, object]:
    link = line.link
    least: dict[str, object] = {"seq": link.seq, "hash": line.hash}
    if shown is Shown.NOT_EVEN_CHECKABLE:
        return least
    if shown is Shown.NOTHING:
        return least | {"about": link.about()}
    told: dict[str, object] = {
        "seq": link.seq,
        "at": written(link.at),
        "actor_kind": link.actor_kind,
        "actor_id": link.actor_id,
        "person_id": link.person_id,
        "tag": link.tag,
        "subject_kind": link.subject_kind,
        "subject_id": link.subject_id,
        "version": link.version,
        "commitment": link.commitment,
        "link_salt": link.link_salt,
        "hash": line.hash,
    }
    if shown is Shown.ALL and line.salt is not None and line.payload is not None:
        told |= {"salt": line.salt.hex(), "payload": line.payload.decode("ascii")}
    return told
