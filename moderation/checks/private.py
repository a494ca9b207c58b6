"""Private information in a text: telephone numbers, e-mail, addresses, official numbers.

What belongs to the school's own office is told by the context and never found. Every number is
checked by its own rules (length, check digit) before it counts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from moderation.checks.domains import belongs_to
from moderation.checks.fold import fold
from moderation.checks.names.words import NEVER_IN_LOWER_CASE
from moderation.checks.personal import births, log_ins
from moderation.checks.phones import telephones
from moderation.checks.sighting import Sighting, fields
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Draft
    from moderation.policies.model import Pack


Place = tuple[str, int, int, str]
"""Category, half-open offsets into the folded text, and what is equal however it is written."""

_LETTERS_FOR_FIGURES = re.compile(r"(?<![a-z0-9])[0-9oil]++(?![a-z])")
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:@| ?[\[(]at[\])] ?)(?P<host>[\w-]+(?:(?:\.| ?[\[(]dot[\])] ?)[\w-]+)+)"
)
_MAIL_SIGNS = ("@", "at]", "at)")
_FIGURE = re.compile(r"\d")
_SPOKEN_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?: at |@)"
    r"(?P<host>[\w-]{1,63}(?:(?: dot |\.)[\w-]{1,63}){1,4})(?![\w-])"
)
"""Read out: it counts for the mailboxes that people have, for we also say "us at" a site."""
_POSTCODE = re.compile(
    r"(?<![\w])(?P<out>[a-pr-uwyz](?:\d{1,2}|[a-hk-y]\d{1,2}|\d[a-hjkpstuw]|[a-hk-y]\d[abehmnprvwxy]))"
    r" ?(?P<in>\d[abd-hjlnp-uw-z]{2})(?![\w])"
)
_AREAS = frozenset(
    """
ab al b ba bb bd bf bh bl bn br bs bt bx ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e
ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls
lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr
ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze zz
""".split()  # noqa: SIM905  as a text
)
"""Postcode areas (Royal Mail); ZZ is nobody's."""
_NOT_A_POSTCODE = re.compile(r"(?:room|year|class|block|group|hut|form|yr|table) *$")
_STREET = (
    r"(?:street|road|rd|lane|avenue|ave|close|drive|crescent|gardens|grove|terrace|mews|court|"
    r"way|place|row|walk|rise|hill|st)"
)
_PLAIN_STREET = frozenset({"street", "road", "rd", "lane", "avenue", "ave", "crescent", "terrace"})
_KNOWN_STREETS = frozenset(
    {"abbey road", "baker street", "cherry tree lane", "coronation street", "downing street"}
    | {"privet drive", "sesame street", "windsor gardens"}
)
"""Where nobody's home is given away: of books, songs, and the government."""
_ADDRESS = re.compile(
    rf"(?<![\w£.:/-])(?:flat \d+[a-z]?,? )?\d{{1,4}}[a-z]?,? (?P<name>(?:[^\W\d_][\w']* ){{1,3}}?)"
    rf"(?P<kind>{_STREET})\b"
)
_HOME = re.compile(
    rf"\blives? (?:at|on|in) (?:\d{{1,4}}[a-z]?,? )?(?:[^\W\d_][\w']* ){{1,3}}?{_STREET}\b"
    rf"|\b(?:home|my|our home|her|his|their) address is (?:[\w',]+ ){{1,4}}?{_STREET}\b"
)
_HEALTH = re.compile(
    r"(?<![\d+])(?<!\d[ .,/-])\d{3}(?P<one>[ ./-]{0,2})\d{3}(?P<two>[ ./-]{0,2})\d{4}(?![ .,/-]?\d)"
)
_HEALTH_FIRST = "4679"
"""With what numbers of England and the Isle of Man begin, and those kept for tests."""
_HEALTH_TOLD = re.compile("nhs|health|patient")
_INSURANCE = re.compile(
    r"(?<!\w)(?:qq|(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prstw-z][a-ceghj-npr-tw-z]) ?"
    r"\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)"
)
"""Without the letters that are never given out (HMRC, NIM39110), but for the QQ of examples."""
_PUPIL_NUMBER = re.compile(r"(?<!\w)[a-z]\d{11}[\da-z](?!\w)")
_PUPIL_LETTERS = "abcdefghjklmnpqrtuvwxyz0123456789"


def private_information(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Everything private that isn't the school's own (STEP-PRIV-1)."""
    office = _own(context.office)
    for field, text in fields(draft):
        folded = fold(text)
        found: list[Place] = []
        taken = bytearray(len(folded.text))
        born = (("birth_date", *place, "") for place in births(folded.text, context.today.year))
        written = text if len(taken) == len(text) else None
        for place in chain(born, _places(folded.text, written)):
            _, low, high, _ = place
            # What was found before, and says more, keeps its place.
            if not any(taken[low:high]):
                taken[low:high] = b"\1" * (high - low)
                found.append(place)
        for category, low, high, same in sorted(found, key=lambda place: place[1]):
            if same in office:
                continue
            mail = "email" in category
            kind = _mail_kind(folded.text[low:high], pack, context) if mail else category
            if kind:
                start, end = folded.span(low, high)
                yield Sighting(
                    check=Check.PRIVATE_INFORMATION,
                    category=kind,
                    field=field,
                    start=start,
                    end=end,
                )


@lru_cache(maxsize=256)
def _own(office: tuple[str, ...]) -> frozenset[str]:
    """The school's own numbers and addresses, each as a comparison needs it."""
    own: set[str] = set()
    for value in office:
        folded = fold(value).text
        own.add(_bare(folded))
        own.update(same for _, _, _, same in _places(folded, None))
    return frozenset(own - {""})


def _places(folded: str, original: str | None) -> Iterator[Place]:
    figures = _LETTERS_FOR_FIGURES.sub(_as_figures, folded)
    for category, low, high in _before_telephones(folded):
        yield category, low, high, _bare(folded[low:high])
    for phone in telephones(figures):
        yield "mobile_phone" if phone.mobile else "phone", phone.start, phone.end, phone.dialled
    for category, low, high in _after_telephones(folded, original):
        yield category, low, high, _bare(folded[low:high])


def _before_telephones(folded: str) -> Iterator[tuple[str, int, int]]:
    # Most posts have no figure and no such sign: then nothing is looked for.
    if any(sign in folded for sign in _MAIL_SIGNS):
        for match in _MAIL.finditer(folded):
            yield "email", match.start(), match.end()
    for match in _HOME.finditer(folded):
        yield "home_address", match.start(), match.end()
    for low, high in log_ins(folded):
        yield "log_in", low, high
    if _FIGURE.search(folded):
        for low, high in _numbers(folded):
            yield "identity_number", low, high


def _after_telephones(folded: str, original: str | None) -> Iterator[tuple[str, int, int]]:
    if _FIGURE.search(folded):
        yield from _places_of_streets(folded, original)
    for match in _SPOKEN_MAIL.finditer(folded):
        yield "spoken_email", match.start(), match.end()


def _places_of_streets(folded: str, original: str | None) -> Iterator[tuple[str, int, int]]:
    for match in _POSTCODE.finditer(folded):
        before = folded[max(0, match.start() - 8) : match.start()]
        if re.sub(r"\d.*", "", match["out"]) not in _AREAS:
            continue
        if not _NOT_A_POSTCODE.search(before):
            yield "postcode", match.start(), match.end()
    for match in _ADDRESS.finditer(folded):
        if _is_street(match, original):
            yield "address", match.start(), match.end()


def _as_figures(match: re.Match[str]) -> str:
    """``O77OO`` as ``07700``: the letters that stand for figures in a number."""
    figures = any(char.isdigit() for char in match[0])
    return match[0].translate(str.maketrans("oil", "011")) if figures else match[0]


def _is_street(match: re.Match[str], original: str | None) -> bool:
    """``14 Sycamore Road`` and ``14 sycamore road``, but not ``14 trees on the road``."""
    start, end = match.span("name")
    names = match["name"].split() if original is None else original[start:end].split()
    if any(name in NEVER_IN_LOWER_CASE for name in names):
        return False
    if f"{' '.join(names).lower()} {match['kind']}" in _KNOWN_STREETS:
        return False
    if match.string.startswith(" bus stop", match.end()):
        return False
    return match["kind"] in _PLAIN_STREET or all(name[0].isupper() for name in names)


def _numbers(folded: str) -> Iterator[tuple[int, int]]:
    """Health service, National Insurance and pupil numbers whose check digits are right."""
    for match in _HEALTH.finditer(folded):
        digits = re.sub(r"\D", "", match[0])
        told = _HEALTH_TOLD.search(folded, max(0, match.start() - 24), match.end() + 8)
        parted = bool(match["one"]) and bool(match["two"])  # 3-3-4, as on its letters
        likely = digits[0] in _HEALTH_FIRST
        if (told or parted or likely) and _health_number(digits):
            yield match.span()
    for match in _INSURANCE.finditer(folded):
        yield match.span()
    for match in _PUPIL_NUMBER.finditer(folded):
        if _pupil_number(match[0]):
            yield match.span()


def _health_number(digits: str) -> bool:
    """NHS number: ten digits, the last a modulus-11 check (NHS Data Dictionary)."""
    total = sum(
        weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)
    )
    check = 11 - total % 11
    return check != 10 and int(digits[9]) == check % 11  # noqa: PLR2004  10 is never issued


def _pupil_number(number: str) -> bool:
    """Unique pupil number: a check letter, then twelve figures, modulus 23 (DfE guide to UPNs)."""
    if any(char not in _PUPIL_LETTERS for char in number):
        return False
    total = sum(
        weight * (_PUPIL_LETTERS.index(char) if char.isalpha() else int(char))
        for weight, char in enumerate(number[1:], start=2)
    )
    return _PUPIL_LETTERS[total % 23] == number[0]


def _mail_kind(address: str, pack: Pack, context: Context) -> str:
    """Somebody's own mailbox, some other address, or the school's own (empty)."""
    written = _MAIL.fullmatch(address)
    found = written or _SPOKEN_MAIL.fullmatch(address)
    host = re.sub(r" ?[\[(]dot[\])] ?| dot ", ".", found["host"]) if found else ""
    if belongs_to(host, context.allowed_hosts):
        return ""
    if belongs_to(host, pack.listed("private_mail")):
        return "private_email"
    return "email" if written else ""


def _bare(folded: str) -> str:
    """Without spaces and marks."""
    return re.sub(r"[^\w@+]", "", folded)
