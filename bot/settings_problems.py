"""Pydantic's errors as one plain sentence each, which never repeats a secret."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel


if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from bot.settings_sources import Gathered


class Said(ValueError):
    """A problem already said in full, to be put after the setting's name."""


def sentence(
    error: ErrorDetails,
    *,
    model: type[BaseModel],
    file: str,
    gathered: Gathered,
    secrets: AbstractSet[tuple[str, ...]],
) -> str:
    """Say one of pydantic's errors as a person would, and where it was written.

    A field's description completes "must be …"; the values of ``secrets`` are never shown.
    """
    loc = tuple(part for part in error["loc"] if not str(part).startswith("function-"))
    names = tuple(str(part) for part in loc)
    unknown = error["type"] == "extra_forbidden"
    where = next(
        (
            variable
            for path, variable in gathered.origins.items()
            if names[: len(path)] == path or (unknown and path[: len(names)] == names)
        ),
        file,
    )
    path = _written(loc)
    said = error.get("ctx", {}).get("error")
    if unknown:
        return f"{where}: {path} is not a setting.{_nearest(model, loc, secrets)}"
    if isinstance(said, Said):
        return f"{where}: {path} {said}" if path else str(said)
    description = _described(model, loc)
    if error["type"] == "missing":
        return f"{where}: {path} is missing. It is {description}."
    value = "" if names in secrets else f", not {_short(error['input'])}"
    return f"{where}: {path} must be {description}{value}."


def _written(loc: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".")


def _short(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return f"{len(value)} parts" if value else "nothing"
    text = "nothing" if value is None else f"“{value}”"
    return text if len(text) <= 60 else f"{text[:58]}…”"  # noqa: PLR2004 -- fits one line


def _fields(
    model: type[BaseModel], loc: tuple[int | str, ...]
) -> tuple[dict[str, FieldInfo], FieldInfo | None]:
    """The fields of the part that holds the last name in a path, and the last name's own."""
    part: type[BaseModel] | None = model
    inside: dict[str, FieldInfo] = {}
    found: FieldInfo | None = None
    for name in loc:
        if isinstance(name, int):
            continue
        inside = {
            field.alias or key: field for key, field in (part.model_fields if part else {}).items()
        }
        found = inside.get(name)
        part = _part(found.annotation) if found else None
    return inside, found


def _part(annotation: object) -> type[BaseModel] | None:
    for inner in (annotation, *get_args(annotation)):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None


def _described(model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    _, found = _fields(model, loc)
    return (found.description if found else None) or "something else"


def _nearest(
    model: type[BaseModel], loc: tuple[int | str, ...], secrets: AbstractSet[tuple[str, ...]]
) -> str:
    """What stands here in app.yaml; a secret doesn't, as it would be refused."""
    fields, _ = _fields(model, loc)
    above = tuple(str(part) for part in loc[:-1])
    # An address without a password may stand there.
    inside = [name for name in fields if (*above, name) not in secrets or name == "url"]
    near = difflib.get_close_matches(str(loc[-1]), inside, n=1)
    if near:
        return f" Did you mean {near[0]}?"
    return f" Known here: {', '.join(inside)}."
