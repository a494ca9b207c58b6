"""An import that needs somebody's word first: rights, and many leavers at once."""

from __future__ import annotations

from tests.bot.imports.sheets import PUPILS, STAFF
from tests.bot.imports.typist import NAME, Typist
from tests.proves import proves


@proves("MET-MOD-2")
def test_what_gives_rights_waits_and_says_who_is_asked(office: Typist) -> None:
    promoted = ("bob", "Mr Bob Lund", "", "oak", "deputy_headteacher", "U0000BOB1")
    answer = office.type("people", office.staff(promoted))
    assert answer.code == 3
    assert "Nothing has changed yet" in answer.out
    assert "Mr Bob Lund may stand in for the headteacher of Oak Primary School" in answer.out
    assert "For Oak Primary School, asked until" in answer.out
    assert "Mrs Yemi Ade" in answer.out
    assert "--confirmed-by head" in answer.out
    assert office.json("people", office.staff()).data["outcome"] == "nothing_new"


def test_a_head_who_said_yes_outside_the_chat(office: Typist) -> None:
    file = office.page(moderators="ann;bob;elle")
    waiting = office.json("accounts", office.page(moderators="ann;head"))
    assert (waiting.code, waiting.data["outcome"]) == (3, "waiting_for_a_yes")
    assert waiting.data["asked"][0]["people"] == ["lead"]
    file = office.page(moderators="ann;head")
    gains = office.json("accounts", file, "--confirmed-by", "head")
    assert (gains.code, gains.data["outcome"]) == (3, "not_confirmed")
    assert "somebody else needs to say yes. Dr Maeve Quinn can." in gains.data["sentences"][0]
    done = office.json("accounts", file, "--confirmed-by", "lead")
    assert (done.code, done.data["outcome"]) == (0, "done")
    assert "Dr Maeve Quinn" in done.data["notes"][0]


def test_a_head_without_a_chat_account_is_asked_in_person(typist: Typist) -> None:
    head = ("head", "Mrs Yemi Ade", "", "oak", "headteacher")
    typist.type("people", typist.staff(*STAFF[:2], head))
    typist.type("accounts", typist.page(moderators="ann"))
    waiting = typist.json("accounts", typist.page(moderators="ann;bob"))
    assert waiting.code == 3
    assert (
        "Mrs Yemi Ade has no chat account here: please ask in person." in waiting.data["sentences"]
    )
    done = typist.json("accounts", typist.page(moderators="ann;bob"), "--confirmed-by", "head")
    assert "please tell them yourself" in done.data["notes"][0]


def test_an_account_never_loses_its_moderators_unsaid(office: Typist) -> None:
    answer = office.json("accounts", office.page(moderators=""))
    assert answer.code == 0
    assert answer.data["notes"] == [
        "Nobody moderates Facebook · Oak Primary any more: only the headteacher can approve for it."
    ]
    left = ("ann", "Ms Ann Reed", "", "oak", "staff", "U0000ANN1", "", "2020-09-01", "2026-07-20")
    office.type("accounts", office.page(moderators="ann"), "--confirmed-by", "head")
    gone = office.json("people", office.staff(left))
    assert "Nobody moderates Facebook · Oak Primary any more" in gone.data["notes"][0]


def test_a_dry_run_tells_what_would_be_asked(office: Typist) -> None:
    answer = office.json("accounts", office.page(moderators="ann;head"), "--dry-run")
    assert answer.code == 0
    assert answer.data["outcome"] == "waiting_for_a_yes"
    assert answer.data["import"] is None
    assert not answer.data["written"]


def test_half_a_school(office: Typist) -> None:
    office.type("pupils", office.pupils(range(60)))
    half = office.pupils(range(30))
    answer = office.type("pupils", half)
    assert answer.code == 3
    assert "30 pupils would leave the roll, unusually many at Oak Primary School." in answer.out
    assert "--closing 30" in answer.out
    dry = office.json("pupils", half, "--dry-run")
    assert (dry.code, dry.data["closing"]) == (0, 30)
    wrong = office.json("pupils", half, "--closing", "29")
    assert (wrong.code, wrong.data["outcome"]) == (3, "number_needed")
    assert office.json("pupils", office.pupils(range(60))).data["outcome"] == "nothing_new"
    done = office.json("pupils", office.pupils(range(30)), "--closing", "30")
    assert (done.code, done.data["difference"]["closed"]) == (0, 30)


def test_an_empty_file_closes_a_school(office: Typist) -> None:
    office.type("pupils", office.pupils(range(3)))
    office.type("pupils", office.pupils(range(3), "elm"))
    empty = office.pupils(())
    nameless = office.type("pupils", empty)
    assert nameless.code == 1
    assert "say with --school whose empty list this is" in nameless.out
    assert office.type("pupils", empty, "--school", "oak").code == 3
    done = office.json("pupils", empty, "--school", "oak", "--closing", "3")
    assert done.data["schools"].keys() == {"oak"}
    assert done.data["difference"]["closed"] == 3


def test_a_row_about_nobody_in_particular_lets_nobody_leave(office: Typist) -> None:
    office.type("pupils", office.pupils(range(60)))
    rows = [("N1", "oak", NAME, "", "Quill", "", "Year 4", "4B"), ("", "oak", NAME, "", "Quill")]
    file = office.write("pupils.csv", PUPILS, rows)
    answer = office.json("pupils", file, "--skip-bad")
    assert answer.code == 1
    assert answer.data["difference"] == {
        "added": 0,
        "changed": 1,
        "closed": 0,
        "returned": 0,
        "unchanged": 0,
        "untouched": 59,
    }
    assert "nobody leaves the roll by this file" in answer.data["notes"][0]
