"""Who may see what of a post: the one answer for cards, lists and refusals."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from moderation.people.model import Role
from moderation.posts.model import FINAL, State


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights
    from moderation.posts.model import Post


AUDITORS = frozenset({Role.GOVERNOR, Role.CHAIR_OF_GOVERNORS, Role.TRUST_LEAD})


class Sight(StrEnum):
    """How much of a post somebody sees."""

    NOTHING = "nothing"
    """It answers like a post that doesn't exist."""
    OUTLINE = "outline"
    """Where it goes and how it stands, without a word or a picture of it."""
    ALL = "all"


def sight(post: Post, rights: Rights, person: PersonId | None) -> Sight:
    """What this reader sees today; ``None`` is a whole channel.

    A draft is its authors' (and the head's, once the head is asked about it). In review it is also
    the approvers' and of those who may stop it; handed out, the posters'; posted, the school's.
    """
    unseen = post.state is State.DRAFT or (post.state in FINAL and _never_shown(post))
    if person is None:
        return Sight.OUTLINE if unseen else Sight.ALL
    if not rights.roles(person):
        return Sight.NOTHING
    if person in post.authors or _asked_as_head(post, rights, person):
        return Sight.ALL
    if _decides(post, rights, person):
        return Sight.OUTLINE if unseen else Sight.ALL
    if post.state is State.PUBLISHED:
        return Sight.ALL
    if post.state is State.RELEASED and any(
        rights.may_post(person, account) for account in post.content.accounts
    ):
        return Sight.ALL
    return Sight.NOTHING


def sees_history(post: Post, rights: Rights, person: PersonId | None) -> bool:
    """The head, governors and the trust lead; authors and approvers of this very post."""
    if person is None:
        return sight(post, rights, None) is Sight.ALL
    roles = rights.roles(person)
    if not roles:
        return False
    return (
        person in post.authors
        or bool(roles & AUDITORS)
        or rights.is_approver(person)
        or rights.acts_as_head(person, post.authors)
    )


def _decides(post: Post, rights: Rights, person: PersonId) -> bool:
    return (
        rights.is_approver(person)
        or rights.acts_as_head(person, post.authors)
        or rights.may_stop(person)
    )


def _asked_as_head(post: Post, rights: Rights, person: PersonId) -> bool:
    asked = bool(post.disputes or post.questions)
    return asked and rights.acts_as_head(person, post.authors)


def _never_shown(post: Post) -> bool:
    """Whether this version ended before it was ever in front of an approver."""
    return bool(post.blocks or post.waiting_for)
