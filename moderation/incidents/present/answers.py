"""What somebody hears at once after a click: that it had its effect, or every reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.incidents.commands import Acknowledge, Finish, ReportConcern
from moderation.incidents.present.speech import (
    EMERGENCY,
    LEAVE_IT,
    STRANGER,
    holder,
    newest,
    please_ring,
    standing,
)
from moderation.incidents.refusals import Refusal


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moderation.incidents.commands import Command
    from moderation.incidents.queries import IncidentPage, Ring
    from moderation.kernel import Reason


def done(command: Command, page: IncidentPage) -> tuple[str, ...]:
    """What somebody hears at once after a click that had its effect."""
    match command:
        case ReportConcern() if page.incident.unanswered_at is not None:
            kept = "Your report is kept, but nobody who takes reports can be reached here now."
            return (kept, please_ring(page.view.ring), EMERGENCY)
        case ReportConcern():
            sent = f"Thank you. This went privately to {newest(page)}."
            return (sent, LEAVE_IT, EMERGENCY)
        case Acknowledge():
            return ("Thank you. The reporter knows that you have it.", EMERGENCY)
        case Finish():
            return ("Thank you. The reporter knows that it is seen to.", EMERGENCY)
        case _:
            return (EMERGENCY,)


def again(page: IncidentPage) -> tuple[str, ...]:
    """The same was asked before: how it stands."""
    return (f"You have already said so. {standing(page)[0]}.", EMERGENCY)


def refusal(
    reasons: Iterable[Reason], ring: Ring, page: IncidentPage | None = None
) -> tuple[str, ...]:
    """Every reason in plain words, whom to ring, and 999; ``page`` where the asker may know it."""
    said = dict.fromkeys(_refused(reason, page) for reason in reasons)
    return (*said, please_ring(ring), EMERGENCY)


def unreadable(ring: Ring) -> tuple[str, ...]:
    """For whoever may not read a report, or asks for one that isn't there."""
    return (_REFUSALS[Refusal.NO_SUCH_REPORT], please_ring(ring), EMERGENCY)


_REFUSALS: Mapping[Refusal, str] = {
    Refusal.STRANGER: f"{STRANGER} Nothing was sent.",
    Refusal.WHICH_SCHOOL: "Please choose which school it is about. Nothing was sent yet.",
    Refusal.NO_WORDS: "Please say in a few words what worries you. Nothing was sent yet.",
    Refusal.NO_SUCH_ACCOUNT: "That page isn't one of this school's. Nothing was sent yet.",
    Refusal.NO_SUCH_PERSON: (
        "I don't know everybody you ticked at this school. Please choose again. "
        "Nothing was sent yet."
    ),
    Refusal.SENT_ALREADY: "This report was sent already. If there is more, please write another.",
    Refusal.NO_SUCH_REPORT: "I can't find that report. Nothing changed.",
    Refusal.OWN_REPORT: "You wrote this report, so somebody else needs to take it on.",
    Refusal.NO_LONGER: "You no longer look after reports at this school. Nothing changed.",
    Refusal.FINISHED: "This has been seen to already. Nothing changed.",
    Refusal.TAKE_IT_FIRST: "Please press “I have it” first. Nothing changed.",
    Refusal.ONLY_THE_TIMER: "Nobody can do that by hand. Nothing changed.",
}


def _refused(reason: Reason, page: IncidentPage | None) -> str:
    code = Refusal(reason.code)
    if code is Refusal.TOO_LONG:
        limit = int(reason.about["limit"])
        return f"That is longer than {limit:,} characters. Nothing was sent yet."
    if code is Refusal.SOMEBODY_HAS_IT:
        who = holder(page) if page is not None else "Somebody"
        return f"{who} has it already. Nothing more is needed from you."
    return _REFUSALS[code]
