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
from moderation.checks.official import official_numbers
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
_MAIL_DOT = r"(?:\.| ?[\[({<](?:dot|\.)[\])}>] ?)"
_MAIL = re.compile(
    r"(?<![\w.+-])(?:\"[^\"@\n]{1,64}\"|[\w.+-]+)(?:@| ?[\[({<](?:a|at|@)[\])}>] ?)"
    rf"(?P<host>[\w-]+(?:{_MAIL_DOT}[\w-]+)+)"
)
_MAIL_SIGNS = ("@", "at]", "at)", "at}", "at>", "(a)", "[a]")
_FIGURE = re.compile(r"\d")
_SAID_DOT = r"(?: ?[,.] ?| dot |[_-]dot[_-])"
_SPOKEN_MAIL = re.compile(
    r"(?<![\w.+-])(?:[\w+-]{1,64} dot )?[\w.+-]{1,64}?(?: at | ?@ ?|[_-]at[_-])"
    rf"(?P<host>[\w-]{{1,63}}?(?:{_SAID_DOT}[\w-]{{1,63}}?){{1,4}})(?![\w-])"
)
"""Read out: it counts for the mailboxes that people have, for we also say "us at" a site."""
_POSTCODE = re.compile(
    r"(?<![^\W_])(?P<out>[a-pr-uwyz](?:\d{1,2}|[a-hk-y]\d{1,2}|\d[a-hjkpstuw]|[a-hk-y]\d[abehmnprvwxy]))"
    r"(?:[\s._-]{0,2})(?P<in>\d[abd-hjlnp-uw-z]{2})(?![^\W_])"
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
_ORDINALS = {"1st", "2nd", "3rd", *(f"{figure}th" for figure in range(10))}
_NOT_A_POSTCODE = re.compile(r"(?:room|year|class|block|group|hut|form|yr|table) *$")
_STREET = (
    r"(?:street|road|rd|lane|avenue|ave|close|drive|crescent|gardens|grove|terrace|mews|court|"
    r"way|place|row|walk|rise|hill|st|"
    r"cres|cl|dr|ln|gdns|gr|pl|sq|terr|av)"
)
_PLAIN_STREET = frozenset(
    {"street", "road", "rd", "lane", "ln", "avenue", "ave", "crescent", "cres", "terrace"}
)
_IN_FULL = {
    "ave": "avenue",
    "av": "avenue",
    "cl": "close",
    "cres": "crescent",
    "dr": "drive",
    "gdns": "gardens",
    "gr": "grove",
    "ln": "lane",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "st": "street",
    "terr": "terrace",
}
_NO_STREET = frozenset(
    {"badminton", "basketball", "front", "mile", "netball", "peaks", "squash", "tennis"}
)
"""Before a court, walk, row or hill that isn't a street."""
_KNOWN_STREETS = frozenset(
    {"abbey road", "baker street", "cherry tree lane", "coronation street", "downing street"}
    | {"privet drive", "sesame street", "windsor gardens"}
)
_COUNTED = re.compile(r"\b(?:class|junction|room|stage|top|week|year|yr) $")
"""Before a number that counts other things than houses."""
"""Where nobody's home is given away: of books, songs, and the government."""
_HOUSE = r"(?:flat|apartment|apt\.?|unit)"
_NUMBER = r"\d{1,4}[a-z]?(?: ?[/-] ?\d{1,4}[a-z]?)?"
_NAMES = r"(?:(?:st\. )?[^\W\d_][\w'-]* ){1,3}?"
_ADDRESS = re.compile(
    rf"(?<![\w£.:/-])(?:{_HOUSE} {_NUMBER},?\s)?{_NUMBER},?\s(?P<name>{_NAMES})"
    rf"(?P<kind>{_STREET}|view|square|parade|(?<=the )green)\b"
)
_ONE_HOUSE = re.compile(rf"{_HOUSE}|(?!(?:19|20)\d\d)\d+[a-z]?[, \n]")
_IN_HOUSE = re.compile(
    rf"\b{_HOUSE} {_NUMBER},? (?:[^\W\d_][\w']* ){{1,3}}?"
    r"(?:house|court|lodge|tower|heights|point)\b"
)
_HOME = re.compile(
    rf"\blives? (?:at|on|in) (?:\d{{1,4}}[a-z]?,? )?(?:[^\W\d_][\w']* ){{1,3}}?{_STREET}\b"
    rf"|'s house is (?:at|on|in) (?:\d{{1,4}}[a-z]?,? )?(?:[^\W\d_][\w']* ){{1,3}}?{_STREET}\b"
    rf"|\b(?:home|my|our home|her|his|their) address is (?:[\w',]+ ){{1,4}}?{_STREET}\b"
)


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
        yield category, low, high, _bare(_in_full(folded[low:high]))


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
        for low, high in official_numbers(folded):
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
        if not _NOT_A_POSTCODE.search(before) and not _is_place(match, original):
            yield "postcode", match.start(), match.end()
    for match in _ADDRESS.finditer(folded):
        if _is_street(match, original):
            yield "address", match.start(), match.end()
    for match in _IN_HOUSE.finditer(folded):
        yield "address", match.start(), match.end()


def _is_place(code: re.Match[str], original: str | None) -> bool:
    """``E1 2nd``: an ordinal number after something else, of which only that is in capitals."""
    first, last = code.start("in"), code.end("in")
    written = (original or "")[first:last]
    return written in _ORDINALS and (original or "")[code.start()].isupper()


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
    if match.string.startswith(" bus stop", match.end()) or _COUNTED.search(
        match.string[max(0, match.start() - 9) : match.start()]
    ):
        return False
    if match["kind"] in _PLAIN_STREET:
        return True
    # "3-1" may be a score, and "2026" is a year.
    if not _ONE_HOUSE.match(match[0]) or names[-1].lower() in _NO_STREET:
        return False
    return all(name[0].isupper() for name in names)


def _mail_kind(address: str, pack: Pack, context: Context) -> str:
    """Somebody's own mailbox, some other address, or the school's own (empty)."""
    written = _MAIL.fullmatch(address)
    found = written or _SPOKEN_MAIL.fullmatch(address)
    host = re.sub(rf"{_MAIL_DOT}|{_SAID_DOT}", ".", found["host"]) if found else ""
    if belongs_to(host, context.allowed_hosts):
        return ""
    if belongs_to(host, pack.listed("private_mail")):
        return "private_email"
    return "email" if written else ""


def _in_full(address: str) -> str:
    """``12 mill ln`` as ``12 mill lane``."""
    *before, kind = address.split(" ")
    return " ".join((*before, _IN_FULL.get(kind, kind)))


def _bare(folded: str) -> str:
    """Without spaces and marks."""
    return re.sub(r"[^\w@+]", "", folded)
