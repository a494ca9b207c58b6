"""Accepting a policy: only the version that is asked for, once. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from moderation.acceptances.commands import AcceptedElsewhere, AcceptPolicy
from moderation.acceptances.events import AcceptanceBrought, PolicyAccepted
from moderation.acceptances.model import Acceptance
from moderation.acceptances.refusals import Refusal
from moderation.kernel import Identity, Operator, Reason, Refused


if TYPE_CHECKING:
    from moderation.acceptances.commands import Command
    from moderation.acceptances.events import Event
    from moderation.kernel import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``version`` is the one asked for, "" where none is or the school isn't the person's.

    Of an acceptance elsewhere it is the one that was accepted, whichever that is.
    """

    known: bool = False
    policy: str = ""
    version: str = ""
    accepted: bool = False


def decide(command: Command, facts: Facts, asked: Asked) -> tuple[Event, ...] | Refused:
    """What happens, or why nothing does."""
    match command:
        case AcceptPolicy():
            return _accept(command, facts, asked)
        case AcceptedElsewhere():
            return _bring(command, facts, asked)
        case _ as never:
            assert_never(never)


def _accept(command: AcceptPolicy, facts: Facts, asked: Asked) -> tuple[Event, ...] | Refused:
    if asked.person is None or not facts.known or not isinstance(asked.by, Identity):
        return _refused(Refusal.UNKNOWN_PERSON)
    if not facts.version:
        return _refused(Refusal.NOT_YOURS)
    if command.version != facts.version:
        # Nobody accepts what they haven't read.
        return _refused(Refusal.ANOTHER_VERSION)
    if facts.accepted:
        return _refused(Refusal.ALREADY)
    return (
        PolicyAccepted(
            school=command.school,
            policy=facts.policy,
            version=facts.version,
            by=asked.person,
            at=asked.at,
            where=asked.by.platform.value,
        ),
    )


def _bring(command: AcceptedElsewhere, facts: Facts, asked: Asked) -> tuple[Event, ...] | Refused:
    if not isinstance(asked.by, Operator) or not facts.known:
        return _refused(Refusal.UNKNOWN_PERSON)
    if not facts.version:
        return _refused(Refusal.NOT_YOURS)
    if command.accepted > asked.at:
        return _refused(Refusal.NOT_YET)
    if facts.accepted:
        return _refused(Refusal.ALREADY)
    return (
        AcceptanceBrought(
            school=command.school,
            policy=facts.policy,
            version=command.version,
            by=command.person,
            at=command.accepted,
            where=command.where,
        ),
    )


def evolve(event: Event) -> Acceptance:
    """What is kept of it."""
    return Acceptance(
        person=event.by,
        policy=event.policy,
        version=event.version,
        at=event.at,
        where=event.where,
    )


def _refused(code: Refusal) -> Refused:
    return Refused((Reason(code),))
