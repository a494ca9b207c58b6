"""What is typed behind ``/schoolgate``: the same words on every platform. Pure.

    /schoolgate pause [SCHOOL] WHY     let all posts wait
    /schoolgate start [SCHOOL]         start posts again
    /schoolgate report [WORDS]         report a concern about a child
    /schoolgate away [NAME] UNTIL      somebody is away: oneself, or whom one leads
    /schoolgate back [NAME] [DAY]      and is here again
    /schoolgate policy                 read the policy and accept it
    /schoolgate names                  names that aren't pupils', and how to add one
    /schoolgate photos CLASS [ACCOUNT] which children may not be shown, until midnight
    /schoolgate use-here ACCOUNT       show an account's cards in this conversation
    /schoolgate help | queue | whoami  what the platform has for these

Where the tenant has no slash commands the same is typed without the slash.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


NAME: Final = "/schoolgate"


class Verb(StrEnum):
    """The first word."""

    PAUSE = "pause"
    START = "start"
    REPORT = "report"
    HELP = "help"
    QUEUE = "queue"
    WHOAMI = "whoami"
    PHOTOS = "photos"
    USE_HERE = "use-here"
    AWAY = "away"
    BACK = "back"
    POLICY = "policy"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Spoken:
    """``words`` are what follows the verb, as typed; only some verbs take any.

    ``repr`` shows none of them: a report may be among them.
    """

    verb: Verb
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NotSpoken:
    """``meant`` is the nearest whole command there is, or ""."""

    name: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class ListAccounts:
    """``words`` narrow the list."""

    words: str = ""


ABSENCES: Final = frozenset({Verb.AWAY, Verb.BACK})
TAKES_WORDS: Final = ABSENCES | {
    Verb.PAUSE,
    Verb.START,
    Verb.REPORT,
    Verb.PHOTOS,
    Verb.USE_HERE,
    Verb.NAMES,
}
CHANNELS: Final = "channels"
ALONE: Final = frozenset(Verb) - {Verb.USE_HERE}
"""Understood without our name before it."""
REPORTS: Final = f"{NAME} {Verb.REPORT}"
HELP: Final = (
    (f"{NAME} {Verb.PAUSE}", "Pause all posts. Say why after it"),
    (f"{NAME} {Verb.START}", "Start posts again"),
    (REPORTS, "Report a concern about a child. Nobody else sees it here"),
    (f"{NAME} {Verb.AWAY} until Friday", "You are away: others are asked instead"),
    (f"{NAME} {Verb.BACK}", "You are here again"),
    (f"{NAME} {Verb.POLICY}", "Read the policy and accept it, where the school asks for that"),
    (f"{NAME} {Verb.NAMES}", "Names that aren't pupils', and how to keep another"),
    (f"{NAME} {Verb.PHOTOS} 4B", "Children of a class who may not be shown. Only you see it"),
)
"""Lines for a platform's own help."""


def schoolgate(words: str) -> Spoken | NotSpoken:
    """Read what follows the command's name; nothing at all asks for help."""
    first, _, rest = words.strip().partition(" ")
    if not first:
        return Spoken(Verb.HELP)
    name, rest = first.casefold(), rest.strip()
    if name not in set(Verb):
        near = difflib.get_close_matches(name, [str(verb) for verb in Verb], n=1, cutoff=0.6)
        return NotSpoken(f"{NAME} {first[:40]}", f"{NAME} {near[0]}" if near else "")
    verb = Verb(name)
    return Spoken(verb, rest if verb in TAKES_WORDS else "")


def bare(words: str) -> Spoken | NotSpoken | ListAccounts | None:
    """Read a message to us that may be a command without its slash; ``None`` for what isn't one.

    One word alone, "channels" with one more, or anything behind our own name.
    """
    first, _, rest = words.strip().removeprefix("/").partition(" ")
    name, rest = first.casefold(), rest.strip()
    if name == CHANNELS and len(rest.split()) <= 1:
        return ListAccounts(rest)
    if name == NAME.removeprefix("/"):
        return schoolgate(rest)
    return Spoken(Verb(name)) if name in ALONE and not rest else None
