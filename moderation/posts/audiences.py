"""Who is meant by an audience of a post, today. Symbols are stored; people are looked up here."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.kernel import Audience
from moderation.posts.signing import missing


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights
    from moderation.posts.model import Post


def audience(which: Audience, post: Post, rights: Rights) -> tuple[PersonId, ...]:
    """The people meant, without repetition.

    ``PERSON`` is nobody here: the effect names them. Nor is ``WITNESSES``: of posts they are told
    nothing.

    ``APPROVERS`` are those whose yes is needed next. The head may always say yes, and is asked
    where the head's yes is needed, or where the page's own moderators are too few.
    """
    match which:
        case Audience.AUTHORS:
            found = tuple(sorted(post.authors))
        case Audience.APPROVERS:
            found = _asked(post, rights)
        case Audience.POSTERS:
            found = posters(post, rights)
        case Audience.HEAD:
            found = _some(rights.head_for(post.authors) or rights.head()) or rights.trust_leads()
        case Audience.TRUST_LEAD:
            found = rights.trust_leads()
        case Audience.SAFEGUARDING:
            found = rights.safeguarding()
        case Audience.ADMINISTRATORS:
            found = rights.administrators()
        case Audience.PERSON | Audience.WITNESSES:
            found = ()
        case _:
            assert_never(which)
    return tuple(dict.fromkeys(found))


def posters(post: Post, rights: Rights) -> tuple[PersonId, ...]:
    """Everybody who may put this post on one of its accounts."""
    return tuple(
        dict.fromkeys(
            person for account in post.content.accounts for person in rights.posters(account)
        )
    )


def _asked(post: Post, rights: Rights) -> tuple[PersonId, ...]:
    """Whose yes is needed next, and whoever has yet to take back a no (R5)."""
    said_no = (veto.person for veto in post.vetoes)
    owners = tuple(who for who in said_no if rights.may_approve(who, post.authors))
    return (*missing(post, rights).asked, *filter(rights.here, owners))


def _some(person: PersonId | None) -> tuple[PersonId, ...]:
    return () if person is None else (person,)
