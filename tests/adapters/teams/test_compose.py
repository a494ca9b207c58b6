"""The form of a post: what it shows, and what it holds, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters import writing
from adapters.door import FormChoice, Judgement, PupilChoice, Stop, Target
from adapters.payloads import BadPayload
from adapters.sentences import MAY_NOT_PROPOSE
from adapters.teams import compose_memo, compose_reading as read, compose_views as draw, payload
from adapters.teams.compose_memo import Memo
from adapters.teams.compose_views import Sheet
from adapters.teams.limits import problems
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, PostId, PupilKey
from moderation.posts.commands import Propose, Revise
from moderation.posts.model import Attachment
from moderation.views import FindingLine, Tone
from tests.adapters.slack.test_inert import strings
from tests.adapters.teams.hostile import parsed, texts
from tests.adapters.teams.pressing import inputs, sends


if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.teams.compose_reading import Filled

LONDON = ZoneInfo("Europe/London")
CUP, GARDEN = BlobId(f"sha256:{1:064x}"), BlobId(f"sha256:{2:064x}")
FACEBOOK = Target(
    account=AccountId("oak-facebook"),
    label="Facebook · Oakfield Primary",
    page="Oakfield Primary",
    platform="facebook",
    limit=63_206,
)
X = replace(FACEBOOK, account=AccountId("oak-x"), label="X · @oakfield", platform="x", limit=280)
CLASS = FormChoice(key="4B", label="Class 4B, 2 pupils")
AMELIA = PupilChoice(pupil=PupilKey("p-1"), label="Amelia K. · Y4 · 4B")
NOAH = PupilChoice(pupil=PupilKey("p-2"), label="Noah, T. · Y4 · 4B")
EMPTY = Sheet(post=PostId("01POST"), request="request-1", targets=(FACEBOOK, X))
WITH_PICTURES = replace(
    EMPTY,
    accounts=(FACEBOOK.account,),
    text="We won the cup.",
    pictures=(
        Attachment(blob=CUP, alt="A cup"),
        Attachment(blob=GARDEN, alt="", file_name="g.jpg"),
    ),
    shown={CUP: "https://cards.example/media/cup"},
    classes=(CLASS,),
)
ALT_2 = payload.words_id(f"alt:{2:064x}")


def form(sheet: Sheet, typed: Mapping[str, str] | None = None, *, dialog: bool = True) -> Filled:
    """The form as it is read when it is sent with this typed into it."""
    message = draw.compose(sheet, LONDON, dialog=dialog)
    assert problems(message) == ()
    sent = payload.read(sends(message.card, draw.PROPOSE, typed or {}))
    assert isinstance(sent, payload.Sent)
    found = read.filled(sent, LONDON)
    assert not isinstance(found, BadPayload)
    return found


@pytest.mark.parametrize("dialog", [False, True])
def test_what_is_typed_comes_back(dialog: bool) -> None:  # noqa: FBT001 -- a parameter of pytest's
    filled = form(
        EMPTY,
        {
            payload.many_id("accounts"): "oak-facebook,oak-x",
            payload.words_id("text"): "We won the cup.\nAll of us.",
            payload.date_id("when"): "2026-07-01",
            payload.time_id("when"): "08:00",
        },
        dialog=dialog,
    )
    assert filled.accounts == (FACEBOOK.account, X.account)
    asks = read.written(filled).asks
    assert isinstance(asks, Propose)
    assert asks.content.text == "We won the cup.\nAll of us."
    assert asks.content.not_before == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert filled.request == "request-1"


def test_a_correction_begins_as_it_stands() -> None:
    stands = replace(
        WITH_PICTURES,
        seen=3,
        who=Who.NOBODY,
        not_before=datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
        pictures=(Attachment(blob=CUP, alt="A cup"),),
    )
    asks = read.written(form(stands), stands.pictures).asks
    assert isinstance(asks, Revise)
    assert asks.seen == 3
    assert asks.content.text == stands.text
    assert asks.content.attachments == stands.pictures
    assert asks.content.pictured == Pictured(Who.NOBODY, frozenset())
    assert asks.content.not_before == stands.not_before


def test_nobody_proposes_where_they_may_not() -> None:
    message = draw.compose(replace(EMPTY, targets=()), LONDON, dialog=True)
    assert MAY_NOT_PROPOSE in str(message.card)
    assert inputs(message.card) == []


def test_a_class_is_asked_for_its_exceptions_by_the_same_form_once_more() -> None:
    whole = writing.form_value("4B")
    first = form(WITH_PICTURES, {payload.words_id("who"): whole, ALT_2: "Beds with leeks"})
    assert first.to_ask
    assert first.who is Who.THESE
    again = replace(WITH_PICTURES, form="4B", who=first.who, pupils=(AMELIA, NOAH))
    second = form(again, {payload.many_id("but"): payload.item("p-2")})
    assert not second.to_ask
    assert (second.form, second.but) == (whole, frozenset({NOAH.pupil}))


def test_children_are_searched_by_name() -> None:
    message = draw.compose(WITH_PICTURES, LONDON, dialog=True)
    search = next(it for it in inputs(message.card) if it["id"] == payload.many_id("also"))
    assert search["style"] == "filtered"
    asked = draw.searched_post(search["choices.data"]["dataset"])
    assert asked == (draw.PUPILS, WITH_PICTURES.post)
    assert draw.searched_post("films/1") is None
    results = draw.search_results([NOAH], [CLASS])["value"]["results"]
    assert [it["title"] for it in results] == ["All of Class 4B, 2 pupils", "Noah, T. · Y4 · 4B"]
    filled = form(
        WITH_PICTURES,
        {
            payload.words_id("who"): Who.THESE.value,
            payload.many_id("also"): ",".join(it["value"] for it in results),
            ALT_2: "Beds with leeks",
        },
    )
    assert filled.also == (writing.form_value("4B"), "p-2")


def test_each_description_is_its_pictures_or_the_one_for_all() -> None:
    filled = form(
        WITH_PICTURES,
        {payload.words_id("who"): Who.NOBODY.value, payload.words_id("alt"): "Our week"},
    )
    alts = [it.alt for it in read.described(filled, WITH_PICTURES.pictures)]
    assert alts == ["A cup", "Our week"]
    out = form(
        WITH_PICTURES,
        {
            payload.words_id("who"): Who.NOBODY.value,
            payload.many_id("out"): writing.mark(CUP),
        },
    )
    assert [it.blob for it in read.described(out, WITH_PICTURES.pictures)] == [GARDEN]


def test_what_is_missing_stands_at_its_field() -> None:
    filled = form(WITH_PICTURES, {payload.words_id("who"): Who.THESE.value})
    wrong = read.missing(filled, WITH_PICTURES.pictures)
    assert wrong == {f"alt:{2:064x}": writing.NO_ALT, "also": writing.NO_PUPILS}
    empty = replace(filled, accounts=(), text=" ", who=Who.NOT_SAID)
    assert read.missing(empty, WITH_PICTURES.pictures) == {
        "accounts": writing.NO_ACCOUNT,
        "text": writing.NO_TEXT,
        f"alt:{2:064x}": writing.NO_ALT,
        "who": writing.NO_WHO,
    }
    drawn = draw.compose(replace(WITH_PICTURES, wrong=wrong), LONDON, dialog=True)
    assert {writing.NO_ALT, writing.NO_PUPILS} <= set(strings(drawn.card))


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("text", "text"),
        ("post", "text"),
        ("alt[0]", f"alt:{1:064x}"),
        ("image[0]", "out"),
        ("pupils", "also"),
        ("alt[7]", "text"),
    ],
)
def test_what_the_checks_stop_stands_at_its_field(field: str, named: str) -> None:
    filled = form(WITH_PICTURES, {payload.words_id("who"): Who.NOBODY.value})
    content = read.written(filled, WITH_PICTURES.pictures).content
    line = FindingLine(
        words="Amelia", reason="A name.", policy="Our policy", clause="N-1", tone=Tone.STOPPED
    )
    wrong = read.stopped(filled, Judgement(stops=(Stop(field=field, line=line),)), content)
    assert list(wrong) == [named]
    assert wrong[named].startswith("“Amelia”: A name. Our policy (N-1)")
    assert wrong[named].endswith(writing.AS_IT_IS)


@pytest.mark.parametrize("words", texts()[::4], ids=lambda words: ascii(words)[:40])
def test_hostile_words_stay_words(words: str) -> None:
    sheet = replace(
        WITH_PICTURES,
        text=words,
        targets=(replace(FACEBOOK, label=words),),
        classes=(replace(CLASS, label=words),),
        named=(("p-1", words),),
        form=CLASS.key,
        pupils=(PupilChoice(pupil=PupilKey("p-2"), label=words),),
        pictures=(Attachment(blob=CUP, alt=words[:2_000], file_name=words),),
        notes=(words,),
        wrong={"text": words},
    )
    message = draw.compose(sheet, LONDON, dialog=False)
    assert problems(message) == ()
    assert list(parsed(message.card)) == []


@given(
    st.builds(
        Memo,
        place=st.sampled_from(["", "19:abc@thread.tacv2;messageid=1", "a:1_x"]),
        writer=st.just("") | st.uuids().map(str),
        asked=st.sampled_from(["", writing.form_value("4B")]),
    )
)
def test_the_memo_comes_back(memo: Memo) -> None:
    assert compose_memo.memo(memo.dumps()) == memo
    assert len(memo.dumps()) <= payload.LONGEST_MEMO


@pytest.mark.parametrize(
    "raw", ["", "[]", "{", '{"c": 1}', '{"w": "me"}', '{"a": "form:"}', '{"c": "a b"}', "[" * 9_999]
)
def test_a_memo_that_nobody_of_us_wrote_is_refused(raw: str) -> None:
    assert isinstance(compose_memo.memo(raw), BadPayload)


def test_another_form_is_not_a_posts() -> None:
    data = sends(draw.compose(EMPTY, LONDON, dialog=True).card, draw.PROPOSE, FILLED)
    for change in ({"memo": "x"}, {"request": ""}, {payload.words_id("text"): "x" * 20_001}):
        sent = payload.read({**data, **change})
        assert isinstance(sent, payload.Sent)
        assert isinstance(read.filled(sent, LONDON), BadPayload)


FILLED = {payload.many_id("accounts"): "oak-x", payload.words_id("text"): "Words"}
