"""Parts that the deciding card and Ready to post share."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.posts.model import Posted
from moderation.posts.present.speech import at, person
from moderation.views import Note, Picture, Quote, Tone
from moderation.words import capital


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from moderation.kernel import PersonId
    from moderation.ports import Inspection
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Part


BEING_LOOKED_AT = "This picture is still being looked at."


def pictures(post: Post, view: PostView) -> tuple[Picture, ...]:
    """The clean rebuilds in order, each with its description."""
    return tuple(
        _picture(item.alt, view.pictures.get(item.blob)) for item in post.content.attachments
    )


def _picture(alt: str, seen: Inspection | None) -> Picture:
    if seen is None:
        return Picture(blob=None, alt=alt, note=BEING_LOOKED_AT)
    if seen.film is None:
        return Picture(blob=seen.clean, alt=alt)
    return Picture(blob=seen.clean, alt=alt, note=video_note(seen.film.seconds), moves=True)


def video_note(seconds: int) -> str:
    """How long it takes to watch, and that nobody else has."""
    minutes, left = divmod(seconds, 60)
    return f"A video of {minutes}:{left:02}. No automatic check looks inside a video."


def posted_words(said: Posted, url: str) -> str:
    """What became of it on one account."""
    match said:
        case Posted.YES:
            return f"Posted: {url}" if url else "Posted"
        case Posted.CANNOT:
            return "Couldn't be posted"
        case Posted.UNSURE:
            return "Nobody knows whether it is posted"
        case _ as never:
            assert_never(never)


def by(did: str, who: PersonId | None, instant: datetime, view: PostView) -> str:
    """Over somebody's own words: "Mr Lund asked for changes, today 16:02"."""
    return f"{capital(person(view, who))} {did}, {at(view, instant)}"


def removal_words(post: Post, view: PostView) -> Iterator[Part]:
    """Who wants it taken down, and why; the clock gives no words."""
    asked = post.removal_asked
    if asked is None:
        return
    label = by("asked for its removal", asked.person, asked.at, view)
    if asked.words:
        yield Quote(text=asked.words, label=label)
    else:
        yield Note(lines=(f"{label}: it was checked again, and may not be shown.",), tone=Tone.CARE)
