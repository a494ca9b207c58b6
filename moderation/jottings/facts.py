"""What an answer is weighed with: accounts, classes and pupils, read in the same transaction.

Names are looked for as a proposer may look for them, and with no more rights than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.checks.model import Pictured, Who
from moderation.jottings import commands as ask
from moderation.jottings.model import (
    Change,
    Colleagues,
    Reply,
    SayAccounts,
    SayAlt,
    SayClass,
    SayColleagues,
    SayNoPupils,
    SayPupils,
    SayText,
    Trouble,
    Unclear,
)
from moderation.jottings.ports import JottingsUnit
from moderation.jottings.reading import Known
from moderation.jottings.refusals import Refusal
from moderation.jottings.workflow import Facts
from moderation.kernel import Asked, PersonId, PostId, PupilKey, SchoolId
from moderation.people.ports import Schools
from moderation.people.queries import Classes, ColleagueSearch, NoPupils, PupilSearch
from moderation.posts.queries import Target, Targets


if TYPE_CHECKING:
    from moderation.jottings.model import Jotting
    from moderation.kernel import AccountId, BlobId
    from moderation.posts.model import Attachment


NOBODY_FOUND = frozenset({Refusal.NO_SUCH_PUPIL, Refusal.TOO_SHORT})


@dataclass(frozen=True, slots=True)
class FactFinder:
    """Reads the facts for one command at a time."""

    schools: Schools

    async def gather(
        self, unit: JottingsUnit, jotting: Jotting | None, command: ask.Command, asked: Asked
    ) -> Facts:
        targets = await Targets().read(unit, asked, self.schools)
        schools = {it.account: it.school for it in targets}
        match command:
            case ask.Begin():
                return Facts(
                    schools=schools,
                    last=await last_used(unit, targets, asked),
                    videos=len(await videos_among(unit, command.pictures)),
                )
            case ask.Say(replies=replies):
                if jotting is None or jotting.person != asked.person:
                    return Facts(schools=schools)
                pictures = len(jotting.pictures) + len(command.pictures)
                heard = Listening(unit, self.schools, targets, asked)
                changes, troubles = await heard.settle(jotting, replies, pictures)
                every = (*jotting.pictures, *command.pictures)
                return Facts(
                    schools=schools,
                    changes=changes,
                    troubles=troubles,
                    videos=len(await videos_among(unit, every)),
                )
            case ask.Make(jotting=which):
                proposed = await unit.posts.get(PostId(which)) is not None
                return Facts(schools=schools, proposed=proposed)
            case _:
                return Facts(schools=schools)


async def videos_among(unit: JottingsUnit, pictures: tuple[Attachment, ...]) -> frozenset[BlobId]:
    """Those of the pictures that move."""
    seen = await unit.inspections.get(frozenset(it.blob for it in pictures))
    return frozenset(blob for blob, it in seen.items() if it.film is not None)


async def last_used(
    unit: JottingsUnit, targets: tuple[Target, ...], asked: Asked
) -> tuple[AccountId, ...]:
    """Where this person proposed last, as far as they still may; else their only account."""
    open_to = [it.account for it in targets]
    written = await unit.posts.by_author(asked.person, 1) if asked.person is not None else ()
    last = tuple(it for post in written for it in post.content.accounts if it in open_to)
    if last:
        return last
    return (open_to[0],) if len(open_to) == 1 else ()


async def known(
    unit: JottingsUnit,
    schools: Schools,
    targets: tuple[Target, ...],
    jotting: Jotting | None,
    asked: Asked,
) -> Known:
    """What an answer to this jotting may name."""
    school = school_of(jotting.accounts if jotting is not None else (), targets)
    if jotting is None or school is None:
        return Known(targets=targets)
    found = await Classes(school=school).read(unit, asked, schools)
    return Known(targets=targets, forms=tuple(line.form for line in found.classes))


def school_of(accounts: tuple[AccountId, ...], targets: tuple[Target, ...]) -> SchoolId | None:
    """Whose pupils may be in the pictures: the accounts' school, or the only one there is."""
    mine = [it.school for it in targets if it.account in accounts]
    if mine:
        return mine[0]
    every = {it.school for it in targets}
    return every.pop() if len(every) == 1 else None


@dataclass(frozen=True, slots=True)
class Listening:
    """Finds what the words of replies stand for."""

    unit: JottingsUnit
    schools: Schools
    targets: tuple[Target, ...]
    asked: Asked

    async def settle(
        self, jotting: Jotting, replies: tuple[Reply, ...], pictures: int
    ) -> tuple[tuple[Change, ...], tuple[Trouble, ...]]:
        """What the replies change, and those that change nothing. ``pictures``: how many."""
        accounts = jotting.accounts
        for reply in replies:
            if isinstance(reply, SayAccounts) and self._refused(reply) is None:
                accounts = reply.accounts
        school = school_of(accounts, self.targets)
        changes: list[Change] = []
        troubles: list[Trouble] = []
        for reply in replies:
            found = await self._settled(reply, school, pictures)
            if isinstance(found, Trouble):
                troubles.append(found)
            else:
                changes.append(found)
        return tuple(changes), tuple(troubles)

    async def _settled(
        self, reply: Reply, school: SchoolId | None, pictures: int
    ) -> Change | Trouble:
        match reply:
            case SayText():
                return reply
            case SayAccounts():
                return self._refused(reply) or reply
            case SayAlt(number=number):
                if not pictures or number > pictures:
                    return Trouble(Refusal.NO_PICTURE)
                return reply
            case SayNoPupils(who=who):
                return Pictured(who) if pictures else Trouble(Refusal.NO_PICTURE)
            case Unclear(line=line):
                return Trouble(Refusal.NOT_UNDERSTOOD, line)
            case SayClass() | SayPupils() | SayColleagues():
                if not pictures:
                    return Trouble(Refusal.NO_PICTURE)
                if isinstance(reply, SayColleagues) and not reply.names:
                    return Colleagues(frozenset())
                if school is None:
                    return Trouble(Refusal.WHICH_ACCOUNT_FIRST)
                if isinstance(reply, SayColleagues):
                    return await self._colleagues(reply, school)
                found = await self._pupils(reply, school)
                return found if isinstance(found, Trouble) else Pictured(Who.THESE, found)

    def _refused(self, reply: SayAccounts) -> Trouble | None:
        schools = {it.account: it.school for it in self.targets}
        if not reply.accounts or any(account not in schools for account in reply.accounts):
            return Trouble(Refusal.NO_SUCH_ACCOUNT)
        if len({schools[account] for account in reply.accounts}) > 1:
            return Trouble(Refusal.TWO_SCHOOLS)
        return None

    async def _colleagues(self, reply: SayColleagues, school: SchoolId) -> Colleagues | Trouble:
        """Each name has to fit one of the staff, and no other."""
        staff: set[PersonId] = set()
        for name in reply.names:
            search = ColleagueSearch(school=school, words=name)
            found = await search.read(self.unit, self.asked, self.schools)
            whole = name.casefold()
            found = tuple(it for it in found if it.name.casefold() == whole) or found
            if len(found) != 1:
                several = Refusal.WHICH_COLLEAGUE if found else Refusal.NO_SUCH_COLLEAGUE
                return Trouble(several, name)
            staff.add(found[0].person)
        return Colleagues(frozenset(staff))

    async def _pupils(
        self, reply: SayClass | SayPupils, school: SchoolId
    ) -> frozenset[PupilKey] | Trouble:
        if isinstance(reply, SayPupils):
            return await self._named(reply, school)
        search = PupilSearch(school=school, form=reply.form)
        found = await search.read(self.unit, self.asked, self.schools)
        if found.why is not None:
            return Trouble(Refusal.NO_LOOKING)
        whole = frozenset(pupil.key for pupil in found.pupils)
        if not whole:
            return Trouble(Refusal.NO_SUCH_CLASS, reply.form)
        left_out: set[PupilKey] = set()
        for name in reply.but:
            pupil = await self._pupil(name, school, whole)
            if isinstance(pupil, Trouble):
                return pupil
            left_out.add(pupil)
        return whole - left_out or Trouble(Refusal.NO_SUCH_CLASS, reply.form)

    async def _named(self, reply: SayPupils, school: SchoolId) -> frozenset[PupilKey] | Trouble:
        found = [await self._pupil(name, school) for name in reply.names]
        good = frozenset(it for it in found if not isinstance(it, Trouble))
        bad = [it for it in found if isinstance(it, Trouble)]
        if reply.line and not good and all(it.code in NOBODY_FOUND for it in bad):
            # It may have been anything: nobody is told that these are no pupils' names.
            return Trouble(Refusal.NOT_UNDERSTOOD, reply.line)
        return bad[0] if bad else good or Trouble(Refusal.NO_SUCH_PUPIL)

    async def _pupil(
        self, name: str, school: SchoolId, among: frozenset[PupilKey] | None = None
    ) -> PupilKey | Trouble:
        """The one pupil whom the name fits, a first name with an initial too."""
        search = PupilSearch(school=school, words=name)
        found = await search.read(self.unit, self.asked, self.schools)
        if found.why is NoPupils.TOO_SHORT:
            return Trouble(Refusal.TOO_SHORT, name)
        if found.why is not None:
            return Trouble(Refusal.NO_LOOKING)
        fitting = [it.key for it in found.pupils if among is None or it.key in among]
        if len(fitting) == 1 and not (found.more and among is None):
            return fitting[0]
        several = len(fitting) > 1 or found.more
        return Trouble(Refusal.WHICH_PUPIL if several else Refusal.NO_SUCH_PUPIL, name)
