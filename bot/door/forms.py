"""The forms of buttons: which one a card asks with, and which field a refusal is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.cards import button_in
from adapters.intents import CONFIRM
from moderation.holds.refusals import Refusal as OfHolds
from moderation.incidents.refusals import Refusal as OfReports
from moderation.keeping.refusals import Refusal as OfNames
from moderation.posts.commands import AskHead
from moderation.posts.refusals import Refusal as OfPosts


if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from moderation.kernel import Reason
    from moderation.views import Card, Form, Intent

GONE: Final = "This isn't possible any more, or isn't yours to do. Nothing changed."

_FIELDS: Final[Mapping[StrEnum, str]] = {
    OfPosts.NO_REASON: "reason",
    OfPosts.REASON_TOO_LONG: "reason",
    OfPosts.BAD_ADDRESS: "url",
    OfNames.NOT_WHOLE: "name",
    OfNames.TOO_LONG: "name",
    OfNames.KNOWN_ALREADY: "name",
    OfNames.IS_CHECKED_FOR: "name",
    OfNames.NO_KIND: "kind",
    OfNames.NO_REASON: "reason",
    OfNames.REASON_TOO_LONG: "reason",
    OfHolds.NO_REASON: "reason",
    OfHolds.REASON_TOO_LONG: "reason",
    OfReports.NO_WORDS: "words",
    OfReports.TOO_LONG: "words",
    OfReports.WHICH_SCHOOL: "school",
    OfReports.NO_SUCH_ACCOUNT: "account",
    OfReports.NO_SUCH_PERSON: "named",
}
"""The field that each refusal is about; the others are about no field."""


def form_in(card: Card | None, intent: Intent) -> Form | None:
    """What the button of this card that says the same asks, where there is such a button."""
    button = button_in(card, intent)
    return button.form if button is not None else None


def field_of(command: object, reasons: tuple[Reason, ...]) -> str:
    """The one field that every reason is about, or ""."""
    fields = {_field(command, reason) for reason in reasons}
    return fields.pop() if len(fields) == 1 else ""


def unfilled(command: object, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons that no field of a form could change."""
    return tuple(reason for reason in reasons if not _field(command, reason))


def _field(command: object, reason: Reason) -> str:
    if reason.code is OfPosts.UNCONFIRMED and "finding" in reason.about:
        return f"{CONFIRM}{reason.about['finding']}"
    field = next((name for code, name in _FIELDS.items() if code is reason.code), "")
    return "words" if field == "reason" and isinstance(command, AskHead) else field
