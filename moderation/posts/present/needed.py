"""Whose yes is still needed, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.policies.settings import HeadteacherApproves
from moderation.posts.present.speech import people, person, who_is_told, with_role
from moderation.posts.signing import missing
from moderation.words import both, capital, count, either


HEAD_CLAUSE = "-HEAD-"
"""In the id of the pack's clause that says for which posts the headteacher is asked."""
HEAD_FOR_PICTURES = "Our policy: the headteacher says yes to every picture"
HEAD_FOR_ALL = "Our policy: the headteacher says yes to every post"

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView, Surroundings
    from moderation.posts.signing import Missing


def needed_lines(post: Post, view: PostView) -> tuple[str, ...]:
    """What is still needed, in sentences; nothing where every yes is there."""
    lacks = missing(post, view.rights)
    return tuple(_lines(post, view, lacks))


def draft_lines(post: Post, view: Surroundings) -> Iterator[str]:
    """What the author does next, or whom the draft waits for."""
    if post.asked_points:
        head = view.rights.head_for(post.authors)
        if head is not None and head != view.viewer:
            yield f"{capital(with_role(view, head))} has been asked."
    elif post.blocks and post.change_request is not None:
        yield "Please change what is marked, then send it again."
    elif any(block.allowable for block in post.blocks):
        yield "Please change what is marked, or ask the headteacher."
    elif post.blocks:
        yield "Please change what is marked."
    elif post.waiting_for:
        yield "It goes on by itself once its pictures have been looked at."


def changed_since(view: PostView) -> Iterator[str]:
    """Whose yes was lost to the newest change of the words."""
    tags = [line.tag for line in view.history]
    if "post:revised" not in tags:
        return
    newest = len(tags) - 1 - tags[::-1].index("post:revised")
    said = dict.fromkeys(
        line.person
        for line in view.history[:newest]
        if line.tag == "post:approved_by" and line.person is not None
    )
    if said:
        names = both(people(view, said))
        yield f"The words changed after {names} said yes, so it needs a fresh look."


def attended(view: PostView) -> Iterator[str]:
    """Who is looking at it now; it keeps nobody from deciding."""
    if view.in_hand is None or view.in_hand.until is None:
        return
    until = f"{view.in_hand.until.astimezone(view.zone):%H:%M}"
    mine = view.in_hand.person == view.viewer
    who = "You are" if mine else f"{capital(person(view, view.in_hand.person))} is"
    yield f"{who} looking at this until {until}."


def taken(view: PostView) -> str:
    """Who posts it, of several who could."""
    if view.in_hand is None:
        return ""
    if view.in_hand.person == view.viewer:
        return "You have taken this one. The others see that you are posting it."
    who = capital(person(view, view.in_hand.person))
    return f"{who} is posting this. You needn't do anything."


def head_lines(post: Post, view: PostView) -> Iterator[str]:
    """Why the headteacher's yes is needed, in the policy's words; nothing where it isn't."""
    if not post.revision.needs.head:
        return
    wanted = view.pack.settings.headteacher_approves
    pictures = wanted is HeadteacherApproves.IMAGES
    every = wanted is HeadteacherApproves.ALWAYS or (pictures and bool(post.content.attachments))
    asking = {rule.id: rule.clause for rule in view.pack.rules if rule.headteacher}
    clauses = dict.fromkeys(asking[item.rule] for item in post.findings if item.rule in asking)
    if clauses and not every:
        yield from (f"{view.pack.clause(clause)}." for clause in clauses)
        return
    said = next((words for name, words in view.pack.clauses.items() if HEAD_CLAUSE in name), "")
    yield f"{said or (HEAD_FOR_PICTURES if pictures else HEAD_FOR_ALL)}."


def veto_lines(post: Post, view: Surroundings) -> Iterator[str]:
    """A no stands until its owner or the head takes it away (R5)."""
    head = view.rights.head_for(post.authors)
    for veto in post.vetoes:
        owner = person(view, veto.person)
        whose = "Your" if veto.person == view.viewer else f"{capital(owner)}'s"
        over = ""
        if head is not None and head != veto.person:
            over = f", or {with_role(view, head)} with a reason"
        yield f"{whose} no still stands. Only {owner} can take it back{over}."


def _lines(post: Post, view: PostView, lacks: Missing) -> Iterator[str]:
    if lacks.yeses:
        yield from _others(post, view, lacks)
        if _may_as_well(post, view, lacks):
            yield "You can say it as well."
    if lacks.by_head:
        yield _head(view, lacks, also=bool(lacks.yeses))
        yield from head_lines(post, view)


def _others(post: Post, view: Surroundings, lacks: Missing) -> Iterator[str]:
    yeses = f"{count(lacks.yeses)} more {'yes' if lacks.yeses == 1 else 'yeses'}"
    names = people(view, lacks.here)
    if len(lacks.here) > lacks.yeses:
        yield f"{capital(yeses)}: {either(names)}."
    elif len(lacks.here) == lacks.yeses:
        yield f"{capital(yeses)}: {both(names)}."
    else:
        yield _nobody(post, view)
        if lacks.here:
            yield f"{capital(yeses)} needed, and only {both(names)} can say it."
        if lacks.away:
            yield f"Away today: {both(people(view, lacks.away))}."


def _may_as_well(post: Post, view: Surroundings, lacks: Missing) -> bool:
    """The head opens what the page's moderators are asked about: that yes counts too."""
    reader = view.viewer
    return (
        reader is not None
        and reader not in (*lacks.here, *lacks.away, lacks.head)
        and view.rights.may_approve(reader, post.authors)
        and all(approval.person != reader for approval in post.approvals)
    )


def _nobody(post: Post, view: Surroundings) -> str:
    told = who_is_told(view, post)
    heard = f" {capital(with_role(view, told))} has been told." if told is not None else ""
    if told is not None and told == view.viewer:
        heard = " Please find somebody who can."
    return f"Nobody else can approve for this page today.{heard}"


def _head(view: Surroundings, lacks: Missing, *, also: bool) -> str:
    if lacks.head is None:
        leads = view.rights.trust_leads()
        helper = f" {capital(with_role(view, leads[0]))} can name one." if leads else ""
        return f"It needs a headteacher's yes, and there is nobody to give it.{helper}"
    name = person(view, lacks.head)
    stand_in = lacks.head != view.rights.head()
    what = "The headteacher's yes" + (" as well" if also else "")
    return f"{what}, from {name} standing in." if stand_in else f"{what}: {name}."
