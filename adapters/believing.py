"""What a platform said of somebody, believed for minutes and asked once at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar


if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable

BELIEVED: Final = 300.0
"""Seconds for which an answer is believed."""
BELIEVED_IN_NEED: Final = 3600.0
"""Seconds for which a full member is believed while the platform can't be asked."""
MOST_KNOWN: Final = 5_000

LONGEST_NAME: Final = 80
"""Characters: the most that somebody may call themselves in Slack."""

W = TypeVar("W")
"""Why somebody is nobody that we listen to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the platform tells of somebody. ``email`` is verified, ``name`` what they chose."""

    email: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


NOTHING: Final = Told()


@dataclass(frozen=True, slots=True)
class _Known(Generic[W]):
    why: W | None
    at: float
    told: Told = NOTHING


class Believed(Generic[W]):
    """What is known of people, by their id at the platform; ``None`` for a full member.

    ``now`` is in seconds and never goes back. ``cannot_ask`` is raised by whoever asks in vain.
    """

    def __init__(self, now: Callable[[], float], *, cannot_ask: type[Exception]) -> None:
        self._now = now
        self._cannot_ask = cannot_ask
        self._known: OrderedDict[str, _Known[W]] = OrderedDict()
        self._asking: dict[Hashable, asyncio.Task[W | None]] = {}

    async def why_not(
        self,
        user: str,
        ask: Callable[[], Coroutine[None, None, W | None]],
        *,
        question: Hashable | None = None,
    ) -> W | None:
        """What is believed of somebody, or the answer to ``ask``; twenty clicks ask once.

        ``question`` tells questions about one person apart, where they are asked in several places.
        Raises what ``cannot_ask`` is, where nothing that is still believed helps.
        """
        known = self._known.get(user)
        age = self._now() - known.at if known is not None else BELIEVED_IN_NEED
        if known is not None and age < BELIEVED:
            return known.why
        try:
            return await self._once(user if question is None else question, ask)
        except self._cannot_ask:
            if known is not None and known.why is None and age < BELIEVED_IN_NEED:
                return None
            raise

    async def _once(
        self, question: Hashable, ask: Callable[[], Coroutine[None, None, W | None]]
    ) -> W | None:
        asking = self._asking.get(question)
        if asking is None:
            asking = asyncio.create_task(ask(), name="ask the platform who this is")
            self._asking[question] = asking
            asking.add_done_callback(lambda _done: self._asking.pop(question, None))
        return await asyncio.shield(asking)

    def remember(self, user: str, why: W | None, told: Told = NOTHING) -> None:
        """An answer that is about the person."""
        self._known[user] = _Known(why, self._now(), told)
        self._known.move_to_end(user)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def told(self, user: str) -> Told:
        """Of a full member who has just spoken; nothing of anybody else. Nobody is asked again."""
        known = self._known.get(user)
        return known.told if known is not None and known.why is None else NOTHING


def short_name(*told: object) -> str:
    """The first that is a name, on one line and no longer than one may be."""
    whole = (it.encode("utf-8", "ignore").decode() for it in told if isinstance(it, str))
    names = (" ".join(it.split()) for it in whole)
    return next((it[:LONGEST_NAME] for it in names if it), "")
