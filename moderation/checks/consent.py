"""Whether a pupil may be shown, or named, on an account: one pure rule over the records.

The narrowest scope that says anything decides: the account, then its network, then ``all``. Within
a scope, refused and withdrawn beat granted. A permission that is out of date, or blank, is no
record; a refusal never runs out. Where nothing is left, the answer is missing or expired
(STEP-CONS-1, AUR-CONS-1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from moderation.checks.model import Status


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from moderation.checks.model import Consent, Purpose
    from moderation.kernel import AccountId


class Standing(StrEnum):
    """What the records come to."""

    GRANTED = "granted"
    MISSING = "missing"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


EVERYWHERE = "all"
"""The scope of a record for every account."""


def standing(
    records: Iterable[Consent],
    purpose: Purpose,
    *,
    account: AccountId | None,
    platform: str | None,
    today: date,
) -> Standing:
    """What one pupil's ``records`` come to for one purpose on one account.

    ``expires_on`` is the last day that a record counts. Without an account, or where its network
    isn't known, every narrower refusal counts and no narrower permission does: fewer children are
    shown, never more.
    """
    said = [record for record in records if record.purpose is purpose and record.scope.strip()]
    current = [record for record in said if not _expired(record, today)]
    unsure: list[Consent] = []
    scopes: list[list[Consent]] = [[], [], []]
    for record in current:
        scope = record.scope.strip().casefold()
        if scope == EVERYWHERE:
            scopes[2].append(record)
        elif account is not None and scope == account.casefold():
            scopes[0].append(record)
        elif platform is not None and scope == platform.casefold():
            scopes[1].append(record)
        elif account is None or platform is None:
            unsure.append(record)
    for scoped in (*scopes[:2], [*_against(unsure), *scopes[2]]):
        if scoped:
            return _worst(scoped)
    return Standing.EXPIRED if _had_been_granted(said, account, platform) else Standing.MISSING


def _expired(record: Consent, today: date) -> bool:
    granted = record.status is Status.GRANTED
    return granted and record.expires_on is not None and record.expires_on < today


def _against(records: list[Consent]) -> list[Consent]:
    return [record for record in records if record.status is not Status.GRANTED]


def _worst(records: list[Consent]) -> Standing:
    statuses = {record.status for record in records}
    if Status.WITHDRAWN in statuses:
        return Standing.WITHDRAWN
    return Standing.REFUSED if Status.REFUSED in statuses else Standing.GRANTED


def _had_been_granted(
    records: list[Consent], account: AccountId | None, platform: str | None
) -> bool:
    """Whether an expired permission would have covered this account."""
    covers = {EVERYWHERE, (account or "").casefold(), (platform or "").casefold()}
    return any(
        record.status is Status.GRANTED and record.scope.strip().casefold() in covers
        for record in records
    )
