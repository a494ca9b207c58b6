"""The check ``pupil_names``, and ``identification``: a first name with a class tells who it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from moderation.checks import colleagues
from moderation.checks.consent import Standing, standing
from moderation.checks.fold import plain
from moderation.checks.model import Purpose, Who
from moderation.checks.names.candidate import Grade
from moderation.checks.names.classes import class_mentions, whom_it_fits
from moderation.checks.names.find import (
    NO_PEOPLE,
    find_in,
    find_names,
    full_names_in,
    scene_of,
)
from moderation.checks.names.people import people_called
from moderation.checks.names.words import ABBREVIATIONS, EVERYDAY, SOMETIMES
from moderation.checks.sighting import Sighting, fields
from moderation.checks.spans import Place, Spans
from moderation.policies.model import Check
from moderation.policies.settings import PupilNames


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Draft
    from moderation.checks.names.classes import ClassMention
    from moderation.checks.names.find import NameHit
    from moderation.checks.names.people import People
    from moderation.checks.names.roster import Keys, Roster
    from moderation.policies.model import Pack


ELSEWHERE = "a pupil at one of our schools"
SHARED = "A grown-up has this name too."

SURE = frozenset({Grade.FULL, Grade.INITIALLED})
LEAST_READ, LEAST_READ_IN_CAPITALS = 3, 4
"""Letters of a first name in a picture, below which it may be a smudge."""

FAR = 40
"""Characters between a first name and a class, beyond which they are two matters."""
FAR_INITIALS = 14
_SENTENCE_ENDS = re.compile(r"[.!?;]\s|\n")
_INITIALS = re.compile(r"(?<![\w.])([A-Z])\.? ?([A-Z])(?:\.|\b)(?![\w'’])")


def pupil_names(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Places that may name a pupil, or tell who it is by a class (STEP-NAME-1, MET-ID-1).

    Offsets are half-open code points of the field as given.
    """
    roster = context.roster
    if roster is None:
        yield Sighting(check=Check.PUPIL_NAMES, category="not_checked")
    elif not len(roster):
        yield Sighting(check=Check.PUPIL_NAMES, category="empty_roster")
    staff = context.people()
    well_known = people_called((*pack.listed("public_names"), *context.public_names))
    for field, text in fields(draft):
        hits: tuple[NameHit, ...] = ()
        scene = scene_of(text, staff=staff, known=well_known)
        if roster is not None:
            hits = find_in(scene, roster)
            yield from _own(field, text, hits, roster, draft, pack, context)
        asked = tuple((hit.start, hit.end) for hit in hits)
        yield from colleagues.in_text(field, text, well_known, asked, context)
        if context.other_rosters is not None:
            elsewhere = full_names_in(scene, context.other_rosters)
            yield from _others(field, elsewhere, hits)
    yield from _in_files(draft, context)
    yield from _in_pictures(draft, pack, context)


def _own(
    field: str,
    text: str,
    hits: tuple[NameHit, ...],
    roster: Roster,
    draft: Draft,
    pack: Pack,
    context: Context,
) -> Iterator[Sighting]:
    identified = tuple(_identified(field, text, hits, roster))
    yield from identified
    yield from _initials_with_class(field, text, hits, roster)
    told = Spans((one.start or 0, one.end or 0) for one in identified)
    for hit in hits:
        if hit.grade is Grade.FIRST and told.touch(hit.start, hit.end):
            continue
        allowed = _may_be_named(hit.pupils, draft, pack, context)
        yield Sighting(
            check=Check.PUPIL_NAMES,
            category="consented" if allowed else hit.grade.value,
            field=field,
            start=hit.start,
            end=hit.end,
            who=whom(hit.pupils, roster),
            besides=SHARED if hit.shared else "",
        )


def _others(
    field: str, elsewhere: Iterable[NameHit], own: tuple[NameHit, ...]
) -> Iterator[Sighting]:
    """Full names of the trust's other pupils; what they share with our own is ours already."""
    ours = Spans((hit.start, hit.end) for hit in own)
    for hit in elsewhere:
        if not ours.touch(hit.start, hit.end):
            yield Sighting(
                check=Check.PUPIL_NAMES,
                category="other_school",
                field=field,
                start=hit.start,
                end=hit.end,
                who=ELSEWHERE,
            )


def _in_pictures(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Names among the words that were read in a picture: on a certificate, a peg, a shirt."""
    for at, image in enumerate(draft.images):
        look = image.inspection.look if image.inspection is not None else None
        if look is None or not look.words:
            continue
        yield from colleagues.in_words(f"image[{at}]", look.words, context)
        shown: dict[str, str] = {}
        perhaps: dict[str, str] = {}
        hits: tuple[NameHit, ...] = ()
        if context.roster is not None:
            read = find_names(look.words, context.roster, staff=context.people())
            hits = tuple(hit for hit in read if hit.grade in SURE)
            firsts = tuple(hit for hit in read if _is_legible(look.words, hit))
            # One line stands below the other: what belongs together may be on two.
            flat = look.words.replace("\n", " ")
            for one in _identified(f"image[{at}]", flat, firsts, context.roster):
                shown[one.who] = one.who
            for hit in (*hits, *firsts):
                if not _may_be_named(hit.pupils, draft, pack, context):
                    told = shown if hit.grade in SURE else perhaps
                    told[" ".join(hit.pupils)] = whom(hit.pupils, context.roster)
        ours = Spans((hit.start, hit.end) for hit in hits)
        for hit in _sure(look.words, context.other_rosters, context.people()):
            ours_too = hit.shared or ours.touch(hit.start, hit.end)
            if hit.grade is Grade.FULL and not ours_too:
                shown["elsewhere"] = ELSEWHERE
        for about, who in shown.items():
            yield Sighting(
                check=Check.PUPIL_NAMES,
                category="named_in_picture",
                field=f"image[{at}]",
                who=who,
                about=about,
            )
        if perhaps and not shown:
            yield Sighting(
                check=Check.PUPIL_NAMES,
                category="perhaps_in_picture",
                field=f"image[{at}]",
                who=next(iter(perhaps.values())) if len(perhaps) == 1 else "one of our pupils",
                about="first_name",
            )


def _is_legible(words: str, hit: NameHit) -> bool:
    """Whether a first name in a picture is no word, and too long to be a smudge."""
    form = plain(words[hit.start : hit.end])
    least = LEAST_READ_IN_CAPITALS if words[hit.start : hit.end].isupper() else LEAST_READ
    known = form in EVERYDAY or form in SOMETIMES
    return hit.grade is Grade.FIRST and len(form) >= least and form.isalpha() and not known


def _in_files(draft: Draft, context: Context) -> Iterator[Sighting]:
    """Names in a picture's file name and metadata: they don't go out, but may tell who is in it."""
    declared = draft.pictured.pupils if draft.pictured.who is Who.THESE else frozenset()
    for at, image in enumerate(draft.images):
        metadata = image.inspection.metadata if image.inspection is not None else ()
        named: dict[str, str] = {}
        for text in (image.file_name, *(text for _, text in metadata)):
            hits = _sure(text, context.roster, NO_PEOPLE)
            for hit in hits:
                if context.roster is not None and not declared.issuperset(hit.pupils):
                    named[" ".join(hit.pupils)] = whom(hit.pupils, context.roster)
            ours = Spans((hit.start, hit.end) for hit in hits)
            # A colleague often took the picture, and shares a name with some pupil of the trust.
            for hit in _sure(text, context.other_rosters, context.people()):
                ours_too = hit.shared or ours.touch(hit.start, hit.end)
                if hit.grade is Grade.FULL and not ours_too:
                    named["elsewhere"] = ELSEWHERE
        for about, who in named.items():
            yield Sighting(
                check=Check.PUPIL_NAMES,
                category="other_school_in_file" if who == ELSEWHERE else "named_in_file",
                field=f"image[{at}]",
                who=who,
                about=about,
            )


def _sure(text: str, roster: Roster | None, staff: People) -> tuple[NameHit, ...]:
    if roster is None:
        return ()
    return tuple(hit for hit in find_names(text, roster, staff=staff) if hit.grade in SURE)


def _identified(
    field: str, text: str, hits: tuple[NameHit, ...], roster: Roster
) -> Iterator[Sighting]:
    """First names with a class, a year or an age in the same sentence."""
    firsts = [hit for hit in hits if hit.grade is Grade.FIRST]
    mentions = class_mentions(text, roster) if firsts else ()
    for hit in firsts:
        for mention in _near(mentions, (hit.start, hit.end), FAR):
            fitting = whom_it_fits(mention, hit.pupils, roster)
            if fitting and _close(text, (hit.start, hit.end), mention):
                yield Sighting(
                    check=Check.IDENTIFICATION,
                    category="name_and_class",
                    field=field,
                    start=min(hit.start, mention.start),
                    end=max(hit.end, mention.end),
                    who=whom(fitting, roster),
                )
                break


def _initials_with_class(
    field: str, text: str, hits: tuple[NameHit, ...], roster: Roster
) -> Iterator[Sighting]:
    """``A.K. (4B)``: initials by themselves say nothing, with a class they may."""
    named = Spans((hit.start, hit.end) for hit in hits)
    mentions: tuple[ClassMention, ...] | None = None
    for match in _INITIALS.finditer(text):
        letters = (match[1] + match[2]).casefold()
        pupils = roster.initialled(letters)
        if not pupils or letters in ABBREVIATIONS or named.touch(*match.span()):
            continue
        mentions = class_mentions(text, roster) if mentions is None else mentions
        for mention in _near(mentions, match.span(), FAR_INITIALS):
            fitting = whom_it_fits(mention, pupils, roster)
            if fitting and _close(text, match.span(), mention):
                yield Sighting(
                    check=Check.IDENTIFICATION,
                    category="initials_and_class",
                    field=field,
                    start=min(match.start(), mention.start),
                    end=max(match.end(), mention.end),
                    who=whom(fitting, roster),
                )
                break


def _near(mentions: tuple[ClassMention, ...], name: Place, far: int) -> Iterator[ClassMention]:
    """The mentions within ``far`` characters before or after a name, in order."""
    start, end = name
    at = bisect_left(mentions, start - far, key=lambda mention: mention.end)
    while at < len(mentions) and mentions[at].start <= end + far:
        yield mentions[at]
        at += 1


def _close(text: str, name: Place, mention: ClassMention) -> bool:
    """Whether name and class stand in one sentence, apart."""
    start, end = name
    low, high = (end, mention.start) if mention.start >= end else (mention.end, start)
    near = low <= high <= low + mention.reach
    return near and not _SENTENCE_ENDS.search(text, low, high)


def _may_be_named(pupils: Keys, draft: Draft, pack: Pack, context: Context) -> bool:
    """Whether every pupil it could be may be named on every account (AUR-NAME-1)."""
    if pack.settings.pupil_names is not PupilNames.WITH_WRITTEN_CONSENT or not pupils:
        return False
    consents = context.consents or {}
    return all(
        standing(
            consents.get(pupil, ()),
            Purpose.NAME,
            account=account,
            platform=context.platform(account) if account is not None else None,
            today=context.today,
            consent_from=pack.settings.consent_from,
        )
        is Standing.GRANTED
        for pupil in pupils
        for account in (draft.accounts or (None,))
    )


def whom(pupils: Keys, roster: Roster) -> str:
    """Who it looks like, without a name: ``a pupil in Year 4: A.K.``, ``one of our pupils``."""
    labels = {roster.label(pupil) for pupil in pupils}
    if len(labels) != 1:
        return "one of our pupils"
    initials, _, year = labels.pop().partition(", ")
    where = f" in {year}" if year else ""
    return f"a pupil{where}: {initials}" if len(pupils) == 1 else f"one of our pupils: {initials}"
