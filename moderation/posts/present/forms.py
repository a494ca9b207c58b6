"""What a button asks before it acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.model import NotAPupil
from moderation.posts.guards import LONGEST_ADDRESS, LONGEST_REASON
from moderation.posts.present.speech import field_words
from moderation.views import Choice, Confirm, Form, Text


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.checks.model import Finding
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView


CONFIRM = "confirm:"
"""A ticked statement's field is named by this and the finding's key."""
WHOSE: Mapping[NotAPupil, str] = {
    NotAPupil.VISITOR: "A visitor's",
    NotAPupil.STAFF: "A colleague's",
    NotAPupil.PUBLIC: "Somebody's in public life",
    NotAPupil.OTHER: "Somebody else's, or not a name at all",
}
FACTS_ONLY = "Facts only, please. The person concerned may be entitled to read this."


def approving(post: Post, view: PostView) -> Form | None:
    """One statement to tick for each flag; no form where nothing was flagged.

    Of a name that may be a pupil's it is asked whose it is.
    """
    if not post.flags:
        return None
    return Form(
        title="Before you say yes",
        fields=tuple(_stated(flag, post, view) for flag in post.flags),
        submit="Approve",
        note="Say only what you have checked yourself.",
    )


def _stated(flag: Finding, post: Post, view: PostView) -> Confirm | Choice:
    name = f"{CONFIRM}{flag.key}"
    statement = view.pack.confirmations.get(flag.confirm, "I have checked this myself.")
    if not flag.asks_whose:
        return Confirm(name=name, statement=statement)
    words = field_words(flag, post.content)
    return Choice(
        name=name,
        label=statement,
        options=tuple((kind.value, said) for kind, said in WHOSE.items()),
        hint=f"Whose is “{words}”?" if words else "Whose name is it?",
    )


def reason(title: str, label: str, submit: str, *, name: str = "reason", hint: str = "") -> Form:
    """One box for words that may be read by the person they are about."""
    box = Text(name=name, label=label, hint=hint, limit=LONGEST_REASON)
    return Form(title=title, fields=(box,), submit=submit, note=FACTS_ONLY)


def optional_reason(title: str, label: str, submit: str, hint: str) -> Form:
    """As :func:`reason`, where the reader alone knows whether a reason is owed."""
    box = Text(name="reason", label=label, hint=hint, limit=LONGEST_REASON, required=False)
    return Form(title=title, fields=(box,), submit=submit, note=FACTS_ONLY)


def address(page: str) -> Form:
    """Where the post can be seen, if it is at hand."""
    box = Text(
        name="url",
        label="Address of the post",
        hint="Copy it from the post itself. You can also add it later.",
        limit=LONGEST_ADDRESS,
        lines=1,
        required=False,
    )
    return Form(title=f"Posted on {page}", fields=(box,), submit="I've posted it")
