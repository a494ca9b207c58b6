"""Everything a decision about a post needs from outside it, read in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.acceptances.facts import must_accept
from moderation.checks.colleagues import initials
from moderation.checks.context import Context, TakenDown
from moderation.checks.engine import judge
from moderation.checks.kept import Checked, counting
from moderation.checks.likeness import alike
from moderation.checks.model import Draft, Image
from moderation.kernel import Identity, PersonId, PupilKey, SubjectRef
from moderation.people.ports import Schools
from moderation.people.queries import rights_for
from moderation.policies.settings import HeadteacherApproves, PupilNames
from moderation.ports import Ids
from moderation.posts import commands as ask
from moderation.posts.evolution import in_hand
from moderation.posts.guards import Facts
from moderation.posts.model import POST, Needs, State


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from moderation.accounts.model import Account
    from moderation.checks.model import Consent, Finding
    from moderation.kernel import AccountId, Asked, BlobId, SchoolId
    from moderation.people.model import Person
    from moderation.people.rights import Rights
    from moderation.policies.model import Pack
    from moderation.ports import Inspection
    from moderation.posts.model import Content, InHand, Pause, Post
    from moderation.posts.ports import PostsUnit


@dataclass(frozen=True, slots=True)
class FactFinder:
    """Reads the facts for one command at a time."""

    schools: Schools
    ids: Ids

    async def gather(
        self, unit: PostsUnit, post: Post | None, command: ask.Command, asked: Asked
    ) -> Facts:
        """The facts for ``command``. Content is judged only where the decision looks at it.

        A new revision is judged by the school's pack of today and pins it; later decisions about
        it go by the pinned one, so that a changed policy doesn't move the goalposts mid-review.
        """
        content = _content(post, command)
        accounts = await _accounts(unit, content)
        schools = {account.school for account in accounts.values()}
        school = post.school if post is not None else next(iter(schools), self.schools.trust)
        pack = await _pack(unit, post, command, school)
        day = asked.at.astimezone(self.schools.zone).date()
        writers, strangers = await _writers(unit, post, command)
        facts = Facts(
            school=next(iter(schools)) if len(schools) == 1 else None,
            accounts=accounts,
            rights=await rights_for(
                unit,
                self.schools,
                school=school,
                accounts=frozenset(accounts),
                settings=pack.settings,
                day=day,
            ),
            settings=pack.settings,
            must_accept=await must_accept(unit, asked.person, await unit.packs.current(school)),
            pack=pack.digest,
            needs=_needs(post, command, content, pack),
            revision_id=self.ids.new(),
            rights_before=await self._rights_before(unit, post, command, pack, day),
            writers=writers,
            strangers=strangers,
            pause=await self._pause(unit, school) if isinstance(command, ask.Timed) else None,
            in_hand=await _in_hand(unit, command, asked),
        )
        if content is None or not _is_judged(post, command):
            return facts
        facts = await self._judged(unit, facts, content, pack, school)
        return replace(facts, needs=_with_head(facts, pack))

    async def preview(
        self, unit: PostsUnit, content: Content, asked: Asked
    ) -> tuple[Pack, tuple[Finding, ...]]:
        """What the checks say of words that nobody has proposed yet. Nothing is stored.

        Nothing is said to whoever may not propose them: names could be tried on another school's
        roll.
        """
        accounts = await _accounts(unit, content)
        places = [account.school for account in accounts.values()]
        school = places[0] if places else self.schools.trust
        pack = await unit.packs.current(school)
        rights = await rights_for(
            unit,
            self.schools,
            school=school,
            accounts=frozenset(accounts),
            settings=pack.settings,
            day=asked.at.astimezone(self.schools.zone).date(),
        )
        if not accounts or asked.person is None or not rights.may_propose(asked.person):
            return pack, ()
        seen = await unit.inspections.get(frozenset(item.blob for item in content.attachments))
        context = await self.context(unit, content, accounts, school, pack, rights)
        context = await _with_taken_down(unit, context, seen)
        return pack, judge(draft_of(content, seen), pack, context)

    async def _pause(self, unit: PostsUnit, school: SchoolId) -> Pause | None:
        """A pause of the trust covers every school's accounts."""
        return await unit.holds.over(tuple(dict.fromkeys((school, self.schools.trust))))

    async def _rights_before(
        self, unit: PostsUnit, post: Post | None, command: ask.Command, pack: Pack, day: date
    ) -> Rights | None:
        """Who approves for B alone mustn't take A's post over by moving it to B."""
        if post is None or not isinstance(command, ask.Revise):
            return None
        return await rights_for(
            unit,
            self.schools,
            school=post.school,
            accounts=frozenset(post.content.accounts),
            settings=pack.settings,
            day=day,
        )

    async def _judged(
        self, unit: PostsUnit, facts: Facts, content: Content, pack: Pack, school: SchoolId
    ) -> Facts:
        blobs = frozenset(item.blob for item in content.attachments)
        seen = await unit.inspections.get(blobs)
        known = await unit.inspections.known(blobs)
        context = await self.context(unit, content, facts.accounts, school, pack, facts.rights)
        context = await _with_taken_down(unit, context, seen)
        findings = judge(draft_of(content, seen), pack, context)
        people = await self._staff(unit, school, facts.rights)
        unknown = {
            pupil
            for pupil in content.pictured.pupils
            if context.roster is None or pupil not in context.roster
        } | (content.pictured.staff - {one.id for one in people})
        return replace(
            facts,
            findings=findings,
            waiting_for=blobs - seen.keys(),
            unknown_pictures=blobs - known,
            videos=frozenset(blob for blob, it in seen.items() if it.film is not None),
            unknown_people=bool(unknown),
        )

    async def context(
        self,
        unit: PostsUnit,
        content: Content,
        accounts: Mapping[AccountId, Account],
        school: SchoolId,
        pack: Pack,
        rights: Rights,
    ) -> Context:
        """Today's roll, permissions and what the school lets everybody know, for the checks.

        A post of the trust is checked against every school's roll at full strength.
        """
        theirs = self.schools.get(school)
        for_trust = school == self.schools.trust
        others = await unit.rolls.others(school)
        roster = others if for_trust else await unit.rolls.roster(school)
        people = await self._staff(unit, school, rights)
        unnamed = tuple(person.name for person in people if not person.may_be_named)
        kept = counting(
            await unit.kept_names.agreed(school, rights.today),
            Checked(roster=roster, others=others, unnamed=unnamed),
        )
        return Context(
            today=rights.today,
            roster=roster,
            other_rosters=None if for_trust else others,
            staff=tuple(person.name for person in people),
            unnamed=unnamed,
            unshown={one.id: initials(one.name) for one in people if not one.may_be_shown},
            grown_ups=kept.grown_ups,
            public_names=kept.others,
            consents=await self._consents(unit, content, pack, school),
            platforms={account.id: account.platform for account in accounts.values()},
            allowed_hosts=theirs.domains if theirs is not None else (),
            office=theirs.contacts if theirs is not None else (),
        )

    async def _staff(self, unit: PostsUnit, school: SchoolId, rights: Rights) -> tuple[Person, ...]:
        """Whoever may be named in a post of the school, or be in its pictures."""
        if school != self.schools.trust:
            return rights.people
        return await unit.people.at(frozenset({*self.schools.ids(), self.schools.trust}))

    async def _consents(
        self, unit: PostsUnit, content: Content, pack: Pack, school: SchoolId
    ) -> Mapping[PupilKey, tuple[Consent, ...]]:
        """Those of the declared pupils; of everybody where the pack lets a consent name a child."""
        if pack.settings.pupil_names is PupilNames.NEVER:
            return await unit.rolls.consents(content.pictured.pupils)
        found: dict[PupilKey, tuple[Consent, ...]] = {}
        for consent in await unit.rolls.consents_at(school):
            found[consent.pupil] = (*found.get(consent.pupil, ()), consent)
        return found


async def _with_taken_down(
    unit: PostsUnit, context: Context, seen: Mapping[BlobId, Inspection]
) -> Context:
    """With those of the pictures that came down which look like one of these."""
    looks = [one.look for one in seen.values() if one.look is not None and one.look.likeness]
    if not looks:
        return context
    found: list[TakenDown] = []
    for former in await unit.inspections.taken_down():
        if any(
            alike(look.likeness, former.likeness) or alike(look.mirrored, former.likeness)
            for look in looks
        ):
            pictured = [
                revision.content.pictured
                for revision in await unit.posts.revisions(former.post)
                if revision.id == former.revision
            ]
            found.append(
                TakenDown(
                    likeness=former.likeness,
                    pupils=frozenset[PupilKey]().union(*(one.pupils for one in pictured)),
                    staff=frozenset[PersonId]().union(*(one.staff for one in pictured)),
                )
            )
    everybody = frozenset[PupilKey]().union(*(one.pupils for one in found))
    consents = dict(context.consents or {}) | dict(await unit.rolls.consents(everybody))
    return replace(context, taken_down=tuple(found), consents=consents) if found else context


async def _in_hand(unit: PostsUnit, command: ask.Command, asked: Asked) -> InHand | None:
    if not isinstance(command, ask.Attend | ask.TakePosting | ask.RemindPosters):
        return None
    return in_hand(await unit.audit.history(SubjectRef(POST, command.post)), asked.at)


def draft_of(content: Content, seen: Mapping[BlobId, Inspection]) -> Draft:
    """The content as the checks take it."""
    return Draft(
        text=content.text,
        images=tuple(
            Image(alt=item.alt, file_name=item.file_name, inspection=seen.get(item.blob))
            for item in content.attachments
        ),
        pictured=content.pictured,
        accounts=content.accounts,
    )


def _content(post: Post | None, command: ask.Command) -> Content | None:
    if isinstance(command, ask.Propose | ask.Revise):
        return command.content
    return post.content if post is not None else None


async def _accounts(unit: PostsUnit, content: Content | None) -> Mapping[AccountId, Account]:
    found: dict[AccountId, Account] = {}
    for account_id in content.accounts if content is not None else ():
        account = await unit.accounts.get(account_id)
        if account is not None:
            found[account_id] = account
    return found


async def _writers(
    unit: PostsUnit, post: Post | None, command: ask.Command
) -> tuple[frozenset[PersonId], frozenset[Identity]]:
    """Who wrote the proposed words: people, whatever identity they wrote with, and nobody's.

    Asked at every decision: a chat account may have become somebody's since.
    """
    wrote = command.writers if isinstance(command, ask.Propose) else frozenset[Identity]()
    if post is not None:
        wrote = post.strangers
    found = {identity: await unit.people.who(identity) for identity in wrote}
    return (
        frozenset(person for person in found.values() if person is not None),
        frozenset(identity for identity, person in found.items() if person is None),
    )


async def _pack(unit: PostsUnit, post: Post | None, command: ask.Command, school: SchoolId) -> Pack:
    if post is None or isinstance(command, ask.Revise):
        return await unit.packs.current(school)
    return await unit.packs.pinned(post.revision.pack)


def _needs(post: Post | None, command: ask.Command, content: Content | None, pack: Pack) -> Needs:
    if post is not None and not isinstance(command, ask.Revise):
        return post.revision.needs
    settings = pack.settings
    pictures = bool(content and content.attachments)
    return Needs(
        seconds=settings.seconds,
        head=settings.headteacher_approves is HeadteacherApproves.ALWAYS
        or (settings.headteacher_approves is HeadteacherApproves.IMAGES and pictures),
        head_counts=settings.headteacher_counts_as_second,
    )


def _with_head(facts: Facts, pack: Pack) -> Needs:
    """The head's yes as well where one of today's findings asks for it (AUR-INFL-1).

    What a version needs only ever grows: a later judgement never takes the head's yes away.
    """
    asking = {rule.id for rule in pack.rules if rule.headteacher}
    found = any(finding.rule in asking for finding in facts.findings)
    return replace(facts.needs, head=facts.needs.head or found)


def _is_judged(post: Post | None, command: ask.Command) -> bool:
    """Whether the decision looks at the findings: judging reads the whole roll."""
    match command:
        case ask.Propose() | ask.Revise() | ask.Judge() | ask.Release() | ask.Recheck():
            return True
        case ask.Stop():
            return post is not None and post.state is State.RELEASED
        case _:
            return False
