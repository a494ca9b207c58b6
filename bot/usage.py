"""What was typed wrongly, in our words: typer's own are those of a validation library."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Protocol

import typer
from pydantic import ValidationError

from bot.command_line import as_sentence


if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

LONGEST = 40
"""Characters of what was typed, to be repeated."""


class Named(Protocol):
    """An option or an argument."""

    opts: list[str]
    envvar: str | Sequence[str] | None


def sentence(wrong: typer.TyperException) -> str:
    """What to say of it, as one sentence or two."""
    cause = wrong.__cause__
    if isinstance(wrong, typer.BadParameter) and isinstance(cause, ValidationError):
        return _said(wrong, cause.errors()[0])
    return as_sentence(wrong.format_message())


def _said(wrong: typer.BadParameter, error: ErrorDetails) -> str:
    if wrong.param is None:
        return as_sentence(wrong.format_message())
    asked, name = wrong.param.type_descriptor, _name(wrong.param)
    typed = str(error["input"])
    quoted = f"“{typed if len(typed) <= LONGEST else typed[:LONGEST] + '…'}”"
    choices = [str(each) for each in asked.choices or ()]
    if choices:
        near = difflib.get_close_matches(typed.casefold(), choices, n=1)
        more = f"Did you mean {near[0]}?" if near else f"There is {', '.join(choices)}."
        return f"{name} can't be {quoted}. {more}"
    if error["type"].startswith(("int", "greater_than", "less_than")):
        least, most = asked.parameter_info.min, asked.parameter_info.max
        above = "" if least is None else f" from {least}"
        below = "" if most is None else f" to {most}"
        return f"{name} must be a whole number{above}{below}, not {quoted}."
    return as_sentence(wrong.format_message())


def _name(param: Named) -> str:
    """How the option or argument is called, and the variable that may say the same."""
    name = max(param.opts, key=len)
    name = name if name.startswith("-") else name.upper()
    return f"{name} (or {param.envvar})" if isinstance(param.envvar, str) else name
