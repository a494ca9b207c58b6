"""A school's own changes to single rules of its pack: stricter always, milder where it may be.

In ``app.yaml`` a change is a severity, or a table with ``severity``, ``confirm``, ``allowable`` and
``headteacher``; each of these alone may be stricter than the pack, and none may be looser unless
the rule says ``loosen = true``.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.policies.model import Severity
from moderation.policies.settings import NotAllowed


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.policies.model import Rule


PARTS = ("severity", "confirm", "allowable", "headteacher")
"""What may be changed about a rule."""
STRICTER = (Severity.NOTE, Severity.FLAG, Severity.BLOCK)


def overlaid(
    rules: tuple[Rule, ...], changes: Mapping[str, object], confirmations: Mapping[str, str]
) -> tuple[tuple[Rule, ...], tuple[NotAllowed, ...]]:
    """The rules with a school's changes, and everything that is wrong with those."""
    known = {rule.id: rule for rule in rules}
    problems: list[NotAllowed] = []
    for name, change in changes.items():
        rule = known.get(name)
        if rule is None:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f" Did you mean {near[0]}?" if near else ""
            problems.append(NotAllowed(name, f"The policy has no rule {name}.{advice}"))
            continue
        parts = change if isinstance(change, dict) else {"severity": change}
        wrong = tuple(_wrong(rule, parts, confirmations))
        if wrong:
            problems += [NotAllowed(name, f"The rule {name} {what}") for what in wrong]
        else:
            known[name] = _changed(rule, parts)
    return tuple(known[rule.id] for rule in rules), tuple(problems)


def _wrong(
    rule: Rule, parts: Mapping[str, object], confirmations: Mapping[str, str]
) -> Iterator[str]:
    """What can't be read, then what doesn't fit together, then what the pack doesn't allow."""
    unread = tuple(_unread(parts, confirmations))
    if unread or not parts:
        yield from unread or (f"says nothing to change: there is {', '.join(PARTS)}.",)
        return
    new = _changed(rule, parts)
    if new.severity is Severity.FLAG and not new.confirm:
        statements = ", ".join(confirmations)
        yield f"needs confirm, the statement that an approver ticks: {statements}."
    if new.severity is not Severity.FLAG and "confirm" in parts:
        yield f"has confirm, which belongs to a flag, and this is a {new.severity}."
    if new.severity is not Severity.BLOCK and parts.get("allowable"):
        yield f"has allowable, which belongs to a block, and this is a {new.severity}."
    if _looser(new, rule) and not rule.loosen:
        yield "would be milder than the policy's. The policy lets it be stricter only."


def _unread(parts: Mapping[str, object], confirmations: Mapping[str, str]) -> Iterator[str]:
    for part, value in parts.items():
        if part not in PARTS:
            near = difflib.get_close_matches(str(part), PARTS, n=1)
            yield f"has no {part}: {f'did you mean {near[0]}?' if near else ', '.join(PARTS)}"
        elif part == "severity" and value not in list(Severity):
            yield f"can be {', '.join(STRICTER)}."
        elif part == "confirm" and str(value) not in confirmations:
            yield f"has a confirm that the policy has no words for: {', '.join(confirmations)}."
        elif part in {"allowable", "headteacher"} and not isinstance(value, bool):
            yield f"has {part}, which must be true or false."


def _changed(rule: Rule, parts: Mapping[str, object]) -> Rule:
    """A flag made a block can be allowed once by the headteacher, where nothing else is said."""
    severity = Severity(str(parts.get("severity", rule.severity)))
    block, flag = severity is Severity.BLOCK, severity is Severity.FLAG
    was_block = rule.severity is Severity.BLOCK
    return replace(
        rule,
        severity=severity,
        confirm=str(parts.get("confirm", rule.confirm)) if flag else "",
        allowable=block and bool(parts.get("allowable", rule.allowable if was_block else True)),
        headteacher=bool(parts.get("headteacher", rule.headteacher)),
    )


def _looser(new: Rule, old: Rule) -> bool:
    """Another statement isn't looser: whether it asks for less is for people to judge."""
    blocks = new.severity is old.severity is Severity.BLOCK
    return (
        STRICTER.index(new.severity) < STRICTER.index(old.severity)
        or (blocks and new.allowable and not old.allowable)
        or (old.headteacher and not new.headteacher)
    )
