"""``schoolgate preview``: every card with example data, without any account.

Exit codes (after BSD's sysexits): 0 shown, 1 a card that the platform would turn down, 64 wrong
usage, 78 a folder that can't be written.
"""

from __future__ import annotations

import difflib
import json
from enum import StrEnum
from importlib.resources import files
from pathlib import Path  # noqa: TC003 -- typer reads annotations while running
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from adapters.sandbox.gallery import gallery_page
from adapters.slack import modals
from adapters.slack.limits import problems
from adapters.slack.render import render
from bot.command_line import Exit, say
from bot.gallery import gallery, school


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.gallery import Example
    from moderation.kernel import BlobId

PICTURES: Final[Mapping[BlobId, str]] = {school.CUP: "relay-team.jpg", school.GARDEN: "garden.jpg"}
"""The demo's, in place of the examples'."""
FILES: Final[Mapping[BlobId, str]] = {
    blob: f"F{number:010}" for number, blob in enumerate(PICTURES, start=1)
}
REQUEST: Final = "01EXAMPLE"


class Platform(StrEnum):
    """Where a card is shown."""

    SLACK = "slack"
    PAGE = "page"


def preview(
    name: Annotated[
        str, typer.Argument(help="One card, as Slack's JSON; without it, a list of all.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="A folder to write every card into, made if need be.")
    ] = None,
    platform: Annotated[
        Platform | None, typer.Option(help="Slack's JSON or a page to look at; both if not said.")
    ] = None,
) -> None:
    """Show every card with example data. No account, settings or database is needed."""
    shown = _chosen(name)
    if out is not None:
        _write(shown, out, platform)
    elif name:
        _print(shown[0], platform)
    else:
        width = max(len(example.name) for example in shown)
        say(*(f"{example.name:<{width}}  {example.about}" for example in shown))
        say("", "One as Slack's JSON: schoolgate preview NAME · all of them: --out FOLDER")
    _judge(shown)


def _chosen(name: str) -> tuple[Example, ...]:
    examples = gallery()
    if not name:
        return examples
    found = tuple(example for example in examples if example.name == name)
    if not found:
        near = difflib.get_close_matches(name, [example.name for example in examples], n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise typer.BadParameter(f"there is no such card.{meant}", param_hint="NAME")
    return found


def _print(example: Example, platform: Platform | None) -> None:
    if platform is Platform.PAGE:
        raise typer.BadParameter("a page is written with --out FOLDER", param_hint="--platform")
    say(_json(_message(example)))


def _write(shown: tuple[Example, ...], out: Path, platform: Platform | None) -> None:
    """Raises :class:`OSError` where the folder can't be written."""
    if platform is not Platform.PAGE:
        folder = out / "slack"
        folder.mkdir(parents=True, exist_ok=True)
        for example in shown:
            for name, drawn in _slack(example):
                (folder / f"{name}.json").write_text(f"{_json(drawn)}\n", encoding="utf-8")
        say(f"{folder}: {len(shown)} cards and their dialogs, as Slack takes them.")
    if platform is not Platform.SLACK:
        out.mkdir(parents=True, exist_ok=True)
        for name in PICTURES.values():
            content = files("bot.demo").joinpath("pictures", name).read_bytes()
            (out / name).write_bytes(content)
        page = gallery_page(
            ((example.name, example.about, example.card) for example in shown),
            media_url=PICTURES.__getitem__,
            now=school.NOW.astimezone(school.LONDON),
        )
        (out / "index.html").write_text(page, encoding="utf-8")
        say(f"{out / 'index.html'}: {len(shown)} cards to look at.")


def _judge(shown: tuple[Example, ...]) -> None:
    """What Slack would turn down; there should be nothing."""
    wrong = [
        f"{name}: {problem}"
        for example in shown
        for name, drawn in _slack(example)
        for problem in problems(drawn)
    ]
    say(*wrong, error=True)
    if wrong:
        raise typer.Exit(Exit.NOT_SO)


def _message(example: Example) -> dict[str, Any]:
    return render(example.card, FILES).arguments()


def _slack(example: Example) -> Iterator[tuple[str, dict[str, Any]]]:
    """A card's message, and the dialog of each of its buttons that asks first."""
    yield example.name, _message(example)
    asking = [it for it in (*example.card.buttons, *example.card.more) if it.form is not None]
    for number, button in enumerate(asking, start=1):
        if button.form is not None:
            memo = modals.Memo(intent=button.intent, request=REQUEST)
            verb = button.intent.verb.replace(".", "-").replace("_", "-")
            yield f"{example.name}.{number}-{verb}", modals.form_view(button.form, memo)


def _json(drawn: Mapping[str, Any]) -> str:
    return json.dumps(drawn, ensure_ascii=False, indent=2)
