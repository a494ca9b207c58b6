"""The door that each chat platform goes through: one service, one set of questions and words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from adapters import intents
from adapters.door import (
    Again,
    Answer,
    ColleagueChoice,
    Declined,
    Done,
    Draft,
    FormChoice,
    Greeting,
    Jotted,
    Judgement,
    Overview,
    PupilChoice,
    Queued,
    Reading,
    Stop,
    Target,
    Uploaded,
)
from adapters.payloads import BadPayload
from adapters.sentences import MAY_NOT_PROPOSE
from bot.door.absences import absence_said
from bot.door.answering import (
    hold_answered,
    import_answered,
    link_answered,
    name_answered,
    policy_answered,
)
from bot.door.forms import GONE, field_of, form_in, unfilled
from bot.door.holds import hold_meant
from bot.door.homes import home_chosen
from bot.door.jottings import Jottings
from bot.door.names import names_said
from bot.door.preview import Preview
from bot.door.register import accounts_found, page_turned
from bot.door.reports import Reports
from bot.door.roll import Roll
from bot.pictures import Pictures
from moderation.absences.model import StatementId
from moderation.acceptances import commands as acceptances, present as policy
from moderation.acceptances.queries import MyPolicies
from moderation.accounts import present as register
from moderation.accounts.queries import MyAccounts
from moderation.holds import commands as holds, present as pausing
from moderation.holds.queries import HoldCard
from moderation.imports import commands as imports
from moderation.incidents import commands as incidents
from moderation.jottings import commands as jottings, present as drafted
from moderation.keeping import commands as keeping, present as keeps
from moderation.keeping.model import NameId
from moderation.keeping.queries import KeptHere, NameCard
from moderation.kernel import Asked, Identity, PostId, Refused, Repeated
from moderation.links import commands as links, present as knowing
from moderation.links.commands import RequestLink
from moderation.links.queries import FirstSight
from moderation.people import present as staff
from moderation.people.queries import PhotoPermissions, WhoAmI
from moderation.ports import BlobStore, Clock, Ids, Unusable
from moderation.posts import commands as posts, present
from moderation.posts.model import State
from moderation.posts.queries import (
    History,
    Mine,
    PostCard,
    Queue,
    Targets,
    WhoIsIn,
    may_change,
    why_not,
)
from moderation.posts.refusals import Refusal
from moderation.service import Outcome, Service
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from adapters.intents import Command
    from adapters.slash import Verb
    from moderation.absences import commands as absences
    from moderation.incidents.model import IncidentId
    from moderation.kernel import AccountId, BlobId, PersonId
    from moderation.ports import Conversation, Inspection
    from moderation.posts.model import Content
    from moderation.service import Query
    from moderation.views import Card, Form, Intent

R = TypeVar("R")

Settled = (
    posts.Command
    | imports.Command
    | incidents.Command
    | holds.Command
    | links.Command
    | acceptances.AcceptPolicy
    | keeping.Command
)
"""Commands that the service settles at once; a draft's may take two steps."""
MUST_ACCEPT = Refusal.MUST_ACCEPT.value
DRAFTS = frozenset({State.DRAFT, State.CHANGES_REQUESTED, State.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDoor:
    """Implements :class:`adapters.door.Door`. ``changed`` wakes the relay."""

    service: Service
    units: Units
    pictures: Pictures
    blobs: BlobStore
    clock: Clock
    changed: Callable[[], None]
    ids: Ids

    @property
    def reports(self) -> Reports:
        return Reports(service=self.service, ids=self.ids)

    # -- doing -----------------------------------------------------------------------------------

    def _jottings(self, by: Identity) -> Jottings:
        return Jottings(
            service=self.service,
            ids=self.ids,
            by=by,
            asked=lambda key: self._asked(by, key),
            propose=lambda command, key: self.do(command, by=by, key=key),
        )

    async def jot(self, said: Jotted, *, by: Identity, key: str) -> Answer:
        answer = await self._jottings(by).heard(said, key)
        self.changed()
        return answer

    async def do(self, command: Command, *, by: Identity, key: str) -> Answer:
        if isinstance(command, jottings.Pressed):
            answer = await self._jottings(by).do(command, key)
            self.changed()
            return answer
        outcome = await self.service.do(command, self._asked(by, key))
        self.changed()
        answer = await self._answered(command, outcome, by)
        if isinstance(outcome, Refused) and isinstance(answer, Declined):
            return replace(answer, field=field_of(command, outcome.reasons))
        return answer

    async def _answered(self, command: Settled, outcome: Outcome, by: Identity) -> Answer:
        def ask(query: Query[R], /) -> Awaitable[R]:
            return self._ask(query, by)

        if isinstance(command, imports.Command):
            return await import_answered(command, outcome, ask)
        if isinstance(command, incidents.Command):
            return await self.reports.answered(command, outcome, self._asked(by, ""))
        if isinstance(command, holds.Command):
            return await hold_answered(command, outcome, ask)
        if isinstance(command, links.Command):
            return await link_answered(command, outcome, ask)
        if isinstance(command, keeping.Command):
            return await name_answered(command, outcome, ask)
        if isinstance(command, acceptances.AcceptPolicy):
            return await policy_answered(outcome, ask)
        if isinstance(outcome, Refused):
            view = await self._ask(why_not(command), by)
            sentences = present.refusal(outcome.reasons, view)
            return Declined(
                sentences=sentences,
                card=await self.card(command.post, by=by),
                first=await self._waiting(by) if MUST_ACCEPT in outcome.codes else (),
            )
        page = await self._ask(PostCard(post=command.post), by)
        shown = present.card(page.post, page.view) if page is not None else None
        stopped = page is not None and page.post.state is State.DRAFT and bool(page.post.blocks)
        if isinstance(outcome, Repeated):
            return Again(sentences=(present.AGAIN,), card=shown, stopped=stopped)
        said = present.done(command, page.post, page.view) if page is not None else ()
        return Done(sentences=said, card=shown, stopped=stopped)

    async def form(self, intent: Intent, *, by: Identity) -> Form | Declined:
        """As the card asks that this person would be shown now."""
        command = intents.command_for(intent, {})
        if isinstance(command, BadPayload):
            return Declined(sentences=(command.sentence,))
        for card in await self._asking(command, by):
            if (form := form_in(card, intent)) is not None:
                return form
        if not isinstance(command, Settled):
            return Declined(sentences=(GONE,))
        # Said before anything is typed: not that a form is empty, but what no form could change.
        outcome = await self.service.weigh(command, self._asked(by, f"weigh:{self.ids.new()}"))
        if isinstance(outcome, Refused) and (left := unfilled(command, outcome.reasons)):
            answer = await self._answered(command, Refused(left), by)
            return Declined(sentences=answer.sentences, card=answer.card)
        return Declined(sentences=(GONE,))

    async def _asking(self, command: Command | intents.Query, by: Identity) -> tuple[Card, ...]:
        """The cards on which this button may stand."""
        if isinstance(command, holds.Command):
            held = await self._ask(HoldCard(school=command.school), by)
            return (pausing.card(held, offer=True),) if held is not None else ()
        if isinstance(command, keeping.AskName):
            pages = await self._ask(KeptHere(), by)
            return tuple(keeps.place(it, command.id) for it in pages if it.place == command.school)
        if isinstance(command, keeping.Command):
            named = await self._ask(NameCard(id=command.id), by)
            return (keeps.card(named),) if named is not None else ()
        if isinstance(command, jottings.Pressed):
            found = await self._jottings(by).page(command.jotting)
            return (drafted.card(found),) if found is not None else ()
        if isinstance(command, incidents.ReportConcern):
            return (await self.reports.form("", self._asked(by, ""), command.incident),)
        if not isinstance(command, posts.Command):
            return ()
        page = await self._ask(PostCard(post=command.post), by)
        if page is None:
            return ()
        return present.card(page.post, page.view), present.ready(page.post, page.view)

    async def hold(
        self, verb: Verb, words: str, *, by: Identity, key: str
    ) -> Answer | tuple[Card, ...]:
        meant = await hold_meant(verb, words, ask=lambda query: self._ask(query, by))
        if isinstance(meant, tuple):
            return meant
        return await self.do(meant, by=by, key=key)

    async def use_here(
        self, words: str, conversation: Conversation, *, by: Identity, key: str
    ) -> Answer:
        return await home_chosen(
            words,
            conversation,
            ask=lambda query: self._ask(query, by),
            do=lambda command: self.service.do(command, self._asked(by, key)),
        )

    async def policies(self, *, by: Identity) -> tuple[Card, ...]:
        found = await self._ask(MyPolicies(), by)
        return tuple(map(policy.card, found)) or (policy.nothing(),)

    async def _waiting(self, by: Identity) -> tuple[Card, ...]:
        return tuple(map(policy.card, await self._ask(MyPolicies(waiting=True), by)))

    async def absence(self, verb: Verb, words: str, *, by: Identity, key: str) -> Answer:
        return await absence_said(
            verb,
            words,
            today=self.clock.now().astimezone(self.service.schools.zone).date(),
            statement=StatementId(self.ids.new()),
            ask=lambda query: self._ask(query, by),
            do=lambda command: self._done(command, by, key),
        )

    async def _done(self, command: absences.Command, by: Identity, key: str) -> Outcome:
        outcome = await self.service.do(command, self._asked(by, key))
        self.changed()
        return outcome

    async def names(self, words: str, *, by: Identity, key: str) -> Answer | tuple[Card, ...]:
        return await names_said(
            words,
            new=lambda: NameId(self.ids.new()),
            ask=lambda query: self._ask(query, by),
            do=lambda command: self.do(command, by=by, key=key),
        )

    async def report_form(self, words: str, *, by: Identity) -> Card:
        return await self.reports.form(words, self._asked(by, ""))

    async def report_words(self, incident: IncidentId, *, by: Identity) -> Card | Declined:
        # Every reading is one of its own, so every reading is on record.
        return await self.reports.words(incident, self._asked(by, f"read:{self.reports.ids.new()}"))

    async def greet(self, email: str, *, by: Identity, name: str = "") -> Greeting:
        found = await self._ask(FirstSight(email=email), by)
        if found.offered:
            command = RequestLink(identity=by, email=email, called=name)
            outcome = await self.service.do(command, self._asked(by, self.ids.new()))
            self.changed()
            if isinstance(outcome, Refused):
                # Somebody was faster, or the list has changed: as it stands now.
                found = await self._ask(FirstSight(email=email), by)
        return Greeting(known=found.known, sentences=knowing.introduced(found))

    async def upload(self, content: bytes, *, file_name: str, by: Identity) -> Uploaded | Declined:
        del file_name  # the name stays with the form that it came by
        if not await self.may_upload(by):
            return Declined(sentences=(MAY_NOT_PROPOSE,))
        blob, looking = await self.pictures.arrive(content)
        return uploaded(blob, await looking)

    async def upload_video(
        self, content: AsyncIterator[bytes], *, by: Identity
    ) -> Uploaded | Declined:
        if not await self.may_upload(by):
            return Declined(sentences=(MAY_NOT_PROPOSE,))
        arrived = await self.pictures.arrive_video(content)
        if isinstance(arrived, Unusable):
            return Declined(sentences=(present.unusable(arrived),))
        blob, looking = arrived
        return uploaded(blob, await looking)

    async def may_upload(self, by: Identity) -> bool:
        """Nobody owns bytes, so of whoever could do nothing with them they aren't kept at all."""
        return bool(await self._ask(Targets(), by)) or bool(await self._ask(Mine(limit=1), by))

    # -- posts -----------------------------------------------------------------------------------

    async def card(self, post: PostId, *, by: Identity) -> Card | None:
        page = await self._ask(PostCard(post=post), by)
        return present.card(page.post, page.view) if page is not None else None

    async def history(self, post: PostId, *, by: Identity) -> Card | None:
        page = await self._ask(History(post=post), by)
        return present.history(page.post, page.view) if page is not None else None

    async def who_is_in(self, post: PostId, *, by: Identity) -> Card | None:
        """Who is in the pictures, for whoever decides about them."""
        asked = self._asked(by, f"who:{post}:{self.clock.now().isoformat()}")
        found = await self.service.note(WhoIsIn(post=post), asked)
        return present.who_is_in(found) if found is not None else None

    async def draft(self, post: PostId, *, by: Identity) -> Draft | None:
        page = await self._ask(PostCard(post=post), by)
        if page is None or not may_change(page):
            return None
        found = page.post
        return Draft(
            post=found.id,
            seen=found.revision.number,
            content=found.content,
            videos=frozenset(
                blob for blob, seen in page.view.pictures.items() if seen.film is not None
            ),
        )

    async def declared(self, post: PostId, *, by: Identity) -> tuple[PupilChoice, ...]:
        return await self._roll(by).declared(post)

    async def drafts(self, *, by: Identity) -> tuple[Card, ...]:
        pages = await self._ask(Mine(), by)
        return tuple(
            present.card(page.post, page.view) for page in pages if page.post.state in DRAFTS
        )

    async def queue(self, *, by: Identity, after: str = "") -> Queued:
        found = await self._ask(Queue(after=PostId(after) if after else None), by)
        left = 0 if found.first is None else found.after + 1
        return Queued(present.queue(found), left)

    async def overview(self, *, by: Identity, after: str = "") -> Overview:
        queued = await self.queue(by=by, after=after)
        mine = await self._ask(Mine(), by)
        accounts = await self._ask(MyAccounts(), by)
        empty = not (queued.left or mine or accounts.lines)
        return Overview(
            queue=queued,
            mine=present.drafts(mine),
            accounts=register.my_accounts(accounts),
            empty=empty,
            who=await self.who_am_i(by=by) if empty else None,
            policies=await self._waiting(by),
        )

    async def picture(self, blob: BlobId, *, by: Identity) -> bytes | None:
        """Only the clean rebuild is ever stored under the name that a card shows."""
        del by  # the adapter shows it to the person whose form named the picture
        async with self.units.read() as unit:
            seen = (await unit.inspections.get(frozenset({blob}))).get(blob)
        return await self.blobs.get(blob if seen is None else seen.clean)

    async def preview(self, content: Content, *, by: Identity) -> Judgement:
        found = await self._ask(Preview(self.service.posts.finder, content), by)
        return Judgement(
            marks=found.marks,
            findings=found.groups,
            stops=tuple(Stop(field=field, line=line) for field, line in found.stops),
            without=found.without,
        )

    # -- the register and the roll ---------------------------------------------------------------

    async def targets(self, *, by: Identity) -> tuple[Target, ...]:
        return await self._roll(by).targets()

    async def classes(
        self, accounts: Sequence[AccountId], *, by: Identity
    ) -> tuple[FormChoice, ...]:
        return await self._roll(by).classes(accounts)

    async def pupils(
        self, accounts: Sequence[AccountId], *, by: Identity, words: str = "", form: str = ""
    ) -> tuple[PupilChoice, ...] | Declined:
        return await self._roll(by).pupils(accounts, words, form)

    async def colleagues(
        self,
        accounts: Sequence[AccountId],
        *,
        by: Identity,
        words: str = "",
        known: Collection[PersonId] = (),
    ) -> tuple[ColleagueChoice, ...]:
        return await self._roll(by).colleagues(accounts, words, known)

    async def who_am_i(self, *, by: Identity) -> Card:
        return staff.who_am_i(await self._ask(WhoAmI(), by))

    async def photos(self, words: str, *, by: Identity) -> Reading | Declined:
        # Every reading is one of its own, so every reading is on record.
        asked = self._asked(by, f"photos:{self.ids.new()}")
        found = await self.service.note(PhotoPermissions(words=words), asked)
        if found.until is None:
            return Declined(sentences=staff.no_photos(found))
        return Reading(cards=staff.photos(found), until=found.until)

    async def channels(self, words: str, *, by: Identity) -> tuple[Card, ...]:
        return await accounts_found(words, ask=lambda query: self._ask(query, by))

    async def turn(self, listing: str, page: str, *, by: Identity) -> tuple[Card, ...]:
        return await page_turned(listing, page, ask=lambda query: self._ask(query, by))

    # -- inner -----------------------------------------------------------------------------------

    def _roll(self, by: Identity) -> Roll:
        return Roll(
            service=self.service,
            units=self.units,
            ids=self.ids,
            by=by,
            asked=lambda key: self._asked(by, key),
        )

    def _asked(self, by: Identity, key: str) -> Asked:
        return Asked(by=by, key=f"{by.platform}:{by.id}:{key}", at=self.clock.now())

    async def _ask(self, query: Query[R], by: Identity) -> R:
        return await self.service.ask(query, self._asked(by, ""))


def uploaded(blob: BlobId, seen: Inspection | Unusable) -> Uploaded | Declined:
    """What whoever sent a picture or a video hears of it."""
    if isinstance(seen, Unusable):
        return Declined(sentences=(present.unusable(seen),))
    return Uploaded(blob, present.picture_note(seen))
