"""Colleagues who would rather not be shown: named in the form, checked, looked for, and at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PIL import Image

from bot.imports.desk import Desk, Errand
from bot.imports.reading import Reader
from bot.tables import parse_table
from moderation.checks.model import Who
from moderation.imports.model import Kind
from moderation.ports import Look
from moderation.posts.model import State
from moderation.views import Findings
from tests.adapters.images.pictures import encoded, png
from tests.fakes.images import FakeImageInspector
from tests.fakes.trust import (
    ADE,
    AMELIA,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    MARSH,
    MILL_PAGE,
    NAMES,
    NOVAK,
    OKAFOR,
    PRICE,
    QUINN,
    REED,
    identity,
)
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.stage import Declined, Done, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PersonId, PostId
    from tests.scenarios.stage import Draft, Stage

FAIR = "The book fair was a success."
UNWILLING = (
    "We know that one of these colleagues would rather not be shown: H.N. "
    "Please choose another picture, or crop this one."
)
TO_LOOK_FOR = "Some colleagues would rather not be shown"


async def a_list(stage: Stage, **wishes: str) -> None:
    """The staff list comes in, with what these people say of being in pictures."""
    header = "person_id,name,email,school,roles,may_be_shown"
    rows = [
        f"{who},{name},,{school},{';'.join(roles)},{wishes[who]}"
        for who, (name, school, roles) in NAMES.items()
        if who in wishes
    ]
    app = stage.application
    desk = Desk(
        service=app.service,
        reader=Reader(units=app.units, schools=app.schools, ids=app.ids),
        clock=app.clock,
    )
    table = parse_table("\n".join((header, *rows)).encode())
    report = await desk.take(Errand(kind=Kind.PEOPLE, table=table))
    assert not report.problems
    await stage.settle()


async def a_picture(stage: Stage, *staff: PersonId, **said: object) -> Draft:
    reed = stage.as_(REED)
    picture = await reed.add_picture(png())
    return await reed.propose(FAIR, FACEBOOK, pictures=[picture], staff=staff, **said)  # type: ignore[arg-type]


async def reasons(stage: Stage, post: PostId, who: PersonId = REED) -> list[str]:
    card = await stage.as_(who).card(post)
    assert card is not None
    found = [part for part in card.parts if isinstance(part, Findings)]
    return [line.reason for part in found for line in part.lines]


@shows("colleagues", on="sandbox")
@proves("STEP-STAFF-2", platform="sandbox")
async def test_who_would_rather_not_be_shown_stops_a_picture_and_another_goes_on(
    stage: Stage,
) -> None:
    await a_list(stage, novak="no")
    post = (await a_picture(stage, NOVAK, LUND)).post
    assert (await stage.post(post)).state is State.DRAFT
    assert await reasons(stage, post) == [UNWILLING]

    await stage.as_(REED).revise(post, FAIR, staff=[LUND])
    stored = await stage.post(post)
    assert stored.state is State.IN_REVIEW
    assert stored.content.pictured.staff == {LUND}
    shared = words(stage.card(FACEBOOK_CHANNEL, post))
    assert "No pupils; colleagues: Mr Erik Lund" in shared
    assert TO_LOOK_FOR not in shared


@proves("STEP-STAFF-2", platform="sandbox")
async def test_a_wish_counts_at_once_wherever_the_post_stands_and_can_be_taken_back(
    stage: Stage,
) -> None:
    waiting = (await a_picture(stage, NOVAK)).post
    ready = (await a_picture(stage, NOVAK, who=Who.THESE, pupils=[AMELIA])).post
    shared = stage.card(FACEBOOK_CHANNEL, ready)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)
    assert (await stage.post(ready)).state is State.RELEASED

    await a_list(stage, novak="no")
    for post in (waiting, ready):
        assert (await stage.post(post)).state is State.DRAFT
        assert UNWILLING in await reasons(stage, post)

    await a_list(stage, novak="")
    assert (await stage.post(waiting)).state is State.DRAFT
    await a_list(stage, novak="yes")
    assert UNWILLING not in await reasons(stage, waiting)
    await stage.as_(REED).revise(waiting, FAIR)
    assert (await stage.post(waiting)).state is State.IN_REVIEW


@proves("STEP-STAFF-2", platform="sandbox")
async def test_where_nobody_is_named_the_approver_looks_for_them_by_name_alone(
    stage: Stage,
) -> None:
    await a_list(stage, novak="no")
    post = (await a_picture(stage)).post
    shared = stage.card(FACEBOOK_CHANNEL, post)
    assert TO_LOOK_FOR in words(shared)
    assert "Novak" not in words(shared)
    unticked = await stage.as_(ADE).press_unticked(shared, "Approve")
    assert isinstance(unticked, Declined)

    card = await stage.as_(ADE).card(post)
    assert card is not None
    assert "Who is in the picture" in labels(card)
    told = await stage.door.who_is_in(post, by=identity(ADE))
    assert told is not None
    assert "Ms Hana Novak: Works here, and would rather not be shown" in words(told)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)
    assert (await stage.post(post)).state is State.RELEASED


async def test_where_everybody_may_be_shown_nothing_more_is_asked(stage: Stage) -> None:
    post = (await a_picture(stage)).post
    assert TO_LOOK_FOR not in words(stage.card(FACEBOOK_CHANNEL, post))
    card = await stage.as_(ADE).card(post)
    assert card is not None
    assert "Who is in the picture" not in labels(card)
    named = (await a_picture(stage, NOVAK)).post
    told = await stage.door.who_is_in(named, by=identity(ADE))
    assert told is not None
    assert told.state == "No pupils and one colleague"
    assert "Ms Hana Novak: Works here" in words(told)


async def test_a_wish_holds_where_they_work_and_that_of_the_trust_s_own_everywhere(
    stage: Stage,
) -> None:
    await a_list(stage, marsh="no")
    here = (await a_picture(stage)).post
    assert TO_LOOK_FOR not in words(stage.card(FACEBOOK_CHANNEL, here))
    price = stage.as_(PRICE)
    picture = await price.add_picture(png())
    there = await price.propose(FAIR, MILL_PAGE, pictures=[picture], staff=[MARSH])
    assert (await stage.post(there.post)).state is State.DRAFT
    await a_list(stage, quinn="no")
    assert (await stage.post((await a_picture(stage, QUINN)).post)).state is State.DRAFT


async def test_who_does_not_work_there_is_nobody_s_colleague(stage: Stage) -> None:
    answer = (await a_picture(stage, MARSH)).answer
    assert isinstance(answer, Declined)
    assert "isn't on the school's lists" in said(answer)
    found = await stage.door.colleagues((FACEBOOK,), by=identity(REED), words="mrs o")
    assert [(it.person, it.label) for it in found] == [
        (OKAFOR, "Mrs Ngozi Okafor · business manager")
    ]
    assert await stage.door.colleagues((FACEBOOK,), by=identity(REED), words="Marsh") == ()
    assert await stage.door.colleagues((FACEBOOK,), by=identity(MARSH), words="Okafor") == ()
    (gone,) = await stage.door.colleagues((FACEBOOK,), by=identity(REED), known=[BELL])
    assert gone.person == BELL


async def test_a_picture_that_came_down_does_not_return_without_their_name(stage: Stage) -> None:
    likeness, turned = "0f" * 16, "a5" * 16
    before, again = png(), encoded(Image.new("RGB", (9, 9), "red"), "PNG")
    stage.application.pictures.inspector = FakeImageInspector(
        looks={
            before: Look(likeness=likeness, mirrored=turned),
            again: Look(likeness=turned, mirrored=likeness),
        }
    )
    await a_picture(stage, NOVAK)
    await a_list(stage, novak="no")
    okafor = stage.as_(OKAFOR)
    picture = await okafor.add_picture(again)
    back = await okafor.propose(FAIR, FACEBOOK, pictures=[picture])
    assert (await stage.post(back.post)).state is State.DRAFT
    (stopped, *_) = await reasons(stage, back.post, OKAFOR)
    assert "with a colleague in it who would rather not be shown" in stopped


async def test_the_record_and_they_themselves_know_of_it(stage: Stage) -> None:
    await a_list(stage, novak="no", lund="")
    card = await stage.door.who_am_i(by=identity(NOVAK))
    assert "In posts, as you asked: not shown in pictures" in words(card)
    assert "as you asked" not in words(await stage.door.who_am_i(by=identity(LUND)))
    async with stage.application.units.read() as unit:
        lines = [line async for line in unit.audit.lines() if line.link.tag == "import:applied"]
    assert lines[-1].link.actor_kind == "operator"
    assert lines[-1].payload is not None
    written = json.loads(lines[-1].payload)
    assert written["wishes"] == [{"person": NOVAK, "may_be_named": True, "may_be_shown": False}]
