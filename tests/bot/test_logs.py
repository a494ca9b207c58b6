"""The log holds ids, counts and classes; a name put into it anywhere does not come out."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import warnings

import pytest
import structlog

from bot.logs import FIELDS, QUIET, configure


NAME = "Zephyrine Quill"


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure(stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_known_fields_come_out_as_json(log: io.StringIO) -> None:
    structlog.get_logger().info("relay.delivered", post="post_01J", count=3, seconds=0.25)
    (line,) = lines(log)
    assert str(line.pop("time")).endswith("Z")
    assert line == {
        "event": "relay.delivered",
        "level": "info",
        "post": "post_01J",
        "count": 3,
        "seconds": 0.25,
    }


def _database_error() -> None:
    raise RuntimeError(f"UNIQUE failed [parameters: ('{NAME}',)]")


def test_no_name_comes_out_however_it_was_put_in(log: io.StringIO) -> None:
    ours = structlog.get_logger()
    theirs = logging.getLogger("sqlalchemy.engine")
    ours.info(f"saved {NAME}")
    ours.info("post.saved", name=NAME, text=NAME, post=NAME, subject={"name": NAME})
    ours.bind(pupil=NAME).warning("post.saved", **{NAME: 1})
    theirs.warning("row %s", NAME)
    theirs.warning(f"row {NAME}")
    try:
        _database_error()
    except RuntimeError as wrong:
        ours.error("relay.failed", exc_info=wrong)
        ours.exception("relay.failed")
        theirs.exception("failed on %s", NAME)
        theirs.error(NAME, exc_info=True, stack_info=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(NAME, stacklevel=1)
    assert len(lines(log)) == 10
    assert "Zephyrine" not in log.getvalue()
    assert "Quill" not in log.getvalue()


def test_what_was_dropped_is_counted(log: io.StringIO) -> None:
    structlog.get_logger().info("post.saved", name=NAME, post="a b", count=1)
    (line,) = lines(log)
    assert line["dropped"] == 2
    assert line["count"] == 1


def test_an_exception_gives_its_class_its_cause_and_our_place(log: io.StringIO) -> None:
    try:
        try:
            _database_error()
        except RuntimeError as wrong:
            raise asyncio.CancelledError(NAME) from wrong
    except asyncio.CancelledError as wrong:
        structlog.get_logger().error("relay.failed", exc_info=wrong)
    (line,) = lines(log)
    assert line["error"] == "asyncio.exceptions.CancelledError"
    assert line["cause"] == "RuntimeError"


def test_the_place_is_in_our_own_code(log: io.StringIO) -> None:
    try:
        configure(None)  # type: ignore[arg-type] # the mistake under test
    except AttributeError:
        structlog.get_logger().exception("start.failed")
    (line,) = lines(log)
    assert str(line["at"]).startswith("bot/logs.py:")


def test_a_library_says_who_and_where_but_not_what(log: io.StringIO) -> None:
    logging.getLogger("slack_bolt.AsyncApp").error("Unhandled: %s", {"user": NAME})
    (line,) = lines(log)
    assert line["event"] == "library"
    assert line["logger"] == "slack_bolt.AsyncApp"
    assert str(line["at"]).startswith("test_logs:")


def test_libraries_are_quiet_below_warning(log: io.StringIO) -> None:
    for name in QUIET:
        logging.getLogger(f"{name}.inner").info("GET /media/token")
    assert log.getvalue() == ""


def test_a_terminal_gets_readable_lines(log: io.StringIO) -> None:
    configure(log, json=False)
    structlog.get_logger().info("relay.delivered", post="post_01J", name=NAME)
    assert "relay.delivered" in log.getvalue()
    assert "post=post_01J" in log.getvalue()
    assert "Zephyrine" not in log.getvalue()


def test_no_allowed_field_is_one_that_holds_a_persons_words() -> None:
    assert not FIELDS & {"name", "text", "title", "pupil", "message", "reason", "email", "url"}
