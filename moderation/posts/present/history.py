"""What happened to a post, a line each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from moderation.checks.model import NotAPupil
from moderation.kernel import SubjectRef
from moderation.posts.model import POST
from moderation.posts.present.needed import head_lines
from moderation.posts.present.speech import at, person, title
from moderation.posts.present.states import state_of
from moderation.posts.queries.past import RECALLED, called_back_for_pause
from moderation.views import Note
from moderation.words import both, capital, card, count


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.posts.model import Post
    from moderation.posts.ports import AuditLine
    from moderation.posts.queries.views import PostView
    from moderation.views import Card


HISTORY = "History"
CALLED_BACK_FOR_PAUSE = "Called back: all posts were paused"

SAID: Mapping[str, tuple[str, str]] = {
    "post:proposed": ("Written by {who}", "Written"),
    "post:revised": ("Changed by {who}", "Changed"),
    "post:judged": ("", ""),
    "post:sent_to_review": ("Sent to those who can say yes", "Sent to those who can say yes"),
    "post:kept_as_draft": ("Kept as a draft", "Kept as a draft"),
    "post:disputed": ("{who} asked the headteacher about a point", "The headteacher was asked"),
    "post:allowed_once": ("Allowed this once by {who}", "Allowed this once"),
    "post:declined": ("{who} said no to what was asked", "What was asked was answered with a no"),
    "post:approved_by": ("Approved by {who}", "Approved"),
    "post:approved": ("Every yes was there", "Every yes was there"),
    "post:changes_requested": ("{who} asked for changes", "Changes were asked for"),
    "post:rejected": ("Rejected by {who}", "Rejected"),
    "post:veto_lifted": ("A no was taken back by {who}", "A no was taken back"),
    "post:head_asked": (
        "{who} asked the headteacher",
        "Nobody had answered, so the headteacher was asked",
    ),
    "post:withdrawn": ("Cancelled by {who}", "Cancelled"),
    "post:stopped": ("Stopped by {who}", "Stopped when it was checked again"),
    "post:sent_back": ("Sent back when it was checked again",) * 2,
    "post:held_up": ("", "Held up: all posts were paused"),
    "post:taken_up": ("", "Taken up again: posts were started again"),
    "post:released": ("Ready to post", "Ready to post"),
    "post:recalled": ("Called back by {who}", "Called back when it was checked again"),
    "post:posted_on": ("Posted by {who}", "Posted"),
    "post:published": ("Posted everywhere", "Posted everywhere"),
    "post:not_posted": ("{who} couldn't say that it is posted", "Not posted"),
    "post:removal_asked": ("{who} asked for its removal", "Its removal was asked for"),
    "post:reminded": ("Those who can say yes were reminded",) * 2,
    "post:posters_reminded": ("Those who post it were reminded",) * 2,
    "post:pupils_seen": ("{who} looked who is in the picture", ""),
    "post:attended": ("{who} looked at it", ""),
    "post:looked_away": ("", ""),
    "post:posting_taken": ("{who} took it to post it", ""),
    "post:posting_given_back": ("{who} gave it back to those who post it", ""),
    "post:expired": ("It ran out of time", "It ran out of time"),
}
"""By audit tag: when a person did it, and when the clock did. An empty line is left out."""


NOT_A_PUPIL_BUT: Mapping[NotAPupil, tuple[str, str]] = {
    NotAPupil.VISITOR: ("a visitor", "visitors"),
    NotAPupil.STAFF: ("a colleague", "colleagues"),
    NotAPupil.PUBLIC: ("somebody in public life", "people in public life"),
    NotAPupil.OTHER: ("somebody else", "others"),
}
"""One, and several."""


def history_lines(post: Post, view: PostView) -> tuple[str, ...]:
    """Oldest first: "Approved by Mrs Okafor, today 16:02"."""
    sent = [line for line in view.history if line.tag == "post:sent_to_review"]
    why = " ".join(head_lines(post, view))
    said = (
        (f"{words}. {why}" if why and line in sent[-1:] else words)
        for line in view.history
        for words in filter(None, (_line(line, view),))
    )
    return tuple(said)


def history(post: Post, view: PostView) -> Card:
    """The whole history, on a card of its own."""
    state, tone = state_of(post, view)
    lines = history_lines(post, view) or ("Nothing is recorded yet.",)
    return card(
        SubjectRef(POST, post.id),
        version=view.version,
        title=f"History: {title(view, post.content)}",
        state=state,
        tone=tone,
        parts=(Note(lines=lines),),
    )


def _line(line: AuditLine, view: PostView) -> str:
    by_person, by_clock = SAID.get(line.tag, ("", ""))
    if line.tag == RECALLED and called_back_for_pause(line):
        by_clock = CALLED_BACK_FOR_PAUSE
    said = by_clock if line.person is None else by_person
    if not said:
        return ""
    told = f"{capital(said.format(who=person(view, line.person)))}, {at(view, line.at)}"
    return f"{told}{_not_pupils(line)}"


def _not_pupils(line: AuditLine) -> str:
    """Who was said to be meant by a name; not known of an erased line."""
    approval = (line.payload or {}).get("approval")
    whose = approval.get("whose", ()) if isinstance(approval, dict) else ()
    kinds = Counter(NotAPupil(who) for _, who in whose)
    said = [
        f"{count(number)} {words}" if number > 1 else words
        for kind, (one, many) in NOT_A_PUPIL_BUT.items()
        for number in (kinds[kind],)
        for words in ((one if number == 1 else many),)
        if number
    ]
    return f". Not a pupil, but {both(said)}" if said else ""
