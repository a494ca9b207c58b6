"""What has happened at Oakfield and Millbrook before you sit down: a month, told in order.

Every step goes through the same door as a person's click, at its own time, so that the demo shows
nothing that couldn't have happened. Nobody in it exists.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from moderation.checks.model import NotAPupil, Pictured, Who
from moderation.kernel import AccountId, Asked, BlobId, Identity, Platform, PostId, Refused, Timer
from moderation.ports import Ids
from moderation.posts import commands as ask
from moderation.posts.model import Attachment, Content
from moderation.service import Service, Units


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from moderation.service import Command


class SetClock(Protocol):
    """A clock that the story moves."""

    def now(self) -> datetime: ...

    def set(self, moment: datetime) -> None: ...


class StoryBroken(Exception):
    """A step was refused: the demo's data no longer fit the rules. Names codes, never words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the story is played with. ``settle`` lets everything that is due happen."""

    service: Service
    units: Units
    clock: SetClock
    ids: Ids
    now: datetime
    """Local time at which the story ends."""
    add_picture: Callable[[bytes], Awaitable[BlobId]]
    settle: Callable[[], Awaitable[None]]
    look: Callable[[], Awaitable[None]]
    """The morning's look at every account."""
    all_read: Callable[[], Awaitable[None]]
    """Everybody has read their messages by now."""

    async def at(self, days_ago: int, hour: int, minute: int = 0) -> None:
        """Move to a local time of a day in the past."""
        day = self.now - timedelta(days=days_ago)
        self.clock.set(day.replace(hour=hour, minute=minute, second=0, microsecond=0))
        await self.settle()

    async def wait(self, minutes: int) -> None:
        """Let minutes pass: nobody reads, decides and posts in one."""
        self.clock.set(self.clock.now() + timedelta(minutes=minutes))
        await self.settle()

    async def do(self, person: str, command: Command) -> Post:
        """One click. Raises :class:`StoryBroken` when it is refused."""
        by = Identity(Platform.SANDBOX, person)
        return await self._done(command, Asked(by=by, key=self.ids.new(), at=self.clock.now()))

    async def release(self, post: PostId) -> Post:
        """What the clock does when a post is due."""
        asked = Asked(by=Timer(), key=self.ids.new(), at=self.clock.now())
        return await self._done(ask.Release(post=post), asked)

    async def _done(self, command: Command, asked: Asked) -> Post:
        outcome = await self.service.do(command, asked)
        if isinstance(outcome, Refused):
            raise StoryBroken(f"{type(command).__name__}: {', '.join(sorted(outcome.codes))}")
        await self.settle()
        return outcome.state  # type: ignore[return-value]  # a post's command answers a post

    async def propose(
        self,
        person: str,
        account: str,
        text: str,
        *,
        picture: tuple[str, str] | None = None,
        who: Who = Who.NOBODY,
        not_before: datetime | None = None,
    ) -> PostId:
        """A proposal with at most one of the demo's pictures: (file name, description)."""
        post = PostId(self.ids.new())
        attachments: tuple[Attachment, ...] = ()
        if picture is not None:
            name, alt = picture
            content = files(__package__).joinpath("pictures", name).read_bytes()
            attachments = (
                Attachment(blob=await self.add_picture(content), alt=alt, file_name=name),
            )
        said = Content(
            text=text,
            accounts=(AccountId(account),),
            attachments=attachments,
            pictured=Pictured(who) if attachments else Pictured(),
            not_before=not_before,
        )
        await self.do(person, ask.Propose(post=post, content=said))
        return post

    async def approve(self, person: str, post: PostId) -> Post:
        """A yes, with every flag confirmed; a name that may be a pupil's is a visitor's."""
        stored = await self._stored(post)
        flags = frozenset(flag.key for flag in stored.flags)
        number = stored.revision.number
        whose = frozenset((flag.key, NotAPupil.VISITOR) for flag in stored.flags if flag.asks_whose)
        said = ask.Approve(post=post, seen=number, confirmed=flags, whose=whose)
        return await self.do(person, said)

    async def posted(self, person: str, post: PostId, url: str = "") -> None:
        """A poster says that it is out, on every account."""
        stored = await self._stored(post)
        for account in stored.content.accounts:
            number = stored.revision.number
            command = ask.MarkPosted(post=post, seen=number, account=account, url=url)
            await self.do(person, command)

    async def _stored(self, post: PostId) -> Post:
        async with self.units.read() as unit:
            found = await unit.posts.get(post)
        if found is None:
            raise StoryBroken("a post has gone")
        return found[0]


async def tell(stage: Stage) -> None:
    """The month. The last step ends a little before now."""
    await _last_term(stage)
    await _last_weeks(stage)
    await _this_week(stage)
    await _today(stage)


async def _whole(
    stage: Stage, author: str, second: str, poster: str, account: str, text: str
) -> None:
    """A post from the first word to the address where it stands."""
    post = await stage.propose(author, account, text)
    await stage.wait(37)
    await stage.approve(second, post)
    await stage.release(post)
    await stage.wait(22)
    await stage.posted(poster, post, f"https://social.example/{account}/{post.lower()[-6:]}")


async def _last_term(stage: Stage) -> None:
    await stage.at(62, 15, 40)
    text = "Our cross-country course is marked out again. Trainers on, whatever the weather."
    await _whole(stage, "lund", "okafor", "lund", "oakfield-x", text)


async def _last_weeks(stage: Stage) -> None:
    await stage.at(19, 16, 5)
    text = "The choir has begun to rehearse for the winter concert. Listen out near the hall."
    await _whole(stage, "bell", "lund", "lund", "oakfield-youtube", text)
    await stage.at(12, 10, 30)
    text = "Our two schools are looking for a lunchtime supervisor. The office has the details."
    await _whole(stage, "quinn", "price", "quinn", "fernhill-linkedin", text)
    await stage.at(9, 14, 15)
    text = "The infants have planted forty crocus bulbs by the gate. Look out for purple in spring."
    await _whole(stage, "marsh", "price", "marsh", "millbrook-facebook", text)


async def _this_week(stage: Stage) -> None:
    await stage.at(4, 15, 20)
    text = (
        "The book fair raised enough for sixty new library books. Thank you for every one of them."
    )
    await _whole(stage, "reed", "lund", "bell", "oakfield-facebook", text)
    await stage.at(3, 9, 45)
    text = "Our raised beds are ready for winter. Lavender, leeks and one very brave sunflower."
    picture = ("garden.jpg", "Four wooden beds full of flowers in front of a red-brick school.")
    post = await stage.propose("reed", "oakfield-instagram", text, picture=picture)
    await stage.wait(51)
    await stage.approve("ade", post)
    await stage.release(post)
    await stage.wait(9)
    await stage.posted("reed", post, "https://social.example/oakfield-instagram/beds")
    await stage.at(1, 7)
    await stage.look()
    await stage.at(1, 11, 0)
    text = "Coats, hats and gloves, please: the forest walk goes ahead on Thursday, rain or shine."
    post = await stage.propose("reed", "oakfield-facebook", text)
    reason = "Please say which classes are walking, so that the others don't pack wellingtons."
    await stage.wait(42)
    await stage.do("okafor", ask.RequestChanges(post=post, seen=1, reason=reason))
    await stage.at(1, 16, 30)
    text = "Non-uniform day is on the last Friday of term. Bring a tin for the food bank."
    post = await stage.propose("reed", "oakfield-facebook", text)
    await stage.wait(18)
    await stage.approve("okafor", post)
    await stage.release(post)


async def _today(stage: Stage) -> None:
    now = stage.now
    stage.clock.set(now - timedelta(hours=3, minutes=5))
    await stage.settle()
    await stage.all_read()
    await stage.wait(5)
    text = "Infant sports morning starts at half past nine on Friday. Chairs are by the fence."
    await stage.propose("marsh", "millbrook-facebook", text)
    stage.clock.set(now - timedelta(hours=2))
    await stage.settle()
    text = "Year 6 have built bridges out of paper. The strongest one held eleven dictionaries."
    await stage.propose("reed", "oakfield-facebook", text)
    stage.clock.set(now - timedelta(minutes=50))
    await stage.settle()
    text = "Tickets for the winter concert can be had here: https://tickets.example/oakfield"
    await stage.propose("bell", "oakfield-facebook", text)
    stage.clock.set(now - timedelta(minutes=25))
    await stage.settle()
    text = "Well done Amelia Khan, who read to the whole of Year 1 this morning!"
    await stage.propose("bell", "oakfield-facebook", text)
