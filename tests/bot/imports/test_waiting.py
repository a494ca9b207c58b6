"""From the operator's file to the headteacher's button, through the whole application."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.intents import command_for
from bot.application import Plugged
from bot.imports.desk import Desk, Errand
from bot.imports.reading import Reader
from bot.imports.report import Outcome, Report
from bot.wiring import build
from moderation.imports.commands import Command
from moderation.imports.effects import IMPORT
from moderation.imports.model import WAITS_FOR, Kind
from moderation.kernel import (
    Accepted,
    AccountId,
    Asked,
    Identity,
    PersonId,
    Platform,
    Refused,
    SubjectRef,
)
from storage.database import Stamp
from tests.bot.imports.office import written
from tests.bot.imports.sheets import ACCOUNTS, PEOPLE, STAFF
from tests.bot.installation import ready_settings
from tests.fakes.chat import FakeChat, FakeClock
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from bot.application import Application
    from moderation.service import Outcome as Decision
    from moderation.views import Card

PAGE = AccountId("oak-page")


class Office:
    """The application with Slack plugged in, and the operator's desk beside it."""

    def __init__(self, application: Application, chat: FakeChat, clock: FakeClock) -> None:
        self.application = application
        self.chat = chat
        self.clock = clock
        reader = Reader(units=application.units, schools=application.schools, ids=application.ids)
        self.desk = Desk(service=application.service, reader=reader, clock=clock)

    async def take(
        self,
        kind: Kind,
        columns: Sequence[str],
        *rows: Sequence[str],
        by: tuple[PersonId, ...] = (),
    ) -> Report:
        named = [dict(zip(columns, row, strict=False)) for row in rows]
        report = await self.desk.take(
            Errand(kind=kind, table=written(columns, named), confirmed_by=by)
        )
        await self.application.relay.drain()
        return report

    async def page(self, moderators: str, by: tuple[PersonId, ...] = ()) -> Report:
        row = ("oak-page", "oak", "facebook", "Oak Primary", "", "ann", "", moderators)
        return await self.take(Kind.ACCOUNTS, ACCOUNTS, row, by=by)

    def cards(self, who: str) -> tuple[Card, ...]:
        """What somebody has in front of them about imports."""
        found = self.chat.cards(f"person:U0000{who.upper()}")
        return tuple(card for card in found if card.subject.kind == IMPORT)

    async def press(self, card: Card, label: str, who: str) -> Decision:
        """The button as the platform sends it back, from this person's account."""
        (button,) = (button for button in card.buttons if button.label == label)
        command = command_for(button.intent, {})
        assert isinstance(command, Command)
        by = Identity(Platform.SLACK, f"U0000{who.upper()}")
        asked = Asked(by=by, key=self.application.ids.new(), at=self.clock.now())
        decision = await self.application.service.do(command, asked)
        await self.application.relay.drain()
        return decision

    async def moderators(self) -> set[str]:
        async with self.application.units.read() as unit:
            return {
                grant.person
                for grant in await unit.people.grants(frozenset({PAGE}))
                if grant.role == "moderator"
            }


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    chat, clock = FakeChat(platform=Platform.SLACK), FakeClock()

    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=chat)

    application = build(
        ready_settings(tmp_path),
        stamp=Stamp.REAL,
        platforms={Platform.SLACK: connect},
        clock=clock,
    )
    await application.start()
    made = Office(application, chat, clock)
    assert (await made.take(Kind.PEOPLE, PEOPLE, *STAFF)).written
    assert (await made.page("ann")).written
    yield made
    await application.stop(5)


@proves("MET-MOD-2")
async def test_the_head_confirms_on_the_card(office: Office) -> None:
    report = await office.page("ann;bob")
    assert report.outcome is Outcome.WAITING
    (card,) = office.cards("head")
    assert "Mr Bob Lund may approve posts for Facebook · Oak Primary." in card.fallback
    assert office.cards("lead") == office.cards("elle") == office.cards("bob1") == ()
    assert await office.moderators() == {"ann"}
    assert isinstance(await office.press(card, "Confirm", "bob1"), Refused)
    assert isinstance(await office.press(card, "Confirm", "head"), Accepted)
    assert await office.moderators() == {"ann", "bob"}
    (card,) = office.cards("head")
    assert (card.state, card.buttons) == ("In force", ())


async def test_the_head_declines_on_the_card(office: Office) -> None:
    await office.page("ann;bob")
    (card,) = office.cards("head")
    assert isinstance(await office.press(card, "Decline", "head"), Accepted)
    assert await office.moderators() == {"ann"}
    (final,) = office.cards("head")
    assert (final.state, final.buttons) == ("Declined by Mrs Yemi Ade", ())
    assert isinstance(await office.press(card, "Confirm", "head"), Refused)


async def test_where_the_head_gains_the_trust_lead_has_the_card(office: Office) -> None:
    await office.page("ann;head")
    assert office.cards("head") == ()
    (card,) = office.cards("lead")
    assert isinstance(await office.press(card, "Confirm", "lead"), Accepted)
    assert await office.moderators() == {"ann", "head"}


async def test_whoever_is_named_hears_of_it_privately(office: Office) -> None:
    await office.page("ann;bob", by=(PersonId("head"),))
    (card,) = office.cards("head")
    assert card.title == "You are named as having agreed"
    assert "Mr Bob Lund may approve posts for Facebook · Oak Primary." in card.fallback


async def test_a_newer_file_closes_the_older_card(office: Office) -> None:
    await office.page("ann;bob")
    office.clock.pass_by(timedelta(minutes=5))
    await office.page("ann;elle;head")
    (older,) = office.cards("head")
    assert (older.state, older.buttons) == ("Replaced by a newer file", ())
    assert len(office.cards("lead")) == 1


async def test_a_card_nobody_answers_lapses(office: Office) -> None:
    report = await office.page("ann;bob")
    office.clock.pass_by(WAITS_FOR + timedelta(minutes=1))
    await office.application.relay.drain()
    (card,) = office.cards("head")
    assert (card.state, card.buttons) == ("Nobody answered in time", ())
    assert await office.moderators() == {"ann"}
    assert report.batch is not None
    async with office.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef("import", report.batch))
    assert [(line.tag, line.actor_kind) for line in lines] == [
        ("import:waiting", "operator"),
        ("import:lapsed", "timer"),
    ]
