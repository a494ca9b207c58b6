"""Finding pupils' names: what must be found, and what must be left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from moderation.checks.model import PupilName
from moderation.checks.names.candidate import Grade
from moderation.checks.names.find import NameHit, find_names, full_names_in, scene_of
from moderation.checks.names.people import People
from moderation.checks.names.roster import Roster
from moderation.kernel import PupilKey
from tests.moderation.checks.names.pupils import graded, roster
from tests.proves import proves


PUPILS = (
    ("Amelia", "Khan"),
    ("Kofi", "Mensah-Boateng"),
    ("Zoë", "O'Brien"),
    ("Anne-Marie", "van der Berg"),
    ("Łukasz", "Wiśniewski"),
    ("Ahmed", "Al-Hassan"),
    ("Rosa Mary", "McDonald"),
    ("Siobhán", "Ní Dhomhnaill"),
    ("Jo", "Ng"),
    ("Arjun", "K"),
    ("Will", "Hall"),
    ("Grace", "Hope"),
    ("May", "Rose"),
    ("Mark", "King"),
    ("Harry", "Young"),
)


OURS = roster(*PUPILS)
STAFF = People(["Mrs Okafor", "Sarah Khan", "Mr J. Lund"])
KNOWN = People(["Amelia Earhart", "Harry Potter"])


def found(text: str, known: Roster = OURS) -> list[tuple[str, str]]:
    return graded(text, known, staff=STAFF, well_known=KNOWN)


@proves("CARD-NAME-1")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # case
        ("Well done Amelia Khan for winning!", "Amelia Khan"),
        ("AMELIA KHAN WINS", "AMELIA KHAN"),
        ("so proud of amelia khan xx", "amelia khan"),
        # diacritics, apostrophes, other dress
        ("Zoe OBrien sang", "Zoe OBrien"),
        ("Zoë O\u2019Brien sang", "Zoë O\u2019Brien"),
        ("Zoe O Brien sang", "Zoe O Brien"),
        ("Zoe\u0308 O'Brien sang", "Zoe\u0308 O'Brien"),
        ("Lukasz Wisniewski ran", "Lukasz Wisniewski"),
        ("Siobhan Ni Dhomhnaill ran", "Siobhan Ni Dhomhnaill"),
        ("\u0410m\u0435lia Kh\u0430n ran", "\u0410m\u0435lia Kh\u0430n"),
        ("A\u200bmelia K\u200bhan ran", "A\u200bmelia K\u200bhan"),
        ("Am3lia Khan ran", "Am3lia Khan"),
        # possessives and plurals
        ("Amelia Khan's poem", "Amelia Khan"),
        ("Amelia Khan\u2019s poem", "Amelia Khan"),
        # order
        ("First prize: Khan, Amelia", "Khan, Amelia"),
        ("KHAN Amelia, first prize", "KHAN Amelia"),
        # line breaks, spaces, markdown
        ("Our reader is Amelia\nKhan", "Amelia\nKhan"),
        ("Our reader is Amelia\r\n  Khan", "Amelia\r\n  Khan"),
        ("**Amelia** _Khan_", "Amelia** _Khan"),
        ("A m e l i a   K h a n", "A m e l i a   K h a n"),
        # hashtags, handles, files, addresses
        ("#AmeliaKhan", "AmeliaKhan"),
        ("#WellDoneAmeliaKhan", "AmeliaKhan"),
        ("#ameliakhan", "ameliakhan"),
        ("#welldoneameliakhan", "ameliakhan"),
        ("#welldonekhanameliahooray", "khanamelia"),
        ("thanks @amelia_khan2015", "amelia_khan"),
        ("thanks @khan.amelia", "khan.amelia"),
        ("amelia_khan.jpg", "amelia_khan"),
        ("https://pictures.example/amelia-khan/", "amelia-khan"),
        # middle names and initials between
        ("Amelia Rose Khan won", "Amelia Rose Khan"),
        ("Amelia J. Khan won", "Amelia J. Khan"),
        # double-barrelled halves, particles, second given names
        ("Kofi Mensah won", "Kofi Mensah"),
        ("Kofi Boateng won", "Kofi Boateng"),
        ("Kofi Mensah Boateng won", "Kofi Mensah Boateng"),
        ("Kofi Boateng-Mensah won", "Kofi Boateng-Mensah"),
        ("Anne-Marie van der Berg won", "Anne-Marie van der Berg"),
        ("Annemarie Vanderberg won", "Annemarie Vanderberg"),
        ("Marie Berg won", "Marie Berg"),
        ("Ahmed Hassan won", "Ahmed Hassan"),
        ("Ahmed Al Hassan won", "Ahmed Al Hassan"),
        ("Rosa McDonald won", "Rosa McDonald"),
        ("Rosa Mc Donald won", "Rosa Mc Donald"),
        ("Mary McDonald won", "Mary McDonald"),
        ("Jo Ng won", "Jo Ng"),
        # names that are words, written as names
        ("Grace Hope read a poem", "Grace Hope"),
        ("Well done Will Hall", "Will Hall"),
        ("Will Hall won the cup", "Will Hall"),
    ],
)
def test_a_full_name_is_found_however_it_is_written(text: str, marked: str) -> None:
    assert found(text) == [("full_name", marked)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Amelia K. read", "Amelia K"),
        ("Amelia K read", "Amelia K"),
        ("A prize for A. Khan", "A. Khan"),
        ("Arjun K won", "Arjun K"),
        ("thanks @ameliak", "ameliak"),
        ("thanks @akhan", "akhan"),
        ("thanks @amelia_k", "amelia_k"),
        ("Kofi M-B sang", "Kofi M-B"),
        ("Kofi M.B. sang", "Kofi M.B"),
        ("Rosa Mary M sang", "Rosa Mary M"),
        ("A prize for Ahmed (a) today", "Ahmed (a"),
        ("A prize for Ahmed H.", "Ahmed H"),
    ],
)
def test_a_name_and_an_initial_are_found(text: str, marked: str) -> None:
    assert found(text) == [("initialled", marked)]


@pytest.mark.parametrize(
    ("text", "grade", "marked"),
    [
        ("Amelia won the race", "first_name", "Amelia"),
        ("well done amelia", "first_name", "amelia"),
        ("Anne-Marie sang", "first_name", "Anne-Marie"),
        ("Well done Grace!", "first_name", "Grace"),
        ("Amelia's poem", "first_name", "Amelia"),
        ("Thanks to Amelia Jones, our visitor", "first_name", "Amelia"),
        ("The Khan family came", "surname", "Khan"),
        ("Thank you to the Khans", "surname", "Khans"),
        ("Will Hall be open?", "first_name", "Will Hall"),
        ("The prize goes to King, M. today", "surname", "King, M"),
        ("Amelia K-B is not ours", "first_name", "Amelia"),
        ("Winners: J; Ng", "surname", "Ng"),
        ("Grace aged 8 won", "first_name", "Grace"),
        ("Grace juggled with a rose", "first_name", "Grace"),
    ],
)
def test_half_a_name_is_only_perhaps_a_pupil(text: str, grade: str, marked: str) -> None:
    assert found(text) == [(grade, marked)]


@pytest.mark.parametrize(
    "text",
    [
        "Will you join us in the hall in May?",
        "May half term starts on Monday.",
        "Mark your calendars. Young writers meet on Friday.",
        "Rose House won the cup.",
        "We hope for grace, and a rose.",
        "King Mark Street",
        "St Mark's church",
        "Khan Academy has films about fractions.",
        "Mrs Khan and Mr Lund say hello.",
        "Thanks to Mr J Khan and to Mr. Khan",
        "Our word of the week is: Grace",
        "Grace bed linen",
        "Sarah Khan teaches us.",
        "Amelia Earhart flew alone. Harry Potter week!",
        "#WillPower #MayDay #HopeForAll",
        "SUMMER FAIR IN THE HALL: GRACE AND HOPE",
        "Thank you to everyone at King's Lynn",
        "Plan B. Vitamin A. Year 4.",
        "hurry up, harry the train",
        "",
        "\u200b\ufe0f\u0301",
        "\U0001f600 \U0001f469\u200d\U0001f52c",
    ],
)
def test_words_places_and_grown_ups_are_left_alone(text: str) -> None:
    allowed = {"harry"}  # a rare word: only the roster knows
    assert [marked for _, marked in found(text) if marked not in allowed] == []


CALLED = roster(
    ("Katherine", "Okonkwo"), ("Muhammad", "Iqbal"), ("Oluwaseun", "Adeyinka"), ("Ollie", "Pryce")
)


@proves("CARD-NAME-1")
@pytest.mark.parametrize(
    ("text", "grade", "marked"),
    [
        ("Well done Katie Okonkwo", "full_name", "Katie Okonkwo"),
        ("Well done Catherine Okonkwo", "full_name", "Catherine Okonkwo"),
        ("#WellDoneKateOkonkwo", "full_name", "KateOkonkwo"),
        ("A prize for Mohammed Iqbal", "full_name", "Mohammed Iqbal"),
        ("A prize for Mo I.", "initialled", "Mo I"),
        ("Seun Adeyinka sang", "full_name", "Seun Adeyinka"),
        ("Oliver Pryce sang", "full_name", "Oliver Pryce"),
        ("A prize for Kate", "first_name", "Kate"),
    ],
)
def test_a_pupil_is_found_by_a_short_form_or_another_spelling(
    text: str, grade: str, marked: str
) -> None:
    assert found(text, CALLED) == [(grade, marked)]


def test_a_short_form_of_many_names_is_none_of_them() -> None:
    assert found("Well done Alistair Pryce", roster(("Ali", "Pryce"))) == [("surname", "Pryce")]


@pytest.mark.parametrize(
    "text",
    [
        "Well done Ameila Khan",
        "Well done Amlia Khan",
        "Well done Ameliia Khan",
        "Well done Amelia Khwn",
        "Well done Harru Young",
    ],
)
def test_one_slip_of_the_keyboard_is_asked_about(text: str) -> None:
    assert found(text) == [("slip", text.removeprefix("Well done "))]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks to Mrs Harru Young",
        "Thanks to Harru. Young writers meet on Friday.",
        "harru young",
        "Harrow Road",
        "Harru Young House",
        "Khwn sang to Amelia",
    ],
)
def test_a_slip_needs_the_look_of_a_name(text: str) -> None:
    assert "slip" not in [grade for grade, _ in found(text)]


SHORT_NAMES = roster(
    ("An", "Nguyen"),
    ("Minh", "An"),
    ("Do", "Tran"),
    ("Oksana", "Hall"),
    ("Mateusz", "Popescu"),
    ("Summer", "Phan"),
    ("Eleanor", "Winter"),
)


@pytest.mark.parametrize(
    ("text", "grade", "marked"),
    [
        ("Congratulations, An! Your letter was answered.", "first_name", "An"),
        ("We are very proud of An today", "first_name", "An"),
        ("An read to us all.", "first_name", "An"),
        ("Well done to An in 4B", "first_name", "An"),
        ("A prize for An, Do and us", "first_name", "An"),
        ("The An family came", "surname", "An"),
        ("Oxana Hall sang", "full_name", "Oxana Hall"),
        ("We cheered Mate Popescu on", "full_name", "Mate Popescu"),
        ("The winner is Phan, Summer.", "full_name", "Phan, Summer"),
        ("It was El34nor Winter who sang", "full_name", "El34nor Winter"),
    ],
)
def test_short_and_foreign_names_are_found_as_well(text: str, grade: str, marked: str) -> None:
    assert found(text, SHORT_NAMES)[0] == (grade, marked)


def test_a_word_that_opens_a_sentence_is_no_short_form() -> None:
    assert found("Mate Popescu came", SHORT_NAMES) == [("surname", "Popescu")]
    assert found("Our Mate Popescu came", SHORT_NAMES) == [("full_name", "Mate Popescu")]


@pytest.mark.parametrize(
    "text",
    [
        "An apple a day. An MP came. An 80-year-old oak fell. An hour later we ate.",
        "What An Amazing Day. THINGS TO DO. An X-ray of a tooth hangs in the hall.",
        "Do come along! Do, please, be on time. We do.",
        "We need (a) a coat and (b) a hat.",
        "The picnic is on Phan Day, Summer term.",
    ],
)
def test_words_of_two_letters_are_left_alone(text: str) -> None:
    assert [found for found in found(text, SHORT_NAMES) if found[0] != "surname"] == []


THINGS = roster(
    ("Charlie", "Preston"),
    ("Chester", "Fisher"),
    ("Summer", "Sharp"),
    ("Robin", "Marsh"),
    ("Poppy", "Lincoln"),
    ("Georgia", "Art"),
    ("Rose", "Mansour"),
    ("Jack", "Long"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Year 4 are reading Charlie and the Chocolate Factory.",
        "We went to the castle in Chester.",
        "A trip to Georgia and back",
        "The choir sang in Lincoln and Preston.",
        "Our residential is at Jack Valley again.",
        "Robin boxes went up along the fence.",
        "Poppy sellers will be at the gate.",
        "Summer is nearly here.",
        "Summer brought rain.",
        "SPORTS DAY ON THE MARSH FIELD. Bring a hat.",
        "FREE ROBIN BOXES FOR EVERY CLASS",
        "The Sharp pencils are in the drawer.",
        "A journey from Georgia to us",
    ],
)
def test_titles_towns_headlines_and_seasons_are_left_alone(text: str) -> None:
    assert found(text, THINGS) == []


@pytest.mark.parametrize(
    ("text", "grade", "marked"),
    [
        ("Charlie won the race", "first_name", "Charlie"),
        ("Well done to Georgia", "first_name", "Georgia"),
        ("A card from Chester", "first_name", "Chester"),
        ("After our trip to school and Georgia sang", "first_name", "Georgia"),
        ("Robin jumped highest", "first_name", "Robin"),
        ("Summer won the race", "first_name", "Summer"),
        ("Thank you to Summer who helped", "first_name", "Summer"),
        ("WELL DONE ROBIN FROM EVERY CLASS", "first_name", "ROBIN"),
        ("The Sharp family planted a tree.", "surname", "Sharp"),
        ("A drawing by Mansour, Rose of the sea", "full_name", "Mansour, Rose"),
        ("A drawing by Long, Jack of the sea", "full_name", "Long, Jack"),
        ("A drawing by Robin m.", "initialled", "Robin m"),
        ("A drawing by Georgia a.", "initialled", "Georgia a"),
    ],
)
def test_the_same_names_are_found_where_somebody_is_meant(
    text: str, grade: str, marked: str
) -> None:
    assert found(text, THINGS) == [(grade, marked)]


def test_a_member_of_staff_may_have_a_pupils_first_name_for_a_surname() -> None:
    known = roster(("Rose", "Khan"))
    hits = find_names("Mrs Rose is retiring.", known, staff=People(["Mrs Rose"]))
    assert hits == ()


def test_a_pupil_who_shares_a_grown_ups_name_is_still_found() -> None:
    hits = find_names("Sarah Khan won", roster(("Sarah", "Khan")), staff=STAFF)
    assert [(hit.grade.value, hit.shared) for hit in hits] == [("full_name", True)]


def test_a_title_before_a_name_that_no_member_of_staff_has_is_asked_about() -> None:
    assert found("Miss Ng is here") == [("surname", "Ng")]
    assert find_names("Miss Ng is here", OURS) == ()


RUNS = roster(("An", "Na"), ("Ya", "Ng"), ("Yang", "Li"), ("Zoe", "Khan"), ("May", "Rose"))


@pytest.mark.parametrize(
    ("text", "marked", "pupils"),
    [
        ("#welldoneanna", "anna", ("0",)),
        ("#welldonezoekhan", "zoekhan", ("3",)),
        ("#khanzoe", "khanzoe", ("3",)),
        ("#welldonekhanzoehooray", "khanzoe", ("3",)),
    ],
)
def test_a_name_among_words_of_a_tag_is_somebodys(
    text: str, marked: str, pupils: tuple[str, ...]
) -> None:
    [hit] = find_names(text, RUNS)
    assert (hit.grade, text[hit.start : hit.end], hit.pupils) == (Grade.FULL, marked, pupils)


@pytest.mark.parametrize(
    "text", ["#welldoneyang", "#themayrosefair", "#xqvzoekhan", "#welldonezoekhanxqv"]
)
def test_what_may_be_chance_in_a_tag_is_nobodys_full_name(text: str) -> None:
    assert "full_name" not in [hit.grade for hit in find_names(text, RUNS)]


def test_two_names_in_a_row_are_two() -> None:
    assert [marked for _, marked in found("Khan, Amelia; Boateng, Kofi")] == [
        "Khan, Amelia",
        "Boateng, Kofi",
    ]
    assert [marked for _, marked in found("Amelia Khan Kofi Mensah")] == [
        "Amelia Khan",
        "Kofi Mensah",
    ]


def test_an_empty_roster_finds_nobody() -> None:
    assert find_names("Amelia Khan", Roster([])) == ()


NAMES = st.builds(
    lambda head, tail: head + tail,
    st.sampled_from("BCDFGHJKLMNPQRSTVWZ"),
    st.text(alphabet="aeiouzxqv", min_size=4, max_size=9),
)
FRAMES = st.sampled_from(
    ["{}", "Well done {}!", "Our star is {} today.", "\u2b50 {} \u2b50", "A:\n{}\nB", "({})"]
)


@given(NAMES, NAMES, FRAMES, st.sampled_from([" ", "  ", "\n", "_", "-", " \u2b50 "]))
def test_whoever_is_listed_is_found_at_the_exact_place(
    first: str, last: str, frame: str, gap: str
) -> None:
    name = f"{first}{gap}{last}"
    text = frame.format(name)
    hits = find_names(text, roster((first, last)))
    assert [(hit.grade.value, text[hit.start : hit.end]) for hit in hits] == [("full_name", name)]
    assert hits[0].pupils == ("0",)


@given(st.text(max_size=300))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    hits = find_names(text, OURS, staff=STAFF, well_known=KNOWN)
    end = 0
    for hit in hits:
        assert end <= hit.start < hit.end <= len(text)
        assert hit.pupils
        end = hit.end


@given(st.lists(st.sampled_from([*"AMELIAKHN#@._-'\u2019 \n,", "Amelia", "Khan", "Will", "may"])))
def test_any_mixture_of_halves_is_answered(pieces: list[str]) -> None:
    text = "".join(pieces)
    hits = find_names(text, OURS, staff=STAFF)
    for hit in hits:
        assert text[hit.start : hit.end].strip() == text[hit.start : hit.end]
    full = tuple(hit for hit in hits if hit.grade is Grade.FULL)
    assert full_names_in(scene_of(text, staff=STAFF), OURS) == full


def test_nothing_that_is_printed_holds_a_name() -> None:
    hits = find_names("Amelia Khan", OURS)
    assert isinstance(hits[0], NameHit)
    name = PupilName(pupil=PupilKey("1"), legal_forename="Amelia", legal_surname="Khan")
    printed = f"{OURS!r} {hits!r} {STAFF!r} {name!r}"
    assert "melia" not in printed
    assert "Khan" not in printed
    assert repr(OURS) == f"Roster({len(PUPILS)} pupils)"
