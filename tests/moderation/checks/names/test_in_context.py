"""The same words with and without what tells a name: each pair differs in that alone."""

from __future__ import annotations

import pytest

from moderation.checks.names.find import find_names
from moderation.checks.names.people import People
from tests.moderation.checks.names.pupils import graded, roster


PUPILS = (
    ("Angel", "Stone"),
    ("Angel", "Adams"),
    ("Chase", "Stone"),
    ("Grace", "King"),
    ("Kit", "Young"),
    ("Joy", "Young"),
    ("Mark", "Young"),
    ("May", "Day"),
    ("Zoe", "Khan"),
    ("Ivy", "Iqbal"),
    ("Sam", "Hall"),
    ("Sri Devi", "Nair"),
    ("Ann", "Lane"),
    ("Angel", "Lane"),
    ("An", "Jama"),
    ("Ken", "Do"),
    ("May", "Khan"),
    ("Zoe", "Well"),
    ("Zoe", "An"),
    ("Grace", "Hall"),
)
HALVES = {half.casefold() for pupil in PUPILS for half in pupil}
OURS = roster(*PUPILS)
STAFF = People(["Mrs Stone", "Mr Lund"])


def found(text: str) -> list[tuple[str, str]]:
    return graded(text, OURS, staff=STAFF)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # a row
        ("Stone, Khan sang", ["Stone", "Khan"]),
        ("Khan, Stone sang", ["Khan", "Stone"]),
        ("Khan's, Stone", ["Khan", "Stone"]),
        ("Khan; Stone", ["Khan"]),
        ("Stone; Khan", ["Khan"]),
        ("Mrs Stone, Khan sang", ["Khan"]),
        ("Khan, Mrs Stone and more", ["Khan"]),
        ("STONE, Khan sang", ["Khan"]),
        ("Khan, STONE sang", ["Khan"]),
        ("Khan, stone", ["Khan"]),
        ("Khan, Stones", ["Khan"]),
        ("Khan, Stone's roof", ["Khan"]),
        # a family
        ("The King family came", ["King"]),
        ("the king family came", []),
        ("Well done King family", ["King"]),
        ("King family fun", []),
        ("A trip for the King Family", []),
        ("the King and Young families came", ["King", "Young"]),
        ("the King and young families came", []),
        ("the King or Young families came", ["Young"]),
        ("the King and Young best families", []),
        # several of a name
        ("the Youngs sang", ["Youngs"]),
        ("Youngs sang", []),
        ("A Youngs sang", []),
        ("Well done the Youngs", ["Youngs"]),
        ("We are in the Youngs sang", []),
        ("In the Youngs sang", []),
        ("The Youngs of the castle", []),
        # what is somebody's, and what is done
        ("Stone's poem won", ["Stone"]),
        ("The Stone's poem won", []),
        ("A Stone's poem won", []),
        ("This is an Stone's poem", []),
        ("Stone's roof is old", []),
        ("Stone scored twice", ["Stone"]),
        ("Stone scored", ["Stone"]),
        ("Stone scored lots", []),
        ("the Stone scored twice", []),
        ("a Stone scored twice", []),
        ("#Stone scored twice", []),
        ("STONE scored twice", []),
        ("Prof Stone scored twice", []),
        ("Stone Road scored twice", []),
        ("RESULTS TODAY: Stone Scored Twice Again", []),
        # a part
        ("Captain: Stone", ["Stone"]),
        ("Captain, Stone", []),
        ("Colour: Stone", []),
        ("Stone is our captain", ["Stone"]),
        ("Stone was our captain", ["Stone"]),
        ("Stone has our captain", []),
        ("Stone is a rock", []),
        ("Mr K1ng sang", []),
        ("K1ng Road", []),
        ("K1ng sang", ["K1ng"]),
        ("JP, Young sang", ["Young"]),
        # who is thanked
        ("You Stone saw whom we thank", []),
        ("Stone saw what we stand by", []),
        ("By Stone", ["Stone"]),
        ("Good luck Stone", ["Stone"]),
        ("Bad luck Stone", []),
        ("Thank you Stone", ["Stone"]),
        ("A card by Stone", ["Stone"]),
        ("A card by Day", ["Day"]),
        ("A card near Stone", []),
        ("A card by Stone (grey)", ["Stone"]),
        ("Well done to Stone Day", []),
    ],
)
def test_a_surname_that_is_a_word_is_asked_about_for_a_reason(text: str, marked: list[str]) -> None:
    assert found(text) == [("surname", name) for name in marked]


def test_a_grown_ups_whole_name_in_a_row_is_no_pupils() -> None:
    hits = find_names("Khan, Stone Lund sang", OURS, staff=People(["Stone Lund"]))
    assert [(hit.start, hit.end) for hit in hits] == [(0, 4)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Angel S sang", "Angel S"),
        ("Angel S", "Angel S"),
        ("Angel S.", "Angel S"),
        ("Angel (S) sang", "Angel (S"),
        ("It was Angel A", "Angel A"),
        ("It was Angel A who sang", "Angel A"),
        ("It was Angel (A) again", "Angel (A"),
        ("Angel A. sang", "Angel A"),
        ("Ivy I think so", None),
        ("Ivy I went out", "Ivy I"),
        ("Ivy I really", None),
        ("Ivy I sang", "Ivy I"),
        ("Ivy I's poem", "Ivy I"),
        ("Ivy i sang", None),
        ("Zoe k sang", None),
        ("zoe k sang", "zoe k"),
        ("Zoe K L sang", None),
        ("Zoe (k) sang", "Zoe (k"),
        ("(a) Zoe (k) sang", None),
        ("(A) Zoe (k) sang", "Zoe (k"),
        ("Chase (s) sang", None),
        ("Lord Zoe K sang", None),
        ("Mark Y roof tiles", None),
        ("It was Mark Y roof tiles", "Mark Y"),
        ("Mark Y holding a cup", "Mark Y"),
        ("Mark Y's cup", "Mark Y"),
        ("MARK Y WON THE PRIZE OF TODAY", None),
        ("#BravoGraceK", "GraceK"),
        ("#OurGraceA", None),
        ("#WellDoneAngelA", "AngelA"),
        ("#BravoMarkY", "MarkY"),
        ("It was Angel A roof", None),
        ("It was Angel A with us", "Angel A"),
        ("A Stone sang", None),
        ("J Young sang", "J Young"),
        ("@grace_k", "grace_k"),
        ("news/grace_k", None),
        ("see Grace_K", "Grace_K"),
        ("see Angel_A", None),
        ("see zoe_k", "zoe_k"),
        ("Sri Devi N sang", "Sri Devi N"),
        ("Our Sri Devi N sang", "Sri Devi N"),
        ("Sri. Devi N sang", None),
        ("Devi N sang to Sri", None),
        ("J. Young sang", "J. Young"),
        ("Room J. Young sang", None),
        ("J. Young Road", None),
        ("j. Young sang", None),
        ("J. young sang", None),
        ("J. P. Young sang", "J. P. Young"),
        ("Captain, J. Young", "J. Young"),
    ],
)
def test_a_letter_is_an_initial_for_a_reason(text: str, marked: str | None) -> None:
    assert [name for grade, name in found(text) if grade == "initialled"] == (
        [] if marked is None else [marked]
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("J Young", ["J Young"]),
        ("J YOUNG", ["J YOUNG"]),
        ("J Young of Here", ["J Young"]),
        ("J Young Here", []),
        ("Well done to J Young Here", ["J Young"]),
        ("Well done to A Stone Here", []),
        ("Miss J Young sang", ["J Young"]),
        ("Mrs J Stone sang", []),
        ("King, G.", ["King, G"]),
        ("Lord King, G.", []),
        ("king, g.", []),
        ("King, G sang", ["King, G"]),
        ("King, G was here", []),
        ("King, G House", []),
        ("King G", ["King G"]),
        ("Lane A", []),
        ("Hall S", []),
        ("WE SAW LOUD YOUNG J TODAY", []),
        ("JP Young sang", ["JP Young"]),
        ("JP YOUNG SANG FOR US TODAY", []),
        ("WELL DONE TO JP YOUNG FOR RUNNING", []),
        ("JP YOUNG sang", []),
        ("PE Young", []),
    ],
)
def test_a_letter_beside_a_wordy_surname_is_asked_about_for_a_reason(
    text: str, marked: list[str]
) -> None:
    assert [name for grade, name in found(text) if grade == "surname" and " " in name] == marked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # as in a register
        ("Lane, Angel", "first_name"),
        ("A drawing by Lane, Angel", "full_name"),
        ("Stone, Angel", "full_name"),
        ("Stone, Angel sang", ""),
        ("STONE, Angel sang", "full_name"),
        ("STONE, ANGEL", ""),
        ("Stone, angel", ""),
        ("Our Summer Fair Today: Stone, Angel", ""),
        ("Next: king, Stone, Angel", "full_name"),
        ("Next: King, Stone, Angel", ""),
        ("Next: Stone, Angel and Mark", ""),
        ("Next: Stone, Angel or Mark", ""),
        ("Khan, Zoe", "full_name"),
        ("khan, zoe", "full_name"),
        ("Well, Zoe sang", ""),
        ("We saw Well, Zoe sang", "full_name"),
        ("Khan, May", "full_name"),
        ("Khan, may", ""),
        ("Khan, May term", ""),
        ("Khan, May sang", "full_name"),
        ("Well done to Khan, May there", "full_name"),
        ("Well done to Khan, May House", ""),
        ("A card by Stone, Angel or Mark", ""),
        ("A card by Stone, Angel and Mark", ""),
        ("Khan's Zoe sang", ""),
        ("hall, Sam", ""),
        ("Hall, sam", ""),
        ("see angel-stone.jpg", "full_name"),
        ("angel stone was warm", "first_name"),
        # words that join words
        ("well done to Ken do juggled", "full_name"),
        ("we saw zoe an", "full_name"),
        ("a card from an jama", "full_name"),
        ("an jama", "full_name"),
        ("Well done to ken do", "full_name"),
        ("ken do", ""),
        ("we saw Ken do", ""),
        ("well done to ken young", ""),
        ("well done to kit young", "full_name"),
        ("may khan sang", "full_name"),
        ("may x khan sang", ""),
        # tags and files
        ("#GraceHall", "first_name"),
        ("#BravoGraceHall", "full_name"),
        ("#OurGraceHall", "first_name"),
        ("Bravo! #GraceHall", "first_name"),
        ("#AngelStone", "full_name"),
        ("#OurAngelStone", "first_name"),
        ("#AngelStoneFair", "first_name"),
        ("#thestoneangelfair", ""),
        ("Thank you #GraceHall", "full_name"),
        # figures for letters
        ("K1ng Grace", "full_name"),
        ("gr4ce h4ll sang", "full_name"),
    ],
)
def test_two_words_are_a_name_for_a_reason(text: str, told: str) -> None:
    both = [grade for grade, name in found(text) if name.casefold() not in HALVES]
    assert both == ([told] if told else [])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Henry VIII and his wives", []),
        ("Louis XVI lost his head", []),
        ("Henry Viii", ["Henry"]),
        ("Henry, VIII", ["Henry"]),
        ("Henry X was here", ["Henry"]),
        ("Christmas Eve and New Year's Eve: office shut", []),
        ("Well done Eve", ["Eve"]),
        ("This Christmas, Eve sang", ["Eve"]),
        ("Ray of sunshine award", []),
        ("Ray of Year 2", ["Ray"]),
        ("Ray of Oak class", ["Ray"]),
        ("Ray of 4B", ["Ray"]),
        ("Henry of sunshine", ["Henry"]),
        ("C. S. Lewis and J.K. Rowling", []),
        ("C. Lewis", ["C. Lewis"]),
    ],
)
def test_kings_eves_and_rays_are_nobody_here(text: str, named: list[str]) -> None:
    pupils = roster(
        ("Henry", "Osei"), ("Louis", "Osei"), ("Eve", "Osei"), ("Ray", "Osei"), ("Chloe", "Lewis")
    )
    assert [text[hit.start : hit.end] for hit in find_names(text, pupils)] == named


FIRST = roster(*PUPILS, ("Robin", "Marsh"), ("Do", "Tran"))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("It is a Sad Grace", []),
        ("It is a sad Grace", ["Grace"]),
        ("Well done to May with us", ["May"]),
        ("Well done to May cake", []),
        ("Thanks to Zoe Road", []),
        ("Thanks to Zoe road", ["Zoe"]),
        ("Thanks to Robin road", []),
        ("Robin boxes went up", []),
        ("Robin xylophone", ["Robin"]),
        ("Robin go", ["Robin"]),
        ("it was Do", ["Do"]),
        ("we saw Dos", []),
        ("we saw zoes", []),
        ("we saw Zoes", ["Zoes"]),
    ],
)
def test_a_first_name_that_is_a_word_is_asked_about_for_a_reason(
    text: str, marked: list[str]
) -> None:
    hits = find_names(text, FIRST, staff=STAFF)
    told = [(hit.grade.value, text[hit.start : hit.end]) for hit in hits]
    assert told == [("first_name", name) for name in marked]
