"""A concern about a child is reported at the page, and climbs until somebody has it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from adapters import intents, payloads
from adapters.door import Again, Answer, Declined, Done
from adapters.sandbox import inbound
from moderation.holds import commands as holds
from moderation.incidents.commands import Acknowledge
from moderation.incidents.model import INCIDENT, IncidentId
from moderation.kernel import PersonId, PostId, SubjectRef
from moderation.people.model import Appointment, Role, Span
from moderation.views import Intent
from storage.tables import metadata
from tests.fakes.trust import (
    ADE,
    BELL,
    CANARY_NAME,
    HART,
    LUND,
    MARSH,
    NOVAK,
    OAK,
    OKAFOR,
    PRICE,
    QUINN,
    REED,
    SHAH,
    identity,
)
from tests.proves import proves
from tests.scenarios.stage import button, labels, said, words


if TYPE_CHECKING:
    from moderation.views import Card
    from tests.scenarios.stage import Stage


TEN = timedelta(minutes=10)
SECRET = f"{CANARY_NAME} was afraid to go home."
EVERYBODY = (REED, OKAFOR, LUND, ADE, SHAH, NOVAK, BELL, HART, PRICE, MARSH, QUINN)
EMERGENCY = "If a child is in danger now, ring 999."
NUMBER = "01632 960209"
RING = "About your report"


async def deputise(stage: Stage) -> None:
    """Miss Shah is the deputy safeguarding lead as well."""
    await gives(stage, SHAH, Role.DEPUTY_HEADTEACHER, Role.DEPUTY_SAFEGUARDING_LEAD)


async def gives(stage: Stage, person: PersonId, *roles: Role) -> None:
    async with stage.application.units.write() as unit:
        found = await unit.people.get(person)
        assert found is not None
        held = tuple(Appointment(school=OAK, role=role, span=Span()) for role in roles)
        await unit.people.save((replace(found, appointments=held),))
        await unit.commit()


async def report(
    stage: Stage,
    by: PersonId = REED,
    named: tuple[PersonId, ...] = (),
    values: dict[str, str] | None = None,
) -> tuple[IncidentId, Answer]:
    """Open the form as the page does, fill it in and send it."""
    form = await stage.door.report_form("", by=identity(by))
    filled = {"words": SECRET, "named": list(named), **(values or {})}
    incident = IncidentId(form.subject.id)
    return incident, await stage.as_(by).send(
        payloads.encode(button(form, "Write it").intent), filled
    )


def followed(stage: Stage, person: PersonId, incident: IncidentId) -> Card:
    return stage.card(person, PostId(incident), INCIDENT)


def about_reports(stage: Stage, person: PersonId) -> list[Card]:
    return [card for card in stage.cards(person) if card.subject.kind == INCIDENT]


def have_cards(stage: Stage) -> set[PersonId]:
    """Everybody who has anything about any report."""
    return {
        person
        for person in EVERYBODY
        for card in stage.cards(person)
        if card.subject.kind == INCIDENT
    }


async def read(stage: Stage, person: PersonId, incident: IncidentId) -> Card | Declined:
    return await stage.door.report_words(incident, by=identity(person))


@proves("HARM-DSL-1", platform="sandbox")
async def test_it_is_with_the_safeguarding_lead_at_once_and_ends_there(stage: Stage) -> None:
    incident, answer = await report(stage)
    assert isinstance(answer, Done)
    assert said(answer).startswith("Thank you. This went privately to Ms Hana Novak.")
    assert have_cards(stage) == {REED, NOVAK}
    assert followed(stage, REED, incident).state == "Waiting for Ms Hana Novak"

    hers = followed(stage, NOVAK, incident)
    assert labels(hers) == ("I have it", "Read it")
    stage.house.clock.pass_by(timedelta(minutes=4))
    took = await stage.as_(NOVAK).press(hers, "I have it")
    assert isinstance(took, Done)
    has_it = "Ms Hana Novak has it since today 12:04"
    assert followed(stage, REED, incident).state == has_it
    # One card, which changes where it stands: no second one says the same.
    assert [card.state for card in about_reports(stage, REED)] == [has_it]
    await stage.pass_by(TEN * 6)
    assert have_cards(stage) == {REED, NOVAK}

    finished = followed(stage, NOVAK, incident)
    assert labels(finished) == ("Read it", "It is seen to")
    await stage.as_(NOVAK).press(finished, "It is seen to")
    assert followed(stage, REED, incident).state == "Ms Hana Novak has seen to it"
    assert labels(followed(stage, NOVAK, incident)) == ("Read it",)


@proves("HARM-DSL-1", platform="sandbox")
async def test_unanswered_it_climbs_to_the_deputy_the_head_and_a_number(stage: Stage) -> None:
    await deputise(stage)
    incident, _ = await report(stage)
    await stage.pass_by(TEN - timedelta(seconds=1))
    assert have_cards(stage) == {REED, NOVAK}
    await stage.pass_by(timedelta(seconds=1))
    assert have_cards(stage) == {REED, NOVAK, SHAH}
    mine = words(followed(stage, REED, incident))
    assert "Nobody has answered yet. I have asked Miss Priya Shah now." in mine
    await stage.pass_by(TEN)
    assert have_cards(stage) == {REED, NOVAK, SHAH, ADE}
    hers = followed(stage, NOVAK, incident)
    await stage.pass_by(TEN)
    mine = words(followed(stage, REED, incident))
    assert f"Please ring Oakfield Primary School now: {NUMBER}." in mine
    assert [card.title for card in about_reports(stage, REED)] == ["Your report", RING]
    assert [card.state for card in about_reports(stage, REED)] == ["Nobody has confirmed yet"] * 2
    # Late is as good as early.
    answer = await stage.as_(SHAH).press(followed(stage, SHAH, incident), "I have it")
    assert isinstance(answer, Done)
    assert all("Miss Priya Shah has it" in card.state for card in about_reports(stage, REED))
    late = await stage.as_(NOVAK).press(hers, "I have it")
    assert isinstance(late, Declined)
    assert "Miss Priya Shah has it already." in said(late)


@proves("HARM-DSL-1", platform="sandbox")
async def test_whoever_it_is_about_hears_and_sees_nothing(stage: Stage) -> None:
    await deputise(stage)
    incident, answer = await report(stage, named=(NOVAK, ADE))
    assert "privately to Miss Priya Shah" in said(answer)
    await stage.pass_by(TEN * 3)
    # In the named head's place stand the chair, who is in no chat, and the trust's lead.
    assert have_cards(stage) == {REED, SHAH, QUINN}
    for person in (NOVAK, ADE):
        assert stage.told(person) == ()
        assert isinstance(await read(stage, person, incident), Declined)
        answer = await stage.as_(person).send(payload("report.have", incident))
        assert said(answer).startswith("I can't find that report.")


async def test_where_nobody_may_have_it_there_is_a_number_at_once(stage: Stage) -> None:
    incident, answer = await report(stage, MARSH, (PRICE, QUINN))
    assert isinstance(answer, Done)
    ring = "Please ring Millbrook Infant School now: 01632 960457."
    assert ring in said(answer)
    assert answer.sentences[-1] == EMERGENCY
    assert have_cards(stage) == {MARSH}
    assert ring in words(followed(stage, MARSH, incident))


async def test_the_words_are_for_their_readers_and_each_reading_is_on_record(
    stage: Stage,
) -> None:
    incident, _ = await report(
        stage, named=(LUND,), values={"place": "the school gate", "danger": "danger"}
    )
    for person in EVERYBODY:
        assert CANARY_NAME not in stage.all_words(person)
    assert "a child may be in danger now" in words(followed(stage, NOVAK, incident))
    for person in (NOVAK, REED, NOVAK):
        shown = await read(stage, person, incident)
        assert not isinstance(shown, Declined)
        assert SECRET in words(shown)
        assert "Mr Erik Lund" in words(shown)
        assert EMERGENCY in words(shown)
    for person in (LUND, SHAH, ADE, PRICE, QUINN):
        refused = await read(stage, person, incident)
        assert isinstance(refused, Declined)
        assert EMERGENCY in said(refused)
    async with stage.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(INCIDENT, incident))
    readers = [line.person for line in lines if line.tag == "incident:words_read"]
    assert readers == [NOVAK, REED, NOVAK]


async def test_no_word_of_it_is_in_a_delivery_a_log_or_the_record(stage: Stage) -> None:
    incident, _ = await report(
        stage, named=(LUND,), values={"place": f"https://x.example/{CANARY_NAME}"}
    )
    await stage.pass_by(TEN * 4)
    await read(stage, NOVAK, incident)
    await stage.as_(NOVAK).press(followed(stage, NOVAK, incident), "I have it")
    secrets = (*CANARY_NAME.split(), "afraid")
    async with stage.application.database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in (await connection.execute(sa.select(table))).all():
                told = " ".join(map(str, row))
                assert not [secret for secret in secrets if secret in told], table.name
    async with stage.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(INCIDENT, incident))
    assert {line.tag for line in lines} >= {"incident:reported", "incident:sent"}
    for line in lines:
        assert not [secret for secret in (*secrets, LUND) if secret in repr(line.payload)]
    logged = stage.house.log.getvalue()
    assert not [secret for secret in (*secrets, "Lund", "Novak") if secret in logged]


async def test_the_other_school_sees_nothing_of_it(stage: Stage) -> None:
    incident, _ = await report(stage)
    await stage.pass_by(TEN * 4)
    for person in (PRICE, MARSH):
        assert stage.cards(person) == ()
        assert isinstance(await read(stage, person, incident), Declined)
        for verb in ("report.have", "report.finish"):
            answer = await stage.as_(person).send(payload(verb, incident))
            assert said(answer).startswith("I can't find that report.")
            assert "Novak" not in said(answer)
    form = words_of_form(await stage.door.report_form("", by=identity(MARSH)))
    for theirs in ("Reed", "Novak", "Oakfield"):
        assert theirs not in form
    # Naming somebody of another school tells nothing about them.
    _, answer = await report(stage, MARSH, (NOVAK,))
    assert isinstance(answer, Declined)
    assert "Novak" not in said(answer)


async def test_whoever_has_left_can_neither_answer_nor_read(stage: Stage) -> None:
    incident, _ = await report(stage)
    hers = followed(stage, NOVAK, incident)
    await gives(stage, NOVAK, Role.STAFF)
    answer = await stage.as_(NOVAK).press(hers, "I have it")
    assert isinstance(answer, Declined)
    assert said(answer).startswith("You no longer look after reports at this school.")
    assert isinstance(await read(stage, NOVAK, incident), Declined)
    await stage.pass_by(TEN)
    emptied = followed(stage, NOVAK, incident)
    assert (emptied.state, labels(emptied)) == ("No longer yours", ())
    await stage.leaves(REED)
    assert isinstance(await read(stage, REED, incident), Declined)
    await stage.pass_by(TEN)
    assert followed(stage, REED, incident).state == "No longer yours"


async def test_a_stranger_is_told_whom_to_ring(stage: Stage) -> None:
    await stage.leaves(LUND)
    form = await stage.door.report_form("", by=identity(LUND))
    assert form.buttons == ()
    assert EMERGENCY in words(form)
    answer = await stage.as_(LUND).send(payload("report.send", IncidentId("r1")), {"words": "x"})
    assert isinstance(answer, Declined)
    assert EMERGENCY in said(answer)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"words": " "}, "Please say in a few words"),
        ({"words": "x" * 4001}, "longer than 4,000 characters"),
        ({"account": "millbrook-facebook"}, "isn't one of this school's"),
    ],
)
async def test_every_answer_says_what_to_do_for_a_child_in_danger(
    stage: Stage, values: dict[str, str], why: str
) -> None:
    incident, answer = await report(stage, values=values)
    assert isinstance(answer, Declined)
    assert why in said(answer)
    assert f"Please ring Oakfield Primary School now: {NUMBER}." in said(answer)
    assert answer.sentences[-1] == EMERGENCY
    for person in (REED, NOVAK):
        assert stage.cards(person) == ()
    assert isinstance(await read(stage, REED, incident), Declined)


async def test_pressing_twice_is_one_report(stage: Stage) -> None:
    form = await stage.door.report_form("It worries me.", by=identity(REED))
    asks = button(form, "Write it")
    assert asks.form is not None
    sent = [
        inbound.pressed(
            {
                "intent": payloads.encode(asks.intent),
                "values": {"words": SECRET},
                "request": "11111111-aaaa",
            }
        )
        for _ in range(2)
    ]
    answers = []
    for press in sent:
        assert isinstance(press, inbound.Pressed)
        assert not isinstance(press.asks, intents.Query)
        key = press.key(REED)
        answers.append(await stage.door.do(press.asks, by=identity(REED), key=key))
    assert isinstance(answers[0], Done)
    assert isinstance(answers[1], Again)
    await stage.settle()
    assert len([card for card in stage.cards(NOVAK) if card.subject.kind == INCIDENT]) == 1


@pytest.mark.postgres
async def test_two_who_take_it_at_once_are_one_who_has_it(stage: Stage) -> None:
    await deputise(stage)
    incident, _ = await report(stage)
    await stage.pass_by(TEN)
    have = Acknowledge(incident=incident)
    answers = await asyncio.gather(
        *(
            stage.door.do(have, by=identity(who), key=f"{who}:have:{number}")
            for who in (NOVAK, SHAH)
            for number in range(3)
        )
    )
    await stage.settle()
    done = [answer for answer in answers if isinstance(answer, Done)]
    assert len(done) == 1
    assert len([answer for answer in answers if isinstance(answer, Again)]) == 2
    others = [said(answer) for answer in answers if isinstance(answer, Declined)]
    assert len(others) == 3
    assert all("has it already. Nothing more is needed from you." in words for words in others)


async def test_tomorrow_it_says_yesterday(stage: Stage) -> None:
    incident, _ = await report(stage)
    await stage.as_(NOVAK).press(followed(stage, NOVAK, incident), "I have it")
    stage.house.clock.pass_by(timedelta(hours=13))
    await stage.application.rounds.turn_the_day()
    await stage.settle()
    mine = followed(stage, REED, incident)
    assert mine.state == "Ms Hana Novak has it since yesterday 12:00"


async def test_nothing_pauses_it(stage: Stage) -> None:
    """Neither a pause of all posts, nor a night, nor a Sunday in the holidays."""
    pause = holds.Pause(school=OAK, reason="A flood in the hall.")
    assert isinstance(await stage.door.do(pause, by=identity(ADE), key="pause"), Done)
    await stage.pass_by(timedelta(days=39, hours=15))
    await deputise(stage)
    incident, _ = await report(stage)
    for _ in range(3):
        await stage.pass_by(TEN)
    assert have_cards(stage) == {REED, NOVAK, SHAH, ADE}
    assert NUMBER in words(followed(stage, REED, incident))


async def test_it_climbs_on_after_the_process_ended(stage: Stage) -> None:
    await deputise(stage)
    incident, _ = await report(stage)
    stage.house.clock.pass_by(TEN * 3)
    again = await stage.again()
    # What fell due while nobody was running is done at once, a step at a time.
    assert SHAH in have_cards(again)
    await again.pass_by(TEN * 2)
    assert have_cards(again) == {REED, NOVAK, SHAH, ADE}
    assert NUMBER in words(followed(again, REED, incident))


def payload(verb: str, incident: IncidentId) -> dict[str, str | int]:
    return payloads.encode(Intent(verb=verb, id=incident))


def words_of_form(card: Card) -> str:
    form = button(card, "Write it").form
    assert form is not None
    return repr(form)
