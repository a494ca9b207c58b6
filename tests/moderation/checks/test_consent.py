"""Whether a pupil may be shown: narrowest scope, worst word, nothing out of date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from moderation.checks.consent import Standing, standing
from moderation.checks.model import Consent, Purpose, Status
from moderation.kernel import AccountId, PupilKey
from moderation.policies.settings import ConsentFrom
from tests.proves import proves


TODAY = date(2026, 9, 14)
ACCOUNT = AccountId("oakfield-facebook")


def record(
    scope: str,
    status: Status = Status.GRANTED,
    *,
    until: date | None = None,
    purpose: Purpose = Purpose.PHOTO,
    by: str = "",
) -> Consent:
    return Consent(
        pupil=PupilKey("a"),
        purpose=purpose,
        scope=scope,
        status=status,
        expires_on=until,
        informed_by=by,
    )


def found(
    *records: Consent,
    account: AccountId | None = ACCOUNT,
    platform: str | None = "facebook",
    consent_from: ConsentFrom = ConsentFrom.PARENT,
) -> Standing:
    return standing(
        records,
        Purpose.PHOTO,
        account=account,
        platform=platform,
        today=TODAY,
        consent_from=consent_from,
    )


PAST, LAST_DAY = date(2026, 9, 13), TODAY


@proves("STEP-CONS-1", "AUR-CONS-1")
@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], Standing.MISSING),
        ([record("all")], Standing.GRANTED),
        ([record("facebook")], Standing.GRANTED),
        ([record("Facebook")], Standing.GRANTED),
        ([record("oakfield-facebook")], Standing.GRANTED),
        ([record("instagram")], Standing.MISSING),
        ([record("")], Standing.MISSING),
        ([record("all", purpose=Purpose.VIDEO)], Standing.MISSING),
        # the narrowest scope wins
        ([record("all"), record("facebook", Status.REFUSED)], Standing.REFUSED),
        ([record("all", Status.REFUSED), record("facebook")], Standing.GRANTED),
        ([record("facebook", Status.REFUSED), record("oakfield-facebook")], Standing.GRANTED),
        ([record("all"), record("instagram", Status.REFUSED)], Standing.GRANTED),
        # within it the worst word wins
        ([record("all"), record("all", Status.REFUSED)], Standing.REFUSED),
        ([record("all", Status.WITHDRAWN), record("all", Status.REFUSED)], Standing.WITHDRAWN),
        # out of date
        ([record("all", until=LAST_DAY)], Standing.GRANTED),
        ([record("all", until=PAST)], Standing.EXPIRED),
        ([record("facebook", until=PAST), record("all")], Standing.GRANTED),
        ([record("instagram", until=PAST)], Standing.MISSING),
        ([record("all", Status.REFUSED, until=PAST)], Standing.REFUSED),
    ],
)
def test_the_narrowest_scope_that_says_anything_decides(
    records: list[Consent], expected: Standing
) -> None:
    assert found(*records) is expected
    assert found(*reversed(records)) is expected


@pytest.mark.parametrize(("account", "platform"), [(None, None), (AccountId("our-page"), None)])
def test_where_nobody_knows_the_network_every_refusal_counts_and_no_permission(
    account: AccountId | None, platform: str | None
) -> None:
    refused = (record("all"), record("facebook", Status.REFUSED))
    assert found(*refused, account=account, platform=platform) is Standing.REFUSED
    assert found(record("facebook"), account=account, platform=platform) is Standing.MISSING
    assert found(record("all"), account=account, platform=platform) is Standing.GRANTED


PARENT, PUPIL, OTHER = record("all", by="parent_or_carer"), record("all", by="pupil"), record("all")
NO = record("all", Status.REFUSED, by="pupil")
OLD = record("all", until=PAST, by="pupil")


@proves("AUR-CONS-1")
@pytest.mark.parametrize(
    ("records", "from_parent", "from_either", "from_both"),
    [
        ([PARENT], "granted", "granted", "missing"),
        ([OTHER], "granted", "granted", "missing"),
        ([PUPIL], "missing", "granted", "missing"),
        ([PARENT, PUPIL], "granted", "granted", "granted"),
        ([PARENT, OLD], "granted", "granted", "expired"),
        ([PARENT, NO], "refused", "refused", "refused"),
        ([NO], "refused", "refused", "refused"),
        # One person's narrower yes never undoes the other's no.
        ([NO, record("facebook", by="parent_or_carer")], "refused", "refused", "refused"),
        ([record("all", Status.WITHDRAWN), PUPIL], "withdrawn", "withdrawn", "withdrawn"),
    ],
)
def test_the_pack_says_whose_yes_it_takes_and_any_no_is_no(
    records: list[Consent], from_parent: Standing, from_either: Standing, from_both: Standing
) -> None:
    assert found(*records, consent_from=ConsentFrom.PARENT) == from_parent
    assert found(*records, consent_from=ConsentFrom.PUPIL_WHEN_ABLE) == from_either
    assert found(*records, consent_from=ConsentFrom.BOTH) == from_both


SCOPES = st.sampled_from(["all", "facebook", "instagram", "oakfield-facebook", ""])
RECORDS = st.lists(
    st.builds(
        record,
        SCOPES,
        st.sampled_from(Status),
        until=st.sampled_from([None, PAST, LAST_DAY]),
        purpose=st.sampled_from(Purpose),
        by=st.sampled_from(["", "parent_or_carer", "pupil"]),
    ),
    max_size=6,
)


@given(RECORDS)
def test_no_order_of_records_changes_the_answer(records: list[Consent]) -> None:
    assert found(*records) is found(*reversed(records))


@given(RECORDS, SCOPES)
def test_one_more_refusal_in_the_same_scope_never_opens_anything(
    records: list[Consent], scope: str
) -> None:
    if found(*records) is not Standing.GRANTED:
        widened = [*records, record(scope, Status.REFUSED)]
        assert found(*widened) is not Standing.GRANTED


@given(RECORDS)
def test_what_is_stricter_shows_fewer(records: list[Consent]) -> None:
    loose, parent, both = (found(*records, consent_from=one) for one in ConsentFrom)
    assert parent is not Standing.GRANTED or loose is Standing.GRANTED
    assert both is not Standing.GRANTED or parent is Standing.GRANTED


@given(RECORDS)
def test_granted_means_that_somebody_granted_exactly_this(records: list[Consent]) -> None:
    if found(*records) is Standing.GRANTED:
        assert any(
            one.status is Status.GRANTED
            and one.purpose is Purpose.PHOTO
            and one.scope.casefold() in {"all", "facebook", "oakfield-facebook"}
            and (one.expires_on is None or one.expires_on >= TODAY)
            for one in records
        )
