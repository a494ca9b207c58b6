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
        ("the girl at our school was born 3 may 2018", "born 3 may 2018"),
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


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    "text",
    [
        *("dob 03042015", "dob 030415", "date of birth (dd/mm/yy): 03/04/15", "dob\n03/04/2015"),
        *("born friday 3 april 2015", "(b. 3 april 2015", "dob=>3/4/15", "dob3/4/15"),
        *("dob third of april", "dob 3\\4\\15", "dob 3_4_15", "dob apr 2015", "dob 04/2015"),
    ],
)
def test_a_date_of_birth_is_found_however_it_is_written(text: str) -> None:
    assert (0, len(text)) in set(births(text, THIS_YEAR))


@pytest.mark.parametrize(
    "text",
    [
        "children born 1/9/2021 to 31/8/2022 may apply",
        "the lamb was born on 3 march 2026",
        "our school was born on 4 may 2014",
        "those born on 3 may 2018 apply now",
        "our chicks were born on 3 april 2026",
        "plan b. 3/4/2026 is the day",
        "date of birth: see the letter by the 3rd",
    ],
)
def test_many_and_animals_have_no_date_of_birth(text: str) -> None:
    assert not list(births(text, THIS_YEAR))


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    "text",
    [
        *("p.w. oak123", "p4ssword is oak123", "password is: oak", "password changed from oak123"),
        *("pin no. 4821", "p.i.n. 4821", "pin code is 4 8 2 1", "code for the door is 4821"),
        *("keypad 4821", "press 4821 on the keypad", "key safe 4821", "otp 482193"),
        *(
            "2fa code: 482193",
            "parent code 4821-abc",
            "activation code abc-123-def",
            "psk acorns26",
        ),
        *(
            "classroom code abc12de",
            "classroom: abc12de",
            "class code abc12de",
            "join code abc12de",
        ),
        *("join our teams with code abc12de", "team code: abc12de", "zoom id 812 3456 7890"),
        *("meeting id 81234567890", "teams id: 345 678 901 234", "use acorns2026 to log in"),
        *("acorns2026 (password)", "sign in as sreed using oak123"),
    ],
)
def test_what_opens_something_is_found_however_it_is_called(text: str) -> None:
    assert (0, len(text)) in set(log_ins(text))


@pytest.mark.parametrize(
    "text",
    [
        "classroom: 4b, class 12b and team 6a; join 4b at the fair",
        "zoom meeting 12 may 2026, meeting number 2 of 5",
        "press 3 on the keypad, use y4 to sign in",
        "pass 4b on the stairs, pass mark 75%, passed 2026",
        "class code: be kind; code club 2026; parent code of conduct 2026",
        "pins 1-2-3-4 and key stage 1 2026",
    ],
)
def test_classes_meetings_and_pins_open_nothing(text: str) -> None:
    assert not list(log_ins(text))


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
