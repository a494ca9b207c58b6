"""Which buttons a card has: those that the reader may use, the likely one first.

A card that a whole channel sees has every deciding button; whoever presses one is judged then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.posts.audiences import posters
from moderation.posts.model import FINAL, Posted, State
from moderation.posts.present import forms
from moderation.posts.present.findings import points
from moderation.posts.present.speech import page_of, person, title
from moderation.posts.queries.seeing import Sight, sees_history, sight
from moderation.views import Button, Intent, Weight
from moderation.words import NUMBERS


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import AccountId, FindingKey
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Form


Buttons = tuple[tuple[Button, ...], tuple[Button, ...]]
"""Those in the row, likely first, and those that stand behind "More"."""

LIKELY = frozenset({"post.approve", "post.revise", "post.allow", "post.posted"})
HISTORY_ON_CARD = 8
"""Lines under the fold; a longer history has a button of its own."""


def deciding(post: Post, view: PostView) -> Buttons:
    """The buttons of the card that people decide on."""
    if sight(post, view.rights, view.viewer) is not Sight.ALL:
        return (), ()
    if post.state in FINAL:
        return (_removal(post, view), ()) if view.viewer is not None else ((), ())
    row, more = tuple(_row(post, view)), tuple(_more(post, view))
    if not row:
        row, more = more, ()
    return _coloured(row), more


def _coloured(row: tuple[Button, ...]) -> tuple[Button, ...]:
    """Only the first, and only where it is what the reader most likely wants."""
    if row and row[0].intent.verb in LIKELY:
        return (replace(row[0], weight=Weight.PRIMARY), *row[1:])
    return row


def opening(post: Post, view: PostView) -> Button:
    """For a message: the way to the whole card."""
    return _button(post, view, "Look at it", "post.open")


def pictures_shown(post: Post, view: PostView) -> bool:
    """Whether every picture has been looked at, so that the reader sees what goes out."""
    return all(item.blob in view.pictures for item in post.content.attachments)


# -- who the reader is ----------------------------------------------------------------------------


def _author(post: Post, view: PostView) -> bool:
    return view.viewer in post.authors


def _approver(post: Post, view: PostView) -> bool:
    """Whether the reader may say yes or no; a channel is taken to hold somebody who may."""
    if view.viewer is None:
        return True
    return view.rights.may_approve(view.viewer, post.authors)


def _head(post: Post, view: PostView) -> bool:
    who = view.viewer
    return who is not None and view.rights.acts_as_head(who, post.authors)


def _stopper(view: PostView) -> bool:
    return view.viewer is None or view.rights.may_stop(view.viewer)


def _said(post: Post, view: PostView) -> bool:
    return any(approval.person == view.viewer for approval in post.approvals)


# -- the row --------------------------------------------------------------------------------------


def _row(post: Post, view: PostView) -> Iterator[Button]:
    if post.state is State.DRAFT:
        yield from _draft_row(post, view)
        return
    if post.state is State.IN_REVIEW and _approver(post, view):
        if not _said(post, view) and pictures_shown(post, view):
            yield _button(post, view, "Approve", "post.approve", form=forms.approving(post, view))
        yield _request_changes(post, view)
        yield _reject(post, view)
        if not _head(post, view):
            yield _ask_head(post, view)
    elif _author(post, view) and post.state is not State.RELEASED:
        yield _change(post, view)
        if view.viewer != view.rights.head():
            yield _ask_head(post, view)
        yield _cancel(post, view)
    elif post.state is State.APPROVED and _approver(post, view):
        yield _stop(post, view)
        yield _reject(post, view)
    elif post.state is State.REJECTED:
        if _approves_here(view):
            yield _change(post, view)
        yield from _lifts(post, view)
    elif post.state is State.CHANGES_REQUESTED and _approves_here(view):
        yield _change(post, view)
    elif post.state is State.RELEASED and _stopper(view):
        yield _stop(post, view)


def _draft_row(post: Post, view: PostView) -> Iterator[Button]:
    if _author(post, view):
        yield _change(post, view)
        yield from _disputes(post, view)
        yield _cancel(post, view)
    elif _head(post, view):
        yield from _allowances(post, view)
        if post.asked_points:
            yield _decline(post, view)


def _more(post: Post, view: PostView) -> Iterator[Button]:
    if post.state is State.DRAFT:
        # Her answer is yes or no; to end it is something else, and stands apart.
        if _head(post, view) and not _author(post, view) and _stopper(view):
            yield _stop(post, view)
        return
    if post.state is State.IN_REVIEW and _approver(post, view) and not _said(post, view):
        yield _attend(post, view)
    offered = post.state in {State.IN_REVIEW, State.APPROVED}
    if offered and not _author(post, view) and _approves_here(view):
        yield _change(post, view)
    if post.state is State.IN_REVIEW:
        yield from _lifts(post, view)
    shown = post.content.pictured
    if (shown.pupils or shown.staff or view.choosy) and _approver(post, view):
        yield _button(post, view, "Who is in the picture", "post.who")
    if (post.state not in {State.APPROVED, State.RELEASED} and _stopper(view)) or (
        post.state is State.APPROVED and _stopper(view) and not _approver(post, view)
    ):
        yield _stop(post, view)
    shares = sees_history(post, view.rights, view.viewer)
    if shares and len(view.history) > HISTORY_ON_CARD:
        yield _button(post, view, "The whole history", "post.history")


def _approves_here(view: PostView) -> bool:
    """An approver may also change the words, and is an author from then on."""
    return view.viewer is None or view.rights.is_approver(view.viewer)


def _removal(post: Post, view: PostView) -> tuple[Button, ...]:
    """Less exposure never waits: the final card of one reader can still ask for removal."""
    if post.state is not State.PUBLISHED or post.removal_asked or not _stopper(view):
        return ()
    return (removal(post, view),)


def removal(post: Post, view: PostView) -> Button:
    """Once it is out, stopping means asking for its removal."""
    form = forms.reason("Ask for removal", "Why should it be taken down?", "Ask for removal")
    weight = Weight.DANGER
    return _button(post, view, "Ask for removal", "post.stop", form=form, weight=weight)


# -- single buttons -------------------------------------------------------------------------------


def _button(
    post: Post,
    view: PostView,
    label: str,
    verb: str,
    *,
    arg: str = "",
    form: Form | None = None,
    weight: Weight = Weight.PLAIN,
) -> Button:
    return Button(
        label=label,
        intent=Intent(verb=verb, id=post.id, rev=post.revision.number, arg=arg),
        weight=weight,
        form=form,
        describes=title(view, post.content),
    )


def _change(post: Post, view: PostView) -> Button:
    return _button(post, view, "Change it", "post.revise")


def _cancel(post: Post, view: PostView) -> Button:
    return _button(post, view, "Cancel my draft", "post.withdraw")


def _attend(post: Post, view: PostView) -> Button:
    """Each drawing is asked once: said again, from a newer card, it means the contrary."""
    mine = view.in_hand is not None and view.in_hand.person == view.viewer
    label = "I'm no longer on it" if mine else "I'm on it"
    return _button(post, view, label, "post.attend", arg=str(view.version))


def _request_changes(post: Post, view: PostView) -> Button:
    form = forms.reason("Request changes", "What should be changed?", "Request changes")
    return _button(post, view, "Request changes", "post.request_changes", form=form)


def _reject(post: Post, view: PostView) -> Button:
    form = forms.reason("Reject this post", "Why should it not go out?", "Reject")
    return _button(post, view, "Reject", "post.reject", form=form, weight=Weight.DANGER)


def _ask_head(post: Post, view: PostView) -> Button:
    form = forms.reason(
        "Ask the headteacher", "What would you like to ask?", "Ask the headteacher", name="words"
    )
    return _button(post, view, "Ask the headteacher", "post.ask_head", form=form)


def _stop(post: Post, view: PostView) -> Button:
    form = forms.reason("Stop this post", "Why should it be stopped?", "Stop this post")
    return _button(post, view, "Stop this post", "post.stop", form=form, weight=Weight.DANGER)


def _lifts(post: Post, view: PostView) -> Iterator[Button]:
    """Whoever said no takes it back; the head may, with a reason (R5)."""
    for veto in post.vetoes:
        own = veto.person == view.viewer
        if view.viewer is None:
            form = forms.optional_reason(
                "Take back the no",
                "Why may it go on?",
                "Take back the no",
                "Needed unless you said no yourself.",
            )
            label = f"Take back the no of {person(view, veto.person)}"
        elif own:
            form, label = None, "Take back my no"
        elif _head(post, view):
            label = f"Overrule the no of {person(view, veto.person)}"
            form = forms.reason("Overrule the no", "Why may it go on?", "Overrule")
        else:
            continue
        yield _button(post, view, label, "post.lift_veto", arg=veto.person, form=form)


def _disputes(post: Post, view: PostView) -> Iterator[Button]:
    """The author asks about each point that the headteacher could allow."""
    asked = {dispute.finding for dispute in post.disputes}
    if post.change_request is not None:
        return
    points = _points(post)
    if not points and view.viewer != view.rights.head():
        yield _ask_head(post, view)
    for number, key in points.items():
        if key in asked:
            continue
        form = forms.reason("Ask the headteacher", "Why is this all right?", "Ask the headteacher")
        label = _of_several("Ask the headteacher", number, len(post.blocks))
        yield _button(post, view, label, "post.dispute", arg=key, form=form)


def _allowances(post: Post, view: PostView) -> Iterator[Button]:
    for number, key in _points(post).items():
        form = forms.reason("Allow this once", "Why is this all right?", "Allow this once")
        label = _of_several("Allow this once", number, len(post.blocks))
        yield _button(post, view, label, "post.allow", arg=key, form=form)


def _decline(post: Post, view: PostView) -> Button:
    form = forms.reason(
        "Not this time",
        "Why not, and what would help?",
        "Not this time",
        hint="It stays a draft. Whoever wrote it reads this, and can change it.",
    )
    return _button(post, view, "Not this time", "post.decline", form=form)


def _points(post: Post) -> dict[int, FindingKey]:
    """The points that may be allowed, by their number in the list on the card."""
    listed = enumerate(points(post.blocks), start=1)
    return {number: several[0].key for number, several in listed if several[0].allowable}


def _of_several(label: str, number: int, several: int) -> str:
    """Points are told apart by their number in the list, never by a name on a button."""
    if several == 1:
        return label
    return f"{label}: point {NUMBERS[number] if number < len(NUMBERS) else number}"


# -- Ready to post --------------------------------------------------------------------------------


def posting(post: Post, view: PostView) -> Buttons:
    """For each account that waits: it is posted, it can't be, nobody knows."""
    if post.state is State.PUBLISHED:
        return tuple(_after(post, view)), ()
    if post.state is not State.RELEASED or post.removal_asked:
        return (), ()
    waiting = [item for item in post.outstanding if _may_post(view, item)]
    row = tuple(_posted(post, view, at, alone=len(waiting) == 1) for at in waiting)
    if view.in_hand is None or view.in_hand.person == view.viewer:
        row = _coloured((*row, *_take(post, view))) if waiting else row
    rest = tuple(
        button for item in waiting for button in _not_posted(post, view, item, len(waiting))
    )
    stop = (_stop(post, view),) if _stopper(view) else ()
    return ((*row, *rest, *stop), ()) if len(waiting) <= 1 else (row, (*rest, *stop))


def _take(post: Post, view: PostView) -> Iterator[Button]:
    """Nobody needs to keep it from others where there are none."""
    if len(posters(post, view.rights)) > 1:
        label = "I'll post it" if view.in_hand is None else "Give it back"
        yield _button(post, view, label, "post.take", arg=str(view.version))


def _may_post(view: PostView, account: AccountId) -> bool:
    return view.viewer is None or view.rights.may_post(view.viewer, account)


def _posted(post: Post, view: PostView, account: AccountId, *, alone: bool) -> Button:
    where = page_of(view, account)
    label = "I've posted it" if alone else f"I've posted it on {where}"
    return _button(post, view, label, "post.posted", arg=account, form=forms.address(where))


def _not_posted(post: Post, view: PostView, account: AccountId, several: int) -> Iterator[Button]:
    where = "" if several == 1 else f": {page_of(view, account)}"
    cannot = forms.reason("It can't be posted", "What stands in the way?", "I can't post it")
    yield _button(
        post, view, f"I can't post it{where}", "post.cannot_post", arg=account, form=cannot
    )
    unsure = forms.reason("Is it posted?", "What have you seen?", "I don't know")
    yield _button(post, view, f"I don't know{where}", "post.unsure", arg=account, form=unsure)


def _after(post: Post, view: PostView) -> Iterator[Button]:
    """Once it is out: the missing addresses, and its removal."""
    for item in post.postings:
        if item.said is Posted.YES and not item.url and _may_post(view, item.account):
            where = page_of(view, item.account)
            form = replace(forms.address(where), submit="Save the address")
            label = f"Add the address: {where}"
            yield _button(post, view, label, "post.posted", arg=item.account, form=form)
    if _stopper(view) and not post.removal_asked:
        yield removal(post, view)
