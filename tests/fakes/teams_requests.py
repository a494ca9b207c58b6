"""Activities as Teams sends them, raw. Pure."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.teams_connector import BOT, TENANT


if TYPE_CHECKING:
    from tests.fakes.teams_connector import Someone

Json = dict[str, Any]

PATH: Final = "/api/messages"
TEAM: Final = "19:team@thread.tacv2"
_numbers = itertools.count(1)


def activity(
    kind: str,
    person: Someone,
    service_url: str,
    room: str = "",
    **more: Any,  # noqa: ANN401
) -> Json:
    """One activity; ``room`` is a channel, left out for the person's own chat."""
    channel = room.startswith("19:")
    data: Json = {"tenant": {"id": TENANT}}
    if channel:
        data |= {"team": {"id": TEAM}, "channel": {"id": room.partition(";")[0]}}
    return {
        "type": kind,
        "id": f"f:{next(_numbers)}",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": person.account, "name": person.name, "aadObjectId": person.user},
        "recipient": {"id": BOT, "name": "Schoolgate"},
        "conversation": {
            "id": room or person.chat,
            "conversationType": "channel" if channel else "personal",
            "tenantId": TENANT,
            **({"isGroup": True} if channel else {}),
        },
        "channelData": data,
        **more,
    }


def message(person: Someone, service_url: str, text: str, room: str = "", **more: Any) -> Json:  # noqa: ANN401
    """What somebody wrote; in a channel they mention us first."""
    if room:
        at = "<at>Schoolgate</at>"
        entity = {"type": "mention", "mentioned": {"id": BOT, "name": "Schoolgate"}, "text": at}
        more = {"entities": [entity], **more}
        text = f"{at} {text}"
    return activity("message", person, service_url, room, text=text, textFormat="plain", **more)


def invoke(
    person: Someone, service_url: str, name: str, value: Json, room: str = "", card: str = ""
) -> Json:
    """Something that is answered in the same request."""
    more = {"replyToId": card} if card else {}
    return activity("invoke", person, service_url, room, name=name, value=value, **more)


def pressed(
    person: Someone,
    service_url: str,
    action: Json,
    room: str = "",
    card: str = "",
    trigger: str = "manual",
    **inputs: str,
) -> Json:
    """An ``Action.Execute`` of a card that stands there, with what was filled in."""
    said = {"type": "Action.Execute", "verb": action["verb"], "data": action["data"] | inputs}
    value = {"action": said, "trigger": trigger}
    return invoke(person, service_url, "adaptiveCard/action", value, room, card)


def submitted(
    person: Someone, service_url: str, action: Json, room: str = "", card: str = "", **inputs: str
) -> Json:
    """The same from a client that knows ``Action.Submit`` alone."""
    value = action["fallback"]["data"] | inputs
    return activity("message", person, service_url, room, value=value, replyToId=card)


def installed(person: Someone, service_url: str, room: str = "") -> Json:
    """The app came."""
    return activity("installationUpdate", person, service_url, room, action="add")


def removed(person: Someone, service_url: str, room: str = "") -> Json:
    """The app went."""
    return activity("installationUpdate", person, service_url, room, action="remove")


def came(person: Someone, service_url: str, room: str, *members: str) -> Json:
    """Somebody joined a team."""
    added = [{"id": it} for it in members]
    return activity("conversationUpdate", person, service_url, room, membersAdded=added)
