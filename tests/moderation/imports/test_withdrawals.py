"""What a family took back stays taken back until the file shows an answer of a later day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from moderation.checks.consent import Standing, standing
from moderation.checks.model import Consent, Purpose, Status
from moderation.imports.withdrawals import settled
from moderation.kernel import AccountId, PupilKey
from moderation.policies.settings import ConsentFrom
from tests.proves import proves


TODAY = date(2026, 11, 18)
PAGE, FEED = AccountId("oak-facebook"), AccountId("oak-instagram")
PLATFORMS = {PAGE: "facebook", FEED: "instagram"}


def said(
    status: Status, scope: str = "all", day: date | None = None, by: str = "parent_or_carer"
) -> Consent:
    return Consent(
        pupil=PupilKey("a"),
        purpose=Purpose.PHOTO,
        scope=scope,
        status=status,
        given_on=day,
        informed_by=by,
    )


def day(number: int) -> date:
    return date(2026, 11, number)


NO = said(Status.WITHDRAWN, day=day(10))


@proves("AUR-CONS-1")
@pytest.mark.parametrize(
    ("new", "stands"),
    [
        ((), True),
        ((said(Status.GRANTED),), True),
        ((said(Status.GRANTED, day=day(9)),), True),
        # Two answers of one day contradict each other: no.
        ((said(Status.GRANTED, day=day(10)),), True),
        ((said(Status.GRANTED, day=day(11)),), False),
        ((said(Status.GRANTED, day=day(11), by="pupil"),), True),
        ((said(Status.REFUSED, day=day(2)),), False),
        ((said(Status.WITHDRAWN, day=day(12)),), False),
    ],
)
def test_only_a_later_answer_of_the_same_side_counts(
    new: tuple[Consent, ...], *, stands: bool
) -> None:
    found, stood = settled((NO,), new, TODAY, PLATFORMS)
    assert stood is stands
    assert (NO in found) is stands
    if not stands:
        assert found == new


@pytest.mark.parametrize(
    ("withdrawn", "granted", "kept"),
    [
        ("all", "facebook", False),
        ("all", PAGE, False),
        ("facebook", PAGE, False),
        ("facebook", FEED, True),
        ("facebook", "instagram", True),
        ("facebook", "all", True),
        (PAGE, "facebook", True),
        (PAGE, FEED, True),
    ],
)
def test_an_older_yes_for_a_part_of_it_is_no_answer(
    withdrawn: str, granted: str, *, kept: bool
) -> None:
    no = said(Status.WITHDRAWN, withdrawn, day(10))
    yes = said(Status.GRANTED, granted, day(9))
    found, _ = settled((no,), (yes,), TODAY, PLATFORMS)
    assert (yes in found) is kept
    later = said(Status.GRANTED, granted, day(11))
    assert later in settled((no,), (later,), TODAY, PLATFORMS)[0]


def test_without_a_day_it_was_told_when_it_first_came_in() -> None:
    undated = said(Status.WITHDRAWN)
    [first], _ = settled((), (undated,), TODAY, PLATFORMS)
    assert first.given_on == TODAY
    assert settled((first,), (undated,), TODAY + timedelta(days=5), PLATFORMS) == ((first,), False)
    # As an earlier version stored it: from now on it has a day, so that a yes can follow.
    [found], stood = settled((undated,), (said(Status.GRANTED, day=day(9)),), TODAY, PLATFORMS)
    assert (found, stood) == (first, True)


SCOPES = ("all", "facebook", "instagram", PAGE, FEED)
ANSWERS = st.builds(
    said,
    st.sampled_from(Status),
    st.sampled_from(SCOPES),
    st.none() | st.integers(1, 18).map(day),
    st.sampled_from(("parent_or_carer", "pupil", "other", "")),
)
# As the parser has them: nobody says one thing of one matter twice.
FILES = st.lists(
    ANSWERS, max_size=6, unique_by=lambda one: (one.scope, one.status, one.informed_by)
).map(tuple)


@given(FILES, FILES)
def test_the_same_file_again_changes_nothing(
    old: tuple[Consent, ...], new: tuple[Consent, ...]
) -> None:
    once, _ = settled(old, new, TODAY, PLATFORMS)
    again, _ = settled(once, new, TODAY + timedelta(days=1), PLATFORMS)
    assert sorted(map(repr, again)) == sorted(map(repr, once))


@proves("AUR-CONS-1")
@given(FILES, FILES, st.sampled_from(ConsentFrom))
def test_no_older_file_lets_a_pupil_be_shown_again(
    old: tuple[Consent, ...], new: tuple[Consent, ...], consent_from: ConsentFrom
) -> None:
    on_record, _ = settled((), old, TODAY, PLATFORMS)
    earlier = tuple(
        answer
        for answer in new
        if answer.given_on is None
        or all(
            answer.given_on <= (one.given_on or TODAY)
            for one in on_record
            if one.status is Status.WITHDRAWN
        )
    )
    only_yes = tuple(answer for answer in earlier if answer.status is Status.GRANTED)
    after, _ = settled(on_record, only_yes, TODAY, PLATFORMS)
    for account in (PAGE, FEED):

        def told(records: tuple[Consent, ...], account: AccountId = account) -> Standing:
            return standing(
                records,
                Purpose.PHOTO,
                account=account,
                platform=PLATFORMS[account],
                today=TODAY,
                consent_from=consent_from,
            )

        if told(on_record) is Standing.WITHDRAWN:
            assert told(after) is not Standing.GRANTED
