"""Headings of the systems that schools have: read as ours, or asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.imports import headings, pupils
from bot.imports.headings import NoAnswer, answers, applied
from bot.tables import parse_table
from moderation.imports.model import Kind
from tests.bot.imports.office import OAKFIELD, SCHOOLS, TODAY, said


if TYPE_CHECKING:
    from bot.imports.pupils import PupilRecord
    from bot.tables import Table


def read(*lines: str, delimiter: str = "|", answered: dict[str, str] | None = None) -> Table:
    """A file whose cells stand between bars."""
    text = "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(delimiter)) for line in lines
    ).encode()
    return parse_table(text, headings.knows(Kind.PUPILS, answered or {}))


def records(table: Table, answered: dict[str, str] | None = None) -> tuple[PupilRecord, ...]:
    named = applied(Kind.PUPILS, table, answered or {})
    assert named.asks == ()
    parsed = pupils.parse(named.table, schools=SCHOOLS, school=OAKFIELD, today=TODAY)
    assert said(parsed) == []
    return parsed.rows


def names(record: PupilRecord) -> tuple[str, ...]:
    return (
        record.number,
        record.legal_forename,
        record.preferred_forename,
        record.legal_surname,
        record.preferred_surname,
        record.year_group,
        record.form,
    )


@pytest.mark.parametrize(
    ("heading", "row", "expected"),
    [
        pytest.param(
            "Adno|Legal Surname|Surname|Legal Forename|Forename|Middle Name(s)|"
            "Year taught in Code|Reg Group|DOB",
            "004321|Kovač|Quill|Amelia|Millie|Zoë|4|4B|01/01/2018",
            ("004321", "Amelia Zoë", "Millie", "Kovač", "Quill", "4", "4B"),
            id="SIMS, legal and usual",
        ),
        pytest.param(
            "Admission Number|Preferred Surname|Preferred Forename|Surname|Forename|Year|Reg Group",
            "004321|Quill|Millie|Kovač|Amelia|R|RB",
            ("004321", "Amelia", "Millie", "Kovač", "Quill", "R", "RB"),
            id="SIMS, preferred",
        ),
        pytest.param(
            "STUDENT_ID|Forename|KnownAsFirstName|Surname|KnownAsLastName|"
            "Year group|Registration form",
            "77|Amelia|Millie|Kovač|Quill|Year 4|4B",
            ("77", "Amelia", "Millie", "Kovač", "Quill", "Year 4", "4B"),
            id="Arbor",
        ),
        pytest.param(
            "Admission Number|First Name|Last Name|Year Group|Tutor Group",
            "000077|Amelia|Kovač|N1|Oak",
            ("000077", "Amelia", "", "Kovač", "", "N1", "Oak"),
            id="Bromcom",
        ),
        pytest.param(
            "Admission Number|Pupil Name|Known as|NC Year|Class",
            "77|Kovač, Amelia|Millie|Reception|Oak",
            ("77", "Amelia", "Millie", "Kovač", "", "Reception", "Oak"),
            id="one column for the name",
        ),
        pytest.param(
            "School ID|Surname|Forename|Preferred Name|NC Year|Form",
            "77|Kovač|Amelia|Millie|4|4B",
            ("77", "Amelia", "Millie", "Kovač", "", "4", "4B"),
            id="iSAMS",
        ),
        pytest.param(
            "Pupil ID|First Name|Surname|NCY|Class Name|Gender|UPN",
            "77|Amelia|Kovač|Yr 4|4B|F|A123",
            ("77", "Amelia", "", "Kovač", "", "Yr 4", "4B"),
            id="ScholarPack",
        ),
    ],
)
def test_each_system_is_read(heading: str, row: str, expected: tuple[str, ...]) -> None:
    (record,) = records(read(heading, row))

    assert names(record) == expected


def test_titles_above_the_header_are_passed_over() -> None:
    table = read(
        "Oakfield Primary School", "Pupils on roll, 14 September", "Adno|Surname|Forename", "7|Q|Z"
    )

    assert table.header_line == 3
    assert "named in line 3" in table.assumed
    assert [line for line, _cells in table.rows] == [4]
    assert records(table)[0].number == "7"


def test_a_name_in_one_column_says_who_is_called_what() -> None:
    (record,) = records(read("Adno|Name", "7|Kovač, Amelia (Millie)"))

    assert names(record)[1:4] == ("Amelia", "Millie", "Kovač")


@pytest.mark.parametrize(
    "cell", ["Amelia Kovač", "Kovač, ", "Kovač, Amelia, Zoë", ", Amelia", "1, 2"]
)
def test_a_name_that_cannot_be_taken_apart_is_refused_unquoted(cell: str) -> None:
    named = applied(Kind.PUPILS, read("Adno|Name", f"7|{cell}"), {})

    parsed = pupils.parse(named.table, schools=SCHOOLS, school=OAKFIELD, today=TODAY)

    assert [(line, column) for line, column, _sentence in said(parsed)] == [(2, "name")]
    assert "Amelia" not in said(parsed)[0][2]


def test_our_own_columns_stay_as_they_are() -> None:
    table = read("|".join(pupils.LAYOUT.needed), "7|oakfield|Amelia||Kovač||4|4B")

    assert applied(Kind.PUPILS, table, {}).table is table


def test_a_heading_that_may_hold_a_name_is_asked_about_where_none_says_what_a_child_is_called() -> (
    None
):
    named = applied(Kind.PUPILS, read("Adno|Surname|Forename|Chosen|House", "7|Q|Z|Zee|Red"), {})

    ((problem),) = named.asks
    assert (problem.line, problem.column) == (1, "chosen")
    assert '--heading "chosen=preferred_forename"' in problem.sentence
    assert '"chosen=ignore"' in problem.sentence


def test_a_heading_is_not_asked_about_where_known_as_names_are_there() -> None:
    heading = "Adno|Surname|Forename|Preferred Forename|Preferred Surname|Chosen"

    assert applied(Kind.PUPILS, read(heading, "7|Q|Z|||Red"), {}).asks == ()


@pytest.mark.parametrize(
    ("answer", "called"), [("Chosen=preferred_forename", "Zee"), ("Chosen=ignore", "")]
)
def test_an_answer_is_taken(answer: str, called: str) -> None:
    answered = answers(Kind.PUPILS, [answer])

    (record,) = records(
        read("Adno|Surname|Forename|Chosen", "7|Q|Z|Zee", answered=answered), answered
    )

    assert record.preferred_forename == called


@pytest.mark.parametrize(
    "answer", ["Chosen", "=ignore", "Chosen=", "Chosen=shoe size", "Chosen=unread"]
)
def test_an_answer_that_says_nothing_is_refused(answer: str) -> None:
    with pytest.raises(NoAnswer, match="preferred_forename"):
        answers(Kind.PUPILS, [answer])


def test_what_the_file_lacks_is_said() -> None:
    named = applied(Kind.PUPILS, read("Adno|Surname|Forename", "7|Q|Z"), {})

    ((note),) = named.notes
    assert "no preferred_forename, no preferred_surname, no year_group, no form" in note


@pytest.mark.parametrize(
    ("heading", "lacking"),
    [
        ("Ref|Forename|Surname|Year", ["pupil_id"]),
        ("Ref|Surname, Forename|Year", ["pupil_id"]),
        ("Adno|Surname|Year", ["legal_forename"]),
        ("Adno|Year", ["legal_forename", "legal_surname"]),
    ],
)
def test_a_heading_that_a_list_cannot_be_without_is_asked_for(
    heading: str, lacking: list[str]
) -> None:
    row = "|".join("x" for _ in heading.split("|"))
    asks = applied(Kind.PUPILS, read(heading, row), {}).asks
    assert [(ask.line, ask.column) for ask in asks] == [(1, column) for column in lacking]
    assert f'"Its heading={lacking[0]}"' in asks[0].sentence
