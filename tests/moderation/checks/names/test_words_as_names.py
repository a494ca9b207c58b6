"""Names of two everyday words: what tells them from words where capitals don't."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from moderation.checks.names.find import find_names
from moderation.checks.names.people import People
from tests.moderation.checks.names.pupils import graded, roster


FIRSTS = ("Grace", "Mark", "Summer", "Angel", "Amber", "Chase", "May", "Jay", "An", "Ken")
LASTS = ("Hall", "King", "Young", "Stone", "Lane", "West", "Day", "Page", "Fisher", "Do", "Jama")


OURS = roster(*product(FIRSTS, LASTS), ("Özgür", "Çelik"), ("Çağlar", "Nuñez"), ("Ece", "Khan"))
STAFF = People(["Mrs Stone", "Mr Lund"])


def found(text: str) -> list[tuple[str, str]]:
    return graded(text, OURS, staff=STAFF)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # thanked, cheered, told of: in any case
        ("well done to angel stone for her poem", "angel stone"),
        ("thank you chase day for the help", "chase day"),
        ("a great goal by amber west in the rain", "amber west"),
        ("A drawing by Amber young!", "Amber young"),
        ("the star of the week is chase stone", "chase stone"),
        ("Happy birthday to may jama from all of us", "may jama"),
        # doing what people do
        ("because Amber west saw the fork", "Amber west"),
        ("angel stone sang to us", "angel stone"),
        ("and may jama sang to us", "may jama"),
        # no article, no verb
        ("a card from an jama", "an jama"),
        ("Great goal by Ken do in the second half.", "Ken do"),
        ("Please clap for Ken do: what a run.", "Ken do"),
        # tags, handles, files
        ("#AngelStone", "AngelStone"),
        ("#angelstone", "angelstone"),
        ("#BravoToGraceHall", "GraceHall"),
        ("#welldonegracehall", "gracehall"),
        ("Thank you #GraceHall for coming", "GraceHall"),
        ("#GraceHall sang to us", "GraceHall"),
        ("with @gracehall today", "gracehall"),
        ("with @may_day2015 today", "may_day"),
        ("angel_stone.jpg", "angel_stone"),
        ("angel-stone.jpg", "angel-stone"),
        # registers, brackets, lines
        ("Next is Angel (Stone) of course", "Angel (Stone"),
        ("Next is Angel (Pip) Stone of course", "Angel (Pip) Stone"),
        ("A drawing by Stone, Angel of the sea", "Stone, Angel"),
        ("The winner is Stone, Angel.", "Stone, Angel"),
        ("The next is STONE Angel of 4B", "STONE Angel"),
        ("It was Angel\nStone who found it", "Angel\nStone"),
        ("A drawing by Angel\nStone", "Angel\nStone"),
        ("Seen on stage: (Mark Page).", "Mark Page"),
        ("Well done to STONE, Angel!", "STONE, Angel"),
        ("Hats off to Stone Angel for her poem", "Stone Angel"),
        ("Hooray for **Grace Hall**!", "Grace Hall"),
        ("Good luck Mark Page's team", "Mark Page"),
        ("Angel\nStone planted a tree", "Angel\nStone"),
        # middle names that are words
        ("A goal by Ece Can Khan today", "Ece Can Khan"),
        ("A goal by Ece Noor ul Ain Khan today", "Ece Noor ul Ain Khan"),
        # figures for letters
        ("A goal by 4ng3l Stone today", "4ng3l Stone"),
    ],
)
def test_a_name_of_two_words_is_found_where_something_tells(text: str, marked: str) -> None:
    assert ("full_name", marked) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "#MayDay",
        "#GraceHall",
        "#SummerStone",
        "#MarkPage",
        "#OurGraceHallFair",
        "we like amber stone",
        "summer west sang to us",
        "Art by the pond, then Angel\nStone circles",
        "Look at Stone, Angel on the screen",
        "Grace (Hall) is next",
        "It was lovely to see Stone Angel again",
        "news/angel-stone",
        "thank you may stone be warm",
    ],
)
def test_it_is_asked_about_where_little_tells(text: str) -> None:
    assert {grade for grade, _ in found(text)} == {"first_name"}


@pytest.mark.parametrize(
    "text",
    [
        "the park is in may day or night",
        "will mark king the page",
        "summer west of here is dry",
        "a chase day after day",
        "In the Hall, Grace and all of us",
        "amber hall is shut",
        "Wait by the Summer (Hall closed)",
        "Come in Summer\nHall bookings are open",
        "by may stone is cheap",
        "we walked by angel lane",
        "a prize for summer stone",
        "we do mark page after page",
        "what can ken do",
        "may_hall.jpg and summer_day.jpg",
        "Hope for Grace Hall Day And Night",
        "The Stone Angel of the north",
        "Well done Hall, Grace and Mark",
        "we saw an day",
    ],
)
def test_words_that_only_meet_are_nobody_in_full(text: str) -> None:
    assert "full_name" not in {grade for grade, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Goals for us: J Young", "J Young"),
        ("The goal came from J Young after the break", "J Young"),
        ("Thanks to A Young and all", "A Young"),
        ("Captain: Young J", "Young J"),
        ("YOUNG J", "YOUNG J"),
        ("Young J scored twice", "Young J"),
        ("Young, J", "Young, J"),
        ("Stone, C. read to us", "Stone, C"),
        ("Captain: Do, K.", "Do, K"),
        ("A goal by JR Young", "JR Young"),
        ("Goals for us: Fisher J", "Fisher J"),
    ],
)
def test_an_initial_beside_a_wordy_surname_is_asked_about(text: str, marked: str) -> None:
    assert found(text) == [("surname", marked)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("J.R. Young read to us", "J.R. Young"),
        ("J R Jama read to us", "J R Jama"),
        ("Ece R K read to us", "Ece R K"),
        ("Ece R. K. read to us", "Ece R. K"),
        ("It was Chase J who found it", "Chase J"),
        ("a card by Chase D and others", "Chase D"),
        ("#WellDoneÖzgürÇ", "ÖzgürÇ"),
        ("#WellDoneÇağlarN", "ÇağlarN"),
    ],
)
def test_initials_and_capitals_of_any_alphabet_are_read(text: str, marked: str) -> None:
    assert found(text) == [("initialled", marked)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Young scored twice", "Young"),
        ("Well done to Young for the save", "Young"),
        ("Stone was player of the match", "Stone"),
        ("Captain: Stone", "Stone"),
        ("Stone's header won it", "Stone"),
        ("Master Young sang", "Young"),
        ("Miss Young sang", "Young"),
        ("The Youngs came", "Youngs"),
        ("Thank you to the Youngs", "Youngs"),
        ("The Fishers came", "Fishers"),
        ("Fisher scored twice", "Fisher"),
        ("the Young and Green families", "Young"),
        ("Y0ung made a kite", "Y0ung"),
        ("P4ge made a kite", "P4ge"),
        ("D0y and D4y made a kite", "D4y"),
    ],
)
def test_a_wordy_surname_alone_is_asked_about_where_a_person_is_meant(
    text: str, marked: str
) -> None:
    assert found(text) == [("surname", marked)]


def test_a_name_and_a_letter_in_a_small_tag_are_asked_about_unless_they_may_be_a_word() -> None:
    assert found("#çağlarn #angels #marks #grace #ecek") == [("first_name", "çağlarn")]


def test_a_row_of_surnames_tells_the_words_among_them() -> None:
    named = [marked for grade, marked in found("Team: Jama, King, Stone, Khan") if grade]
    assert named == ["Jama", "King", "Stone", "Khan"]
    assert found("House points: Stone, King, Young") == []


@pytest.mark.parametrize(
    "text",
    [
        "Young people scored well. Stone was found by the pond.",
        "Stone scored the most points",
        "A Young Carers group. T Shirt Day. D Day.",
        "Room J Hall. Section C Stone. Vitamin C Young.",
        "Hall J is open. Meet in Hall J.",
        "Mrs Stone is away",
        "Master Class",
        "The King's Speech. The Hall's roof. A Stone's throw",
        "In the Stones. The Halls of the castle.",
        "HA11 9AA, 100m, Day 10, D4Y10",
        "King, what a day",
        "Captain: young and old",
    ],
)
def test_wordy_surnames_that_are_words_are_left_alone(text: str) -> None:
    assert found(text) == []


PIECES = (
    *(*FIRSTS, *LASTS, "may", "do", "an", "J", "well", "done", "to", "by", "sang", "the", "was"),
    *(",", "(", ")", "\n", ":", "#", "@", "_", "'s", "player", "of", "0"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from([" ", ""]))
def test_any_row_of_words_is_answered_with_places_in_order(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    end = 0
    for hit in find_names(text, OURS, staff=STAFF):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("On 14 Jun Park Day begins", []),
        ("14th Jun Park opens at ten", []),
        ("3 Jan and 21 Jun are closed", []),
        ("On 14 Jun Kim sang", [("first_name", "Jun Kim")]),
        ("Jun Kim sang", [("full_name", "Jun Kim")]),
        ("Goal 3! Jun Park scored", [("full_name", "Jun Park")]),
    ],
)
def test_a_short_month_after_its_day_is_a_date(text: str, hits: list[tuple[str, str]]) -> None:
    dated = roster(("Jun", "Park"), ("Jun", "Kim"), ("Jan", "Novak"))
    assert graded(text, dated) == hits


@pytest.mark.parametrize(
    "text",
    ["Buy it at KitKing today", "Bring your PE Kit", "Our KS2 Hope assembly", "See LegoHope"],
)
def test_a_word_in_a_brand_or_after_letters_is_nobody(text: str) -> None:
    assert find_names(text, roster(("Kit", "Moss"), ("Hope", "Moss"))) == ()


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("The cup went to A Nasser today", "initialled"),
        ("Two goals by I Rees and A Nasser won it", "initialled"),
        ("Star of the week: A Nasser", "initialled"),
        ("A Nasser family tradition", "surname"),
        ("What A Nasser Win For Everybody Here", "surname"),
    ],
)
def test_a_capital_a_or_i_before_a_plain_surname_is_an_initial(text: str, grade: str) -> None:
    hits = find_names(text, roster(("Amal", "Nasser"), ("Ieuan", "Rees")))
    assert {hit.grade.value for hit in hits} == {grade}
