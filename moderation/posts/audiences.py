"""Who is meant by an audience of a post, today. Symbols are stored; people are looked up here."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.kernel import Audience


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights
    from moderation.posts.model import Post


def audience(which: Audience, post: Post, rights: Rights) -> tuple[PersonId, ...]:
    """The people meant, without repetition. ``PERSON`` is nobody here: the effect names them."""
    match which:
        case Audience.AUTHORS:
            found = tuple(sorted(post.authors))
        case Audience.APPROVERS:
            found = _approvers(post, rights)
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
        case Audience.PERSON:
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


def _approvers(post: Post, rights: Rights) -> tuple[PersonId, ...]:
    """Those who could say yes, are here, and have not said it to this version."""
    said = {approval.person for approval in post.approvals}
    here = rights.available_approvers(post.authors)
    head = _some(rights.head_for(post.authors)) if post.revision.needs.head else ()
    return tuple(person for person in (*here, *head) if person not in said)


def _some(person: PersonId | None) -> tuple[PersonId, ...]:
    return () if person is None else (person,)
