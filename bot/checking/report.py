"""What ``schoolgate check`` says about one text to a person: plain in a pipe, marked on a terminal.

The colours only repeat what the words say. The text is shown literally: a control character in it
can't reach the terminal.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rich.text import Text

from moderation.checks.model import Outcome, Severity


if TYPE_CHECKING:
    from collections.abc import Sequence

    from moderation.checks.model import Finding
    from moderation.policies.model import Pack


HEADLINES = {
    Outcome.CLEAR: ("Nothing stands against this.", "bold green"),
    Outcome.FLAG: ("Please check before this goes out.", "bold yellow"),
    Outcome.BLOCK: ("This can't go out yet.", "bold red"),
}
WORDS = {
    Severity.BLOCK: ("stop", "bold red"),
    Severity.FLAG: ("check", "bold yellow"),
    Severity.NOTE: ("note", "cyan"),
}
MARKS = {
    Severity.BLOCK: "bold white on red",
    Severity.FLAG: "black on yellow",
    Severity.NOTE: "underline",
}
GRAVEST_LAST = (Severity.NOTE, Severity.FLAG, Severity.BLOCK)
LONGEST_QUOTE = 60


def report(text: str, pack: Pack, outcome: Outcome, findings: Sequence[Finding]) -> Text:
    """The whole answer. Its plain text says everything that its colours do."""
    headline, style = HEADLINES[outcome]
    shown = Text()
    shown.append(f"{headline}\n", style=style)
    if text.strip():
        shown.append("\n")
        for line in _marked(text, findings).split("\n"):
            shown.append("  ").append_text(line).append("\n")
    for finding in sorted(findings, key=lambda one: -GRAVEST_LAST.index(one.severity)):
        shown.append("\n").append_text(_line(text, pack, finding))
    return shown


def _marked(text: str, findings: Sequence[Finding]) -> Text:
    marked = Text(harmless(text))
    placed = [one for one in findings if one.field == "text" and one.start is not None]
    for finding in sorted(placed, key=lambda one: GRAVEST_LAST.index(one.severity)):
        marked.stylize(MARKS[finding.severity], finding.start or 0, finding.end)
    return marked


def _line(text: str, pack: Pack, finding: Finding) -> Text:
    word, style = WORDS[finding.severity]
    line = Text()
    line.append(f"{word:5} ", style=style)
    if finding.start is not None and finding.field == "text":
        words = " ".join(harmless(text[finding.start : finding.end]).split())
        short = words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"
        line.append(f"“{short}” ", style="bold")
    line.append(f"{finding.reason}\n")
    line.append(f"      {pack.clause(finding.clause)} ({finding.clause})\n", style="dim")
    return line


def harmless(text: str) -> str:
    """The text with every control character but line breaks and tabs replaced, one for one."""
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}
        else "\ufffd"
        for char in text
    )
