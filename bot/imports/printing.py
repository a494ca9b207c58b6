"""The report for whoever typed the command: readable on a terminal, plain lines in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from bot.checking.report import harmless
from bot.imports.report import Outcome
from moderation.imports import present
from moderation.words import capital, counted


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.imports.report import Detail, Report
    from moderation.kernel import SchoolId


MOST_LINES = 60
"""Of each list; the JSON has them all."""
HEADLINES = {
    Outcome.DONE: "bold green",
    Outcome.NOTHING: "bold green",
    Outcome.REFUSED: "bold red",
    Outcome.NO_SUCH_PERSON: "bold red",
    Outcome.HEADINGS: "bold yellow",
    Outcome.TYPES: "bold yellow",
    Outcome.NUMBER_NEEDED: "bold yellow",
    Outcome.WAITING: "bold yellow",
    Outcome.NOT_CONFIRMED: "bold yellow",
}


def printed(report: Report, school_name: Callable[[SchoolId], str]) -> Text:
    """The whole report. Its plain text says everything that its colours do."""
    shown = Text()
    for block in _blocks(report, school_name):
        if block.plain:
            shown.append_text(block).append("\n")
    return shown


def _blocks(report: Report, school_name: Callable[[SchoolId], str]) -> Iterator[Text]:
    yield _line(report.assumed, "dim")
    if report.ignored:
        yield _line(f"Ignored, neither read nor stored: {', '.join(report.ignored)}.", "dim")
    yield _problems(report)
    yield _difference(report, school_name)
    if report.rights:
        yield _titled("Changes to who may approve:", report.rights, "bold")
    style = HEADLINES[report.outcome]
    for at, sentence in enumerate(report.sentences):
        yield _line(sentence, style if at == 0 else "")
    for note in report.notes:
        yield _line(f"Note: {note}", "")


def _line(text: str, style: str) -> Text:
    return Text(harmless(text), style=style)


def _titled(title: str, lines: tuple[str, ...], style: str = "") -> Text:
    """A heading and an indented list, cut where it gets too long to be read."""
    shown = Text().append(harmless(title), style=style)
    for line in lines[:MOST_LINES]:
        shown.append(f"\n  {harmless(line)}")
    more = len(lines) - MOST_LINES
    if more > 0:
        shown.append(f"\n  … and {more} more")
    return shown


def _problems(report: Report) -> Text:
    if not report.problems:
        return Text()
    rows = report.refused
    title = f"{capital(counted(rows, 'row'))} refused:" if rows else "The file is refused:"
    if report.outcome is Outcome.HEADINGS:
        title = "What are these columns?"
    if report.outcome is Outcome.TYPES:
        title = "What do these types of consent allow?"
    wide = max(len(problem.column) for problem in report.problems)
    lines = tuple(
        f"line {problem.line:<5} {problem.column:<{wide}}  {problem.sentence}"
        for problem in report.problems
    )
    return _titled(title, lines, "bold red")


def _difference(report: Report, school_name: Callable[[SchoolId], str]) -> Text:
    if report.counts is None:
        return Text()
    same = f"; {report.counts.unchanged} as before" if report.counts.unchanged else ""
    lines = tuple(map(_detail, report.details)) or tuple(
        f"{school_name(school)}: {_within(present.summary(report.kind, counts))}"
        for school, counts in report.schools.items()
    )
    return _titled(f"{report.summary}{same}.", lines, "bold")


def _within(summary: str) -> str:
    """The same, after a colon."""
    return summary[:1].lower() + summary[1:]


def _detail(detail: Detail) -> str:
    return f"{detail.how:<8} {detail.id}" + (f": {'; '.join(detail.what)}" if detail.what else "")
