"""``schoolgate outbox``: what could not be delivered, and what becomes of it.

It may run beside a running Schoolgate, whose relay takes up within a second what is to be tried
again. Each decision is in the audit, as the operator's.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

import typer

from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.settings import SettingsError
from bot.settings_values import MAKE_A_KEY
from bot.stamping import stamp_of
from bot.wiring import build
from moderation.kernel import Asked, Operator, SubjectRef
from storage import schema
from storage.outbox import Decided


if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.application import Application
    from bot.settings import Settings
    from storage.outbox import Letter

outbox = typer.Typer(help="What could not be delivered: list it, try it again, or leave it.")

Which = Annotated[list[str], typer.Argument(help="Ids, as the list shows them.", metavar="ID...")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]

SUBJECT: Final = "outbox"
NOTHING: Final = "Nothing is stuck: what was to be delivered has been, or is being tried."
HEADINGS: Final = ("id", "about", "state", "tries", "for", "error")
WHY_NOT: Final = {
    Decided.UNKNOWN: "There is no {} among what is stuck. See: schoolgate outbox list",
    Decided.STILL_TRYING: "{} is still being tried, so nothing was changed.",
    Decided.PEOPLE_ARE_ASKED: (
        "{} may have gone out, so it is never sent again from here. Its posters are asked on the "
        "post's own card, and their answer settles it."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """The operator had a delivery tried again."""

    tag: ClassVar[str] = "outbox:retried"
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """The operator left a delivery undone."""

    tag: ClassVar[str] = "outbox:discarded"
    letter: str


@outbox.command("list")
def show(config: Config = HERE, *, as_json: AsJson = False) -> None:
    """List what was given up, what has failed and will be tried again, and what is unclear."""
    letters, now = asyncio.run(_letters(settings_of(config)))
    if as_json:
        found = [{**asdict(one), "since": one.since.isoformat()} for one in letters]
        say(json.dumps({"letters": found}))
    elif not letters:
        say(NOTHING)
    else:
        say(*_table(letters, now))


@outbox.command()
def retry(which: Which, config: Config = HERE) -> None:
    """Try these again now. A release that may have gone out is never among them."""
    _report(asyncio.run(_decide(settings_of(config), which, Retried)), "{} will be tried again.")


@outbox.command()
def discard(which: Which, config: Config = HERE) -> None:
    """Leave these undone. A card is drawn again when its post next changes."""
    _report(asyncio.run(_decide(settings_of(config), which, Discarded)), "{} was left undone.")


async def _letters(settings: Settings) -> tuple[tuple[Letter, ...], datetime]:
    async with _opened(settings) as application, application.units.read() as unit:
        return await unit.outbox.letters(), application.clock.now()


async def _decide(
    settings: Settings, which: list[str], event: type[Retried | Discarded]
) -> dict[str, Decided]:
    """Each in a transaction of its own, with its line in the audit."""
    answers: dict[str, Decided] = {}
    async with _opened(settings) as application:
        for letter in dict.fromkeys(which):
            now = application.clock.now()
            async with application.units.write() as unit:
                if event is Retried:
                    answers[letter] = await unit.outbox.retry(letter, now)
                else:
                    answers[letter] = await unit.outbox.discard(letter)
                if answers[letter] is Decided.DONE:
                    asked = Asked(
                        by=Operator(), key=f"{event.tag}:{letter}:{now.isoformat()}", at=now
                    )
                    subject = SubjectRef(SUBJECT, letter)
                    await unit.record(asked, subject, 1, (event(letter=letter),), ())
                    await unit.commit()
    return answers


def _report(answers: dict[str, Decided], done: str) -> None:
    for letter, answer in answers.items():
        said = done if answer is Decided.DONE else WHY_NOT[answer]
        say(said.format(letter), error=answer is not Decided.DONE)
    if any(answer is not Decided.DONE for answer in answers.values()):
        raise typer.Exit(Exit.NOT_SO)


def _table(letters: tuple[Letter, ...], now: datetime) -> list[str]:
    rows = [HEADINGS, *(_row(letter, now) for letter in letters)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(letter: Letter, now: datetime) -> tuple[str, ...]:
    minutes = max(0, int((now - letter.since).total_seconds() // 60))
    age = f"{minutes // 1440} d" if minutes >= 1440 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 -- minutes of a day
    return (letter.id, letter.about, letter.state, str(letter.attempts), age, letter.error or "-")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Application]:
    if not settings.keys:
        raise SettingsError((f"A key is missing: set SCHOOLGATE_KEYS. {MAKE_A_KEY}",))
    application = build(settings, stamp=stamp_of(settings), platforms={})
    await application.database.open()
    try:
        await schema.ready(application.database, application.keys, application.stamp)
        yield application
    finally:
        await application.database.close()
