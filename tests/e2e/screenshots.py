"""Pictures of the page: ``python -m tests.e2e.screenshots [--site demo] [--out docs/images]``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from tests.e2e.sandbox import A_PUPIL, AUTHOR, HIS_CLASS, PHONE, PICTURE, SECOND, SIZES, Sandbox
from tests.e2e.serving import ROOT, chromium, served


if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

WORDS: Final = "and the choir for a wonderful concert last night! #OakfieldSings"


def stopped(sandbox: Sandbox) -> None:
    """A pupil's name is stopped, with the words marked and the clause."""
    sandbox.be(AUTHOR)
    sandbox.write(f"Well done to {A_PUPIL} {WORDS}", at_once=True)
    sandbox.propose()
    expect(sandbox.page.get_by_role("group", name="What the checks say")).to_be_visible()
    expect(sandbox.card(sandbox.drafts, WORDS)).to_be_attached()


def pictured(sandbox: Sandbox) -> None:
    """A picture, a whole class in it."""
    sandbox.be(AUTHOR)
    sandbox.write("Our gardeners dug a new flower bed today.", at_once=True)
    page = sandbox.page
    page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    page.get_by_label("Describe picture 1", exact=True).fill("Our field under a clear sky")
    who = page.get_by_label("Who is in it", exact=True)
    option = who.get_by_role("option").filter(has_text=HIS_CLASS)
    who.select_option(value=option.get_attribute("value"))
    chips = page.get_by_role("list", name="Pupils in it")
    expect(chips.get_by_role("button").first).to_be_visible()
    chips.scroll_into_view_if_needed()


def deciding(sandbox: Sandbox) -> None:
    """A second person's seat, with a post that waits for a yes."""
    sandbox.be(AUTHOR)
    sandbox.write(f"Well done to our singers {WORDS}", at_once=True)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(SECOND)
    sandbox.tab("Channel")
    expect(sandbox.card(sandbox.channel, WORDS)).to_be_visible()


def ready(sandbox: Sandbox) -> None:
    """Approved by somebody else, and ready to copy."""
    deciding(sandbox)
    sandbox.press(sandbox.card(sandbox.channel, WORDS), "Approve")
    sandbox.be(AUTHOR)
    sandbox.tab("Messages")
    card = sandbox.private.get_by_role("article").filter(
        has=sandbox.button("Copy the text"), has_text=WORDS
    )
    expect(card.last).to_be_visible()
    card.last.evaluate("card => card.scrollIntoView({block: 'start'})")


def accounts(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    sandbox.command("/channels")
    expect(sandbox.panel).to_be_visible()


SCENES: Final[tuple[Callable[[Sandbox], None], ...]] = (
    stopped,
    pictured,
    deciding,
    ready,
    accounts,
)


def shoot(browser: Browser, site: str, out: Path) -> None:
    """Every scene, at a desk and on a phone, light and dark."""
    out.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        for size, viewport in SIZES.items():
            for dark in (False, True):
                context = browser.new_context(
                    viewport=viewport,
                    color_scheme="dark" if dark else "light",
                    reduced_motion="reduce",
                    locale="en-GB",
                    timezone_id="Europe/London",
                    device_scale_factor=2 if size == PHONE else 1,
                )
                sandbox = Sandbox(context.new_page(), site, phone=size == PHONE)
                sandbox.open()
                scene(sandbox)
                name = f"{scene.__name__}-{size}{'-dark' if dark else ''}.png"
                sandbox.page.screenshot(path=out / name)
                print(out / name)  # noqa: T201
                context.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--site", default="demo", help="demo, fake, or an address")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as data,
        served(wanted.site, Path(data) / "demo") as site,
        chromium() as browser,
    ):
        shoot(browser, site, wanted.out)


if __name__ == "__main__":
    main()
