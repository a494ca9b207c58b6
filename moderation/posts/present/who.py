"""Who is in the picture, in full, for one reader's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.people.present import year_name
from moderation.posts.model import POST
from moderation.posts.present.speech import title
from moderation.views import Facts, Note, Tone
from moderation.words import both, capital, card, counted


if TYPE_CHECKING:
    from moderation.posts.queries.views import PicturedPupil, WhoPage
    from moderation.views import Card


COLLEAGUE = "Works here"
UNSHOWN = "Works here, and would rather not be shown"


def who_is_in(found: WhoPage) -> Card:
    """A private card; whoever asks for it is noted first."""
    post, view = found.page.post, found.page.view
    rows = tuple((pupil.name, _where(pupil)) for pupil in found.pupils)
    staff = tuple((name, COLLEAGUE) for name in found.staff)
    unshown = tuple((name, UNSHOWN) for name in found.unshown)
    said = [counted(len(rows), "pupil"), *([counted(len(staff), "colleague")] if staff else [])]
    return card(
        SubjectRef(POST, post.id),
        version=view.version,
        title=f"Who is in the picture: {title(view, post.content)}",
        state=capital(both(said)),
        tone=Tone.CARE,
        parts=(
            *(Facts(part) for part in (rows, staff, unshown) if part),
            Note(lines=("Only you see this. That you looked has been noted.",)),
        ),
    )


def _where(pupil: PicturedPupil) -> str:
    return " · ".join(filter(None, (year_name(pupil.year), pupil.form)))
