"""The dialog of a post: what it shows, inside Slack's limits, and what it holds, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from adapters import writing
from adapters.door import FormChoice, Judgement, Stop, Target
from adapters.sentences import MAY_NOT_PROPOSE
from adapters.slack import compose_reading as read, compose_views as draw
from adapters.slack.compose_blocks import option
from adapters.slack.compose_message import message_files, message_words
from adapters.slack.compose_reading import BadForm
from adapters.slack.compose_views import Memo, Sheet
from adapters.slack.limits import problems
from adapters.writing import form_value, mark
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, Identity, Platform, PostId, PupilKey
from moderation.posts.commands import Propose, Revise
from moderation.posts.model import Attachment
from moderation.views import FindingLine, Tone
from tests.adapters.slack import hostile
from tests.fakes.slack_dialog import Dialog


FACEBOOK = Target(
    account=AccountId("oak-facebook"),
    label="Facebook · Oakfield Primary",
    page="Oakfield Primary",
    platform="facebook",
    limit=63_206,
)
X = replace(FACEBOOK, account=AccountId("oak-x"), label="X · @oakfield", platform="x", limit=280)
CLASS = FormChoice(key="4B", label="4B, Year 4, 12 pupils")
ROBINS = FormChoice(key="Robins", label="Robins, Reception, one pupil")
MEMO = Memo(post=PostId("01JD0000000000000000000000"))
KEY = PupilKey("p1")


def picture(number: int, alt: str = "") -> Attachment:
    return Attachment(blob=BlobId(f"sha256:{number:064x}"), alt=alt, file_name=f"{number}.jpg")


def sheet(**fields: object) -> Sheet:
    made = Sheet(memo=MEMO, targets=(FACEBOOK, X), accounts=(FACEBOOK.account,), text="The fair.")
    return replace(made, **fields)  # type: ignore[arg-type]


def dialog(**fields: object) -> Dialog:
    return Dialog(draw.view(sheet(**fields)))


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
        *("accounts", "text", "alt", "out", "who", "files", "when")
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
    assert optional == {"out", "files", "when"}


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


# -- what it holds --------------------------------------------------------------------------------


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


# -- a message that becomes a post ----------------------------------------------------------------


def test_a_messages_words_come_without_slacks_marks() -> None:
    message = {
        "text": "*The fair* …",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "The fair", "style": {"bold": True}},
                            {"type": "text", "text": " is on "},
                            {"type": "user", "user_id": "U1"},
                            {"type": "broadcast", "range": "channel"},
                            {"type": "emoji", "name": "tada", "unicode": "1f389"},
                            {"type": "emoji", "name": "odd", "unicode": "d800"},
                            {"type": "link", "url": "https://a.example", "text": "Tickets"},
                            {"type": "link", "url": "https://b.example"},
                            7,
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "text", "text": "Cakes & <b>"}],
                            }
                        ],
                    },
                    None,
                ],
            }
        ],
    }
    assert message_words(message) == (
        "The fair is on \U0001f389Ticketshttps://b.example\n• Cakes & <b>"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tea &amp; cake &lt;3", "Tea & cake <3"),
        ("<@U1> and <!channel> and <#C1|fair>: ask", "and  and : ask"),
        ("See <https://a.example|our page>", "See our page"),
        ("See <https://a.example>", "See https://a.example"),
        ("Write to <mailto:office@oak.example|office@oak.example>", "Write to office@oak.example"),
        (None, ""),
        (" \0x ", "x"),
    ],
)
def test_an_old_clients_message_is_read_from_its_text(text: object, words: str) -> None:
    assert message_words({"text": text}) == words


def test_a_messages_pictures_come_along_and_other_files_are_counted() -> None:
    files = [
        {"id": "F0000001", "mimetype": "image/jpeg"},
        {"id": "F0000002", "mimetype": "application/pdf"},
        {"id": "../../x", "mimetype": "image/png"},
        {"id": "F0000001", "mimetype": "image/jpeg"},
    ]
    assert message_files({"files": files})[0] == ("F0000001",)
    assert message_files({"files": files})[1] == 2
    many = [{"id": f"F{at:07}", "mimetype": "image/png"} for at in range(12)]
    assert len(message_files({"files": many})[0]) == 10
    assert message_files({}) == ((), 0)
    assert message_files({"files": 3}) == ((), 0)
