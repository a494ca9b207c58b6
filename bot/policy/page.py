"""The table of rules by pack in ``docs/policy-packs.md``, written from the packs themselves.

``python -m bot.policy.page FILE`` writes it between its two marks (``make policy-page``).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.policy.told import SEVERITY, value
from moderation.policies.loader import shipped, shipped_ids
from moderation.policies.settings import BOUNDS, PackSettings


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from moderation.policies.model import Pack, Rule

BEGIN: Final = "<!-- written by make policy-page -->"
END: Final = "<!-- end -->"
BETWEEN: Final = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
LEGEND: Final = (
    "*stop*: it can't go out, and *stop\\** not even with the headteacher's leave. *check*: each",
    "approver confirms it. *note*: worth knowing. **+ head**: the headteacher's yes as well.",
    "*(may)*: a school may make it milder.",
)
FIRST: Final = "step"


def tables() -> str:
    """All of it, in Markdown."""
    packs = [
        shipped(name) for name in sorted(shipped_ids(), key=lambda name: (name != FIRST, name))
    ]
    names = [pack.id for pack in packs]
    return "\n".join(
        [
            *_table(["", *names], _heads(packs)),
            "",
            "Settings in which they differ:",
            "",
            *_table(["setting", "default", *names], _settings(packs)),
            "",
            *LEGEND,
            "",
            *_table(["rule", *names], _rules(packs)),
        ]
    )


def written(page: str) -> str:
    """The page with the tables as they are today."""
    return BETWEEN.sub(lambda _: f"{BEGIN}\n\n{tables()}\n\n{END}", page)


def main() -> None:
    """Write the file that is named."""
    path = Path(sys.argv[1])
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


def _heads(packs: Sequence[Pack]) -> Iterator[list[str]]:
    yield ["its own review", *(_day(pack) for pack in packs)]
    yield ["rules", *(str(len(pack.rules)) for pack in packs)]


def _day(pack: Pack) -> str:
    return "no day named" if pack.review_date is None else f"{pack.review_date:%-d %b %Y}"


def _settings(packs: Sequence[Pack]) -> Iterator[list[str]]:
    for name in BOUNDS:
        default = value(getattr(PackSettings(), name))
        told = [
            value(getattr(pack.settings, name))
            + (" (may)" if name in pack.settings.loosenable else "")
            for pack in packs
        ]
        if len(set(told)) > 1:
            yield [f"`{name}`", default, *told]


def _rules(packs: Sequence[Pack]) -> Iterator[list[str]]:
    by_pack = [{rule.id: rule for rule in pack.rules} for pack in packs]
    for name in dict.fromkeys(rule.id for pack in packs for rule in pack.rules):
        yield [f"`{name}`", *(_cell(rules.get(name)) for rules in by_pack)]


def _cell(rule: Rule | None) -> str:
    if rule is None:
        return "–"
    hard = "\\*" if SEVERITY[rule.severity] == "stop" and not rule.allowable else ""
    head = " **+ head**" if rule.headteacher else ""
    may = " (may)" if rule.loosen else ""
    return f"{SEVERITY[rule.severity]}{hard}{head}{may} {rule.clause}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"| {' | '.join('---' for _ in headings)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    main()
