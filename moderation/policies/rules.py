"""Reading one ``[[rule]]`` of a pack."""

from __future__ import annotations

import difflib
import re
import string
from typing import TYPE_CHECKING

from moderation.policies.fields import Fields
from moderation.policies.model import Check, Example, Kind, Rule, Severity, Situation
from moderation.policies.vocabulary import (
    EXAMPLE_COLLEAGUES,
    EXAMPLE_NAMES,
    EXAMPLE_PUPILS,
    PLACEHOLDERS,
    SEEN,
)


if TYPE_CHECKING:
    from collections.abc import Mapping


RULE_KEYS = (
    "id",
    "like",
    "clause",
    "check",
    "category",
    "severity",
    "applies_to",
    "confirm",
    "allowable",
    "headteacher",
    "loosen",
    "why",
    "words",
    "patterns",
    "unless",
    "unless_patterns",
    "hits",
    "misses",
)
EXAMPLE_KEYS = (
    "text",
    "kind",
    "pictures",
    "pupils",
    "colleagues",
    "names",
    "names_allowed",
    "permissions",
    "position",
    "taken_down",
    "words_in_picture",
    "faces",
    "looked_into",
    "file_name",
    "video",
)
LONGEST_PATTERN = 600


def read_rule(fields: Fields, clauses: Mapping[str, str], confirmations: Mapping[str, str]) -> Rule:
    """The rule, with every problem noted on ``fields``."""
    fields.only(RULE_KEYS)
    rule = Rule(
        id=fields.identifier("id"),
        clause=_known("clause", fields.text("clause"), clauses, fields),
        check=fields.word("check", Check, default=Check.OPINION),
        category=fields.text("category", default=""),
        severity=fields.word("severity", Severity, default=Severity.NOTE),
        applies_to=fields.words("applies_to", Situation),
        confirm=_known("confirm", fields.text("confirm", default=""), confirmations, fields),
        allowable=fields.boolean("allowable"),
        headteacher=fields.boolean("headteacher", default=False),
        loosen=fields.boolean("loosen", default=False),
        why=_why(fields),
        words=_phrases("words", fields),
        unless=_phrases("unless", fields),
        patterns=_patterns("patterns", fields),
        unless_patterns=_patterns("unless_patterns", fields),
        hits=_examples("hits", fields),
        misses=_examples("misses", fields),
    )
    _consistent(rule, fields)
    return rule


def _known(key: str, value: str, known: Mapping[str, str], fields: Fields) -> str:
    if value and value not in known:
        near = difflib.get_close_matches(value, list(known), n=1)
        advice = f", did you mean {near[0]}?" if near else ""
        fields.problems.add(f"{key} {value} has no words in this pack{advice}")
    return value


def _consistent(rule: Rule, fields: Fields) -> None:
    """Whether its parts go together; a part that couldn't be read goes with everything."""
    if fields.is_word("severity", Severity):
        _fits_its_severity(rule, fields)
    if rule.lexical:
        if not rule.category:
            fields.problems.add("category is missing: words and patterns need one to be called by")
        return
    if rule.unless or rule.unless_patterns:
        fields.problems.add("unless belongs to a rule with words or patterns")
    if not fields.is_word("check", Check):
        return
    seen = SEEN[rule.check]
    if rule.category and rule.category not in seen:
        near = difflib.get_close_matches(rule.category, seen, n=1)
        advice = f"did you mean {near[0]}?" if near else f"there is {', '.join(seen)}"
        fields.problems.add(f"{rule.check} has no category {rule.category}: {advice}")


def _fits_its_severity(rule: Rule, fields: Fields) -> None:
    if rule.severity is Severity.FLAG and not rule.confirm:
        fields.problems.add("a flag needs confirm: the statement that the approver ticks")
    if rule.severity is not Severity.FLAG and rule.confirm:
        fields.problems.add(f"confirm belongs to a flag, and this is a {rule.severity}")
    if rule.severity is not Severity.BLOCK and rule.allowable:
        fields.problems.add("allowable belongs to a block: nothing else needs to be allowed")


def _why(fields: Fields) -> str:
    why = fields.text("why")
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(why) if name is not None}
    except ValueError:
        fields.problems.add("why has a brace that is never closed")
        return ""
    for name in sorted(names - PLACEHOLDERS):
        fields.problems.add(f"why may hold {{who}} and {{where}}, not {{{name}}}")
    return why


PHRASE = re.compile(r"[^\W_]+\*?(?:[ '-][^\W_]+\*?)*")


def _phrases(key: str, fields: Fields) -> tuple[str, ...]:
    phrases = fields.texts(key)
    for phrase in phrases:
        if not PHRASE.fullmatch(phrase) or phrase != phrase.casefold():
            fields.problems.add(
                f"{key}: {phrase!r} must be lower-case words; a * may end a word for any ending"
            )
    return phrases


def _patterns(key: str, fields: Fields) -> tuple[re.Pattern[str], ...]:
    compiled = []
    for pattern in fields.texts(key):
        if len(pattern) > LONGEST_PATTERN:
            fields.problems.add(f"{key}: a pattern is longer than {LONGEST_PATTERN} characters")
            continue
        try:
            compiled.append(re.compile(pattern, re.IGNORECASE))
        except re.error as error:
            fields.problems.add(f"{key}: {pattern!r} is no regular expression: {error}")
            continue
        if compiled[-1].match(""):
            fields.problems.add(f"{key}: {pattern!r} matches nothing at all, so everywhere")
    return tuple(compiled)


def _examples(key: str, fields: Fields) -> tuple[Example, ...]:
    entries = fields.list_of(key)
    if key in fields and not entries:
        fields.problems.add(f"{key} needs at least one example")
    return tuple(_example(f"{key}[{at}]", entry, fields) for at, entry in enumerate(entries))


def _example(name: str, entry: object, fields: Fields) -> Example:
    if isinstance(entry, str):
        return Example(text=entry)
    if not isinstance(entry, dict):
        fields.problems.add(f"{name} must be a text or a table with text, pictures, pupils, …")
        return Example()
    table = Fields(entry, fields.problems, name)
    table.only(EXAMPLE_KEYS)
    pupils, colleagues = table.texts("pupils"), table.texts("colleagues")
    for key, said, known in (
        ("pupils", pupils, EXAMPLE_PUPILS),
        ("colleagues", colleagues, EXAMPLE_COLLEAGUES),
    ):
        for person in said:
            if person not in known:
                fields.problems.add(f"{name}.{key} can't be {person!r}: {', '.join(known)}")
    names = table.text("names", default="listed")
    if names not in EXAMPLE_NAMES:
        fields.problems.add(f"{name}.names can't be {names!r}: {', '.join(EXAMPLE_NAMES)}")
    pictures = table.list_of("pictures", optional=True)
    if not all(isinstance(picture, str) for picture in pictures):
        fields.problems.add(f"{name}.pictures must be a list of descriptions; one may be empty")
    kind = table.word("kind", Kind, default=Kind.POST) if "kind" in table else Kind.POST
    return Example(
        text=table.text("text", default=""),
        kind=kind,
        pictures=tuple(str(picture) for picture in pictures),
        pupils=pupils,
        colleagues=colleagues,
        names=names,
        names_allowed=table.boolean("names_allowed", default=False),
        permissions=table.boolean("permissions", default=True),
        position=table.boolean("position", default=False),
        taken_down=table.boolean("taken_down", default=False),
        words_in_picture=table.text("words_in_picture", default=""),
        faces=len(table.texts("faces")),
        looked_into=table.boolean("looked_into", default=True),
        file_name=table.text("file_name", default=""),
        video=table.boolean("video", default=False),
    )
