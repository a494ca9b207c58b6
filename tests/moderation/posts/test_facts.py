"""What is read for a decision: today's people, roll and permissions, and the pack that counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.holds.model import Hold
from moderation.kernel import (
    Accepted,
    Identity,
    Platform,
    Reason,
    Refused,
    handle,
)
from moderation.policies.settings import HeadteacherApproves
from moderation.posts import commands as ask
from moderation.posts.effects import effects
from moderation.posts.model import Needs, Pause, Post, State
from moderation.posts.refusals import Refusal
from moderation.posts.subject import Posts
from moderation.posts.workflow import RULES
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import FACEBOOK, OAK, POST, X
from tests.moderation.posts.gathering import (
    LATE,
    NAMED,
    OLDER,
    TODAY_PACK,
    by,
    finder,
    gather,
    names_a_child,
    pinned,
    propose,
    rights,
    store,
)
from tests.moderation.world import MILL, MILL_PAGE, TRUST, TRUST_PAGE


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.guards import Case


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
    facts = await gather(of, None, command)
    assert facts.writers == {some.LUND}
    assert facts.strangers == {stranger}
    facts = await gather(of, None, propose())
    assert facts.writers == frozenset()
    assert facts.strangers == frozenset()


async def test_whose_account_becomes_known_has_written_it_all_the_same() -> None:
    of = store()
    phone, desk = (Identity(Platform.SLACK, name) for name in ("U1", "U2"))
    post = replace(some.post(), strangers=frozenset({phone, desk}))
    yes = ask.Approve(post=post.id, seen=1)
    assert (await gather(of, post, yes)).writers == frozenset()
    of.units.state.identities[phone] = some.LUND
    assert (await gather(of, post, yes)).writers == {some.LUND}


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


@pytest.mark.parametrize(
    "command", [ask.Judge(post=POST), ask.Release(post=POST), ask.Recheck(post=POST)]
)
@pytest.mark.parametrize("counts", [True, False])
async def test_what_is_found_later_may_ask_for_the_head_as_well(
    command: ask.Command,
    counts: bool,  # noqa: FBT001 -- a case
) -> None:
    of = store()
    rules = tuple(replace(rule, headteacher=True) for rule in OLDER.rules)
    of.units.older = (replace(OLDER, rules=rules),)
    post = pinned(State.APPROVED)
    needs = Needs(seconds=2, head_counts=counts)
    post = replace(post, revision=replace(post.revision, needs=needs))
    assert (await gather(of, post, command)).needs == replace(needs, head=True)
    approve = ask.Approve(post=POST, seen=1)
    assert (await gather(of, post, approve)).needs == needs


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
