"""A pack that is based on another: what its rules take from there by ``like``.

Only rules that the pack itself names are taken, each with a clause and a severity of its own, so
that its file says by itself what it stops. What a check sees, the reason shown and the examples
come from the other pack, as do statements and lists that it doesn't write anew.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moderation.policies.fields import Fields
from moderation.policies.model import Severity


if TYPE_CHECKING:
    from moderation.policies.fields import Problems


OWN = ("clause", "severity")
"""What a rule says itself, whatever it is like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The parts of another pack that rules may be like; empty for a pack that stands alone."""

    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    confirmations: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ALONE = Base()


def enclosed(source: str) -> str:
    """The table ``[base]``, which keeps the other pack's text with a pack. JSON's strings suit."""
    return f"\n[base]\nsource = {json.dumps(source, ensure_ascii=False)}\n"


def read_base(fields: Fields) -> Base:
    """What stands in ``[base]``; a problem where that is no pack, or is based on another."""
    if "base" not in fields:
        return ALONE
    table = fields.table("base")
    table.only(("source",))
    try:
        other = Fields(tomllib.loads(table.text("source")), fields.problems, "base")
    except tomllib.TOMLDecodeError:
        fields.problems.add("the pack that this one is based on isn't TOML")
        return ALONE
    if "based_on" in other:
        fields.problems.add("the pack that this one is based on has a base itself")
        return ALONE
    return Base(
        rules={str(rule.get("id")): rule for rule in other.list_of_tables("rule")},
        confirmations=other.table_of_text("confirmations"),
        lists=other.table_of_lists("lists"),
    )


def like(table: Mapping[str, object], base: Base, problems: Problems) -> Mapping[str, object]:
    """The rule's whole table. Its id is that of the rule it is like, unless it has its own."""
    if "like" not in table:
        return table
    name = table["like"]
    other = base.rules.get(str(name))
    if other is None:
        near = difflib.get_close_matches(str(name), list(base.rules), n=1)
        advice = f", did you mean {near[0]}?" if near else ""
        problems.add(f"like {name} names no rule of the pack it is based on{advice}")
        return table
    for key in OWN:
        if key not in table:
            problems.add(f"{key} is missing: a rule says it itself, whatever it is like")
    inherited = {key: value for key, value in other.items() if key not in OWN}
    if table.get("severity") != Severity.FLAG:
        inherited.pop("confirm", None)
    if table.get("severity") != Severity.BLOCK:
        inherited["allowable"] = False
    return inherited | {key: value for key, value in table.items() if key != "like"}
