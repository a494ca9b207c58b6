"""Those who keep copies of the record are told of each checkpoint, privately and once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import Identity, Platform
from moderation.people.model import Appointment, Role
from moderation.record import present
from moderation.views import Quote
from storage.audit.notes import Signer, read_notes
from tests.bot.relay.world import LONG, NOTICE
from tests.fakes.trust import HART, NOVAK, TRUST


if TYPE_CHECKING:
    from moderation.views import Card
    from tests.bot.relay.world import World


@pytest.fixture
async def officer(world: World) -> Identity:
    """Ms Novak protects the trust's data from now on; the chair of governors has no chat."""
    async with world.application.units.write() as unit:
        novak = await unit.people.get(NOVAK)
        assert novak is not None
        held = Appointment(school=TRUST, role=Role.DATA_PROTECTION_OFFICER)
        appointments = (*novak.appointments, held)
        await unit.people.save((replace(novak, appointments=appointments),))
        await unit.commit()
    world.application.keeper.signer = Signer(world.application.schools.trust, (b"\x05" * 32,))
    return Identity(Platform.SANDBOX, NOVAK)


def messages(world: World, title: str = present.TITLE) -> list[tuple[str, Card]]:
    return [
        (place, card)
        for place, shown in world.chat.shown.items()
        for _, card in shown
        if card.title == title
    ]


async def test_the_signed_text_arrives_whole_once_and_privately(
    world: World, officer: Identity
) -> None:
    await world.propose()
    await world.application.keeper.night()
    for number in range(2):
        await world.relay(f"relay-{number}").drain()
        world.pass_by(LONG)
    [(place, card)] = messages(world)
    private = await world.chat.private(officer)
    assert private is not None
    assert place == private.id
    [text] = [part.text for part in card.parts if isinstance(part, Quote)]
    [note], rest = read_notes(text)
    assert (rest, note.holds()) == (0, True)
    looked = await world.application.keeper.look()
    assert note in looked.notes
    told = await world.rows(NOTICE, person_id=HART)
    assert [row["state"] for row in told] == ["in_person"]


async def test_they_hear_when_the_record_does_not_check(world: World, officer: Identity) -> None:
    await world.propose()
    await world.application.keeper.night()
    await world.run("DELETE FROM audit_payload")
    await world.application.keeper.night()
    await world.relay().drain()
    assert officer.id == NOVAK
    assert [card.state for _, card in messages(world) if card.state == "It doesn't check"] == [
        "It doesn't check"
    ]
    assert world.application.keeper.concerns() == ("record",)
