"""What somebody hears at once after a click: what happened, and who comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from moderation.posts import commands as ask
from moderation.posts.model import State
from moderation.posts.present.needed import attended, needed_lines, taken, veto_lines
from moderation.posts.present.parts import video_note
from moderation.posts.present.pausing import pause_lines
from moderation.posts.present.speech import at, people
from moderation.words import both, capital


if TYPE_CHECKING:
    from moderation.ports import Inspection
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView


Says = Callable[["Post", "PostView"], tuple[str, ...]]

_WIPED = "Where, when and with what it was taken has been removed from the file."
AGAIN = "You have done this already. Nothing changed."
KEEP_IT = "Is that name asked about often? Two people can have it kept: /schoolgate names."


def done(command: ask.Command, post: Post, view: PostView) -> tuple[str, ...]:
    """One or two sentences for whoever asked for it; ``post`` is as it stands now.

    Nothing for what the timer asks.
    """
    says = _SAYS.get(type(command))
    said = says(post, view) if says is not None else ()
    return (*said, KEEP_IT) if isinstance(command, ask.Approve) and command.whose else said


def picture_note(seen: Inspection) -> str:
    """What was taken out of a picture on its way in, where anything was; more of a video."""
    if seen.film is not None:
        return f"{video_note(seen.film.seconds)} {_WIPED}"
    if seen.has_position:
        return "The place where it was taken has been removed from the file."
    if seen.metadata:
        return "The details kept inside the file have been removed."
    return ""


def _written(post: Post, view: PostView) -> tuple[str, ...]:
    if post.blocks:
        return ("This can't go out yet. Your words are still here: change what is marked.",)
    if post.waiting_for:
        return ("Saved. The pictures are being looked at; then it goes on by itself.",)
    sent = "It is in front of the moderators now."
    return (sent, *veto_lines(post, view), *needed_lines(post, view))


def _approved(post: Post, view: PostView) -> tuple[str, ...]:
    if post.state is not State.APPROVED and post.state is not State.RELEASED:
        noted = "Thank you. Your yes is noted."
        return (noted, *veto_lines(post, view), *needed_lines(post, view))
    if view.pause is not None:
        return ("Thank you. It is approved.", *pause_lines(post, view))
    later = post.content.not_before
    if later is not None and later > view.now:
        return (f"Thank you. It is approved and goes out {at(view, later)}.",)
    return ("Thank you. It is approved and on its way to whoever posts it.",)


def _attended(_post: Post, view: PostView) -> tuple[str, ...]:
    mine = view.in_hand is not None and view.in_hand.person == view.viewer
    if not mine:
        return ("Thank you. The others see that you are no longer on it.",)
    return (*attended(view), "The others see that; they can still decide.")


def _taken(_post: Post, view: PostView) -> tuple[str, ...]:
    return (taken(view) or "Thank you. The others see that it is free again.",)


def _stopped(post: Post) -> tuple[str, ...]:
    match post.state:
        case State.PUBLISHED:
            return ("Whoever posts for this page has been asked to take it down.",)
        case State.DRAFT:
            return ("Stopped. Whoever was about to post it has been told.",)
        case _:
            return ("Stopped. It won't go out.",)


def _authors(post: Post, view: PostView) -> str:
    return capital(both(people(view, sorted(post.authors))))


def _told(post: Post, view: PostView) -> str:
    names = people(view, sorted(post.authors))
    alone = len(names) == 1 and names[0] != "you"
    return f"{_authors(post, view)} {'has' if alone else 'have'} been told."


def _plainly(*sentences: str) -> Says:
    return lambda _post, _view: sentences


_SAYS: Mapping[type[ask.Command], Says] = {
    ask.Propose: _written,
    ask.Revise: _written,
    ask.Approve: _approved,
    ask.RequestChanges: lambda post, view: (
        f"Thank you. {_authors(post, view)} will see what you asked for.",
    ),
    ask.Reject: lambda post, view: (
        f"Thank you. It stays here until you say otherwise. {_told(post, view)}",
    ),
    ask.LiftVeto: _plainly("The no has been taken back."),
    ask.AskHead: _plainly("The headteacher has been asked. Your words are kept as they are."),
    ask.Dispute: _plainly("The headteacher has been asked. Your words are kept as they are."),
    ask.Allow: lambda post, view: (f"Allowed this once. {_told(post, view)}",),
    ask.Decline: lambda post, view: (
        f"Thank you. It stays a draft until it is changed. {_told(post, view)}",
    ),
    ask.Withdraw: _plainly("Your draft has been cancelled. Nobody will be asked about it again."),
    ask.Stop: lambda post, _view: _stopped(post),
    ask.Attend: _attended,
    ask.TakePosting: _taken,
    ask.MarkPosted: _plainly("Thank you. It is marked as posted."),
    ask.SayNotPosted: lambda post, view: (f"Thank you. {_told(post, view)}",),
}
