"""The app package that a Teams administrator uploads: what Teams is told about us, and icons. Pure.

No permission of Microsoft Graph is asked for, nothing that is said in a channel can be read unless
Schoolgate is mentioned or used on it, and nobody has to consent to anything. Limits after
Microsoft's schema of the manifest, version 1.22 (see :func:`problems`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adapters.teams import icons


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | bool"

MANIFEST_VERSION: Final = "1.22"
SCHEMA: Final = (
    f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/"
    "MicrosoftTeams.schema.json"
)
PACKAGE: Final = "schoolgate-teams.zip"
LANGUAGE: Final = "en-gb"

NAME: Final = "Schoolgate"
FULL_NAME: Final = "Schoolgate: two people approve every post"
SHORT: Final = "Two people approve every post on the school's official accounts."
LONG: Final = (
    "Propose a post where you already chat. Schoolgate looks for pupils' names, missing "
    "permissions and anything the school's policy forbids, and says which clause. A second "
    "approved moderator says yes with a button, and only then is it ready to post. The headteacher "
    "hears of what goes wrong. A concern about a child goes privately to the safeguarding lead."
)
COMMANDS: Final[tuple[tuple[str, str], ...]] = (
    ("propose", "Write a post. Words after it become your draft"),
    ("queue", "What waits for your yes"),
    ("channels", "Our accounts. Add words to narrow it: channels facebook"),
    ("report", "Report a concern about a child, privately"),
    ("help", "What I can do"),
)
"""What is offered where somebody begins to write to us."""
ACTIONS: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    (
        "propose",
        "Propose as a post",
        "Write a post, with this message's words in it",
        ("message", "compose"),
    ),
    ("report", "Report a concern", "About a child, privately", ("message", "compose")),
)
"""What is offered on a message and beside the box in which one is written: id, title, what it does
and where. Each opens a dialog."""

LONGEST: Final[Mapping[str, int]] = {
    "name.short": 30,
    "name.full": 100,
    "description.short": 80,
    "description.full": 4_000,
    "developer.name": 32,
}
LONGEST_COMMAND: Final = 32
LONGEST_ABOUT: Final = 128
MOST_COMMANDS: Final = 10

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_LONG_AGO = (2020, 1, 1, 0, 0, 0)
"""Of every file in the package: the same wishes make the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``app_id`` is the bot's in Microsoft Entra, ``address`` the server's public one (https).

    ``publisher`` answers for it, with web pages of its own. ``version`` rises with each package
    that is handed in.
    """

    app_id: str
    address: str
    publisher: str
    website: str
    privacy: str = ""
    terms: str = ""
    version: str = "1.0.0"


def manifest(wanted: Wanted) -> dict[str, Json]:
    """The manifest as Teams reads it."""
    host = urlsplit(wanted.address).netloc
    commands: Json = [{"title": title, "description": about} for title, about in COMMANDS]
    return {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": wanted.version,
        "id": wanted.app_id,
        "developer": {
            "name": wanted.publisher,
            "websiteUrl": wanted.website,
            "privacyUrl": wanted.privacy or wanted.website,
            "termsOfUseUrl": wanted.terms or wanted.website,
        },
        "localizationInfo": {"defaultLanguageTag": LANGUAGE, "additionalLanguages": []},
        "name": {"short": NAME, "full": FULL_NAME},
        "description": {"short": SHORT, "full": LONG},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": icons.COLOUR,
        "defaultInstallScope": "personal",
        "bots": [
            {
                "botId": wanted.app_id,
                "scopes": ["personal", "team"],
                "supportsFiles": True,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": ["personal", "team"], "commands": commands}],
            }
        ],
        "composeExtensions": [
            {
                "botId": wanted.app_id,
                "commands": [
                    {
                        "id": name,
                        "type": "action",
                        "title": title,
                        "description": about,
                        "context": list(where),
                        "fetchTask": True,
                    }
                    for name, title, about, where in ACTIONS
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [host],
    }


def package(wanted: Wanted) -> bytes:
    """The zip: the manifest and both icons, the same bytes for the same wishes."""
    written = json.dumps(manifest(wanted), indent=2, ensure_ascii=False) + "\n"
    files = {
        "manifest.json": written.encode("utf-8"),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(ZipInfo(name, _LONG_AGO), content, ZIP_DEFLATED)
    return held.getvalue()


# -- what Teams would turn down --------------------------------------------------------------------


def problems(wanted: Wanted) -> tuple[str, ...]:
    """Everything that Teams would turn down, a line each."""
    return tuple(_problems(wanted))


def _problems(wanted: Wanted) -> Iterator[str]:
    made = manifest(wanted)
    for path, most in LONGEST.items():
        part, _, name = path.partition(".")
        held = made[part]
        words = held[name] if isinstance(held, dict) else ""
        if not isinstance(words, str) or not words.strip():
            yield f"{path}: is empty"
        elif len(words) > most:
            yield f"{path}: {len(words)} characters, {most} are allowed"
    if not _GUID.fullmatch(wanted.app_id):
        yield "id: no id of Microsoft Entra, such as 11111111-2222-3333-4444-555555555555"
    if not _VERSION.fullmatch(wanted.version):
        yield "version: not like 1.0.0"
    pages = {
        "websiteUrl": wanted.website,
        "privacyUrl": wanted.privacy or wanted.website,
        "termsOfUseUrl": wanted.terms or wanted.website,
        "validDomains": wanted.address,
    }
    for name, page in pages.items():
        if not is_public(page):
            yield f"{name}: no public https:// address"
    if len(COMMANDS) > MOST_COMMANDS:
        yield f"commands: {len(COMMANDS)}, {MOST_COMMANDS} are allowed"
    offered = (*COMMANDS, *((title, about) for _, title, about, _ in ACTIONS))
    for title, about in offered:
        if len(title) > LONGEST_COMMAND or len(about) > LONGEST_ABOUT:
            yield f"commands: {title} is too long"


def is_public(page: str) -> bool:
    """Whether it is a page that others can open: https, and the name of a host."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
