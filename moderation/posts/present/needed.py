"""Whose yes is still needed, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.kernel import PersonId
from moderation.posts.present.speech import people, person, who_is_told, with_role
from moderation.words import both, capital, count, either


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.people.rights import Rights
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView, Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """``yeses`` of ``here`` (``away`` could give them too), and the head's where ``by_head``.

    ``head`` is who gives the head's yes, ``None`` where nobody can. The head, who may always say
    yes, is among ``here`` only where the page's own moderators are too few.
    """

    yeses: int
    here: tuple[PersonId, ...]
    away: tuple[PersonId, ...]
    by_head: bool
    head: PersonId | None

    @property
    def nothing(self) -> bool:
        return self.yeses == 0 and not self.by_head


def missing(post: Post, rights: Rights) -> Missing:
    """What the present version lacks before it is approved, as ``signing.signatures`` counts."""
    needs, authors = post.revision.needs, post.authors
    said = tuple(dict.fromkeys(approval.person for approval in post.approvals))
    given = next((item.person for item in post.approvals if item.as_head), None)
    by_head = needs.head and given is None
    head = rights.head_for(authors) if by_head else None
    apart = needs.head and not needs.head_counts
    yeses = max(0, needs.seconds - len([who for who in said if not (apart and who == given)]))
    if by_head and not apart:
        yeses = max(0, yeses - 1)
    others = [
        who
        for who in rights.approvers(authors)
        if who not in said and not (by_head and who == head)
    ]
    here = tuple(who for who in others if rights.here(who))
    own = tuple(who for who in here if rights.moderates(who))
    return Missing(
        yeses=yeses,
        here=own if len(own) >= yeses else here,
        away=tuple(who for who in others if not rights.here(who)),
        by_head=by_head,
        head=head,
    )


def needed_lines(post: Post, view: Surroundings) -> tuple[str, ...]:
    """What is still needed, in sentences; nothing where every yes is there."""
    lacks = missing(post, view.rights)
    return tuple(_lines(post, view, lacks))


def draft_lines(post: Post, view: Surroundings) -> Iterator[str]:
    """What the author does next, or whom the draft waits for."""
    asked = {dispute.finding for dispute in post.disputes}
    if any(block.key in asked for block in post.blocks):
        head = view.rights.head_for(post.authors)
        if head is not None and head != view.viewer:
            yield f"{capital(with_role(view, head))} has been asked."
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


def veto_lines(post: Post, view: Surroundings) -> Iterator[str]:
    """A no stands until its owner or the head takes it away (R5)."""
    head = view.rights.head_for(post.authors)
    for veto in post.vetoes:
        owner = person(view, veto.person)
        over = ""
        if head is not None and head != veto.person:
            over = f", or {with_role(view, head)} with a reason"
        yield f"That no stands. Only {owner} can take it back{over}."


def _lines(post: Post, view: Surroundings, lacks: Missing) -> Iterator[str]:
    if lacks.yeses:
        yield from _others(post, view, lacks)
    if lacks.by_head:
        yield _head(view, lacks, also=bool(lacks.yeses))


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
