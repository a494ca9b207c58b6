"""``schoolgate outbox``: as an operator types it, beside or without a running Schoolgate."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from tests.bot.installation import secrets, write_settings


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of the operator's own, with one dead message to somebody in it."""
    path = tmp_path / "schoolgate.db"
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    monkeypatch.setenv("SCHOOLGATE_DATABASE__URL", f"sqlite:///{path}")
    for name, value in secrets().items():
        monkeypatch.setenv(name, value)
    assert execute(["db", "upgrade"]) == 0
    return path


def run(store: Path, *statements: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store)) as raw:
        found = [raw.execute(statement).fetchall() for statement in statements][-1]
        raw.commit()
        return found


def add_dead_letter(store: Path) -> None:
    moment = "'2026-11-18 12:00:00.000000'"
    run(
        store,
        "INSERT INTO effect (key, kind, subject_kind, subject_id, version, body, state, due_at, "
        "attempts, last_error, first_at) VALUES ('k', 'tell', 'post', 'p1', 1, '{}', 'dead', "
        f"{moment}, 12, 'StoreFault', {moment})",
    )


def answered(said: Said, *arguments: str) -> tuple[int, str, str]:
    said.readouterr()
    code = execute(["outbox", *arguments])
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_nothing_stuck_is_said_so(store: Path, capsys: Said) -> None:
    assert store.exists()
    code, out, err = answered(capsys, "list")
    assert (code, err) == (0, "")
    assert out.startswith("Nothing is stuck")
    assert json.loads(answered(capsys, "list", "--json")[1]) == {"letters": []}


def test_a_dead_letter_is_listed_tried_again_and_audited(store: Path, capsys: Said) -> None:
    add_dead_letter(store)
    code, out, _ = answered(capsys, "list")
    assert code == 0
    heading, line = out.splitlines()
    assert heading.split() == ["id", "about", "state", "tries", "for", "error"]
    assert line.split()[:4] == ["effect:1", "post", "dead", "12"]
    assert line.split()[-1] == "StoreFault"
    [letter] = json.loads(answered(capsys, "list", "--json")[1])["letters"]
    assert (letter["id"], letter["attempts"]) == ("effect:1", 12)

    assert answered(capsys, "retry", "effect:1") == (0, "effect:1 will be tried again.\n", "")
    assert run(store, "SELECT state, attempts, first_at FROM effect") == [("ready", 12, None)]
    audited = "SELECT tag, actor_kind, subject_kind, subject_id FROM audit_event"
    assert run(store, audited) == [("outbox:retried", "operator", "outbox", "effect:1")]


def test_a_dead_letter_that_is_left_is_listed_no_more(store: Path, capsys: Said) -> None:
    add_dead_letter(store)
    assert answered(capsys, "discard", "effect:1") == (0, "effect:1 was left undone.\n", "")
    assert answered(capsys, "list")[1].startswith("Nothing is stuck")
    assert run(store, "SELECT tag, actor_kind FROM audit_event") == [
        ("outbox:discarded", "operator")
    ]


def test_what_isn_t_stuck_is_refused_and_the_rest_is_done(store: Path, capsys: Said) -> None:
    add_dead_letter(store)
    code, out, err = answered(capsys, "retry", "effect:1", "notice:7")
    assert (code, out) == (1, "effect:1 will be tried again.\n")
    assert err == "There is no notice:7 among what is stuck. See: schoolgate outbox list\n"
    assert len(run(store, "SELECT tag FROM audit_event")) == 1


def test_without_a_key_it_says_how_to_make_one(
    store: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.exists()
    monkeypatch.delenv("SCHOOLGATE_KEYS")
    code, _, err = answered(capsys, "list")
    assert code == 78
    assert "schoolgate keys new" in err
