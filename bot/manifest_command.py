"""``schoolgate manifest``: what a chat platform has to be told about Schoolgate, ready to hand in.

Exit codes: 0 done; 64 wrong usage; 78 configuration, or a folder that can't be written.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 -- typer reads annotations while running
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import typer
import yaml

from adapters.slack import manifest as made
from adapters.slack.manifest import Wanted
from adapters.slack.names import Commands
from adapters.teams import manifest as made_for_teams
from bot.command_line import HERE, Config, Exit, say, settings_of


if TYPE_CHECKING:
    from bot.settings import Settings

HELP: Final = "Write the manifest of the app that staff see in their chat."
NO_ADDRESS: Final = (
    "Slack has to know where to reach Schoolgate. Say so: --address https://schoolgate.example.org",
    "Without a public address, set chat.slack.mode to socket: Schoolgate then rings Slack up.",
)
NO_APP: Final = (
    "Teams has to know which bot it is. Set chat.teams.app_id to the id of its registration in "
    "Microsoft Entra."
)
NO_TEAMS_ADDRESS: Final = (
    "Teams has to know where to reach Schoolgate. Set chat.teams.public_url, such as "
    "https://schoolgate.example.org/."
)
HAND_IN: Final = (
    "Next: in the Teams admin centre, Manage apps, Upload new app. docs/teams.md says the rest."
)
NOT_PUBLIC: Final = "Slack reaches a public https:// address alone, such as https://{}."

manifest = typer.Typer(help=HELP, no_args_is_help=True)


@manifest.callback()
def _group() -> None:
    """One command for each platform."""


@manifest.command("slack")
def slack(
    address: Annotated[
        str | None,
        typer.Option(help="Where Slack reaches this server: https:// and its public name."),
    ] = None,
    config: Config = HERE,
) -> None:
    """Write the manifest for Slack on standard output, with the reason beside each permission."""
    settings = settings_of(config)
    wanted = _wanted(settings, address)
    manifest_for_slack = made.manifest(wanted)
    turned_down = made.problems(manifest_for_slack)
    if turned_down:
        say("Slack would turn this manifest down:", *turned_down, error=True)
        raise typer.Exit(Exit.CONFIGURATION)
    say(_written(wanted, manifest_for_slack))


@manifest.command("teams")
def teams(
    out: Annotated[Path, typer.Option(help="A folder for the app package, made if need be.")],
    publisher: Annotated[str, typer.Option(help="Who answers for it: the school or its trust.")],
    website: Annotated[str, typer.Option(help="Their page about it, https://…")],
    privacy: Annotated[str, typer.Option(help="Their page on privacy, if it is another.")] = "",
    terms: Annotated[str, typer.Option(help="Their page on terms of use, if it is another.")] = "",
    version: Annotated[
        str, typer.Option(help="Higher with each package that is handed in.")
    ] = "1.0.0",
    config: Config = HERE,
) -> None:
    """Write the app package for Microsoft Teams: its manifest and icons, in one zip."""
    chosen = settings_of(config).chat.teams
    for there, missing in ((chosen.app_id, NO_APP), (chosen.public_url, NO_TEAMS_ADDRESS)):
        if not there:
            say(missing, error=True)
            raise typer.Exit(Exit.CONFIGURATION)
    wanted = made_for_teams.Wanted(
        app_id=chosen.app_id or "",
        address=chosen.public_url,
        publisher=publisher,
        website=website,
        privacy=privacy,
        terms=terms,
        version=version,
    )
    turned_down = made_for_teams.problems(wanted)
    if turned_down:
        say("Teams would turn this package down:", *turned_down, error=True)
        raise typer.Exit(Exit.CONFIGURATION)
    path = out / made_for_teams.PACKAGE
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made_for_teams.package(wanted))
    except OSError as fault:
        say(f"{path} can't be written: {fault.strerror}.", error=True)
        raise typer.Exit(Exit.CONFIGURATION) from fault
    say(f"{path}: the app package, version {version}.", HAND_IN)


def _wanted(settings: Settings, address: str | None) -> Wanted:
    chosen = settings.chat.slack
    if chosen.mode == "socket":
        address = None
    elif address is None:
        say(*NO_ADDRESS, error=True)
        raise typer.Exit(Exit.USAGE)
    else:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname:
            say(NOT_PUBLIC.format("schoolgate.example.org"), error=True)
            raise typer.Exit(Exit.USAGE)
        address = f"https://{parts.netloc}{parts.path}"
    return Wanted(
        address=address,
        commands=Commands(**chosen.commands.model_dump()),
        direct_messages=chosen.direct_messages,
    )


def _written(wanted: Wanted, of: dict[str, made.Json]) -> str:
    """YAML. A comment can't be dumped, so each scope's reason is set behind its line."""
    text = yaml.safe_dump(of, sort_keys=False, allow_unicode=True, width=100)
    for scope, why in made.scopes(wanted).items():
        text = text.replace(f"    - {scope}\n", f"    - {scope}  # {why}\n", 1)
    return text.rstrip("\n")
