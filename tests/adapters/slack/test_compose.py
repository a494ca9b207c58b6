"""The dialog of a post: what it shows, inside Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from adapters import writing
from adapters.door import FormChoice
from adapters.sentences import MAY_NOT_PROPOSE
from adapters.slack import compose_reading as read, compose_views as draw
from adapters.slack.compose_views import Memo, Sheet
from adapters.slack.limits import problems
from moderation.checks.model import Who
from moderation.kernel import AccountId
from tests.adapters.slack import hostile
from tests.adapters.slack.sheets import (
    CLASS,
    FACEBOOK,
    KEY,
    MEMO,
    ROBINS,
    X,
    dialog,
    picture,
    sheet,
)
from tests.fakes.slack_dialog import Dialog


# -- what it shows --------------------------------------------------------------------------------


def test_a_post_of_words_asks_for_three_things_and_no_more() -> None:
    shown = dialog()
    assert shown.fields == ("accounts", "text:0:none", "files", "when")
    assert "Up to 63,206 characters on Facebook." in shown.words()
    assert problems(shown.view) == ()


def test_each_chosen_network_says_how_much_fits_the_tightest_first() -> None:
    other = replace(X, account=AccountId("oak-x-2"))
    every = (FACEBOOK, X, other)
    shown = dialog(targets=every, accounts=tuple(it.account for it in every))
    assert "Up to 280 characters on X and 63,206 on Facebook." in shown.words()
    assert "Up to 280 characters on X." in dialog(accounts=(X.account,)).words()


def test_pictures_ask_what_they_show_and_who_is_in_them() -> None:
    one = dialog(pictures=(picture(1),), classes=(CLASS, ROBINS))
    assert [name.partition(":")[0] for name in one.fields] == [
        *("accounts", "text", "alt", "out", "who", "staff", "files", "when")
    ]
    two = dialog(pictures=(picture(1), picture(2)), classes=(CLASS,))
    assert [name for name in two.fields if name.startswith("alt")] == [
        *("alt", f"alt:{picture(1).blob[7:]}", f"alt:{picture(2).blob[7:]}")
    ]
    assert two.block("files")["element"]["max_files"] == 8
    assert "All of" not in one.words()


def test_only_what_may_stay_empty_is_said_to_be_optional() -> None:
    one = dialog(pictures=(picture(1),), who=Who.THESE)
    optional = {
        block["block_id"].partition(":")[0]
        for block in one.view["blocks"]
        if block.get("optional", False)
    }
    assert optional == {"out", "staff", "files", "when"}


def test_a_class_asks_who_of_it_is_not_there_and_another_class_asks_anew() -> None:
    shown = dialog(pictures=(picture(1),), classes=(CLASS, ROBINS), who=Who.THESE, form="4B")
    first = shown.block("but")["block_id"]
    assert shown.block("but")["label"]["text"] == "All of 4B but"
    shown.draw(
        draw.view(
            sheet(pictures=(picture(1),), classes=(CLASS, ROBINS), who=Who.THESE, form="Robins")
        )
    )
    assert shown.block("but")["block_id"] != first
    assert shown.block("also")["label"]["text"] == "And also"


def test_pupils_that_were_named_before_stand_there() -> None:
    shown = dialog(pictures=(picture(1),), who=Who.THESE, named=((KEY, "Amelia K. · Y4 · 4B"),))
    assert shown.block("also")["label"]["text"] == "Pupils in it"
    assert read.filled(shown.sent()).also == {KEY: "Amelia K. · Y4 · 4B"}


def test_what_comes_along_with_a_message_is_said() -> None:
    memo = replace(MEMO, writer="U0LUND", files=("F0000001", "F0000002"))
    words = dialog(memo=memo).words()
    assert "The message's two pictures will come along." in words
    assert "Whoever wrote the message counts as its author too" in words
    assert "picture will come along" in dialog(memo=replace(memo, files=("F0000001",))).words()


def test_whoever_may_propose_nowhere_is_told_so_without_a_form() -> None:
    shown = draw.view(sheet(targets=(), accounts=()))
    assert "submit" not in shown
    assert MAY_NOT_PROPOSE in Dialog(shown).words()
    assert problems(shown) == ()


def test_an_author_who_could_not_propose_there_keeps_the_account() -> None:
    shown = dialog(targets=())
    assert read.filled(shown.sent()).accounts == (FACEBOOK.account,)
    assert problems(shown.view) == ()


def test_more_accounts_than_one_list_can_hold_are_grouped() -> None:
    many = tuple(
        replace(FACEBOOK, account=AccountId(f"page-{at}"), label=f"Facebook · {'Page' * 30} {at}")
        for at in range(230)
    )
    shown = dialog(targets=many, accounts=(AccountId("page-229"),))
    assert problems(shown.view) == ()
    assert read.filled(shown.sent()).accounts == ("page-229",)


def test_far_too_much_is_said_and_not_cut() -> None:
    shown = draw.view(sheet(text="word " * 4_000))
    assert draw.TOO_LONG in Dialog(shown).words()
    assert problems(shown) == ()


def test_while_pictures_are_looked_at_the_words_stand_there() -> None:
    shown = draw.looking(replace(MEMO, seen=1), 2, "The *fair* <!channel>")
    assert "Looking at two pictures…" in Dialog(shown).words()
    assert "The *fair* <!channel>" in Dialog(shown).words()
    assert "mrkdwn" not in str(shown)
    assert problems(shown) == ()
    assert problems(draw.skeleton()) == problems(draw.skeleton(3)) == ()


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=400)
memos = st.builds(
    Memo,
    post=st.just(MEMO.post),
    seen=st.integers(0, 10_000),
    request=st.sampled_from(("", "01JD0000000000000000000009")),
    place=st.sampled_from(("", "C0OAKFIELD")),
    writer=st.sampled_from(("", "U0LUND")),
    files=st.lists(st.from_regex(r"F[A-Z0-9]{8,12}", fullmatch=True), max_size=10).map(tuple),
    kept=st.booleans(),
)
sheets = st.builds(
    Sheet,
    memo=memos,
    targets=st.just((FACEBOOK, X)),
    accounts=st.sampled_from(((), (X.account,), (FACEBOOK.account, X.account))),
    text=words,
    pictures=st.lists(
        st.builds(picture, st.integers(0, 2**64), words), max_size=10, unique_by=lambda it: it.blob
    ).map(lambda many: tuple(replace(it, file_name=it.alt[:255]) for it in many)),
    classes=st.lists(words.filter(str.strip), max_size=130, unique=True).map(
        lambda keys: tuple(FormChoice(key=key, label=key) for key in keys)
    ),
    who=st.sampled_from(Who),
    named=st.dictionaries(
        st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True), words.filter(str.strip), max_size=60
    ).map(lambda held: tuple(held.items())),
    not_before=st.none()
    | st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 -- Hypothesis wants naive bounds
        lambda it: it.replace(tzinfo=UTC, microsecond=0)
    ),
    notes=st.lists(words, max_size=12).map(tuple),
)


@given(sheets, st.data())
def test_whatever_it_holds_slack_takes_it_and_it_comes_back_as_it_was(
    made: Sheet, data: st.DataObject
) -> None:
    if made.classes and made.who is Who.THESE:
        made = replace(made, form=data.draw(st.sampled_from(made.classes)).key)
    view = draw.view(made)
    assert problems(view) == ()
    back = read.filled(Dialog(view).sent())
    assert (back.memo, back.text, back.not_before) == (made.memo, made.text, made.not_before)
    assert set(back.accounts) == set(made.accounts)
    assert (repr(made), repr(back)) == (f"Sheet({MEMO.post})", f"Filled({MEMO.post})")
    if made.pictures:
        assert back.who is made.who
        assert writing.form_of(back.form, made.classes) == made.form
        held = read.written(back, made.pictures, frozenset({KEY})).content.attachments
        assert [it.blob for it in held] == [it.blob for it in made.pictures]
        # Slack and we take white space around a description away.
        assert [it.alt for it in held] == [it.alt.strip() for it in made.pictures]


long_texts = st.builds(
    lambda piece, size: (piece * size)[:size],
    st.text("ab \n\U0001f389é", min_size=1, max_size=80),
    st.integers(1_400, 7_000),
)


@given(long_texts)
def test_a_long_text_is_spread_over_boxes_and_none_of_it_changes(text: str) -> None:
    view = draw.view(sheet(text=text))
    assert problems(view) == ()
    assert read.filled(Dialog(view).sent()).text == text


def test_a_long_text_that_was_changed_keeps_its_boxes_when_the_dialog_is_redrawn() -> None:
    """Slack keeps what stands in a box of the same name, whatever the drawing says."""
    shown = dialog(text="a" * 2_900 + "\n" + "b" * 2_000)
    shown.write("text:0:none", "Come to the fair.")
    shown.write("text:1:line", "It is on Saturday.")
    before = read.filled(shown.sent())
    assert before.text == "Come to the fair.\nIt is on Saturday."
    shown.draw(draw.view(sheet(text="", boxes=before.boxes)))
    assert read.filled(shown.sent()).text == before.text


@pytest.mark.parametrize("number", range(len(hostile.texts())))
def test_hostile_words_are_words_wherever_they_stand(number: int) -> None:
    text = hostile.texts()[number]
    short = text[:500]
    named = FormChoice(key=short or "4B", label=short or "4B")
    shown = (
        draw.view(
            sheet(
                text=text,
                targets=(replace(X, label=text), FACEBOOK),
                pictures=(replace(picture(1), alt=text, file_name=text), picture(2)),
                shown={picture(1).blob: "F0FILE00001"},
                classes=(named,),
                who=Who.THESE,
                form=named.key,
                named=((KEY, text),),
                notes=(text,),
            )
        ),
        draw.looking(MEMO, 1, text),
    )
    for view in shown:
        assert problems(view) == ()
        assert list(hostile.parsed(view)) == []
