"""Private information: numbers by their rules, addresses by their shape, the office's own."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given, strategies as st

from moderation.checks.context import Context
from moderation.checks.model import Draft
from moderation.checks.private import private_information
from moderation.policies.loader import shipped
from tests.moderation.checks.costs import in_proportion
from tests.proves import proves


STEP = shipped("step")
CONTEXT = Context(
    today=date(2026, 9, 14),
    allowed_hosts=("oakfield.example",),
    office=("01632 960123", "Oakfield School, 12 Mill Lane, ZZ99 3VZ", "head@elsewhere.example"),
)


def found(text: str) -> list[tuple[str, str]]:
    sightings = private_information(Draft(text=text), STEP, CONTEXT)
    return [(one.category, text[one.start : one.end]) for one in sightings]


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    ("text", "category", "marked"),
    [
        ("Ring 07700 900123 now", "mobile_phone", "07700 900123"),
        ("Ring 07700900123 now", "mobile_phone", "07700900123"),
        ("Ring +44 7700 900 123 now", "mobile_phone", "+44 7700 900 123"),
        ("Ring +44 (0)7700 900123 now", "mobile_phone", "+44 (0)7700 900123"),
        ("Ring 0044 7700 900123 now", "mobile_phone", "0044 7700 900123"),
        ("Ring O77OO 9OO123 now", "mobile_phone", "O77OO 9OO123"),
        ("Ring \uff10\uff17700 900123 now", "mobile_phone", "\uff10\uff17700 900123"),
        ("Ring (020) 7946 0958 now", "phone", "(020) 7946 0958"),
        ("Ring 0131-496-0000 now", "phone", "0131-496-0000"),
        ("Ring +33 1 99 00 12 34 now", "phone", "+33 1 99 00 12 34"),
        ("Ring 07 70 09 00 12 3 now", "mobile_phone", "07 70 09 00 12 3"),
        ("Ring 0 7 7 0 0 9 0 0 1 2 3 now", "mobile_phone", "0 7 7 0 0 9 0 0 1 2 3"),
        ("Ring 447700 900123 now", "mobile_phone", "447700 900123"),
        ("Ring tel:+447911123456", "mobile_phone", "+447911123456"),
        ("Ring 07911/123456 now", "mobile_phone", "07911/123456"),
        ("Ring 07911\u2013123456 now", "mobile_phone", "07911\u2013123456"),
        ("On 2026-09-01 07911 123456", "mobile_phone", "07911 123456"),
        ("Jersey: 07797 712345", "mobile_phone", "07797 712345"),
        ("Ring 01632 960 999 now", "phone", "01632 960 999"),
        ("Ring 0115 496 0123 now", "phone", "0115 496 0123"),
        ("Ring 0191-232 1234 ext 12", "phone", "0191-232 1234 ext 12"),
        ("Ring 0033 1 99 00 12 34", "phone", "0033 1 99 00 12 34"),
        ("Ring +353 20 910 0000 now", "phone", "+353 20 910 0000"),
        ("mail sam at gmail dot com", "private_email", "sam at gmail dot com"),
        ("mail sam@gmail dot com", "private_email", "sam@gmail dot com"),
        ("mail sam.reed77@gmail.com", "private_email", "sam.reed77@gmail.com"),
        ("mail Sam.Reed@GMAIL.com", "private_email", "Sam.Reed@GMAIL.com"),
        ("mail sam (at) gmail (dot) com", "private_email", "sam (at) gmail (dot) com"),
        ("mail hello@choir.example", "email", "hello@choir.example"),
        ("at SW1A 1AA today", "postcode", "SW1A 1AA"),
        ("at m1 1ae today", "postcode", "m1 1ae"),
        ("Drop cakes at 14 Sycamore Road", "address", "14 Sycamore Road"),
        ("Drop cakes at 14 sycamore road", "address", "14 sycamore road"),
        ("Come to Flat 3, 14b Old Mill Lane", "address", "Flat 3, 14b Old Mill Lane"),
        ("He lives on Sycamore Road", "home_address", "lives on Sycamore Road"),
        ("She lives at 14 Sycamore Road", "home_address", "lives at 14 Sycamore Road"),
        ("NHS number 943 476 5919", "identity_number", "943 476 5919"),
        ("NI QQ 12 34 56 C", "identity_number", "QQ 12 34 56 C"),
        ("NI AB 12/34/56 C", "identity_number", "AB 12/34/56 C"),
        ("NI AB12/10/26C", "identity_number", "AB12/10/26C"),
        ("NHS no 943-476-5919", "identity_number", "943-476-5919"),
        ("on file: 943.476.5919", "identity_number", "943.476.5919"),
        ("it says 9434765919", "identity_number", "9434765919"),
        ("use Oak412! as the password", "log_in", "Oak412! as the password"),
        ("the new password will be Oak412!", "log_in", "password will be Oak412!"),
        ("the door code 4821, please", "log_in", "door code 4821"),
        ("log in with jsmith and tiger1", "log_in", "log in with jsmith and tiger1"),
        ("wifi: GuestNet / BlueFox77", "log_in", "wifi: GuestNet / BlueFox77"),
    ],
)
def test_what_is_private_is_found_where_it_stands(text: str, category: str, marked: str) -> None:
    assert found(text) == [(category, marked)]


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    "number",
    [
        *("07700/900123", "07700, 900123", "07700,900,123", "07700_900_123", "07700*900*123"),
        *("07700  900   123", "07700 (900) 123", "07700 / 900 / 123", "07700\n900123"),
        *("07700#900#123", "0 (7700) 900123", "077 0090 0123", "07 70 09 00 12 3"),
        *("oh seven seven double oh nine double oh one two three", "zero 7700 900123"),
        *("07700 900 one two three", "0 seven seven 0 0 nine 0 0 1 2 3"),
    ],
)
def test_a_mobile_number_is_found_whatever_stands_between_its_figures(number: str) -> None:
    assert found(f"Tel.{number}.") == [("mobile_phone", number)]


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    "address",
    [
        *("sam.reed @ gmail . com", "sam.reed @gmail.com", "sam.reed@ gmail.com"),
        *("sam.reed {at} gmail {dot} com", "sam.reed <at> gmail.com", "sam_reed_at_gmail.com"),
        *("sam.reed-at-gmail-dot-com", "sam.reed@gmail,com", "sam.reed(a)gmail.com"),
        *("sam.reed[@]gmail[.]com", "sam dot reed at gmail dot com", '"sam reed"@gmail.com'),
    ],
)
def test_somebodys_mailbox_is_found_however_it_is_disguised(address: str) -> None:
    assert found(f"Write to {address}!") == [("private_email", address)]


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    "code", ["BL1  4QS", "BL1-4QS", "BL1_4QS", "BL1.4QS", "BL1\n4QS", "#BL14QS", "bl14qs"]
)
def test_a_postcode_is_found_however_it_is_parted(code: str) -> None:
    assert found(f"Meet at {code}.") == [("postcode", code.removeprefix("#"))]


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    "address",
    [
        *("14 The Green", "14-16 High Street", "14/16 High Street", "14 St. John's Road"),
        *("14 Long-Acre Road", "14 Sycamore View", "14 Sycamore Sq", "14 Sycamore Ln"),
        *("14 Sycamore Gdns", "Apt 12 Sycamore House", "Unit 12, Sycamore House"),
        "27\nElm Tree Avenue",
    ],
)
def test_a_house_is_found_whatever_its_street_is_called(address: str) -> None:
    assert found(f"Party at {address}, come along") == [("address", address)]


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    ("told", "number"),
    [
        *(("NHS", "94 34 76 59 19"), ("NHS number:", "9434 765 919"), ("NHS", "943/476/5919")),
        *(("NI", "AB-12-34-56-C"), ("NINO", "AB/12/34/56/C"), ("NI", "AB  12  34  56  C")),
        *(("NI", "A B 1 2 3 4 5 6 C"), ("UPN", "H801 2000 0100 1"), ("UPN", "H 801200001001")),
        *(("passport", "123456789"), ("Passport no.", "AB1234567"), ("ULN", "1234567890")),
        *(("driving licence", "MORGA657054SM9IJ"), ("sort code", "20-00-00")),
        *(("account number", "12345678"), ("IBAN", "GB29 NWBK 6016 1331 9268 19")),
        *(("card", "4111 1111 1111 1111"), ("amex", "3782 822463 10005")),
    ],
)
def test_an_official_number_is_found_however_its_figures_are_parted(told: str, number: str) -> None:
    assert found(f"{told} {number}, please") == [("identity_number", number)]


@pytest.mark.parametrize(
    "text",
    [
        "Doors in E1 2nd on the left, L2 1st",
        "Stalls @ the office. Come along at noon. Then home",
        "Choose (a)oranges or (b)apples",
        "100 Mile Walk, 3 Peaks Walk, 4 Tennis Court, 2026 Easter Gardens",
        "Class 4 Garden Close, Room 12 Drama Court, Top 10 High Street shops",
        "Elmwood 3-1 Oakfield Close",
        "Find us at 12 Mill Ln",
        "Passport to 2026 reading, passport photos £5, on account of 2 goals",
        "4000 4000 4000 4001 steps, barcode 5012345678900",
    ],
)
def test_places_scores_and_counting_are_nobodys(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("told", ["Ring me on", "text", "Mob:", "WhatsApp:", "my number is"])
def test_a_mobile_number_may_come_without_its_zero_where_it_is_called_one(told: str) -> None:
    assert found(f"{told} 7700 900123") == [("mobile_phone", "7700 900123")]
    assert found("We counted 7700 900123") == []


@pytest.mark.parametrize(
    "text",
    [
        "zero one two three four five six seven eight nine ten",
        "ten nine eight seven six five four three two one zero",
        "one two three four five, once I caught a fish alive",
        "The digits 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
        "01/09/2026 - 31/08/2027, then 07.45-08.45 and 08.45-15.15",
        "Tickets 0456, 012345 and 0789, 0123",
        "Bus 0745 0815, 1515 1545; call 7 times 100",
        "nought point one two three four five six seven eight nine",
        "Ring the office: 01632/960/123, 01632, 960123, oh one six three two 960123",
    ],
)
def test_counting_times_and_the_offices_number_are_nobodys_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ring the office on 01632 960123 or +44 1632 960123",
        "Write to office@oakfield.example or head@elsewhere.example",
        "Ring 0044 1632 960 123 or (01632) 960123 or O1632 96O123",
        "Find us at 12 Mill Lane, ZZ99 3VZ",
        "Terms 2025-2026 and 2026-2027",
        "Score: 120 115, then 10 000 000",
        "Open 09.00-15.30 on 01.09.2026",
        "Open 02.07.2026 9.00, 07-09-2026 9.30-11.30, 07 09 2026 930",
        "ISBN 0 7475 3269 9, order 0123456789",
        "Childline 0800 1111, NSPCC 0808 800 5000, council 0300 123 1212",
        "It is 0.1415926535, and +10 000 000 views",
        "Lottery 07 12 19 23 34 45",
        "Find us at choir dot com",
        "In 1907 there were 700 pupils in 14 rooms.",
        "Room B2 3AT and Y6 4AB",
        "We counted 14 trees on the road and 5 metres to walk",
        "The hedgehog lives at the end of our field.",
        "Charity 943 476 5918, room AB 12",
        "Follow @oakfieldprimary, 5@6",
        "Invoice 943/476/5918 and photos 1234567890 to 1234567899",
        "A4 2UP printing, KN 12 34 56 C",
        "By 12/10/26 a letter comes home, and doors open at 10.12.26 a week later",
        "10 Downing Street, and home to 32 Windsor Gardens",
        "The 4 Mill Lane bus stop is closed",
        "Password: choose a strong one",
        "Log in with your usual details, passes cost £3",
        "",
    ],
)
def test_what_is_the_schools_own_or_no_such_thing_is_left_alone(text: str) -> None:
    assert found(text) == []


@proves("STEP-PRIV-1")
@pytest.mark.parametrize(
    ("own", "category", "marked"),
    [
        ("01632 960123", "mobile_phone", "07911 123456"),
        ("office@oakfield.example", "private_email", "sam.reed77@gmail.com"),
        ("12 Mill Lane, ZZ99 3VZ", "home_address", "lives on Sycamore Road"),
    ],
)
def test_what_is_the_schools_own_hides_nothing_behind_it(
    own: str, category: str, marked: str
) -> None:
    assert found(f"Ask at {own}; Sam {marked}") == [(category, marked)]


def test_a_number_of_no_country_hides_none_behind_it() -> None:
    assert found("+999 123 4567, or else +353 20 910 0000") == [("phone", "+353 20 910 0000")]


def test_numbers_side_by_side_are_all_found() -> None:
    for between in (" ", ", ", "/", " or ", "\n"):
        first, second = "07911 123456", "07700 900123"
        assert found(first + between + second) == [
            ("mobile_phone", first),
            ("mobile_phone", second),
        ]


MARKS = st.sampled_from(["", "", "", " ", "-", ".", " -"])
LIKE_A_DAY = re.compile(r"07([.-])\d{1,2}\1\d\d(?:\d\d)?(?!\d)|07 \d{1,2} (?:19|20)\d\d(?!\d)")


@given(st.text(max_size=20), st.integers(0, 999_999_999), st.data())
def test_a_mobile_number_is_found_however_it_is_spaced(
    words: str, rest: int, data: st.DataObject
) -> None:
    figures = f"7{rest:09}"
    marks = data.draw(st.lists(MARKS, min_size=9, max_size=9))
    tail = "".join(figure + mark for figure, mark in zip(figures, [*marks, ""], strict=True))
    number = data.draw(st.sampled_from(["0", "+44 ", "0044 ", "+44 (0)"])) + tail
    # "07-1-00 000000" begins with a day, and is left alone with all that are written like it.
    assume(not LIKE_A_DAY.match(number))
    text = f"{words}\nSam: {number} \U0001f600"
    assert ("mobile_phone", number) in found(text)


def test_a_number_that_is_dialled_is_no_health_number() -> None:
    """Whatever its last figure: one in eleven would pass for one."""
    assert found("Sam: +44 (0)7000000112") == [("mobile_phone", "+44 (0)7000000112")]
    assert found("Sam: +44 (0) 7000000112") == [("mobile_phone", "+44 (0) 7000000112")]


def test_a_pupil_number_is_known_by_its_check_letter() -> None:
    digits = "801200001001"
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    right = letters[sum(weight * int(digit) for weight, digit in enumerate(digits, 2)) % 23]
    for letter in letters:
        expected = [("identity_number", f"{letter}{digits}")] if letter == right else []
        assert found(f"UPN {letter}{digits}") == expected


@given(st.integers(0, 999_999_999))
def test_a_health_number_is_known_by_its_check_figure(start: int) -> None:
    digits = f"{start:09}"
    check = (
        11
        - sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=True))
        % 11
    )
    for last in range(10):
        text = f"NHS {digits[:3]} {digits[3:6]} {digits[6:]}{last}"
        told = any(category == "identity_number" for category, _ in found(text))
        assert told is (check % 11 == last and check != 10)


@given(st.text(alphabet="0123456789 ()+-.@oOlabgmail/ZzQ\n", max_size=60))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    for sighting in private_information(Draft(text=text), STEP, CONTEXT):
        assert sighting.start is not None
        assert sighting.end is not None
        assert 0 <= sighting.start < sighting.end <= len(text)


@pytest.mark.parametrize(
    "part",
    [
        "0",
        "0 1 ",
        "07911 123456 ",
        "07-",
        "(0",
        "+1",
        "01632 960124/",
        "1/2/",
        "(1)",
        "a at b dot ",
    ],
)
def test_a_long_text_costs_in_proportion_to_its_length(part: str) -> None:
    assert in_proportion(found, part)
