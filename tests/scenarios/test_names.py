"""Names that a school keeps as no pupil's: typed, agreed to by another, judged with, over again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from adapters.door import Again
from bot.imports.desk import Desk, Errand
from bot.imports.reading import Reader
from bot.tables import parse_table
from moderation.checks.model import Severity
from moderation.imports.model import Kind
from moderation.keeping.model import NAME
from moderation.keeping.present import KEEP
from moderation.posts.model import State
from storage.tables import metadata
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    LUND,
    MARSH,
    OAK,
    OKAFOR,
    PRICE,
    PUPILS,
    REED,
    identity,
)
from tests.proves import proves
from tests.scenarios.canary import exposed
from tests.scenarios.stage import Declined, Done, button, labels, said, words


if TYPE_CHECKING:
    from adapters.door import Answer
    from moderation.kernel import PersonId, PostId
    from moderation.views import Card
    from tests.scenarios.stage import Stage


AUTHOR = "Amelia Thistlewick"
VISIT = f"{AUTHOR} read her book to us."


async def typed(stage: Stage, who: PersonId, line: str) -> Answer | tuple[Card, ...]:
    answer = await stage.door.names(line, by=identity(who), key=stage.ids.new())
    await stage.settle()
    return answer


def card_of(stage: Stage, who: PersonId) -> Card:
    """The newest card about a name in somebody's private messages."""
    return [
        message.card
        for message in stage.chat.messages(f"person:{who}")
        if message.key.startswith(f"card:{NAME}:")
    ][-1]


async def flags(stage: Stage, post: PostId) -> int:
    found = (await stage.post(post)).findings
    return sum(item.severity is Severity.FLAG for item in found)


async def kept(stage: Stage) -> None:
    """Mr Lund asks and Mrs Okafor agrees."""
    assert isinstance(await typed(stage, LUND, f"add {AUTHOR} visitor"), Done)
    answer = await stage.as_(OKAFOR).press(card_of(stage, OKAFOR), "Agree")
    assert isinstance(answer, Done), said(answer)
    await stage.settle()


@proves("STEP-NAME-1", platform="sandbox")
async def test_what_two_people_agree_is_asked_about_no_more(stage: Stage) -> None:
    draft = await stage.as_(REED).propose(VISIT, FACEBOOK)
    assert await flags(stage, draft.post) == 1
    answer = await typed(stage, LUND, f"add {AUTHOR} visitor")
    assert isinstance(answer, Done)
    assert "Mrs Ngozi Okafor" in said(answer)
    assert await flags(stage, draft.post) == 1
    # Whoever asked has no card to agree on, and a yes that is sent all the same is none.
    assert answer.card is not None
    assert labels(answer.card) == ("Take it away",)
    forged = {"v": 1, "verb": "name.agree", "id": answer.card.subject.id, "rev": 0}
    assert "somebody else has to agree" in said(await stage.as_(LUND).send(forged))
    assert "isn't here" in said(await stage.as_(REED).send(forged))
    assert "isn't here" in said(await stage.as_(MARSH).send(forged))
    assert await flags(stage, draft.post) == 1

    there = card_of(stage, OKAFOR)
    assert AUTHOR in words(there)
    assert AUTHOR not in str(button(there, "Agree").intent)
    assert isinstance(await stage.as_(OKAFOR).press(there, "Agree"), Done)
    await stage.settle()
    assert await flags(stage, draft.post) == 0
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
    assert any("Kept until" in line for line in stage.told(LUND))
    assert labels(card_of(stage, OKAFOR)) == ("Take it away",)
    other = await stage.as_(REED).propose("Amelia read her book to us.", FACEBOOK)
    assert await flags(stage, other.post) == 1


async def test_a_pupil_is_always_checked(stage: Stage) -> None:
    for name in (
        "Amelia Khan",
        "amelia KHAN",
        "Khan, Amelia",
        "Mrs Amelia Khan",
        "Amelia Jo Khan",
        "Amelia K",
        "Wren Tindall",
    ):
        answer = await typed(stage, LUND, f"add {name} visitor")
        assert isinstance(answer, Declined)
        assert "A pupil at one of our schools has this name" in said(answer)
    await kept(stage)
    both = await stage.as_(REED).propose(f"{AUTHOR} met Amelia Khan.", FACEBOOK)
    assert any(
        item.severity is Severity.BLOCK and item.category == "full_name"
        for item in (await stage.post(both.post)).findings
    )


async def test_only_those_who_may_say_yes_there_ask_and_read(stage: Stage) -> None:
    await kept(stage)
    for who in (REED, MARSH, PRICE):
        if who == REED:
            assert isinstance(await typed(stage, who, f"add {AUTHOR} visitor"), Declined)
            assert isinstance(await typed(stage, who, ""), Declined)
        else:
            shown = await typed(stage, who, "")
            assert isinstance(shown, tuple)
            assert AUTHOR not in "".join(map(words, shown))
            assert "isn't here" in said_of(await typed(stage, who, f"remove {AUTHOR}"))
        assert AUTHOR not in stage.all_words(who)
    (listed,) = await shown_to(stage, ADE)
    for part in (AUTHOR, "a visitor", "Asked by Mr Erik Lund", "agreed by Mrs Ngozi Okafor"):
        assert part in words(listed)


async def a_new_list(stage: Stage) -> None:
    """The school's own list of pupils, with the author's namesake in it."""
    first, last = AUTHOR.split()
    rows = [
        f"N-{key},oakfield,{forename},{surname},,,{year},{form}"
        for key, (school, forename, surname, year, form) in PUPILS.items()
        if school == OAK
    ]
    names = "legal_forename,legal_surname,preferred_forename,preferred_surname"
    header = f"pupil_id,school,{names},year_group,form"
    lines = (header, *rows, f"N-new,oakfield,{first},{last},,,Year 4,4B")
    app = stage.application
    desk = Desk(
        service=app.service,
        reader=Reader(units=app.units, schools=app.schools, ids=app.ids),
        clock=app.clock,
    )
    table = parse_table("\n".join(lines).encode())
    report = await desk.take(Errand(kind=Kind.PUPILS, table=table))
    assert not report.problems
    await stage.settle()


async def shown_to(stage: Stage, who: PersonId) -> tuple[Card, ...]:
    answer = await typed(stage, who, "")
    assert isinstance(answer, tuple)
    return answer


def said_of(answer: Answer | tuple[Card, ...]) -> str:
    assert not isinstance(answer, tuple)
    return said(answer)


async def test_one_person_takes_it_away_and_time_does(stage: Stage) -> None:
    await kept(stage)
    draft = await stage.as_(REED).propose(VISIT, FACEBOOK)
    assert await flags(stage, draft.post) == 0
    assert isinstance(await typed(stage, ADE, f"remove {AUTHOR}"), Done)
    assert await flags(stage, draft.post) == 1
    assert any("Taken away" in line for line in stage.told(OKAFOR))

    await kept(stage)
    await stage.pass_by(timedelta(days=364))
    again = await stage.as_(REED).propose(VISIT, FACEBOOK)
    assert await flags(stage, again.post) == 0
    await stage.pass_by(timedelta(days=2))
    assert await flags(stage, again.post) == 1
    for who in (LUND, OKAFOR):
        assert any("its time is over" in line for line in stage.told(who))


async def test_a_no_has_its_reason_and_nobody_s_answer_is_a_no(stage: Stage) -> None:
    assert isinstance(await typed(stage, LUND, f"add {AUTHOR} visitor"), Done)
    there = card_of(stage, OKAFOR)
    assert "Please say why" in said(await stage.as_(OKAFOR).press(there, "Decline"))
    answer = await stage.as_(OKAFOR).press(there, "Decline", reason="We don't know her.")
    assert isinstance(answer, Done)
    await stage.settle()
    assert "We don't know her." in stage.all_words(LUND)
    assert "doesn't wait" in said(await stage.as_(OKAFOR).press(there, "Agree"))
    assert isinstance(await typed(stage, LUND, f"add {AUTHOR} visitor"), Done)
    there = card_of(stage, OKAFOR)
    await stage.pass_by(timedelta(days=15))
    assert "doesn't wait" in said(await stage.as_(OKAFOR).press(there, "Agree"))


async def test_what_is_typed_badly_is_told_and_changes_nothing(stage: Stage) -> None:
    for line, why in (
        ("add", "Please write the name"),
        ("add visitor", "Please write the name"),
        (f"add {AUTHOR}", "Please write the name"),
        (f"add {AUTHOR} pupil", "Please write the name"),
        ("add Amelia visitor", "whole name"),
        ("add Amelia and all the many others who came along visitor", "whole name"),
        ("add Amelia 4B visitor", "whole name"),
        (f"add {AUTHOR} visitor millbrook", "Please write the name"),
        ("remove Somebody Else", "isn't here"),
        ("perhaps", "Please write the name"),
    ):
        answer = await typed(stage, LUND, line)
        assert isinstance(answer, Declined), line
        assert why in said(answer), line
    assert isinstance(await typed(stage, LUND, f"add {AUTHOR} visitor oakfield"), Done)
    assert "kept already" in said_of(await typed(stage, OKAFOR, f"add {AUTHOR.upper()} other"))


@proves("STEP-NAME-1", platform="sandbox")
async def test_a_pupil_who_comes_later_is_checked_at_once(stage: Stage) -> None:
    """The school's list counts, whatever two people agreed before it."""
    await kept(stage)
    draft = await stage.as_(REED).propose(VISIT, FACEBOOK)
    assert await flags(stage, draft.post) == 0
    await a_new_list(stage)
    found = (await stage.post(draft.post)).findings
    assert any(item.severity is Severity.BLOCK and item.category == "full_name" for item in found)
    assert (await stage.post(draft.post)).state is not State.IN_REVIEW
    (listed,) = await shown_to(stage, LUND)
    assert "It counts for nothing" in words(listed)
    answer = await typed(stage, LUND, f"remove {AUTHOR}")
    assert isinstance(answer, Done)


async def test_a_colleague_who_would_rather_not_be_named_is_asked_about_too(stage: Stage) -> None:
    async with stage.application.units.write() as unit:
        bell = await unit.people.get(BELL)
        assert bell is not None
        await unit.people.save((replace(bell, may_be_named=False),))
        await unit.commit()
    answer = await typed(stage, LUND, f"add {bell.name} staff")
    assert "a colleague who would rather not be named" in said_of(answer)
    assert "kept already" not in said_of(answer)


async def test_a_name_is_asked_for_in_a_form_and_each_form_is_sent_once(stage: Stage) -> None:
    (listed,) = await shown_to(stage, LUND)
    assert "Two people can keep such a name" in words(listed)
    lund = stage.as_(LUND)
    short = await lund.press(listed, KEEP, name="Amelia", kind="visitor")
    assert isinstance(short, Declined)
    assert (short.field, "whole name" in said(short)) == ("name", True)
    unsaid = await lund.press(listed, KEEP, name=AUTHOR, kind="pupil")
    assert isinstance(unsaid, Declined)
    assert (unsaid.field, "whose name it is" in said(unsaid)) == ("kind", True)
    pupil = await lund.press(listed, KEEP, name="Amelia Khan", kind="visitor")
    assert isinstance(pupil, Declined)
    assert pupil.field == "name"
    answer = await lund.press(listed, KEEP, name=AUTHOR, kind="visitor")
    assert isinstance(answer, Done)
    assert answer.card is not None
    assert AUTHOR in words(answer.card)
    await stage.settle()
    assert isinstance(await lund.press(listed, KEEP, name=AUTHOR, kind="visitor"), Again)
    # Somebody else's copy of the form changes nothing that stands.
    asked = await stage.as_(OKAFOR).press(listed, KEEP, name="Bo Field", kind="other")
    assert isinstance(asked, Declined)
    assert "sent before" in said(asked)
    assert AUTHOR in words(card_of(stage, OKAFOR))
    for who in (REED, MARSH):
        refused = await stage.as_(who).press(listed, KEEP, name="Bo Field", kind="other")
        assert isinstance(refused, Declined)
        assert "Only those who may say yes" in said(refused)


async def test_a_name_one_slip_from_a_pupil_s_is_pointed_out_to_who_agrees(stage: Stage) -> None:
    assert isinstance(await typed(stage, LUND, "add Amelia Kahn visitor"), Done)
    assert "slip of the keyboard" in words(card_of(stage, OKAFOR))


async def test_the_record_tells_who_and_when_and_never_the_name(stage: Stage) -> None:
    await kept(stage)
    assert isinstance(await typed(stage, ADE, f"remove {AUTHOR}"), Done)
    assert isinstance(await typed(stage, LUND, f"add {AUTHOR} visitor"), Done)
    no = await stage.as_(OKAFOR).press(card_of(stage, OKAFOR), "Decline", reason="Thistlewick? No.")
    assert isinstance(no, Done)
    await stage.settle()
    app = stage.application
    told: list[tuple[str, str]] = []
    async with app.units.read() as unit:
        whose = await unit.audit.whose(app.schools.trust)
        async for line in unit.audit.lines():
            if line.link.subject_kind != NAME:
                continue
            assert whose.school(NAME, line.link.subject_id) == OAK
            assert line.payload is not None
            assert not exposed(line.payload, ("thistlewick",))
            told.append((line.link.tag, line.link.person_id))
    assert told == [
        ("name:asked", LUND),
        ("name:agreed", OKAFOR),
        ("name:dropped", ADE),
        ("name:asked", LUND),
        ("name:declined", OKAFOR),
    ]


async def test_the_name_stands_nowhere_in_the_clear(stage: Stage) -> None:
    hidden = ("thistlewick",)
    await kept(stage)
    await stage.as_(REED).propose("Amelia came.", FACEBOOK)
    await typed(stage, ADE, f"remove {AUTHOR}")
    seen = 0
    async with stage.application.database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                found = b"\n".join(
                    bytes(part) if isinstance(part, bytes | memoryview) else str(part).encode()
                    for part in row
                )
                seen += len(found)
                assert not exposed(found, hidden), table.name
    assert seen
    assert not exposed(stage.house.log.getvalue().encode(), hidden)
