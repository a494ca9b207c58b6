"""The keeper of the record: looks whether it is whole, signs it, and hands the copies out.

Nothing is signed over a record that doesn't check against what was signed before. A place that
can't be given its copies is said at every try, until it can; the others get theirs meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from moderation.kernel import Asked, Conflict, SubjectRef, Timer
from moderation.people.ports import Schools
from moderation.ports import Clock
from moderation.record import effects
from moderation.record.events import KeyChanged
from moderation.record.model import RECORD
from storage.audit import places
from storage.audit.chain import ChainReport, Head
from storage.audit.notes import Note, PublicKey, Signer, origin_of, weighed
from storage.faults import RuleBroken
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Settings
    from moderation.kernel import Actor
    from moderation.record.events import Event
    from storage.audit.places import Held
    from storage.unit_of_work import Unit

T = TypeVar("T")
log = structlog.get_logger(__name__)

LINES: Final = 500
"""So many new lines are signed without waiting for the night."""
MISSED: Final = timedelta(hours=25)
"""So old a checkpoint means that a night was missed."""
SLOWEST: Final = 20.0
"""Seconds that a folder may take: a share that hangs must not hold up the rest."""
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that copies go to, and whose it is. Only ``ours`` is made where it is missing.

    Where another's is missing, its share isn't mounted, and a copy would land on our own disk.
    """

    folder: Path
    belongs_to: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The record, held against the checkpoints. ``warnings`` are about copies, not the record."""

    report: ChainReport
    notes: tuple[Note, ...]
    warnings: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.report.problems


class Broken(Exception):
    """The record doesn't check, so nothing is signed. ``problems`` name lines."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(slots=True, kw_only=True)
class Keeper:
    """``places`` begin with our own folder. Without a ``signer`` the record is looked at only.

    ``wrote`` is called when there is something for the relay.
    """

    units: Units
    schools: Schools
    clock: Clock
    signer: Signer | None
    places: tuple[Place, ...]
    wrote: Callable[[], None]
    _amiss: dict[Path, str] = field(default_factory=dict)
    _broken: bool = False
    _hanging: dict[Path, asyncio.Task[object]] = field(default_factory=dict)

    # -- for the clock ---------------------------------------------------------------------------

    async def night(self) -> None:
        """Walk the whole record, say so where it is broken, and sign it where it isn't."""
        looked = await self.look()
        if not looked.whole:
            await self._say_broken(looked.report)
            return
        self._broken = False
        log.info("audit.whole", events=looked.report.head.seq)
        if self.signer is not None:
            await self._signed(looked, Timer(), ())

    async def when_due(self) -> None:
        """Sign when many lines are new, a night was missed, or another key signs from now on."""
        if self.signer is None:
            return
        async with self.units.read() as unit:
            head, last = await unit.audit.head(), await unit.checkpoints.newest()
            change = await self._change_of_key(unit)
        new = head.seq - (last.seq if last is not None else 0)
        late = last is not None and self.clock.now() - last.at >= MISSED
        if head.seq == 0 or (new < LINES and change is None and not (late and new)):
            return
        looked = await self.look(last)
        if looked.whole:
            await self._signed(looked, Timer(), ())
        else:
            await self._say_broken(looked.report)

    async def hand_out(self) -> None:
        """Give each place the copies that it lacks, and say which can't be given any."""
        if self.signer is None:
            return
        async with self.units.read() as unit:
            kept = await unit.checkpoints.all()
        # Years of signatures take a while, and somebody may be clicking meanwhile.
        sound = (await asyncio.to_thread(weighed, kept, self.origin, self.signer.keys)).sound
        for number, place in enumerate(self.places):
            try:
                await self._in_time(place, partial(places.give, notes=sound, make=place.ours))
            except OSError as wrong:
                self._amiss[place.folder] = _said(wrong)
                log.exception("audit.place_failed", subject=f"place:{number}")
            else:
                self._amiss.pop(place.folder, None)

    # -- for anybody -----------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        """The record's name, as checkpoints begin."""
        return origin_of(self.schools.trust)

    def amiss(self) -> tuple[str, ...]:
        """What stands wrong at this moment, one sentence each, as of the last try."""
        broken = ("The record doesn't check. See: schoolgate audit verify",) if self._broken else ()
        return (*broken, *(_unwritten(place, self._amiss) for place in self._at_fault()))

    def concerns(self) -> tuple[str, ...]:
        """The same as plain keys: ``record``, ``checkpoints``."""
        broken = ("record",) if self._broken else ()
        return (*broken, "checkpoints") if self._amiss else broken

    async def try_places(self) -> tuple[str, ...]:
        """Write to every place and take it away again; one sentence for each that can't be."""
        for place in self.places:
            self._amiss.pop(place.folder, None)
            try:
                await self._in_time(place, partial(places.try_out, make=place.ours))
            except OSError as wrong:
                self._amiss[place.folder] = _said(wrong)
        return tuple(_unwritten(place, self._amiss) for place in self._at_fault())

    async def look(self, start: Note | None = None, *, by: Held | None = None) -> Looked:
        """The record held against the checkpoints of every place, or against those in ``by``.

        ``start`` is a checkpoint whose lines were walked when we signed it; they aren't again.
        """
        held = by or await self._held()
        known = self.signer.keys if self.signer is not None else ()
        found = await asyncio.to_thread(
            weighed, held.notes, self.origin, known or _keys_of(held.notes)
        )
        head = None
        if start is not None and weighed((start,), self.origin, known).sound:
            head = Head(start.seq, start.hash)
        async with self.units.read() as unit:
            report = await unit.audit.verify(found.sound, head)
        return Looked(report=report, notes=found.sound, warnings=(*held.problems, *found.problems))

    async def sign(self, by: Actor, *events: Event) -> Note:
        """Record ``events`` and sign, after a look at the whole record.

        Raises :class:`Broken`, and ``RuntimeError`` without a signing key.
        """
        looked = await self.look()
        if not looked.whole:
            raise Broken(looked.report.problems)
        return await self._signed(looked, by, events)

    # -- inner -----------------------------------------------------------------------------------

    async def _signed(self, looked: Looked, by: Actor, events: Sequence[Event]) -> Note:
        for attempt in range(TRIES):
            try:
                note = await self._once(looked.report.head, by, events)
                break
            except Conflict:
                # Another process signed the same lines at this moment.
                if attempt + 1 == TRIES:
                    raise
        else:
            raise AssertionError("every try ends above")
        await self.hand_out()
        self.wrote()
        return note

    async def _once(self, looked_at: Head, by: Actor, events: Sequence[Event]) -> Note:
        if self.signer is None:
            raise RuntimeError("there is no signing key")
        async with self.units.write() as unit:
            head = await unit.audit.head(alone=True)
            since = await unit.audit.verify((), looked_at)
            if since.problems:
                raise Broken(since.problems)
            change = await self._change_of_key(unit)
            happened = (*events, *((change,) if change is not None else ()))
            known = await unit.checkpoints.get(head.seq)
            if known is not None and not happened:
                return known
            asked = Asked(by=by, key=f"record:{head.hash}", at=self.clock.now())
            if happened:
                ours = SubjectRef(RECORD, self.schools.trust)
                await unit.record(asked, ours, head.seq, happened, ())
                head = await unit.audit.head()
            note = self.signer.sign(head.seq, head.hash, asked.at)
            await unit.checkpoints.add(note)
            tell = effects.signed(head.seq)
            await unit.effects.add(asked, tell.subject, 1, (tell,))
            await unit.commit()
        log.info("audit.signed", events=note.seq)
        return note

    async def _change_of_key(self, unit: Unit) -> KeyChanged | None:
        """What is to be recorded where another key signs than the record says."""
        if self.signer is None:
            return None
        last = await unit.audit.newest(KeyChanged.tag)
        before = str((last.payload or {})["public"]) if last is not None else ""
        if before == str(self.signer.key):
            return None
        vouched = before in {str(key) for key in self.signer.keys}
        return KeyChanged(public=str(self.signer.key), before=before, vouched=vouched)

    async def _say_broken(self, report: ChainReport) -> None:
        """In the log each time, and privately to those who keep copies once a day."""
        self._broken = True
        log.error("audit.broken", count=len(report.problems), events=report.head.seq)
        now = self.clock.now()
        tell = effects.broken(now.astimezone(self.schools.zone).date().isoformat())
        asked = Asked(by=Timer(), key=f"record:{tell.subject.id}", at=now)
        try:
            async with self.units.write() as unit:
                await unit.effects.add(asked, tell.subject, 1, (tell,))
                await unit.commit()
        except RuleBroken:
            return  # said today
        self.wrote()

    async def _held(self) -> Held:
        """What every place holds. One that can't be read is a warning."""
        notes: list[Note] = []
        problems: list[str] = []
        for place in self.places:
            try:
                held = await self._in_time(place, places.read)
            except FileNotFoundError:
                continue  # nothing was ever put there
            except OSError as wrong:
                problems.append(
                    f"{place.folder} ({place.belongs_to}) can't be read: {_said(wrong)}"
                )
                continue
            notes += held.notes
            problems += [f"{place.folder}: {problem}" for problem in held.problems]
        return places.Held(tuple(dict.fromkeys(notes)), tuple(problems))

    async def _in_time(self, place: Place, work: Callable[[Path], T]) -> T:
        """In a thread, and only one for each folder: a share that hangs is not asked again."""
        hanging = self._hanging.get(place.folder)
        if hanging is not None and not hanging.done():
            raise TimeoutError
        task = asyncio.ensure_future(asyncio.to_thread(work, place.folder))
        done, _ = await asyncio.wait({task}, timeout=SLOWEST)
        if not done:
            self._hanging[place.folder] = task
            raise TimeoutError
        return task.result()

    def _at_fault(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.folder in self._amiss)


def keeper_of(
    settings: Settings, units: Units, schools: Schools, clock: Clock, wrote: Callable[[], None]
) -> Keeper:
    """The keeper that the settings describe."""
    own = settings.audit.checkpoints or settings.paths.data / "checkpoints"
    keys = [key.get_secret_value() for key in settings.signing_key]
    return Keeper(
        units=units,
        schools=schools,
        clock=clock,
        signer=Signer(schools.trust, keys) if keys else None,
        places=(
            Place(own, "Schoolgate's own", ours=True),
            *(Place(place.folder, place.belongs_to) for place in settings.audit.places),
        ),
        wrote=wrote,
    )


def _keys_of(notes: Sequence[Note]) -> frozenset[PublicKey]:
    """Without a key of our own, those that the checkpoints name must do."""
    return frozenset(key for note in notes if note.holds() for key in note.keys)


def _said(wrong: OSError) -> str:
    return wrong.strerror or "it doesn't answer"


def _unwritten(place: Place, amiss: dict[Path, str]) -> str:
    return (
        f"Checkpoints can't be written to {place.folder} ({place.belongs_to}): "
        f"{amiss[place.folder]}. Mend the folder, or correct audit.places in app.yaml."
    )
