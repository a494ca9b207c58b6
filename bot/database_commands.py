"""``schoolgate db``: make the database, bring it up to date, look whether it is as it should be."""

from __future__ import annotations

import typer

from bot.command_line import HERE, Config, Exit, as_sentence, say, settings_of
from bot.stamping import stamp_of
from bot.system import SystemClock
from storage import schema


database = typer.Typer(help="Make, update and check the database.")


@database.command("upgrade")
def upgrade(config: Config = HERE) -> None:
    """Bring the database up to date, and make it where there is none."""
    settings = settings_of(config)
    url = settings.database_url.get_secret_value()
    before = schema.current(url)
    schema.upgrade(url, stamp=stamp_of(settings), at=SystemClock().now())
    after = schema.current(url)
    if before == after:
        say(f"The database is up to date: {after}.")
    elif before is None:
        say(f"The database was made: {after}.")
    else:
        say(f"The database was brought from {before} to {after}.")


@database.command("current")
def current(config: Config = HERE) -> None:
    """Say at which revision the database is."""
    revision = schema.current(_url(config))
    if revision is None:
        say("There is no database yet. Make it with: schoolgate db upgrade", error=True)
        raise typer.Exit(Exit.NOT_SO)
    say(revision)


@database.command("check")
def check(config: Config = HERE) -> None:
    """List everything that is wrong with the database, each with its remedy."""
    problems = schema.check(_url(config))
    if problems:
        say(*map(as_sentence, problems), error=True)
        raise typer.Exit(Exit.NOT_SO)
    say("The database is as it should be: schema, tables and guards.")


def _url(config: Config) -> str:
    return settings_of(config).database_url.get_secret_value()
