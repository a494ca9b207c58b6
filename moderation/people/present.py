"""How people, pupils and years are spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.names.roster import year_of
from moderation.people.model import AccountRole, Role
from moderation.words import both


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


ROLES: Mapping[Role, str] = {
    Role.HEADTEACHER: "headteacher",
    Role.ACTING_HEADTEACHER: "acting headteacher",
    Role.EXECUTIVE_HEADTEACHER: "executive headteacher",
    Role.DEPUTY_HEADTEACHER: "deputy headteacher",
    Role.TRUST_LEAD: "trust lead",
    Role.CHAIR_OF_GOVERNORS: "chair of governors",
    Role.GOVERNOR: "governor",
    Role.SAFEGUARDING_LEAD: "safeguarding lead",
    Role.DEPUTY_SAFEGUARDING_LEAD: "deputy safeguarding lead",
    Role.DATA_PROTECTION_OFFICER: "data protection officer",
    Role.BUSINESS_MANAGER: "business manager",
    Role.ADMINISTRATOR: "school administrator",
    Role.STAFF: "staff",
    Role.SUPPLY: "supply",
    Role.VOLUNTEER: "volunteer",
}
"""In the order in which a person's roles are told."""

ACCOUNT_ROLES: Mapping[AccountRole, str] = {
    AccountRole.MASTER_ADMINISTRATOR: "master administrator",
    AccountRole.ADMINISTRATOR: "administrator",
    AccountRole.MODERATOR: "moderator",
    AccountRole.POSTER: "poster",
}


def role_names(roles: Iterable[Role]) -> str:
    """Roles in words, the weightiest first: "headteacher and safeguarding lead".

    Plain "staff" goes without saying where there is anything else.
    """
    held = set(roles)
    told = [words for role, words in ROLES.items() if role in held and role is not Role.STAFF]
    return both(told) if told else ROLES[Role.STAFF]


def year_name(raw: str) -> str:
    """A year group in full: "Year 4", "Reception"; anything else as the office wrote it."""
    return year_of(raw) or raw.strip()


def year_short(raw: str) -> str:
    """A year group where there is little room: "Y4", "Reception"."""
    full = year_name(raw)
    return f"Y{full.removeprefix('Year ')}" if full.startswith("Year ") else full
