"""What is read for a decision: today's people, roll and permissions, and the pack that counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import Check, Consent, Draft, Image, Pictured, Purpose, Status, Who
from moderation.holds.model import Hold
from moderation.kernel import (
    Accepted,
    Asked,
    BlobId,
    Identity,
    PersonId,
    Platform,
    PupilKey,
    Reason,
    Refused,
    Timer,
    handle,
)
from moderation.people.model import Span
from moderation.people.queries import rights_for
from moderation.policies.settings import HeadteacherApproves, PupilNames
from moderation.posts import commands as ask
from moderation.posts.effects import effects
from moderation.posts.facts import FactFinder, draft_of
from moderation.posts.model import Attachment, Needs, Pause, Post, State
from moderation.posts.refusals import Refusal
from moderation.posts.subject import Posts
from moderation.posts.workflow import RULES
from tests import builders
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import FACEBOOK, OAK, OTHER_PICTURE, PICTURE, POST, X
from tests.moderation.world import MILL, MILL_PAGE, TRUST, TRUST_PAGE, world


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.people.rights import Rights
    from moderation.posts.guards import Case, Facts
    from tests.moderation.world import World


TODAY_PACK, OLDER = some.PACK, replace(some.PACK, digest="sha256:" + "1" * 64)
MILLIE, BRUNO, NOBODYS = PupilKey("p1"), PupilKey("p2"), PupilKey("p99")
WREN = PupilKey("m1")
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
"""In London it is the next day."""
NAMED = "Amelia Khan has won."


@dataclass(frozen=True, slots=True)
class Places(place.Trust):
    """The trust's schools with what they let everybody know."""

    def get(self, school: object) -> place.Place | None:
        found = place.Trust().get(school)  # type: ignore[arg-type]
        known = {"domains": ("oakfield.example",), "contacts": ("01632 960001",)}
        return None if found is None else replace(found, **known)  # type: ignore[arg-type]


SCHOOLS = Places()


def store(*posts: Post, **settings: object) -> World:
    """The world, with an older pack that posts may be pinned to."""
    made = world(*posts)
    pack = replace(TODAY_PACK, settings=replace(TODAY_PACK.settings, **settings))  # type: ignore[arg-type]
    made.units.packs = dict.fromkeys((OAK, MILL, TRUST), pack)
    made.units.older = (OLDER,)
    return made


def consent(pupil: PupilKey, scope: str = "all") -> Consent:
    return Consent(pupil=pupil, purpose=Purpose.PHOTO, scope=scope, status=Status.GRANTED)


def finder() -> FactFinder:
    return FactFinder(SCHOOLS, builders.CountedIds())


def by(who: PersonId | None = some.SAM, at: datetime = some.NOW) -> Asked:
    return Asked(by=Timer(), key="k", at=at, person=who)


async def gather(
    of: World, post: Post | None, command: ask.Command, at: datetime = some.NOW
) -> Facts:
    async with of.units.read() as unit:
        return await finder().gather(unit, post, command, by(at=at))


async def rights(of: World, school: object, *accounts: object, day: date = some.TODAY) -> Rights:
    async with of.units.read() as unit:
        return await rights_for(
            unit,
            SCHOOLS,
            school=school,  # type: ignore[arg-type]
            accounts=frozenset(accounts),  # type: ignore[arg-type]
            settings=TODAY_PACK.settings,
            day=day,
        )


def pinned(state: State = State.IN_REVIEW, **fields: object) -> Post:
    """A post of two pages that is judged by the older pack."""
    words = some.content(NAMED, accounts=(FACEBOOK, X))
    made = some.post(state, revision=some.revision(1, content=words, pack=OLDER.digest))
    return replace(made, **fields)  # type: ignore[arg-type]


def propose(*accounts: object, **fields: object) -> ask.Propose:
    words = some.content(NAMED, accounts=accounts or (FACEBOOK,), **fields)
    return ask.Propose(post=POST, content=words)


def names_a_child(facts: Facts) -> bool:
    return any(item.check is Check.PUPIL_NAMES for item in facts.findings)


# -- who and where --------------------------------------------------------------------------------


async def test_a_proposal_is_decided_by_todays_people_and_pack() -> None:
    of = store()
    facts = await gather(of, None, propose(FACEBOOK, X))
    assert facts.school == OAK
    assert facts.accounts == {FACEBOOK: some.ACCOUNTS[FACEBOOK], X: some.ACCOUNTS[X]}
    assert facts.rights == await rights(of, OAK, FACEBOOK, X)
    assert (facts.settings, facts.pack) == (TODAY_PACK.settings, TODAY_PACK.digest)
    assert facts.revision_id == "id-1"
    assert (facts.rights_before, facts.pause) == (None, None)
    assert names_a_child(facts)


async def test_whoever_wrote_the_proposed_message_is_told_by_any_of_their_identities() -> None:
    of = store()
    phone, desk, stranger = (Identity(Platform.SLACK, name) for name in ("U1", "U2", "U9"))
    other = Identity(Platform.TEAMS, "U9")
    of.units.state.identities |= {phone: some.LUND, desk: some.LUND, other: some.OKAFOR}
    command = replace(propose(), writers=frozenset({phone, desk, stranger}))
    assert (await gather(of, None, command)).writers == {some.LUND}
    assert (await gather(of, None, propose())).writers == frozenset()


async def test_a_moderators_message_is_not_theirs_to_approve_whoever_proposes_it() -> None:
    of = store()
    lund = Identity(Platform.SLACK, "U1")
    of.units.state.identities[lund] = some.LUND
    subject, command = Posts(finder()), replace(propose(), writers=frozenset({lund}))
    async with of.units.write() as unit:
        outcome = await handle(subject, command, by(), unit)
    assert isinstance(outcome, Accepted)
    assert isinstance(outcome.state, Post)
    assert outcome.state.authors == {some.SAM, some.LUND}


@pytest.mark.parametrize(
    ("accounts", "school", "whose"),
    [
        ((MILL_PAGE,), MILL, MILL),
        ((TRUST_PAGE,), TRUST, TRUST),
        ((FACEBOOK, MILL_PAGE), None, None),
        (("gone",), None, TRUST),
    ],
)
async def test_the_accounts_say_which_school_it_is(
    accounts: tuple[object, ...], school: object, whose: object
) -> None:
    of = store()
    facts = await gather(of, None, propose(*accounts))
    assert facts.school == school
    assert facts.accounts.keys() == set(accounts) - {"gone"}
    if whose is not None:
        assert facts.rights == await rights(of, whose, *(set(accounts) - {"gone"}))
    else:
        assert facts.rights.school in {OAK, MILL}


async def test_the_day_is_the_schools_own() -> None:
    of = store()
    facts = await gather(of, None, propose(), LATE)
    assert facts.rights.today == date(2026, 7, 2)
    async with of.units.read() as unit:
        _, said = await finder().preview(unit, propose().content, by(at=LATE))
    assert said == facts.findings


async def test_a_decision_goes_by_the_pack_that_the_version_is_pinned_to() -> None:
    of = store(keep_draft_days=99)
    post = pinned()
    needs = Needs(seconds=2, head=True, head_counts=False)
    post = replace(post, revision=replace(post.revision, needs=needs))
    facts = await gather(of, post, ask.Approve(post=POST, seen=1))
    assert (facts.pack, facts.settings) == (OLDER.digest, OLDER.settings)
    assert facts.school == OAK
    assert facts.rights == await rights(of, OAK, FACEBOOK, X)
    assert facts.needs == needs
    assert (facts.findings, facts.waiting_for) == ((), frozenset())
    assert facts.rights_before is None


async def test_a_new_version_is_pinned_to_todays_pack_and_looks_at_both_sets_of_pages() -> None:
    of = store(keep_draft_days=99)
    revise = ask.Revise(post=POST, seen=1, content=some.content(NAMED, accounts=(X,)))
    facts = await gather(of, pinned(), revise)
    assert (facts.pack, facts.settings.keep_draft_days) == (TODAY_PACK.digest, 99)
    assert facts.accounts.keys() == {X}
    assert facts.rights == await rights(of, OAK, X)
    assert facts.rights_before == await rights(of, OAK, FACEBOOK, X)


async def test_a_post_that_is_gone_is_the_trusts_and_nothing_is_read_of_it() -> None:
    of = store()
    facts = await gather(of, None, ask.Approve(post=POST, seen=1))
    assert (facts.school, facts.accounts, facts.findings) == (None, {}, ())
    assert facts.rights == await rights(of, TRUST)


async def test_a_post_whose_page_is_gone_stays_its_schools() -> None:
    of = store()
    post = some.post(revision=some.revision(1, content=some.content(accounts=("gone",))))
    facts = await gather(of, post, ask.Approve(post=POST, seen=1))
    assert (facts.school, facts.accounts) == (None, {})
    assert facts.rights == await rights(of, OAK)


# -- what the version needs -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "pictures", "head"),
    [
        (HeadteacherApproves.ALWAYS, False, True),
        (HeadteacherApproves.IMAGES, False, False),
        (HeadteacherApproves.IMAGES, True, True),
        (HeadteacherApproves.NEVER, True, False),
    ],
)
@pytest.mark.parametrize("counts", [True, False])
async def test_what_a_new_version_needs_is_the_packs_to_say(
    setting: HeadteacherApproves,
    pictures: bool,  # noqa: FBT001 -- a case
    head: bool,  # noqa: FBT001
    counts: bool,  # noqa: FBT001
) -> None:
    of = store(seconds=2, headteacher_approves=setting, headteacher_counts_as_second=counts)
    shown = (some.attachment(),) if pictures else ()
    wanted = Needs(seconds=2, head=head, head_counts=counts)
    assert (await gather(of, None, propose(attachments=shown))).needs == wanted
    revise = ask.Revise(post=POST, seen=1, content=propose(attachments=shown).content)
    assert (await gather(of, pinned(), revise)).needs == wanted


# -- pauses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [OAK, TRUST, MILL])
async def test_the_timer_alone_asks_for_a_pause_of_the_school_or_the_trust(where: object) -> None:
    of = store()
    pause = Pause(place=where, by=some.ADE, since=some.NOW)  # type: ignore[arg-type]
    hold = Hold(school=pause.place, number=1, by=pause.by, reason="Wait.", at=pause.since)
    of.units.state.holds[pause.place] = (hold, 1)
    release = await gather(of, pinned(State.APPROVED), ask.Release(post=POST))
    assert release.pause == (None if where == MILL else pause)
    approve = await gather(of, pinned(), ask.Approve(post=POST, seen=1))
    assert approve.pause is None


# -- judging --------------------------------------------------------------------------------------

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
    assert facts.unknown_pupils is unknown


async def test_without_a_roll_every_pupil_is_unknown() -> None:
    of = store()
    of.units.state.rolls.clear()
    pictured = Pictured(who=Who.THESE, pupils=frozenset({MILLIE}))
    assert (await gather(of, None, propose(pictured=pictured))).unknown_pupils


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


# -- the door -------------------------------------------------------------------------------------


REFUSED = Refused((Reason(Refusal.CLOSED),))


def refuses(_: Case) -> Iterator[Reason]:
    yield from REFUSED.reasons


async def test_the_door_leads_to_the_same_rules() -> None:
    of = store()
    door = Posts(finder())
    command = propose()
    async with of.units.read() as unit:
        assert await door.repository(unit).get(POST) is None
        facts = await door.facts(unit, None, command, by())
    assert (door.kind, door.subject_id(command), door.rules) == ("post", POST, RULES)
    assert facts.accounts.keys() == {FACEBOOK}
    events = door.decide(None, command, facts, by())
    assert isinstance(events, tuple)
    post = None
    for event in events:
        post = door.evolve(post, event)
        assert door.effects(post, event) == effects(post, event)
    assert post is not None
    assert post.revision.content == command.content
    withdrawn = door.decide(post, ask.Withdraw(post=POST), facts, by())
    assert isinstance(withdrawn, tuple)
    assert [event.tag for event in withdrawn] == ["post:withdrawn"]
    nobody = replace(RULES, guards={ask.Withdraw: (refuses,)})
    assert Posts(finder(), nobody).decide(post, ask.Withdraw(post=POST), facts, by()) == REFUSED
    async with of.units.read() as unit:
        later = await door.facts(unit, pinned(), ask.Approve(post=POST, seen=1), by())
    assert later.pack == OLDER.digest
