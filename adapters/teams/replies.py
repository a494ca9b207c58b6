"""What an invoke is answered with: a body in the shape that its name asks for. Pure.

Each goes out with HTTP 200: what went wrong for the person is said to the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from adapters.teams.drawing import ADAPTIVE


if TYPE_CHECKING:
    from collections.abc import Sequence

ACTION: Final = "adaptiveCard/action"
SEARCH: Final = "application/search"
QUERY: Final = "composeExtension/query"
DIALOGS: Final = frozenset(
    {
        "task/fetch",
        "task/submit",
        "composeExtension/fetchTask",
        "composeExtension/submitAction",
    }
)
SAYS: Final = "application/vnd.microsoft.activity.message"
FOUND: Final = "application/vnd.microsoft.search.searchResponse"
LONGEST_TOAST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` is JSON; ``said`` is the same in words, for whoever is told too late for it.

    ``alone``: it is for this person's eyes, and nothing of it may stay in a chat.
    """

    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    said: tuple[str, ...] = field(default=(), repr=False)
    alone: bool = False


def card(adaptive: Mapping[str, Any], said: Sequence[str] = ()) -> Reply:
    """The card that was pressed is replaced by this one, for this person alone."""
    return Reply({"statusCode": 200, "type": ADAPTIVE, "value": dict(adaptive)}, tuple(said))


def nothing() -> Reply:
    """The pressed card stays as it is, and nobody is told anything."""
    error = {"code": "NotFound", "message": "Nothing to show."}
    return Reply({"statusCode": 404, "type": "application/vnd.microsoft.error", "value": error})


def is_card(reply: Reply) -> bool:
    """Whether it replaces the card that was pressed."""
    return reply.body.get("type") == ADAPTIVE


def say(name: str, sentences: Sequence[str]) -> Reply:
    """Sentences, to whoever sent the invoke ``name``."""
    said = " ".join(sentences)[:LONGEST_TOAST]
    body: dict[str, Any]
    if name == ACTION:
        body = {"statusCode": 200, "type": SAYS, "value": said}
    elif name in DIALOGS:
        body = {"task": {"type": "message", "value": said}}
    elif name == QUERY:
        body = {"composeExtension": {"type": "message", "text": said}}
    elif name == SEARCH:
        body = {"statusCode": 200, "type": FOUND, "value": {"results": []}}
    else:
        body = {}
    return Reply(body, tuple(sentences))
