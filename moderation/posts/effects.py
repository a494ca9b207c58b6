"""What follows from an event, outside the post: cards to redraw, people to tell, clocks to set."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from moderation.kernel import Audience, HandOut, Later, Show, SubjectRef, Tell
from moderation.posts import commands as ask, events as happened
from moderation.posts.model import POST, READY, State


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from moderation.kernel import Effect
    from moderation.posts.model import Post


class Message(StrEnum):
    """Private messages about a post; ``present`` words each."""

    PLEASE_DECIDE = "post.please_decide"
    NOBODY_HERE = "post.nobody_here"
    APPROVED = "post.approved"
    CHANGES_REQUESTED = "post.changes_requested"
    REJECTED = "post.rejected"
    VETO_LIFTED = "post.veto_lifted"
    HEAD_ASKED = "post.head_asked"
    DISPUTED = "post.disputed"
    ALLOWED = "post.allowed"
    DECLINED = "post.declined"
    STOPPED = "post.stopped"
    SENT_BACK = "post.sent_back"
    STOP_POSTING = "post.stop_posting"
    RECALLED = "post.recalled"
    PLEASE_REMOVE = "post.please_remove"
    NOT_POSTED = "post.not_posted"
    DID_IT_APPEAR = "post.did_it_appear"
    REMINDER = "post.reminder"
    UNPOSTED = "post.unposted"
    EXPIRED = "post.expired"


def effects(post: Post, event: happened.Event) -> tuple[Effect, ...]:
    """Every effect of ``event`` on the way out; ``post`` is the post after it."""
    return (Show(SubjectRef(POST, post.id)), *_tells(post, event), *_more(post, event))


def _tells(post: Post, event: happened.Event) -> Iterator[Tell]:
    for audience, message in _TOLD.get(type(event), ()):
        yield Tell(audience, message, SubjectRef(POST, post.id), str(post.revision.number))
    if isinstance(event, happened.SentToReview) and event.nobody_here:
        yield Tell(Audience.HEAD, Message.NOBODY_HERE, SubjectRef(POST, post.id))
    if isinstance(event, happened.NotPosted):
        asked = event.posting.person is None
        audience = Audience.POSTERS if asked else Audience.AUTHORS
        message = Message.DID_IT_APPEAR if asked else Message.NOT_POSTED
        yield Tell(audience, message, SubjectRef(POST, post.id), event.posting.account)
    if isinstance(event, happened.PostersReminded):
        audience = Audience.POSTERS if event.to is None else Audience.PERSON
        subject, version = SubjectRef(POST, post.id), str(post.revision.number)
        yield Tell(audience, Message.UNPOSTED, subject, version, person=event.to)
    if isinstance(event, happened.VetoLifted) and event.by != event.of:
        subject = SubjectRef(POST, post.id)
        yield Tell(Audience.PERSON, Message.VETO_LIFTED, subject, person=event.of)


_TOLD: dict[type[happened.Event], tuple[tuple[Audience, Message], ...]] = {
    happened.SentToReview: ((Audience.APPROVERS, Message.PLEASE_DECIDE),),
    happened.Cleared: ((Audience.AUTHORS, Message.APPROVED),),
    happened.ChangesRequested: ((Audience.AUTHORS, Message.CHANGES_REQUESTED),),
    happened.Rejected: ((Audience.AUTHORS, Message.REJECTED),),
    happened.HeadAsked: ((Audience.HEAD, Message.HEAD_ASKED),),
    happened.Disputed: ((Audience.HEAD, Message.DISPUTED),),
    happened.Allowed: ((Audience.AUTHORS, Message.ALLOWED),),
    happened.Declined: ((Audience.AUTHORS, Message.DECLINED),),
    happened.Stopped: ((Audience.AUTHORS, Message.STOPPED), (Audience.HEAD, Message.STOPPED)),
    happened.SentBack: ((Audience.AUTHORS, Message.SENT_BACK),),
    happened.Recalled: (
        (Audience.POSTERS, Message.STOP_POSTING),
        (Audience.AUTHORS, Message.RECALLED),
    ),
    happened.RemovalAsked: (
        (Audience.POSTERS, Message.PLEASE_REMOVE),
        (Audience.HEAD, Message.PLEASE_REMOVE),
    ),
    happened.Reminded: ((Audience.APPROVERS, Message.REMINDER),),
    happened.Expired: ((Audience.AUTHORS, Message.EXPIRED),),
}


def _more(post: Post, event: happened.Event) -> Iterator[Effect]:
    number = post.revision.number
    match event:
        case happened.SentToReview():
            remind = ask.Remind(post=post.id, seen=number)
            head = ask.AskHeadInTime(post=post.id, seen=number)
            yield _later(remind, event.remind_at)
            yield _later(head, event.ask_head_at)
            yield _later(ask.Expire(post=post.id, seen=number), event.expires_at)
        case happened.KeptAsDraft(until=until):
            yield _later(ask.Expire(post=post.id, seen=number), until)
        case happened.ChangesRequested(until=until) | happened.Rejected(until=until):
            yield _later(ask.Expire(post=post.id, seen=number), until)
        case happened.Cleared(due=due):
            yield _later(ask.Release(post=post.id), due, number)
        case happened.Released(publications=publications, remind_at=remind_at):
            yield Show(SubjectRef(READY, post.id))
            yield _later(ask.RemindPosters(post=post.id, seen=number), remind_at)
            for publication in publications:
                yield HandOut(SubjectRef(POST, post.id), publication.account)
        case happened.PostersReminded(again_at=again_at):
            yield _later(ask.RemindPosters(post=post.id, seen=number), again_at)
        case happened.TakenUp(remind_at=remind_at) if remind_at is not None:
            yield Show(SubjectRef(READY, post.id))
            yield _later(ask.RemindPosters(post=post.id, seen=number), remind_at)
        case happened.Attended(until=until):
            yield _later(ask.LookAway(post=post.id, seen=number), until)
        case happened.HeldUp() if post.state is State.RELEASED:
            yield Show(SubjectRef(READY, post.id))
        case (
            happened.Recalled()
            | happened.RemovalAsked()
            | happened.Stopped()
            | happened.PostedOn()
            | happened.NotPosted()
            | happened.Published()
            | happened.PostingTaken()
            | happened.PostingGivenBack()
        ):
            yield Show(SubjectRef(READY, post.id))
        case _:
            return


def _later(
    command: ask.Remind
    | ask.AskHeadInTime
    | ask.Expire
    | ask.RemindPosters
    | ask.Release
    | ask.LookAway,
    due: datetime,
    cleared: int = 0,
) -> Later:
    """One clock for each (command, post, version, instant): set again, it is the same one.

    A release is of whatever stands when it is due; ``cleared`` is the version that set its clock.
    """
    version = cleared if isinstance(command, ask.Release) else command.seen
    key = f"{type(command).__name__}:{command.post}:{version}:{due.isoformat()}"
    return Later(command, due, key)
