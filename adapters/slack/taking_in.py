"""Pictures that somebody hands in: fetched from Slack, looked at, and what there is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.door import Declined
from adapters.slack.compose_blocks import MOST_FILES
from adapters.slack.compose_desk import NotFetched
from moderation.posts.model import Attachment
from moderation.words import capital, count, counted


if TYPE_CHECKING:
    from collections.abc import Iterable

    from adapters.slack.parts import Call

NO_PICTURES: Final = (
    "Only pictures are taken here. A list of pupils goes to whoever runs Schoolgate, who imports "
    "it on the server: it must not stand in a chat, so please delete it."
)


async def taken_in(
    call: Call, files: Iterable[str], before: Iterable[Attachment] = ()
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """Those that can be used, in the order in which they came, and why others can't.

    ``files`` are Slack's ids. What is among ``before`` isn't taken once more.
    """
    taken: list[Attachment] = []
    notes: list[str] = []
    known = {it.blob for it in before}
    for file in files:
        got = await call.parts.incoming.fetch(file)
        if isinstance(got, NotFetched):
            notes.append(got.sentence)
            continue
        looked = await call.door.upload(got.content, file_name=got.name, by=call.by)
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
    if taken == MOST_FILES:
        most = f"at most {count(MOST_FILES)} pictures, and nothing else"
        return (f"{stay}: a post begins with {most}.",)
    return (f"{stay}.", NO_PICTURES)
