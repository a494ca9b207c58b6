"""Where the app is and isn't, who came there, and the one welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.teams.inbound import Activity, Kind
from adapters.teams.listeners.commands import help_card
from moderation.kernel import Identity


if TYPE_CHECKING:
    from adapters.teams.hearing import Hear, Parts

WELCOME: Final = (
    "I look after what our school posts: somebody writes it, somebody else says yes. "
    "Send me the words of a post, or choose one of these."
)
WELCOME_HERE: Final = (
    "I can show the posts of an account here, for everybody who may say yes. An administrator "
    "writes to me: schoolgate use-here, and the account's name."
)


def register(hear: Hear) -> None:
    """Hear what is named here."""
    hear.happening(_joined)
    hear.happening(_welcomed)


async def _joined(parts: Parts, activity: Activity, _first: bool) -> None:  # noqa: FBT001 -- as all
    """Who did it doesn't matter: Teams is asked what is true now.

    Everywhere, because whoever joins a team reads all its channels, and one of them is told.
    """
    if activity.kind is Kind.MEMBERS and not activity.origin.personal:
        await parts.joined("")


async def _welcomed(parts: Parts, activity: Activity, first: bool) -> None:  # noqa: FBT001 -- as all
    if activity.kind is not Kind.INSTALLED or not first:
        return
    origin = activity.origin
    if not origin.personal:
        await parts.answers.say(origin, None, (WELCOME_HERE,), openly=True)
        return
    who = await parts.speakers.who(activity.sender, origin)
    if isinstance(who, Identity):
        await parts.answers.show(origin, who, (help_card(),), (WELCOME,))
    elif activity.sender is not None:
        await parts.answers.say(origin, None, (who.sentence,), openly=True)
