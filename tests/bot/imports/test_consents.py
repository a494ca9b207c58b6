"""consents.csv: what was allowed, refused or taken back, and never why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from bot.imports import consents
from bot.imports.consents import ACCOUNTS_FIRST, LAYOUT, Pages
from moderation.checks.model import Consent, Purpose, Status
from moderation.kernel import AccountId, PupilKey
from tests.bot.imports.office import (
    HILLSIDE,
    OAKFIELD,
    SCHOOLS,
    TODAY,
    TRUST,
    assert_whole,
    grids,
    said,
    written,
)


if TYPE_CHECKING:
    from bot.imports.consents import ConsentRecord
    from bot.imports.parsed import Parsed
    from bot.tables import Table


PAGES = Pages(
    accounts={
        AccountId("oakfield-facebook"): OAKFIELD,
        AccountId("School-App"): TRUST,
        AccountId("hillside-x"): HILLSIDE,
    },
    platforms={"facebook", "peertube"},
    trust=TRUST,
)
NO_PAGES = Pages(accounts={}, platforms=(), trust=TRUST)
GRANTED = {
    "pupil_id": "Z99",
    "school": "oakfield",
    "purpose": "Photo",
    "scope": "Facebook",
    "status": "granted",
    "given_on": "01/09/2026",
    "expires_on": "2027-07-31",
    "informed_by": "Parent or carer",
}
REFUSED = {
    "pupil_id": "Z98",
    "school": "hillside",
    "purpose": "name",
    "scope": "ALL",
    "status": "Refused",
}


def file(*rows: dict[str, str]) -> Table:
    return written(LAYOUT.needed, rows)


def parse(table: Table, pages: Pages | None = PAGES) -> Parsed[ConsentRecord]:
    return consents.parse(table, schools=SCHOOLS, school=None, today=TODAY, pages=pages)


def test_a_consent_is_read_whole() -> None:
    table = file(GRANTED, REFUSED)
    parsed = parse(table)

    assert_whole(table, parsed)
    assert [record.about for record in parsed.rows] == [(OAKFIELD, "Z99"), (HILLSIDE, "Z98")]
    key = PupilKey("k")
    assert [record.consent(key) for record in parsed.rows] == [
        Consent(
            pupil=key,
            purpose=Purpose.PHOTO,
            scope="facebook",
            status=Status.GRANTED,
            given_on=date(2026, 9, 1),
            expires_on=date(2027, 7, 31),
            informed_by="parent_or_carer",
        ),
        Consent(pupil=key, purpose=Purpose.NAME, scope="all", status=Status.REFUSED),
    ]


def test_no_answer_is_a_record_that_allows_nothing() -> None:
    (record,) = parse(file(GRANTED | {"status": ""})).rows

    assert record.status is None
    assert record.consent(PupilKey("k")) is None


@pytest.mark.parametrize(
    ("scope", "read"),
    [
        ("all", "all"),
        ("OAKFIELD-facebook", "oakfield-facebook"),
        ("school-app", "School-App"),
        ("peertube", "peertube"),
        ("TikTok", "tiktok"),
    ],
)
def test_a_scope_is_an_account_a_network_or_all(scope: str, read: str) -> None:
    assert parse(file(GRANTED | {"scope": scope})).rows[0].scope == read


def test_without_a_register_any_scope_is_taken() -> None:
    assert parse(file(GRANTED | {"scope": "Elsewhere"}), pages=None).rows[0].scope == "Elsewhere"
    assert parse(file(GRANTED | {"scope": "FACEBOOK"}), pages=None).rows[0].scope == "facebook"


def scope_problem(scope: str, pages: Pages, school: str = "oakfield") -> str:
    (problem,) = parse(file(GRANTED | {"scope": scope, "school": school}), pages).problems
    assert problem.column == "scope"
    return problem.sentence


@pytest.mark.parametrize(
    "scope", ["oakfield-facebook", "oak-facebook", "facebook1", "oakfield.facebook", "hall", "x-2"]
)
def test_a_page_is_never_taken_for_a_network(scope: str) -> None:
    """Whoever takes such a hint would allow on every page what was allowed on one."""
    assert scope_problem(scope, NO_PAGES) == ACCOUNTS_FIRST
    told = scope_problem(f"wychwood-primary-{scope}", PAGES)
    assert told == (
        "No such account or network. "
        "Write the id of an account, a network such as facebook, or all."
    )


@pytest.mark.parametrize(
    ("scope", "meant"),
    [
        ("oakfield-facebok", "oakfield-facebook"),
        ("schoolapp", "School-App"),
        ("instagran", "instagram"),
        ("Peertub", "peertube"),
    ],
)
def test_a_slip_is_told_from_another_page(scope: str, meant: str) -> None:
    assert scope_problem(scope, PAGES).endswith(f" Did you mean {meant}?")


def test_another_schools_page_is_not_offered() -> None:
    assert "hillside" not in scope_problem("hillside-y", PAGES)
    assert scope_problem("hillside-y", PAGES, "hillside").endswith("Did you mean hillside-x?")


def test_before_any_account_is_in_that_is_said_once_and_no_row_is_taken() -> None:
    pages = [GRANTED | {"pupil_id": f"Z{n}", "scope": "oakfield-web"} for n in range(3)]
    parsed = parse(file(*pages, GRANTED, REFUSED | {"status": "yes"}), NO_PAGES)

    assert not parsed.readable
    assert parsed.rows == ()
    assert [(line, column) for line, column, _ in said(parsed)] == [(1, "scope"), (6, "status")]
    assert parsed.problems[0].sentence == ACCOUNTS_FIRST
    assert parse(file(GRANTED, REFUSED), NO_PAGES).problems == ()


def test_a_school_without_accounts_beside_one_that_has_some() -> None:
    only_oakfield = replace(PAGES, accounts={AccountId("oakfield-facebook"): OAKFIELD})
    row = REFUSED | {"scope": "hillside-web"}
    parsed = parse(file(GRANTED, row), only_oakfield)

    assert said(parsed) == [(3, "scope", ACCOUNTS_FIRST)]
    assert [record.about for record in parsed.sound()] == [(OAKFIELD, "Z99")]


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"pupil_id": ""}, "pupil_id", "This is empty."),
        ({"school": "hilside"}, "school", "No such school. Did you mean hillside?"),
        ({"purpose": ""}, "purpose", "This is empty."),
        ({"purpose": "Amelia"}, "purpose", "This isn't known: write photo, video, name or work."),
        ({"scope": ""}, "scope", "This is empty."),
        ({"scope": "facbook"}, "scope", "No such account or network. Did you mean facebook?"),
        ({"scope": "Amelia Quill"}, "scope", "No such account or network. Write the id of an "),
        ({"status": "yes"}, "status", "This isn't known: write granted, refused or withdrawn."),
        ({"informed_by": "mum"}, "informed_by", "write parent_or_carer, pupil or other."),
        ({"given_on": "15/09/2026"}, "given_on", "This day hasn't come yet."),
        ({"given_on": "2026-09"}, "given_on", "The day is missing"),
        ({"expires_on": "2026-08-31", "given_on": "2026-09-01"}, "expires_on", "before the day"),
    ],
)
def test_a_wrong_cell_is_answered_in_a_sentence(
    cells: dict[str, str], column: str, sentence: str
) -> None:
    table = file(GRANTED, REFUSED | cells)
    parsed = parse(table)

    assert_whole(table, parsed)
    ((line, where, what),) = said(parsed)
    assert (line, where) == (3, column)
    assert sentence in what
    assert "Amelia" not in what


def test_a_day_given_today_and_a_day_that_has_run_out_are_read() -> None:
    row = GRANTED | {"given_on": f"{TODAY}", "expires_on": f"{TODAY}"}

    assert parse(file(row, REFUSED | {"expires_on": "2020-01-01"})).problems == ()


def test_the_same_said_twice_is_refused_in_both_rows() -> None:
    table = file(GRANTED, REFUSED, GRANTED | {"expires_on": "", "scope": "facebook"})
    parsed = parse(table)

    assert_whole(table, parsed)
    assert said(parsed) == [
        (2, "scope", "Line 4 says the same of this pupil, purpose and scope."),
        (4, "scope", "Line 2 says the same of this pupil, purpose and scope."),
    ]


def test_a_refusal_may_stand_beside_a_permission() -> None:
    assert parse(file(GRANTED, GRANTED | {"status": "withdrawn"})).problems == ()


def test_the_family_and_the_pupil_may_both_say_yes() -> None:
    assert parse(file(GRANTED, GRANTED | {"informed_by": "pupil"})).problems == ()


def test_a_permission_is_not_taken_while_another_row_of_the_pupil_cannot_be_read() -> None:
    parsed = parse(file(GRANTED, REFUSED, GRANTED | {"status": "refusd", "scope": "all"}))

    assert [record.about for record in parsed.rows] == [(OAKFIELD, "Z99"), (HILLSIDE, "Z98")]
    assert [record.about for record in parsed.sound()] == [(HILLSIDE, "Z98")]


def test_a_reason_is_never_read() -> None:
    table = written([*LAYOUT.needed, "Reason"], [REFUSED | {"Reason": "a court order"}])
    parsed = parse(table)

    assert parsed.ignored_columns == ("reason",)
    (record,) = parsed.rows
    assert all("court" not in str(getattr(record, name)) for name in record.__slots__)


MARK = "Qwyx"


@given(
    grids(
        LAYOUT.needed,
        {*GRANTED.values(), *REFUSED.values(), ""},
        st.text(max_size=8).map(lambda text: f"{MARK}{text}"),
    ),
    st.sampled_from([PAGES, None]),
)
def test_whatever_the_cells_every_row_is_a_record_or_a_problem_and_no_cell_is_repeated(
    table: Table, pages: Pages | None
) -> None:
    parsed = parse(table, pages)

    assert_whole(table, parsed)
    for shown in (*map(repr, parsed.rows), repr(parsed), str(parsed.problems), str(parsed.refused)):
        assert MARK not in shown
