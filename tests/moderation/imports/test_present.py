"""What the card, the messages and the refusals say: plain words and short sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.imports import audiences, commands as ask, present
from moderation.imports.effects import Message
from moderation.imports.model import Counts, Kind, State
from moderation.imports.queries import ImportCard, import_page
from moderation.imports.refusals import Refusal
from moderation.kernel import AccountId, Audience, Identity, Platform, Reason
from moderation.people.model import Role, Span
from moderation.views import Facts, Note, Weight
from tests.databases import plain_roster
from tests.fakes.units import FakeUnits
from tests.moderation.imports import trust as t


if TYPE_CHECKING:
    from moderation.imports.model import Batch, BatchId, Content
    from moderation.imports.queries import ImportPage
    from moderation.kernel import PersonId
    from moderation.views import Card

FORBIDDEN = re.compile(
    r"\b(revision|digest|waive|escalate|stale|uncovered|takedown|incident|batch)\b", re.IGNORECASE
)
LATER = t.NOON + timedelta(days=1)


def lines(card: Card) -> list[str]:
    found = [card.title, card.state]
    for part in card.parts:
        if isinstance(part, Note):
            found += part.lines
        if isinstance(part, Facts):
            found += [f"{name}: {value}" for name, value in part.rows]
    return found


def assert_plain(sentences: list[str]) -> None:
    for line in sentences:
        assert not FORBIDDEN.search(line), line
        for sentence in re.split(r"(?<=[.?])\s", line):
            assert len(sentence.split()) <= 25, sentence


@pytest.fixture
async def units() -> FakeUnits:
    found = FakeUnits(roster=plain_roster, now=lambda: t.NOON)
    service = t.service(found)
    await service.do(t.importing(t.people(*t.STAFF)), t.operator())
    entries = [
        t.entry(page, *(grant for grant in t.GRANTS if grant.account == page.id))
        for page in t.PAGES
    ]
    await service.do(t.importing(t.accounts(*entries)), t.operator())
    return found


async def waiting(units: FakeUnits, content: Content) -> BatchId:
    command = t.importing(content)
    await t.service(units).do(command, t.operator())
    return command.batch.id


async def drawn(units: FakeUnits, batch: BatchId) -> tuple[Batch, ImportPage, Card]:
    async with units.read() as unit:
        found = await import_page(unit, t.Trust(), batch, LATER)
    assert found is not None
    page, _facts = found
    return page.batch, page, present.card(page.batch, page.view)


async def test_a_card_that_waits(units: FakeUnits) -> None:
    teams = Identity(Platform.TEAMS, "T-ann")
    content = t.people(
        t.person(t.ANN, identities=(t.slack("ann"), teams)),
        t.person(t.DEE, t.post(Role.ACTING_HEADTEACHER, end=date(2027, 1, 1))),
        t.person(t.CHAIR, t.post(Role.CHAIR_OF_GOVERNORS)),
    )
    batch = await waiting(units, content)
    _, _, card = await drawn(units, batch)
    assert (card.title, card.state) == (present.TITLE, "Waiting for a yes")
    said = lines(card)
    assert "Mx Ann may approve from another Teams account." in said
    assert "Mx Dee becomes acting headteacher of Oak Primary." in said
    assert (
        "Mx Chair may stand in for the headteacher of Oak Primary, as chair of governors." in said
    )
    assert "The whole file: One person is new, two people change" in said
    assert "Came in: yesterday 12:00" in said
    assert "Answer by: 2 December" in said
    assert "Asked for Oak Primary: Mx Head" in said
    assert [(button.label, button.weight) for button in card.buttons] == [
        ("Confirm", Weight.PRIMARY),
        ("Decline", Weight.DANGER),
    ]
    assert {button.intent.rev for button in card.buttons} == {1}
    assert_plain(said)


async def test_new_accounts_and_moves_are_named(units: FakeUnits) -> None:
    new = replace(t.page(AccountId("choir"), platform="youtube"), name="Oak Choir")
    content = t.accounts(
        t.entry(new, t.grant(t.CY, new.id)), t.entry(t.page(school=t.ELM), t.grant(t.ANN))
    )
    _, _, card = await drawn(units, await waiting(units, content))
    said = lines(card)
    assert "Mx Cy may approve posts for YouTube · Oak Choir." in said
    assert said.count("Facebook · Oak-Page moves to Elm Infants, with its head.") == 1
    assert "Asked for Elm Infants: Mx Elle" in said
    assert "Asked for Oak Primary: Mx Head" in said


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (ask.ConfirmImport, "In force"),
        (ask.DeclineImport, "Declined by Mx Head"),
        (ask.LapseImport, "Nobody answered in time"),
        (ask.ReplaceImport, "Replaced by a newer file"),
    ],
)
async def test_a_final_card_has_no_buttons(units: FakeUnits, command: type, state: str) -> None:
    batch = await waiting(units, t.accounts(t.entry(t.page(), t.grant(t.CY))))
    service = t.service(units)
    if command is ask.ReplaceImport:
        await service.do(ask.ReplaceImport(batch=batch, newer=batch), t.timer(LATER))
    elif command is ask.LapseImport:
        await service.do(ask.LapseImport(batch=batch), t.timer(LATER))
    else:
        await service.do(command(batch=batch, seen=1), t.click(t.HEAD))
    _, page, card = await drawn(units, batch)
    assert card.state == state
    assert (card.buttons, card.more) == ((), ())
    assert "Mx Cy may approve posts for Facebook · Oak-Page." in lines(card)
    assert card.version == page.view.version == 2
    assert_plain(lines(card))


@pytest.mark.parametrize("message", Message)
async def test_messages(units: FakeUnits, message: Message) -> None:
    batch, page, shown = await drawn(
        units, await waiting(units, t.accounts(t.entry(t.page(), t.grant(t.CY))))
    )
    card = present.notice(message, batch, page.view)
    assert_plain(lines(card))
    asks = message in (Message.PLEASE_CONFIRM, Message.CHANGED)
    assert bool(card.buttons) is asks
    if asks:
        assert card.buttons == shown.buttons
    if message is Message.YOU_CONFIRMED:
        assert "Mx Cy may approve posts for Facebook · Oak-Page." in lines(card)


ABOUT = {
    "count": "30",
    "given": "29",
    "schools": "oak elm",
    "person": t.ANN,
    "owner": t.BOB,
    "platform": "slack",
    "account": t.PAGE,
    "who": "head lead",
    "role": "governor",
}


@pytest.mark.parametrize("code", Refusal)
async def test_every_refusal_is_a_plain_sentence(units: FakeUnits, code: Refusal) -> None:
    _, page, _ = await drawn(
        units, await waiting(units, t.accounts(t.entry(t.page(), t.grant(t.CY))))
    )
    for state in State:
        reason = Reason(code, {**ABOUT, "state": state.value})
        (sentence,) = present.refusal((reason, reason), page.view)
        assert sentence.endswith(present.NOTHING_CHANGED)
        assert_plain([sentence])


async def test_a_refusal_names_who_can_help(units: FakeUnits) -> None:
    _, page, _ = await drawn(
        units, await waiting(units, t.accounts(t.entry(t.page(), t.grant(t.CY))))
    )
    reason = Reason(Refusal.GAINS_BY_IT, {"person": t.ANN, "who": "head lead"})
    (sentence,) = present.refusal((reason,), page.view)
    assert sentence == (
        "Mx Ann would gain by it, so somebody else needs to say yes. "
        "Mx Head or Mx Lead can. Nothing changed."
    )


@pytest.mark.parametrize(
    ("kind", "counts", "said"),
    [
        (Kind.PEOPLE, Counts(), "Nothing differs"),
        (Kind.PEOPLE, Counts(added=1, closed=2), "One person is new, two people leave"),
        (
            Kind.ACCOUNTS,
            Counts(closed=1, returned=2),
            "One account closes, two accounts open again",
        ),
        (Kind.PUPILS, Counts(added=30, returned=1), "30 pupils are new, one pupil comes back"),
        (Kind.CONSENTS, Counts(changed=1), "One pupil has another answer"),
    ],
)
def test_a_summary(kind: Kind, counts: Counts, said: str) -> None:
    assert present.summary(kind, counts) == said


# -- who sees it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [(t.HEAD, True), (t.LEAD, True), (t.ELLE, False), (t.ANN, False), (t.CY, False)],
)
async def test_who_may_open_the_card(units: FakeUnits, who: PersonId, *, sees: bool) -> None:
    batch = await waiting(units, t.accounts(t.entry(t.page(), t.grant(t.CY))))
    found = await t.service(units).ask(ImportCard(batch=batch), t.click(who, LATER))
    assert (found is not None) is sees


async def test_who_is_meant_follows_who_is_here(units: FakeUnits) -> None:
    batch = await waiting(units, t.accounts(t.entry(t.page(), t.grant(t.CY))))

    async def meant(which: Audience) -> tuple[PersonId, ...]:
        async with units.read() as unit:
            found = await import_page(unit, t.Trust(), batch, LATER)
        assert found is not None
        return audiences.audience(which, found[0].batch, found[1])

    assert await meant(Audience.HEAD) == (t.HEAD,)
    assert await meant(Audience.APPROVERS) == ()
    async with units.write() as unit:
        head = await unit.people.get(t.HEAD)
        assert head is not None
        await unit.people.save((replace(head, absences=(Span(),)),))
        await unit.commit()
    assert await meant(Audience.HEAD) == (t.LEAD,)
