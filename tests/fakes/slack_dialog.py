"""A dialog as Slack's client shows it: it holds what is typed, and tells it when it is sent.

What stood in a field stays there when the dialog is redrawn with a field of the same name, as in
Slack; a field of another name begins with what the drawing says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]


@dataclass
class Dialog:
    """``view`` is what was drawn last, with Slack's own id in it where it has one."""

    view: Mapping[str, Any]
    state: dict[tuple[str, str], Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.draw(self.view)

    def draw(self, view: Mapping[str, Any]) -> None:
        """Show this instead; what was typed stays in the fields that are still there."""
        kept, self.state, self.view = self.state, {}, view
        for block in view["blocks"]:
            if block["type"] == "input":
                key = (block["block_id"], block["element"]["action_id"])
                self.state[key] = kept.get(key) or _begun(block["element"])

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(block for block, _ in self.state)

    def block(self, name: str) -> Json:
        """The input that is named so, or whose name begins so."""
        found = [
            block
            for block in self.view["blocks"]
            if block["type"] == "input"
            and (block["block_id"] == name or block["block_id"].startswith(f"{name}:"))
        ]
        return dict(found[0])

    def write(self, name: str, words: str | None) -> None:
        self._held(name)["value"] = words

    def choose(self, name: str, *labels: str) -> None:
        """Choose by what can be read, as people do."""
        element = self.block(name)["element"]
        groups = element.get("option_groups") or [{"options": element.get("options", [])}]
        every = [option for group in groups for option in group["options"]]
        found = [next(it for it in every if it["text"]["text"] == label) for label in labels]
        self._choose(name, found)

    def take(self, name: str, options: Iterable[Json]) -> None:
        """Choose among what a search was answered with."""
        self._choose(name, list(options))

    def attach(self, *files: Mapping[str, Any]) -> None:
        self._held("files")["files"] = [dict(file) for file in files]

    def at(self, name: str, moment: int) -> None:
        self._held(name)["selected_date_time"] = moment

    def sent(self) -> Json:
        """The view as Slack sends it along."""
        values: dict[str, Json] = {}
        for (block, action), held in self.state.items():
            values.setdefault(block, {})[action] = held
        return {**self.view, "state": {"values": values}}

    def words(self) -> str:
        """Everything that can be read in it."""
        return "\n".join(_read(self.view["blocks"]))

    def _held(self, name: str) -> Json:
        block = self.block(name)
        return self.state[block["block_id"], block["element"]["action_id"]]

    def _choose(self, name: str, options: list[Json]) -> None:
        held = self._held(name)
        if "selected_options" in held:
            held["selected_options"] = options
        else:
            [held["selected_option"]] = options


def _begun(element: Mapping[str, Any]) -> Json:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            held: Json = {"value": element.get("initial_value")}
        case "static_select" | "radio_buttons":
            held = {"selected_option": element.get("initial_option")}
        case "file_input":
            held = {"files": []}
        case "datetimepicker":
            held = {"selected_date_time": element.get("initial_date_time")}
        case _:
            held = {"selected_options": list(element.get("initial_options", ()))}
    return {"type": kind, **held}


def _read(found: object) -> Iterable[str]:
    match found:
        case {"type": "plain_text" | "text", "text": str(words)}:
            yield words
        case dict():
            for value in found.values():
                yield from _read(value)
        case list():
            for value in found:
                yield from _read(value)
        case _:
            return
