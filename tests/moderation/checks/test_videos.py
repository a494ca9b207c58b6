"""Videos: watched by a person, readable without sound, and with a permission of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from moderation.checks.context import Context
from moderation.checks.engine import judge
from moderation.checks.model import (
    Check,
    Consent,
    Draft,
    Finding,
    Image,
    Pictured,
    Purpose,
    Severity,
    Status,
    Who,
)
from moderation.kernel import AccountId, BlobId, PupilKey
from moderation.policies.loader import shipped
from moderation.ports import Film, Inspection, PictureFormat
from tests.proves import proves


STEP = shipped("step")
FACEBOOK, AMELIA = AccountId("oakfield-facebook"), PupilKey("amelia")
BLOB = BlobId("sha256:" + "0" * 64)
STILL = Inspection(blob=BLOB, clean=BLOB, format=PictureFormat.JPEG, width=64, height=48)
MOVING = replace(
    STILL, format=PictureFormat.MP4, film=Film(parts=(BLOB,), size=1, seconds=32), look=None
)
SAID = "Tom: These are our beans."


def video(alt: str = SAID, **more: object) -> Image:
    return replace(Image(alt=alt, inspection=MOVING), **more)  # type: ignore[arg-type]


def judged(*images: Image, consents: tuple[Consent, ...] = (), **more: object) -> list[Finding]:
    given = {"pictured": Pictured(Who.NOBODY), "accounts": (FACEBOOK,)} | more
    draft = Draft(text="Our garden", images=images, **given)  # type: ignore[arg-type]
    context = Context(
        today=date(2026, 9, 14),
        consents={AMELIA: consents},
        platforms={FACEBOOK: "facebook"},
        labels={AMELIA: "A.K., Year 4"},
    )
    return [one for one in judge(draft, STEP, context) if one.check is not Check.PUPIL_NAMES]


def granted(purpose: Purpose, status: Status = Status.GRANTED, **more: object) -> Consent:
    made = Consent(pupil=AMELIA, purpose=purpose, scope="all", status=status)
    return replace(made, **more)  # type: ignore[arg-type]


@proves("HARM-VID-1")
def test_whoever_says_yes_states_that_they_watched_it_with_sound() -> None:
    (finding,) = judged(video())

    assert (finding.severity, finding.clause) == (Severity.FLAG, "HARM-VID-1")
    assert finding.reason.startswith("No automatic check looks inside a video.")
    assert STEP.confirmations[finding.confirm] == (
        "I have watched this video to the end, with sound."
    )


def test_each_video_is_watched_for_itself() -> None:
    found = judged(video(), video("Nobody speaks."))

    assert [one.field for one in found] == ["image[0]", "image[1]"]
    assert len({one.key for one in found}) == 2


@proves("HARM-VID-1")
@pytest.mark.parametrize("said", ["", "   ", "\n", "…"])
def test_a_video_without_captions_is_stopped(said: str) -> None:
    found = [one for one in judged(video(said)) if one.severity is Severity.BLOCK]

    assert [(one.category, one.clause) for one in found] == [("no_captions", "HARM-VID-1")]


def test_a_picture_still_wants_a_description_and_no_captions() -> None:
    (finding,) = judged(Image(alt="", inspection=STILL))

    assert (finding.category, finding.clause) == ("missing", "AUR-ALT-1")


def test_captions_that_say_nothing_are_asked_about() -> None:
    found = judged(video("VID_2041.mp4"))

    assert "not_a_description" in [one.category for one in found]


def test_captions_are_read_like_the_text() -> None:
    found = judged(video("Write to jo.bloggs@mail.example."))

    assert any(one.field == "alt[0]" for one in found if one.check is Check.PRIVATE_INFORMATION)


@proves("HARM-VID-1")
def test_permission_for_photos_is_none_for_a_video() -> None:
    these = Pictured(Who.THESE, frozenset({AMELIA}))
    photos = (granted(Purpose.PHOTO),)

    assert not [
        one
        for one in judged(Image(alt="A girl", inspection=STILL), consents=photos, pictured=these)
        if one.check is Check.IMAGE_CONSENT
    ]
    (lacking,) = [
        one
        for one in judged(video(), consents=photos, pictured=these)
        if one.check is Check.IMAGE_CONSENT
    ]
    assert (lacking.severity, lacking.category) == (Severity.BLOCK, "missing")
    assert "on Facebook in a video: A.K., Year 4." in lacking.reason


@pytest.mark.parametrize(
    ("said", "category"),
    [
        (granted(Purpose.VIDEO), None),
        (granted(Purpose.VIDEO, Status.REFUSED), "refused"),
        (granted(Purpose.VIDEO, Status.WITHDRAWN), "withdrawn"),
        (granted(Purpose.VIDEO, expires_on=date(2026, 9, 13)), "expired"),
        (granted(Purpose.VIDEO, scope="instagram"), "missing"),
        (granted(Purpose.VIDEO, scope="facebook"), None),
        (granted(Purpose.VIDEO, scope="oakfield-facebook"), None),
    ],
)
def test_it_is_asked_per_account_and_with_dates(said: Consent, category: str | None) -> None:
    these = Pictured(Who.THESE, frozenset({AMELIA}))
    found = judged(video(), consents=(said,), pictured=these)

    lacking = [one.category for one in found if one.check is Check.IMAGE_CONSENT]
    assert lacking == ([category] if category else [])


def test_a_post_with_both_asks_for_both() -> None:
    these = Pictured(Who.THESE, frozenset({AMELIA}))
    found = judged(video(), Image(alt="A girl", inspection=STILL), pictured=these)

    where = [one.about for one in found if one.check is Check.IMAGE_CONSENT]
    assert sorted(where) == ["amelia Facebook", "amelia Facebook in a video"]


def test_a_place_in_its_file_is_told() -> None:
    found = judged(video(inspection=replace(MOVING, has_position=True)))

    assert "position" in [one.category for one in found]


def test_a_policy_that_says_nothing_of_videos_stops_them() -> None:
    silent = replace(STEP, rules=tuple(rule for rule in STEP.rules if rule.category != "video"))
    draft = Draft(text="Our garden", images=(video(),), pictured=Pictured(Who.NOBODY))

    found = judge(draft, silent, Context(today=date(2026, 9, 14)))

    (finding,) = [one for one in found if one.rule == "video-unanswered"]
    assert (finding.severity, finding.allowable) == (Severity.BLOCK, False)
