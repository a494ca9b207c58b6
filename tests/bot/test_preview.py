"""``schoolgate preview``: every card can be seen by somebody who has no account anywhere."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from adapters.slack.limits import problems
from adapters.slack.render import render
from adapters.teams import limits as teams_limits
from bot import preview_command
from bot.cli import execute
from bot.gallery import gallery


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


class Page(HTMLParser):
    """What a browser would fetch and find."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.targets: list[str] = []
        self.tags: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.fetched += [given["src"]] if "src" in given else []
        link = given.get("href", "")
        self.targets += [link[1:]] if tag == "a" and link.startswith("#") else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not there yet"


def test_without_a_name_it_lists_what_there_is(capsys: Said) -> None:
    assert execute(["preview"]) == 0
    listed = capsys.readouterr().out
    for example in gallery():
        assert f"{example.name} " in listed
        assert example.about in listed


def test_one_card_is_printed_as_slack_takes_it(capsys: Said) -> None:
    assert execute(["preview", "queue"]) == 0
    drawn = json.loads(capsys.readouterr().out)
    [queue] = [example for example in gallery() if example.name == "queue"]
    assert drawn["text"] == render(queue.card, {}).text
    assert problems(drawn) == ()


def test_one_card_is_printed_as_teams_takes_it(capsys: Said) -> None:
    assert execute(["preview", "queue", "--platform", "teams"]) == 0
    drawn = json.loads(capsys.readouterr().out)
    assert drawn["type"] == "AdaptiveCard"
    assert teams_limits.problems(drawn) == ()


def test_every_card_is_written_for_teams(folder: Path) -> None:
    assert execute(["preview", "--out", str(folder), "--platform", "teams"]) == 0
    assert [path.name for path in folder.iterdir()] == ["teams"]
    written = {path.stem: path for path in (folder / "teams").iterdir()}
    assert set(written) == {example.name for example in gallery()}
    drawn = [json.loads(path.read_text(encoding="utf-8")) for path in written.values()]
    assert all(teams_limits.problems(one) == () for one in drawn)


def test_a_card_that_there_is_not_is_said_kindly(capsys: Said) -> None:
    assert execute(["preview", "queu"]) == 64
    told = capsys.readouterr().err
    assert "Did you mean queue? For a list of them: schoolgate preview.\n" in told
    assert execute(["preview", "zzz"]) == 64
    assert "such card. For a list of them: schoolgate preview.\n" in capsys.readouterr().err


def test_every_card_and_dialog_is_written_for_slack(folder: Path) -> None:
    assert execute(["preview", "--out", str(folder), "--platform", "slack"]) == 0
    written = {path.stem: path for path in (folder / "slack").iterdir()}
    assert {example.name for example in gallery()} <= set(written)
    assert not (folder / "index.html").exists()
    drawn = [json.loads(path.read_text(encoding="utf-8")) for path in written.values()]
    assert all(problems(one) == () for one in drawn)
    assert sum(one.get("type") == "modal" for one in drawn) > 50


def test_the_page_needs_nothing_but_its_folder(folder: Path) -> None:
    assert execute(["preview", "--out", str(folder), "--platform", "page"]) == 0
    assert not (folder / "slack").exists()
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    assert {example.name for example in gallery()} == set(page.targets) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.fetched
    assert all((folder / name).is_file() for name in page.fetched)
    assert "script" not in page.tags


def test_both_are_written_where_nothing_is_said(folder: Path, capsys: Said) -> None:
    assert execute(["preview", "--out", str(folder)]) == 0
    assert (folder / "slack").is_dir()
    assert (folder / "index.html").is_file()
    assert str(len(gallery())) in capsys.readouterr().out


def test_one_card_alone_can_be_written(folder: Path) -> None:
    assert execute(["preview", "queue-empty", "--out", str(folder)]) == 0
    assert [path.name for path in (folder / "slack").iterdir()] == ["queue-empty.json"]


def test_a_page_without_a_folder_is_wrong_usage(capsys: Said) -> None:
    assert execute(["preview", "queue", "--platform", "page"]) == 64
    assert "--out" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert execute(["preview", "--out", str(tmp_path / "file" / "in")]) == 78
    assert "file" in capsys.readouterr().err


@pytest.mark.parametrize("judge", ["slack_limits", "teams_limits"])
def test_a_card_that_would_be_turned_down_is_told(
    judge: str, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    limits = getattr(preview_command, judge)
    monkeypatch.setattr(limits, "problems", lambda _: ("blocks: 51, 50 are allowed",))
    assert execute(["preview", "queue-empty"]) == 1
    assert "queue-empty: blocks: 51, 50 are allowed" in capsys.readouterr().err
