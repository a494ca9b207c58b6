"""Private messages about posts, and what only one person sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.gallery import school as here
from bot.gallery.posts import NAMED, POSTS, TEXT, view
from bot.gallery.school import ADE, FACEBOOK, LUND, NOW, OKAFOR, REED, X, ago
from moderation.checks.consent import Standing as Consent
from moderation.checks.model import Pictured, Who
from moderation.jottings import present as drafted
from moderation.jottings.model import Jotting, JottingId, Standing
from moderation.jottings.queries import JottingPage
from moderation.kernel import Platform, PupilKey
from moderation.people import present as people
from moderation.people.queries import ClassLine, FoundPupil, NotShown, PhotoList, PhotosFound
from moderation.ports import Conversation
from moderation.posts import present
from moderation.posts.effects import Message
from moderation.posts.model import NOT_SAID, Attachment
from moderation.posts.queries import PicturedPupil, PostPage, QueuePage, Target, WhoPage


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.gallery.posts import Made
    from moderation.kernel import PersonId

TOLD: Final[tuple[tuple[Message, str, PersonId, str], ...]] = (
    (Message.PLEASE_DECIDE, "flagged", OKAFOR, "Please decide"),
    (Message.REMINDER, "waiting", LUND, "A reminder to decide"),
    (Message.NOBODY_HERE, "waiting", ADE, "Nobody else can say yes"),
    (Message.HEAD_ASKED, "question", ADE, "A question to the headteacher"),
    (Message.DISPUTED, "disputed", ADE, "The headteacher is asked to allow it this once"),
    (Message.APPROVED, "approved", REED, "It was approved"),
    (Message.CHANGES_REQUESTED, "changes", REED, "Somebody asks for changes"),
    (Message.REJECTED, "rejected", REED, "It was rejected"),
    (Message.VETO_LIFTED, "approved", LUND, "The headteacher let it go on"),
    (Message.ALLOWED, "allowed", REED, "It was allowed this once"),
    (Message.DECLINED, "declined", REED, "The headteacher said no"),
    (Message.STOPPED, "cancelled", REED, "It was stopped"),
    (Message.SENT_BACK, "sent-back", REED, "It needs another look"),
    (Message.STOP_POSTING, "recalled", REED, "Please don't post it"),
    (Message.RECALLED, "recalled", REED, "It was called back"),
    (Message.PLEASE_REMOVE, "half-removed", REED, "Please take it down"),
    (Message.NOT_POSTED, "half-posted", REED, "It could not be posted on one page"),
    (Message.DID_IT_APPEAR, "unsure", REED, "Did it appear?"),
    (Message.UNPOSTED, "ready", REED, "Nobody has posted it yet"),
    (Message.EXPIRED, "expired", REED, "It ran out of time"),
)
"""Every message, the post it is about, and who is told."""


FAIR: Final = Target(
    account=FACEBOOK,
    school=here.OAKFIELD,
    platform="facebook",
    name="Oakfield Primary",
    limit=5_000,
)
SPORT: Final = replace(FAIR, account=X, platform="x", name="Oakfield PE and Sport", limit=280)
CUP: Final = Attachment(blob=here.CUP, alt="", file_name="relay-team.jpg")


def examples() -> Iterator[Made]:
    """Messages, the queue, the drafts, the history, who is in a picture and who may not be."""
    yield from _of_posts()
    yield from _drafts()
    yield from _photos()


def _of_posts() -> Iterator[Made]:
    """A message of each kind, and what somebody asks for."""
    for message, name, reader, about in TOLD:
        of = POSTS[name]
        card = present.notice(message, of, view(of, reader))
        yield f"message-{str(message).replace('.', '-').replace('_', '-')}", about, card
    first, second = (PostPage(POSTS[it], view(POSTS[it], LUND)) for it in ("flagged", "waiting"))
    full = QueuePage(first=first, after=3, rest=(second,))
    yield "queue", "A moderator's queue", present.queue(full)
    yield "queue-empty", "Nothing waits", present.queue(QueuePage(first=None, after=0))
    mine = tuple(PostPage(POSTS[it], view(POSTS[it], REED)) for it in ("stopped", "changes"))
    yield "drafts", "What somebody wrote", present.drafts(mine)
    yield "drafts-empty", "Nothing written yet", present.drafts(())
    done = POSTS["approved"]
    yield "history", "What happened to a post", present.history(done, view(done, OKAFOR))
    pupils = (
        PicturedPupil(name="Amelia Khan", year="4", form="4B"),
        PicturedPupil(name="Ben Lowe", year="4", form="4A"),
    )
    page = PostPage(done, view(done, OKAFOR))
    who = WhoPage(page=page, pupils=pupils, staff=("Mr Erik Lund",), unshown=("Ms Hana Novak",))
    yield "who-is-in", "Who is in the picture", present.who_is_in(who)


def _drafts() -> Iterator[Made]:
    """A message that becomes a post, from its first words to its end."""
    begun = Jotting(
        id=JottingId("01KA8DRAFT"),
        person=REED,
        conversation=Conversation(Platform.SLACK, "D0REED"),
        standing=Standing.OPEN,
        opened_at=ago(minutes=5),
        touched_at=ago(minutes=1),
        text="Our relay team brought the cup home.",
        pictures=(CUP,),
    )
    pupils = tuple(
        FoundPupil(key=PupilKey(name), forename=name, initial=initial, year="4", form="4B")
        for name, initial in (("Amelia", "K"), ("Ben", "L"))
    )
    said = replace(
        begun,
        accounts=(FACEBOOK,),
        pictures=(replace(CUP, alt="Five runners in red and blue behind a golden cup"),),
        pictured=Pictured(who=Who.THESE, pupils=frozenset(it.key for it in pupils)),
    )
    asked = JottingPage(
        jotting=begun,
        version=1,
        targets=(FAIR, SPORT),
        classes=(ClassLine("4B", "Year 4", 28), ClassLine("5A", "Year 5", 27)),
        pack=here.PACK,
    )
    full = replace(asked, jotting=said, version=4, shown=pupils, left_out=pupils[:1])
    named = replace(said, text=TEXT, pictures=(), pictured=Pictured())
    stopped = replace(full, jotting=named, findings=(NAMED,), shown=(), left_out=())
    for name, about, page in (
        ("draft", "A message that becomes a post: what is missing", asked),
        ("draft-ready", "The same, when everything is there", full),
        ("draft-stopped", "The same, with what can't go out", stopped),
    ):
        yield name, about, drafted.card(page)
    for standing, about in (
        (Standing.MADE, "It became a post"),
        (Standing.FORGOTTEN, "It was none"),
    ):
        over = replace(
            begun, standing=standing, text="", pictures=(), accounts=(), pictured=NOT_SAID
        )
        yield f"draft-{standing}", about, drafted.card(JottingPage(jotting=over, version=5))


def _photos() -> Iterator[Made]:
    """A class, for who takes the pictures."""
    out = tuple(
        NotShown(name=name, standing=standing)
        for name, standing in (
            ("Amelia Khan", Consent.REFUSED),
            ("Ben Lowe", Consent.MISSING),
            ("Kofi Farrow", Consent.EXPIRED),
            ("Zoë Mensah", Consent.WITHDRAWN),
        )
    )
    pages = (("facebook", "Oakfield Primary"), ("x", "Oakfield PE and Sport"))
    for name, about, children in (
        ("photos", "Children of a class who may not be shown", out),
        ("photos-all", "A class of which every child may be shown", ()),
    ):
        listed = PhotoList(
            school=here.NAME,
            form="4B",
            pupils=28,
            accounts=pages,
            not_shown=children,
            staff=("Ms Hana Novak",) if children else (),
        )
        [card] = people.photos(PhotosFound(lists=(listed,), until=NOW))
        yield name, about, card
