"""One example or more of all that our listeners are registered for, as Slack would send it.

Derived from the registration itself: whoever adds a listener of a kind, an event or a dialog that
has no example here is told so by :func:`examples`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from adapters import intents, payloads
from adapters.slack import compose_views as draw, listeners, modals, names, reading
from moderation.kernel import PostId
from moderation.views import Intent
from tests.bot.chat.office import FACEBOOK_PLACE, Office, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_dialog import Dialog
from tests.fakes.slack_workspace import TEAM, View
from tests.fakes.trust import OKAFOR, REED


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts

Json = dict[str, Any]
Constraint = str | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Example:
    """``kind`` is how it travels: ``interactive``, ``typed`` or ``happened``."""

    name: str
    kind: str
    payload: Json

    @property
    def sent(self) -> ask.Sent:
        match self.kind:
            case "typed":
                return ask.typed(self.payload)
            case "happened":
                return ask.happened(self.payload)
            case _:
                return ask.interactive(self.payload)


@dataclass
class Recorder:
    """Stands for Bolt's app while listeners are registered, and notes each of them."""

    heard: list[tuple[str, Constraint]] = field(default_factory=list)

    def __getattr__(self, kind: str) -> Callable[..., Callable[[object], None]]:
        def register(constraint: Constraint, **_more: object) -> Callable[[object], None]:
            self.heard.append((kind, constraint))
            return lambda _listener: None

        return register


def registered() -> tuple[tuple[str, Constraint], ...]:
    """How each listener is registered, where messages to us are heard: its kind and its name."""
    recorder = Recorder()
    # What a listener does with its parts it does when something is heard.
    parts = SimpleNamespace(commands=names.Commands(), direct_messages=True)
    listeners.register(cast("AsyncApp", recorder), cast("Parts", parts))
    return tuple(recorder.heard)


# -- what is sent ---------------------------------------------------------------------------------

ANYTHING: Final = "nobody:listens"
WORDS: Final = ("", "help", "queue", "photos 4B", "whoami", "policy", "use-here", "away", "x")


def examples(office: Office, post: PostId, writing: View, asking: View) -> tuple[Example, ...]:
    """At least one for each listener. ``writing`` and ``asking`` are open: a post's, a button's."""
    desk = _Desk(office, post, writing, asking)
    found: list[Example] = []
    for kind, constraint in registered():
        made = [
            Example(f"{kind} {_name(constraint)}", how, payload)
            for how, payload in desk.of(kind, _name(constraint))
        ]
        assert made, f"nothing is sent for {kind} {constraint}"
        found += made
    return tuple(found)


def _name(constraint: Constraint) -> str:
    """Something that fits: the name itself, or the first of a row like ``do:1``."""
    if isinstance(constraint, str):
        return constraint
    if not constraint.pattern:
        return ANYTHING
    name = constraint.pattern.replace(r"\d{1,4}", "1")
    assert constraint.fullmatch(name), constraint
    return name


@dataclass(frozen=True, slots=True)
class _Desk:
    office: Office
    post: PostId
    writing: View
    asking: View

    def of(self, kind: str, name: str) -> Iterator[tuple[str, Json]]:
        match kind:
            case "command":
                yield from (("typed", self._typed(name, words)) for words in WORDS)
            case "block_action" | "action":
                yield from (("interactive", it) for it in self._presses(name))
            case "options":
                search = {"type": "block_suggestion", "action_id": name, "value": "Ame"}
                yield "interactive", {**self._view(draw.COMPOSE), **search, "block_id": "also"}
                yield "interactive", {**self._view(draw.COMPOSE), **search, "block_id": "but:4B"}
            case "view" | "view_submission":
                yield "interactive", self._view(name)
            case "view_closed":
                yield "interactive", {**self._view(name), "type": "view_closed"}
            case "global_shortcut" | "shortcut":
                yield "interactive", self._shortcut(name, None)
            case "message_shortcut":
                yield "interactive", self._shortcut(name, self._message())
            case "event":
                yield from (("happened", it) for it in self._events(name))
            case _:
                raise AssertionError(f"nobody knows what is sent for {kind}")

    @property
    def _user(self) -> str:
        return user_of(REED)

    def _trigger(self) -> str:
        return self.office.slack.trigger(self._user)

    def _typed(self, name: str, words: str) -> Json:
        return ask.command(
            name, words, user=self._user, channel=FACEBOOK_PLACE, trigger=self._trigger()
        )

    def _message(self) -> Json:
        picture = {"id": "F0BANNER1", "mimetype": "image/png"}
        return {
            "ts": "1790000000.000009",
            "user": user_of(OKAFOR),
            "text": "We won",
            "files": [picture],
        }

    def _shortcut(self, name: str, message: Json | None) -> Json:
        return ask.shortcut(name, user=self._user, trigger=self._trigger(), message=message)

    def _view(self, callback: str) -> Json:
        if callback == modals.FORM:
            body = {**self.asking.body, "id": self.asking.id, "hash": self.asking.hash}
            words = {"reason": {"field:0": {"type": "plain_text_input", "value": "No."}}}
            return ask.submitted(body, words, user=user_of(OKAFOR))
        body = {**self.writing.body, "id": self.writing.id, "hash": self.writing.hash}
        if callback != draw.COMPOSE:
            assert callback in {reading.READING, ANYTHING}, f"no dialog is called {callback}"
            body = modals.told("Who", ()) | {"id": "V0READING", "callback_id": callback}
        form = Dialog(body).sent()
        return ask.submitted(form, form["state"]["values"], user=self._user)

    def _presses(self, name: str) -> Iterator[Json]:
        if name == draw.LOOK:
            looked = self._view(draw.COMPOSE)
            action = {"action_id": name, "block_id": "who", "action_ts": "1.2"}
            yield {**looked, "type": "block_actions", "actions": [action]}
            return
        row = name.partition(":")[0]
        if row in {"do", "ask", "whole", "more", "read"}:
            yield from self._of_each_verb(row, name)
        else:
            yield self._pressed({"action_id": name, "type": "button", "value": "x"})
            yield self._at_home({"action_id": name, "type": "button"})

    def _of_each_verb(self, row: str, name: str) -> Iterator[Json]:
        """A button of each verb, in the channel; a few of them in the Home tab as well."""
        for number, verb in enumerate(sorted(intents.VERBS)):
            value = payloads.dumps(Intent(verb=verb, id=self.post, rev=1, arg="1"))
            action: Json = {"action_id": name, "type": "button", "value": value}
            if row == "more":
                chosen = {"value": f"{('do', 'ask', 'whole')[number % 3]}:{value}"}
                action = {"action_id": name, "type": "overflow", "selected_option": chosen}
            yield self._pressed(action)
            if number % 5 == 0:
                yield self._at_home(action)

    def _pressed(self, action: Json) -> Json:
        card = self.office.message(FACEBOOK_PLACE)
        return ask.pressed(
            action,
            user=user_of(OKAFOR),
            channel=card.channel,
            ts=card.ts,
            trigger=self.office.slack.trigger(user_of(OKAFOR)),
            response_url=self.office.slack.response_url(card.channel, user_of(OKAFOR)),
        )

    def _at_home(self, action: Json) -> Json:
        pressed = self._pressed(action)
        view = {"id": "V0HOME", "type": "home", "blocks": []}
        del pressed["message"], pressed["channel"], pressed["response_url"]
        return {**pressed, "container": {"type": "view", "view_id": "V0HOME"}, "view": view}

    def _events(self, name: str) -> Iterator[Json]:
        user = self._user
        said = ask.mentioned("hello", user=user, channel=FACEBOOK_PLACE)
        match name:
            case "app_mention":
                inner: tuple[Json, ...] = ({},)
            case "app_home_opened":
                inner = ({"channel": "D0HOME", "tab": "home"}, {"tab": "messages"})
            case "message":
                inner = tuple(self._direct(words) for words in WORDS)
                inner += (
                    {**self._direct("The pond."), "subtype": "file_share", **self._files()},
                    {**self._direct(""), "subtype": "message_changed"},
                    {"channel_type": "channel", "text": "Not to us."},
                )
            case "member_joined_channel" | "channel_shared" | "app_uninstalled":
                inner = ({},)
            case "tokens_revoked":
                inner = ({"tokens": {"oauth": [user]}},)
            case _:
                assert name == ANYTHING, f"nobody knows what is told of {name}"
                inner = ({},)
        for number, more in enumerate(inner):
            event = {**said["event"], "type": name, **more}
            yield {**said, "team_id": TEAM, "event_id": f"Ev0{name}{number}", "event": event}

    def _direct(self, words: str) -> Json:
        place = self.office.slack.workspace.direct(self._user).id
        return {"channel_type": "im", "channel": place, "text": words, "ts": "1790000000.000100"}

    def _files(self) -> Json:
        return {"files": [{"id": "F0BANNER1", "mimetype": "image/png"}]}
