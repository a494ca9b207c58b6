"""The card that people decide on, and Ready to post."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.checks.model import Who
from moderation.kernel import SubjectRef
from moderation.posts.model import POST, State
from moderation.posts.present import buttons
from moderation.posts.present.findings import finding_groups, marks
from moderation.posts.present.history import HISTORY, history_lines
from moderation.posts.present.needed import (
    attended,
    changed_since,
    draft_lines,
    needed_lines,
    veto_lines,
)
from moderation.posts.present.parts import by, pictures, posted_words, removal_words
from moderation.posts.present.pausing import AFTERWARDS, afresh, pause_lines, why_back
from moderation.posts.present.refusals import sent_back
from moderation.posts.present.speech import at, page_of, people, title
from moderation.posts.present.states import BEING_CHANGED, state_of
from moderation.posts.queries.seeing import Sight, sees_history, sight
from moderation.views import Facts, Media, Note, Quote, Tone
from moderation.words import both, card as worded, counted


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Card, Part


SEVERAL = 2
"""More posts than this near the same time are no longer counted."""
PICTURES_UNSEEN = "Not every picture can be shown yet, so nobody can say yes."


def card(post: Post, view: PostView) -> Card:
    """What the reader (or a whole channel) sees of a post, and may do about it."""
    state, tone = state_of(post, view)
    row, more = buttons.deciding(post, view)
    outline = sight(post, view.rights, view.viewer) is not Sight.ALL
    return worded(
        SubjectRef(POST, post.id),
        version=view.version,
        title=title(view, post.content),
        state=_outlined(post, state) if outline else state,
        tone=tone,
        parts=tuple(_outline(post) if outline else _parts(post, view)),
        buttons=row,
        more=more,
    )


def without_approval(shown: Card, why: str = PICTURES_UNSEEN) -> Card:
    """The card where the platform couldn't show a picture: nobody says yes to what is unseen."""
    return worded(
        shown.subject,
        version=shown.version,
        title=shown.title,
        state=shown.state,
        tone=shown.tone,
        parts=(*shown.parts, Note(lines=(why,), tone=Tone.CARE)),
        buttons=[item for item in shown.buttons if item.intent.verb != "post.approve"],
        more=shown.more,
    )


def _outlined(post: Post, state: str) -> str:
    return BEING_CHANGED if post.state is State.DRAFT else state


def _outline(post: Post) -> Iterator[Part]:
    """A draft is its authors' own; the place in the channel says where it has gone."""
    if post.state is State.DRAFT:
        yield Note(lines=("It is with its author. It comes back here when it is ready.",))


def _parts(post: Post, view: PostView) -> Iterator[Part]:
    yield Note(lines=(_who_and_when(post, view),))
    yield Quote(text=post.content.text, marks=marks(post))
    if post.content.attachments:
        yield Media(pictures(post, view))
    rows = _facts(post, view)
    if rows:
        yield Facts(rows)
    yield from finding_groups(post, view)
    yield from _said_by_people(post, view)
    yield from _needed(post, view)
    lines = history_lines(post, view)[-buttons.HISTORY_ON_CARD :]
    if lines and sees_history(post, view.rights, view.viewer):
        yield Note(lines=lines, fold=HISTORY)


def _who_and_when(post: Post, view: PostView) -> str:
    revision, past = post.revision, view.past
    when = at(view, past.written_at or revision.at)
    # The same words under a new number are no change.
    changed = past.changed if past.written_at is not None else revision.number > 1
    written = both(people(view, sorted(post.authors, key=lambda who: who != revision.by)))
    by = f"Written by {written}, {when}"
    if changed:
        by = f"Written by {written}, changed {when} (version {revision.number})"
    return f"{by} · {_goes_out(post, view)}" if _goes_out(post, view) else by


def _goes_out(post: Post, view: PostView) -> str:
    due = post.content.not_before
    if post.state in {State.RELEASED, State.PUBLISHED, State.WITHDRAWN, State.EXPIRED}:
        return ""
    if due is not None and due > view.now:
        return f"goes out {at(view, due)}"
    if view.pause is None:
        return "goes out as soon as it is approved"
    # The others aren't drawn anew when posts are started again.
    return AFTERWARDS if post.state in {State.IN_REVIEW, State.APPROVED} else ""


def _facts(post: Post, view: PostView) -> tuple[tuple[str, str], ...]:
    rows: list[tuple[str, str]] = []
    if post.content.attachments:
        rows.append(("In the pictures", _who_is_in(post, view)))
    if post.content.permissions:
        rows.append(("Permission", both(post.content.permissions)))
    rows += [
        (page_of(view, posting.account), posted_words(posting.said, posting.url))
        for posting in post.postings
    ]
    return tuple(rows)


def _who_is_in(post: Post, view: PostView) -> str:
    """Pupils by initials and year: the card may be read by many."""
    staff = sorted(people(view, post.content.pictured.staff))
    return "; ".join((_pupils_in(post, view), *((f"colleagues: {both(staff)}",) if staff else ())))


def _pupils_in(post: Post, view: PostView) -> str:
    match post.content.pictured.who:
        case Who.NOT_SAID:
            return "Nobody has said yet"
        case Who.NOBODY:
            return "No pupils"
        case Who.NOT_RECOGNISABLE:
            return "No pupil can be recognised"
        case Who.THESE:
            pupils = counted(len(post.content.pictured.pupils), "pupil")
            return "; ".join(view.pictured) or pupils
        case _ as never:
            assert_never(never)


def _said_by_people(post: Post, view: PostView) -> Iterator[Part]:
    """What people gave as their reasons, in their own words."""
    if why_back(post):
        yield Note(lines=tuple(sent_back(code) for code in why_back(post)), tone=Tone.CARE)
    for veto in post.vetoes:
        yield Quote(text=veto.reason, label=by("said no", veto.person, veto.at, view))
    for dispute in post.disputes:
        label = by("asked the headteacher", dispute.person, dispute.at, view)
        yield Quote(text=dispute.reason, label=label)
    request = post.change_request
    if request is not None:
        did = "said no" if post.state is State.DRAFT else "asked for changes"
        yield Quote(text=request.reason, label=by(did, request.person, request.at, view))
    for allowance in post.allowances:
        label = by("allowed this once", allowance.person, allowance.at, view)
        yield Quote(text=allowance.reason, label=label)
    for question in post.questions:
        if question.words:
            label = by("asked the headteacher", question.person, question.at, view)
            yield Quote(text=question.words, label=label)
    for posting in post.postings:
        if posting.words:
            where = page_of(view, posting.account)
            yield Quote(
                text=posting.words,
                label=f"{where}: {by('said', posting.person, posting.at, view)}",
            )
    yield from removal_words(post, view)


def _needed(post: Post, view: PostView) -> Iterator[Part]:
    lines = [*pause_lines(post, view)]
    if post.state is State.DRAFT:
        lines += draft_lines(post, view)
    if post.state is State.IN_REVIEW:
        lines += attended(view)
        if not buttons.pictures_shown(post, view):
            lines.append(PICTURES_UNSEEN)
        lines += [
            *changed_since(view),
            *afresh(view),
            *veto_lines(post, view),
            *needed_lines(post, view),
        ]
    if post.state in {State.IN_REVIEW, State.APPROVED}:
        given = people(view, (approval.person for approval in post.approvals))
        if given:
            lines.append(f"Approved by {both(given)}.")
    lines += _near(view)
    if lines:
        yield Note(lines=tuple(lines), tone=Tone.WAITING)


def _near(view: PostView) -> Iterator[str]:
    """R12: the posts that go out near the same time; the first by its time, the rest counted."""
    if not view.conflicts:
        return
    first = view.conflicts[0]
    where = page_of(view, first.account)
    yield f"Another post for {where} goes out close to this one: {at(view, first.at)}."
    others = len(view.conflicts) - 1
    if others > SEVERAL:
        yield "So do several more posts."
    elif others:
        yield f"So {'does' if others == 1 else 'do'} {counted(others, 'more post')}."
