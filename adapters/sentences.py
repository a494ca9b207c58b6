"""What every platform says in the same words: where nothing can be shown, done or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters import slash


if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY: Final = "I don't know you yet. Please ask the school office to add you to its list."
NOT_HERE: Final = "That post isn't here, or isn't yours to see. Nothing changed."
NOT_YOURS: Final = "You can't change that post from here. Its authors and moderators can."
MAY_NOT_PROPOSE: Final = (
    "You can't propose posts for any account. Please ask the headteacher for the right."
)
NOT_YET: Final = (
    "This isn't saved yet: our database is slow just now. Please wait a little, then press again. "
    "However often you press, it counts once."
)
OUTDATED: Final = "That list was for one day, or Schoolgate was stopped. Please ask again."
READ_PRIVATELY: Final = (
    "A list of children isn't left standing in a chat. Please type {} and the class: "
    "it opens where only you read it, and nothing of it stays."
)
OUR_FAULT: Final = (
    "Something went wrong on our side. Nothing was lost: please press again. "
    "If it stays, give this number to whoever runs Schoolgate: {}."
)


def no_such_command(name: str, meant: str, ask: str = "/help") -> str:
    """A kind answer to a command that isn't one; ``ask`` is what shows those that are."""
    nearest = f" Did you mean {meant}?" if meant else ""
    return f"I don't know {name}.{nearest} Type {ask} for what I do know."


def help_rows(
    *,
    propose: str = "/propose",
    channels: str = "/channels",
    schoolgate: str = slash.NAME,
    report: str = "",
) -> Iterator[tuple[str, str]]:
    """(what is typed, what it does), for commands that are called so.

    ``report`` is a command of its own that reports a concern, where there is one.
    """
    yield propose, "Write a post. Words after it go into the form"
    yield channels, f"Our accounts. Add words to narrow it: {channels} facebook"
    yield f"{channels} stale", "Accounts where nothing was posted for a long time"
    yield f"{channels} uncovered", "Accounts that need another moderator"
    for typed, does in slash.HELP:
        yield typed.replace(slash.NAME, schoolgate, 1), does
        if report and typed == slash.REPORTS:
            yield report, "The same, shorter"
