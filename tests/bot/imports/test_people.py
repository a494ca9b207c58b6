"""people.csv: who works where, as what, and under which chat identity."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from bot.imports import people
from bot.imports.people import LAYOUT, PersonRecord
from moderation.kernel import Identity, PersonId, Platform, SchoolId
from moderation.people.model import Appointment, Person, Role, Span
from tests.bot.imports.office import (
    HILLSIDE,
    OAKFIELD,
    SCHOOLS,
    TODAY,
    TRUST,
    Place,
    assert_whole,
    grids,
    said,
    written,
)


if TYPE_CHECKING:
    from bot.imports.parsed import Parsed
    from bot.tables import Table


COLUMNS = (*LAYOUT.needed, *LAYOUT.optional)
ADE = {
    "person_id": "ade",
    "name": "Mrs Ade",
    "email": "ade@oakfield.example",
    "school": "oakfield",
    "roles": "headteacher",
    "slack_user_id": "U024BE7LH",
    "teams_aad_object_id": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
}
LUND = {"person_id": "lund", "name": "Mr Lund", "school": "oakfield", "roles": "staff"}


def file(*rows: dict[str, str]) -> Table:
    return written(COLUMNS, rows)


def parse(table: Table) -> Parsed[PersonRecord]:
    return people.parse(table, schools=SCHOOLS, school=None, today=TODAY)


def test_a_person_is_read_whole() -> None:
    table = file(ADE)
    parsed = parse(table)

    assert_whole(table, parsed)
    assert parsed.assumed == table.assumed
    assert people.people(parsed.rows) == (
        Person(
            id=PersonId("ade"),
            name="Mrs Ade",
            email="ade@oakfield.example",
            appointments=(Appointment(school=OAKFIELD, role=Role.HEADTEACHER),),
            identities=(
                Identity(Platform.SLACK, "U024BE7LH"),
                Identity(Platform.TEAMS, "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
            ),
        ),
    )


def test_every_role_is_held_at_every_school_of_the_row_for_its_time() -> None:
    parsed = parse(
        file(
            LUND
            | {
                "school": "Oakfield; hillside;",
                "roles": "Safeguarding Lead;staff;staff",
                "from": "01/09/2026",
                "until": "2027-07-31",
            }
        )
    )

    span = Span(start=date(2026, 9, 1), end=date(2027, 7, 31))
    assert parsed.problems == ()
    assert parsed.rows[0].person.appointments == tuple(
        Appointment(school=school, role=role, span=span)
        for school in (OAKFIELD, HILLSIDE)
        for role in (Role.SAFEGUARDING_LEAD, Role.STAFF)
    )


def test_somebody_with_different_roles_at_two_places_has_a_row_for_each() -> None:
    parsed = parse(file(ADE, ADE | {"school": "brightwater", "roles": "trust_lead"}))

    assert parsed.problems == ()
    (ade,) = people.people(parsed.rows)
    assert ade.appointments == (
        Appointment(school=OAKFIELD, role=Role.HEADTEACHER),
        Appointment(school=TRUST, role=Role.TRUST_LEAD),
    )


def test_one_role_may_be_held_at_two_times() -> None:
    supply = LUND | {"roles": "supply"}
    parsed = parse(
        file(
            supply | {"from": "2026-09-01", "until": "2026-12-18"},
            supply | {"from": "2027-01-04", "until": "2027-03-26"},
        )
    )

    assert parsed.problems == ()
    assert len(people.people(parsed.rows)[0].appointments) == 2


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"person_id": ""}, "person_id", "This is empty."),
        ({"person_id": "a b"}, "person_id", "An id has no spaces, commas or semicolons."),
        ({"person_id": "a;b"}, "person_id", "An id has no spaces, commas or semicolons."),
        ({"name": " "}, "name", "This is empty."),
        ({"name": "123"}, "name", "This has no letters, so it isn't a name."),
        (
            {"name": "JosÃ© Lund"},
            "name",
            "The letters are damaged: save the file again as “CSV UTF-8”.",
        ),
        (
            {"name": "Jos\ufffd"},
            "name",
            "The letters are damaged: save the file again as “CSV UTF-8”.",
        ),
        ({"name": "x" * 121}, "name", "This is over 120 characters long."),
        ({"email": "lund at oakfield"}, "email", "This isn't an e-mail address."),
        ({"email": "a@b@oakfield.example"}, "email", "This isn't an e-mail address."),
        ({"school": "okfield"}, "school", "There is no school “okfield”. Did you mean oakfield?"),
        (
            {"school": "Hillside Acad."},
            "school",
            "There is no school “Hillside Acad.”. Did you mean hillside?",
        ),
        (
            {"school": "zzz"},
            "school",
            "There is no school “zzz”. There is oakfield, hillside and brightwater.",
        ),
        ({"school": ""}, "school", "This is empty: write the school's id."),
        ({"roles": ""}, "roles", "This is empty: write at least one role, such as staff."),
        ({"roles": "staff;goveror"}, "roles", "There is no role “goveror”. Did you mean governor?"),
        ({"roles": "Head"}, "roles", "There is no role “Head”. Did you mean headteacher?"),
        ({"roles": "DSL"}, "roles", "There is no role “DSL”. Did you mean safeguarding_lead?"),
        ({"roles": "teacher"}, "roles", "There is no role “teacher”. Did you mean staff?"),
        (
            {"roles": "wizard"},
            "roles",
            (
                "There is no role “wizard”. There is staff, supply, volunteer, administrator, "
                "business_manager, headteacher, acting_headteacher, deputy_headteacher, "
                "executive_headteacher, safeguarding_lead, deputy_safeguarding_lead, "
                "data_protection_officer, governor, chair_of_governors and trust_lead."
            ),
        ),
        (
            {"roles": "Moderator"},
            "roles",
            "“Moderator” is a right on one account: see the accounts file.",
        ),
        ({"roles": "supply"}, "until", "The role supply needs the day on which it ends."),
        (
            {"roles": "staff;volunteer"},
            "until",
            "The role volunteer needs the day on which it ends.",
        ),
        (
            {"roles": "acting headteacher"},
            "until",
            "The role acting_headteacher needs the day on which it ends.",
        ),
        (
            {"from": "2026-09-02", "until": "2026-09-01"},
            "until",
            "This is before the day in “from”.",
        ),
        ({"until": "July"}, "until", "Write a date as 2026-09-01 or 01/09/2026."),
        (
            {"until": "2027-07"},
            "until",
            "The day is missing: write a date as 2026-09-01 or 01/09/2026.",
        ),
        (
            {"slack_user_id": "@lund"},
            "slack_user_id",
            "A Slack member ID begins with U or W, such as U024BE7LH.",
        ),
        (
            {"teams_aad_object_id": "lund@x.example"},
            "teams_aad_object_id",
            "An Entra object ID has 32 hex digits in five groups.",
        ),
    ],
)
def test_a_wrong_cell_is_answered_in_a_sentence(
    cells: dict[str, str], column: str, sentence: str
) -> None:
    table = file(ADE, LUND | cells)
    parsed = parse(table)

    assert_whole(table, parsed)
    assert said(parsed) == [(3, column, sentence)]
    assert [record.about for record in parsed.rows] == [("ade",)]


def test_every_problem_is_told_at_once() -> None:
    parsed = parse(
        file(
            {"person_id": "x", "email": "no", "school": "no;oakfeld", "roles": "no", "until": "no"},
            LUND | {"from": "no"},
        )
    )

    assert [(line, column) for line, column, _sentence in said(parsed)] == [
        (2, "name"),
        (2, "email"),
        (2, "school"),
        (2, "school"),
        (2, "roles"),
        (2, "until"),
        (3, "from"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        (LUND, LUND, "roles"),
        (LUND | {"until": "2026-12-31"}, LUND | {"from": "2026-12-31"}, "roles"),
        (LUND, LUND | {"school": "hillside", "name": "Mr Lindt"}, "person_id"),
        (LUND, LUND | {"school": "hillside", "email": "l@oakfield.example"}, "person_id"),
        (LUND, LUND | {"school": "hillside", "slack_user_id": "U111111"}, "person_id"),
        (
            ADE,
            ADE | {"person_id": "other", "slack_user_id": "", "teams_aad_object_id": ""},
            "email",
        ),
        (ADE, LUND | {"slack_user_id": "u024be7lh"}, "slack_user_id"),
        (
            ADE,
            LUND | {"teams_aad_object_id": ADE["teams_aad_object_id"].upper()},
            "teams_aad_object_id",
        ),
    ],
)
def test_two_rows_that_contradict_each_other_are_both_refused(
    first: dict[str, str], second: dict[str, str], column: str
) -> None:
    third = {"person_id": "reed", "name": "Sam Reed", "school": "hillside", "roles": "staff"}
    table = file(first, third, second)
    parsed = parse(table)

    assert_whole(table, parsed)
    assert [(line, where) for line, where, _sentence in said(parsed)] == [(2, column), (4, column)]
    assert "Line 4" in parsed.problems[0].sentence
    assert "Line 2" in parsed.problems[1].sentence


def test_two_people_without_an_address_are_two_people() -> None:
    reed = {"person_id": "reed", "name": "Mr Lund", "school": "oakfield", "roles": "staff"}

    assert parse(file(LUND, reed)).problems == ()


def test_leaving_out_bad_rows_leaves_out_all_that_is_said_of_that_person() -> None:
    parsed = parse(file(ADE, LUND, LUND | {"school": "hillside", "until": "soon"}))

    assert [record.about for record in parsed.rows] == [("ade",), ("lund",)]
    assert [record.about for record in parsed.sound()] == [("ade",)]
    assert parsed.held() == (3,)
    assert not parsed.blind
    assert parse(file(LUND | {"person_id": ""})).blind


def test_missing_columns_are_all_named_and_no_row_is_read() -> None:
    table = written(["person_id", "full_name", "roles", "e_mail"], [{"person_id": "x"}])
    parsed = parse(table)

    assert not parsed.readable
    assert (parsed.rows, parsed.refused) == ((), ())
    assert said(parsed) == [
        (1, "name", "The file has no column “name”."),
        (1, "email", "The file has no column “email”. Is it the one named “e_mail”?"),
        (1, "school", "The file has no column “school”. Add it, or say --school."),
    ]


@pytest.mark.parametrize("platform", [Platform.SLACK, Platform.TEAMS])
def test_a_school_with_one_chat_platform_needs_no_column_for_another(platform: Platform) -> None:
    columns = [*LAYOUT.needed, people.COLUMNS[platform]]
    table = written(columns, [{name: ADE[name] for name in columns}])
    [row] = parse(table).rows
    assert [it.platform for it in row.person.identities] == [platform]
    assert people.speaks_of(table) == {platform}
    assert people.speaks_of(written(LAYOUT.needed, [])) == frozenset()
    assert people.speaks_of(file(ADE)) == {Platform.SLACK, Platform.TEAMS}


def test_whoever_would_rather_not_be_named_is_a_no() -> None:
    rows = [
        LUND | {"person_id": who, "may_be_named": said}
        for who, said in (("a", "no"), ("b", "Yes"), ("c", ""), ("d", "no"), ("e", "perhaps"))
    ]
    twice = rows[3] | {"roles": "administrator", "may_be_named": "yes"}
    parsed = parse(file(*rows, twice))

    assert [row.line for row in parsed.refused] == [6]
    assert "perhaps" in said(parsed)[0][2]
    found = people.people(parsed.rows)
    assert {person.id: person.may_be_named for person in found} == {
        "a": False,
        "b": True,
        "c": True,
        "d": False,
    }
    assert people.answered(parsed.rows) == {"a", "b", "d"}
    assert people.answered(parse(file(ADE)).rows) == frozenset()
    assert all(person.may_be_shown for person in found)
    assert people.answered_shown(parsed.rows) == frozenset()


def test_whoever_would_rather_not_be_shown_is_a_no_of_its_own() -> None:
    rows = [
        LUND | {"person_id": who, "may_be_named": "yes", "may_be_shown": said}
        for who, said in (("a", "no"), ("b", "Yes"), ("c", ""), ("d", "no"), ("e", "perhaps"))
    ]
    twice = rows[3] | {"roles": "administrator", "may_be_shown": "yes"}
    parsed = parse(file(*rows, twice))

    assert [row.line for row in parsed.refused] == [6]
    found = people.people(parsed.rows)
    assert {it.id for it in found if not it.may_be_shown} == {"a", "d"}
    assert all(person.may_be_named for person in found)
    assert people.answered_shown(parsed.rows) == {"a", "b", "d"}


def test_columns_that_are_not_ours_are_listed_and_not_kept() -> None:
    table = written([*LAYOUT.needed, "Salary", "Date of birth"], [LUND | {"Salary": "31,022"}])
    parsed = parse(table)

    assert parsed.ignored_columns == ("salary", "date_of_birth")
    assert "31,022" not in repr(parsed.rows)


def test_the_school_said_on_the_command_line_fills_what_is_missing() -> None:
    without = [name for name in LAYOUT.needed if name != "school"]
    lund = {name: cell for name, cell in LUND.items() if name != "school"}
    elsewhere = ADE | {"school": "hillside"}

    for table in (written(without, [lund]), file(LUND | {"school": ""}, elsewhere)):
        parsed = people.parse(table, schools=SCHOOLS, school=OAKFIELD, today=TODAY)
        assert parsed.problems == ()
        assert parsed.rows[0].person.appointments[0].school == OAKFIELD
        assert [r.person.appointments[0].school for r in parsed.rows[1:]] in ([], [HILLSIDE])


def test_a_school_on_the_command_line_that_does_not_exist_is_said_once() -> None:
    table = file(LUND, ADE)
    parsed = people.parse(table, schools=SCHOOLS, school=SchoolId("hilside"), today=TODAY)

    assert said(parsed) == [
        (1, "school", "--school names no school of app.yaml. Did you mean hillside?")
    ]


def test_for_a_check_alone_names_are_enough() -> None:
    table = written(["person_id", "name"], [{"person_id": "lund", "name": "Mr Lund"}])
    parsed = people.parse(table, schools=None, school=None, today=TODAY)

    assert parsed.problems == ()
    assert people.people(parsed.rows) == (Person(id=PersonId("lund"), name="Mr Lund"),)


likely = {*LUND.values(), *ADE.values(), "", "supply;head", "2026-09-01", "01/08/2026", ";"}


@given(
    grids(COLUMNS, likely, st.text(max_size=12)),
    st.sampled_from([None, OAKFIELD]),
    st.sampled_from([SCHOOLS, {}, None]),
)
def test_whatever_the_cells_every_row_is_a_record_or_a_problem(
    table: Table, school: SchoolId | None, schools: dict[SchoolId, Place] | None
) -> None:
    parsed = people.parse(table, schools=schools, school=school, today=TODAY)

    if parsed.readable:
        assert_whole(table, parsed)
        assert len(people.people(parsed.rows)) <= len(parsed.rows)
    else:
        assert (school, schools) == (OAKFIELD, {})


ids = st.from_regex(r"[a-z][a-z0-9.-]{0,8}", fullmatch=True)
staff = st.builds(
    Person,
    id=ids.map(PersonId),
    name=st.from_regex(r"(Mr|Mrs|Dr) [A-ZÀÉÑ][a-zàéñ'’-]{1,12}", fullmatch=True),
    email=st.just("") | ids.map(lambda name: f"{name}@oakfield.example"),
    appointments=st.lists(
        st.builds(
            Appointment,
            school=st.sampled_from(sorted(SCHOOLS)),
            role=st.sampled_from(sorted(Role)),
            span=st.dates(date(2020, 1, 1), date(2030, 1, 1)).flatmap(
                lambda end: st.dates(date(2015, 1, 1), end).map(
                    lambda start: Span(start=start, end=end)
                )
            ),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda held: (held.school, held.role),
    ).map(tuple),
)


@given(
    st.lists(
        staff,
        max_size=5,
        unique_by=(lambda person: person.id, lambda person: person.email or person.id),
    )
)
def test_every_staff_list_is_read_back(everybody: list[Person]) -> None:
    rows = [
        {
            "person_id": person.id,
            "name": person.name,
            "email": person.email,
            "school": held.school,
            "roles": held.role,
            "from": f"{held.span.start:%d/%m/%Y}",
            "until": f"{held.span.end}",
        }
        for person in everybody
        for held in person.appointments
    ]
    parsed = parse(file(*rows))

    assert parsed.problems == ()
    assert people.people(parsed.rows) == tuple(everybody)
