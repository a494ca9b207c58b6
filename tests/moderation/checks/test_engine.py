"""Judging a draft: order, clauses, permission, and nothing said that nobody should know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from moderation.checks.context import Context, TakenDown
from moderation.checks.engine import judge, situation_of
from moderation.checks.model import (
    Consent,
    Draft,
    Finding,
    Image,
    Kind,
    Outcome,
    Pictured,
    PupilName,
    Purpose,
    Severity,
    Status,
    Who,
    outcome,
)
from moderation.checks.names.roster import Roster
from moderation.checks.pictures import without_permission
from moderation.kernel import AccountId, BlobId, PersonId, PupilKey
from moderation.policies.loader import shipped
from moderation.policies.model import Check, Situation
from moderation.policies.settings import PupilNames
from moderation.ports import Inspection, Look, PictureFormat
from tests.proves import proves


STEP = shipped("step")
FACEBOOK = AccountId("oakfield-facebook")
INSTAGRAM = AccountId("oakfield-instagram")
TODAY = date(2026, 9, 14)
PUPILS = (
    ("amelia", "Amelia", "Khan", "4", "4B"),
    ("kofi", "Kofi", "Mensah", "2", "2M"),
    ("zoe", "Zoë", "Adeyemi", "4", "4B"),
)
ROSTER = Roster(
    PupilName(
        pupil=PupilKey(key),
        legal_forename=first,
        legal_surname=last,
        year_group=year,
        form=form,
    )
    for key, first, last, year, form in PUPILS
)
ELSEWHERE = Roster(
    [PupilName(pupil=PupilKey("x"), legal_forename="Tobias", legal_surname="Lindqvist")]
)


def consent(
    key: str, status: Status, scope: str = "all", purpose: Purpose = Purpose.PHOTO
) -> Consent:
    return Consent(pupil=PupilKey(key), purpose=purpose, scope=scope, status=status)


CONTEXT = Context(
    today=TODAY,
    roster=ROSTER,
    other_rosters=ELSEWHERE,
    staff=("Mrs Okafor",),
    consents={
        PupilKey("amelia"): (consent("amelia", Status.GRANTED),),
        PupilKey("kofi"): (
            consent("kofi", Status.GRANTED),
            consent("kofi", Status.REFUSED, "facebook"),
        ),
    },
    platforms={FACEBOOK: "facebook", INSTAGRAM: "instagram"},
    allowed_hosts=("oakfield.example",),
)
INSPECTION = Inspection(
    blob=BlobId("sha256:" + "0" * 64),
    clean=BlobId("sha256:" + "1" * 64),
    format=PictureFormat.JPEG,
    width=10,
    height=10,
)


def these(*pupils: str) -> Pictured:
    return Pictured(Who.THESE, frozenset(map(PupilKey, pupils)))


def picture(alt: str = "Beans climbing up canes", **more: object) -> Image:
    return replace(Image(alt=alt, inspection=INSPECTION), **more)  # type: ignore[arg-type]


def post(text: str = "Our garden", *images: Image, **more: object) -> Draft:
    given = {"pictured": Pictured(Who.NOBODY), "accounts": (FACEBOOK,)} | more
    return Draft(text=text, images=images, **given)  # type: ignore[arg-type]


def judged(draft: Draft, context: Context = CONTEXT) -> tuple[Finding, ...]:
    return judge(draft, STEP, context)


def categories(draft: Draft, check: Check, context: Context = CONTEXT) -> list[str]:
    return [one.category for one in judged(draft, context) if one.check is check]


def test_an_ordinary_post_has_nothing_against_it() -> None:
    assert judged(post("Our beans are taller than we are!")) == ()
    assert judged(post("Our beans are taller than we are!", picture())) == ()
    assert outcome(()) is Outcome.CLEAR


@proves("STEP-NAME-1", "CARD-NAME-1")
def test_a_name_cites_the_photo_clause_only_where_there_is_a_photo() -> None:
    for draft, clause in (
        (post("Well done Amelia Khan"), "CARD-NAME-1"),
        (post("Well done Amelia Khan", picture()), "STEP-NAME-1"),
        (post("Well done Amelia Khan", kind=Kind.COMMENT), "CARD-NAME-1"),
    ):
        (finding,) = judged(draft)
        assert (finding.clause, finding.severity) == (clause, Severity.BLOCK)
        assert finding.field == "text"
        assert draft.text[finding.start : finding.end] == "Amelia Khan"
        assert "pupil in Year 4: A.K." in finding.reason


def test_names_are_looked_for_in_descriptions_too() -> None:
    (finding,) = judged(post("Our garden", picture(), picture("Amelia Khan with her beans")))
    assert finding.field == "alt[1]"
    assert (finding.start, finding.end) == (0, 11)


def test_no_roster_is_a_note_and_an_empty_one_is_asked_about() -> None:
    without = judged(post("Amelia Khan"), replace(CONTEXT, roster=None))
    assert [(one.category, one.severity) for one in without] == [("not_checked", Severity.NOTE)]
    assert outcome(without) is Outcome.CLEAR
    empty = judged(post("Amelia Khan"), replace(CONTEXT, roster=Roster([])))
    assert [(one.category, one.severity) for one in empty] == [("empty_roster", Severity.FLAG)]


def test_a_pupil_of_another_school_is_told_without_initials() -> None:
    (finding,) = judged(post("A good match against Tobias Lindqvist"))
    assert finding.severity is Severity.FLAG
    assert "a pupil at one of our schools" in finding.reason
    assert "T.L." not in finding.reason


@proves("MET-ID-1")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Amelia in Year 4 wrote this", "name_and_class"),
        ("Our winner is Amelia (Y4)", "name_and_class"),
        ("4B's Amelia wrote this", "name_and_class"),
        ("Amelia, aged 8, wrote this", "name_and_class"),
        ("Amelia's eighth birthday", "name_and_class"),
        ("A happy 8th birthday to Amelia", "name_and_class"),
        ("Happy birthday Amelia, 8 today!", "name_and_class"),
        ("A.K. (4B) wrote this", "initials_and_class"),
    ],
)
def test_a_first_name_with_a_class_tells_who_it_is(text: str, category: str) -> None:
    assert categories(post(text), Check.IDENTIFICATION) == [category]
    assert categories(post(text), Check.PUPIL_NAMES) == []


@pytest.mark.parametrize(
    "text",
    [
        "Amelia wrote this. Year 4 went swimming.",
        "Kofi wrote to Year 6",
        "Year 4 went swimming with Mrs Okafor",
        "Our school's 10th birthday with Amelia at the piano",
        "P.E. for Year 4 is on Monday and Wednesday, and A.K. is a chess club",
    ],
)
def test_a_class_that_doesnt_fit_or_stands_apart_gives_nobody_away(text: str) -> None:
    assert categories(post(text), Check.IDENTIFICATION) == []


@proves("STEP-CONS-1")
def test_every_pupil_in_a_picture_needs_permission_for_the_very_account() -> None:
    pupils = these("amelia", "kofi", "zoe")
    draft = post("Our trip", picture(), pictured=pupils, accounts=(FACEBOOK, INSTAGRAM))
    found = [one for one in judged(draft) if one.check is Check.IMAGE_CONSENT]
    assert [one.category for one in found] == ["refused", "missing", "missing"]
    assert all(
        (one.field, one.start, one.severity) == ("post", None, Severity.BLOCK) for one in found
    )
    assert found[0].reason == (
        "We don't have permission to put one of these children on Facebook: K.M., Year 2. "
        "Leave the picture out, crop it, or ask the office."
    )
    assert len({one.key for one in found}) == len(found)


def test_nobody_can_tell_from_a_reason_why_permission_is_lacking() -> None:
    said = set()
    for status in (None, Status.REFUSED, Status.WITHDRAWN):
        records = () if status is None else (consent("zoe", status),)
        context = replace(CONTEXT, consents={PupilKey("zoe"): records})
        (finding,) = judged(post("Our trip", picture(), pictured=these("zoe")), context)
        said.add(
            (finding.reason, finding.clause, finding.rule, finding.severity, finding.allowable)
        )
    assert len(said) == 1


@pytest.mark.parametrize(
    ("pictured", "category"),
    [
        (Pictured(), "not_said"),
        (these(), "not_said"),
        (Pictured(Who.NOT_RECOGNISABLE), "not_recognisable"),
    ],
)
def test_an_approver_confirms_what_nobody_knows_of_a_picture(
    pictured: Pictured, category: str
) -> None:
    (finding,) = judged(post("Our trip", picture(), pictured=pictured))
    assert (finding.category, finding.severity) == (category, Severity.FLAG)
    assert finding.confirm in STEP.confirmations


def test_permissions_that_nobody_keeps_are_asked_about() -> None:
    draft = post("Our trip", picture(), pictured=these("amelia"))
    context = replace(CONTEXT, consents=None)
    assert categories(draft, Check.IMAGE_CONSENT, context) == ["not_checked"]


def test_a_post_without_a_picture_needs_no_permission() -> None:
    assert categories(post("Our trip", pictured=these("kofi")), Check.IMAGE_CONSENT) == []


LIKENESS = "0f" * 16
SEEN_BEFORE = replace(CONTEXT, taken_down=(TakenDown(LIKENESS, frozenset({PupilKey("kofi")})),))


@proves("STEP-CONS-1")
@pytest.mark.parametrize(
    "look",
    [
        Look(likeness=LIKENESS),
        Look(likeness="f0" + LIKENESS[2:]),
        Look(likeness="5" * 32, mirrored=LIKENESS),
    ],
)
@pytest.mark.parametrize(
    "said", [Pictured(Who.NOBODY), Pictured(), Pictured(Who.NOT_RECOGNISABLE), these("amelia")]
)
def test_a_picture_that_came_down_does_not_come_back(look: Look, said: Pictured) -> None:
    again = picture(inspection=replace(INSPECTION, look=look))
    found = judged(post("Our trip", picture(), again, pictured=said), SEEN_BEFORE)
    (back,) = (one for one in found if one.category == "taken_down")
    assert (back.severity, back.field, back.allowable) == (Severity.BLOCK, "image[1]", True)
    assert "a picture that was taken down" in back.reason
    assert "on Facebook" in back.reason
    assert "K.M." not in back.reason
    assert without_permission(found) == frozenset()


@pytest.mark.parametrize(
    ("look", "accounts", "said"),
    [
        (Look(likeness="5" * 32, mirrored="5" * 32), (FACEBOOK,), Pictured(Who.NOBODY)),
        (Look(), (FACEBOOK,), Pictured(Who.NOBODY)),
        (Look(likeness=LIKENESS), (INSTAGRAM,), Pictured(Who.NOBODY)),
        (Look(likeness=LIKENESS), (FACEBOOK,), these("kofi")),
        (None, (FACEBOOK,), Pictured(Who.NOBODY)),
    ],
    ids=["another", "plain", "where all may be shown", "declared", "from before"],
)
def test_another_picture_or_one_with_permission_is_none_that_came_down(
    look: Look | None, accounts: tuple[AccountId, ...], said: Pictured
) -> None:
    again = picture(inspection=replace(INSPECTION, look=look))
    draft = post("Our trip", again, pictured=said, accounts=accounts)
    assert "taken_down" not in categories(draft, Check.IMAGE_CONSENT, SEEN_BEFORE)


def looked(**more: object) -> Image:
    given = {"read": True, "faces": 0} | more
    return picture(inspection=replace(INSPECTION, look=Look(**given)))  # type: ignore[arg-type]


@proves("STEP-NAME-1")
@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Certificate of Merit\nawarded to\nAmelia Khan\n,q |", "a pupil in Year 4: A.K."),
        ("KOFI MENSAH", "a pupil in Year 2: K.M."),
        ("Amelia Khan (4B)", "a pupil in Year 4: A.K."),
        ("Tobias\nLindqvist", "a pupil at one of our schools"),
        ("Star of the week\nAmelia\nYear 4", "a pupil in Year 4: A.K."),
    ],
)
@pytest.mark.parametrize("said", [Pictured(Who.NOBODY), these("amelia")])
def test_a_name_that_can_be_read_in_a_picture_stops_it(
    words: str, who: str, said: Pictured
) -> None:
    (found,) = judged(post("Our assembly", picture(), looked(words=words), pictured=said))
    assert (found.category, found.severity) == ("named_in_picture", Severity.BLOCK)
    assert (found.field, found.allowable) == ("image[1]", True)
    assert f"name {who}" in found.reason


@proves("STEP-NAME-1")
@pytest.mark.parametrize("words", ["Amelia", "well done\nAMELIA\n_ |", "Amelia's peg", "~ Kofi"])
def test_a_first_name_in_a_picture_is_asked_about_once(words: str) -> None:
    (found,) = judged(post("Our new pegs", looked(words=words)))
    assert (found.category, found.severity) == ("perhaps_in_picture", Severity.FLAG)
    assert (found.field, found.confirm) == ("image[0]", "not_a_pupil")
    assert "Amelia" not in found.reason


@pytest.mark.parametrize(
    "words", ["", "Certificate of Merit\nYear 4", "Mrs Okafor", "Grace", "ZOE", "Amelia Earhart"]
)
def test_other_words_in_a_picture_stop_nothing(words: str) -> None:
    assert judged(post("Our assembly", looked(words=words))) == ()


@proves("STEP-CONS-1")
@pytest.mark.parametrize(
    ("faces", "said", "told"),
    [
        (3, these("amelia"), "We count at least 3 faces, and one pupil is named."),
        (3, these("amelia", "zoe"), "We count at least 3 faces, and 2 pupils are named."),
        (1, Pictured(Who.NOBODY), "We count at least one face, and no pupil is named."),
        (
            3,
            replace(these("amelia"), staff=frozenset({PersonId("reed")})),
            "We count at least 3 faces, and 2 people are named.",
        ),
        (
            2,
            Pictured(Who.NOBODY, staff=frozenset({PersonId("reed")})),
            "We count at least 2 faces, and one colleague is named.",
        ),
    ],
)
def test_more_faces_than_declared_are_confirmed(faces: int, said: Pictured, told: str) -> None:
    agreed = {PupilKey(key): (consent(key, Status.GRANTED),) for key in ("amelia", "zoe")}
    context = replace(CONTEXT, consents=agreed)
    (found,) = judged(post("Our trip", looked(faces=faces), pictured=said), context)
    assert (found.category, found.severity) == ("more_faces", Severity.FLAG)
    assert found.field == "image[0]"
    assert found.confirm == "everyone_may_be_shown"
    assert found.reason.endswith(told)
    assert without_permission((found,)) == frozenset()


@pytest.mark.parametrize("faces", [0, 1, 3])
def test_no_face_and_three_declared_pupils_is_no_fault(faces: int) -> None:
    keys = ("amelia", "kofi", "zoe")
    agreed = {PupilKey(key): (consent(key, Status.GRANTED),) for key in keys}
    context = replace(CONTEXT, consents=agreed)
    draft = post("From behind", looked(faces=faces), pictured=these(*keys))
    assert judged(draft, context) == ()


def test_checks_that_did_not_run_are_told() -> None:
    found = judged(post("Our trip", looked(read=False, faces=None), looked()))
    assert [(one.field, one.category, one.severity) for one in found] == [
        ("image[0]", "not_counted", Severity.NOTE),
        ("image[0]", "not_read", Severity.NOTE),
    ]


def test_a_child_who_isnt_on_the_list_has_no_label() -> None:
    (finding,) = judged(post("Our trip", picture(), pictured=these("stranger")))
    assert "a child who isn't on our list" in finding.reason
    named = replace(CONTEXT, labels={PupilKey("stranger"): "S.T., Year 1"})
    (finding,) = judged(post("Our trip", picture(), pictured=these("stranger")), named)
    assert "S.T., Year 1" in finding.reason


@proves("AUR-ALT-1")
def test_every_picture_is_described() -> None:
    found = judged(post("Our garden", picture(" "), picture(), picture("IMG_2041.jpg")))
    assert [(one.field, one.category, one.severity) for one in found] == [
        ("alt[0]", "missing", Severity.BLOCK),
        ("alt[2]", "not_a_description", Severity.FLAG),
    ]


def test_what_a_pictures_file_gives_away_is_told() -> None:
    placed = replace(INSPECTION, has_position=True)
    named = replace(INSPECTION, metadata=(("XMP PersonInImage", "Amelia Khan"),))
    found = judged(post("Our trip", picture(inspection=placed), picture(inspection=named)))
    assert [(one.field, one.category, one.severity) for one in found] == [
        ("image[0]", "position", Severity.NOTE),
        ("image[1]", "named_in_file", Severity.BLOCK),
    ]
    declared = post("Our trip", picture(inspection=named), pictured=these("amelia"))
    assert judged(declared) == ()


@proves("STEP-NAME-1")
@pytest.mark.parametrize(
    "told",
    [
        {"file_name": "tobias-lindqvist.jpg"},
        {"file_name": "TobiasLindqvist_2.HEIC"},
        {"inspection": replace(INSPECTION, metadata=(("IPTC Caption", "Tobias Lindqvist"),))},
        {"inspection": replace(INSPECTION, metadata=(("EXIF Artist", "Lindqvist, Tobias"),))},
    ],
)
@pytest.mark.parametrize("roster", [ROSTER, None])
def test_a_file_that_names_another_schools_pupil_says_no_more_than_that(
    told: dict[str, object], roster: Roster | None
) -> None:
    context = replace(CONTEXT, roster=roster)
    draft = post("Our rocket", picture(**told))  # type: ignore[arg-type]
    (named,) = (one for one in judged(draft, context) if one.category == "other_school_in_file")
    assert (named.severity, named.field, named.about) == (Severity.FLAG, "image[0]", "elsewhere")
    assert "names a pupil at one of our schools" in named.reason


def test_a_colleagues_name_in_a_file_is_no_other_schools_pupil() -> None:
    photographer = replace(INSPECTION, metadata=(("EXIF Artist", "Tobias Lindqvist"),))
    context = replace(CONTEXT, staff=("Tobias Lindqvist",))
    assert judged(post("Our rocket", picture(inspection=photographer)), context) == ()


@proves("AUR-NAME-1")
def test_with_written_consent_a_pupil_may_be_named() -> None:
    settings = replace(STEP.settings, pupil_names=PupilNames.WITH_WRITTEN_CONSENT)
    pack = replace(STEP, settings=settings)
    agreed = {PupilKey("amelia"): (consent("amelia", Status.GRANTED, purpose=Purpose.NAME),)}
    context = replace(CONTEXT, consents=agreed)
    named = judge(post("Well done Amelia Khan"), pack, context)
    assert [(one.category, one.severity) for one in named] == [("consented", Severity.NOTE)]
    (other,) = judge(post("Well done Kofi Mensah"), pack, context)
    assert other.severity is Severity.BLOCK
    (never,) = judge(post("Well done Amelia Khan"), STEP, context)
    assert never.severity is Severity.BLOCK


def test_findings_come_by_field_then_by_place() -> None:
    draft = post(
        "Ring 07700 900123, Amelia Khan, and see bit.ly/x",
        picture("Kofi Mensah at www.example.org"),
        picture(""),
        pictured=Pictured(),
    )
    order = [(one.field, one.start) for one in judged(draft)]
    assert order == [
        ("text", 5),
        ("text", 19),
        ("text", 40),
        ("alt[0]", 0),
        ("alt[0]", 15),
        ("alt[1]", None),
        ("post", None),
    ]


def test_of_two_findings_the_one_that_begins_first_comes_first() -> None:
    found = judged(post("A.K. bit.ly/x (4B)"))
    assert [(one.check, one.start) for one in found] == [
        (Check.IDENTIFICATION, 0),
        (Check.LINKS, 5),
    ]


def test_who_and_where_are_said_in_general_where_nothing_else_is_known() -> None:
    rules = tuple(
        replace(rule, why="{who} is on {where}.") if rule.check is Check.LINKS else rule
        for rule in STEP.rules
    )
    (one,) = judge(post("See bit.ly/x"), replace(STEP, rules=rules), CONTEXT)
    assert one.reason == "somebody is on our pages."


def test_a_packs_own_words_are_marked_where_they_stand() -> None:
    text = "Parents, the closing date for clubs is Friday. See you soon"
    found = judged(post("Our garden", picture(text)))
    (one,) = (one for one in found if one.category == "only_here")
    assert (one.field, text[one.start : one.end]) == (
        "alt[0]",
        "closing date for clubs is Friday",
    )


def test_a_comment_has_its_own_rules() -> None:
    comment = post("20% off at my salon! I think so.", kind=Kind.COMMENT)
    assert situation_of(comment) is Situation.COMMENT
    (finding,) = judged(comment)
    assert (finding.clause, finding.severity) == ("STEP-REM-4", Severity.BLOCK)
    opinion = post("I think that the council is wrong", kind=Kind.COMMENT)
    assert judged(opinion) == ()


WORDS = st.sampled_from(
    [
        "Amelia", "Khan", "kofi", "Mensah's", "Year", "4", "fuck", "bit.ly/x", "07700", "900123",
        "@", "#", ".", ",", "\n", "\u00e9", "\U0001f600", "in", "we promise", "will", "closed",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=12).map(" ".join))
DRAFTS = st.builds(
    Draft,
    text=TEXTS,
    images=st.lists(st.builds(Image, alt=TEXTS, file_name=st.text(max_size=12)), max_size=2).map(
        tuple
    ),
    pictured=st.builds(
        Pictured,
        st.sampled_from(Who),
        st.frozensets(st.sampled_from(["amelia", "kofi", "zoe", "x"]).map(PupilKey)),
    ),
    accounts=st.sampled_from([(), (FACEBOOK,), (FACEBOOK, INSTAGRAM), (AccountId("unknown"),)]),
    kind=st.sampled_from(Kind),
)


@given(DRAFTS)
def test_every_draft_is_answered_with_places_inside_its_fields(draft: Draft) -> None:
    findings = judged(draft)
    assert findings == judged(draft)
    assert len({finding.key for finding in findings}) == len(findings)
    fields = {"text": draft.text} | {f"alt[{at}]": one.alt for at, one in enumerate(draft.images)}
    for finding in findings:
        if finding.start is not None:
            assert finding.end is not None
            assert 0 <= finding.start < finding.end <= len(fields[finding.field])
        assert finding.clause in STEP.clauses
        assert (finding.confirm != "") is (finding.severity is Severity.FLAG)


@given(DRAFTS)
def test_no_reason_repeats_the_roster_or_the_draft(draft: Draft) -> None:
    for finding in judged(draft):
        for _, first, last, _, _ in PUPILS:
            assert first not in finding.reason
            assert last not in finding.reason
        assert "{" not in finding.reason
        assert ".." not in finding.reason
