"""One invented child's name and one sentence, sent down every path there is, found nowhere after.

What people read on their cards is theirs to read. Everything else is searched: the log at its most
talkative, figures, faults with whatever rides along, answers to faults, delivery rows, the
database's own files and journals, PostgreSQL's log, a dump, a backup, an export for a governor.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from adapters import payloads
from adapters.door import Declined, Reading
from bot.imports.desk import Desk, Errand
from bot.imports.reading import Reader
from bot.tables import TableError, read_table
from moderation.checks.model import Status, Who
from moderation.holds import commands as holds
from moderation.imports.model import Kind
from moderation.incidents.model import IncidentId
from moderation.kernel import Asked, Platform
from moderation.posts.model import READY
from moderation.views import Text
from tests.adapters.images.pictures import chunk, png_with
from tests.fakes.trust import (
    ADE,
    BELL,
    CANARY,
    CANARY_NAME,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    NOVAK,
    OAK,
    OKAFOR,
    REED,
    consent,
    identity,
)
from tests.scenarios.canary import (
    FAULT,
    HIDDEN,
    SENTENCE,
    WORDS,
    Search,
    chained,
    exposed,
)
from tests.scenarios.stage import Done, Draft, Stage, button, labels


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from moderation.kernel import PostId
    from moderation.ports import Chat, ImageInspector
    from moderation.views import Button, Card
    from storage.database import Database
    from tests.databases import PostgresServer
    from tests.scenarios.stage import Hand


pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    "found",
    [
        f"said {WORDS}!".encode(),
        WORDS.upper().encode("utf-16-le"),
        base64.b64encode(f"so {WORDS}".encode()),
        WORDS.encode().hex().encode(),
    ],
)
def test_the_search_finds_what_is_there(found: bytes) -> None:
    assert exposed(found) == set(HIDDEN)
    assert not exposed(b"nothing of the kind" * 100)


# -- the paths -----------------------------------------------------------------------------------


async def press(hand: Hand, card: Card, label: str) -> object:
    """Press it, with the words in every field where something can be written."""
    return await hand.press(card, label, **_filled(button(card, label)))


def _filled(chosen: Button) -> dict[str, str]:
    fields = chosen.form.fields if chosen.form is not None else ()
    return {item.name: WORDS for item in fields if isinstance(item, Text)}


async def a_post(stage: Stage) -> Draft:
    """Stopped, disputed, corrected, refused to its author, sent back, approved and posted."""
    reed, okafor, bell = stage.as_(REED), stage.as_(OKAFOR), stage.as_(BELL)
    image = png_with(chunk(b"tEXt", b"Description\x00" + CANARY_NAME.encode()))
    picture = await reed.add_picture(image, f"A banner that says {SENTENCE}.")
    draft = await reed.propose(
        f"Well done {WORDS}!", FACEBOOK, pictures=(picture,), who=Who.THESE, pupils=(CANARY,)
    )
    assert isinstance(draft.answer, Done)
    assert draft.answer.stopped
    mine = stage.card(REED, draft.post)
    for label in labels(mine):
        if button(mine, label).form is not None:
            await press(reed, mine, label)
    asked = next(card for card in stage.cards(ADE) if "Not this time" in labels(card))
    assert isinstance(await press(stage.as_(ADE), asked, "Not this time"), Done)
    await reed.revise(draft.post, f"A banner! {SENTENCE}")
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert not isinstance(await reed.press(shared, "Approve"), Done)
    assert isinstance(await press(okafor, shared, "Request changes"), Done)
    stage.house.clock.pass_by(timedelta(minutes=1))
    await reed.revise(draft.post, f"A big banner! {SENTENCE}")
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await okafor.press(shared, "Approve"), Done)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)
    ready = stage.card(BELL, draft.post, READY)
    url = f"https://facebook.example/{'-'.join(HIDDEN)}"
    assert isinstance(await bell.press(ready, "I've posted it", url=url), Done)
    return draft


async def other_posts(stage: Stage) -> None:
    """Said no to, withdrawn, stopped; and what isn't even a form."""
    reed, lund = stage.as_(REED), stage.as_(LUND)
    for label, who, where in (
        ("Reject", lund, FACEBOOK_CHANNEL),
        ("Stop this post", lund, FACEBOOK_CHANNEL),
        ("Cancel my draft", reed, REED),
    ):
        stage.house.clock.pass_by(timedelta(minutes=1))
        draft = await reed.propose(f"Tomorrow we say {label}: {SENTENCE}", FACEBOOK)
        card = stage.card(where, draft.post)
        assert label in labels(card), labels(card)
        assert isinstance(await press(who, card, label), Done)
    for payload in (WORDS, {"v": 1, "verb": WORDS, "id": WORDS}, [WORDS], {WORDS: WORDS}):
        assert not isinstance(await reed.send(payload, {WORDS: WORDS}), Done)


async def asking_around(stage: Stage, post: PostId) -> None:
    """Listings, a search for pupils, the queue, a history, who is in a picture."""
    reed, okafor, door = stage.as_(REED), stage.as_(OKAFOR), stage.door
    for words in (WORDS, CANARY_NAME):
        await reed.channels(words)
        await door.pupils((FACEBOOK,), by=reed.by, words=words)
    await reed.queue()
    await door.drafts(by=reed.by)
    await okafor.history(post)
    await door.who_is_in(post, by=okafor.by)
    for words in (WORDS, CANARY_NAME, f"5A {CANARY_NAME}"):
        assert isinstance(await door.photos(words, by=reed.by), Declined)
    await _permission(stage, Status.REFUSED)
    told = await door.photos("5A", by=reed.by)
    assert isinstance(told, Reading)
    assert CANARY_NAME in str([card.fallback for card in told.cards])
    assert not exposed(repr(told).encode())
    await _permission(stage, Status.GRANTED)


async def _permission(stage: Stage, status: Status) -> None:
    async with stage.application.units.write() as unit:
        await unit.rolls.save_consents(OAK, (consent(CANARY, status),))
        await unit.commit()


async def a_concern(stage: Stage) -> None:
    form = await stage.door.report_form("", by=identity(REED))
    filled = {"words": WORDS, "named": [], "place": WORDS}
    answer = await stage.as_(REED).send(payloads.encode(button(form, "Write it").intent), filled)
    assert isinstance(answer, Done)
    [hers] = [card for card in stage.cards(NOVAK) if "I have it" in labels(card)]
    assert isinstance(await stage.as_(NOVAK).press(hers, "I have it"), Done)
    await stage.door.report_words(IncidentId(form.subject.id), by=identity(NOVAK))


async def a_name(stage: Stage) -> None:
    """The sentence will do for a name; the child's is refused, and so is what can't be read."""
    for said in (f"add {CANARY_NAME} visitor", f"add {WORDS}", f"remove {WORDS}", WORDS):
        answer = await stage.door.names(said, by=identity(LUND), key=said)
        assert isinstance(answer, Declined), said
    for who, label in ((LUND, "Decline"), (OKAFOR, "Agree")):
        other = LUND if who == OKAFOR else OKAFOR
        asked = await stage.door.names(f"add {SENTENCE} visitor", by=identity(other), key=f"{who}")
        assert isinstance(asked, Done)
        await stage.settle()
        hers = next(card for card in reversed(stage.cards(who)) if label in labels(card))
        assert isinstance(await press(stage.as_(who), hers, label), Done)
    shown = await stage.door.names("", by=identity(ADE), key="names")
    assert isinstance(shown, tuple)
    assert SENTENCE in str([card.fallback for card in shown])


async def a_pause(stage: Stage) -> None:
    asked = Asked(by=identity(NOVAK), key="pause", at=stage.house.clock.now())
    await stage.application.service.do(holds.Pause(school=OAK, reason=WORDS), asked)
    await stage.settle()


ROLL = f"""pupil_id,school,legal_forename,legal_surname,year_group,form
N-oak-amelia,oakfield,Amelia,Khan,Year 4,4B
N-oak-kofi,oakfield,Kofi,Farrow,Year 4,4B
N-oak-canary,oakfield,{CANARY_NAME.split()[0]},{CANARY_NAME.split()[1]},Year 6,6A
{SENTENCE},oakfield,{CANARY_NAME},{SENTENCE},Year 3,3A
"""
BAD_ROLL = ROLL + f"{WORDS},nowhere,{WORDS},{WORDS},{WORDS},\n,,{WORDS},,,\n"
UNEVEN = ROLL + f"{WORDS},{WORDS}\n"


async def imports(stage: Stage, folder: Path) -> None:
    """A roll that is taken, one that is refused, one that can't be read, and people who wait."""
    app = stage.application
    desk = Desk(
        service=app.service,
        reader=Reader(units=app.units, schools=app.schools, ids=app.ids),
        clock=app.clock,
    )
    header, row = "person_id,name,email,school,roles", f"p9,{WORDS},,oakfield,headteacher"
    file = folder / "list.csv"
    for kind, text in (
        (Kind.PUPILS, ROLL),
        (Kind.PUPILS, BAD_ROLL),
        (Kind.CONSENTS, f"pupil_id,school,purpose,status\n{WORDS},oakfield,{WORDS},{WORDS}\n"),
        (Kind.PEOPLE, f"{header}\n{row}\n"),
    ):
        file.write_text(text, encoding="utf-8")
        table = read_table(file)
        report = await desk.take(Errand(kind=kind, table=table))
        # What isn't stored yet is repeated to nobody: the report names lines.
        if kind in (Kind.PUPILS, Kind.CONSENTS) and report.problems:
            assert not exposed(repr(report.as_json()).encode(), tuple(SENTENCE.split()))
    file.write_text(UNEVEN, encoding="utf-8")
    with pytest.raises(TableError) as uneven:
        read_table(file)
    assert not exposed(chained(uneven.value))
    await stage.settle()


async def rounds(stage: Stage) -> None:
    """All that the clock asks for."""
    round_ = stage.application.rounds
    await round_.look()
    await round_.recheck()
    await round_.turn_the_day()
    await stage.pass_by(timedelta(days=1))
    await round_.forget()


# -- faults --------------------------------------------------------------------------------------


class Faulty:
    """Says the words whenever it is asked for anything."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        async def fail(*_args: object, **_named: object) -> object:
            raise LookupError(f"{FAULT} {WORDS}")

        return fail


async def faults(stage: Stage) -> list[BaseException]:
    """A platform that fails, an inspector that fails, a database that fails and quotes a row."""
    app, reed = stage.application, stage.as_(REED)
    chats = dict(app.chats)
    app.chats[Platform.SANDBOX] = cast("Chat", Faulty())
    await reed.propose(f"The platform is away: {SENTENCE}", FACEBOOK)
    await stage.settle()
    app.chats.update(chats)
    inspector, app.pictures.inspector = app.pictures.inspector, cast("ImageInspector", Faulty())
    with pytest.raises(LookupError):  # as far as the web, which tells its class
        await reed.upload(png_with(chunk(b"tEXt", b"Comment\x00" + WORDS.encode())))
    await app.pictures.finish(5)
    app.pictures.inspector = inspector
    raised: list[BaseException] = []
    await _database_says_no(app.database)
    for attempt in range(2):
        try:
            await reed.propose(f"The database is away {attempt}: {SENTENCE}", FACEBOOK)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is looked at
            raised.append(error)
    await _database_is_well(app.database)
    assert raised
    return raised


QUOTING = {
    "sqlite": (
        f"CREATE TRIGGER quoting BEFORE INSERT ON post BEGIN SELECT RAISE(ABORT, '{FAULT}'); END",
    ),
    "postgresql": (
        f"""CREATE FUNCTION quoting() RETURNS trigger LANGUAGE plpgsql
            AS $$BEGIN RAISE EXCEPTION '{FAULT}' USING DETAIL = '{FAULT}'; END$$""",
        """CREATE TRIGGER quoting BEFORE INSERT ON post
            FOR EACH ROW EXECUTE FUNCTION quoting()""",
    ),
}


async def _database_says_no(database: Database) -> None:
    """From now on it refuses new posts, in words of its own."""
    async with database.writing() as connection:
        statements = QUOTING[connection.dialect.name]
        for statement in statements:
            await connection.exec_driver_sql(statement)
        await connection.commit()


async def _database_is_well(database: Database) -> None:
    on = " ON post" if database.path is None else ""
    async with database.writing() as connection:
        await connection.exec_driver_sql(f"DROP TRIGGER quoting{on}")
        if database.path is None:
            await connection.exec_driver_sql("DROP FUNCTION quoting()")
        await connection.commit()


async def test_nowhere_in_the_clear(
    stage: Stage,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    draft = await a_post(stage)
    await other_posts(stage)
    await asking_around(stage, draft.post)
    await a_concern(stage)
    await a_name(stage)
    raised = await faults(stage)
    await a_pause(stage)
    await imports(stage, tmp_path)
    await rounds(stage)

    # It is all there to be found: else the search would prove nothing.
    post = await stage.post(draft.post)
    assert set(SENTENCE.split()) <= exposed(post.content.text.encode())
    assert exposed(stage.all_words(REED).encode()) == set(HIDDEN)

    search = Search(stage, tmp_path)
    await search.what_is_said(raised)
    await search.rows()
    await search.a_backup()
    database = stage.application.database
    if database.path is not None:
        files = list(database.path.parent.glob(f"{database.path.name}*"))
        assert any(path.name.endswith("-wal") for path in files)
        for path in files:
            search.into(path.read_bytes(), path.name)
    else:
        server: PostgresServer = request.getfixturevalue("postgresql_server")
        for name, content in server.bytes_of(database.url.database or ""):
            search.into(content, f"PostgreSQL's {name}")
    search.into_files(tmp_path / "pictures")
    await search.an_export()
    record_property("MB searched for two names and a sentence", round(search.seen / 1e6, 1))
