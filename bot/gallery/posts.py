"""A post in every state, as each of those concerned sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bot.gallery import school as here
from bot.gallery.school import ADE, FACEBOOK, LUND, NOW, OKAFOR, REED, ago
from moderation.checks.model import Check, Pictured, Severity, Who
from moderation.kernel import PersonId, PostId, PupilKey
from moderation.ports import Inspection, PictureFormat
from moderation.posts import present
from moderation.posts.model import (
    Allowance,
    Approval,
    Attachment,
    Content,
    Dispute,
    Needs,
    Pause,
    Post,
    Posted,
    Posting,
    Publication,
    Question,
    Revision,
    State,
    Veto,
)
from moderation.posts.queries import Conflict, PostView


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import AccountId
    from moderation.views import Card

Made: TypeAlias = tuple[str, str, "Card"]
"""Name, what it is, the card."""

POST: Final = PostId("01KA8Q4M7T2V9W3X5Y6Z8B0C1D")
TEXT: Final = "Well done Amelia Khan, who won the chess cup! Tickets: https://fair.example/"
NAMED: Final = here.finding(Check.PUPIL_NAMES, Severity.BLOCK, "Amelia Khan", TEXT)
LINK: Final = here.finding(Check.LINKS, Severity.FLAG, "https://fair.example/", TEXT)
CONSENT: Final = here.finding(Check.IMAGE_CONSENT, Severity.BLOCK)

PLAIN: Final = Content(text="The summer fair is on Saturday.", accounts=(FACEBOOK,))
BOTH: Final = replace(PLAIN, accounts=(FACEBOOK, here.X))
PICTURED: Final = Content(
    text="Our relay team brought the cup home.",
    accounts=(FACEBOOK,),
    attachments=(
        Attachment(
            blob=here.SENT,
            alt="Five runners in red and blue behind a golden cup",
            file_name="relay-team.jpg",
        ),
    ),
    pictured=Pictured(Who.THESE, frozenset({PupilKey("p1"), PupilKey("p2")})),
    not_before=NOW.replace(hour=8, minute=0) + timedelta(days=1),
)
SAID_NO: Final = Veto(person=LUND, reason="It sounds like an advertisement.", at=ago(minutes=8))
CHANGES: Final = Veto(person=OKAFOR, reason="Please say where the fair is.", at=ago(minutes=8))
NOT_THIS_TIME: Final = Veto(
    person=ADE, reason="Ask the family in writing first.", at=ago(minutes=4)
)
DISPUTED: Final = Dispute(
    finding=NAMED.key, person=REED, reason="Her family asked us to.", at=ago(minutes=9)
)
ALLOWED: Final = Allowance(
    finding=NAMED.key, person=ADE, reason="The family asked in writing.", at=ago(minutes=4)
)
ASKED: Final = Question(person=REED, words="May we name the visitor?", at=ago(minutes=6))
PAUSE: Final = Pause(place=here.OAKFIELD, by=ADE, since=ago(minutes=30))
REMOVE: Final = Question(person=LUND, words="A family has asked.", at=ago(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a post's history."""

    at: datetime
    tag: str
    person: PersonId | None
    payload: Mapping[str, Any] | None = None


HISTORY: Final = (
    Line(at=ago(minutes=20), tag="post:proposed", person=REED),
    Line(at=ago(minutes=19), tag="post:sent_to_review", person=REED),
    Line(at=ago(minutes=5), tag="post:approved_by", person=OKAFOR),
)


def post(content: Content = PLAIN, state: State = State.IN_REVIEW, **fields: Any) -> Post:  # noqa: ANN401 -- fields of Post, by name
    """A post of Sam Reed's, twenty minutes old."""
    needs = fields.pop("needs", Needs())
    revision = Revision(
        id="r1",
        number=1,
        content=content,
        digest=content.digest(),
        authors=frozenset({REED}),
        needs=needs,
        pack=here.PACK.digest,
        by=REED,
        at=ago(minutes=20),
    )
    made = Post(
        id=POST,
        school=here.OAKFIELD,
        state=state,
        revision=revision,
        opened_at=ago(minutes=20),
        entered_at=ago(minutes=19),
        expires_at=NOW + timedelta(days=7) if state is State.IN_REVIEW else None,
    )
    return replace(made, **fields)


def view(of: Post, viewer: PersonId | None = None, **fields: Any) -> PostView:  # noqa: ANN401 -- fields of PostView, by name
    """What is looked up for it; every picture has been looked at unless it is waited for."""
    looked_at = {item.blob for item in of.content.attachments} - of.waiting_for
    made = PostView(
        viewer=viewer,
        names=here.NAMES,
        accounts={account: here.ACCOUNTS[account] for account in of.content.accounts},
        school=here.NAME,
        rights=here.rights(*of.content.accounts),
        now=NOW,
        zone=here.LONDON,
        version=3,
        pack=here.PACK,
        pictures={
            blob: Inspection(
                blob=blob, clean=here.CUP, format=PictureFormat.JPEG, width=800, height=600
            )
            for blob in looked_at
        },
        pictured=("A.K., Year 4", "B.L., Year 4") if of.content.pictured.pupils else (),
        history=HISTORY,
    )
    return replace(made, **fields)


def said_yes(who: PersonId = OKAFOR, *, as_head: bool = False) -> Approval:
    """A yes, five minutes ago."""
    return Approval(
        revision="r1",
        digest="d",
        person=who,
        as_head=as_head,
        confirmed=frozenset(),
        wording=1,
        at=ago(minutes=5),
    )


def posting(said: Posted, account: AccountId = FACEBOOK, **fields: Any) -> Posting:  # noqa: ANN401 -- fields of Posting, by name
    """What Sam Reed said became of it."""
    return replace(Posting(account=account, said=said, person=REED, at=ago(minutes=2)), **fields)


RELEASED: Final = Publication(
    revision="r1",
    account=FACEBOOK,
    digest="d",
    needs=Needs(),
    author=REED,
    second=OKAFOR,
    third=None,
    head=None,
    at=ago(minutes=3),
)

POSTS: Final[Mapping[str, Post]] = {
    "stopped": post(Content(text=TEXT, accounts=(FACEBOOK,)), State.DRAFT, findings=(NAMED, LINK)),
    "looking": post(PICTURED, State.DRAFT, waiting_for=frozenset({here.SENT})),
    "no-permission": post(PICTURED, State.DRAFT, findings=(CONSENT,)),
    "disputed": post(
        Content(text=TEXT, accounts=(FACEBOOK,)),
        State.DRAFT,
        findings=(NAMED,),
        disputes=(DISPUTED,),
    ),
    "waiting": post(),
    "flagged": post(Content(text=TEXT, accounts=(FACEBOOK,)), findings=(LINK,)),
    "allowed": post(
        Content(text=TEXT, accounts=(FACEBOOK,)), findings=(NAMED,), allowances=(ALLOWED,)
    ),
    "picture": post(PICTURED, needs=Needs(head=True)),
    "one-of-two": post(needs=Needs(seconds=2), approvals=(said_yes(),)),
    "question": post(questions=(ASKED,)),
    "long": post(replace(PLAIN, text="All that happened this term. " * 450)),
    "changes": post(state=State.CHANGES_REQUESTED, change_request=CHANGES),
    "rejected": post(state=State.REJECTED, vetoes=(SAID_NO,)),
    "approved": post(PICTURED, State.APPROVED, approvals=(said_yes(), said_yes(ADE, as_head=True))),
    "ready": post(PICTURED, State.RELEASED, approvals=(said_yes(),), publications=(RELEASED,)),
    "half-posted": post(
        BOTH,
        State.RELEASED,
        approvals=(said_yes(),),
        postings=(posting(Posted.CANNOT, here.X, words="I am locked out."),),
    ),
    "unsure": post(
        state=State.RELEASED,
        approvals=(said_yes(),),
        postings=(posting(Posted.UNSURE, person=None),),
    ),
    "posted": post(
        state=State.PUBLISHED,
        approvals=(said_yes(),),
        postings=(posting(Posted.YES, url="https://www.facebook.example/oakfield/1"),),
    ),
    "removal": post(
        state=State.PUBLISHED,
        approvals=(said_yes(),),
        postings=(posting(Posted.YES),),
        removal_asked=REMOVE,
    ),
    "half-removed": post(
        BOTH,
        State.RELEASED,
        approvals=(said_yes(),),
        postings=(posting(Posted.YES),),
        removal_asked=REMOVE,
    ),
    "declined": post(
        Content(text=TEXT, accounts=(FACEBOOK,)),
        State.DRAFT,
        findings=(NAMED,),
        disputes=(DISPUTED,),
        change_request=NOT_THIS_TIME,
    ),
    "sent-back": post(held_back=("unconfirmed", "too_few_yes")),
    "recalled": post(
        Content(text=TEXT, accounts=(FACEBOOK,)),
        State.DRAFT,
        findings=(NAMED,),
        held_back=("blocked", "right_lost"),
    ),
    "cancelled": post(state=State.WITHDRAWN),
    "expired": post(state=State.EXPIRED),
}
"""By the first part of the examples' names."""

SEEN: Final[tuple[tuple[str, PersonId | None, str], ...]] = (
    ("stopped", REED, "A draft that can't go out yet, as its author sees it"),
    ("stopped", None, "A draft in the channel: no word of it"),
    ("looking", REED, "A draft whose picture is being looked at"),
    ("no-permission", REED, "A draft with a picture that may not be shown"),
    ("declined", REED, "A draft that the headteacher said no to"),
    ("recalled", REED, "A post that was called back"),
    ("disputed", ADE, "A draft about which the headteacher is asked"),
    ("waiting", OKAFOR, "A post that waits for a yes, as a moderator sees it"),
    ("waiting", REED, "A post that waits, as its author sees it"),
    ("waiting", None, "A post that waits, in the channel"),
    ("flagged", LUND, "A post with something to check before the yes"),
    ("allowed", OKAFOR, "A post that the headteacher let through this once"),
    ("picture", ADE, "A post with a picture that needs the headteacher"),
    ("one-of-two", LUND, "A post with one yes of two"),
    ("question", ADE, "A post with a question to the headteacher"),
    ("long", OKAFOR, "A post longer than a card can hold"),
    ("changes", REED, "A post sent back for changes"),
    ("rejected", REED, "A post that was rejected, and may be taken up again"),
    ("approved", REED, "A post approved for tomorrow"),
    ("posted", None, "The final card"),
    ("removal", OKAFOR, "A post whose removal is asked for"),
    ("cancelled", None, "A draft that was cancelled"),
    ("expired", REED, "A post that ran out of time"),
)


def examples() -> Iterator[Made]:
    """Cards that people decide on, and what the posters get."""
    for name, viewer, about in SEEN:
        of = POSTS[name]
        reader = "channel" if viewer is None else str(viewer)
        yield f"post-{name}-{reader}", about, present.card(of, view(of, viewer))
    near = view(
        POSTS["waiting"],
        LUND,
        conflicts=(Conflict(PostId("01OTHER"), FACEBOOK, NOW + timedelta(minutes=10)),),
    )
    yield "post-near", "Another post goes out near it", present.card(POSTS["waiting"], near)
    paused = view(POSTS["waiting"], OKAFOR, pause=PAUSE)
    yield "post-paused", "A post while all posts are paused", present.card(POSTS["waiting"], paused)
    for name, about in (
        ("ready", "Ready to post, as who posts it sees it"),
        ("half-posted", "Ready to post on two pages, one of them locked"),
        ("unsure", "Nobody knows whether it was posted"),
        ("posted", "Ready to post, once it is posted"),
        ("removal", "Ready to post, once its removal is asked for"),
    ):
        of = POSTS[name]
        yield f"ready-{name}", about, present.ready(of, view(of, REED))
