"""What Microsoft's own renderer and schema say against our cards, forms and manifest for Teams."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest

from adapters.teams import compose_views, forms
from adapters.teams.manifest import manifest
from adapters.teams.reading import in_full
from adapters.teams.render import render
from bot.gallery import gallery, school
from moderation.views import Quote
from tests.adapters.slack.test_inert import everywhere
from tests.adapters.teams.test_compose import EMPTY, WITH_PICTURES
from tests.adapters.teams.test_manifest import WANTED
from tests.e2e import microsoft


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e

LONDON: Final = ZoneInfo("Europe/London")
ADDRESS: Final = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
LONG: Final = replace(
    everywhere("A year"), parts=(Quote(text="What a year it was for all of us. " * 1_000),)
)
"""More words than a card holds."""
HOST: Final = Path(__file__).with_name("teams_host.json")
"""Colours and sizes as Teams has them, as far as Microsoft tells."""
SEARCHED: Final = {
    "An Input.ChoiceSet must have at least one choice defined.",
    'Property "choices.data" is supported in version 1.6, but you are using version 1.5.',
}
"""Said of a search for children: Teams asks for its choices, and has it with version 1.5."""
STYLE: Final = """
.card { max-width: 600px; margin: 0 0 20px; }
.ac-pushButton { border: 1px solid #888; border-radius: 4px; padding: 6px 14px; font: inherit; }
input, textarea, select { font: inherit; }
"""
LOOK: Final = """
([cards, theme, host]) => {
  const config = new AdaptiveCards.HostConfig({ ...host, containerStyles: theme.styles });
  document.body.style.cssText = `margin: 12px; background: ${theme.page}`;
  const wrong = [];
  for (const [name, payload] of Object.entries(cards)) {
    const place = document.createElement("div");
    place.className = "card";
    document.body.append(place);
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = config;
    card.parse(payload);
    card.render(place);
    if (!place.innerText.trim()) wrong.push(`${name}: shows no words`);
    const edge = place.getBoundingClientRect().right + 1;
    for (const it of place.querySelectorAll("*")) {
      if (it.getBoundingClientRect().right > edge) wrong.push(`${name}: beyond the edge`);
    }
    for (const button of place.querySelectorAll(".ac-pushButton")) {
      if (button.innerText && button.offsetWidth < Math.min(80, 30 + 4 * button.innerText.length)) {
        wrong.push(`${name}: no room for ${button.innerText}`);
      }
    }
  }
  return wrong;
}
"""


def drawn() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Everything that Teams may be sent, by a name of its own."""
    pictures = dict.fromkeys((school.CUP, school.GARDEN), ADDRESS)
    for example in gallery():
        name, card = example.name, example.card
        yield name, render(card, pictures.get, request="request-1", viewers=("29:1",)).card
        yield f"{name}-without", render(card, lambda _blob: None, request="request-1").card
        for number, page in enumerate(in_full(card, pictures.get)):
            yield f"{name}-page-{number}", page.card
        for number, button in enumerate((*card.buttons, *card.more)):
            if button.form is not None:
                form = forms.card(button.form, button.intent, request="request-1")
                yield f"{name}-form-{number}", form.card
    for number, page in enumerate(in_full(LONG, request="request-1")):
        yield f"long-{number}", page.card
    for name, sheet in (("write", EMPTY), ("write-pictures", WITH_PICTURES)):
        for dialog in (False, True):
            yield f"{name}-{dialog}", compose_views.compose(sheet, LONDON, dialog=dialog).card


def test_microsofts_renderer_says_nothing_against_any_card() -> None:
    cards = dict(drawn())
    assert len(cards) > 300
    found = microsoft.problems(cards)
    for name in ("write-pictures-False", "write-pictures-True"):
        assert set(found.pop(name)) == SEARCHED
    assert found == {}


def test_microsofts_renderer_does_find_what_is_wrong() -> None:
    body = [{"type": "TextBlok", "text": "a"}, {"type": "Input.Text", "label": "b"}]
    wrong = {"type": "AdaptiveCard", "version": "1.5", "body": body}
    assert set(microsoft.problems({"wrong": wrong})) == {"wrong"}


def test_microsofts_schema_says_nothing_against_the_manifest() -> None:
    made: Any = manifest(WANTED)
    assert microsoft.manifest_problems(made) == []
    assert microsoft.manifest_problems({**made, "accentColor": "blue", "shade": 1}) != []


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (760, "dark")])
def test_every_card_can_be_read_at_this_width(browser: Browser, width: int, theme: str) -> None:
    """No words stand beyond the edge, and every button has room for its own."""
    if not microsoft.RENDERER.exists():
        pytest.skip(microsoft.MISSING)
    look = json.loads(HOST.read_text(encoding="utf-8"))
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content("<body></body>")
    page.add_style_tag(path=microsoft.RENDERER.with_name("adaptivecards.css"))
    page.add_style_tag(content=STYLE)
    page.add_script_tag(path=microsoft.RENDERER)
    shown = {name: card for name, card in drawn() if "-form-" not in name and "-page-" not in name}
    found = page.evaluate(LOOK, [shown, look[theme], look["host"]])
    page.close()
    assert found == []
