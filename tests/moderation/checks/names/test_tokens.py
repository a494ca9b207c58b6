"""Atoms: where a text is cut, what stands between, and how each piece can be read."""

from __future__ import annotations

import pytest

from moderation.checks.names.tokens import Gap, Shape, atoms, undisguised


@pytest.mark.parametrize(
    ("between", "gap", "opens"),
    [
        (" ", Gap.SPACE, False),
        ("  ", Gap.SPACE, False),
        ("\n", Gap.SPACE, True),
        (" **_", Gap.SPACE, False),
        (' "', Gap.SPACE, False),
        ("\u2b50", Gap.SPACE, True),
        (" \U0001f600 ", Gap.SPACE, True),
        ("\U0001f3fb ", Gap.SPACE, False),
        ("-", Gap.HYPHEN, False),
        ("\u2010", Gap.HYPHEN, False),
        ("\u2013", Gap.HYPHEN, False),
        ("\uff0d", Gap.HYPHEN, False),
        (".", Gap.TIGHT, False),
        ("_", Gap.TIGHT, False),
        ("__", Gap.TIGHT, False),
        ("/", Gap.TIGHT, False),
        ("+", Gap.TIGHT, False),
        ("\\", Gap.TIGHT, False),
        ("\u00b7", Gap.TIGHT, False),
        ("%20", Gap.TIGHT, False),
        (", ", Gap.COMMA, False),
        (",", Gap.COMMA, False),
        (",\n", Gap.COMMA, True),
        (" (", Gap.BRACKET, False),
        (") ", Gap.BRACKET, False),
        (" [", Gap.BRACKET, False),
        (". ", Gap.BREAK, True),
        ("! ", Gap.BREAK, True),
        ("?\u201d ", Gap.BREAK, True),
        (": ", Gap.BREAK, True),
        ("; ", Gap.BREAK, False),
        (" & ", Gap.BREAK, False),
        (" \u2022 ", Gap.BREAK, True),
    ],
)
def test_what_stands_between_two_words_is_told(between: str, gap: Gap, *, opens: bool) -> None:
    [one, two] = atoms(f"ann{between}lee")
    assert (two.gap, two.opens) == (gap, opens)
    assert one.opens


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("J. Khan", Gap.INITIAL),
        ("J.  Khan", Gap.INITIAL),
        ("Jo. Khan", Gap.BREAK),
        ("4. Khan", Gap.BREAK),
        ("J.Khan", Gap.TIGHT),
    ],
)
def test_a_full_stop_after_one_letter_makes_an_initial(text: str, gap: Gap) -> None:
    assert atoms(text)[1].gap is gap


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("AmeliaKhan", ["Amelia", "Khan"]),
        ("#WellDoneAmelia", ["Well", "Done", "Amelia"]),
        ("KHANAmelia", ["KHAN", "Amelia"]),
        ("amelia2015", ["amelia", "2015"]),
        ("@amelia7", ["amelia", "7"]),
        ("amelia7", ["amelia7"]),
        ("O'Brien's", ["O'Brien"]),
        ("Zoë's", ["Zoë"]),
        ("Zoe\u0308 Khan", ["Zoe\u0308", "Khan"]),
        ("A\u200bmy", ["A\u200bmy"]),
        ("<b>Ann</b> Lee", ["Ann", "Lee"]),
        ("a < b", ["a", "b"]),
        ("\u24b6\u24dc\u24e8 Lee", ["\u24b6\u24dc\u24e8", "Lee"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_what_could_be_half_a_name(text: str, pieces: list[str]) -> None:
    assert [text[atom.start : atom.end] for atom in atoms(text)] == pieces


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Khan", ("khan",)),
        ("Khans", ("khans", "khan")),
        ("Joneses", ("joneses", "jonese", "jones")),
        ("As", ("as",)),
        ("Zoë", ("zoe",)),
        ("D'Arcy", ("darcy",)),
        ("Am3lia", ("am3lia", "amelia")),
        ("A1an", ("a1an", "aian", "alan")),
        ("2015", ("2015",)),
        ("\u0421\u0430\u0448\u0430", ("sasha", "cawa")),
    ],
)
def test_a_piece_is_read_in_every_way_likeliest_first(text: str, forms: tuple[str, ...]) -> None:
    assert atoms(text)[0].forms == forms


def test_in_a_latin_text_a_foreign_letter_is_read_by_its_looks_first() -> None:
    assert atoms("Well done \u0410lan")[2].forms[0] == "alan"
    assert atoms("\u0420\u043e\u0437\u0430 \u043f\u0435\u043b\u0430")[0].forms[0] == "roza"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("khan", Shape.LOWER),
        ("Khan", Shape.TITLE),
        ("KHAN", Shape.UPPER),
        ("K", Shape.TITLE),
        ("k", Shape.LOWER),
        ("McKHAN", Shape.TITLE),
        ("kHAN", Shape.LOWER),
        ("zoë", Shape.LOWER),
        ("Zoë", Shape.TITLE),
        ("ZOË", Shape.UPPER),
        ("Ë", Shape.TITLE),
        ("K1NG", Shape.UPPER),
        ("K1ng", Shape.TITLE),
        ("1", Shape.LOWER),
    ],
)
def test_the_shape_of_a_piece_is_its_capitals(text: str, shape: Shape) -> None:
    atom = atoms(text)[0]
    assert atom.shape is shape
    assert atom.capitalised is (shape is not Shape.LOWER)


def test_every_atom_knows_its_word_its_sign_and_what_follows() -> None:
    told = atoms("Thanks. #WellDone! AmyLee. Zoë's cat J. (Kit) 4.")
    assert [(atom.form, atom.word, atom.sigil, atom.opens, atom.dotted) for atom in told] == [
        ("thanks", 0, "", True, True),
        ("well", 1, "#", True, False),
        ("done", 1, "#", False, False),
        ("amy", 2, "", True, False),
        ("lee", 2, "", False, True),
        ("zoe", 3, "", True, False),
        ("cat", 4, "", False, False),
        ("j", 5, "", False, True),
        ("kit", 6, "", True, False),
        ("4", 7, "", False, True),
    ]
    assert [atom.form for atom in told if atom.possessive] == ["zoe"]
    assert [atom.form for atom in told if atom.letter] == ["j"]
    assert [atom.gap for atom in told[:3]] == [Gap.TIGHT, Gap.BREAK, Gap.NONE]
    assert atoms("(ann")[0].gap is Gap.BRACKET


def test_capitals_mean_nothing_in_a_headline() -> None:
    told = atoms("SPORTS DAY RESULTS TODAY\nWell done to Amy\nSummer Fair Tomorrow Night\nOur Amy")
    assert [atom.form for atom in told if atom.headline] == [
        *("sports", "day", "results", "today"),
        *("summer", "fair", "tomorrow", "night"),
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("R0$a M@cIntyre", "R0sa MacIntyre"),
        ("$imon A$he", "simon Ashe"),
        ("Emi|y", "Emi1y"),
        ("Grace!Kemp", "GraceiKemp"),
        ("write to amy@school.example", "write to amy@school.example"),
        ("$5 and 5$", "$5 and 5$"),
        ("@amy", "@amy"),
    ],
)
def test_signs_within_a_word_are_read_as_letters(text: str, shown: str) -> None:
    assert undisguised(text) == shown
