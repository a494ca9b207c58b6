"""What the dialog of a post holds, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from adapters import writing
from adapters.door import Judgement, Stop
from adapters.slack import compose_reading as read
from adapters.slack.compose_blocks import option
from adapters.slack.compose_reading import BadForm
from adapters.writing import form_value, mark
from moderation.checks.model import Pictured, Who
from moderation.kernel import Identity, PersonId, Platform
from moderation.posts.commands import Propose, Revise
from moderation.views import FindingLine, Tone
from tests.adapters.slack.sheets import (
    CLASS,
    KEY,
    MEMO,
    ROBINS,
    X,
    dialog,
    picture,
)


if TYPE_CHECKING:
    from tests.fakes.slack_dialog import Dialog


def filled(shown: Dialog) -> read.Filled:
    return read.filled(shown.sent())


def test_a_new_post_is_a_proposal_and_a_stored_one_a_correction() -> None:
    shown = dialog()
    shown.write("text", "The fair is on Saturday.")
    shown.choose("accounts", "X · @oakfield")
    shown.at("when", 1_800_000_000)
    lund = frozenset({Identity(Platform.SLACK, "U0LUND")})
    made = read.written(filled(shown), writers=lund)
    assert isinstance(made.asks, Propose)
    assert made.asks.writers == lund
    assert made.content.text == "The fair is on Saturday."
    assert made.content.accounts == (X.account,)
    assert made.content.not_before == datetime.fromtimestamp(1_800_000_000, UTC)
    later = read.written(filled(dialog(memo=replace(MEMO, seen=3))))
    assert later.asks == Revise(post=MEMO.post, seen=3, content=later.content)
    assert made.key("U1") != later.key("U1")


def test_one_description_stands_for_all_that_have_none_of_their_own() -> None:
    many = (picture(1), picture(2), picture(3))
    shown = dialog(pictures=many)
    shown.write("alt", " Four pupils hold a banner. ")
    shown.write(f"alt:{mark(many[1].blob)}", "The banner alone.")
    shown.choose("out", "Picture 3")
    held = read.written(filled(shown), many).content.attachments
    assert [it.alt for it in held] == ["Four pupils hold a banner.", "The banner alone."]
    assert [it.file_name for it in held] == ["1.jpg", "2.jpg"]


def test_pupils_are_declared_where_there_are_pictures_alone() -> None:
    shown = dialog(pictures=(picture(1, "A cup."),), classes=(CLASS,))
    shown.choose("who", "4B, Year 4, 12 pupils")
    form = filled(shown)
    assert (form.who, form.form) == (Who.THESE, form_value("4B"))
    assert writing.form_of(form.form, (ROBINS, CLASS)) == "4B"
    assert writing.form_of("form:0000", (ROBINS, CLASS)) == ""
    made = read.written(form, (picture(1),), frozenset({KEY})).content
    assert made.pictured == Pictured(Who.THESE, frozenset({KEY}))
    assert read.written(form, (), frozenset({KEY})).content.pictured == Pictured()
    shown.choose("who", "No pupil can be recognised")
    made = read.written(filled(shown), (picture(1),)).content
    assert made.pictured == Pictured(Who.NOT_RECOGNISABLE)


def test_colleagues_are_declared_whatever_is_said_of_pupils() -> None:
    shown = dialog(pictures=(picture(1, "A cup."),))
    shown.choose("who", "No pupils")
    shown.take("staff", [option("lund", "Mr Erik Lund · staff")])
    form = filled(shown)
    assert form.staff == {"lund": "Mr Erik Lund · staff"}
    made = read.written(form, (picture(1),)).content.pictured
    assert made == Pictured(Who.NOBODY, staff=frozenset({PersonId("lund")}))
    assert read.written(form, ()).content.pictured == Pictured()
    again = dialog(pictures=(picture(1),), staff=tuple(form.staff.items()))
    assert filled(again).staff == form.staff


def test_children_of_another_class_are_not_taken_for_exceptions() -> None:
    shown = dialog(pictures=(picture(1),), classes=(CLASS, ROBINS), who=Who.THESE, form="4B")
    shown.take("but", [option(KEY, "Amelia K.")])
    assert filled(shown).but == {KEY}
    shown.choose("who", "Robins, Reception, one pupil")
    assert filled(shown).but == frozenset()


def test_what_has_to_be_filled_in_is_said_on_its_field() -> None:
    shown = dialog(accounts=(), text=" \u200b", pictures=(picture(1), picture(2, "A cup.")))
    form = filled(shown)
    assert read.missing(form, (picture(1), picture(2, "A cup."))) == {
        "accounts": writing.NO_ACCOUNT,
        "text:0:none": writing.NO_TEXT,
        "alt": writing.NO_ALT,
        "who": writing.NO_WHO,
    }
    one = dialog(pictures=(picture(1),), who=Who.THESE)
    own = f"alt:{mark(picture(1).blob)}"
    assert read.missing(filled(one), (picture(1),)) == {
        own: writing.NO_ALT,
        "also": writing.NO_PUPILS,
    }
    assert read.missing(filled(dialog()), ()) == {}


def stop(field: str, words: str = "") -> Stop:
    line = FindingLine(
        words=words,
        reason="This looks like a pupil.",
        policy="Images: no pupil's name with a photo",
        clause="STEP-NAME-1",
        tone=Tone.STOPPED,
    )
    return Stop(field=field, line=line)


def test_what_the_checks_stop_comes_back_on_its_field() -> None:
    many = (picture(1, "Amelia Khan."), picture(2, "A cup."))
    shown = dialog(pictures=many, classes=(CLASS,), who=Who.THESE, form="4B")
    form = filled(shown)
    content = read.written(form, many).content
    stops = (
        stop("text", "Amelia Khan"),
        stop("alt[0]"),
        stop("image[1]"),
        stop("pupils"),
        stop("post"),
    )
    wrong = read.stopped(form, Judgement(stops=stops), content)
    assert set(wrong) == {
        "text:0:none",
        f"alt:{mark(many[0].blob)}",
        "out",
        f"but:{form_value('4B')}",
    }
    first = wrong["text:0:none"]
    assert "“Amelia Khan”: This looks like a pupil." in first
    assert "Images: no pupil's name with a photo (STEP-NAME-1)" in first
    assert set(wrong) <= set(shown.fields)


def test_of_many_points_the_first_are_told_and_the_rest_counted() -> None:
    form = filled(dialog())
    stops = tuple(stop("text", f"Name {at}") for at in range(9))
    [told] = read.stopped(form, Judgement(stops=stops), read.written(form).content).values()
    assert "Name 2" in told
    assert "Name 3" not in told
    assert "And six more." in told


def change(raw: object, path: tuple[object, ...], value: object) -> object:
    if not path:
        return value
    head, *rest = path
    assert isinstance(raw, dict)
    return {**raw, head: change(raw.get(head, {}), tuple(rest), value)}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("private_metadata",), "{"),
        (("private_metadata",), "[]"),
        (("private_metadata",), None),
        (("private_metadata",), '{"p":"a b"}'),
        (("private_metadata",), '{"p":"01","s":true}'),
        (("private_metadata",), '{"p":"01","s":-1}'),
        (("private_metadata",), '{"p":"01","w":"<!channel>"}'),
        (("private_metadata",), '{"p":"01","f":["../x"]}'),
        (("private_metadata",), '{"p":"01","f":' + "[" * 3000),
        (("state", "values"), []),
        (("state", "values", "text:0:none", "value", "value"), 5),
        (("state", "values", "text:0:none", "value", "value"), "x" * 20_001),
        (("state", "values", "text:0:none", "value", "value"), "\0"),
        (("state", "values", "text:0:none", "value", "value"), "\ud800"),
        (("state", "values", "accounts", "compose_look", "selected_options"), "all"),
        (("state", "values", "accounts", "compose_look", "selected_options"), [{"value": ""}]),
        (("state", "values", "accounts", "compose_look", "selected_options"), [{}] * 101),
        (("state", "values", "files", "value", "files"), [{"id": "../../etc"}]),
        (("state", "values", "files", "value", "files"), [{"id": "F000"}] * 11),
        (("state", "values", "when", "value", "selected_date_time"), -1),
        (("state", "values", "when", "value", "selected_date_time"), 10**30),
    ],
)
def test_what_is_not_our_dialog_is_said_to_be_unreadable(
    path: tuple[object, ...], value: object
) -> None:
    with pytest.raises(BadForm, match="Nothing changed"):
        read.filled(change(dialog().sent(), path, value))


def test_nothing_at_all_is_unreadable() -> None:
    nothing: tuple[object, ...] = (None, "", [], {}, {"private_metadata": MEMO.dumps(), "state": 7})
    for raw in nothing:
        with pytest.raises(BadForm):
            read.filled(raw)
