"""The log: what happened, to which id, how long it took. Never a name, a text or a message.

Only the fields of :data:`FIELDS` get through, and of those only numbers and short codes; what is
dropped is counted. An exception gives its class and the place in our code, never its message,
because a database error repeats the row it failed on. The same holds for what libraries log.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import structlog


if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger


FIELDS: Final = frozenset(
    {
        # which
        "account",
        "command",
        "conversation",
        "delivery",
        "job",
        "key_number",
        "method",
        "person",
        "platform",
        "post",
        "publication",
        "request",
        "revision",
        "route",
        "school",
        "subject",
        "workspace",
        # how many, how long (seconds), how it ended
        "accounts",
        "attempt",
        "count",
        "due",
        "events",
        "host",
        "http_status",
        "outcome",
        "port",
        "refusal",
        "retry_after",
        "schema",
        "seconds",
        "version",
        # what went wrong
        "at",
        "cause",
        "error",
        "logger",
    }
)
"""Every field a log line may have, beside ``event``, ``level``, ``time`` and ``dropped``."""

OWN: Final = ("event", "level", "time", "_record", "_from_structlog")

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,99}")
"""An id, a number written out, a class, a place. No spaces, so no sentence and no full name."""
EVENT: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
"""A dotted tag, written in the source: ``relay.delivered``."""

PACKAGES: Final = ("adapters", "bot", "migrations", "moderation", "storage")
QUIET: Final = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "asyncio",
    "botbuilder",
    "botframework",
    "msal",
    "msrest",
    "PIL",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "urllib3",
)
"""Libraries that speak of addresses, payloads or rows below this level."""


def configure(stream: TextIO, *, json: bool | None = None, level: int = logging.INFO) -> None:
    """Send our log and the libraries' to one stream: JSON lines unless it is a terminal."""
    as_json = not stream.isatty() if json is None else json
    last: Processor = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    ours: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        only_known_fields,
    ]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[without_message, *ours],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def only_known_fields(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Keep the known fields with harmless values; count the rest as ``dropped``."""
    wrong = line.pop("exc_info", None)
    kept: dict[str, Any] = {name: line.pop(name) for name in OWN if name in line}
    if not EVENT.fullmatch(str(kept.get("event", ""))):
        kept["event"] = "unnamed"
    dropped = 0
    for name, value in line.items():
        if name in FIELDS and _harmless(value):
            kept[name] = value
        else:
            dropped += 1
    if dropped:
        kept["dropped"] = dropped
    if error := _exception(wrong):
        kept |= described(error)
    return kept


def without_message(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Make a library's record say who spoke and where, and drop what it said."""
    record: logging.LogRecord = line["_record"]
    line["event"] = "library"
    line["logger"] = record.name
    line["at"] = f"{record.module}:{record.lineno}"
    line["exc_info"] = record.exc_info
    # The formatter would otherwise print the traceback, message and all.
    record.exc_info = None
    record.exc_text = None
    return line


def described(error: BaseException) -> dict[str, str]:
    """An exception as fields: its class, its cause's class, and the last place in our own code."""
    fields = {"error": _named(error)}
    cause = error.__cause__ or error.__context__
    if cause is not None:
        fields["cause"] = _named(cause)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        parts = Path(frame.filename).parts
        start = next((i for i, part in enumerate(parts) if part in PACKAGES), None)
        if start is not None and "site-packages" not in parts[:start]:
            fields["at"] = f"{'/'.join(parts[start:])}:{frame.lineno}"
            break
    return fields


def _named(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _exception(said: object) -> BaseException | None:
    """The exception that ``exc_info`` means, in any of the forms that logging allows."""
    match said:
        case BaseException():
            return said
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
        case _:
            return None


def _harmless(value: object) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    return isinstance(value, str) and CODE.fullmatch(value) is not None
