"""What a chat platform needs from the rest of Schoolgate, the same for each of them.

Every answer is for one person, with that person's rights at this moment. Sentences and cards come
ready: a platform chooses no word that speaks of a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from moderation.kernel import AccountId, BlobId, Identity, PersonId, PostId, PupilKey
from moderation.ports import Conversation
from moderation.posts.model import Attachment, Content
from moderation.views import Card, FindingLine, Findings, Form, Intent, Mark


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from adapters import slash
    from adapters.intents import Command
    from moderation.incidents.model import IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An account that this person may propose for.

    ``label`` names it in a list, ``page`` is what the network calls it, ``platform`` is lower case.
    ``limit`` counts characters of one post. ``place`` is the conversation its cards are shown in.
    """

    account: AccountId
    label: str
    page: str
    platform: str
    limit: int
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoice:
    """A class of pupils: ``key`` asks for it, ``label`` names it ("Class 4B, 12 pupils")."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilChoice:
    """A pupil as a proposer may see one: "Amelia K. · Y4 · 4B"."""

    pupil: PupilKey
    label: str

    def __repr__(self) -> str:
        return f"PupilChoice({self.pupil})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueChoice:
    """Somebody of the staff as a proposer sees one: "Ngozi Okafor · headteacher"."""

    person: PersonId
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft:
    """A version of a post, to be corrected in the form. ``videos`` are those of its pictures."""

    post: PostId
    seen: int
    content: Content
    videos: frozenset[BlobId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It happened. ``stopped``: the proposed post can't go out yet, its words stay in the form."""

    sentences: tuple[str, ...]
    card: Card | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Nothing changed, and every reason why, ready to read.

    ``field`` names the form's field that all of it is about, where there is one. ``first`` are the
    cards to be answered before it can be asked for again.
    """

    sentences: tuple[str, ...]
    card: Card | None = None
    field: str = ""
    first: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The same was asked before and had its effect then. ``stopped`` as in :class:`Done`."""

    sentences: tuple[str, ...]
    card: Card | None = None
    stopped: bool = False


Answer: TypeAlias = Done | Declined | Again


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture or a video that can be used. ``note``: "where it was taken was removed"."""

    blob: BlobId
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One point that stops a post, and the field it lies in.

    That is ``text``, ``alt[0]`` or ``image[0]`` for the first picture, ``pupils``, ``colleagues``
    or ``post``.
    """

    field: str
    line: FindingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the checks would say of unfinished words; ``marks`` lie in the text.

    ``stops`` are the points that stop it, field by field. ``without`` are the declared pupils who
    may not be shown there.
    """

    marks: tuple[Mark, ...] = ()
    findings: tuple[Findings, ...] = ()
    stops: tuple[Stop, ...] = ()
    without: frozenset[PupilKey] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Jotted:
    """A message to us in a private conversation, with pictures that were taken in already."""

    conversation: Conversation
    words: str = ""
    pictures: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """The card to decide now, or one that says that nothing waits; ``left`` counts it too."""

    card: Card
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is somebody's own: the post to decide now, what they wrote, accounts they look after.

    ``empty``: nothing waits, nothing is theirs. ``who`` says who they are where that explains it.
    ``policies`` are those that they have yet to accept.
    """

    queue: Queued
    mine: Card
    accounts: Card
    empty: bool = False
    who: Card | None = None
    policies: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reading:
    """Cards about children, for one person's eyes until ``until`` (aware), and no longer.

    A platform shows them where nothing of them is kept, and takes them away then.
    """

    cards: tuple[Card, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Greeting:
    """What somebody is told before anything else is done for them, where there is something.

    ``known``: their chat account is a person's.
    """

    known: bool
    sentences: tuple[str, ...] = ()


class Door(Protocol):
    async def greet(self, email: str, *, by: Identity, name: str = "") -> Greeting:
        """Who ``by`` is to us, by the address that the platform has verified; "" for none.

        Where it is the one of somebody on the list, those who can are asked to confirm it, once.
        They read ``name`` there, which is what the person is called on the platform.
        """

    async def do(self, command: Command, *, by: Identity, key: str) -> Answer:
        """Ask for it, once for each ``key``."""

    async def jot(self, said: Jotted, *, by: Identity, key: str) -> Answer:
        """Begin a draft with a message, or take it for an answer about the newest one.

        The draft's card is shown in that conversation; the sentences say what was understood.
        """

    async def form(self, intent: Intent, *, by: Identity) -> Form | Declined:
        """What a button asks before it acts, as this person would be asked now.

        Declined is whatever would be answered to them without being asked anything.
        """

    async def card(self, post: PostId, *, by: Identity) -> Card | None: ...

    async def history(self, post: PostId, *, by: Identity) -> Card | None:
        """Who did what and when, or ``None`` where this person may not see it."""

    async def draft(self, post: PostId, *, by: Identity) -> Draft | None:
        """The newest version for the form, or ``None`` where this person may not change it."""

    async def declared(self, post: PostId, *, by: Identity) -> tuple[PupilChoice, ...]:
        """The pupils in a post's pictures, for the form in which this person corrects it.

        That somebody who didn't write it looked is noted.
        """

    async def drafts(self, *, by: Identity) -> tuple[Card, ...]:
        """Posts of this person's that are not in front of anybody yet, or were sent back."""

    async def who_is_in(self, post: PostId, *, by: Identity) -> Card | None:
        """The pupils declared in a post's pictures; that this person looked is noted."""

    async def queue(self, *, by: Identity, after: str = "") -> Queued:
        """What waits for this person's yes: the first, or the one behind the post ``after``."""

    async def overview(self, *, by: Identity, after: str = "") -> Overview:
        """Everything that is theirs on one page; ``after`` as in :meth:`queue`."""

    async def who_am_i(self, *, by: Identity) -> Card:
        """What is known of this person, and what they may do."""

    async def targets(self, *, by: Identity) -> tuple[Target, ...]: ...

    async def classes(
        self, accounts: Sequence[AccountId], *, by: Identity
    ) -> tuple[FormChoice, ...]: ...

    async def pupils(
        self, accounts: Sequence[AccountId], *, by: Identity, words: str = "", form: str = ""
    ) -> tuple[PupilChoice, ...] | Declined:
        """A whole class by its key, or at most ten by the first three letters of a name."""

    async def colleagues(
        self,
        accounts: Sequence[AccountId],
        *,
        by: Identity,
        words: str = "",
        known: Collection[PersonId] = (),
    ) -> tuple[ColleagueChoice, ...]:
        """Staff of the accounts' school: ``known`` ones, and ten by the first letters of a name."""

    async def photos(self, words: str, *, by: Identity) -> Reading | Declined:
        """Which children of the class that ``words`` begin with may not be shown, and where.

        That this person looked is noted.
        """

    async def channels(self, words: str, *, by: Identity) -> tuple[Card, ...]:
        """The register, filtered: cards to read, with a button where there are more."""

    async def turn(self, listing: str, page: str, *, by: Identity) -> tuple[Card, ...]:
        """Another page of a listing that :meth:`channels` began."""

    async def hold(
        self, verb: slash.Verb, words: str, *, by: Identity, key: str
    ) -> Answer | tuple[Card, ...]:
        """Pause all posts or start them again, as typed.

        Without a reason, or where it could be several schools', the cards say how posts stand and
        have the buttons.
        """

    async def use_here(
        self, words: str, conversation: Conversation, *, by: Identity, key: str
    ) -> Answer:
        """Show the cards of the account or school that ``words`` name in this conversation.

        The platform has made sure before that nobody from outside reads there.
        """

    async def absence(self, verb: slash.Verb, words: str, *, by: Identity, key: str) -> Answer:
        """Note that somebody is away (``slash.Verb.AWAY``) or here again, as typed.

        Oneself, or somebody whose name precedes the days, where this person may say it of them.
        """

    async def policies(self, *, by: Identity) -> tuple[Card, ...]:
        """The policies that this person accepts, or has accepted; one that says there are none."""

    async def names(self, words: str, *, by: Identity, key: str) -> Answer | tuple[Card, ...]:
        """Ask that a name be kept as no pupil's, or take one away, as typed.

        Without words the cards say what is kept where this person may decide it.
        """

    async def report_form(self, words: str, *, by: Identity) -> Card:
        """The form in which a concern is reported; ``words`` stand in it already."""

    async def report_words(self, incident: IncidentId, *, by: Identity) -> Card | Declined:
        """What a report says, for whoever may read it; that this person read it is noted."""

    async def upload(self, content: bytes, *, file_name: str, by: Identity) -> Uploaded | Declined:
        """Look at a picture and keep it for this person's post."""

    async def upload_video(
        self, content: AsyncIterator[bytes], *, by: Identity
    ) -> Uploaded | Declined:
        """Wipe a video and keep it for this person's post; ``content`` comes in pieces."""

    async def picture(self, blob: BlobId, *, by: Identity) -> bytes | None:
        """The clean picture, where this person may see it now."""

    async def preview(self, content: Content, *, by: Identity) -> Judgement:
        """Judge words that nobody has proposed yet. Nothing is stored."""
