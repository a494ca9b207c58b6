"""Slack's page, as somebody uses it: a conversation, its buttons, and dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import FilePayload, expect

from tests.e2e.slack.workspace import NAMES, slack_id


if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.slack.workspace import Workspace

SOON: Final = 45_000
"""Milliseconds."""
AS_SLACK_DOES: Final = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  const said = JSON.parse(data);
  if (said.t === "view_submit") {
    said.values = {...window.standing, ...said.values};
    data = JSON.stringify(said);
  }
  return send.call(this, data);
};
const words = part => part.text ?? (part.elements ?? []).map(words).join(
  part.type === "rich_text" || part.type === "rich_text_list" ? "\\n" : "");
const drawn = (key, value) => value?.type === "rich_text"
  ? {type: "section", text: {type: "plain_text", text: words(value) || " "}} : value;
const told = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data").get;
Object.defineProperty(MessageEvent.prototype, "data", {get() {
  const data = told.call(this);
  return typeof data === "string" ? JSON.stringify(JSON.parse(data, drawn)) : data;
}});
"""
"""A real Slack sends every field of a dialog with what stands in it, where this page sends what was
typed; and it draws rich text, where this page says only that there is some."""


class SlackPage:
    """One person's window."""

    def __init__(self, page: Page, slack: Workspace, person: str) -> None:
        self.page = page
        self.slack = slack
        page.set_default_timeout(SOON)
        page.add_init_script(AS_SLACK_DOES)
        page.goto(slack.url)
        page.get_by_role("combobox").first.select_option(slack_id(person))

    def go(self, conversation: str) -> None:
        """Open a channel by its id, or the app by its name.

        The app's direct messages stand under the person's own name here.
        """
        name = NAMES.get(conversation, conversation)
        self.page.locator(".sidebar-item", has_text=name).first.click()
        expect(self.page.locator("body")).to_contain_text(name)

    def type(self, words: str) -> None:
        """Type into the conversation and send it; a line with a slash is a command."""
        box = self.page.locator("textarea.composer-input")
        box.fill(words)
        box.press("Enter")

    def button(self, label: str) -> Locator:
        """The newest button of that name in the conversation."""
        return self.page.get_by_role("button", name=label, exact=True).last

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog").or_(self.page.locator(".modal")).last

    def send(self, label: str, **chosen: object) -> None:
        """Press the dialog's button. ``chosen``: what stands in fields that the page can't draw."""
        standing = {**standing_in(self.slack.view()), **chosen}
        self.page.evaluate("standing => { window.standing = standing }", standing)
        self.dialog.get_by_role("button", name=label, exact=True).click()

    def attach(self, picture: str, content: bytes) -> None:
        """Put a picture beside what is typed next."""
        file = FilePayload(name=picture, mimeType="image/jpeg", buffer=content)
        self.page.locator("input[type=file]").first.set_input_files(file)

    def hold_upright(self) -> None:
        """As on a phone, where the conversation has the whole screen."""
        self.page.add_style_tag(content=".sidebar, .topbar, header { display: none !important }")

    def sees(self, words: str) -> None:
        """Wait until it stands somewhere on the page."""
        expect(self.page.locator("body")).to_contain_text(words, timeout=SOON)

    def picture(self, path: str) -> None:
        self.page.screenshot(path=path)


def asks(view: dict[str, Any], field: str) -> bool:
    """Whether a dialog is there and has this field: it opens empty, and is filled then."""
    return any(it.get("block_id") == field for it in view.get("blocks", ()))


def chosen(view: dict[str, Any], field: str, label: str) -> dict[str, dict[str, object]]:
    """One line of a field's list, by how it begins."""
    [block] = [it for it in view["blocks"] if it.get("block_id") == field]
    element = block["element"]
    [option] = [it for it in _options(element) if it["text"]["text"].startswith(label)]
    return {field: {element["action_id"]: {"type": element["type"], "selected_option": option}}}


def ticked(view: dict[str, Any]) -> dict[str, dict[str, object]]:
    """Every statement of a dialog."""
    return {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": "checkboxes",
                "selected_options": block["element"]["options"],
            }
        }
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "checkboxes"
    }


def _options(element: dict[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(it for group in groups for it in group["options"])]


def standing_in(view: dict[str, Any]) -> dict[str, dict[str, object]]:
    """The state of a dialog that nobody has touched yet."""
    found: dict[str, dict[str, object]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            found[block["block_id"]] = {element["action_id"]: _untouched(element)}
    return found


def _untouched(element: dict[str, Any]) -> dict[str, object]:
    match element["type"]:
        case "plain_text_input":
            state = {"value": element.get("initial_value")}
        case "multi_static_select" | "multi_external_select" | "checkboxes":
            state = {"selected_options": element.get("initial_options", [])}
        case "static_select" | "radio_buttons":
            state = {"selected_option": element.get("initial_option")}
        case "datetimepicker":
            state = {"selected_date_time": element.get("initial_date_time")}
        case "file_input":
            state = {"files": []}
        case other:
            raise AssertionError(other)
    return {"type": element["type"], **state}
