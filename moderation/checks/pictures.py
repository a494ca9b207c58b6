"""Checks of what goes with a picture: permission, description, and what its file gave away."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from moderation.checks.consent import Standing, standing
from moderation.checks.likeness import alike
from moderation.checks.model import Kind, Purpose, Who
from moderation.checks.sighting import Sighting
from moderation.checks.staff_pictures import OF_STAFF
from moderation.kernel import PupilKey
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from moderation.checks.context import Context
    from moderation.checks.model import Consent, Draft, Finding
    from moderation.kernel import AccountId
    from moderation.policies.model import Pack


STRANGER = "a child who isn't on our list"

_ORDER = tuple(Standing)
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|heic|heif|webp|gif|tiff?|mp4|mov)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"(?:(?:an? |the |my |our )?(?:image|photo|photograph|picture|pic|img|dsc[nf]?|pxl|screenshot|"
    r"video|movie|mov|vid|"
    r"untitled|whatsapp image|alt|alt text|description|attachment|file|tbc|tba|todo|n/?a|none|"
    r"test|xxx?)[\W_\d]*)",
    re.IGNORECASE,
)
_LEAST_LETTERS = 4


def permission(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Whether everybody who is said to be in the pictures may be shown there (STEP-CONS-1)."""
    if not draft.images:
        return
    pictured = draft.pictured
    if pictured.who is Who.NOT_RECOGNISABLE:
        yield Sighting(check=Check.IMAGE_CONSENT, category="not_recognisable")
    elif pictured.who is Who.NOT_SAID or (pictured.who is Who.THESE and not pictured.pupils):
        yield Sighting(check=Check.IMAGE_CONSENT, category="not_said")
    elif pictured.who is Who.THESE:
        if context.consents is None:
            yield Sighting(check=Check.IMAGE_CONSENT, category="not_checked")
            return
        for pupil in sorted(pictured.pupils):
            yield from _permission(pupil, draft, pack, context, context.consents)


def come_again(draft: Draft, pack: Pack, context: Context) -> Iterator[Sighting]:
    """Pictures that came down, of children who may not be shown and are not declared this time.

    Whoever is declared is asked about by :func:`permission`. Where permission is back, the picture
    is like any other (STEP-CONS-1).
    """
    declared = draft.pictured.pupils if draft.pictured.who is Who.THESE else frozenset()
    for at, image in enumerate(draft.images):
        look = image.inspection.look if image.inspection is not None else None
        if look is None:
            continue
        hidden = frozenset[PupilKey]().union(
            *(
                old.pupils - declared
                for old in context.taken_down
                if alike(look.likeness, old.likeness) or alike(look.mirrored, old.likeness)
            )
        )
        networks: dict[str, None] = {}
        for pupil in sorted(hidden):
            for lacking in _permission(pupil, draft, pack, context, context.consents or {}):
                networks[lacking.where] = None
        for network in networks:
            yield Sighting(
                check=Check.IMAGE_CONSENT,
                category="taken_down",
                field=f"image[{at}]",
                who="a child in a picture that was taken down",
                where=network,
            )


def without_permission(findings: Iterable[Finding]) -> frozenset[PupilKey]:
    """The declared pupils who may not be shown on one of the accounts, out of what was found."""
    return frozenset(
        PupilKey(item.about.split(" ")[0])
        for item in findings
        if item.check is Check.IMAGE_CONSENT and item.about and item.category not in OF_STAFF
    )


def _permission(
    pupil: PupilKey,
    draft: Draft,
    pack: Pack,
    context: Context,
    consents: Mapping[PupilKey, tuple[Consent, ...]],
) -> Iterator[Sighting]:
    """One sighting for each network where this pupil may not be shown, with the gravest cause.

    Pictures and videos are asked about apart: permission for the one is none for the other
    (HARM-VID-1).
    """
    records = consents.get(pupil, ())
    lacking: dict[str, Standing] = {}
    accounts: tuple[AccountId | None, ...] = draft.accounts or (None,)
    for account, (purpose, how) in product(accounts, _purposes(draft)):
        platform = context.platform(account) if account is not None else None
        found = standing(
            records,
            purpose,
            account=account,
            platform=platform,
            today=context.today,
            consent_from=pack.settings.consent_from,
        )
        if found is not Standing.GRANTED:
            network = context.network(account) + how
            known = lacking.get(network, found)
            lacking[network] = max(known, found, key=_ORDER.index)
    for network, found in lacking.items():
        yield Sighting(
            check=Check.IMAGE_CONSENT,
            category=found.value,
            who=context.label(pupil) or STRANGER,
            where=network,
            about=f"{pupil} {network}",
        )


def _purposes(draft: Draft) -> Iterator[tuple[Purpose, str]]:
    """What permission is needed for, and how that is said behind the name of a network."""
    if any(not image.moves for image in draft.images):
        yield Purpose.PHOTO, ""
    if any(image.moves for image in draft.images):
        yield Purpose.VIDEO, " in a video"


def videos(draft: Draft) -> Iterator[Sighting]:
    """Nothing looks inside a video: whoever says yes has watched it (HARM-VID-1)."""
    for at, image in enumerate(draft.images):
        if image.moves:
            yield Sighting(check=Check.IMAGE_CONTENTS, category="video", field=f"image[{at}]")


def descriptions(draft: Draft) -> Iterator[Sighting]:
    """Pictures without a description, or with one that says nothing (AUR-ALT-1).

    Of a video, what is said in it is asked for instead (HARM-VID-1).
    """
    if draft.kind is Kind.COMMENT:
        return
    for at, image in enumerate(draft.images):
        said = image.alt.strip()
        field = f"alt[{at}]"
        if not any(char.isalnum() for char in said):
            category = "no_captions" if image.moves else "missing"
            yield Sighting(check=Check.ALT_TEXT, category=category, field=field)
        elif _says_nothing(said, image.file_name):
            start = image.alt.index(said)
            yield Sighting(
                check=Check.ALT_TEXT,
                category="not_a_description",
                field=field,
                start=start,
                end=start + len(said),
            )


def _says_nothing(said: str, file_name: str) -> bool:
    letters = sum(char.isalpha() for char in said)
    return (
        letters < _LEAST_LETTERS
        or said.casefold() == file_name.casefold()
        or bool(_FILE_NAME.fullmatch(said))
        or bool(_PLACEHOLDER.fullmatch(said))
    )


def faces(draft: Draft) -> Iterator[Sighting]:
    """More faces in a picture than people declared: counted, never recognised (STEP-CONS-1).

    Fewer say nothing: a child who turns away isn't counted. Where nobody said who is in it, that
    is asked already.
    """
    said = draft.pictured
    if said.who is Who.NOT_SAID or (said.who is Who.THESE and not said.pupils):
        return
    named = len(said.pupils if said.who is Who.THESE else ()) + len(said.staff)
    whom = "colleague" if said.who is not Who.THESE else "person" if said.staff else "pupil"
    for at, image in enumerate(draft.images):
        look = image.inspection.look if image.inspection is not None else None
        if look is not None and (look.faces or 0) > named:
            yield Sighting(
                check=Check.IMAGE_CONSENT,
                category="more_faces",
                field=f"image[{at}]",
                besides=f"We count at least {_count(look.faces or 0, 'face')}, and "
                + ("no pupil is named." if not named else f"{_count(named, whom)} named."),
            )


def _count(number: int, what: str) -> str:
    several = "people" if what == "person" else f"{what}s"
    verb = "" if what == "face" else " is" if number == 1 else " are"
    return f"{'one' if number == 1 else number} {what if number == 1 else several}{verb}"


def contents(draft: Draft) -> Iterator[Sighting]:
    """What a picture's file tells besides the picture, and what nobody could look for in it."""
    for at, image in enumerate(draft.images):
        look = image.inspection.look if image.inspection is not None else None
        if look is not None and not look.read:
            yield Sighting(check=Check.IMAGE_CONTENTS, category="not_read", field=f"image[{at}]")
        if look is not None and look.faces is None:
            yield Sighting(check=Check.IMAGE_CONTENTS, category="not_counted", field=f"image[{at}]")
        if image.inspection is not None and image.inspection.has_position:
            yield Sighting(check=Check.IMAGE_CONTENTS, category="position", field=f"image[{at}]")
