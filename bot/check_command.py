"""``schoolgate check``: what the policy says about a text, without a server or a database.

Exit codes (after BSD's sysexits): 0 clear, 1 please check, 2 can't go out; for JSON Lines 0 when
every line was judged; 64 wrong usage, 65 unreadable input, 70 our fault, 78 configuration.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.console import Console

from adapters.images.inspector import SubprocessInspector
from bot.checking.files import Given, Misconfigured, Unreadable, gather
from bot.checking.lines import LONGEST_TEXT, NO_WORDS, BadLine, Line, answer, draft_of, parse
from bot.checking.report import report
from bot.command_line import Exit, say
from bot.system import SystemClock
from moderation.checks.engine import judge
from moderation.checks.model import Draft, Outcome, outcome
from moderation.posts.model import is_blank


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Finding
    from moderation.policies.model import Pack


STANDARD_INPUT = "-"
OUR_FAULT = (
    "Something went wrong on our side ({}). SCHOOLGATE_DEBUG=1 before the command shows where."
)

EXIT = {Outcome.CLEAR: 0, Outcome.FLAG: 1, Outcome.BLOCK: 2}


def check(  # noqa: PLR0913  as many arguments as the command has options
    text: Annotated[
        str | None, typer.Argument(help="The text to check, or - for standard input.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="A policy's id, or a TOML file; step if not said.")
    ] = None,
    school: Annotated[
        str | None, typer.Option(help="Whose pupils are our own; an id of app.yaml.")
    ] = None,
    roster: Annotated[Path | None, typer.Option(help="The pupils, as CSV.")] = None,
    consents: Annotated[Path | None, typer.Option(help="The permissions, as CSV.")] = None,
    staff: Annotated[Path | None, typer.Option(help="The staff, as CSV.")] = None,
    jsonl: Annotated[
        str | None, typer.Option(help="A file of drafts, one JSON object a line, or - .")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="The settings.", envvar="SCHOOLGATE_CONFIG")
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer one text with a line of JSON.")
    ] = False,
) -> None:
    """Check a text, or a file of drafts, against the policy."""
    given = Given(
        policy=policy, school=school, roster=roster, consents=consents, staff=staff, config=config
    )
    try:
        code = _check(text, jsonl, given, as_json=as_json)
    except BrokenPipeError:
        # Whoever read our answers has read enough; keep Python from complaining while it ends.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Unreadable as error:
        code = _say(str(error), Exit.UNREADABLE)
    except Misconfigured as error:
        code = _say(str(error), Exit.CONFIGURATION)
    except Exception as error:
        if os.environ.get("SCHOOLGATE_DEBUG") == "1":
            raise
        # The fault itself may quote the text, so only its kind is told.
        code = _say(OUR_FAULT.format(type(error).__name__), Exit.OUR_FAULT)
    raise typer.Exit(code)


def _check(text: str | None, jsonl: str | None, given: Given, *, as_json: bool) -> int:
    if (text is None) == (jsonl is None):
        wanted = "Give either a text or --jsonl FILE; - is standard input."
        return _say(wanted, Exit.USAGE)
    pack, context = gather(given, os.environ, SystemClock().now())
    if jsonl is None:
        return _one(_given_text(text or ""), pack, context, as_json=as_json)
    with _opened(jsonl) as lines:
        folder = Path() if jsonl == STANDARD_INPUT else Path(jsonl).parent
        return asyncio.run(_many(lines, folder, pack, context))


def _say(sentence: str, code: int) -> int:
    say(sentence, error=True)
    return code


def _given_text(text: str) -> str:
    if text != STANDARD_INPUT:
        return text
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").removesuffix("\n")
    except UnicodeDecodeError:
        raise Unreadable("Standard input isn't UTF-8 text.") from None


def _one(text: str, pack: Pack, context: Context, *, as_json: bool) -> int:
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"The text is over {LONGEST_TEXT:,} characters long.")
    if is_blank(text):
        raise Unreadable(NO_WORDS)
    findings = judge(Draft(text=text), pack, context)
    verdict = outcome(findings)
    if as_json:
        say(answer(None, (verdict, findings)))
    else:
        console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        console.print(report(text, pack, verdict, findings), end="")
    return EXIT[verdict]


def _opened(jsonl: str) -> BinaryIO:
    if jsonl == STANDARD_INPUT:
        return sys.stdin.buffer
    try:
        return Path(jsonl).open("rb")
    except (OSError, ValueError):
        raise Unreadable(f"{Path(jsonl).name} can't be opened: is the path right?") from None


async def _many(lines: BinaryIO, folder: Path, pack: Pack, context: Context) -> int:
    """Answer every line in order; 65 where some couldn't be read, 70 where we failed."""
    inspector = SubprocessInspector()
    code: int = Exit.DONE
    for number, raw in _lines(lines):
        identity, line = parse(raw)
        result: tuple[Outcome, tuple[Finding, ...]] | BadLine
        if isinstance(line, BadLine):
            result = line
            code = code or Exit.UNREADABLE
        else:
            try:
                result = await _judged(line, inspector, folder, pack, context)
            except BadLine as bad:
                result = bad
                code = code or Exit.UNREADABLE
            except Exception as error:  # noqa: BLE001  one line's failure is one line's answer
                result = BadLine(OUR_FAULT.format(type(error).__name__))
                code = Exit.OUR_FAULT
        sys.stdout.write(answer(identity, result, number) + "\n")
        sys.stdout.flush()
    return code


def _lines(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Every line that isn't blank, and which it is, from 1."""
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            yield number, raw


async def _judged(
    line: Line, inspector: SubprocessInspector, folder: Path, pack: Pack, context: Context
) -> tuple[Outcome, tuple[Finding, ...]]:
    draft = await draft_of(line, inspector, folder)
    findings = judge(draft, pack, replace(context, platforms=line.platforms))
    return outcome(findings), findings
