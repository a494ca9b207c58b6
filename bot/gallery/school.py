"""A school for the examples: its people, accounts, rights, and what the checks find there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from moderation.accounts.model import Account, MonthOrDay
from moderation.checks.model import Check, Finding, Severity
from moderation.kernel import AccountId, BlobId, PersonId, SchoolId
from moderation.people.model import AccountRole, Appointment, Grant, Person, Role, Span
from moderation.people.rights import Rights
from moderation.policies.loader import shipped
from moderation.policies.settings import STAND_IN_ROLES


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.policies.model import Rule

LONDON: Final = ZoneInfo("Europe/London")
NOW: Final = datetime(2026, 11, 18, 15, 40, tzinfo=UTC)
TODAY: Final = date(2026, 11, 18)
NAME: Final = "Oakfield Primary School"
OAKFIELD, TRUST = SchoolId("oakfield"), SchoolId("fernhill")
FACEBOOK, X = AccountId("oakfield-facebook"), AccountId("oakfield-x")
PACK: Final = shipped("step")

REED, OKAFOR, LUND, ADE, NOVAK, QUINN = (
    PersonId(who) for who in ("reed", "okafor", "lund", "ade", "novak", "quinn")
)
NAMES: Final[Mapping[PersonId, str]] = {
    REED: "Sam Reed",
    OKAFOR: "Mrs Okafor",
    LUND: "Mr Lund",
    ADE: "Mrs Ade",
    NOVAK: "Ms Novak",
    QUINN: "Dr Quinn",
}
_ROLES: Final[Mapping[PersonId, Role]] = {
    REED: Role.STAFF,
    OKAFOR: Role.STAFF,
    LUND: Role.STAFF,
    ADE: Role.HEADTEACHER,
    NOVAK: Role.SAFEGUARDING_LEAD,
    QUINN: Role.TRUST_LEAD,
}
_GRANTS: Final = (
    (REED, AccountRole.POSTER),
    (OKAFOR, AccountRole.MODERATOR),
    (OKAFOR, AccountRole.ADMINISTRATOR),
    (LUND, AccountRole.MODERATOR),
)

ACCOUNTS: Final[Mapping[AccountId, Account]] = {
    FACEBOOK: Account(
        id=FACEBOOK,
        school=OAKFIELD,
        platform="facebook",
        name="Oakfield Primary",
        url="https://www.facebook.example/oakfield",
        opened_on=MonthOrDay(2019, 9),
    ),
    X: Account(
        id=X,
        school=OAKFIELD,
        platform="x",
        name="Oakfield Primary",
        opened_on=MonthOrDay(2021, 3, 1),
    ),
}
CUP, GARDEN = BlobId("sha256:" + "ab" * 32), BlobId("sha256:" + "cd" * 32)
"""Two pictures, cleaned; :data:`SENT` is the first as it came."""
SENT: Final = BlobId("sha256:" + "ef" * 32)


def ago(**parts: float) -> datetime:
    """So long before now."""
    return NOW - timedelta(**parts)


def rights(*accounts: AccountId) -> Rights:
    """Mrs Okafor and Mr Lund moderate each account, Sam Reed writes and posts."""
    people = tuple(
        Person(
            id=who,
            name=name,
            appointments=(
                Appointment(
                    school=TRUST if who == QUINN else OAKFIELD, role=_ROLES[who], span=Span()
                ),
            ),
        )
        for who, name in NAMES.items()
    )
    grants = tuple(
        Grant(account=account, person=who, role=role)
        for account in accounts
        for who, role in _GRANTS
    )
    return Rights(
        school=OAKFIELD,
        trust=TRUST,
        accounts=frozenset(accounts),
        people=people,
        grants=grants,
        stand_ins=tuple(Role(role) for role in STAND_IN_ROLES),
        staff_may_propose=False,
        today=TODAY,
    )


def finding(check: Check, severity: Severity, words: str = "", text: str = "") -> Finding:
    """What that check finds at ``words`` of ``text``, or in the first picture, by the policy."""
    rule = _rule(check, severity)
    start = text.find(words) if words else None
    return Finding(
        check=rule.check,
        rule=rule.id,
        category=rule.category,
        clause=rule.clause,
        severity=rule.severity,
        field="text" if words else "image[0]",
        start=start,
        end=start + len(words) if start is not None else None,
        reason=rule.why.format(who="A.K., Year 4", where="Facebook"),
        confirm=rule.confirm,
        allowable=rule.allowable,
    )


def _rule(check: Check, severity: Severity) -> Rule:
    known = [rule for rule in PACK.rules if rule.check is check and rule.severity is severity]
    return next((rule for rule in known if rule.allowable), known[0])
