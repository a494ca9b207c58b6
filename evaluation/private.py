"""Cases for private information and links. All made up; numbers are of kept-free ranges."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from evaluation.model import Case, Concern, Place, Want


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from evaluation.model import Half

FOLDER = Path(__file__).parent
CHECKS = frozenset({"private_information", "links"})
TITLES = {
    "mobile": "Mobile numbers",
    "landline": "Other telephone numbers",
    "mailbox": "Private e-mail addresses",
    "mail": "Other e-mail addresses",
    "postcode": "Postcodes",
    "address": "Street addresses",
    "nhs": "NHS numbers",
    "insurance": "National Insurance numbers",
    "upn": "Unique pupil numbers",
    "birth": "Dates of birth",
    "password": "Log-in details",
    "link": "Links",
    "short_link": "Shortened links",
    "bad_link": "Lookalikes, bare addresses, hidden hosts",
}

Form = tuple[str, str, "Callable[[Random], str]"]
"""Category, id, and what writes one."""


@cache
def sentences_of(half: Half) -> Mapping[str, Any]:
    """``frames`` by category and ``innocent`` texts."""
    return tomllib.loads((FOLDER / half / "private.toml").read_text(encoding="utf-8"))


def forms_of(half: Half) -> tuple[Form, ...]:
    """The half's ways of writing them."""
    forms: tuple[Form, ...] = import_module(f"evaluation.{half}.private").FORMS
    return forms


def private_cases(half: Half, each: int) -> Iterator[Case]:
    """``each`` cases for each category, shared out among its forms; then the innocent ones."""
    told = sentences_of(half)
    for category in TITLES:
        forms = [form for form in forms_of(half) if form[0] == category]
        for at in range(each):
            _, name, write = forms[at % len(forms)]
            random = Random(f"{name}{at}")
            written = write(random)
            frame = random.choice(told["frames"].get(category, told["frames"]["any"]))
            start = frame.index("{it}")
            yield Case(
                concern=Concern.PRIVATE,
                category=category,
                family=name,
                want=Want.NOTICE,
                text=frame.replace("{it}", written),
                comment=bool(at % 2),
                checks=CHECKS,
                places=(Place(field="text", start=start, end=start + len(written)),),
            )
    for text in told["innocent"]:
        yield Case(
            concern=Concern.PRIVATE,
            category="innocent",
            family="innocent",
            want=Want.PASS,
            text=text,
            checks=CHECKS,
        )


def nhs_number(random: Random) -> str:
    """A number of the test range 999 with its check digit (NHS data dictionary: modulus 11)."""
    while True:
        digits = [9, 9, 9, *(random.randrange(10) for _ in range(6))]
        check = 11 - sum(d * (10 - at) for at, d in enumerate(digits)) % 11
        if check != 10:  # noqa: PLR2004  then the number isn't issued
            return "".join(map(str, [*digits, 0 if check == 11 else check]))  # noqa: PLR2004


def pupil_number(random: Random) -> str:
    """A unique pupil number with its check letter (DfE, UPN guide: modulus 23)."""
    digits = [8, 0, 1, *(random.randrange(10) for _ in range(9))]
    at = sum(d * weight for weight, d in enumerate(digits, start=2)) % 23
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[at] + "".join(map(str, digits))


def mobile(random: Random) -> str:
    """Of the range that Ofcom keeps for drama."""
    return f"07700900{random.randrange(1000):03}"


def landline(random: Random) -> str:
    """As :func:`mobile`, without the area's name."""
    return f"01632960{random.randrange(1000):03}"


def insurance_number(random: Random) -> str:
    """In the shape that HMRC gives out."""
    letters = random.choice(("AB", "CE", "HJ", "JM", "SR", "WK"))
    return f"{letters}{random.randrange(10**6):06}{random.choice('ABCD')}"


def postcode(random: Random) -> tuple[str, str]:
    """Both halves of a code in the right shape."""
    area = random.choice(("LS", "B", "NR", "SW", "G", "CF", "PL", "EH", "M", "BT"))
    inward = f"{random.randrange(10)}{''.join(random.choice('ABDEFGHJLNPQRSTUWXYZ') for _ in 'ab')}"
    return f"{area}{random.randrange(1, 20)}", inward
