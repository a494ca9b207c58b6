"""The cards that the fake door shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from adapters.intents import CONFIRM
from moderation.kernel import SubjectRef
from moderation.posts.model import State
from moderation.views import (
    Button,
    Card,
    Confirm,
    Facts,
    Findings,
    Form,
    Intent,
    Media,
    Note,
    Part,
    Picture,
    Quote,
    Text,
    Tone,
    Weight,
)
from tests.fakes.door_school import ACCOUNTS, NAMES, FakePost, approvers, findings, marks


if TYPE_CHECKING:
    from moderation.views import FindingLine


STATES = {
    State.DRAFT: ("This can't go out yet", Tone.STOPPED),
    State.IN_REVIEW: ("Waiting for a second yes", Tone.WAITING),
    State.CHANGES_REQUESTED: ("Changes asked for", Tone.CARE),
    State.REJECTED: ("Rejected", Tone.STOPPED),
    State.APPROVED: ("Approved", Tone.DONE),
    State.RELEASED: ("Ready to post", Tone.DONE),
    State.PUBLISHED: ("Posted", Tone.DONE),
    State.WITHDRAWN: ("Cancelled", Tone.CARE),
    State.EXPIRED: ("Nobody answered in time", Tone.CARE),
}


def title(post: FakePost) -> str:
    row = next(row for row in ACCOUNTS if row[0] == post.account)
    return f"{row[1]} · {row[2]}"


def card(post: FakePost, *, private: bool = False) -> Card:
    state, tone = STATES[post.state]
    who = " and ".join(NAMES[who] for who in sorted(post.authors))
    parts: list[Part] = [
        Facts((("Written by", f"{who}, today 15:20"), ("Goes out", "when it is approved"))),
        Quote(text=post.content.text, marks=marks(post.content) if private else ()),
    ]
    if post.content.attachments:
        pictures = (Picture(blob=item.blob, alt=item.alt) for item in post.content.attachments)
        parts.append(Media(tuple(pictures)))
    lines = tuple(findings(post.content))
    if lines:
        parts.append(told(lines))
    if post.state is State.IN_REVIEW:
        names = " or ".join(NAMES[who] for who in approvers(post))
        parts.append(Note(lines=(f"One more yes: {names}",)))
    parts.append(Note(lines=tuple(post.history), fold="History"))
    buttons, more = buttons_of(post)
    return Card(
        subject=SubjectRef("post", post.id),
        version=post.number,
        title=title(post),
        state=state,
        tone=tone,
        fallback=f"{title(post)}: {state}",
        parts=tuple(parts),
        buttons=buttons,
        more=more,
    )


def buttons_of(post: FakePost) -> tuple[tuple[Button, ...], tuple[Button, ...]]:
    def button(
        label: str, verb: str, weight: Weight = Weight.PLAIN, form: Form | None = None
    ) -> Button:
        intent = Intent(verb=verb, id=post.id, rev=post.number)
        return Button(label=label, intent=intent, weight=weight, form=form, describes=title(post))

    history = button("History", "post.history")
    match post.state:
        case State.DRAFT | State.CHANGES_REQUESTED | State.REJECTED:
            return (
                button("Correct it", "post.revise", Weight.PRIMARY),
                button("Ask the headteacher", "post.ask_head", form=reason_form("words")),
                button("Cancel my draft", "post.withdraw", Weight.DANGER),
            ), (history,)
        case State.IN_REVIEW:
            confirm = "http" in post.content.text
            form = Form(
                title="Say yes to this post",
                fields=(Confirm(name=f"{CONFIRM}link", statement="I have opened the link."),),
                submit="Approve",
            )
            return (
                button("Approve", "post.approve", Weight.PRIMARY, form if confirm else None),
                button("Request changes", "post.request_changes", form=reason_form("reason")),
                button("Reject", "post.reject", Weight.DANGER, reason_form("reason")),
            ), (
                button("Ask the headteacher", "post.ask_head", form=reason_form("words")),
                button("Change the words", "post.revise"),
                history,
            )
        case State.RELEASED:
            return (), (history,)
        case State.PUBLISHED | State.WITHDRAWN | State.EXPIRED | State.APPROVED:
            return (history,), ()
        case unreachable:
            assert_never(unreachable)


def ready(post: FakePost) -> Card:
    intent = Intent(verb="post.posted", id=post.id, rev=post.number, arg=post.account)
    form = Form(
        title="Where is it?",
        fields=(Text(name="url", label="Address of the post", lines=1, required=False),),
        submit="Posted",
    )
    return Card(
        subject=SubjectRef("ready", post.id),
        version=post.number,
        title=f"Ready to post: {title(post)}",
        state="Ready to post",
        tone=Tone.DONE,
        fallback=post.content.text,
        parts=(Quote(text=post.content.text, copyable=True),),
        buttons=(Button(label="Posted", intent=intent, weight=Weight.PRIMARY, form=form),),
    )


def reason_form(name: str) -> Form:
    label = {"reason": "Why", "words": "What would you like to ask?"}[name]
    titles = {"reason": "Send it back", "words": "Ask the headteacher"}
    note = "Facts only, please. The person concerned may be entitled to read this."
    submit = "Send" if name == "reason" else "Ask"
    return Form(
        title=titles[name], fields=(Text(name=name, label=label),), submit=submit, note=note
    )


def told(lines: tuple[FindingLine, ...]) -> Findings:
    return Findings(title="This can't go out yet", lines=lines)


def plain(kind: str, title: str, state: str) -> Card:
    return Card(
        subject=SubjectRef(kind, kind),
        version=1,
        title=title,
        state=state,
        tone=Tone.WAITING,
        fallback=title,
    )
