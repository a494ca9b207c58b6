"""accounts.csv: the register, and who may do what on each account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from bot.imports import accounts
from bot.imports.accounts import LAYOUT
from moderation.accounts.model import Account, MonthOrDay
from moderation.kernel import AccountId, PersonId
from moderation.people.model import AccountRole, Grant, Standing
from tests.bot.imports.office import (
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
    from bot.imports.accounts import AccountRecord
    from bot.imports.parsed import Parsed
    from bot.tables import Table


PEOPLE = frozenset(map(PersonId, ("ade", "lund", "okafor", "Reed")))
PAGE = {
    "account_id": "oakfield-facebook",
    "school": "oakfield",
    "platform": "Facebook",
    "name": "Oakfield Primary",
    "url": "https://www.facebook.example/oakfield",
    "master_administrator": "ade;lund",
    "administrators": "ade",
    "moderators": "okafor; lund ;",
    "posters": "",
    "opened_on": "2019-09",
    "closed_on": "",
}
NEWS = {
    "account_id": "trust-x",
    "school": "brightwater",
    "platform": "x",
    "name": "Brightwater",
    "moderators": "ade",
}


def file(*rows: dict[str, str]) -> Table:
    return written(LAYOUT.needed, rows)


def parse(table: Table) -> Parsed[AccountRecord]:
    return accounts.parse(table, schools=SCHOOLS, school=None, today=TODAY, people=PEOPLE)


def test_an_account_and_its_rights_are_read_whole() -> None:
    table = file(PAGE, NEWS | {"opened_on": "03/09/2024", "closed_on": "2027-08"})
    parsed = parse(table)

    assert_whole(table, parsed)
    assert [record.account for record in parsed.rows] == [
        Account(
            id=AccountId("oakfield-facebook"),
            school=OAKFIELD,
            platform="facebook",
            name="Oakfield Primary",
            url="https://www.facebook.example/oakfield",
            opened_on=MonthOrDay(2019, 9),
        ),
        Account(
            id=AccountId("trust-x"),
            school=TRUST,
            platform="x",
            name="Brightwater",
            opened_on=MonthOrDay(2024, 9, 3),
            closed_on=MonthOrDay(2027, 8),
        ),
    ]
    assert [(grant.role, grant.person) for grant in parsed.rows[0].grants(Standing.ACTIVE)] == [
        (AccountRole.MASTER_ADMINISTRATOR, "ade"),
        (AccountRole.MASTER_ADMINISTRATOR, "lund"),
        (AccountRole.ADMINISTRATOR, "ade"),
        (AccountRole.MODERATOR, "okafor"),
        (AccountRole.MODERATOR, "lund"),
    ]
    assert parsed.rows[1].grants(Standing.PROPOSED) == (
        Grant(
            account=AccountId("trust-x"),
            person=PersonId("ade"),
            role=AccountRole.MODERATOR,
            standing=Standing.PROPOSED,
        ),
    )


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"account_id": ""}, "account_id", "This is empty."),
        ({"account_id": "-x"}, "account_id", "Use letters, digits, dots, hyphens"),
        ({"account_id": "All"}, "account_id", "This is the name of a network"),
        ({"account_id": "Instagram"}, "account_id", "This is the name of a network"),
        ({"account_id": "our-app", "platform": "Our-App"}, "account_id", "This is the name of a"),
        ({"account_id": "1.2E+05"}, "account_id", "A spreadsheet has rounded this number"),
        ({"school": "oakfield;hillside"}, "school", "One school only, please."),
        ({"school": "Brightwatr"}, "school", "no school “Brightwatr”. Did you mean brightwater?"),
        ({"platform": ""}, "platform", "This is empty."),
        ({"platform": "<b>"}, "platform", "Write the network's name, such as facebook."),
        ({"platform": "Facebok"}, "platform", "“Facebok” looks like a slip: is it facebook?"),
        ({"name": ""}, "name", "This is empty."),
        ({"url": "facebook.example/oakfield"}, "url", "beginning with https://."),
        ({"url": "javascript:alert(1)"}, "url", "beginning with https://."),
        ({"url": "https://"}, "url", "beginning with https://."),
        ({"url": "https://[oak"}, "url", "beginning with https://."),
        ({"url": "https://a.example/ b"}, "url", "beginning with https://."),
        ({"url": "https://ade:secret@a.example/"}, "url", "This address holds a log-in"),
        ({"moderators": "ade;lundt"}, "moderators", "no person “lundt”. Did you mean lund?"),
        ({"posters": "reed"}, "posters", "no person “reed”. Did you mean Reed?"),
        ({"opened_on": "Sep-19"}, "opened_on", "or a month as 2026-09."),
        ({"opened_on": "2020-02", "closed_on": "31/01/2020"}, "closed_on", "before the day in"),
    ],
)
def test_a_wrong_cell_is_answered_in_a_sentence(
    cells: dict[str, str], column: str, sentence: str
) -> None:
    table = file(PAGE, NEWS | cells)
    parsed = parse(table)

    assert_whole(table, parsed)
    ((line, where, what),) = said(parsed)
    assert (line, where) == (3, column)
    assert sentence in what
    assert "secret" not in what


def test_a_closure_in_the_month_of_the_opening_is_possible() -> None:
    row = PAGE | {"opened_on": "15/02/2020", "closed_on": "2020-02"}

    assert parse(file(row)).problems == ()


def test_an_unlisted_network_is_taken_as_it_is_called() -> None:
    (record,) = parse(file(PAGE | {"platform": "School App"})).rows

    assert record.account.platform == "school app"


def test_one_account_in_two_rows_is_refused_in_both_whatever_the_case() -> None:
    table = file(PAGE, NEWS, PAGE | {"account_id": "Oakfield-Facebook", "name": ""})
    parsed = parse(table)

    assert_whole(table, parsed)
    assert (2, "account_id", "Line 4 has the same account.") in said(parsed)
    assert (4, "account_id", "Line 2 has the same account.") in said(parsed)
    assert [record.about for record in parsed.rows] == [("trust-x",)]


def test_without_a_list_of_people_any_person_is_taken() -> None:
    parsed = accounts.parse(
        file(PAGE | {"posters": "nobody"}), schools=SCHOOLS, school=None, today=TODAY
    )

    assert parsed.rows[0].rights[-1] == (AccountRole.POSTER, "nobody")


@given(
    grids(
        LAYOUT.needed,
        {*PAGE.values(), *NEWS.values(), "all", "nobody;ade", "http://[", "2019-13"},
        st.text(max_size=12),
    )
)
def test_whatever_the_cells_every_row_is_a_record_or_a_problem(table: Table) -> None:
    assert_whole(table, parse(table))
