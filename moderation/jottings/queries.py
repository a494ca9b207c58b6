"""A jotting for its author, and what a message of theirs means. Nobody else's eyes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moderation.checks.model import Finding, Who
from moderation.jottings.facts import Listening, known, school_of, videos_among
from moderation.jottings.model import Jotting, JottingId, Read, Reply, Standing, Trouble
from moderation.jottings.reading import read
from moderation.kernel import BlobId, PostId
from moderation.people.queries import (
    Classes,
    ClassLine,
    ColleagueSearch,
    FoundPupil,
    found_pupil,
)
from moderation.policies.model import Pack
from moderation.ports import Conversation
from moderation.posts.facts import FactFinder as Judges
from moderation.posts.queries import Target, Targets


if TYPE_CHECKING:
    from moderation.jottings.ports import JottingsUnit
    from moderation.kernel import Asked, PupilKey, SchoolId
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JottingPage:
    """One jotting as its author may see it, judged as a proposal of this moment would be.

    ``classes`` are those to choose from; ``shown`` the declared pupils, and ``left_out`` the others
    of their classes; ``staff`` are the declared colleagues by name. ``proposed``: the post that it
    becomes is there. ``videos``: those of its pictures that move.
    """

    jotting: Jotting
    version: int
    targets: tuple[Target, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    shown: tuple[FoundPupil, ...] = ()
    left_out: tuple[FoundPupil, ...] = ()
    staff: tuple[str, ...] = ()
    pack: Pack | None = None
    findings: tuple[Finding, ...] = ()
    proposed: bool = False
    videos: frozenset[BlobId] = frozenset()


@dataclass(frozen=True, slots=True)
class JottingCard:
    """One jotting; ``None`` for one that isn't the reader's."""

    judges: Judges
    jotting: JottingId

    async def read(self, unit: JottingsUnit, asked: Asked, schools: Schools) -> JottingPage | None:
        """As it stands now."""
        stored = await unit.jottings.get(self.jotting)
        if stored is None or asked.person is None or stored[0].person != asked.person:
            return None
        jotting, version = stored
        if jotting.standing is not Standing.OPEN:
            return JottingPage(jotting=jotting, version=version)
        targets = await Targets().read(unit, asked, schools)
        school = school_of(jotting.accounts, targets)
        classes: tuple[ClassLine, ...] = ()
        if jotting.pictures and school is not None:
            classes = (await Classes(school=school).read(unit, asked, schools)).classes
        shown, left_out = await _pupils(unit, jotting, schools, targets)
        pack, findings = await self.judges.preview(unit, jotting.content, asked)
        return JottingPage(
            jotting=jotting,
            version=version,
            targets=targets,
            classes=classes,
            shown=shown,
            left_out=left_out,
            staff=await _staff(unit, jotting, schools, asked, school),
            pack=pack,
            findings=findings,
            proposed=await unit.posts.get(PostId(jotting.id)) is not None,
            videos=await videos_among(unit, jotting.pictures),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Meant:
    """What a message means: ``jotting`` is the draft it speaks of, ``None`` where there is none."""

    said: Read
    jotting: Jotting | None = None
    troubles: tuple[Trouble, ...] = ()
    changes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIsMeant:
    """A message in a private conversation. ``pictures`` came with it."""

    conversation: Conversation
    words: str = field(default="", repr=False)
    pictures: int = 0

    async def read(self, unit: JottingsUnit, asked: Asked, schools: Schools) -> Meant:
        """Read against the newest open draft there."""
        stored = (
            await unit.jottings.newest(asked.person, self.conversation)
            if asked.person is not None
            else None
        )
        jotting = stored[0] if stored is not None else None
        targets = await Targets().read(unit, asked, schools)
        said = read(self.words, jotting, await known(unit, schools, targets, jotting, asked))
        if jotting is None:
            return Meant(said=said)
        pictures = len(jotting.pictures) + self.pictures
        listening = Listening(unit, schools, targets, asked)
        changes, troubles = await listening.settle(jotting, said.replies, pictures)
        return Meant(said=said, jotting=jotting, troubles=troubles, changes=len(changes))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WhatIsUnclear:
    """Replies that were given in a form."""

    jotting: JottingId
    replies: tuple[Reply, ...]

    async def read(self, unit: JottingsUnit, asked: Asked, schools: Schools) -> tuple[Trouble, ...]:
        """Those that change nothing, with the words in question; none of somebody else's draft."""
        stored = await unit.jottings.get(self.jotting)
        if stored is None or stored[0].person != asked.person:
            return ()
        targets = await Targets().read(unit, asked, schools)
        listening = Listening(unit, schools, targets, asked)
        jotting = stored[0]
        return (await listening.settle(jotting, self.replies, len(jotting.pictures)))[1]


async def _staff(
    unit: JottingsUnit, jotting: Jotting, schools: Schools, asked: Asked, school: SchoolId | None
) -> tuple[str, ...]:
    if not jotting.pictured.staff or school is None:
        return ()
    search = ColleagueSearch(school=school, known=jotting.pictured.staff)
    return tuple(it.name for it in await search.read(unit, asked, schools))


async def _pupils(
    unit: JottingsUnit, jotting: Jotting, schools: Schools, targets: tuple[Target, ...]
) -> tuple[tuple[FoundPupil, ...], tuple[FoundPupil, ...]]:
    declared: frozenset[PupilKey] = jotting.pictured.pupils
    school = school_of(jotting.accounts, targets)
    if jotting.pictured.who is not Who.THESE or school is None:
        return (), ()
    places = schools.ids() if school == schools.trust else (school,)
    roll = [
        pupil
        for place in places
        for pupil in await unit.rolls.pupils(place)
        if pupil.left_on is None or pupil.key in declared
    ]
    forms = {pupil.name.form for pupil in roll if pupil.key in declared}
    shown = tuple(found_pupil(pupil) for pupil in roll if pupil.key in declared)
    others = [it for it in roll if it.name.form in forms and it.key not in declared]
    return shown, tuple(map(found_pupil, others))
