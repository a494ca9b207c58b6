"""What becomes of an import. Pure: state, command and facts in; events or every reason out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.imports import commands as ask, events as happened, guards, rights
from moderation.imports.difference import wishes
from moderation.imports.model import Basis, State
from moderation.imports.refusals import Refusal
from moderation.kernel import Reason, Refused


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.imports.difference import Plan
    from moderation.imports.guards import Facts
    from moderation.imports.model import Batch
    from moderation.kernel import Asked, PersonId, SchoolId


Decided = tuple[happened.Event, ...] | Refused


def decide(batch: Batch | None, command: ask.Command, facts: Facts, asked: Asked) -> Decided:
    """What happens; no event means that the file says nothing new."""
    match command:
        case ask.Import():
            return _imported(command, facts, asked)
        case ask.ConfirmImport():
            return _confirmed(batch, command, facts, asked)
        case ask.DeclineImport():
            return _declined(batch, facts, asked)
        case ask.ReplaceImport() | ask.LapseImport():
            return _timed(batch, command, asked)
        case _ as never:
            assert_never(never)


# -- the operator's file --------------------------------------------------------------------------


def _imported(command: ask.Import, facts: Facts, asked: Asked) -> Decided:
    batch, plan = command.batch, facts.plan
    if batch.content is None or plan is None:
        return _refused([Reason(Refusal.NOT_WAITING, {"state": batch.state.value})])
    reasons = [
        *guards.by_operator(asked),
        *guards.fits_the_register(batch.content, facts),
        *guards.closing_is_meant(command, plan),
        *guards.confirmers_are_known(command, facts),
    ]
    if reasons:
        return _refused(reasons)
    if plan.nothing:
        return ()
    changes = facts.changes
    if not changes:
        return (_applied(batch, plan, facts, asked, Basis.NO_RIGHTS_GIVEN),)
    if guards.is_empty(batch.kind, facts):
        return (_applied(batch, plan, facts, asked, Basis.EMPTY_REGISTER),)
    if not guards.who_is_asked(changes, facts):
        return (_applied(batch, plan, facts, asked, Basis.NOBODY_TO_ASK),)
    return _with_confirmers(command, plan, facts, asked)


def _with_confirmers(command: ask.Import, plan: Plan, facts: Facts, asked: Asked) -> Decided:
    """It gives rights: applied where those who must say yes have, otherwise it waits."""
    batch, changes = command.batch, facts.changes
    people = tuple(dict.fromkeys(command.confirmed_by))
    reasons = [reason for person in people for reason in guards.may_confirm(person, changes, facts)]
    if reasons:
        return _refused(reasons)
    confirmed = [
        happened.Confirmed(
            person=person,
            places=guards.entitled_for(person, changes, facts),
            in_chat=False,
            at=asked.at,
        )
        for person in people
    ]
    needed = guards.who_is_asked(changes, facts).keys()
    if needed <= {place for said in confirmed for place in said.places}:
        return (*confirmed, _applied(batch, plan, facts, asked, Basis.CONFIRMED, people))
    held = happened.Held(
        batch=batch.id,
        kind=batch.kind,
        counts=plan.counts,
        changes=changes,
        at=asked.at,
        lapses_at=batch.lapses_at,
        replaces=facts.older,
    )
    return (held, *confirmed)


def _applied(
    batch: Batch,
    plan: Plan,
    facts: Facts,
    asked: Asked,
    basis: Basis,
    confirmed_by: Iterable[PersonId] = (),
) -> happened.Imported:
    before = facts.stored.register
    return happened.Imported(
        batch=batch.id,
        kind=batch.kind,
        basis=basis,
        counts=plan.counts,
        schools=plan.schools,
        changes=facts.changes,
        at=asked.at,
        waited=batch.state is State.WAITING,
        confirmed_by=tuple(dict.fromkeys(confirmed_by)),
        uncovered=rights.uncovered(before, plan.after, facts.today),
        ended=rights.ended(before, plan.after, facts.today),
        replaces=facts.older,
        posts=facts.posts,
        wishes=tuple(wishes(plan, before.people)),
    )


# -- an answer on the card ------------------------------------------------------------------------


def _confirmed(
    batch: Batch | None, command: ask.ConfirmImport, facts: Facts, asked: Asked
) -> Decided:
    reasons = [*guards.still_waits(batch)]
    if facts.newer and not reasons:
        reasons.append(Reason(Refusal.REPLACED))
    if asked.person is None:
        reasons.append(Reason(Refusal.UNKNOWN_READER))
    if batch is None or batch.content is None or reasons or asked.person is None:
        return _refused(reasons)
    reasons = [*guards.may_confirm(asked.person, batch.changes, facts)]
    if command.seen != batch.number:
        reasons.append(Reason(Refusal.CHANGED_SINCE))
    places = guards.entitled_for(asked.person, batch.changes, facts)
    if not reasons and places <= guards.still_confirmed(batch, batch.changes, facts):
        reasons.append(Reason(Refusal.ALREADY_SAID))
    reasons += guards.fits_the_register(batch.content, facts)
    if reasons or facts.plan is None:
        return _refused(reasons)
    return _said_yes(batch, asked.person, places, facts, facts.plan, asked)


def _said_yes(
    batch: Batch,
    person: PersonId,
    places: frozenset[SchoolId],
    facts: Facts,
    plan: Plan,
    asked: Asked,
) -> Decided:
    changes = facts.changes
    if changes and changes != batch.changes:
        # Nobody says yes to what they haven't read: the card shows what it would be now.
        number = batch.number + 1
        moved = happened.Moved(number=number, changes=changes, counts=plan.counts, at=asked.at)
        return (moved,)
    said = happened.Confirmed(person=person, places=places, in_chat=True, at=asked.at)
    needed = guards.who_is_asked(changes, facts).keys()
    if not needed <= guards.still_confirmed(batch, changes, facts) | places:
        return (said,)
    everybody = (*(before.person for before in batch.confirmations), person)
    return (said, _applied(batch, plan, facts, asked, Basis.CONFIRMED, everybody))


def _declined(batch: Batch | None, facts: Facts, asked: Asked) -> Decided:
    reasons = [*guards.still_waits(batch)]
    if asked.person is None:
        reasons.append(Reason(Refusal.UNKNOWN_READER))
    if batch is None or reasons or asked.person is None:
        return _refused(reasons)
    if not guards.entitled_for(asked.person, batch.changes, facts):
        # What one gains by it is no reason: a no takes nothing from anybody.
        return _refused([Reason(Refusal.NOT_ENTITLED, {"person": asked.person, "who": ""})])
    return (happened.Declined(by=asked.person, at=asked.at),)


# -- the timer ------------------------------------------------------------------------------------


def _timed(
    batch: Batch | None, command: ask.ReplaceImport | ask.LapseImport, asked: Asked
) -> Decided:
    """Too late is not an error: somebody has answered meanwhile."""
    reasons = [*guards.by_timer(asked)]
    if reasons:
        return _refused(reasons)
    if batch is None or batch.state is not State.WAITING:
        return ()
    if isinstance(command, ask.ReplaceImport):
        return (happened.Replaced(newer=command.newer, at=asked.at),)
    return (happened.Lapsed(at=asked.at),)


def _refused(reasons: Iterable[Reason]) -> Refused:
    return Refused(tuple(reasons))
