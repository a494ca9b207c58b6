"""A school's own words, as they are typed: its headings, and what its types of consent allow."""

from __future__ import annotations

import pytest

from tests.bot.imports.typist import NAME, Typist
from tests.proves import proves


WORDS = ("Adno", "Consent Type", "Consent Status")
OAK = ("--school", "oak")


def _explained(office: Typist, *more: str) -> tuple[str, ...]:
    """The arguments with which a file of types is taken."""
    file = office.write("types.csv", WORDS, [("N1", "Social media", "Yes"), ("N2", "Web", "Yes")])
    return ("consents", file, *OAK, *more)


def test_a_heading_is_remembered_for_its_school(office: Typist) -> None:
    columns = ("Adno", "Surname", "Forename", "Usual name")
    file = office.write("pupils.csv", columns, [("7", "Quill", NAME, "Zee")])
    heading = ("--heading", "Usual name=preferred_forename")
    assert office.type("pupils", file, *OAK, *heading, "--dry-run").code == 0
    assert office.json("pupils", file, *OAK).data["outcome"] == "headings_needed"
    assert office.type("pupils", file, *OAK, *heading).code == 0
    assert office.json("pupils", file, *OAK).data["outcome"] == "nothing_new"
    assert office.json("pupils", file, "--school", "elm").data["outcome"] == "headings_needed"


@proves("AUR-CONS-1")
def test_a_type_of_consent_means_nothing_before_somebody_says_what_it_allows(
    office: Typist,
) -> None:
    office.type("pupils", office.pupils(range(3)))
    asked = office.type(*_explained(office))
    assert asked.code == 3
    assert "nobody has said what these types allow" in asked.out
    assert '"social_media=photo:facebook"' in asked.out
    assert '"web=photo:facebook"' in asked.out
    said = ("--type", "Social media=photo:facebook", "--said-by", "head")
    done = office.json(*_explained(office, *said))
    assert (done.code, done.data["difference"]["added"]) == (0, 1)
    assert "line 3, type" in done.data["notes"][0]
    again = office.json(*_explained(office))
    assert (again.code, again.data["outcome"]) == (0, "nothing_new")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("Web=photo:all", "nobody"), "--said-by names nobody, who isn't in the register."),
        (("Web=photo:all", "ann"), "ann can't say what a consent allows"),
        (("Web=photo:all", "elle"), "elle can't say what a consent allows"),
        (("Web=photo:facebok", "head"), "no account or network of this school by the scope"),
    ],
)
def test_what_a_type_allows_is_said_by_somebody_who_may_and_about_a_page_that_is_there(
    office: Typist, said: tuple[str, str], sentence: str
) -> None:
    office.type("pupils", office.pupils(range(3)))
    type_, person = said
    answer = office.type(*_explained(office, "--type", type_, "--said-by", person))
    assert answer.code == 64
    assert sentence in answer.out
    assert "Nothing was imported." in answer.out
    assert office.json(*_explained(office)).data["outcome"] == "types_needed"


def test_a_file_of_one_type_leaves_what_it_does_not_speak_of(office: Typist) -> None:
    office.type("pupils", office.pupils(range(3)))
    rows = (
        ("N1", "oak", "video", "all", "refused", "", "", "parent_or_carer"),
        ("N1", "oak", "photo", "facebook", "granted", "2026-09-01", "", "parent_or_carer"),
    )
    assert office.type("consents", office.consents(*rows)).code == 0
    file = office.write("one.csv", ("Adno", "Response"), [("N1", "pending"), ("N2", "agreed")])
    one = ("--purpose", "photo", "--scope", "Facebook", "--said-by", "head")
    done = office.json("consents", file, *OAK, *one)
    assert (done.code, done.data["difference"]["added"]) == (0, 1)
    assert done.data["difference"]["changed"] == 1
    left = office.json("consents", office.consents(rows[0]))
    assert left.data["outcome"] == "nothing_new"


def test_an_answer_nobody_knows_is_refused_by_line_and_column(office: Typist) -> None:
    office.type("pupils", office.pupils(range(3)))
    rows = [("N1", "Web", "Yes"), ("N2", "Web", NAME)]
    file = office.write("types.csv", WORDS, rows)
    said = ("--type", "Web=photo:all", "--said-by", "head")
    answer = office.type("consents", file, *OAK, *said)
    assert answer.code == 1
    assert "One row refused:" in answer.out
    assert "line 3" in answer.out
    assert "write yes, no or withdrawn" in answer.out
    assert NAME not in answer.out + answer.err
    taken = office.json("consents", file, *OAK, "--skip-bad")
    assert (taken.code, taken.data["difference"]["added"]) == (1, 1)
