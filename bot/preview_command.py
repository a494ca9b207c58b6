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
from adapters.slack import limits as slack_limits, modals
from adapters.slack.render import render as render_for_slack
from adapters.teams import limits as teams_limits
from adapters.teams.render import render as render_for_teams
from bot.command_line import Exit, say
from bot.gallery import gallery, school


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from adapters.teams.envelope import Message
    from bot.gallery import Example
    from moderation.kernel import BlobId

PICTURES: Final[Mapping[BlobId, str]] = {school.CUP: "relay-team.jpg", school.GARDEN: "garden.jpg"}
"""The demo's, in place of the examples'."""
FILES: Final[Mapping[BlobId, str]] = {
    blob: f"F{number:010}" for number, blob in enumerate(PICTURES, start=1)
}
PUBLIC: Final = "https://schoolgate.example.org/media/{}"
"""Where Teams would fetch a picture."""
REQUEST: Final = "01EXAMPLE"


class Platform(StrEnum):
    """Where a card is shown."""

    SLACK = "slack"
    TEAMS = "teams"
    PAGE = "page"


def preview(
    name: Annotated[
        str, typer.Argument(help="One card, as Slack's or Teams' JSON; without it, a list of all.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="A folder to write every card into, made if need be.")
    ] = None,
    platform: Annotated[
        Platform | None,
        typer.Option(help="Slack's or Teams' JSON, or a page to look at; all three if not said."),
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
        say("", "One as JSON: schoolgate preview NAME --platform teams · all: --out FOLDER")
    _judge(shown)


def _chosen(name: str) -> tuple[Example, ...]:
    examples = gallery()
    if not name:
        return examples
    found = tuple(example for example in examples if example.name == name)
    if not found:
        near = difflib.get_close_matches(name, [example.name for example in examples], n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        all_of_them = "For a list of them: schoolgate preview."
        raise typer.BadParameter(f"there is no such card.{meant} {all_of_them}", param_hint="NAME")
    return found


def _print(example: Example, platform: Platform | None) -> None:
    if platform is Platform.PAGE:
        raise typer.BadParameter("a page is written with --out FOLDER", param_hint="--platform")
    teams = platform is Platform.TEAMS
    say(_json(dict(_for_teams(example).card) if teams else _message(example)))


def _write(shown: tuple[Example, ...], out: Path, platform: Platform | None) -> None:
    """Raises :class:`OSError` where the folder can't be written."""
    if platform in {None, Platform.SLACK}:
        _write_json(out / "slack", (drawn for it in shown for drawn in _slack(it)))
        say(f"{out / 'slack'}: {len(shown)} cards and their dialogs, as Slack takes them.")
    if platform in {None, Platform.TEAMS}:
        _write_json(out / "teams", ((it.name, dict(_for_teams(it).card)) for it in shown))
        say(f"{out / 'teams'}: {len(shown)} cards with their forms, as Teams takes them.")
    if platform in {None, Platform.PAGE}:
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


def _write_json(folder: Path, drawn: Iterable[tuple[str, dict[str, Any]]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, card in drawn:
        (folder / f"{name}.json").write_text(f"{_json(card)}\n", encoding="utf-8")


def _judge(shown: tuple[Example, ...]) -> None:
    """What Slack or Teams would turn down; there should be nothing."""
    wrong = [
        f"{name}: {problem}"
        for example in shown
        for name, drawn in _slack(example)
        for problem in slack_limits.problems(drawn)
    ]
    wrong += [
        f"{example.name}: {problem}"
        for example in shown
        for problem in teams_limits.problems(_for_teams(example))
    ]
    say(*wrong, error=True)
    if wrong:
        raise typer.Exit(Exit.NOT_SO)


def _message(example: Example) -> dict[str, Any]:
    return render_for_slack(example.card, FILES).arguments()


def _for_teams(example: Example) -> Message:
    addresses = {blob: PUBLIC.format(name) for blob, name in PICTURES.items()}
    return render_for_teams(example.card, addresses.get, request=REQUEST)


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
