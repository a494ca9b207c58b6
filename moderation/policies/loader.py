"""Reading a pack from TOML: everything that is wrong with it, at once, each with its place.

PackError           the text is no pack; ``problems`` lists all of them
UnknownPack         no such pack is shipped; its message names the nearest
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from moderation.kernel import SchoolgateError
from moderation.policies.base import Base, enclosed, like, read_base
from moderation.policies.fields import Fields, Problem, Problems
from moderation.policies.model import Check, Pack, Rule, Situation
from moderation.policies.overlay import PARTS, overlaid
from moderation.policies.rules import read_rule
from moderation.policies.settings import BOUNDS, PackSettings, adjusted


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class PackError(SchoolgateError):
    """The text isn't a policy pack. The message lists every problem, one a line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class UnknownPack(SchoolgateError):
    """No pack of this id is shipped."""


RULE_HEADER = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|^[ \t]*(?P<rule>\[\[[ \t]*rule[ \t]*\]\])",
    re.MULTILINE | re.DOTALL,
)
"""``[[rule]]`` outside strings and comments: tomllib gives no lines for what it read."""

SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")
TOP_LEVEL = (
    "id",
    "version",
    "title",
    "review_date",
    "based_on",
    "settings",
    "clauses",
    "confirmations",
    "lists",
    "rule",
    "base",
    "adjusted",
    "adjusted_rules",
)
"""``base`` is written by :func:`load_pack`, ``adjusted…`` by :func:`with_changes`, alone."""
UNDATED = "none"
"""The review date of a policy that names no day for its own review."""


def load_pack(text: str, *, name: str) -> Pack:
    """Read a pack. ``name`` is the file's name for messages. Raises :class:`PackError`.

    The text of a pack that it is based on becomes part of ``source``, and so of the digest.
    """
    problems = Problems(file=name)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = SYNTAX_LINE.search(str(error))
        line = int(place.group(1)) if place else None
        problems.add(f"this isn't TOML: {SYNTAX_LINE.sub('', str(error)).strip()}", line=line)
        raise PackError(problems.listed()) from None
    if "based_on" in table and "base" not in table:
        other = _text_of(table["based_on"], problems)
        if other:
            text = text.rstrip("\n") + "\n" + enclosed(other)
            table["base"] = {"source": other}
    pack = _read_pack(Fields(table, problems), text)
    if problems.listed():
        raise PackError(problems.listed())
    return pack


def with_changes(
    pack: Pack, changes: Mapping[str, object], rules: Mapping[str, object] = MappingProxyType({})
) -> Pack:
    """The pack as one school follows it, with that school's own settings and rules (app.yaml).

    They become part of ``source``, and so of the digest: a post stays pinned to what it was judged
    by, although the school changes its mind. Raises :class:`PackError` for what the pack doesn't
    allow.
    """
    problems = Problems(file=pack.id)
    settings = _adjusted(pack.settings, changes, problems)
    changed = _overlaid(pack.rules, rules, pack.confirmations, problems)
    if problems.listed():
        raise PackError(problems.listed())
    lines = [
        f"{name} = {_as_toml(getattr(settings, name))}"
        for name in BOUNDS
        if getattr(settings, name) != getattr(pack.settings, name)
    ]
    told = [
        f"{new.id!r} = {_rule_as_toml(new)}"
        for new, old in zip(changed, pack.rules, strict=True)
        if new != old
    ]
    if not lines and not told:
        return pack
    parts = [pack.source.rstrip("\n"), ""]
    parts += ["[adjusted]", *lines, ""] if lines else []
    parts += ["[adjusted_rules]", *told, ""] if told else []
    return load_pack("\n".join(parts), name=pack.id)


@cache
def shipped(pack_id: str) -> Pack:
    """A pack that comes with Schoolgate, by id. Raises :class:`UnknownPack`."""
    known = shipped_ids()
    if pack_id not in known:
        near = difflib.get_close_matches(pack_id.casefold(), known, n=1, cutoff=0.5)
        advice = f"Did you mean {near[0]}?" if near else f"There is {', '.join(known)}."
        raise UnknownPack(f"There is no policy called {pack_id!r}. {advice}")
    return load_pack(_read(pack_id), name=f"{pack_id}.toml")


def shipped_ids() -> tuple[str, ...]:
    """The ids of the packs that come with Schoolgate, sorted."""
    folder = files("moderation.policies") / "packs"
    names = [entry.name for entry in folder.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _read(pack_id: str) -> str:
    file = files("moderation.policies") / "packs" / f"{pack_id}.toml"
    return file.read_text(encoding="utf-8")


def _text_of(pack_id: object, problems: Problems) -> str:
    known = shipped_ids()
    if pack_id in known:
        return _read(str(pack_id))
    near = difflib.get_close_matches(str(pack_id), known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"there is {', '.join(known)}"
    problems.add(f"based_on can't be {pack_id!r}: {advice}")
    return ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a rule may refer to."""

    clauses: Mapping[str, str]
    confirmations: Mapping[str, str]
    base: Base


def _read_pack(fields: Fields, text: str) -> Pack:
    fields.only(TOP_LEVEL)
    base = read_base(fields)
    clauses = fields.table_of_text("clauses")
    confirmations = {**base.confirmations, **fields.table_of_text("confirmations")}
    lists = {**base.lists, **fields.table_of_lists("lists")}
    rules = tuple(_read_rules(fields, text, _Known(clauses, confirmations, base)))
    _no_two_alike(rules, fields.problems)
    rules = _overlaid(rules, _plain(fields.table("adjusted_rules")), confirmations, fields.problems)
    return Pack(
        id=fields.identifier("id"),
        version=fields.text("version"),
        title=fields.text("title"),
        review_date=_review_date(fields),
        settings=_adjusted(
            _read_settings(fields), _plain(fields.table("adjusted")), fields.problems
        ),
        clauses=clauses,
        confirmations=confirmations,
        lists=lists,
        rules=rules,
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        source=text,
    )


def _review_date(fields: Fields) -> date | None:
    if "review_date" in fields and fields["review_date"] == UNDATED:
        return None
    return fields.date("review_date")


def _read_settings(fields: Fields) -> PackSettings:
    """``name = value`` or ``name = { value = …, loosen = true }``."""
    table = fields.table("settings")
    table.only(tuple(BOUNDS))
    values: dict[str, object] = {}
    loosenable: set[str] = set()
    for name, bound in BOUNDS.items():
        if name not in table:
            continue
        value = table[name]
        if isinstance(value, dict):
            entry = table.table(name)
            entry.only(("value", "loosen"))
            if entry.boolean("loosen", default=False):
                loosenable.add(name)
            value = entry.required("value")
        try:
            values[name] = bound.read(value)
        except ValueError as error:
            fields.problems.add(f"the setting {name} {error}")
    return PackSettings(**values, loosenable=frozenset(loosenable))  # type: ignore[arg-type]


def _adjusted(
    settings: PackSettings, changes: Mapping[str, object], problems: Problems
) -> PackSettings:
    changed = adjusted(settings, changes)
    if isinstance(changed, PackSettings):
        return changed
    for wrong in changed:
        problems.add(wrong.says)
    return settings


def _overlaid(
    rules: tuple[Rule, ...],
    changes: Mapping[str, object],
    confirmations: Mapping[str, str],
    problems: Problems,
) -> tuple[Rule, ...]:
    changed, wrong = overlaid(rules, changes, confirmations)
    for one in wrong:
        problems.add(one.says)
    return changed


def _plain(table: Fields) -> Mapping[str, object]:
    return {name: table[name] for name in table.keys()}  # noqa: SIM118  not a mapping


def _as_toml(value: object) -> str:
    """A setting's value. No word of a setting has anything to escape."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case tuple():
            return f"[{', '.join(map(_as_toml, value))}]"
        case _:
            return f'"{value}"'


def _rule_as_toml(rule: Rule) -> str:
    """Everything that may be changed about a rule, as far as it belongs to its severity."""
    parts = {part: getattr(rule, part) for part in PARTS}
    said = [f"{part} = {_as_toml(value)}" for part, value in parts.items() if value != ""]
    return f"{{ {', '.join(said)} }}"


def _read_rules(fields: Fields, text: str, known: _Known) -> Iterable[Rule]:
    tables = fields.list_of_tables("rule")
    found = [match for match in RULE_HEADER.finditer(text) if match["rule"]]
    lines: list[int | None] = [text.count("\n", 0, match.start("rule")) + 1 for match in found]
    if len(lines) != len(tables):
        lines = [None] * len(tables)
    if not tables:
        fields.problems.add("there is no rule: a pack needs at least one [[rule]]")
    for line, table in zip(lines, tables, strict=True):
        label = table.get("id", table.get("like"))
        place = fields.problems.at(rule=str(label) if label else "without an id", line=line)
        whole = like(table, known.base, place)
        yield read_rule(Fields(whole, place), known.clauses, known.confirmations)


def _no_two_alike(rules: tuple[Rule, ...], problems: Problems) -> None:
    """One id a rule, and one rule for what a check sees in one situation."""
    ids: set[str] = set()
    answered: dict[tuple[Check, str, Situation], str] = {}
    for rule in rules:
        if rule.id in ids:
            problems.add(f"two rules are called {rule.id}")
        ids.add(rule.id)
        if rule.lexical:
            continue
        for situation in sorted(rule.applies_to):
            other = answered.setdefault((rule.check, rule.category, situation), rule.id)
            if other != rule.id:
                what = f"{rule.check} {rule.category}".strip()
                problems.add(f"{other} and {rule.id} both answer for {what} in a {situation}")
