"""Private messages about a post: short, true at the moment they are read, with what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.posts.effects import Message
from moderation.posts.model import FINAL, LIVE, POST, Posted, State
from moderation.posts.present import buttons
from moderation.posts.present.findings import finding_groups, marks
from moderation.posts.present.needed import head_lines, needed_lines, veto_lines
from moderation.posts.present.parts import by, pictures, removal_words
from moderation.posts.present.pausing import pause_lines, waits
from moderation.posts.present.refusals import sent_back
from moderation.posts.present.speech import (
    at,
    glimpse,
    page_of,
    people,
    person,
    title,
    with_role,
)
from moderation.posts.present.states import BEING_CHANGED, state_of
from moderation.posts.queries.past import Again
from moderation.posts.queries.seeing import Sight, sight
from moderation.posts.signing import missing
from moderation.views import Media, Note, Quote, Tone
from moderation.words import both, capital, card as worded, either


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Button, Card, Part


Says = Callable[["Post", "PostView"], "Iterator[Part]"]
Asks = Callable[["Post", "PostView"], bool]


def _always(_post: Post, _view: PostView) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One message.

    ``true_in`` are the states in which it still holds, for the reader that ``asks`` allows, and
    where it is ``of_version`` for that version alone; afterwards it says how the post stands.
    ``says`` gives what it says, ``quotes`` whether the post itself goes with it, ``verbs`` the
    buttons that it offers besides "Look at it", out of those that the reader may use. One with
    such buttons is kept up to date where it stands, and so is one that ``follows`` the post.
    """

    headline: str
    tone: Tone
    says: Says
    true_in: frozenset[State]
    quotes: bool = False
    verbs: tuple[str, ...] = ()
    asks: Asks = _always
    of_version: bool = False
    follows: bool = False

    def holds(self, post: Post, view: PostView, about: str) -> bool:
        """Whether it is still true of the post, and meant for this reader."""
        newer = self.of_version and about not in {"", str(post.revision.number)}
        return not newer and post.state in self.true_in and self.asks(post, view)


def notice(message: Message, post: Post, view: PostView, about: str = "") -> Card:
    """The private message to ``view.viewer``, as things are now; ``about`` is its effect's."""
    wording = WORDINGS[message]
    holds = wording.holds(post, view, about)
    visible = sight(post, view.rights, view.viewer) is Sight.ALL
    state, tone = (wording.headline, wording.tone) if holds else _standing(post, view, visible)
    return worded(
        SubjectRef(POST, post.id),
        version=view.version,
        title=title(view, post.content),
        state=state,
        tone=tone,
        parts=tuple(
            _parts(wording, post, view, visible=visible) if holds else _moved_on(post, view)
        ),
        buttons=_buttons(wording if holds else None, post, view) if visible else (),
    )


def notice_lasts(message: Message, post: Post, view: PostView, about: str = "") -> bool:
    """Whether a change of the post may still change what this message says."""
    wording = WORDINGS[message]
    followed = bool(wording.verbs) or wording.follows
    return followed and post.state not in FINAL and wording.holds(post, view, about)


def notice_is_for(message: Message, post: Post, person: PersonId) -> bool:
    """Whether this person is told: who wrote it hears that it is called back, and no more."""
    return message is not Message.STOP_POSTING or person not in post.authors


def _standing(post: Post, view: PostView, visible: bool) -> tuple[str, Tone]:  # noqa: FBT001
    state, tone = state_of(post, view)
    return (state, tone) if visible or post.state is not State.DRAFT else (BEING_CHANGED, Tone.CARE)


def _moved_on(post: Post, view: PostView) -> Iterator[Part]:
    said_yes = any(approval.person == view.viewer for approval in post.approvals)
    if said_yes and post.state is State.IN_REVIEW:
        yield _note("You have said yes.", *needed_lines(post, view))
    else:
        yield _note("This has moved on meanwhile. Nothing is asked of you here.")


def _parts(wording: Wording, post: Post, view: PostView, *, visible: bool) -> Iterator[Part]:
    yield from wording.says(post, view)
    if not (wording.quotes and visible):
        return
    yield Quote(text=post.content.text, marks=marks(post), copyable=post.state is State.RELEASED)
    if post.content.attachments:
        yield Media(pictures(post, view))
    yield from finding_groups(post, view)


def _buttons(wording: Wording | None, post: Post, view: PostView) -> tuple[Button, ...]:
    usable = [*sum(buttons.deciding(post, view), ()), *sum(buttons.posting(post, view), ())]
    verbs = wording.verbs if wording is not None else ()
    offered = [item for verb in verbs for item in usable if item.intent.verb == verb]
    return (*dict.fromkeys(offered), buttons.opening(post, view))


def _note(*lines: str, tone: Tone | None = None) -> Note:
    return Note(lines=lines, tone=tone)


# -- to those who decide --------------------------------------------------------------------------


def _please_decide(post: Post, view: PostView) -> Iterator[Part]:
    yield _note(f"{_writers(post, view)} wrote this.", *_whose_yes(post, view))


def _whose_yes(post: Post, view: PostView) -> Iterator[str]:
    """Never more than is true: where somebody else could say it as well, they are named."""
    yield from veto_lines(post, view)
    if missing(post, view.rights).asked == (view.viewer,):
        yield from ("It needs your yes.", *head_lines(post, view))
    else:
        yield from needed_lines(post, view)


def _may_say_yes(post: Post, view: PostView) -> bool:
    reader = view.viewer
    said = any(approval.person == reader for approval in post.approvals)
    return reader is not None and not said and view.rights.may_approve(reader, post.authors)


def _nobody_knows(post: Post, _view: PostView) -> bool:
    return any(item.said is Posted.UNSURE for item in post.postings)


def _reminder(post: Post, view: PostView) -> Iterator[Part]:
    lines = [f"This has waited for a yes since {at(view, post.entered_at)}."]
    lines += _whose_yes(post, view)
    if post.expires_at is not None:
        lines.append(f"Without an answer it ends {at(view, post.expires_at)}.")
    yield _note(*lines)


def _nobody_here(post: Post, view: PostView) -> Iterator[Part]:
    yield _note(f"{_writers(post, view)} wrote this for {title(view, post.content)}.")
    yield _note(*needed_lines(post, view), tone=Tone.CARE)


def _head_asked(post: Post, view: PostView) -> Iterator[Part]:
    if post.questions:
        asked = post.questions[-1]
        label = by("asked you", asked.person, asked.at, view)
        yield Quote(text=asked.words, label=label)
    if post.state is State.IN_REVIEW:
        yield _note(f"It has waited for a yes since {at(view, post.entered_at)}.")
    else:
        yield _note(f"Please answer {both(people(view, sorted(post.authors)))}.")


def _waits_for_the_head(post: Post, _view: PostView) -> bool:
    asked = {dispute.finding for dispute in post.disputes}
    return any(block.key in asked for block in post.blocks)


def _disputed(post: Post, view: PostView) -> Iterator[Part]:
    for dispute in post.disputes:
        yield Quote(text=dispute.reason, label=by("asked you", dispute.person, dispute.at, view))
    yield _note("You can allow it this once. It then still needs a second yes.")


# -- to those who wrote it ------------------------------------------------------------------------


def _approved(post: Post, view: PostView) -> Iterator[Part]:
    yes = both(people(view, dict.fromkeys(item.person for item in post.approvals)))
    lines = [f"{capital(yes)} said yes."]
    due = post.content.not_before
    if post.state is State.PUBLISHED:
        lines.append("It has been posted.")
    elif waits(post, view):
        lines += pause_lines(post, view)
    elif due is not None and due > view.now:
        lines.append(f"It goes out {at(view, due)}.")
    else:
        lines.append(f"Next, {_posters(post, view)} can post it.")
    yield _note(*lines)


def _changes_requested(post: Post, view: PostView) -> Iterator[Part]:
    request = post.change_request
    if request is not None:
        label = by("asked for changes", request.person, request.at, view)
        yield Quote(text=request.reason, label=label)
    yield _note("Please change it and send it again, or cancel your draft.")


def _rejected(post: Post, view: PostView) -> Iterator[Part]:
    for veto in post.vetoes:
        yield Quote(text=veto.reason, label=by("said no", veto.person, veto.at, view))
    owners = either(people(view, (veto.person for veto in post.vetoes)))
    change = "A real change is needed. "
    yield _note(f"{change}The no stands until {owners} has said yes or taken it back.")


def _allowed(post: Post, view: PostView) -> Iterator[Part]:
    for allowance in post.allowances[-1:]:
        label = by("allowed this once", allowance.person, allowance.at, view)
        yield Quote(text=allowance.reason, label=label)
    if post.state is State.IN_REVIEW:
        yield _note("It is now in front of those who can say yes.", *needed_lines(post, view))
    elif post.blocks:
        yield _note("Something else still stands in the way. Please look at it.")
    else:
        yield _note("Next, the pictures are looked at. Then it goes on by itself.")


def _stopped(_post: Post, view: PostView) -> Iterator[Part]:
    yield from _why(view, "post:stopped", "reason", "stopped this")
    yield _note("This post has been stopped and won't go out.")


def _why(view: PostView, tag: str, words: str, did: str) -> Iterator[Part]:
    """What somebody gave as the reason when this last happened; the clock gives none."""
    line = next((line for line in reversed(view.history) if line.tag == tag), None)
    said = (line.payload or {}).get(words) if line is not None else None
    if line is not None and isinstance(said, str) and said:
        yield Quote(text=said, label=by(did, line.person, line.at, view))


def _sent_back(post: Post, view: PostView) -> Iterator[Part]:
    yield _note(*(sent_back(code) for code in post.held_back), tone=Tone.CARE)
    if post.state is State.DRAFT:
        yield _note("Please change it, or cancel your draft.")
    else:
        yield _note("It is again in front of those who can say yes.", *needed_lines(post, view))


def _recalled(post: Post, view: PostView) -> Iterator[Part]:
    yield from _why(view, "post:recalled", "words", "called this back")
    if _posts_it(post, view):
        yield _note(*_PLEASE_STOP, tone=Tone.STOPPED)
    yield _note("It was ready to post, and has been called back. Those who post it have been told.")
    if post.held_back:
        yield _note(*(sent_back(code) for code in post.held_back), tone=Tone.CARE)
    paused = tuple(pause_lines(post, view))
    if paused:
        yield _note(*paused)


def _not_posted(post: Post, view: PostView) -> Iterator[Part]:
    for posting in post.postings:
        if posting.said is not Posted.YES:
            did = "couldn't post it" if posting.said is Posted.CANNOT else "didn't know"
            label = f"{page_of(view, posting.account)}: {by(did, posting.person, posting.at, view)}"
            if posting.words:
                yield Quote(text=posting.words, label=label)
    yield _note(f"Please talk to {_posters(post, view)}, so that it is clear whether it is out.")


def _expired(_post: Post, _view: PostView) -> Iterator[Part]:
    yield _note("This waited too long for an answer, so it won't go out. You can write it again.")


def _veto_lifted(_post: Post, view: PostView) -> Iterator[Part]:
    head = view.rights.head()
    who = with_role(view, head) if head is not None else "The headteacher"
    yield _note(f"{capital(who)} let this go on after your no, and gave a reason.")


# -- to those who post it -------------------------------------------------------------------------


def _stop_posting(post: Post, view: PostView) -> Iterator[Part]:
    """Its first words only where a pause alone called it back: nothing else is said once more."""
    same = view.past.again is Again.PAUSED and not (post.blocks or post.waiting_for)
    if same and _posts_it(post, view):
        yield Quote(text=glimpse(post.content.text), label=f"{_writers(post, view)} wrote")
    else:
        yield _note(f"It is what {both(people(view, sorted(post.authors)))} wrote.")
    yield _note(*_PLEASE_STOP, tone=Tone.STOPPED)


_PLEASE_STOP = ("Please don't post it.", "If it is already posted, please take it down now.")


def _posts_it(post: Post, view: PostView) -> bool:
    reader = view.viewer
    return reader is not None and any(
        view.rights.may_post(reader, account) for account in post.content.accounts
    )


def _not_started_again(_post: Post, view: PostView) -> bool:
    """What a pause called back is no longer to be feared once that is over."""
    return not view.past.paused or view.pause is not None


def _please_remove(post: Post, view: PostView) -> Iterator[Part]:
    yield from removal_words(post, view)
    yield _note("Please take it down now, wherever it is posted.", tone=Tone.STOPPED)


def _did_it_appear(post: Post, view: PostView) -> Iterator[Part]:
    unsure = [item.account for item in post.postings if item.said is Posted.UNSURE]
    where = both([page_of(view, account) for account in unsure]) if unsure else "the page"
    yield _note(f"I couldn't tell whether this reached {where}. Please look, and say what you see.")


def _unposted(post: Post, view: PostView) -> Iterator[Part]:
    since = at(view, post.entered_at)
    yield _note(f"This has been ready to post since {since}, and nobody has posted it yet.")


# -- people ---------------------------------------------------------------------------------------


def _writers(post: Post, view: PostView) -> str:
    return capital(both(people(view, sorted(post.authors))))


def _posters(post: Post, view: PostView) -> str:
    found: list[PersonId] = []
    for account in post.outstanding or post.content.accounts:
        found += view.rights.posters(account)
    return either([person(view, who) for who in dict.fromkeys(found)]) if found else "somebody"


# -- the table ------------------------------------------------------------------------------------

_IN_REVIEW = frozenset({State.IN_REVIEW})
_DECIDES = ("post.approve", "post.request_changes", "post.reject")
_MENDS = ("post.revise", "post.withdraw")
_GOES_OUT = frozenset({State.APPROVED, State.RELEASED, State.PUBLISHED})

WORDINGS: Mapping[Message, Wording] = {
    Message.PLEASE_DECIDE: Wording(
        headline="Please say yes or no",
        tone=Tone.WAITING,
        says=_please_decide,
        true_in=_IN_REVIEW,
        quotes=True,
        verbs=_DECIDES,
        asks=_may_say_yes,
        of_version=True,
    ),
    Message.REMINDER: Wording(
        headline="Still waiting for a yes",
        tone=Tone.WAITING,
        says=_reminder,
        true_in=_IN_REVIEW,
        quotes=True,
        verbs=_DECIDES,
        asks=_may_say_yes,
        of_version=True,
    ),
    Message.NOBODY_HERE: Wording(
        headline="Nobody is here to say yes",
        tone=Tone.CARE,
        says=_nobody_here,
        true_in=_IN_REVIEW,
        follows=True,
    ),
    Message.HEAD_ASKED: Wording(
        headline="You are asked to decide",
        tone=Tone.CARE,
        says=_head_asked,
        true_in=LIVE,
        quotes=True,
        verbs=_DECIDES,
    ),
    Message.DISPUTED: Wording(
        headline="May this go out this once?",
        tone=Tone.CARE,
        says=_disputed,
        true_in=frozenset({State.DRAFT}),
        quotes=True,
        verbs=("post.allow",),
        asks=_waits_for_the_head,
        of_version=True,
    ),
    Message.APPROVED: Wording(
        headline="Approved", tone=Tone.DONE, says=_approved, true_in=_GOES_OUT, follows=True
    ),
    Message.CHANGES_REQUESTED: Wording(
        headline="Changes asked for",
        tone=Tone.CARE,
        says=_changes_requested,
        true_in=frozenset({State.CHANGES_REQUESTED}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.REJECTED: Wording(
        headline="Rejected",
        tone=Tone.STOPPED,
        says=_rejected,
        true_in=frozenset({State.REJECTED}),
        verbs=("post.revise", "post.ask_head", "post.withdraw"),
        of_version=True,
    ),
    Message.VETO_LIFTED: Wording(
        headline="Your no was overruled",
        tone=Tone.CARE,
        says=_veto_lifted,
        true_in=LIVE | {State.PUBLISHED},
    ),
    Message.ALLOWED: Wording(
        headline="Allowed this once",
        tone=Tone.DONE,
        says=_allowed,
        true_in=frozenset({State.DRAFT, State.IN_REVIEW}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.STOPPED: Wording(
        headline="Stopped", tone=Tone.STOPPED, says=_stopped, true_in=frozenset({State.WITHDRAWN})
    ),
    Message.SENT_BACK: Wording(
        headline="Sent back",
        tone=Tone.CARE,
        says=_sent_back,
        true_in=frozenset({State.DRAFT, State.IN_REVIEW}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.STOP_POSTING: Wording(
        headline="Stop: please don't post this",
        tone=Tone.STOPPED,
        says=_stop_posting,
        true_in=frozenset(State) - {State.RELEASED, State.PUBLISHED},
        asks=_not_started_again,
        follows=True,
    ),
    Message.RECALLED: Wording(
        headline="Called back",
        tone=Tone.STOPPED,
        says=_recalled,
        true_in=frozenset({State.DRAFT}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.PLEASE_REMOVE: Wording(
        headline="Please take this down",
        tone=Tone.STOPPED,
        says=_please_remove,
        true_in=frozenset(State),
    ),
    Message.NOT_POSTED: Wording(
        headline="Posting needs help",
        tone=Tone.CARE,
        says=_not_posted,
        true_in=frozenset({State.RELEASED}),
    ),
    Message.DID_IT_APPEAR: Wording(
        headline="Is it posted?",
        tone=Tone.CARE,
        says=_did_it_appear,
        true_in=frozenset({State.RELEASED}),
        quotes=True,
        verbs=("post.posted", "post.cannot_post"),
        asks=_nobody_knows,
    ),
    Message.UNPOSTED: Wording(
        headline="Ready, and not posted yet",
        tone=Tone.CARE,
        says=_unposted,
        true_in=frozenset({State.RELEASED}),
        quotes=True,
        verbs=("post.posted", "post.cannot_post"),
        of_version=True,
    ),
    Message.EXPIRED: Wording(
        headline="Ran out of time",
        tone=Tone.STOPPED,
        says=_expired,
        true_in=frozenset({State.EXPIRED}),
    ),
}
"""Every message of :class:`~moderation.posts.effects.Message`."""
