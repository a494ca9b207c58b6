"""What is said of a pack on the command line, in plain lines."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from moderation.policies.model import Severity, Situation
from moderation.policies.settings import BOUNDS


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from moderation.policies.model import Pack, Rule

SEVERITY: Final[Mapping[Severity, str]] = {
    Severity.BLOCK: "stop",
    Severity.FLAG: "check",
    Severity.NOTE: "note",
}
"""As ``schoolgate check`` says it."""
SITUATION: Final[Mapping[Situation, str]] = {
    Situation.TEXT_POST: "posts without a picture",
    Situation.PICTURE_POST: "posts with a picture",
    Situation.COMMENT: "comments",
}
POSTS: Final = frozenset({Situation.TEXT_POST, Situation.PICTURE_POST})
HEADINGS: Final = ("policy", "edition", "review", "title")
SAME: Final = "Nothing differs."
SHIPPED_ONLY: Final = "A school can follow only a policy that comes with Schoolgate."
UNTOLD: Final = frozenset({"id", "hits", "misses", "words", "patterns"})
"""What of a rule isn't compared by itself: words and examples are compared as a whole."""
PART: Final[Mapping[str, str]] = {
    "severity": "what happens",
    "why": "what people read",
    "applies_to": "applies to",
    "confirm": "each approver says",
    "headteacher": "needs the headteacher's yes",
    "allowable": "the headteacher may allow it once",
    "loosen": "a school may make it milder",
}
"""What the parts of a rule are called where two are held against each other."""
EXAMPLE: Final = {"who": "a pupil in Year 4", "where": "Facebook"}
"""Stands where people read whom and which page it is about."""
REVIEWED: Final = {True: "{day}, overdue", False: "{day}"}


def review(pack: Pack, today: date) -> str:
    """The day of the policy's own review, and whether it is past."""
    if pack.review_date is None:
        return "no day is named"
    return REVIEWED[pack.overdue(today)].format(day=f"{pack.review_date:%-d %B %Y}")


def listed(packs: Iterable[Pack], today: date) -> tuple[str, ...]:
    """A line for each pack."""
    rows = [HEADINGS, *((pack.id, pack.version, review(pack, today), pack.title) for pack in packs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return tuple(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def shown(pack: Pack, today: date, changed: frozenset[str] = frozenset()) -> Iterator[str]:
    """The whole pack: its settings, then each clause with its rules.

    ``changed`` are ids of rules and names of settings that a school changed.
    """
    yield f"{pack.title}: {pack.id}, edition {pack.version}"
    yield f"Its own review: {review(pack, today)}"
    yield ""
    yield from _settings(pack, changed)
    for clause, words in pack.clauses.items():
        rules = [rule for rule in pack.rules if rule.clause == clause]
        yield from ("", f"{words} ({clause})")
        for rule in rules:
            yield f"  {SEVERITY[rule.severity]:5} {rule.id}{_aside(pack, rule, changed)}"
            yield f"        {rule.why.format_map(EXAMPLE)}"


def differing(old: Pack, new: Pack) -> Iterator[str]:
    """What is otherwise in ``new``, settings first; nothing where they ask the same."""
    for name in BOUNDS:
        yield from _change(name, _said(old, name), _said(new, name))
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            yield f"{name}: only in {new.id} ({SEVERITY[now.severity]}, {now.clause})"
        elif now is None and was is not None:
            yield f"{name}: only in {old.id} ({SEVERITY[was.severity]}, {was.clause})"
        elif was is not None and now is not None:
            yield from _rule_changes(old, was, new, now)
    for name in dict.fromkeys((*old.clauses, *new.clauses)):
        if name in old.clauses and name in new.clauses:
            yield from _change(name, old.clauses[name], new.clauses[name])


def value(setting: object) -> str:
    """A setting as it is written in a file."""
    if isinstance(setting, tuple):
        return ", ".join(setting) or "nobody"
    return str(setting).lower() if isinstance(setting, bool) else str(setting) or "none"


def _settings(pack: Pack, changed: frozenset[str]) -> Iterator[str]:
    for name in BOUNDS:
        said = ["changed by the school"] if name in changed else []
        said += ["a school may loosen it"] if name in pack.settings.loosenable else []
        aside = f" ({'; '.join(said)})" if said else ""
        yield f"  {name}: {value(getattr(pack.settings, name))}{aside}"


def _aside(pack: Pack, rule: Rule, changed: frozenset[str]) -> str:
    """What goes with the rule beside its severity, in brackets."""
    said = [] if rule.applies_to == frozenset(Situation) else [_where(rule)]
    said += ["the headteacher may allow it once"] if rule.allowable else []
    said += ["needs the headteacher's yes"] if rule.headteacher else []
    said += [f"each approver says “{pack.statement(rule.confirm)}”"] if rule.confirm else []
    said += ["a school may make it milder"] if rule.loosen else []
    said += ["changed by the school"] if rule.id in changed else []
    return f" ({'; '.join(said)})" if said else ""


def _where(rule: Rule) -> str:
    if rule.applies_to == POSTS:
        return "in posts"
    return "in " + " and ".join(SITUATION[one] for one in Situation if one in rule.applies_to)


def _said(pack: Pack, name: str) -> str:
    aside = " (a school may loosen it)" if name in pack.settings.loosenable else ""
    return value(getattr(pack.settings, name)) + aside


def _rule_changes(old: Pack, was: Rule, new: Pack, now: Rule) -> Iterator[str]:
    for one in fields(was):
        if one.name in UNTOLD or one.name.startswith("unless"):
            continue
        told = f"{was.id}, {PART.get(one.name, one.name)}"
        yield from _change(told, _part(old, was, one.name), _part(new, now, one.name))
    if _looks_for(was) != _looks_for(now):
        yield f"{was.id}: looks for other words"


def _part(pack: Pack, rule: Rule, name: str) -> str:
    match getattr(rule, name):
        case Severity() as severity:
            return SEVERITY[severity]
        case bool(is_so):
            return "yes" if is_so else "no"
        case frozenset() as found:
            return ", ".join(SITUATION[one] for one in Situation if one in found)
        case str(said) if name == "confirm" and said:
            return f"“{pack.statement(said)}”"
        case other:
            return value(other)


def _looks_for(rule: Rule) -> tuple[object, ...]:
    patterns = (*rule.patterns, *rule.unless_patterns)
    return (rule.words, rule.unless, tuple(one.pattern for one in patterns))


def _change(name: str, was: str, now: str) -> Iterator[str]:
    if was != now:
        yield f"{name}: {was or 'none'} → {now or 'none'}"
