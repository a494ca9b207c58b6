"""Where settings come from: one YAML file, and environment variables over it.

Both become one nested dictionary. Problems are collected as plain sentences, never raised one by
one, and never repeat a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml


if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


PREFIX: Final = "SCHOOLGATE_"
SEPARATOR: Final = "__"
FILE_SUFFIX: Final = "_FILE"
NOT_OURS: Final = re.compile(r"SCHOOLGATE_((CONFIG|DEBUG)$|SERVICE_(HOST|PORT)(_|$)|PORT(_[^_]|$))")
"""The command line's own, and what Kubernetes sets for a service that is named schoolgate."""
USUAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "SLACK_BOT_TOKEN": ("chat", "slack", "bot_token"),
    "SLACK_APP_TOKEN": ("chat", "slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("chat", "slack", "signing_secret"),
}
"""What Slack's own guides call the secrets; each sets the same as its SCHOOLGATE_ variable."""
LARGEST_FILE: Final = 1_000_000
"""Bytes, for ``app.yaml`` and for a secret's file."""

ForeignKeys: TypeAlias = tuple[frozenset[str], str]

FOREIGN: Final[tuple[ForeignKeys, ...]] = (
    (frozenset({"display_information"}), "a Slack app manifest"),
    (frozenset({"manifestVersion"}), "a Microsoft Teams app manifest"),
    (frozenset({"apiVersion", "kind"}), "a Kubernetes manifest"),
    (frozenset({"runtime"}), "a Google App Engine configuration"),
    (frozenset({"command", "env"}), "a Databricks app configuration"),
    (frozenset({"command"}), "a Databricks app configuration"),
    (frozenset({"services"}), "a DigitalOcean app spec or a Compose file"),
    (frozenset({"static_sites"}), "a DigitalOcean app spec"),
    (frozenset({"workers"}), "a DigitalOcean app spec"),
)
"""Other products' files of the same name, by the keys that give them away."""

OURS: Final = frozenset({"trust", "schools"})


@dataclass(slots=True)
class Gathered:
    """What the sources said, before it is checked."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Which environment variable set a path; the rest came from the file."""
    problems: list[str] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    """Safe, and stricter: no aliases (they can grow without bound), no key twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call] # its stub says so
            raise yaml.constructor.ConstructorError(None, None, "an alias (*name) is used", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 -- PyYAML's signature
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"“{key.value}” is written twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_file(path: Path, gathered: Gathered) -> None:
    """Add what the file says; a problem is one sentence, with the line where there is one."""
    name = path.name
    try:
        text = _text(path)
        # A subclass of SafeLoader: it makes plain data and nothing else.
        document = yaml.load(text, _Loader)  # noqa: S506
    except FileNotFoundError:
        gathered.problems.append(
            f"{path} does not exist. Name Schoolgate's settings with --config FILE."
        )
    except OSError as wrong:
        gathered.problems.append(f"{path} can't be read: {wrong.strerror}.")
    except UnicodeDecodeError:
        gathered.problems.append(f"{name} is not UTF-8 text. Save it as UTF-8.")
    except _TooLarge:
        gathered.problems.append(f"{name} is over one megabyte, so it can't be settings.")
    except (yaml.YAMLError, RecursionError, ValueError) as wrong:
        gathered.problems.append(f"{name} is not valid YAML{_place(wrong)}.")
    else:
        _accept(name, document, gathered)


def _accept(name: str, document: object, gathered: Gathered) -> None:
    if document is None:
        gathered.problems.append(
            f"{name} is empty. Start from the app.yaml that comes with Schoolgate."
        )
    elif not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        gathered.problems.append(
            f"{name} is not a list of settings. It starts with lines such as “trust:”."
        )
    elif other := foreign(document):
        gathered.problems.append(
            f"{name} is {other}, not Schoolgate's. Name Schoolgate's own file with --config FILE."
        )
    else:
        gathered.values = _without_nothing(document)


def _without_nothing(part: dict[str, Any]) -> dict[str, Any]:
    """A name with nothing after it counts as left out."""
    return {
        name: _without_nothing(value) if isinstance(value, dict) else value
        for name, value in part.items()
        if value is not None
    }


def foreign(document: Mapping[str, object]) -> str | None:
    """Name the other product whose file this is, if its keys say so and none is ours."""
    if document.keys() & OURS:
        return None
    return next((product for keys, product in FOREIGN if keys <= document.keys()), None)


def read_environment(
    environ: Mapping[str, str], secrets: frozenset[tuple[str, ...]], gathered: Gathered
) -> None:
    """Lay the ``SCHOOLGATE_…`` variables over the file; for a secret, ``…_FILE`` names a file."""
    for name, path in USUAL_NAMES.items():
        if environ.get(name):
            _lay(path, environ[name], name, gathered)
    for name in sorted(environ):
        if not name.startswith(PREFIX) or NOT_OURS.match(name):
            continue
        value = environ[name]
        path = tuple(name.removeprefix(PREFIX).lower().split(SEPARATOR))
        in_file = tuple(
            name.removeprefix(PREFIX).removesuffix(FILE_SUFFIX).lower().split(SEPARATOR)
        )
        if name.endswith(FILE_SUFFIX) and in_file in secrets:
            if name.removesuffix(FILE_SUFFIX) in environ:
                gathered.problems.append(
                    f"{name} and {name.removesuffix(FILE_SUFFIX)} are both set. Keep one."
                )
                continue
            try:
                value = _text(value).strip()
            except (OSError, UnicodeDecodeError, _TooLarge):
                gathered.problems.append(f"{name} names a file that can't be read as text.")
                continue
            path = in_file
        elif value.lstrip()[:1] in {"[", "{"} and path not in secrets:
            try:
                value = yaml.load(value, _Loader)  # noqa: S506 -- as above
            except (yaml.YAMLError, RecursionError, ValueError):
                gathered.problems.append(f"{name} is not a valid list in YAML or JSON.")
                continue
        before = gathered.origins.get(path)
        if before is not None and environ[before] != value:
            gathered.problems.append(f"{name} and {before} are both set, and differ. Keep one.")
            continue
        _lay(path, value, name, gathered)


def _lay(path: tuple[str, ...], value: object, name: str, gathered: Gathered) -> None:
    place = gathered.values
    for part in path[:-1]:
        if place.get(part) is None:
            place[part] = {}
        if not isinstance(place[part], dict):
            gathered.problems.append(f"{name} sets a part of “{part}”, which has no parts.")
            return
        place = place[part]
    place[path[-1]] = value
    gathered.origins[path] = name


class _TooLarge(Exception):
    pass


def _text(path: Path | str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 -- a path, or its name from the environment
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise _TooLarge
    return data.decode("utf-8-sig")


def _place(wrong: Exception) -> str:
    mark = getattr(wrong, "problem_mark", None)
    problem = getattr(wrong, "problem", None)
    line = f" at line {mark.line + 1}" if mark is not None else ""
    return f"{line}: {problem}" if problem else line
