"""How the development half writes pupils' names, by the category of the table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evaluation.model import Family, Half, Want, Written
from evaluation.names import names_of
from evaluation.writing import (
    bare,
    camel,
    halves,
    long_enough,
    lower,
    slug,
    swapped,
    whole,
    year_word,
)


if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from evaluation.model import Pupil

_LONG = 7
"""Letters of a name that is cut down to four."""
_LEAST_CUT = 5
"""Letters of a name that a sign is put in."""
_CYRILLIC = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "p": "\u0440"}
_SIGNS = {"a": "@", "s": "$"}
_FIGURES = {"a": "4", "e": "3", "A": "4", "E": "3"}
_INNER_FIGURES = {"o": "0", "i": "1", "a": "4", "e": "3"}


def _middle_name(pupil: Pupil, random: Random) -> str:
    names = names_of(Half.DEVELOPMENT)
    middle = random.choice(names.firsts.get(pupil.origin, names.word_firsts))
    return f"{pupil.first} {middle} {pupil.last}"


def _bare(pupil: Pupil, _: Random) -> str | None:
    written = bare(whole(pupil))
    return written if written != whole(pupil) else None


def _curly(pupil: Pupil, _: Random) -> str | None:
    return whole(pupil).replace("'", "\u2019") if "'" in pupil.last else None


def _visually_alike(pupil: Pupil, random: Random) -> str | None:
    return swapped(whole(pupil), _CYRILLIC, random, most=3)


def _invisible(pupil: Pupil, random: Random) -> str:
    at = random.randrange(1, len(pupil.first))
    return f"{pupil.first[:at]}\u200b{pupil.first[at:]} {pupil.last}"


def _figures(pupil: Pupil, random: Random) -> str | None:
    return swapped(whole(pupil), _FIGURES, random)


def _signs(pupil: Pupil, random: Random) -> str | None:
    first, rest = whole(pupil)[0], whole(pupil)[1:]
    written = swapped(rest, _SIGNS, random)
    return first + written if written else None


def _cut(pupil: Pupil, random: Random) -> str | None:
    """One sign or picture of an emoji in each half: ``Ame*lia Kh*an``."""
    sign = random.choice("*.-~\U0001f499\u2b50")
    return _inside_each(pupil, random, lambda name, at: name[:at] + sign + name[at:])


def _starred(pupil: Pupil, random: Random) -> str | None:
    """As people write who half hide a name: ``Am*lia Kh*nna``."""
    return _inside_each(pupil, random, lambda name, at: name[:at] + "*" + name[at + 1 :])


def _inside_each(pupil: Pupil, random: Random, change: Callable[[str, int], str]) -> str | None:
    names = (pupil.first, pupil.last)
    if not all(name.isascii() and name.isalpha() and len(name) >= _LEAST_CUT for name in names):
        return None
    return " ".join(change(name, random.randrange(2, len(name) - 2)) for name in names)


def _spaced(pupil: Pupil, _: Random) -> str | None:
    return " ".join(pupil.first) + "   " + " ".join(pupil.last) if pupil.last.isalpha() else None


def _transposed(pupil: Pupil, random: Random) -> str | None:
    if not long_enough(pupil.first):
        return None
    at = random.randrange(1, len(pupil.first) - 1)
    a, b = pupil.first[at], pupil.first[at + 1]
    written = f"{pupil.first[:at]}{b}{a}{pupil.first[at + 2 :]}"
    return f"{written} {pupil.last}" if a != b else None


def _dropped(pupil: Pupil, random: Random) -> str | None:
    if not long_enough(pupil.last):
        return None
    at = random.randrange(1, len(pupil.last) - 1)
    return f"{pupil.first} {pupil.last[:at]}{pupil.last[at + 1 :]}"


def _short(pupil: Pupil, random: Random) -> str | None:
    shorts = names_of(Half.DEVELOPMENT).shorts.get(pupil.first)
    return f"{random.choice(shorts)} {pupil.last}" if shorts else None


def _variant(pupil: Pupil, random: Random) -> str | None:
    others = names_of(Half.DEVELOPMENT).variants.get(pupil.first)
    return f"{random.choice(others)} {pupil.last}" if others else None


def _main_letter(pupil: Pupil) -> str:
    """The letter of the part of a surname that is no particle: ``S`` of ``da Silva``."""
    words = [word for word in re.split(r"[\s'-]+", pupil.last) if word[:1].isupper()]
    return words[-1][0] if words else pupil.last[0].upper()


def _after_the_particle(pupil: Pupil, _: Random) -> str | None:
    """``Beatriz S.`` of Beatriz da Silva, ``Yusuf H.`` of Yusuf al-Hassan."""
    parted = pupil.last[0].islower() or "'" in pupil.last or pupil.last[:3] in {"Ní ", "Ó "}
    return f"{pupil.first} {_main_letter(pupil)}." if parted else None


def _both_initials(pupil: Pupil, _: Random) -> str | None:
    """``Kofi M-B`` of Kofi Mensah-Boateng."""
    both = halves(pupil)
    return f"{pupil.first} {both[0][0]}-{both[1][0]}" if both else None


def _plural(pupil: Pupil, _: Random) -> str | None:
    """``The Youngs``; what ends in a hiss or in two words has a plural of its own."""
    plain = pupil.last.isalpha() and pupil.last[-1] not in "sxzhy"
    return f"The {pupil.last}s" if plain else None


def _in_a_row(pupil: Pupil, random: Random) -> str:
    """``Team: Patel, Young, Nowak``: the surname between two that are no words."""
    names = names_of(Half.DEVELOPMENT)
    plain = [last for last in names.lasts["scottish"] if len(last) > _LONG and last != pupil.last]
    one, other = random.sample(plain, 2)
    return f"Team: {one}, {pupil.last}, {other}"


def _surname_in_figures(pupil: Pupil, random: Random) -> str | None:
    """``Y0ung``: a surname alone, of which one letter is a figure."""
    inside = pupil.last[1:-1]
    written = swapped(inside, _INNER_FIGURES, random, most=1) if pupil.last.isascii() else None
    return pupil.last[0] + written + pupil.last[-1] if written and pupil.last.isalpha() else None


def _hurried(pupil: Pupil, _: Random) -> str:
    return f"{pupil.first} {pupil.last.lower()}"


def _cut_down(pupil: Pupil, _: Random) -> str | None:
    plain = pupil.first.isascii() and pupil.first.isalpha()
    if not plain or len(pupil.first) < _LONG or pupil.first_is_word:
        return None
    short = pupil.first[:4]
    # Nobody is called Beat or Must.
    return None if short in {"Beat", "Must", "Alas"} else f"{short} {pupil.last}"


def _double(first: int) -> Family:
    def write(pupil: Pupil, _: Random) -> str | None:
        both = halves(pupil)
        return f"{pupil.first} {both[first]}" if both else None

    return Family(id=f"half-{first + 1}", category="F12", write=write)


FAMILIES = (
    Family(id="plain", category="F1", write=lambda p, _: whole(p)),
    Family(id="bracketed", category="F1", write=lambda p, _: f"({whole(p)})"),
    Family(
        id="possessive",
        category="F2",
        write=lambda p, _: f"{whole(p)}'s",
        frames="possessive",
    ),
    Family(id="apostrophe-forgotten", category="F2", write=lambda p, _: f"{whole(p)}s"),
    Family(id="surname-hurried", category="F3", write=_hurried),
    Family(id="capitals", category="F3", write=lambda p, _: whole(p).upper()),
    Family(id="small", category="F3", write=lambda p, _: whole(p).lower()),
    Family(id="line-break", category="F4", write=lambda p, _: f"{p.first}\n{p.last}"),
    Family(id="bracketed-surname", category="F4", write=lambda p, _: f"{p.first} ({p.last})"),
    Family(id="two-spaces", category="F4", write=lambda p, _: f"{p.first}  {p.last}"),
    Family(id="between-tags", category="F4", write=lambda p, _: f"<b>{p.first}</b><br>{p.last}"),
    Family(
        id="camel-tag-cheered",
        category="F5",
        write=lambda p, _: f"#BravoTo{camel(p.first, p.last)}",
    ),
    Family(
        id="small-tag-cheered",
        category="F6",
        write=lambda p, _: f"#bravoto{lower(p.first, p.last)}",
    ),
    Family(id="camel-tag", category="F5", write=lambda p, _: f"#{camel(p.first, p.last)}"),
    Family(id="small-tag", category="F6", write=lambda p, _: f"#{lower(p.first, p.last)}"),
    Family(id="handle", category="F7", write=lambda p, _: f"@{lower(p.first, p.last)}"),
    Family(
        id="handle-underscore",
        category="F7",
        write=lambda p, _: f"@{lower(p.first)}_{lower(p.last)}",
    ),
    Family(
        id="file-underscore",
        category="F8",
        write=lambda p, _: Written(file_name=f"{slug(p.first, p.last, mark='_')}.jpg"),
    ),
    Family(
        id="file-escaped",
        category="F8",
        write=lambda p, _: Written(file_name=f"{slug(p.first, p.last, mark='%20')}.jpg"),
    ),
    Family(
        id="file-unparted",
        category="F8",
        write=lambda p, _: Written(file_name=f"{lower(p.first, p.last)}.jpg"),
    ),
    Family(id="description", category="F8", write=lambda p, _: Written(alt=whole(p)), frames="alt"),
    Family(
        id="first-initial-bare", category="F9", write=lambda p, _: f"{p.first} {p.last[0].upper()}"
    ),
    Family(id="first-initial-dot", category="F9", write=lambda p, _: f"{p.first} {p.last[0]}."),
    Family(
        id="first-initial-bracketed",
        category="F9",
        write=lambda p, _: f"{p.first} ({p.last[0]})",
    ),
    Family(id="initial-past-a-particle", category="F9", write=_after_the_particle),
    Family(id="two-initials-of-a-double-name", category="F9", write=_both_initials),
    Family(
        id="first-initial-possessive",
        category="F9",
        write=lambda p, _: f"{p.first} {_main_letter(p)}'s",
        frames="possessive",
    ),
    Family(
        id="tag-first-initial",
        category="F9",
        write=lambda p, _: f"#WellDone{camel(p.first)}{_main_letter(p)}",
        want=Want.NOTICE,
    ),
    Family(
        id="last-comma-initial",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.last}, {p.first[0]}.",
    ),
    Family(
        id="initial-dot-last",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.first[0]}. {p.last}",
    ),
    Family(
        id="initial-bare-last",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.first[0]} {p.last}",
        frames="sheet",
    ),
    Family(
        id="last-bare-initial",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.last} {p.first[0]}",
        frames="named",
    ),
    Family(
        id="two-initials-last",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.first[0]}.{p.last[0].upper()}. {p.last}",
    ),
    Family(
        id="two-letters-last",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.first[0]}R {p.last}",
        frames="named",
    ),
    Family(id="last-comma-first", category="F10", write=lambda p, _: f"{p.last}, {p.first}"),
    Family(id="last-then-first", category="F10", write=lambda p, _: f"{p.last.upper()} {p.first}"),
    Family(id="one-middle-name", category="F11", write=_middle_name),
    Family(
        id="called-in-brackets",
        category="F11",
        write=lambda p, _: f"{p.first} (Pip) {p.last}",
    ),
    _double(0),
    _double(1),
    Family(id="marks-dropped", category="F13", write=_bare),
    Family(id="curly-apostrophe", category="F13", write=_curly),
    Family(id="alike-letters", category="F14", write=_visually_alike),
    Family(id="invisible-letter", category="F14", write=_invisible),
    Family(id="figures-for-a-e", category="F15", write=_figures),
    Family(id="signs-inside", category="F15", write=_signs),
    Family(id="letters-apart", category="F15", write=_spaced),
    Family(id="cut-by-a-sign", category="F15", write=_cut),
    Family(id="star-for-a-letter", category="F15", write=_starred),
    Family(id="figure-in-a-surname", category="F15", write=_surname_in_figures),
    Family(id="two-letters-exchanged", category="F16", write=_transposed),
    Family(id="a-letter-dropped", category="F16", write=_dropped),
    Family(
        id="known-as",
        category="F17",
        write=lambda p, _: f"{p.known_as} {p.last}" if p.known_as else None,
    ),
    Family(id="short-form", category="F17", write=_short),
    Family(id="cut-down", category="F17", write=_cut_down),
    Family(id="first-spelt-otherwise", category="F18", write=_variant),
    Family(id="comma-year", category="F19", write=lambda p, _: f"{p.first}, {year_word(p)},"),
    Family(id="age-between-commas", category="F19", write=lambda p, _: f"{p.first}, 9,"),
    Family(id="in-form", category="F19", write=lambda p, _: f"{p.first} in {p.form}"),
    Family(
        id="words-and-picture",
        category="F21",
        write=lambda p, _: Written(text=p.first, alt=p.last),
        frames="split",
    ),
    Family(
        id="certificate",
        category="F22",
        write=lambda p, _: (
            f"Certificate of Achievement\nawarded to\n{whole(p).upper()}\nfor effort"
        ),
        frames="bare",
    ),
    Family(id="first-alone", category="F23", write=lambda p, _: p.first),
    Family(id="family", category="F24", write=lambda p, _: f"The {p.last} family", frames="lead"),
    Family(id="twins", category="F24", write=lambda p, _: f"the {p.last} twins", frames="named"),
    Family(id="whole-family", category="F24", write=_plural, frames="lead"),
    Family(id="boys-title", category="F24", write=lambda p, _: f"Master {p.last}", frames="named"),
    Family(id="miss", category="F24", write=lambda p, _: f"little Miss {p.last}", frames="named"),
    Family(
        id="possessive-surname",
        category="F24",
        write=lambda p, _: f"{p.last}'s header",
        frames="named",
    ),
    Family(id="on-a-team-sheet", category="F24", write=_in_a_row, frames="bare"),
    Family(id="surname-named", category="F24", write=lambda p, _: p.last, frames="named"),
)

SHARED = (
    "{first} and {second} {last}",
    "{first}, {second} and {third} {last}",
)
"""How pupils with one surname are listed (F20)."""
