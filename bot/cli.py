"""The command line: ``schoolgate COMMAND``. Exit codes after BSD's sysexits.

64 wrong usage · 65 unreadable input · 70 our fault · 78 configuration. A fault of ours is one
plain sentence and a line in the log; ``SCHOOLGATE_DEBUG=1`` shows the traceback instead.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pkgutil import resolve_name
from typing import Annotated, Final

import structlog
import typer

from bot import logs, usage
from bot.command_line import Exit, as_sentence, say
from bot.faults import CannotListen
from bot.settings import SettingsError
from storage.faults import NotReady, StoreFault


DATABASE_AWAY = "Is it running, and does database.url name the right one?"

log = structlog.get_logger(__name__)

COMMANDS: Final[Mapping[str, str]] = {
    "run": "bot.run_command:run",
    "demo": "bot.demo.command:demo",
    "check": "bot.check_command:check",
    "preview": "bot.preview_command:preview",
    "policy": "bot.policy.commands:policy",
    "import": "bot.imports.command:import_file",
    "import-folder": "bot.imports.folder_command:import_folder",
    "db": "bot.database_commands:database",
    "health": "bot.health_command:health",
    "doctor": "bot.doctor.command:doctor",
    "status": "bot.status_command:status",
    "acceptances": "bot.acceptances_command:acceptances",
    "import-acceptances": "bot.acceptances_import:import_acceptances",
    "keys": "bot.keys_command:keys",
    "backup": "bot.backup_commands:backup",
    "restore": "bot.backup_commands:restore",
    "audit": "bot.audit_commands:audit",
    "outbox": "bot.outbox_command:outbox",
    "manifest": "bot.manifest_command:manifest",
}
"""Where each command is, in the order of the help."""


def _tell_version(*, wanted: bool) -> None:
    if wanted:
        say(f"schoolgate {version('schoolgate')}")
        raise typer.Exit


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


def program(arguments: list[str]) -> typer.Typer:
    """The command that is named in ``arguments``, alone; all of them where none is.

    A container asks for its health twice a minute, and must not load a web server for it.
    """
    made = typer.Typer(
        name="schoolgate",
        help="Two people approve every post on a school's official accounts.",
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback(invoke_without_command=True)(callback)
    named = arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS
    for name in named:
        found = resolve_name(COMMANDS[name])
        if isinstance(found, typer.Typer):
            made.add_typer(found, name=name)
        else:
            made.command(name)(found)
    return made


def main() -> None:
    """The program: what was typed, to an exit code."""
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: list[str]) -> int:
    """The exit code of one command. Everything there is to say has been said, without traceback."""
    logs.configure(sys.stderr, level=logging.WARNING)
    try:
        asked = program(arguments)
        return int(asked(arguments, prog_name="schoolgate", standalone_mode=False) or Exit.DONE)
    except typer.TyperException as wrong:
        say(usage.sentence(wrong), error=True)
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
