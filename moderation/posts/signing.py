"""Whether the yeses that are there are enough, whose they are, and whose are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.kernel import PersonId


if TYPE_CHECKING:
    from moderation.people.rights import Rights
    from moderation.posts.model import Approval, Needs, Post


def signatures(
    needs: Needs, approvals: tuple[Approval, ...]
) -> tuple[PersonId, PersonId | None, PersonId | None] | None:
    """(second, third, head) out of these approvals, or ``None`` while a yes is missing.

    ``third`` is set where two seconds are needed, ``head`` where the head is. Where the head
    doesn't count as a second person, the head's yes comes on top.
    """
    head: PersonId | None = None
    if needs.head:
        head = next((item.person for item in approvals if item.as_head), None)
        if head is None:
            return None
    pool = [item.person for item in approvals if needs.head_counts or item.person != head]
    pool = list(dict.fromkeys(pool))
    if len(pool) < needs.seconds:
        return None
    return pool[0], pool[1] if needs.seconds > 1 else None, head


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

    @property
    def asked(self) -> tuple[PersonId, ...]:
        """Whose yes is needed next: those who are here, and the head where the head's is."""
        head = (self.head,) if self.by_head and self.head is not None else ()
        others = self.here if self.yeses else ()
        return tuple(dict.fromkeys((*others, *head)))


def missing(post: Post, rights: Rights) -> Missing:
    """What the present version lacks before it is approved, as :func:`signatures` counts."""
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
