"""Commands for later, as rows keep them: the class's name and its ids. No words ever."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, NewType, Protocol, get_args, get_type_hints

from cattrs.preconf.json import make_converter

from moderation.kernel import CorruptStore


class CommandCodec(Protocol):
    """How a :class:`~moderation.kernel.Later` command is kept."""

    def encode(self, command: object) -> str: ...

    def decode(self, text: str) -> object:
        """The command again. Raises :class:`~moderation.kernel.CorruptStore`."""


class DataclassCodec:
    """For commands that are frozen dataclasses of ids and whole numbers.

    ``DataclassCodec(Release, Remind)`` keeps those two under their class names. A class with a
    field that could hold free words is refused when the codec is made.
    """

    def __init__(self, *commands: type) -> None:
        self._commands = {command.__name__: command for command in commands}
        if len(self._commands) != len(commands):
            raise TypeError("two commands have one name")
        for command in commands:
            for field, kind in get_type_hints(command).items():
                if not _is_id_or_number(kind):
                    raise TypeError(f"{command.__name__}.{field} could hold words")
        self._converter = make_converter(forbid_extra_keys=True, detailed_validation=False)

    def encode(self, command: object) -> str:
        """Canonical JSON. Raises ``KeyError`` for a command that isn't registered."""
        name = type(command).__name__
        if self._commands[name] is not type(command):
            raise KeyError(name)
        fields = self._converter.unstructure(command)
        return json.dumps({"command": name, "fields": fields}, sort_keys=True)

    def decode(self, text: str) -> object:
        """The command again."""
        with suppress(Exception):  # an unknown command, other fields, no JSON: all the same
            stored = json.loads(text)
            command = self._commands[stored["command"]]
            return self._converter.structure(stored["fields"], command)
        raise CorruptStore("a command for later can't be read back")


def _is_id_or_number(kind: Any) -> bool:  # noqa: ANN401
    """An id is a NewType over text; plain text could be anything."""
    if isinstance(kind, NewType):
        return True
    arguments = get_args(kind)
    if arguments:
        return all(item in (Ellipsis, type(None)) or _is_id_or_number(item) for item in arguments)
    return kind in (int, bool)
