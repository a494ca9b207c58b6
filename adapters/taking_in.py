"""Pictures that somebody hands in on any platform: fetched, looked at, what there is to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from adapters.door import Declined
from moderation.posts.model import Attachment
from moderation.words import capital, count, counted


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from adapters.door import Door
    from moderation.kernel import Identity

F = TypeVar("F")

MOST_PICTURES: Final = 10
"""Of one post."""
NO_PICTURES: Final = (
    "Only pictures are taken here, no videos yet. A list of pupils goes to whoever runs "
    "Schoolgate, who imports it on the server: it must not stand in a chat, so please delete it."
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes, unjudged, and what the sender called it."""

    content: bytes = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotFetched:
    """``sentence`` tells the person why, and what to do."""

    sentence: str


async def taken_in(
    door: Door,
    fetch: Callable[[F], Awaitable[Fetched | NotFetched]],
    files: Iterable[F],
    *,
    by: Identity,
    before: Iterable[Attachment] = (),
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """Those that can be used, in the order in which they came, and why others can't.

    ``files`` are whatever the platform's ``fetch`` gets. What is among ``before`` isn't taken once
    more.
    """
    taken: list[Attachment] = []
    notes: list[str] = []
    known = {it.blob for it in before}
    for file in files:
        got = await fetch(file)
        if isinstance(got, NotFetched):
            notes.append(got.sentence)
            continue
        looked = await door.upload(got.content, file_name=got.name, by=by)
        if isinstance(looked, Declined):
            notes.append(f"{got.name}: {' '.join(looked.sentences)}")
        elif looked.blob not in known:
            known.add(looked.blob)
            taken.append(Attachment(blob=looked.blob, alt="", file_name=got.name))
            notes += [looked.note] if looked.note else []
    return tuple(taken), tuple(dict.fromkeys(notes))


def left_behind(others: int, *, taken: int) -> tuple[str, ...]:
    """What to say of a message's ``others``: files of it that aren't among the pictures taken."""
    if not others:
        return ()
    stay = f"{capital(counted(others, 'file'))} {'stay' if others > 1 else 'stays'} behind"
    if taken == MOST_PICTURES:
        most = f"at most {count(MOST_PICTURES)} pictures, and nothing else"
        return (f"{stay}: a post begins with {most}.",)
    return (f"{stay}.", NO_PICTURES)
