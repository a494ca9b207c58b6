"""What judging reads: today's roll, consents and pictures; and a preview of unsent words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from moderation.checks.model import Draft, Image, Pictured, Who
from moderation.kernel import (
    BlobId,
    PersonId,
    PupilKey,
)
from moderation.people.model import Span
from moderation.policies.settings import PupilNames
from moderation.posts import commands as ask
from moderation.posts.facts import draft_of
from moderation.posts.model import Attachment, State
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import FACEBOOK, OAK, OTHER_PICTURE, PICTURE, POST, X
from tests.moderation.posts.gathering import (
    BRUNO,
    LATE,
    MILLIE,
    NAMED,
    NOBODYS,
    OLDER,
    TODAY_PACK,
    WREN,
    by,
    consent,
    finder,
    gather,
    names_a_child,
    pinned,
    propose,
    rights,
    store,
)
from tests.moderation.world import MILL, MILL_PAGE, TRUST, TRUST_PAGE


JUDGED = (ask.Judge(post=POST), ask.Release(post=POST), ask.Recheck(post=POST))
STOP = ask.Stop(post=POST, reason="Wrong day.")


@pytest.mark.parametrize("command", JUDGED, ids=lambda item: type(item).__name__)
async def test_the_clock_judges_by_todays_roll(command: ask.Command) -> None:
    facts = await gather(store(), pinned(State.APPROVED), command)
    assert names_a_child(facts)
    assert await gather(store(), None, command) is not None


@pytest.mark.parametrize(
    ("state", "judged"), [(State.RELEASED, True), (State.IN_REVIEW, False), (State.APPROVED, False)]
)
async def test_a_stop_judges_what_would_become_a_draft_again(state: State, judged: bool) -> None:  # noqa: FBT001 -- a case
    facts = await gather(store(), pinned(state), STOP)
    assert bool(facts.findings) is judged
    assert (await gather(store(), None, STOP)).findings == ()


async def test_pictures_are_waited_for_or_unknown() -> None:
    of = store()
    third, fourth = BlobId("sha256:" + "ef" * 32), BlobId("sha256:" + "01" * 32)
    of.units.state.pictures[third] = "waiting"
    shown = tuple(some.attachment(blob) for blob in (PICTURE, third, fourth))
    facts = await gather(of, None, propose(attachments=shown))
    assert facts.waiting_for == {third, fourth}
    assert facts.unknown_pictures == {fourth}


@pytest.mark.parametrize(
    ("account", "pupils", "unknown"),
    [
        (FACEBOOK, {MILLIE}, False),
        (FACEBOOK, {MILLIE, NOBODYS}, True),
        (FACEBOOK, {WREN}, True),
        (MILL_PAGE, {WREN}, False),
        (TRUST_PAGE, {WREN, MILLIE}, False),
        (FACEBOOK, set(), False),
    ],
)
async def test_pupils_are_known_to_the_roll_of_the_school_or_of_the_whole_trust(
    account: object,
    pupils: set[PupilKey],
    unknown: bool,  # noqa: FBT001 -- a case
) -> None:
    pictured = Pictured(who=Who.THESE, pupils=frozenset(pupils))
    facts = await gather(store(), None, propose(account, pictured=pictured))
    assert facts.unknown_people is unknown


@pytest.mark.parametrize(
    ("account", "staff", "unknown"),
    [
        (FACEBOOK, {some.OKAFOR}, False),
        (FACEBOOK, {some.OKAFOR, PersonId("nobody")}, True),
        (TRUST_PAGE, {some.OKAFOR}, False),
    ],
)
async def test_colleagues_are_known_to_the_school_s_list(
    account: object,
    staff: set[PersonId],
    unknown: bool,  # noqa: FBT001 -- a case
) -> None:
    pictured = Pictured(who=Who.NOBODY, staff=frozenset(staff))
    facts = await gather(store(), None, propose(account, pictured=pictured))
    assert facts.unknown_people is unknown


async def test_without_a_roll_every_pupil_is_unknown() -> None:
    of = store()
    of.units.state.rolls.clear()
    pictured = Pictured(who=Who.THESE, pupils=frozenset({MILLIE}))
    assert (await gather(of, None, propose(pictured=pictured))).unknown_people


@pytest.mark.parametrize("names", list(PupilNames))
@pytest.mark.parametrize(("account", "school"), [(FACEBOOK, OAK), (TRUST_PAGE, TRUST)])
async def test_the_checks_are_told_everything_of_today(
    account: object, school: object, names: PupilNames
) -> None:
    of = store(pupil_names=names)
    of.units.state.consents |= {
        MILLIE: (OAK, (consent(MILLIE), consent(MILLIE, "facebook"))),
        BRUNO: (OAK, (consent(BRUNO),)),
    }
    content = propose(account, pictured=Pictured(who=Who.THESE, pupils=frozenset({BRUNO}))).content
    there = await rights(of, school, account)
    pack = of.units.packs[OAK]
    async with of.units.read() as unit:
        accounts = {account: await unit.accounts.get(account)}  # type: ignore[arg-type]
        told = await finder().context(unit, content, accounts, school, pack, there)  # type: ignore[arg-type]
    assert told.today == some.TODAY
    assert told.roster is not None
    ours = {key for key in (MILLIE, WREN) if key in told.roster}
    assert ours == ({MILLIE} if school == OAK else {MILLIE, WREN})
    if school == OAK:
        assert told.other_rosters is not None
        assert [key for key in (MILLIE, WREN) if key in told.other_rosters] == [WREN]
    else:
        assert told.other_rosters is None
    assert told.staff == tuple(one.name for one in there.people)
    assert "Sam Reed" in told.staff
    of_bruno = {BRUNO: (consent(BRUNO),)}
    everybody = of_bruno | {MILLIE: (consent(MILLIE), consent(MILLIE, "facebook"))}
    by_school = everybody if school == OAK else {}
    assert told.consents == (of_bruno if names is PupilNames.NEVER else by_school)
    assert told.platforms == {account: "facebook" if school == OAK else "linkedin"}
    assert told.allowed_hosts == ("oakfield.example",)
    assert told.office == ("01632 960001",)


async def test_a_school_that_is_no_longer_there_has_nothing_of_its_own_to_allow() -> None:
    of = store()
    there = await rights(of, OAK, FACEBOOK)
    async with of.units.read() as unit:
        told = await finder().context(unit, propose().content, {}, "gone", TODAY_PACK, there)  # type: ignore[arg-type]
    assert (told.allowed_hosts, told.office) == ((), ())


def test_the_checks_see_exactly_what_would_go_out() -> None:
    pictured = Pictured(who=Who.THESE, pupils=frozenset({MILLIE}))
    shown = (
        Attachment(blob=PICTURE, alt="A cup", file_name="cup.jpg"),
        Attachment(blob=OTHER_PICTURE, alt="A board"),
    )
    content = some.content(NAMED, accounts=(FACEBOOK, X), attachments=shown, pictured=pictured)
    seen = {PICTURE: some.inspection()}
    assert draft_of(content, seen) == Draft(
        text=NAMED,
        images=(
            Image(alt="A cup", file_name="cup.jpg", inspection=some.inspection()),
            Image(alt="A board", file_name="", inspection=None),
        ),
        pictured=pictured,
        accounts=(FACEBOOK, X),
    )


# -- a preview ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "account", "told"),
    [
        (some.SAM, FACEBOOK, True),
        (some.SAM, MILL_PAGE, False),
        (some.HART, FACEBOOK, False),
        (None, FACEBOOK, False),
        (some.QUINN, "gone", False),
    ],
)
async def test_a_preview_tells_findings_to_those_alone_who_may_propose_it(
    who: PersonId | None,
    account: object,
    told: bool,  # noqa: FBT001 -- a case
) -> None:
    of = store()
    shown = (some.attachment(),)
    content = propose(account, attachments=shown).content
    async with of.units.read() as unit:
        pack, said = await finder().preview(unit, content, by(who))
    assert pack == TODAY_PACK
    assert bool(said) is told
    if told:
        assert said == (await gather(of, None, propose(account, attachments=shown))).findings


async def test_a_preview_goes_by_the_pack_of_the_school_it_is_for_and_its_own_day() -> None:
    of = store()
    of.units.packs = {OAK: OLDER, MILL: TODAY_PACK, TRUST: TODAY_PACK}
    starts = Span(start=date(2026, 7, 2))
    of.units.state.grants = tuple(replace(one, span=starts) for one in of.units.state.grants)
    async with of.units.read() as unit:
        pack, said = await finder().preview(unit, propose().content, by(at=LATE))
        other, _ = await finder().preview(unit, propose(MILL_PAGE).content, by(at=LATE))
    assert (pack, other) == (OLDER, TODAY_PACK)
    assert said
