"""Dates of birth: of whoever may be a pupil, or whenever they are called so."""

from __future__ import annotations

import pytest

from moderation.checks.personal import births, log_ins
from tests.proves import proves


THIS_YEAR = 2026


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("tom was born 3 may 2018 in leeds", "born 3 may 2018"),
        ("born on the 3rd of may 2018", "born on the 3rd of may 2018"),
        ("born: 03/05/18", "born: 03/05/18"),
        ("born 2018-05-03", "born 2018-05-03"),
        ("his birthday is 3 may '18", "birthday is 3 may '18"),
        ("birthday may 3, 2018", "birthday may 3, 2018"),
        # the oldest and the youngest who may be a pupil
        ("born 3 may 2001", "born 3 may 2001"),
        ("born 3 may 01", "born 3 may 01"),
        ("born 3 may 2026", "born 3 may 2026"),
        ("born 3 may 26", "born 3 may 26"),
        # whoever it is, where it is called so
        ("date of birth: 3 may 1950", "date of birth: 3 may 1950"),
        ("dob 03.05.50", "dob 03.05.50"),
        ("d.o.b. 3 may", "d.o.b. 3 may"),
        ("d.o.b.: 03.05.50", "d.o.b.: 03.05.50"),
        ("d.o.b.03/05/50", "d.o.b.03/05/50"),
        ("3 may 1950 (his date of birth)", "3 may 1950 (his date of birth"),
    ],
)
def test_a_date_of_birth_is_found_where_it_may_be_a_pupils(text: str, marked: str) -> None:
    (place,) = births(text, THIS_YEAR)
    assert text[slice(*place)] == marked


@pytest.mark.parametrize(
    "text",
    [
        "born 3 may 2000",
        "born 3 may 00",
        "born 3 may 1899",
        "born 03/05/90",
        "born 3 may 2027",
        "born 3 may",
        "her birthday is on 3 may",
        "see you on 3 may 2018",
        "born in may 2018",
        "",
    ],
)
def test_history_and_a_day_without_a_year_are_nobodys_birth(text: str) -> None:
    assert list(births(text, THIS_YEAR)) == []


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("password: tiger", "password: tiger"),
        ("the password is secret, and the pin: 4821", "pin: 4821"),
        ('password: "reset". ask the office', None),
        ("pin: under the mat", None),
        ("password: reset. password: tiger", "password: tiger"),
    ],
)
def test_a_log_in_is_what_is_no_advice(text: str, marked: str | None) -> None:
    found = [text[slice(*place)] for place in log_ins(text)]
    assert found[:1] == ([marked] if marked else [])
