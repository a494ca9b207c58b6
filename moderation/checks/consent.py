"""Whether a pupil may be shown, or named, on an account: one pure rule over the records.

The narrowest scope that says anything decides: the account, then its network, then ``all``. Within
a scope, refused and withdrawn beat granted. A permission that is out of date, or blank, is no
record; a refusal never runs out. Where nothing is left, the answer is missing or expired. Where the
pupil and the family contradict each other, it is no (STEP-CONS-1, AUR-CONS-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.checks.model import Status
from moderation.kernel import AccountId
from moderation.policies.settings import ConsentFrom


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.model import Consent, Purpose


class Standing(StrEnum):
    """What the records come to."""

    GRANTED = "granted"
    MISSING = "missing"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


EVERYWHERE = "all"
"""The scope of a record for every account."""
PUPIL = "pupil"
"""``informed_by`` of what the pupil said; everything else is a grown-up's answer, or the school's
system doesn't say whose."""
_FROM_YES = (Standing.GRANTED, Standing.EXPIRED, Standing.MISSING)


def standing(
    records: Iterable[Consent],
    purpose: Purpose,
    *,
    account: AccountId | None,
    platform: str | None,
    today: date,
    consent_from: ConsentFrom = ConsentFrom.PARENT,
) -> Standing:
    """What one pupil's ``records`` come to for one purpose on one account.

    ``expires_on`` is the last day that a record counts. Without an account, or where its network
    isn't known, every narrower refusal counts and no narrower permission does: fewer children are
    shown, never more.

    The pupil and the grown-ups at home are asked apart: one person's narrower yes never undoes the
    other's no. ``consent_from`` says whose yes is needed.
    """
    said = [record for record in records if record.purpose is purpose and record.scope.strip()]
    where = _Where(account=account, platform=platform, today=today)
    pupil = _of_one_voice([record for record in said if record.informed_by == PUPIL], where)
    family = _of_one_voice([record for record in said if record.informed_by != PUPIL], where)
    for no in (Standing.WITHDRAWN, Standing.REFUSED):
        if no in (pupil, family):
            return no
    match consent_from:
        case ConsentFrom.PARENT:
            return family
        case ConsentFrom.PUPIL_WHEN_ABLE:
            return min(pupil, family, key=_FROM_YES.index)
        case ConsentFrom.BOTH:
            return max(pupil, family, key=_FROM_YES.index)
        case _ as never:
            assert_never(never)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    account: AccountId | None
    platform: str | None
    today: date


def _of_one_voice(said: list[Consent], where: _Where) -> Standing:
    """What the answers of one side come to."""
    unsure: list[Consent] = []
    scopes: list[list[Consent]] = [[], [], []]
    account, platform = where.account, where.platform
    for record in (record for record in said if not _expired(record, where.today)):
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
