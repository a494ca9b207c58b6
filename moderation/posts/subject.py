"""The posts' door: ties facts, rules, evolution and effects together for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.posts import events as happened
from moderation.posts.effects import effects
from moderation.posts.evolution import evolve
from moderation.posts.facts import FactFinder
from moderation.posts.model import POST
from moderation.posts.ports import Former
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import RULES, Rules, decide


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.kernel import Asked, Effect, Refused
    from moderation.posts.commands import Command
    from moderation.posts.events import Event
    from moderation.posts.guards import Facts
    from moderation.posts.model import Post
    from moderation.posts.ports import Posts as PostStore, PostsUnit


_ONLY_THE_HEAD = ((Refusal.HEAD_NEEDED,), (Refusal.HELD, Refusal.HEAD_NEEDED))
"""Why a version goes back in which nothing is wrong: its pictures stay what they were."""
_DOWN = (happened.Recalled, happened.RemovalAsked, happened.SentBack, happened.Stopped)


@dataclass(frozen=True, slots=True)
class Posts:
    """Implements :class:`moderation.kernel.Subject`. ``rules`` other than RULES are for tests."""

    finder: FactFinder
    rules: Rules = RULES

    @property
    def kind(self) -> str:
        return POST

    def subject_id(self, command: Command) -> str:
        return command.post

    def repository(self, unit: PostsUnit) -> PostStore:
        return unit.posts

    async def facts(
        self, unit: PostsUnit, state: Post | None, command: Command, asked: Asked
    ) -> Facts:
        return await self.finder.gather(unit, state, command, asked)

    def decide(
        self, state: Post | None, command: Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked, self.rules)

    def evolve(self, state: Post | None, event: Event) -> Post:
        return evolve(state, event)

    def effects(self, state: Post, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)

    async def remember(self, unit: PostsUnit, post: Post, events: Iterable[object]) -> None:
        """Know the pictures of a post again that was called back, stopped or is to be removed.

        Whether anybody in them may be shown is asked when they come again, not now: a family's
        no often follows the taking down.
        """
        content = post.content
        shown = content.pictured.pupils | content.pictured.staff
        if not shown or not any(map(_took_down, events)):
            return
        seen = await unit.inspections.get(frozenset(item.blob for item in content.attachments))
        await unit.inspections.take_down(
            {
                Former(likeness=one.look.likeness, post=post.id, revision=post.revision.id)
                for one in seen.values()
                if one.look is not None and one.look.likeness
            }
        )


def _took_down(event: object) -> bool:
    if isinstance(event, happened.SentBack | happened.Recalled):
        return event.reasons not in _ONLY_THE_HEAD
    return isinstance(event, _DOWN)
