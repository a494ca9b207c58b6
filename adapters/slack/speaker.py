"""Who speaks in Slack, and where it is safe to show a card: asked of Slack, believed for minutes.

Nothing that a payload says of a person is believed beyond their id and their workspace, which Slack
has signed.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters.believing import NOTHING, Believed, Told, short_name
from adapters.slack.client import FAULTS, CannotAsk, code_of
from moderation.kernel import Identity, Platform


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.slack.inbound import Sender

log = structlog.get_logger(__name__)

ASKING: Final = 2.0
"""Seconds: a click's trigger lives three."""
LONGEST_ADDRESS: Final = 254
"""RFC 5321, without the brackets."""
SLACKBOT: Final = "USLACKBOT"
"""Says of itself that it is no bot."""
NOT_THERE: Final = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


class Why(StrEnum):
    """Why somebody can't use Schoolgate from here."""

    BOT = "bot"
    GUEST = "guest"
    ELSEWHERE = "elsewhere"
    LEFT = "left"
    UNKNOWN = "unknown"
    CANNOT_ASK = "cannot_ask"


SENTENCES: Final[Mapping[Why, str]] = {
    Why.BOT: "Apps can't propose or approve posts. A person has to do it.",
    Why.GUEST: (
        "Guests of this workspace can't use Schoolgate. Please ask a colleague who works here."
    ),
    Why.ELSEWHERE: (
        "Only people of the school's own workspace can use Schoolgate. Please ask a colleague "
        "at the school."
    ),
    Why.LEFT: "This Slack account is switched off, so it can't use Schoolgate.",
    Why.UNKNOWN: "Slack doesn't know this account, so it can't use Schoolgate.",
    Why.CANNOT_ASK: (
        "Slack can't tell us at the moment who you are. Nothing was done. "
        "Please try again in a minute."
    ),
}


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who can read nothing and decide nothing here."""

    why: Why

    @property
    def sentence(self) -> str:
        return SENTENCES[self.why]


class Speakers:
    """One workspace's people. ``team`` and ``enterprise`` are ours, as ``auth.test`` tells them.

    ``now`` is in seconds and never goes back.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        team: str,
        enterprise: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._team = team
        self._enterprise = enterprise
        self._believed = Believed[Why](now, cannot_ask=CannotAsk)

    async def who(self, sender: Sender) -> Identity | Stranger:
        """The full member who sent this, or why it is nobody that we listen to."""
        if sender.workspace != self._team and not self._is_organisation(sender.workspace):
            return Stranger(Why.ELSEWHERE)
        if sender.team and sender.team != self._team and not self._enterprise:
            return Stranger(Why.ELSEWHERE)
        try:
            why = await self._why_not(sender.user)
        except CannotAsk:
            return Stranger(Why.CANNOT_ASK)
        return Identity(Platform.SLACK, sender.user) if why is None else Stranger(why)

    async def is_member(self, user: str) -> bool:
        """Whether this is a full member of ours. Raises :class:`CannotAsk`."""
        return await self._why_not(user) is None

    def told(self, user: str) -> Told:
        """The name and the confirmed address of a full member who has just spoken.

        Slack isn't asked again.
        """
        return self._believed.told(user)

    def _is_organisation(self, workspace: str) -> bool:
        return bool(self._enterprise) and workspace == self._enterprise

    async def _why_not(self, user: str) -> Why | None:
        return await self._believed.why_not(user, lambda: self._ask(user))

    async def _ask(self, user: str) -> Why | None:
        try:
            async with asyncio.timeout(ASKING):
                answer = await self._client.users_info(user=user)
                why = self._judge(user, answer["user"])
                told = _told(answer["user"]) if why is None else NOTHING
        except FAULTS as fault:
            code = code_of(fault)
            if code not in NOT_THERE:
                log.warning("slack.cannot_ask_who", error=code)
                raise CannotAsk(code) from None
            why, told = Why.UNKNOWN, NOTHING
        except (KeyError, TypeError):
            raise CannotAsk("no_user_in_the_answer") from None
        self._believed.remember(user, why, told)
        return why

    def _judge(self, user: str, told: Mapping[str, Any]) -> Why | None:
        if told.get("id") != user:
            return Why.UNKNOWN
        if told.get("deleted"):
            return Why.LEFT
        if told.get("is_bot") or told.get("is_workflow_bot") or user == SLACKBOT:
            return Why.BOT
        if told.get("is_stranger") or not self._is_ours(told):
            return Why.ELSEWHERE
        if told.get("is_restricted") or told.get("is_ultra_restricted"):
            return Why.GUEST
        return None

    def _is_ours(self, told: Mapping[str, Any]) -> bool:
        if told.get("team_id") == self._team:
            return True
        # In an organisation of several workspaces a person's first one may be another.
        member = told.get("enterprise_user") or {}
        return (
            bool(self._enterprise)
            and member.get("enterprise_id") == self._enterprise
            and self._team in (member.get("teams") or ())
        )


def _told(user: Mapping[str, Any]) -> Told:
    found = user.get("profile")
    profile = found if isinstance(found, dict) else {}
    name = short_name(profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return Told(email=_confirmed_address(user), name=name)


def _confirmed_address(told: Mapping[str, Any]) -> str:
    """As Slack has confirmed it; one of which Slack doesn't say so is nobody's."""
    if told.get("is_email_confirmed") is not True:
        return ""
    profile = told.get("profile")
    email = profile.get("email") if isinstance(profile, dict) else None
    return email if isinstance(email, str) and len(email) <= LONGEST_ADDRESS else ""
