"""The command line: ``schoolgate COMMAND``. Exit codes after BSD's sysexits.

64 wrong usage · 65 unreadable input · 70 our fault · 78 configuration. A fault of ours is one
plain sentence and a line in the log; ``SCHOOLGATE_DEBUG=1`` shows the traceback instead.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import version
from typing import Annotated

import structlog
import typer

from bot import logs
from bot.audit_commands import audit
from bot.backup_commands import backup, restore
from bot.check_command import check
from bot.command_line import Exit, as_sentence, say
from bot.database_commands import database
from bot.demo.command import demo
from bot.doctor.command import doctor
from bot.health_command import health
from bot.imports.command import import_file
from bot.keys_command import keys
from bot.lifecycle import CannotListen
from bot.outbox_command import outbox
from bot.run_command import run
from bot.settings import SettingsError
from bot.status_command import status
from storage.faults import NotReady, StoreFault


DATABASE_AWAY = "Is it running, and does database.url name the right one?"

log = structlog.get_logger(__name__)

app = typer.Typer(
    name="schoolgate",
    help="Two people approve every post on a school's official accounts.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(demo)
app.command()(check)
app.command("import")(import_file)
app.add_typer(database, name="db")
app.command()(health)
app.command()(doctor)
app.command()(status)
app.add_typer(keys, name="keys")
app.command()(backup)
app.command()(restore)
app.add_typer(audit, name="audit")
app.add_typer(outbox, name="outbox")


def _tell_version(*, wanted: bool) -> None:
    if wanted:
        say(f"schoolgate {version('schoolgate')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def callback(
    context: typer.Context,
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is.", callback=_tell_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Two people approve every post on a school's official accounts."""
    if context.invoked_subcommand is None:
        context.get_help()
        raise typer.Exit(Exit.USAGE)


def main() -> None:
    """The program: what was typed, to an exit code."""
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: list[str]) -> int:
    """The exit code of one command. Everything there is to say has been said, without traceback."""
    logs.configure(sys.stderr, level=logging.WARNING)
    try:
        return int(app(arguments, prog_name="schoolgate", standalone_mode=False) or Exit.DONE)
    except typer.TyperException as wrong:
        say(as_sentence(wrong.format_message()), error=True)
        say("To see what there is: schoolgate --help", error=True)
        return Exit.USAGE
    except SettingsError as wrong:
        say(*wrong.problems, error=True)
        return Exit.CONFIGURATION
    except (CannotListen, NotReady) as wrong:
        say(as_sentence(str(wrong)), error=True)
        return Exit.CONFIGURATION
    except StoreFault as wrong:
        say(f"The database can't be used ({wrong.kind}).", DATABASE_AWAY, error=True)
        return Exit.CONFIGURATION
    except OSError as wrong:
        if wrong.filename is None:
            return _failed(wrong)
        say(f"{wrong.filename} can't be used: {wrong.strerror}.", error=True)
        return Exit.CONFIGURATION
    except typer.Abort:
        say("Stopped.", error=True)
        return Exit.NOT_SO
    except Exception as wrong:  # noqa: BLE001 -- the last door
        return _failed(wrong)


def _failed(wrong: Exception) -> int:
    """The fault's class for the log; its words might be about a child."""
    if os.environ.get("SCHOOLGATE_DEBUG") == "1":
        raise wrong
    log.error("command.failed", exc_info=wrong)
    say(f"Something went wrong on our side ({type(wrong).__name__}).", error=True)
    say("SCHOOLGATE_DEBUG=1 before the command shows where.", error=True)
    return Exit.OUR_FAULT
