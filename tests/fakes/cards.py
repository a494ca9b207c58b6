"""One card of each kind, with everything a card can hold."""

from __future__ import annotations

from datetime import UTC, datetime

from moderation.kernel import BlobId, SubjectRef
from moderation.views import (
    Button,
    Card,
    Choice,
    Confirm,
    Facts,
    FindingLine,
    Findings,
    Form,
    Intent,
    Links,
    Mark,
    Media,
    Note,
    Part,
    Picture,
    Quote,
    Text,
    Tone,
    Weight,
    When,
)


BLOB = BlobId("sha256:" + "cd" * 32)


def plain(title: str = "Facebook · Oakfield Primary", state: str = "Waiting") -> Card:
    return Card(
        subject=SubjectRef("post", "01POST"),
        version=1,
        title=title,
        state=state,
        tone=Tone.WAITING,
        fallback=f"{title}: {state}",
        parts=(Quote(text="Our choir sings on Friday."),),
    )


def full() -> Card:
    """Every part, every field, every weight."""
    return Card(
        subject=SubjectRef("post", "01POST"),
        version=3,
        title="Facebook · Oakfield Primary",
        state="Please check",
        tone=Tone.CARE,
        fallback="Facebook · Oakfield Primary: please check",
        parts=_every_part(),
        buttons=(
            Button(
                label="Approve",
                intent=Intent(verb="post.approve", id="01POST", rev=3),
                weight=Weight.PRIMARY,
                form=_every_field(),
                describes="Facebook · Oakfield Primary",
            ),
            Button(
                label="Cancel my draft",
                intent=Intent(verb="post.withdraw", id="01POST", rev=3),
                weight=Weight.DANGER,
            ),
        ),
        more=(Button(label="History", intent=Intent(verb="post.history", id="01POST", rev=3)),),
    )


def _every_part() -> tuple[Part, ...]:
    return (
        Facts((("Written by", "Sam Reed, today 15:20"), ("Goes out", "tomorrow 08:00"))),
        Quote(
            text="Well done Amelia and the choir!",
            marks=(Mark(10, 16, Tone.STOPPED),),
            label="The exact words",
            copyable=True,
        ),
        Media((Picture(blob=BLOB, alt="A choir"), Picture(blob=None, alt="", note="Not yet"))),
        Links((("Open Facebook · Oakfield Primary", "https://facebook.example/oakfield"),)),
        Findings(
            title="This can't go out yet",
            lines=(
                FindingLine(
                    words="Amelia",
                    reason="Looks like a pupil's name.",
                    policy="Our policy, Names: no pupil's name",
                    clause="CARD-NAME-1",
                    tone=Tone.STOPPED,
                ),
            ),
        ),
        Note(lines=("One more yes: Mrs Okafor or Mr Lund",), tone=Tone.WAITING),
        Note(lines=("Proposed by Sam Reed, today 15:20",), fold="History"),
    )


def _every_field() -> Form:
    return Form(
        title="Say yes to this post",
        fields=(
            Confirm(name="confirm:k1", statement="I checked that this is no pupil."),
            Text(name="reason", label="Why", hint="For the record", lines=2, limit=200),
            Choice(name="who", label="Who", options=(("a", "Ann"), ("b", "Bo")), chosen=("b",)),
            Choice(name="days", label="Days", options=(("1", "Mon"), ("2", "Tue")), many=True),
            When(name="when", label="When", value=datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        ),
        submit="Approve",
        note="Facts only, please.",
    )
