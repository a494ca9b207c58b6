"""What the core decided about a file, in sentences for whoever typed the command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.imports.report import Outcome
from moderation.accounts.present import page
from moderation.imports import events as happened, present
from moderation.imports.model import Basis, Kind
from moderation.imports.refusals import Refusal
from moderation.kernel import Refused
from moderation.words import both, capital, counted, day, either


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.imports.report import Report
    from moderation.imports.commands import Import
    from moderation.imports.queries import Previewed
    from moderation.kernel import PersonId


_REFUSED = {
    Refusal.CLOSES_MANY: Outcome.NUMBER_NEEDED,
    Refusal.CLOSING_DIFFERS: Outcome.NUMBER_NEEDED,
    Refusal.NOT_ENTITLED: Outcome.NOT_CONFIRMED,
    Refusal.GAINS_BY_IT: Outcome.NOT_CONFIRMED,
    Refusal.NO_SUCH_CONFIRMER: Outcome.NO_SUCH_PERSON,
}

NOTHING_YET = "Nothing has changed yet: this changes who may approve, and needs a yes."
DRY_RUN = "This was a dry run: nothing was written."


def decided(
    report: Report,
    found: Previewed,
    outcome: tuple[happened.Event, ...] | Refused,
    command: Import,
) -> Report:
    """The finished report. In a dry run it says what the import itself would come to."""
    if isinstance(outcome, Refused):
        finished = _refused(report, found, outcome)
    elif not outcome:
        finished = replace(
            report, outcome=Outcome.NOTHING, sentences=("The register says the same already.",)
        )
    else:
        finished = _accepted(report, found, outcome, command)
    notes = (*finished.notes, *_notes(finished, command), *_standing(found))
    if report.dry_run:
        return replace(finished, batch=None, notes=notes, sentences=(*finished.sentences, DRY_RUN))
    return replace(finished, notes=notes)


def _refused(report: Report, found: Previewed, refused: Refused) -> Report:
    """The first kind of reason there is, and a sentence for every one of them."""
    kinds = [_REFUSED.get(Refusal(reason.code), Outcome.REFUSED) for reason in refused.reasons]
    order = (Outcome.REFUSED, Outcome.NO_SUCH_PERSON, Outcome.NUMBER_NEEDED, Outcome.NOT_CONFIRMED)
    return replace(
        report,
        outcome=min(kinds, key=order.index),
        sentences=present.refusal(refused.reasons, found.around),
    )


def _accepted(
    report: Report,
    found: Previewed,
    events: tuple[happened.Event, ...],
    command: Import,
) -> Report:
    report = replace(report, batch=command.batch.id)
    for event in events:
        match event:
            case happened.Held():
                sentences = tuple(_waiting(report, found, event))
                return replace(report, outcome=Outcome.WAITING, sentences=sentences)
            case happened.Imported():
                report = replace(
                    report,
                    outcome=Outcome.DONE,
                    sentences=("Done.",) if not report.dry_run else (),
                    notes=(*report.notes, *_applied(event, found, command.batch.kind)),
                )
            case _:
                continue
    return report


# -- waiting --------------------------------------------------------------------------------------


def _waiting(report: Report, found: Previewed, event: happened.Held) -> Iterator[str]:
    around = found.around
    today = around.now.astimezone(around.zone).date()
    until = day(event.lapses_at.astimezone(around.zone).date(), today)
    yield NOTHING_YET
    for question in report.asked:
        names = both(question.names)
        asked = "would be asked" if report.dry_run else "asked"
        yield f"For {question.of}, {asked} until {until}: {names}."
    ids = dict.fromkeys(person for question in report.asked for person in question.people)
    for person in ids:
        if not _reachable(found, person):
            yield f"{_name(found, person)} has no chat account here: please ask in person."
    yield f"If they said yes outside the chat, add --confirmed-by {either(list(ids))}."


# -- notes ----------------------------------------------------------------------------------------


_EMPTY = {
    Kind.PEOPLE: "Nobody was in the register",
    Kind.ACCOUNTS: "No account was in the register",
}
"""Files about pupils give no rights, so nobody is asked about them."""


def _applied(event: happened.Imported, found: Previewed, kind: Kind) -> Iterator[str]:
    match event.basis:
        case Basis.EMPTY_REGISTER:
            yield f"{_EMPTY[kind]} yet, so this counts as yours. The audit says so."
        case Basis.NOBODY_TO_ASK:
            yield "Nobody on record could say yes, so this counts as yours. The audit says so."
        case Basis.CONFIRMED:
            for person in event.confirmed_by:
                told = (
                    "They are told so privately."
                    if _reachable(found, person)
                    else "They have no chat account here, so please tell them yourself."
                )
                yield f"You named {_name(found, person)} as having said yes. {told}"
        case Basis.NO_RIGHTS_GIVEN:
            pass
    after = found.plan.after.accounts
    for account in event.uncovered:
        where = page(after[account]) if account in after else account
        yield f"Nobody moderates {where} any more: only the headteacher can approve for it."
    for person in event.ended:
        yield f"{_name(found, person)} is no longer a headteacher or trust lead."
    if event.replaces:
        files = counted(len(event.replaces), "file")
        yield f"{capital(files)} about the same people waited for a yes and won't count any more."


def _name(found: Previewed, person: PersonId) -> str:
    return found.around.names.get(person, person)


def _reachable(found: Previewed, person: PersonId) -> bool:
    known = found.stored.register.people.get(person)
    return known is not None and bool(known.identities)


def _standing(found: Previewed) -> Iterator[str]:
    """So that nobody wonders why a yes in their file doesn't count."""
    if found.plan.stands:
        pupils = counted(found.plan.stands, "pupil")
        yield (
            f"For {pupils} a withdrawal on record stands: the file shows no answer of a later day. "
            "Where a family said yes again, import that yes with its date."
        )


def _notes(report: Report, command: Import) -> Iterator[str]:
    counts = report.counts
    if counts is None:
        return
    if counts.untouched and report.kind in (Kind.PEOPLE, Kind.ACCOUNTS):
        one, many = ("person", "people") if report.kind is Kind.PEOPLE else ("account", "accounts")
        yield f"{capital(counted(counts.untouched, one, many))} not in the file: left as before."
    if counts.closed and report.kind is Kind.PUPILS:
        yield "Whoever leaves the roll stays in the name check until 31 December."
    if command.confirmed_by and not report.rights:
        yield "Nobody had to say yes to this, so --confirmed-by wasn't used."
