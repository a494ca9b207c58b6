"""How the scored half writes pupils' names, by the category of the table."""

from __future__ import annotations

import unicodedata
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
    from random import Random

    from evaluation.model import Pupil

_GREEK = {"A": "\u0391", "B": "\u0392", "K": "\u039a", "M": "\u039c", "o": "\u03bf", "v": "\u03bd"}
_SIGNS = {"i": "1", "o": "0", "s": "$", "l": "|", "S": "5", "O": "0", "I": "1"}
_MARKS = {"a": "á", "e": "ë", "o": "ö", "u": "ù", "i": "í", "n": "ñ", "c": "ç"}
_STARS = dict.fromkeys("aeiou", "*")
_SEEN_AS = {"l": "I", "m": "rn", "o": "0", "i": "l", "h": "li"}
_NEAR = {
    "a": "s", "e": "r", "i": "o", "o": "p", "u": "y", "n": "m", "r": "t", "s": "d", "t": "y",
    "l": "k", "m": "n", "d": "f", "h": "j", "k": "l",
}  # fmt: skip
"""The key to the right or to the left on a British keyboard."""

PARTICLE = ("al", "el", "de", "da", "dos", "bin", "abu", "ap", "ó", "ní")


def _shifted(text: str, capital: int, small: int) -> str:
    return "".join(
        chr(ord(c) - 65 + capital)
        if "A" <= c <= "Z"
        else chr(ord(c) - 97 + small)
        if "a" <= c <= "z"
        else c
        for c in bare(text)
    )


def _middle_names(pupil: Pupil, random: Random) -> str:
    names = names_of(Half.SCORED)
    one, two = random.sample(names.firsts.get(pupil.origin, names.word_firsts), 2)
    return f"{pupil.first} {one} {two} {pupil.last}"


def _middle_initial(pupil: Pupil, random: Random) -> str:
    return f"{pupil.first} {random.choice('ABCDEGHJLMNPRST')}. {pupil.last}"


def _called(pupil: Pupil, random: Random) -> str:
    said = random.choice(("Ace", "Bubbles", "Smiler", "Rocket"))
    return f"{pupil.first} \u201c{said}\u201d {pupil.last}"


def _no_apostrophe(mark: str) -> Family:
    def write(pupil: Pupil, _: Random) -> str | None:
        return whole(pupil).replace("'", mark) if "'" in pupil.last else None

    return Family(
        id=f"apostrophe-{'dropped' if not mark else 'space'}", category="F13", write=write
    )


def _decomposed(pupil: Pupil, _: Random) -> str | None:
    written = unicodedata.normalize("NFD", whole(pupil))
    return written if written != whole(pupil) else None


def _marks_added(pupil: Pupil, random: Random) -> str | None:
    return swapped(pupil.first, _MARKS, random, most=1) and (
        f"{swapped(pupil.first, _MARKS, random, most=1)} {pupil.last}"
    )


def _particle_closed(pupil: Pupil, _: Random) -> str | None:
    words = pupil.last.replace("-", " ").split()
    if len(words) < 2 or words[0].casefold() not in PARTICLE:  # noqa: PLR2004
        return None
    return f"{pupil.first} {words[0].capitalize()}{''.join(words[1:])}"


def _mac_apart(pupil: Pupil, _: Random) -> str | None:
    for start in ("Mac", "Mc"):
        if pupil.last.startswith(start) and pupil.last[len(start)].isupper():
            return f"{pupil.first} {start} {pupil.last[len(start) :]}"
    return None


def _soft(pupil: Pupil, random: Random) -> str | None:
    if len(pupil.last) < 4:  # noqa: PLR2004
        return None
    at = random.randrange(2, len(pupil.last) - 1)
    return f"{pupil.first} {pupil.last[:at]}\u00ad{pupil.last[at:]}"


def _emoji_between(pupil: Pupil, random: Random) -> str | None:
    if len(pupil.first) < 4:  # noqa: PLR2004
        return None
    at = random.randrange(1, len(pupil.first) - 1)
    return f"{pupil.first[:at]}\U0001f31f{pupil.first[at:]} {pupil.last}"


def _dotted(pupil: Pupil, _: Random) -> str | None:
    return f"{'.'.join(pupil.first)} {'.'.join(pupil.last)}" if pupil.last.isalpha() else None


def _starred(pupil: Pupil, random: Random) -> str | None:
    written = swapped(pupil.first[1:], _STARS, random, most=1)
    return f"{pupil.first[0]}{written} {pupil.last}" if written and len(pupil.first) > 4 else None  # noqa: PLR2004


def _next_key(pupil: Pupil, random: Random) -> str | None:
    if not long_enough(bare(pupil.last)):
        return None
    written = swapped(pupil.last[1:], _NEAR, random, most=1)
    return f"{pupil.first} {pupil.last[0]}{written}" if written else None


def _doubled(pupil: Pupil, random: Random) -> str | None:
    if not long_enough(pupil.first):
        return None
    at = random.randrange(1, len(pupil.first))
    return f"{pupil.first[: at + 1]}{pupil.first[at]}{pupil.first[at + 1 :]} {pupil.last}"


def _run_together(pupil: Pupil, _: Random) -> str:
    return f"{pupil.first}{pupil.last}"


def _short(pupil: Pupil, random: Random) -> str | None:
    shorts = names_of(Half.SCORED).shorts.get(pupil.first)
    return f"{random.choice(shorts)} {pupil.last}" if shorts else None


def _short_possessive(pupil: Pupil, random: Random) -> str | None:
    written = _short(pupil, random)
    return f"{written}\u2019s" if written else None


def _variant(pupil: Pupil, random: Random) -> str | None:
    others = names_of(Half.SCORED).variants.get(pupil.first)
    return f"{random.choice(others)} {pupil.last}" if others else None


def _surname_variant(pupil: Pupil, random: Random) -> str | None:
    others = names_of(Half.SCORED).variants.get(pupil.last)
    return f"{pupil.first} {random.choice(others)}" if others else None


def _read_wrong(pupil: Pupil, random: Random) -> str | None:
    if not long_enough(pupil.last):
        return None
    written = swapped(pupil.last[1:], _SEEN_AS, random, most=1)
    return f"Headteacher's award\n{pupil.first} {pupil.last[0]}{written}\nJuly" if written else None


def _double(mark: str, name: str, *, turned: bool = False) -> Family:
    def write(pupil: Pupil, _: Random) -> str | None:
        both = halves(pupil)
        if both is None:
            return None
        one, two = reversed(both) if turned else both
        return f"{pupil.first} {one}{mark}{two}"

    return Family(id=name, category="F12", write=write)


FAMILIES = (
    Family(id="quoted", category="F1", write=lambda p, _: f"\u201c{whole(p)}\u201d"),
    Family(id="starred", category="F1", write=lambda p, _: f"\u2b50{whole(p)}\u2b50"),
    Family(id="after-colon", category="F1", write=lambda p, _: f"Star of the week: {whole(p)}"),
    Family(id="dashes", category="F1", write=lambda p, _: f"our captain\u2014{whole(p)}\u2014"),
    Family(
        id="curly-possessive",
        category="F2",
        write=lambda p, _: f"{whole(p)}\u2019s",
        frames="possessive",
    ),
    Family(
        id="plural-possessive",
        category="F2",
        write=lambda p, _: f"{whole(p)}s'",
        frames="possessive",
    ),
    Family(id="led", category="F2", write=lambda p, _: f"{whole(p)}-led", frames="possessive"),
    Family(id="first-capitals", category="F3", write=lambda p, _: f"{p.first.upper()} {p.last}"),
    Family(
        id="last-capitals", category="F3", write=lambda p, _: f"{p.first.lower()} {p.last.upper()}"
    ),
    Family(id="caps-lock", category="F3", write=lambda p, _: whole(p).swapcase()),
    Family(id="bold", category="F4", write=lambda p, _: f"**{p.first}** {p.last}"),
    Family(id="slanted", category="F4", write=lambda p, _: f"_{whole(p)}_"),
    Family(id="hard-space", category="F4", write=lambda p, _: f"{p.first}\u00a0{p.last}"),
    Family(id="tab", category="F4", write=lambda p, _: f"{p.first}\t{p.last}"),
    Family(
        id="praising-tag", category="F5", write=lambda p, _: f"#WellDone{camel(p.first, p.last)}"
    ),
    Family(id="dated-tag", category="F5", write=lambda p, _: f"#{camel(p.first, p.last)}2026"),
    Family(id="cheering-tag", category="F6", write=lambda p, _: f"#go{lower(p.first, p.last)}"),
    Family(
        id="small-tag-more", category="F6", write=lambda p, _: f"#{lower(p.first, p.last)}rocks"
    ),
    Family(
        id="handle-turned", category="F7", write=lambda p, _: f"@{lower(p.last)}.{lower(p.first)}"
    ),
    Family(
        id="handle-dated",
        category="F7",
        write=lambda p, r: f"@{lower(p.first, p.last)}{r.choice(('14', '2013', '07', '99'))}",
    ),
    Family(
        id="handle-initial",
        category="F7",
        write=lambda p, _: f"@{lower(p.first)}{lower(p.last)[0]}",
    ),
    Family(
        id="file-camel",
        category="F8",
        write=lambda p, r: Written(
            file_name=f"IMG_{r.randrange(1000, 9999)}-{camel(p.first, p.last)}.jpeg"
        ),
    ),
    Family(
        id="page-address",
        category="F8",
        write=lambda p, _: f"oakfield.example/news/well-done-{slug(p.first, p.last)}",
    ),
    Family(
        id="description-possessive",
        category="F8",
        write=lambda p, _: Written(alt=f"{whole(p)}'s painting"),
        frames="alt",
    ),
    Family(id="first-initial", category="F9", write=lambda p, _: f"{p.first} {p.last[0].upper()}"),
    Family(
        id="initial-last",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.first[0]} {p.last}",
    ),
    Family(
        id="initials-and-form",
        category="F9",
        want=Want.NOTICE,
        write=lambda p, _: f"{p.first[0]}.{p.last[0].upper()}. ({p.form})",
    ),
    Family(
        id="capital-last-first", category="F10", write=lambda p, _: f"{p.last.upper()} {p.first}"
    ),
    Family(id="last-first", category="F10", write=lambda p, _: f"{p.last} {p.first}"),
    Family(
        id="capital-last-comma", category="F10", write=lambda p, _: f"{p.last.upper()}, {p.first}"
    ),
    Family(id="two-middle-names", category="F11", write=_middle_names),
    Family(id="middle-initial", category="F11", write=_middle_initial),
    Family(id="called", category="F11", write=_called),
    _double("-", "halves-turned", turned=True),
    _double("", "halves-closed"),
    _double(" ", "halves-apart"),
    _double("\u2013", "long-dash"),
    _no_apostrophe(""),
    _no_apostrophe(" "),
    Family(id="decomposed", category="F13", write=_decomposed),
    Family(id="marks-added", category="F13", write=_marks_added),
    Family(id="particle-closed", category="F13", write=_particle_closed),
    Family(id="mac-apart", category="F13", write=_mac_apart),
    Family(id="full-width", category="F14", write=lambda p, _: _shifted(whole(p), 0xFF21, 0xFF41)),
    Family(
        id="mathematical", category="F14", write=lambda p, _: _shifted(whole(p), 0x1D5D4, 0x1D5EE)
    ),
    Family(id="circled", category="F14", write=lambda p, _: _shifted(whole(p), 0x24B6, 0x24D0)),
    Family(id="greek", category="F14", write=lambda p, r: swapped(whole(p), _GREEK, r)),
    Family(id="soft-hyphen", category="F14", write=_soft),
    Family(
        id="struck-through",
        category="F14",
        write=lambda p, _: "".join(f"{c}\u0336" if c != " " else c for c in bare(whole(p))),
    ),
    Family(id="signs-for-letters", category="F15", write=lambda p, r: swapped(whole(p), _SIGNS, r)),
    Family(id="emoji-between", category="F15", write=_emoji_between),
    Family(id="dots-between", category="F15", write=_dotted),
    Family(id="star-for-a-vowel", category="F15", write=_starred),
    Family(
        id="lines-between",
        category="F15",
        write=lambda p, _: f"{'_'.join(p.first)} {p.last}",
    ),
    Family(id="next-key", category="F16", write=_next_key),
    Family(id="letter-doubled", category="F16", write=_doubled),
    Family(id="run-together", category="F16", write=_run_together),
    Family(
        id="known-as-small",
        category="F17",
        write=lambda p, _: f"{p.known_as} {p.last}".lower() if p.known_as else None,
    ),
    Family(id="short-form-2", category="F17", write=_short),
    Family(
        id="short-form-possessive", category="F17", write=_short_possessive, frames="possessive"
    ),
    Family(id="first-variant", category="F18", write=_variant),
    Family(id="last-variant", category="F18", write=_surname_variant),
    Family(id="year-bracketed", category="F19", write=lambda p, _: f"{p.first} (Y{p.year})"),
    Family(id="years-own", category="F19", write=lambda p, _: f"{year_word(p)}'s {p.first}"),
    Family(id="aged", category="F19", write=lambda p, _: f"{p.first}, aged {p.age},"),
    Family(id="form-colon", category="F19", write=lambda p, _: f"{p.form}: {p.first}"),
    Family(
        id="words-and-file",
        category="F21",
        write=lambda p, _: Written(text=p.last, file_name=f"{slug(p.first)}.png"),
        frames="split",
    ),
    Family(
        id="two-tags", category="F21", write=lambda p, _: f"#{camel(p.first)} and #{camel(p.last)}"
    ),
    Family(id="read-wrong", category="F22", write=_read_wrong, frames="bare"),
    Family(
        id="broken-lines",
        category="F22",
        write=lambda p, _: f"Well done\n{p.first.upper()}\n\n{p.last.upper()}\nHead's award",
        frames="bare",
    ),
    Family(
        id="first-possessive",
        category="F23",
        write=lambda p, _: f"{p.first}'s",
        frames="possessive",
    ),
    Family(id="first-after-comma", category="F23", write=lambda p, _: f"our friend {p.first}"),
    Family(id="first-tag", category="F23", write=lambda p, _: f"#Go{camel(p.first)}"),
    Family(id="plural", category="F24", write=lambda p, _: f"The {p.last}s", frames="lead"),
    Family(id="young-master", category="F24", write=lambda p, _: f"Young {p.last}", frames="lead"),
)

SHARED = (
    "{first} & {second} {last}",
    "the {last} twins, {first} and {second}",
    "{last} ({first}, {second})",
    "{first}/{second} {last}",
)
"""How pupils with one surname are listed (F20)."""
