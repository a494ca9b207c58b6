"""botbuilder's turn around each activity: :class:`~botbuilder.core.BotAdapter` and its handler.

botbuilder's own ``CloudAdapter`` isn't used: its ``process`` answers every invoke that has a body
with 500, and its client decides by itself what is tried again. What is sent goes through ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botbuilder.core import ActivityHandler, BotAdapter, InvokeResponse, TurnContext
from botbuilder.schema import (
    Activity as TurnActivity,
    ActivityTypes,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    ResourceResponse,
)

from adapters.sentences import NOT_HERE
from adapters.teams import replies
from adapters.teams.inbound import Kind


if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.teams.client import Connector
    from adapters.teams.hearing import Hear
    from adapters.teams.inbound import Activity

OURS: Final = "schoolgate.activity"
FIRST: Final = "schoolgate.first"
OK: Final = 200
TYPES: Final = {
    Kind.MESSAGE: ActivityTypes.message,
    Kind.INVOKE: ActivityTypes.invoke,
    Kind.INSTALLED: ActivityTypes.installation_update,
    Kind.LEFT: ActivityTypes.installation_update,
    Kind.MEMBERS: ActivityTypes.conversation_update,
    Kind.OTHER: ActivityTypes.event,
}


class Turns(BotAdapter):  # type: ignore[misc] # botbuilder tells no types
    """Runs one turn for each activity; ``bot`` hears it."""

    def __init__(self, connector: Connector, hear: Hear) -> None:
        super().__init__()
        self._connector = connector
        self._bot = Bot(hear)

    async def run(self, activity: Activity, *, first: bool = False) -> dict[str, Any] | None:
        """What the activity is answered with, where it is an invoke."""
        context = TurnContext(self, _of_botbuilder(activity))
        context.turn_state[OURS] = activity
        context.turn_state[FIRST] = first
        await self.run_pipeline(context, self._bot.on_turn)
        answer = context.turn_state.get(self._INVOKE_RESPONSE_KEY)
        return None if answer is None else answer.value.body

    async def send_activities(
        self, context: TurnContext, activities: Sequence[TurnActivity]
    ) -> list[ResourceResponse]:
        """An invoke's answer is kept for the request; everything else goes to the connector."""
        sent = []
        for activity in activities:
            if activity.type == ActivityTypes.invoke_response:
                context.turn_state[self._INVOKE_RESPONSE_KEY] = activity
                sent.append(ResourceResponse())
                continue
            answer = await self._connector.send(
                activity.service_url, activity.conversation.id, activity.serialize()
            )
            sent.append(ResourceResponse(id=answer.id))
        return sent

    async def update_activity(
        self, _context: TurnContext, activity: TurnActivity
    ) -> ResourceResponse:
        """Put another in its place."""
        answer = await self._connector.update(
            activity.service_url, activity.conversation.id, activity.id, activity.serialize()
        )
        return ResourceResponse(id=answer.id or activity.id)

    async def delete_activity(
        self, _context: TurnContext, reference: ConversationReference
    ) -> None:
        """Nothing of ours is deleted: cards are redrawn to their final state."""
        raise NotImplementedError(type(reference).__name__)


class Bot(ActivityHandler):  # type: ignore[misc] # botbuilder tells no types
    """Hands each activity on, as what it is."""

    def __init__(self, hear: Hear) -> None:
        super().__init__()
        self._hear = hear

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Taken in beside the request, which Teams would send again after some seconds."""
        activity = turn_context.turn_state[OURS]
        if self._hear.parts.is_new(activity):
            self._hear.parts.patience.begin(self._hear.said(activity))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """Answered in the request itself, always with a body of our own making."""
        activity = turn_context.turn_state[OURS]
        reply = await self._hear.invoked(activity)
        if reply is None:
            reply = replies.say(activity.name, (NOT_HERE,))
        return InvokeResponse(status=OK, body=dict(reply.body))

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app came or went."""
        self._happened(turn_context)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Somebody came or went."""
        self._happened(turn_context)

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Everything else."""
        self._happened(turn_context)

    def _happened(self, context: TurnContext) -> None:
        activity, first = context.turn_state[OURS], context.turn_state[FIRST]
        self._hear.parts.patience.begin(self._hear.happened(activity, first=first))


def _of_botbuilder(activity: Activity) -> TurnActivity:
    """Made of what was read, because its own reader stumbles over what it doesn't know."""
    origin, who = activity.origin, activity.sender
    return TurnActivity(
        type=TYPES[activity.kind],
        id=origin.activity,
        name=activity.name,
        channel_id="msteams",
        service_url=origin.service_url,
        conversation=ConversationAccount(id=origin.thread or origin.conversation),
        from_property=ChannelAccount(id=who.account if who is not None else ""),
        recipient=ChannelAccount(id=origin.bot),
        value=dict(activity.value),
    )
