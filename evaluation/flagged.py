"""Cases in which a pupil is named: F1 to F24, frames by names by ways of writing."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from evaluation.model import Case, Category, Concern, Place, Sentences, Want, Written


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.model import Family, Half, Pupil

FOLDER = Path(__file__).parent
CHECKS = frozenset({"pupil_names", "identification"})
PLAIN, FOLDED, SLIPS = "plain", "folded", "slips"

MUST_FLAG = (
    Category(id="F1", title="Exact", want=Want.BLOCK, bar=PLAIN),
    Category(id="F2", title="Possessive, plural", want=Want.BLOCK, bar=PLAIN),
    Category(id="F3", title="Case", want=Want.BLOCK, bar=PLAIN),
    Category(id="F4", title="Line break, spaces, markup", want=Want.BLOCK, bar=PLAIN),
    Category(id="F5", title="Hashtag with capitals", want=Want.BLOCK, bar=PLAIN),
    Category(id="F6", title="Hashtag in small letters", want=Want.BLOCK, bar=PLAIN),
    Category(id="F7", title="Handle", want=Want.BLOCK, bar=FOLDED),
    Category(id="F8", title="File name, description, address", want=Want.BLOCK, bar=PLAIN),
    Category(id="F9", title="Initials", want=Want.BLOCK, bar=FOLDED),
    Category(id="F10", title="Surname first", want=Want.BLOCK, bar=PLAIN),
    Category(id="F11", title="Middle names", want=Want.BLOCK, bar=FOLDED),
    Category(id="F12", title="Half of a double-barrelled name", want=Want.BLOCK, bar=FOLDED),
    Category(id="F13", title="Marks, apostrophes, particles", want=Want.BLOCK, bar=FOLDED),
    Category(id="F14", title="Look-alike and invisible letters", want=Want.BLOCK, bar=FOLDED),
    Category(id="F15", title="Figures, signs, letters apart", want=Want.NOTICE, bar=SLIPS),
    Category(id="F16", title="One slip of the keyboard", want=Want.NOTICE, bar=SLIPS),
    Category(id="F17", title="Known-as and short forms", want=Want.BLOCK, bar=FOLDED),
    Category(id="F18", title="Spelt otherwise", want=Want.NOTICE, bar=SLIPS),
    Category(id="F19", title="First name with year, form or age", want=Want.BLOCK),
    Category(id="F20", title="A list with one surname", want=Want.NOTICE, bar=SLIPS),
    Category(id="F21", title="Split over two places", want=Want.NOTICE, bar=SLIPS),
    Category(id="F22", title="Text as read out of a picture", want=Want.NOTICE),
    Category(id="F23", title="First name alone", want=Want.NOTICE),
    Category(id="F24", title="Surname alone", want=Want.NOTICE),
)


@cache
def frames_of(half: Half) -> Sentences:
    """The half's sentences around names."""
    told = tomllib.loads((FOLDER / half / "sentences.toml").read_text(encoding="utf-8"))
    return Sentences(lists={name: tuple(listed) for name, listed in told["frames"].items()})


def families_of(half: Half) -> tuple[Family, ...]:
    """The half's ways of writing a name."""
    families: tuple[Family, ...] = import_module(f"evaluation.{half}.families").FAMILIES
    return families


def shared_of(half: Half) -> tuple[str, ...]:
    """The half's ways of listing brothers and sisters."""
    shared: tuple[str, ...] = import_module(f"evaluation.{half}.families").SHARED
    return shared


def named_cases(half: Half, pupils: Sequence[Pupil], each: int) -> Iterator[Case]:
    """Up to ``each`` cases for each category, shared out among its families and the origins."""
    for category in MUST_FLAG:
        families = [family for family in families_of(half) if family.category == category.id]
        for at, family in enumerate(families):
            share = each // len(families) + (at < each % len(families))
            yield from _written(half, category, family, pupils, share)
        if category.id == "F20":
            yield from _lists(half, category, pupils, each)


def _written(
    half: Half, category: Category, family: Family, pupils: Sequence[Pupil], count: int
) -> Iterator[Case]:
    random = Random(f"{half}{family.id}")
    frames = frames_of(half)[family.frames]
    shuffled = random.sample(pupils, len(pupils))
    # One after another of each origin, so that none of them is told by a few cases.
    by_origin: dict[str, list[Pupil]] = {}
    for pupil in shuffled:
        by_origin.setdefault(pupil.origin, []).append(pupil)
    longest = max(len(group) for group in by_origin.values())
    order = [g[at] for at in range(longest) for g in by_origin.values() if at < len(g)]
    made = 0
    for pupil in order:
        if made == count:
            return
        if written := family.write(pupil, random):
            yield _case(category, family, pupil, written, random.choice(frames), random)
            made += 1


def _case(
    category: Category,
    family: Family,
    pupil: Pupil,
    written: Written | str,
    frame: str,
    random: Random,
) -> Case:
    told = Written(text=written) if isinstance(written, str) else written
    text, alt = "What a week it was! See the picture.", ""
    places = []
    if told.text:
        start = frame.index("{name}")
        text = frame.replace("{name}", told.text)
        places.append(Place(field="text", start=start, end=start + len(told.text)))
    if told.alt:
        around = (
            frame
            if not told.text
            else random.choice(("A child in a red hat: {name}.", "{name} at the finishing line."))
        )
        start = around.index("{name}")
        alt = around.replace("{name}", told.alt)
        places.append(Place(field="alt[0]", start=start, end=start + len(told.alt)))
    if told.file_name:
        alt = alt or "A child on the playground."
        places.append(Place(field="image[0]"))
    wordy = pupil.last_is_word if category.id == "F24" else pupil.first_is_word
    return Case(
        concern=Concern.NAMES,
        category=category.id,
        family=family.id,
        want=family.want or category.want,
        text=text,
        alt=alt,
        file_name=told.file_name,
        origin=pupil.origin,
        places=tuple(places),
        checks=CHECKS,
        group="ambiguous" if wordy else "plain",
    )


def _lists(half: Half, category: Category, pupils: Sequence[Pupil], each: int) -> Iterator[Case]:
    random = Random(f"{half}lists")
    alike: dict[str, list[Pupil]] = {}
    for pupil in pupils:
        if not pupil.first_is_word and not pupil.last_is_word:
            alike.setdefault(pupil.last, []).append(pupil)
    families = [group for group in alike.values() if len({p.first for p in group}) > 2]  # noqa: PLR2004
    for at in range(each if families else 0):
        group = random.choice(families)
        firsts = random.sample(sorted({pupil.first for pupil in group}), 3)
        shape = shared_of(half)[at % len(shared_of(half))]
        said = shape.format(first=firsts[0], second=firsts[1], third=firsts[2], last=group[0].last)
        frame = random.choice(frames_of(half)["sentence"])
        start = frame.index("{name}")
        # The first name that stands away from the surname is what must not be missed.
        where = start + said.index(firsts[0])
        yield Case(
            concern=Concern.NAMES,
            category=category.id,
            family=f"list-{half}-{at % len(shared_of(half))}",
            want=category.want,
            text=frame.replace("{name}", said),
            origin=group[0].origin,
            places=(Place(field="text", start=where, end=where + len(firsts[0])),),
            checks=CHECKS,
            group="plain",
        )
