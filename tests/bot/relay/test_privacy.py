"""What is kept and what is logged on a post's way out: ids and codes, never a name or a word."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.checks.model import Severity
from moderation.posts import commands as ask
from moderation.posts.model import State
from storage.tables import metadata
from tests.bot.relay.world import LEASE, LONG, Died
from tests.fakes.trust import BELL, CANARY_NAME, FACEBOOK, FACEBOOK_CHANNEL, LUND, OKAFOR, REED


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from tests.bot.relay.world import World


SENTENCE = "A marzipan lighthouse hums under the tuba"
REASON = "The xylophone objected."
TELLTALE = (*CANARY_NAME.split(), "marzipan", "lighthouse", "xylophone")
"""Words that stand nowhere else."""


def exposed(text: str) -> list[str]:
    return [word for word in TELLTALE if word.lower() in text.lower()]


async def walk(world: World) -> Post:
    """Proposed with a pupil's name and stopped, changed, approved, released, called back."""
    post = await world.propose(text=f"{SENTENCE}. Well done {CANARY_NAME}!")
    assert {finding.severity for finding in post.findings} == {Severity.BLOCK}
    assert post.state is State.DRAFT
    await world.relay().drain()
    changed = replace(post.content, text=SENTENCE)
    post = await world.do(REED, ask.Revise(post=post.id, seen=1, content=changed))
    await world.relay().drain()
    post = await world.approve(post)
    await world.relay().drain()
    assert (await world.current(post)).state is State.RELEASED
    return post


async def called_back(world: World, post: Post) -> None:
    await world.do(OKAFOR, ask.AskHead(post=post.id, seen=post.revision.number, words=REASON))
    await world.do(LUND, ask.Stop(post=post.id, reason=REASON))
    await world.relay().drain()


async def everything_fails(world: World) -> None:
    """Faults whose messages quote what they failed on, at every place where we call somebody."""
    words = f"{SENTENCE}: {CANARY_NAME}"
    for _ in range(2):
        post = await world.propose(text=f"{SENTENCE} and the trombone too")
        world.chat.fault = ValueError(words)
        await world.relay().drain()
        await world.approve(post)
        world.publisher.fault = RuntimeError(words)
        world.chat.fault = ValueError(words)
        await world.relay().drain()
        world.pass_by(LONG)
        await world.relay("relay-2").drain()
    logging.getLogger("slack_sdk").error("could not send %s", words)
    world.chat.dies_after = 1
    await world.propose(text=f"{SENTENCE}, again")
    try:
        await world.relay().drain()
    except Died:
        world.pass_by(LEASE)
    await world.relay("relay-2").drain()


async def dump(world: World) -> dict[str, str]:
    """Every table of the database as text, as somebody with a copy of it could read it."""
    found: dict[str, str] = {}
    async with world.application.database.reading() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(sa.select(table))).all()
            found[table.name] = "\n".join(
                part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
                for row in rows
                for part in row
            )
    return found


async def test_no_row_holds_a_name_or_a_word(world: World) -> None:
    await called_back(world, await walk(world))
    await everything_fails(world)
    tables = await dump(world)
    for name in ("effect", "card", "notice", "release", "inbox", "audit_event", "audit_payload"):
        assert tables[name], name
    assert {name: exposed(text) for name, text in tables.items() if exposed(text)} == {}


async def test_no_log_line_holds_a_name_or_a_word(world: World) -> None:
    await called_back(world, await walk(world))
    await everything_fails(world)
    log = world.applications.log.getvalue()
    lines = [json.loads(line) for line in log.splitlines()]
    events = {line["event"] for line in lines}
    assert {"relay.card_failed", "relay.release_failed", "library"} <= events
    assert exposed(log) == []


async def test_the_words_were_really_there_to_be_found(world: World) -> None:
    """On the cards they are: else the searches above would prove nothing."""
    post = await walk(world)
    [card] = world.chat.cards(FACEBOOK_CHANNEL.id)
    assert SENTENCE in card.fallback
    await called_back(world, post)
    shown = "\n".join(card.fallback for card in world.chat.cards(f"person:{REED}"))
    assert SENTENCE in shown
    assert exposed(f"{CANARY_NAME} {SENTENCE} {REASON}") == list(TELLTALE)
    async with world.application.units.read() as unit:
        history = await unit.audit.history(world.ref(post))
        stored = await unit.posts.revisions(post.id)
    assert any(REASON in json.dumps(line.payload) for line in history)
    assert CANARY_NAME in stored[0].content.text
    assert world.publisher.given[0].text == SENTENCE
    assert world.states(BELL, post)
    assert post.content.accounts == (FACEBOOK,)
