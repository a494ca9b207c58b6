"""Ways of writing a name that were missed once: brackets, signs for letters, an initial A."""

from __future__ import annotations

import pytest

from moderation.checks.names.called import shortens
from moderation.checks.names.classes import class_mentions
from moderation.checks.names.find import find_names
from tests.moderation.checks.names.pupils import graded, roster


OURS = roster(
    ("Rosa", "MacIntyre"),
    ("Simon", "Ashe"),
    ("Fatima", "Anwar"),
    ("Grace", "Kemp"),
    ("Dev", "Jones"),
    ("Ada", "Eze"),
    ("Adaeze", "Obi"),
    ("May", "Prosser"),
)


def found(text: str) -> list[tuple[str, str]]:
    return graded(text, OURS)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Rosa MacIntyres' goal won it", "Rosa MacIntyres"),
        ("Both Dev Joneses sang", "Dev Joneses"),
        ("Rosa (MacIntyre) sang", "Rosa (MacIntyre"),
        ("Our reader was May\nProsser of the choir", "May\nProsser"),
        ("R0$a M@cIntyre sang", "R0$a M@cIntyre"),
        ("$imon A$he sang", "$imon A$he"),
        ("$imon A$h\u20ac sang", "$imon A$h\u20ac"),
        ("Rosa Mac\xa1ntyre sang", "Rosa Mac\xa1ntyre"),
        ("S1mon Ashe sang", "S1mon Ashe"),
        ("Siiiimon Ashe sang", "Siiiimon Ashe"),
        ("Fatima Anvvar sang", "Fatima Anvvar"),
        ("Fat*ima An*war sang", "Fat*ima An*war"),
        ("Fat.ima An.war sang", "Fat.ima An.war"),
        ("Fati-ma Anw-ar sang", "Fati-ma Anw-ar"),
        ("Fat\u2b50ima An\U0001f499war sang", "Fat\u2b50ima An\U0001f499war"),
        ("Fat~i~ma Anwar sang", "Fat~i~ma Anwar"),
    ],
)
def test_a_full_name_is_found(text: str, marked: str) -> None:
    assert found(text) == [("full_name", marked)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Gr*ce Kemp sang", "Gr*ce Kemp"),
        ("Fatima Anw*r sang", "Fatima Anw*r"),
        ("Rosa MacInt*re sang", "Rosa MacInt*re"),
    ],
)
def test_a_star_for_a_letter_hides_nobody(text: str, marked: str) -> None:
    assert found(text) == [("slip", marked)]


def test_a_star_in_both_halves_hides_nobody() -> None:
    hits = find_names("Ka*ie Holl*day sang", roster(("Katie", "Holliday")))
    assert [(hit.grade.value, hit.start, hit.end) for hit in hits] == [("slip", 0, 14)]


@pytest.mark.parametrize(
    "text",
    [
        "Our half-term plan is on-line and up-to-date",
        "We were fat*gued an*way",
        "Ask the f*rm An*ar",
        "Fatim*n Anwarson sang",
    ],
)
def test_a_sign_inside_a_word_makes_no_name_of_it(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Grace Kemp!great work",
        "Well done Grace Kemp!!They won",
        "Prize:|Grace Kemp|1st|",
        "Grace Kemp@school",
        "Grace|Kemp",
        "Hooray Grace Kemp!Well done",
    ],
)
def test_a_sign_may_also_part_two_words(text: str) -> None:
    assert [grade for grade, _ in found(text)] == ["full_name"]


def test_a_list_parted_by_bars_names_each() -> None:
    names = [("first_name", name) for name in ("Rosa", "Fatima", "Simon")]
    assert found("Winners: Rosa|Fatima|Simon") == names


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Rosa (M) sang", "Rosa (M"),
        ("Rosa (M.) sang", "Rosa (M"),
        ("We loved Fatima A's song", "Fatima A"),
        ("We loved Fatima A and her song", "Fatima A"),
        ("Well done to Grace K for her song", "Grace K"),
        ("Grace K sang", "Grace K"),
    ],
)
def test_a_first_name_and_an_initial_are_found(text: str, marked: str) -> None:
    assert found(text) == [("initialled", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "Grace A new start",
        "May I ask you for cakes?",
        "Write to rosa@macintyre.example for tickets",
        "Grace, what a day",
    ],
)
def test_these_name_nobody_in_full(text: str) -> None:
    assert {grade for grade, _ in found(text)} <= {"first_name", "surname"}


def test_a_first_name_that_holds_two_names_is_one_name() -> None:
    assert found("Thank you to our visitor Adaeze Vandermeer") == [("first_name", "Adaeze")]


@pytest.mark.parametrize("text", ["Grace, Year 4, won", "Grace (Y4) won", "Grace, aged 8, won"])
def test_a_word_with_a_class_behind_it_is_a_name(text: str) -> None:
    assert found(text) == [("first_name", "Grace")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rosa from Year Four sang", "Year Four"),
        ("Rosa turned 8 today", "turned 8"),
        ("Rosa, eight, sang", ", eight,"),
        ("Rosa in Class 4 sang", "Class 4"),
    ],
)
def test_a_year_or_an_age_is_read(text: str, said: str) -> None:
    [mention] = class_mentions(text, OURS)
    assert text[mention.start : mention.end] == said


@pytest.mark.parametrize("text", ["Last year two of us sang", "The score is 8 to 3", "We won 4"])
def test_a_number_is_no_class(text: str) -> None:
    assert class_mentions(text, OURS) == ()


HARD = roster(
    ("Sung Min", "Ha"),
    ("Priya", "Hall"),
    ("Anan", "De"),
    ("Amal", "as-Safi"),
    ("Yu", "Xi"),
    ("Lucas", "Dias"),
    ("K", "Venkat"),
    ("Abhishek", "Rao"),
    ("Oluwaseun", "Bello"),
    ("Amelia", "Adeyemi"),
    ("Sri Devi", "Nair"),
    ("Sunny", "Grewal"),
    ("Jun", "Park"),
)


def hard(text: str) -> list[tuple[str, str]]:
    return graded(text, HARD)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Ha Sung Min sang", "Ha Sung Min"),
        ("sung min ha sang", "sung min ha"),
        ("Ha, Sung Min", "Ha, Sung Min"),
        ("Priya hall sang", "Priya hall"),
        ("Jun park sang", "Jun park"),
        ("Park, Jun", "Park, Jun"),
        ("Priya (Hall) sang", "Priya (Hall"),
        ("Both Anan Des sang", "Anan Des"),
        ("Lucas Diass poem", "Lucas Diass"),
        ("thanks amal as-safi", "amal as-safi"),
        ("#welldoneyuxi", "yuxi"),
        ("<b>Priya</b><br>Hall sang", "Priya</b><br>Hall"),
        ("see news/yu%20xi.jpg", "yu%20xi"),
        ("yuxi.jpg", "yuxi"),
        ("'Priya' 'Hall' sang", "Priya' 'Hall"),
        ("priya josephine hall sang", "priya josephine hall"),
        ("Priya (Pip) Hall sang", "Priya (Pip) Hall"),
        ("Abhi Rao sang", "Abhi Rao"),
        ("Seun Bello sang", "Seun Bello"),
        ("O1uwaseun Be11o sang", "O1uwaseun Be11o"),
        ("Pr1ya Ha1l sang", "Pr1ya Ha1l"),
        ("Pr|ya Ha|l sang", "Pr|ya Ha|l"),
        ("Sunny 6rewal sang", "Sunny 6rewal"),
        ("Sunny 9rewal sang", "Sunny 9rewal"),
    ],
)
def test_a_name_is_found_whatever_customs_made_it(text: str, marked: str) -> None:
    assert hard(text) == [("full_name", marked)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("a card from Amelia A today", "Amelia A"),
        ("Sri Devi N sang", "Sri Devi N"),
        ("Winner: Sunny G", "Sunny G"),
        ("Sunny G's poem", "Sunny G"),
        ("Sunny G holding a cup", "Sunny G"),
        ("K Venkat sang", "K Venkat"),
        ("@sunny_g", "sunny_g"),
        ("@j_park", "j_park"),
        ("@yux", "yux"),
    ],
)
def test_an_initial_is_found_whatever_customs_made_the_name(text: str, marked: str) -> None:
    assert hard(text) == [("initialled", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "Well, Lucas! A goal.",
        "Anan was here, and has gone",
        "Grade A A great week for us",
        "sunny g force of the ride",
        "the park (Jun) is shut",
    ],
)
def test_but_words_that_only_look_so_name_nobody_in_full(text: str) -> None:
    assert {grade for grade, _ in hard(text)} <= {"first_name", "surname"}


@pytest.mark.parametrize(
    ("short", "name", "cut"),
    [
        ("abhi", "abhishek", True),
        ("seun", "oluwaseun", True),
        ("jo", "joseph", True),
        ("jo", "joe", False),
        ("robbie", "roberta", True),
        ("josie", "josephine", True),
        ("amelie", "amelia", False),
        ("ameliia", "amelia", False),
        ("amelia", "amelia", False),
        ("rob", "probert", False),
        ("ob", "robert", False),
        ("josephine", "josie", False),
        ("abby", "abigail", True),
        ("josie", "josef", True),
        ("jo", "john", True),
        ("ah", "sarah", False),
        ("josie", "jonathan", False),
        ("robbie", "rosalind", False),
        ("robbie", "william", False),
        ("robbie", "rob", False),
        ("jossie", "josephine", True),
        ("joss", "josephine", True),
        ("joys", "joanna", False),
        ("tommies", "thomas", False),
    ],
)
def test_a_name_is_cut_down_as_any_may_be(short: str, name: str, *, cut: bool) -> None:
    assert shortens(short, name) is cut
