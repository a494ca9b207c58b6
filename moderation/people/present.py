"""How people, pupils and years are spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.checks.consent import Standing
from moderation.checks.names.roster import year_of
from moderation.kernel import SubjectRef
from moderation.people.model import AccountRole, Role
from moderation.people.queries import PHOTOS, NoPhotos, NoPupils
from moderation.views import Facts, Note, Tone
from moderation.words import both, capital, card, count, counted, platform_name


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from moderation.people.queries import (
        ClassLine,
        FoundColleague,
        FoundPupil,
        NotShown,
        PhotoList,
        PhotosFound,
        Place,
        Self,
    )
    from moderation.views import Card, Part


PERSON = "person"
"""Kind of the card that tells somebody who they are."""


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


def pupil_label(pupil: FoundPupil) -> str:
    """A pupil for a proposer who has to choose: "Amelia K. · Y4 · 4B"."""
    called = f"{pupil.forename} {pupil.initial}.".strip(" .") + ("." if pupil.initial else "")
    return " · ".join(filter(None, (called, year_short(pupil.year), pupil.form)))


def colleague_label(colleague: FoundColleague) -> str:
    """A colleague for a proposer who has to choose: "Ngozi Okafor · headteacher"."""
    roles = [role_names(colleague.roles)] if colleague.roles else []
    return " · ".join((colleague.name, *roles))


def class_label(line: ClassLine) -> str:
    """A class to choose: "4B, Year 4, 12 pupils"."""
    return ", ".join(filter(None, (line.form, year_name(line.year), counted(line.pupils, "pupil"))))


def no_pupils(why: NoPupils) -> str:
    """Why nobody is shown, and what to do."""
    return _NO_PUPILS[why]


_NO_PUPILS: Mapping[NoPupils, str] = {
    NoPupils.NOT_A_PROPOSER: (
        "Only those who write posts for this school can look for its pupils. "
        "The headteacher can name you."
    ),
    NoPupils.SUPPLY: (
        "Supply staff and volunteers see only their own classes, and I know of none. "
        "Please ask the class teacher."
    ),
    NoPupils.TOO_SHORT: "Please type at least three letters of the name, or choose a class.",
}


# -- who may not be shown -------------------------------------------------------------------------

STANDINGS: Mapping[Standing, str] = {
    Standing.REFUSED: "refused",
    Standing.WITHDRAWN: "withdrawn",
    Standing.EXPIRED: "ran out",
    Standing.MISSING: "no answer on record",
}
"""How a permission stands that isn't there; never whose reason it was."""
UNWILLING = "works here, would rather not be shown"
ROWS = 20
"""Children in one part of a card, so that none is cut off anywhere."""
UNTIL = "This is true until midnight. Ask again tomorrow."
LOOKED = "Only you see this. That you looked has been noted."


def no_photos(found: PhotosFound) -> tuple[str, ...]:
    """Why there is no list, and what to do."""
    classes = ", ".join(found.classes)
    match found.why:
        case NoPhotos.WHICH_CLASS:
            return (f"Which class? There are: {classes}.", "Add an account to see only that one.")
        case NoPhotos.NO_SUCH_CLASS:
            return ("I don't know that class. Nothing was looked up.", f"There are: {classes}.")
        case NoPhotos.NO_SUCH_ACCOUNT:
            accounts = ", ".join(account_name(*account) for account in found.accounts)
            return (
                "No account of yours is called that. Nothing was looked up.",
                f"There are: {accounts}.",
            )
        case NoPhotos.SUPPLY:
            return (_NO_PUPILS[NoPupils.SUPPLY],)
        case NoPhotos.NO_LIST:
            return (
                (
                    "I have no classes: no pupil list for this school. "
                    "Please ask whoever runs Schoolgate to import it."
                ),
            )
        case NoPhotos.NOT_A_PROPOSER | None:
            return (
                (
                    "Only those who write posts for this school can ask for photo permissions. "
                    "The headteacher can name you."
                ),
            )
        case _ as never:
            assert_never(never)


def photos(found: PhotosFound) -> tuple[Card, ...]:
    """One card for each class and set of accounts, for one reader's eyes."""
    return tuple(map(_photo_list, found.lists))


def _photo_list(item: PhotoList) -> Card:
    out = item.not_shown
    accounts = tuple(account_name(*account) for account in item.accounts)
    some = f"{counted(len(out), 'child', 'children')} of {count(item.pupils)} may not be shown"
    rows = [out[at : at + ROWS] for at in range(0, len(out), ROWS)]
    parts: tuple[Part, ...] = (
        Facts((("School", item.school), *(("Account", name) for name in accounts))),
        *(Facts(tuple(map(_not_shown, part))) for part in rows),
        *((Facts(tuple((name, UNWILLING) for name in item.staff)),) if item.staff else ()),
        Note(lines=(UNTIL, LOOKED)),
    )
    return card(
        SubjectRef(PHOTOS, PHOTOS),
        version=0,
        title=f"Photo permissions: {item.form}",
        state=capital(some) if out else "Every child may be shown",
        tone=Tone.CARE if out or item.staff else Tone.DONE,
        parts=parts,
    )


def _not_shown(child: NotShown) -> tuple[str, str]:
    return child.name, STANDINGS[child.standing]


def account_name(platform: str, name: str) -> str:
    """An account in a list: "Facebook · Oakfield Primary"."""
    return f"{platform_name(platform)} · {name}"


# -- oneself --------------------------------------------------------------------------------------


def who_am_i(me: Self | None) -> Card:
    """What Schoolgate knows of the reader, and what they can do."""
    if me is None:
        return card(
            SubjectRef(PERSON, PERSON),
            version=0,
            title="Who I am",
            state="I don't know you yet",
            tone=Tone.CARE,
            parts=(Note(lines=("Please ask the school office to add you to its list.",)),),
        )
    rows = [row for place in me.places for row in _rows(place)]
    wishes = (("named", me.may_be_named), ("shown in pictures", me.may_be_shown))
    if asked := [f"not {wish}" for wish, may in wishes if not may]:
        rows.append(("In posts, as you asked", both(asked)))
    return card(
        SubjectRef(PERSON, me.person),
        version=0,
        title=me.name,
        state="Away today" if me.away else "Here today",
        tone=Tone.CARE if me.away else Tone.DONE,
        parts=(Facts(tuple(rows)) if rows else Note(lines=("You have no role here today.",)),),
    )


def _rows(place: Place) -> Iterator[tuple[str, str]]:
    yield place.school, capital(role_names(place.roles)) if place.roles else "Part of the trust"
    for platform, name, held in place.accounts:
        told = [words for role, words in ACCOUNT_ROLES.items() if role in held]
        yield account_name(platform, name), capital(both(told))
