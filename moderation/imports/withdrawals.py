"""A withdrawal on record stands until the school's system shows a later answer.

An export made yesterday doesn't know what a family said at the gate this morning. So a permission
in a file is good against a withdrawal only when it was given on a later day than the family took
it back. Any other answer in the file, a refusal or another withdrawal, is no less than that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.checks.consent import EVERYWHERE, PUPIL
from moderation.checks.model import Status
from moderation.kernel import AccountId


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from moderation.checks.model import Consent


def settled(
    old: tuple[Consent, ...],
    new: tuple[Consent, ...],
    today: date,
    platforms: Mapping[AccountId, str],
) -> tuple[tuple[Consent, ...], bool]:
    """One pupil's records as they are to be, and whether a withdrawal outlives what ``new`` says.

    A withdrawal without a day was told to the school on the day it first came in. ``platforms``
    tells the network of each account.
    """
    dated = tuple(_dated(record, old, today) for record in new)
    kept = tuple(
        replace(record, given_on=record.given_on or today)
        for record in old
        if record.status is Status.WITHDRAWN and _outlives(record, dated)
    )
    sound = tuple(
        record for record in dated if not any(_undone(record, by, platforms) for by in kept)
    )
    return (*kept, *sound), bool(kept)


def _dated(record: Consent, old: tuple[Consent, ...], today: date) -> Consent:
    if record.status is not Status.WITHDRAWN or record.given_on is not None:
        return record
    known = (one.given_on for one in old if replace(one, given_on=None) == record)
    return replace(record, given_on=max((day for day in known if day is not None), default=today))


def _outlives(withdrawn: Consent, new: tuple[Consent, ...]) -> bool:
    """Whether nothing in the file answers it: neither the same side's no, nor a later yes."""
    answers = [record for record in new if _same_matter(record, withdrawn)]
    no = any(record.status is not Status.GRANTED for record in answers)
    return not no and not any(_later(record, withdrawn) for record in answers)


def _undone(record: Consent, withdrawn: Consent, platforms: Mapping[AccountId, str]) -> bool:
    """Whether this is a yes that the withdrawal outlives, for as much or for a part of it.

    A later yes for a part of it is an answer too. A yes for more needs no care: the narrower
    withdrawal decides.
    """
    return (
        record.status is Status.GRANTED
        and record.purpose is withdrawn.purpose
        and _within(record.scope, withdrawn.scope, platforms)
        and not _later(record, withdrawn)
    )


def _within(scope: str, of: str, platforms: Mapping[AccountId, str]) -> bool:
    wide = of.casefold()
    return wide in (EVERYWHERE, scope.casefold(), platforms.get(AccountId(scope), "").casefold())


def _later(record: Consent, withdrawn: Consent) -> bool:
    """Whether it is a yes of a later day. Two answers of one day contradict each other."""
    given, taken_back = record.given_on, withdrawn.given_on
    if record.status is not Status.GRANTED or given is None or taken_back is None:
        return False
    return given > taken_back


def _same_matter(record: Consent, withdrawn: Consent) -> bool:
    """Of the same side, about the same: the family's yes is no answer to the pupil's no."""
    return (
        record.purpose is withdrawn.purpose
        and record.scope.casefold() == withdrawn.scope.casefold()
        and (record.informed_by == PUPIL) == (withdrawn.informed_by == PUPIL)
    )
