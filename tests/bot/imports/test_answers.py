"""Answers as schools' own systems write them: long, wide, or of one type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from bot.imports import headings
from bot.imports.answers import NoType, Types, matters, translated, types
from bot.tables import parse_table
from moderation.checks.model import Purpose
from moderation.imports.model import Kind


if TYPE_CHECKING:
    from bot.imports.answers import Answered
    from bot.tables import Table
    from moderation.imports.model import Matter


FACEBOOK = {"social_media": matters("photo:facebook"), "website": matters("photo:all")}
CANARY = "Zephyrine"


def file(*lines: str) -> Table:
    """Under our names, as the desk hands it on."""
    table = parse_table("\n".join(lines).encode(), headings.knows(Kind.CONSENTS, {}, FACEBOOK))
    return headings.applied(Kind.CONSENTS, table, {}).table


def said(answered: Answered) -> list[tuple[int, str, str, str, str]]:
    assert answered.asks == ()
    return [
        (line, row["pupil_id"], row["purpose"], row["scope"], row["status"])
        for line, row in answered.table.rows
    ]


def long(*rows: str, known: dict[str, tuple[Matter, ...]] | None = None) -> Answered:
    heading = "Adno,Consent Type,Consent Status,Informed By,Date Given"
    padded = (row + "," * (heading.count(",") - row.count(",")) for row in rows)
    return translated(file(heading, *padded), Types(known=FACEBOOK if known is None else known))


def test_a_row_for_each_pupil_and_type() -> None:
    answered = long("007,Social media,Given", "007,Website,No", "008,Social Media,")

    assert said(answered) == [
        (2, "007", "photo", "facebook", "granted"),
        (3, "007", "photo", "all", "refused"),
        (4, "008", "photo", "facebook", ""),
    ]
    assert answered.matters == frozenset({(Purpose.PHOTO, "facebook"), (Purpose.PHOTO, "all")})


def test_a_column_for_each_type() -> None:
    table = file(
        "Consents of today,,", "Adno,Surname,Social media,House", "007,Quill,Y,Red", "008,Q,n/a,"
    )
    answered = translated(table, Types(known=FACEBOOK))

    assert said(answered) == [
        (3, "007", "photo", "facebook", "granted"),
        (4, "008", "photo", "facebook", ""),
    ]
    assert answered.matters == frozenset({(Purpose.PHOTO, "facebook")})


@pytest.mark.parametrize("heading", ["Response", "Consent"])
def test_a_file_of_one_type(heading: str) -> None:
    table = file(f"Admission Number,{heading}", "007,agreed", "008,Declined")
    answered = translated(table, Types(only=(Purpose.WORK, "all")))

    assert said(answered) == [
        (2, "007", "work", "all", "granted"),
        (3, "008", "work", "all", "refused"),
    ]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Yes", "granted"),
        ("TRUE", "granted"),
        ("Consent given", "granted"),
        ("Opted-in", "granted"),
        ("No", "refused"),
        ("Not given", "refused"),
        ("Withdrawn", "withdrawn"),
        ("", ""),
        ("Pending", ""),
        ("Requested", ""),
        ("N/A", ""),
        ("Awaiting response", ""),
    ],
)
def test_blank_pending_and_requested_are_never_a_yes(written: str, status: str) -> None:
    assert said(long(f"007,Website,{written}")) == [(2, "007", "photo", "all", status)]


def test_an_answer_that_is_not_known_is_refused_by_line_and_column_and_never_repeated() -> None:
    answered = long("007,Website,Yes", f"008,Website,{CANARY}")

    ((problem),) = answered.problems
    assert (problem.line, problem.column) == (3, "status")
    assert "write yes, no or withdrawn" in problem.sentence
    assert CANARY not in str(answered.problems)


def test_a_type_that_nobody_explained_means_nothing_and_is_told() -> None:
    answered = long("007,Website,Yes", "007,Photographs,Yes", f"008,{CANARY},Yes")

    assert said(answered) == [(2, "007", "photo", "all", "granted")]
    assert answered.matters == frozenset({(Purpose.PHOTO, "all")})
    assert '"photographs=photo:facebook"' in answered.notes[0]
    assert "line 4" in answered.notes[1]
    assert CANARY.casefold() not in str(answered.notes).casefold()


def test_where_no_type_is_explained_somebody_is_asked_first() -> None:
    answered = long("007,Photographs,Yes", known={})

    ((asks),) = answered.asks
    assert (asks.line, asks.column) == (2, "type")
    wide = translated(file("Adno,Photographs", "7,Yes"), Types())
    assert [(problem.line, problem.column) for problem in wide.asks] == [(1, "photographs")]


def test_two_types_may_not_mean_the_same() -> None:
    """A yes to one is no yes to the other."""
    known = {"website": matters("photo:all"), "press": matters("photo:all video:all")}

    ((asks),) = long("007,Website,No", "007,Press,Yes", known=known).asks

    assert "This type and “press” both mean photo:all." in asks.sentence


def test_both_parents_may_say_yes_and_the_pupil_besides() -> None:
    answered = long(
        "007,Website,Yes,Mother,01/09/2026",
        "007,Website,Yes,Father,03/09/2026",
        "007,Website,Yes,Student,02/09/2026",
    )

    assert [(line, row["informed_by"]) for line, row in answered.table.rows] == [
        (3, "parent_or_carer"),
        (4, "pupil"),
    ]


def test_one_no_stands_beside_a_yes() -> None:
    answered = long("007,Website,Yes,Mother", "007,Website,No,Father")

    assert [row[4] for row in said(answered)] == ["granted", "refused"]


def test_a_row_without_a_type_spoils_what_is_said_of_the_pupil() -> None:
    answered = long("007,Website,Yes", "007,,No", "008,Website,Yes")

    assert sorted(problem.line for problem in answered.problems) == [2, 3]


def test_a_file_in_which_nothing_counts_says_so() -> None:
    ((asks),) = long("007,Website,Yes", known={"website": ()}).asks

    assert "no type in it is one that somebody explained" in asks.sentence


def test_answers_to_nobody_knows_what_say_how_to_tell_it() -> None:
    answered = translated(file("pupil_id,status", "N1,yes"), Types())
    [ask] = answered.asks
    assert (ask.line, ask.column) == (1, "status")
    assert "--purpose photo --scope facebook" in ask.sentence


def test_our_own_file_stays_as_it_is() -> None:
    table = file("pupil_id,school,purpose,scope,status", "7,oak,photo,all,granted")

    assert translated(table, Types(known=FACEBOOK)).table is table


def test_a_type_is_explained_in_as_many_purposes_and_scopes_as_it_takes() -> None:
    said = types(["Social media=photo:facebook", "Social  Media=video:Facebook", "Trips=ignore"])

    assert said == {"social_media": "photo:facebook video:facebook", "trips": "ignore"}
    assert matters(said["social_media"]) == (
        (Purpose.PHOTO, "facebook"),
        (Purpose.VIDEO, "facebook"),
    )
    assert matters("ignore") == ()


@pytest.mark.parametrize(
    "line", ["Website", "=photo:all", "Website=photo", "Website=photos:all", "Website="]
)
def test_what_explains_nothing_is_refused(line: str) -> None:
    with pytest.raises(NoType, match="photo, video, name or work"):
        types([line])


cells = st.sampled_from(
    ["007", "008", "Website", "Social media", "yes", "no", "", f"{CANARY} Q", "1E9"]
)


@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=6), st.booleans())
def test_whatever_the_cells_nothing_is_repeated_and_a_yes_has_its_row(
    rows: list[tuple[str, str, str, str]],
    wide: bool,  # noqa: FBT001 -- Hypothesis passes it by name
) -> None:
    heading = "Adno,Website,Social media,Trips" if wide else "Adno,Consent Type,Status,Informed By"
    answered = translated(
        file(heading, *(",".join(row) for row in rows if any(row))), Types(known=FACEBOOK)
    )

    told = (answered.asks, answered.problems, answered.notes, repr(answered.table))
    assert CANARY.casefold() not in str(told).casefold()
    yes = {(row[0], "yes") for row in rows if "yes" in row}
    for _line, pupil, _purpose, _scope, status in said(answered) if answered.matters else ():
        assert status != "granted" or (pupil, "yes") in yes
