"""The app package: what Teams takes, and no more asked for than is used."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from adapters.teams.manifest import COMMANDS, Wanted, manifest, package, problems


WANTED = Wanted(
    app_id="11111111-2222-3333-4444-555555555555",
    address="https://schoolgate.hollybank.example/",
    publisher="Hollybank Trust",
    website="https://hollybank.example/schoolgate",
)


def test_teams_would_take_it() -> None:
    assert problems(WANTED) == ()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"app_id": ""}, "id"),
        ({"app_id": "schoolgate"}, "id"),
        ({"version": "1.0"}, "version"),
        ({"publisher": ""}, "developer.name"),
        ({"publisher": "H" * 33}, "developer.name"),
        ({"website": "http://hollybank.example"}, "websiteUrl"),
        ({"privacy": "hollybank.example"}, "privacyUrl"),
        ({"terms": "https://localhost"}, "termsOfUseUrl"),
        ({"address": "https://user@hollybank.example/"}, "validDomains"),
        ({"website": "https://["}, "websiteUrl"),
    ],
)
def test_what_it_would_turn_down_is_named(changes: dict[str, str], named: str) -> None:
    found = problems(replace(WANTED, **changes))
    assert named in {problem.partition(":")[0] for problem in found}


def test_nothing_is_asked_for_that_is_not_used() -> None:
    made: Any = manifest(WANTED)
    assert made["permissions"] == ["identity", "messageTeamMembers"]
    assert not {"authorization", "webApplicationInfo", "devicePermissions"} & set(made)
    assert made["validDomains"] == ["schoolgate.hollybank.example"]
    [bot] = made["bots"]
    assert bot["supportsFiles"]
    assert bot["scopes"] == ["personal", "team"]


def test_one_page_serves_for_all_where_there_is_but_one() -> None:
    made: Any = manifest(WANTED)
    assert len(set(made["developer"].values())) == 2
    apart: Any = manifest(replace(WANTED, privacy="https://hollybank.example/privacy"))
    assert apart["developer"]["privacyUrl"].endswith("/privacy")


def test_the_package_holds_the_manifest_and_two_icons() -> None:
    with ZipFile(BytesIO(package(WANTED))) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    assert json.loads(files.pop("manifest.json")) == manifest(WANTED)
    sizes = {}
    for name, content in files.items():
        icon = Image.open(BytesIO(content))
        sizes[name] = icon.size
        white = [icon.getpixel((icon.width // 2, y)) for y in range(icon.height)]
        assert (255, 255, 255, 255) in white
    assert sizes == {"color.png": (192, 192), "outline.png": (32, 32)}
    outline = Image.open(BytesIO(files["outline.png"]))
    assert outline.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


def test_the_same_wishes_make_the_same_bytes() -> None:
    assert package(WANTED) == package(WANTED)
    assert package(WANTED) != package(replace(WANTED, version="1.0.1"))


def test_a_message_can_be_proposed_and_reported() -> None:
    made: Any = manifest(WANTED)
    [extension] = made["composeExtensions"]
    assert extension["botId"] == WANTED.app_id
    assert {it["id"] for it in extension["commands"]} == {"propose", "report"}
    assert all(it["fetchTask"] and "message" in it["context"] for it in extension["commands"])


def test_what_can_be_typed_is_offered() -> None:
    assert [title for title, _ in COMMANDS] == ["propose", "queue", "channels", "report", "help"]
