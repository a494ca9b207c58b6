"""A door with a small invented school behind it, so that the page can be run and looked at alone.

It knows just enough of the rule to play the walk: a pupil's name and a missing permission stop a
post, authors can't approve, one other person's yes makes it ready. Nothing is stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

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
    Target,
    Uploaded,
)
from adapters.intents import Command
from adapters.playing import Video
from adapters.sandbox.chat import SandboxChat, private_id
from adapters.sandbox.door import Place, Seat
from adapters.slash import Verb
from bot.door.forms import form_in
from moderation.incidents.commands import ReportConcern
from moderation.incidents.present import EMERGENCY
from moderation.kernel import (
    AccountId,
    BlobId,
    Identity,
    PersonId,
    Platform,
    PostId,
    PupilKey,
    SubjectRef,
)
from moderation.ports import Conversation
from moderation.posts import commands as ask
from moderation.posts.model import Content, State
from moderation.views import Button, Card, Facts, Form, Intent, Note, Quote, Text, Tone
from tests.fakes import door_cards as draw
from tests.fakes.door_school import (
    ACCOUNTS,
    LATE,
    NAMES,
    PEOPLE,
    PUPILS,
    FakePost,
    approvers,
    findings,
    marks,
)


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from moderation.incidents.model import IncidentId


@dataclass
class FakeDoor:
    """Cards are shown at once through ``chat``; a real one goes through the relay."""

    chat: SandboxChat
    posts: dict[str, FakePost] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    videos: dict[str, bytes] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    refs: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[tuple[Command, str, str]] = field(default_factory=list)
    reports: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Who wrote each, and what."""
    held: list[tuple[Verb, str, str]] = field(default_factory=list)
    """Who paused all posts, started them, is away or back, and the words."""
    jotted: list[tuple[str, str]] = field(default_factory=list)
    """Who sent a message, and its words."""
    broken: bool = False
    wrong: str = ""
    """The field that a refusal is about."""

    # -- the page's questions ------------------------------------------------------------------

    async def seats(self) -> tuple[Seat, ...]:
        return tuple(
            Seat(
                person=PersonId(who),
                identity=Identity(Platform.SANDBOX, who),
                name=name,
                roles=roles,
                school=school,
                waiting=len(self._queue(who)),
            )
            for who, name, roles, school in PEOPLE
        )

    async def do(self, command: Command, *, by: Identity, key: str) -> Answer:
        if self.broken:
            message = "Amelia is in this message and must not be logged"
            raise RuntimeError(message)
        self.asked.append((command, by.id, key))
        if key in self.keys:
            post = self.posts.get(getattr(command, "post", ""))
            return Again(
                sentences=("You have said that already. Nothing changed.",),
                card=draw.card(post, private=True) if post else None,
                stopped=post is not None and post.state is State.DRAFT,
            )
        if isinstance(command, ReportConcern):
            return self._reported(command, by.id)
        answer = await self._decide(command, by.id)
        if isinstance(answer, Done):
            self.keys.add(key)
        return replace(answer, field=self.wrong) if isinstance(answer, Declined) else answer

    async def greet(self, email: str, *, by: Identity, name: str = "") -> Greeting:
        del email, name
        return Greeting(known=any(by.id == who for who, *_ in PEOPLE))

    async def form(self, intent: Intent, *, by: Identity) -> Form | Declined:
        form = form_in(await self.card(PostId(intent.id), by=by), intent)
        return form or Declined(sentences=("This isn't possible any more. Nothing changed.",))

    async def card(self, post: PostId, *, by: Identity) -> Card | None:
        found = self.posts.get(post)
        return draw.card(found, private=by.id in found.authors) if found else None

    async def history(self, post: PostId, *, by: Identity) -> Card | None:
        found = self.posts.get(post)
        if found is None or by.id == "diaz":
            return None
        return replace(
            draw.card(found), parts=(Note(lines=tuple(found.history)),), buttons=(), more=()
        )

    async def draft(self, post: PostId, *, by: Identity) -> Draft | None:
        found = self.posts.get(post)
        if found is None or by.id not in {*found.authors, *approvers(found)}:
            return None
        return Draft(post=found.id, seen=found.number, content=found.content)

    async def declared(self, post: PostId, *, by: Identity) -> tuple[PupilChoice, ...]:
        found = await self.draft(post, by=by)
        inside = found.content.pictured.pupils if found is not None else ()
        return tuple(
            PupilChoice(pupil=PupilKey(key), label=label)
            for key, _, label, _ in PUPILS
            if key in inside
        )

    async def drafts(self, *, by: Identity) -> tuple[Card, ...]:
        mine = {State.DRAFT, State.CHANGES_REQUESTED, State.REJECTED}
        return tuple(
            draw.card(post, private=True)
            for post in self.posts.values()
            if by.id in post.authors and post.state in mine
        )

    async def who_is_in(self, post: PostId, *, by: Identity) -> Card | None:
        found = self.posts.get(post)
        if found is None or by.id not in approvers(found):
            return None
        inside = found.content.pictured.pupils
        rows = tuple((name, label) for key, name, label, _ in PUPILS if key in inside)
        return replace(draw.plain("post", "Who is in the picture", "Noted"), parts=(Facts(rows),))

    async def queue(self, *, by: Identity, after: str = "") -> Queued:
        waiting = self._queue(by.id)
        ids = [post.id for post in waiting]
        place = (ids.index(PostId(after)) + 1) % len(ids) if after in ids else 0
        if not waiting:
            return Queued(draw.plain("queue", "My queue", "Nothing waiting for you"), 0)
        card = draw.card(waiting[place])
        first = replace(card.buttons[0], label="Approve and next")
        later = Button(
            label="Leave it for later",
            intent=Intent(verb="queue.next", id=ids[place], arg=ids[place]),
        )
        more = (later, *card.more)
        return Queued(replace(card, buttons=(first, *card.buttons[1:]), more=more), len(waiting))

    async def jot(self, said: Jotted, *, by: Identity, key: str) -> Answer:
        """Kept as a message; nothing is made of it here."""
        if key in self.keys:
            return Again(sentences=("You have done this already. Nothing changed.",))
        self.keys.add(key)
        self.jotted.append((by.id, said.words))
        return Done(sentences=())

    async def overview(self, *, by: Identity, after: str = "") -> Overview:
        queued = await self.queue(by=by, after=after)
        mine = [post for post in self.posts.values() if by.id in post.authors]
        return Overview(
            queue=queued,
            mine=draw.plain("drafts", "My drafts", f"{len(mine)} posts"),
            accounts=draw.plain("channels", "My accounts", "In good order"),
        )

    async def targets(self, *, by: Identity) -> tuple[Target, ...]:
        return tuple(
            Target(
                account=AccountId(account),
                label=f"{platform} · {page}",
                page=page,
                platform=platform.lower(),
                limit=limit,
                place=f"channel:{account}",
            )
            for account, platform, page, limit, people in ACCOUNTS
            if by.id in people
        )

    async def places(self, *, by: Identity) -> tuple[Place, ...]:
        school = next(school for who, _, _, school in PEOPLE if who == by.id)
        stem = "millbrook" if school.startswith("Millbrook") else "oakfield"
        return tuple(
            Place(conversation=f"channel:{account}", label=f"{platform} · {page}")
            for account, platform, page, _, _ in ACCOUNTS
            if account.startswith(stem) or school.startswith("Fernhill")
        )

    async def classes(
        self, accounts: Sequence[AccountId], *, by: Identity
    ) -> tuple[FormChoice, ...]:
        del by
        if not any(account.startswith("oakfield") for account in accounts):
            return ()
        return (
            FormChoice(key="4B", label="Class 4B, 4 pupils"),
            FormChoice(key="5A", label="Class 5A, 2 pupils"),
            FormChoice(key="1A", label="Class 1A, 2 pupils"),
        )

    async def pupils(
        self, accounts: Sequence[AccountId], *, by: Identity, words: str = "", form: str = ""
    ) -> tuple[PupilChoice, ...] | Declined:
        del accounts
        if by.id == "diaz":
            return Declined(sentences=("Supply staff can choose from their own classes only.",))
        return tuple(
            PupilChoice(pupil=PupilKey(key), label=label)
            for key, name, label, where in PUPILS
            if (form and where == form) or (words and name.lower().startswith(words.lower()))
        )

    async def colleagues(
        self,
        accounts: Sequence[AccountId],
        *,
        by: Identity,
        words: str = "",
        known: Collection[PersonId] = (),
    ) -> tuple[ColleagueChoice, ...]:
        del accounts, by
        return tuple(
            ColleagueChoice(person=PersonId(who), label=f"{name} · staff")
            for who, name in NAMES.items()
            if who in known or (words and name.lower().startswith(words.lower()))
        )

    async def who_am_i(self, *, by: Identity) -> Card:
        return draw.plain("person", NAMES[by.id], "Here today")

    async def photos(self, words: str, *, by: Identity) -> Reading | Declined:
        found = [label for _, _, label, where in PUPILS if where.casefold() == words.casefold()]
        if not found or by.id == "diaz":
            return Declined(sentences=("I don't know that class.",))
        rows = Facts(tuple((label, "refused") for label in found))
        listed = replace(draw.plain("photos", f"Photo permissions: {words}", ""), parts=(rows,))
        return Reading(cards=(listed,), until=datetime(2100, 1, 1, tzinfo=UTC))

    async def channels(self, words: str, *, by: Identity) -> tuple[Card, ...]:
        del by
        found = [row for row in ACCOUNTS if words.lower() in f"{row[0]} {row[1]} {row[2]}".lower()]
        if not found:
            return (draw.plain("list", "No account like that", "Nothing found"),)
        return tuple(
            replace(
                draw.plain("account", f"{platform} · {page}", "In use"),
                subject=SubjectRef("account", account),
                tone=Tone.DONE,
                parts=(
                    Facts(
                        (
                            ("Address", f"https://{platform.lower()}.example/{account}"),
                            ("Moderators", ", ".join(NAMES[who] for who in people[1:3])),
                            ("Last post", "today 09:10"),
                        )
                    ),
                ),
            )
            for account, platform, page, _, people in found
        )

    async def turn(self, listing: str, page: str, *, by: Identity) -> tuple[Card, ...]:
        return (draw.plain("list", f"Page {page} of {listing}", by.id),)

    async def use_here(
        self, words: str, conversation: Conversation, *, by: Identity, key: str
    ) -> Answer:
        del words, conversation, by, key
        return Declined(sentences=("The page's conversations stay where they are.",))

    async def policies(self, *, by: Identity) -> tuple[Card, ...]:
        return (draw.plain("policy", "The policy", by.id),)

    async def names(self, words: str, *, by: Identity, key: str) -> Answer | tuple[Card, ...]:
        del key
        if not words:
            return (draw.plain("name", "Names that aren't pupils'", by.id),)
        self.held.append((Verb.NAMES, words, by.id))
        return Done(sentences=("Noted.",))

    async def absence(self, verb: Verb, words: str, *, by: Identity, key: str) -> Answer:
        del key
        self.held.append((verb, words, by.id))
        return Done(sentences=("Noted.",))

    async def report_form(self, words: str, *, by: Identity) -> Card:
        del by
        asks = Form(
            title="Report a concern",
            fields=(Text(name="words", label="What worries you?", value=words),),
            submit="Send it privately",
            note=EMERGENCY,
        )
        send = Button(label="Write it", intent=Intent(verb="report.send", id="01REPORT"), form=asks)
        return replace(draw.plain("incident", "Report a concern", EMERGENCY), buttons=(send,))

    async def report_words(self, incident: IncidentId, *, by: Identity) -> Card | Declined:
        report = self.reports.get(incident)
        if report is None or by.id != report[0]:
            return Declined(sentences=("I can't find that report. Nothing changed.", EMERGENCY))
        return replace(
            draw.plain("incident", "What was reported", ""), parts=(Quote(text=report[1]),)
        )

    async def hold(
        self, verb: Verb, words: str, *, by: Identity, key: str
    ) -> Answer | tuple[Card, ...]:
        del key
        if verb is Verb.PAUSE and not words:
            return (draw.plain("hold", "All posts", "Posts go out as usual"),)
        self.held.append((verb, words, by.id))
        return Done(sentences=("Posts are paused.",))

    async def upload(self, content: bytes, *, file_name: str, by: Identity) -> Uploaded | Declined:
        del by
        if content[:3] != b"\xff\xd8\xff" and content[:4] != b"\x89PNG":
            return Declined(sentences=(f"{file_name} is no picture that I can read.",))
        blob = BlobId("sha256:" + hashlib.sha256(content).hexdigest())
        self.blobs[blob] = content
        return Uploaded(blob, "Where it was taken has been removed from the picture.")

    async def upload_video(
        self, content: AsyncIterator[bytes], *, by: Identity
    ) -> Uploaded | Declined:
        del by
        whole = b"".join([piece async for piece in content])
        if b"mdat" not in whole:
            return Declined(sentences=("This video is damaged.",))
        blob = BlobId("sha256:" + hashlib.sha256(whole).hexdigest())
        self.videos[blob] = whole
        return Uploaded(blob, "A video of 0:04.")

    async def video(self, blob: BlobId, *, by: Identity) -> Video | None:
        del by
        whole = self.videos.get(blob)
        if whole is None:
            return None

        async def read(start: int, end: int) -> AsyncIterator[bytes]:
            yield whole[start:end]

        return Video("video/mp4", len(whole), read)

    async def picture(self, blob: BlobId, *, by: Identity) -> bytes | None:
        del by
        return self.blobs.get(blob)

    async def preview(self, content: Content, *, by: Identity) -> Judgement:
        del by
        lines = tuple(findings(content))
        if not lines:
            return Judgement()
        return Judgement(marks=marks(content), findings=(draw.told(lines),))

    # -- a little of the rule ------------------------------------------------------------------

    async def _decide(self, command: Command, by: str) -> Answer:
        if isinstance(command, ask.Propose | ask.Revise):
            return await self._write(command, by)
        post = self.posts.get(getattr(command, "post", ""))
        if post is None:
            return Declined(sentences=("There is no such post. Nothing changed.",))
        if hasattr(command, "seen") and command.seen != post.number:
            return Declined(sentences=("The words have changed since. Please read them again.",))
        match command:
            case ask.Approve() | ask.RequestChanges() | ask.Reject() if by in post.authors:
                asked = " and ".join(NAMES[who] for who in approvers(post))
                return Declined(
                    sentences=(
                        "You wrote this, so somebody else needs to say yes.",
                        f"{asked} have been asked.",
                    )
                )
            case ask.Approve() | ask.RequestChanges() | ask.Reject() if by not in approvers(post):
                return Declined(sentences=("Only this page's moderators can approve.",))
            case ask.Approve() if post.state is not State.IN_REVIEW:
                return Declined(sentences=(LATE,))
            case ask.Approve():
                post.state, post.approved_by = State.RELEASED, by
                said = "Approved. The posters have it now."
            case ask.RequestChanges(reason=reason):
                post.state, said = State.CHANGES_REQUESTED, f"Sent back: {reason}"
            case ask.Reject(reason=reason):
                post.state, said = State.REJECTED, f"Rejected: {reason}"
            case ask.Withdraw():
                post.state, said = State.WITHDRAWN, "Your draft is cancelled."
            case ask.MarkPosted():
                post.state, said = State.PUBLISHED, "Thank you. Marked as posted."
            case _:
                said = "The headteacher has been asked."
        post.history.append(f"{said} — {NAMES[by]}, today 15:20")
        await self.show(post)
        return Done(sentences=(said,), card=draw.card(post))

    def _reported(self, command: ReportConcern, by: str) -> Answer:
        self.reports[command.incident] = (by, command.concern.words)
        return Done(
            sentences=("Thank you. This went privately to Ms Novak.", EMERGENCY),
            card=draw.plain("incident", "Your report", "Waiting for Ms Novak"),
        )

    async def _write(self, command: ask.Propose | ask.Revise, by: str) -> Answer:
        content = command.content
        if not content.text.strip():
            return Declined(sentences=("There are no words yet. Please write some.",))
        known = self.posts.get(command.post)
        if isinstance(command, ask.Propose) and known is not None:
            there = draw.card(known, private=True) if by in known.authors else None
            return Declined(sentences=("That post is there already.",), card=there)
        if isinstance(command, ask.Revise) and (known is None or known.number != command.seen):
            return Declined(sentences=("The words have changed since. Please open it again.",))
        post = known or FakePost(command.post, content, {by})
        if known:
            post.number += 1
            post.content = content
            post.authors.add(by)
        stopped = bool(tuple(findings(content)))
        post.state = State.DRAFT if stopped else State.IN_REVIEW
        post.history.append(f"Version {post.number} by {NAMES[by]}, today 15:20")
        self.posts[post.id] = post
        await self.show(post)
        if stopped:
            return Done(
                sentences=("This can't go out yet. Please look at the marked words.",),
                card=draw.card(post, private=True),
                stopped=True,
            )
        asked = " and ".join(NAMES[who] for who in approvers(post))
        return Done(sentences=(f"Thank you. {asked} have been asked.",), card=draw.card(post))

    def _queue(self, who: str) -> list[FakePost]:
        return [
            post
            for post in self.posts.values()
            if post.state is State.IN_REVIEW and who in approvers(post)
        ]

    # -- cards ---------------------------------------------------------------------------------

    async def show(self, post: FakePost) -> None:
        """Put the newest card wherever it belongs."""
        places = [private_id(PersonId(who)) for who in sorted(post.authors)]
        if post.state is not State.DRAFT:
            places.append(f"channel:{post.account}")
        for place in places:
            to = Conversation(Platform.SANDBOX, place)
            card = draw.card(post, private=place.startswith("person:"))
            ref = self.refs.get((post.id, place))
            if ref is None:
                delivered = await self.chat.post(to, card, post.id)
                self.refs[post.id, place] = getattr(delivered, "ref", "")
            else:
                await self.chat.update(to, ref, card)
        if post.state is State.RELEASED:
            poster = Conversation(Platform.SANDBOX, "person:reed")
            await self.chat.post(poster, draw.ready(post), f"{post.id}:ready:{post.number}")
