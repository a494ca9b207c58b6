"""``schoolgate keys``: the secrets that a real start needs."""

from __future__ import annotations

import typer

from storage.crypto import Keys


keys = typer.Typer(help="Make the keys that children's data are sealed with.")


@keys.command("new")
def new() -> None:
    """Print one fresh key, for SCHOOLGATE_KEYS or SCHOOLGATE_SIGNING_KEY."""
    typer.echo(Keys.new().to_text())


@keys.callback()
def callback() -> None:
    """Make the keys that children's data are sealed with."""
