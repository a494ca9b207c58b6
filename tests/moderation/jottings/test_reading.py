"""What a message says about a draft: read line by line, and never guessed at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, strategies as st

from moderation.checks.model import Pictured, Who
from moderation.jottings.model import (
    Jotting,
    JottingId,
    Read,
    Reply,
    SayAccounts,
    SayAlt,
    SayClass,
    SayColleagues,
    SayNoPupils,
    SayPupils,
    SayText,
    Standing,
    Unclear,
    Wish,
)
from moderation.jottings.reading import Known, names_in, read
from moderation.kernel import BlobId, PersonId, Platform
from moderation.ports import Conversation
from moderation.posts.model import Attachment
from moderation.posts.queries import Target
from tests.fakes.trust import FACEBOOK, INSTAGRAM, NOON, OAK, X


def target(account: object, platform: str, name: str) -> Target:
    return Target(account=account, school=OAK, platform=platform, name=name, limit=100)  # type: ignore[arg-type]


KNOWN = Known(
    targets=(
        target(FACEBOOK, "facebook", "Oakfield Primary"),
        target(X, "x", "Oakfield PE and Sport"),
        target(INSTAGRAM, "instagram", "Oakfield Primary"),
    ),
    forms=("4B", "4", "Acorn", "Year 6 Owls"),
)
PICTURES = tuple(Attachment(blob=BlobId(f"sha256:{at}"), alt="") for at in range(2))
OPEN = Jotting(
    id=JottingId("j1"),
    person=PersonId("reed"),
    conversation=Conversation(Platform.SLACK, "D1"),
    standing=Standing.OPEN,
    opened_at=NOON,
    touched_at=NOON,
    text="The fair is on Saturday.",
    pictures=PICTURES,
)
TEXT_ALONE = replace(OPEN, pictures=())
SAID = replace(OPEN, accounts=(X,), pictured=Pictured(Who.NOBODY))


def replies(words: str, jotting: Jotting = OPEN) -> tuple[Reply, ...]:
    return read(words, jotting, KNOWN).replies


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("facebook", SayAccounts((FACEBOOK,))),
        ("Facebook and X", SayAccounts((FACEBOOK, X))),
        ("fb, insta", SayAccounts((FACEBOOK, INSTAGRAM))),
        ("on our Facebook page, please", None),
        ("to the sport account", SayAccounts((X,))),
        ("oakfield", Unclear("oakfield")),
        ("Nobody.", SayNoPupils(Who.NOBODY)),
        ("no pupils", SayNoPupils(Who.NOBODY)),
        ("nobody can be recognised", SayNoPupils(Who.NOT_RECOGNISABLE)),
        ("No one can be recognized!", SayNoPupils(Who.NOT_RECOGNISABLE)),
        ("4b", SayClass("4B")),
        ("class 4B", SayClass("4B")),
        ("all of class 4B", SayClass("4B")),
        ("class 4B all but Amelia K", SayClass("4B", ("Amelia K",))),
        ("4B, all except Amelia K and Ben O.", SayClass("4B", ("Amelia K", "Ben O"))),
        ("everybody in Acorn but Wren", SayClass("Acorn", ("Wren",))),
        ("year 6 owls without Sam", SayClass("Year 6 Owls", ("Sam",))),
        ("with Amelia K and Kofi F", SayPupils(("Amelia K", "Kofi F"))),
        ("pupils: Amelia, Kofi", SayPupils(("Amelia", "Kofi"))),
        ("with class 4B", SayClass("4B")),
        ("colleagues: Mrs Okafor and Sam Reed", SayColleagues(("Mrs Okafor", "Sam Reed"))),
        ("Staff: Okafor.", SayColleagues(("Okafor",))),
        ("colleagues: none", SayColleagues()),
        ("picture 2: Two boys on a bench", SayAlt(2, "Two boys on a bench")),
        ("Photo 1 A banner", SayAlt(1, "A banner")),
        ("pictures: The choir", SayAlt(0, "The choir")),
        ("text: Other words.\nAnd more.", SayText("Other words.\nAnd more.")),
    ],
)
def test_an_answer_is_read(words: str, reply: Reply | None) -> None:
    if reply is not None:
        assert replies(words) == (reply,)
        assert read(words, OPEN, KNOWN).answers
    else:
        assert not any(isinstance(it, SayText) for it in replies(words))


def test_several_lines_are_several_answers() -> None:
    said = replies("x\nclass 4B\n\npicture 1: A tree\npicture 2: A hedge")
    assert said == (
        SayAccounts((X,)),
        SayClass("4B"),
        SayAlt(1, "A tree"),
        SayAlt(2, "A hedge"),
    )


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("post", Wish.MAKE),
        ("Post it!", Wish.MAKE),
        ("make this a post", Wish.MAKE),
        ("Not a post.", Wish.FORGET),
        ("forget it", Wish.FORGET),
    ],
)
def test_a_wish_is_read(words: str, wish: Wish) -> None:
    assert read(words, OPEN, KNOWN) == Read(wish=wish, answers=True)


def test_the_first_message_is_the_draft_s_own_words_whatever_it_says() -> None:
    for words in ("facebook", "post", "new: no", "class 4B"):
        assert read(words, None, KNOWN) == Read(wish=Wish.ANEW, words=words)
    assert read("new: Another one", OPEN, KNOWN) == Read(wish=Wish.ANEW, words="Another one")


def test_words_that_answer_nothing_are_the_draft_s_where_it_has_none() -> None:
    bare = replace(OPEN, text="")
    assert replies("A tree was planted.\nCome and see.", bare) == (
        SayText("A tree was planted.\nCome and see."),
    )
    assert replies("x\nA tree was planted.", bare) == (
        SayAccounts((X,)),
        SayText("A tree was planted."),
    )


def test_else_they_are_names_while_it_is_asked_who_is_in_it() -> None:
    assert replies("Amelia K and Kofi") == (SayPupils(("Amelia K", "Kofi"), "Amelia K and Kofi"),)
    assert not read("Amelia K and Kofi", OPEN, KNOWN).answers
    long = "this is much too long a line to be anybody's name or names at all, isn't it"
    assert replies(long) == (Unclear(long),)


def test_else_a_description_where_nothing_else_is_asked() -> None:
    assert replies("Two boys on a bench", SAID) == (SayAlt(1, "Two boys on a bench"),)
    assert replies("A tree\nA hedge", SAID) == (SayAlt(1, "A tree"), SayAlt(2, "A hedge"))
    assert replies("nobody\nA tree", replace(SAID, pictured=OPEN.pictured)) == (
        SayNoPupils(Who.NOBODY),
        SayAlt(1, "A tree"),
    )


def test_without_pictures_nothing_is_said_of_any() -> None:
    for words in ("nobody", "class 4B", "picture 1: A tree", "with Amelia"):
        assert replies(words, TEXT_ALONE) == (Unclear(words),)


def test_a_form_is_no_part_of_a_longer_word() -> None:
    assert replies("40 of us went")[0] != SayClass("4")
    assert replies("4 all but Ben") == (SayClass("4", ("Ben",)),)


PIECES = st.sampled_from(
    [
        *("class", "4B", "all but", "Amelia K", "nobody", "picture", "2", ":", "x", "facebook"),
        *("and", "text:", "new:", "post", "not a post", "\n", ",", "with", "’", "("),
        *("\u017f", "\u0130", "\u202e"),
    ]
)
ANYTHING = st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join))
DRAFTS = st.sampled_from([OPEN, TEXT_ALONE, SAID, replace(OPEN, text=""), None])


@given(words=ANYTHING, jotting=DRAFTS)
def test_anything_is_read_the_same_way_every_time(words: str, jotting: Jotting | None) -> None:
    found = read(words, jotting, KNOWN)
    assert found == read(words, jotting, KNOWN)
    accounts = {it.account for it in KNOWN.targets}
    for reply in found.replies:
        match reply:
            case SayAccounts(accounts=said):
                assert said
                assert accounts.issuperset(said)
            case SayClass(form=form, but=but):
                assert form in KNOWN.forms
                assert all(name.strip() and name in words for name in but)
            case SayPupils(names=names):
                assert all(name in words for name in names)
            case SayColleagues(names=names):
                assert all(name in words for name in names)
            case SayAlt(words=said):
                assert said.strip()
                assert said in words
            case SayText(text=said):
                assert said.strip()
            case Unclear(line=line):
                assert line in words
            case SayNoPupils(who=who):
                assert who in {Who.NOBODY, Who.NOT_RECOGNISABLE}
    if jotting is not None and found.wish is None and words.strip():
        assert found.replies, "every message is heard, if only as unclear"


@given(st.text())
@example("\x1f")
@example(". \u2028 !")
def test_names_are_never_empty(text: str) -> None:
    assert all(name.strip() for name in names_in(text))


@given(st.sampled_from(KNOWN.forms), st.lists(st.sampled_from(["Amelia K", "Kofi", "Wren T"])))
def test_a_class_without_some_is_read_back(form: str, names: list[str]) -> None:
    words = f"class {form}" + (f" all but {', '.join(names)}" if names else "")
    assert replies(words) == (SayClass(form, tuple(dict.fromkeys(names))),)
