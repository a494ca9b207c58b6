"""Anybody may try anything, in any order, on the real service and every store: no promise breaks.

Hypothesis plays the humans, the timer and the world; the witness of ``tests/model`` judges what the
store holds after each step. How many runs there are, and how long, goes by SIZE.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from moderation.kernel import Repeated
from moderation.posts.commands import Timed
from moderation.posts.model import FINAL, State
from storage.commands import DataclassCodec
from storage.database import Database
from storage.faults import RuleBroken
from storage.unit_of_work import Units
from tests.builders import ANN, BOB, CY, HEAD, identities
from tests.databases import BOTH, KEYS, makes
from tests.model.faults import FAULTS, Fault
from tests.model.moves import Move
from tests.model.search import search
from tests.model.spaces import NEEDS, SIZE
from tests.model.witness import OUT
from tests.model.world import CONSENT, HUMANS, STEP, WORD, Access, Bounds, Checks, Text
from tests.proves import proves
from tests.scenarios.bench import Bench, MakeUnits, memory


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from moderation.checks.model import Finding
    from moderation.kernel import Identity, PersonId, SchoolId
    from moderation.policies.model import Pack


PEOPLE = st.sampled_from((ANN, BOB, CY, HEAD))
IDENTITIES = st.sampled_from(tuple(HUMANS))
PROPOSERS = st.sampled_from((ANN, ANN, BOB, HEAD))
BLOCKS = st.sampled_from((WORD, CONSENT))
FIRST_OF_ANN = st.just(identities(ANN)[0])
ANYTHING = (
    *("revise", "approve", "reject", "ask for changes", "lift", "dispute", "allow", "decline"),
    *("withdraw", "stop", "mark posted", "cannot post"),
)
RARELY = st.sampled_from(("", "", "withdraw", "stop"))
TEXTS = st.sampled_from(Text)
CONFIRMING = st.sampled_from((True, True, True, False))
STALE = st.sampled_from((False, False, False, True))
LATER = DataclassCodec(*get_args(Timed))
SPACES = tuple(
    Bounds(name="machine", seconds=seconds, head=head, head_counts=counts, texts=tuple(Text))
    for seconds, head, counts in NEEDS
)


def exists(machine: PostMachine) -> bool:
    return machine.bench.post is not None


def live(machine: PostMachine) -> bool:
    return machine.bench.post is not None and machine.bench.post.state not in FINAL


def in_review(machine: PostMachine) -> bool:
    return machine.bench.post is not None and machine.bench.post.state is State.IN_REVIEW


def ended(machine: PostMachine) -> bool:
    return machine.bench.post is not None and machine.bench.post.state in FINAL


def out(machine: PostMachine) -> bool:
    return machine.bench.post is not None and machine.bench.post.state in OUT


class PostMachine(RuleBasedStateMachine):
    """One post's life. Every rule is something that somebody tries."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench

    @initialize(bounds=st.sampled_from(SPACES), who=PROPOSERS, text=TEXTS)
    def propose(self, bounds: Bounds, who: PersonId, text: Text) -> None:
        self.bench.begin(bounds)
        self.bench.do(Move("propose", identities(who)[0], text=text))

    @precondition(lambda self: self.bench.post is None)
    @rule(who=PROPOSERS, text=TEXTS)
    def propose_again(self, who: PersonId, text: Text) -> None:
        self.bench.do(Move("propose", identities(who)[0], text=text))

    # -- people ----------------------------------------------------------------------------------

    @precondition(live)
    @rule(by=IDENTITIES, stale=STALE, text=TEXTS)
    def revise(self, by: Identity, text: Text, *, stale: bool) -> None:
        self.tries(Move("revise", by, stale, text))

    @precondition(live)
    @rule(by=IDENTITIES, stale=STALE, confirming=CONFIRMING)
    def approve(self, by: Identity, *, stale: bool, confirming: bool) -> None:
        self.tries(Move("approve", by, stale, confirming=confirming))

    @precondition(in_review)
    @rule(
        people=st.permutations(tuple(HUMANS)),
        stale=STALE,
        confirming=CONFIRMING,
        prompt=st.sampled_from((True, True, False)),
    )
    def everybody_says_yes(
        self, people: list[Identity], *, stale: bool, confirming: bool, prompt: bool
    ) -> None:
        for by in people:
            self.tries(Move("approve", by, stale, confirming=confirming))
        if prompt:
            self.bench.clock_comes_round()

    @precondition(live)
    @rule(by=IDENTITIES, stale=STALE, verb=st.sampled_from(("ask for changes", "reject")))
    def say_no(self, by: Identity, verb: str, *, stale: bool) -> None:
        self.tries(Move(verb, by, stale))

    @precondition(lambda self: exists(self) and self.bench.post.vetoes)
    @rule(by=IDENTITIES, of=PEOPLE, stale=STALE)
    def lift(self, by: Identity, of: PersonId, *, stale: bool) -> None:
        self.tries(Move("lift", by, stale, of=of))

    @precondition(lambda self: exists(self) and self.bench.post.state is State.DRAFT)
    @rule(by=IDENTITIES, verb=st.sampled_from(("dispute", "allow", "decline")), finding=BLOCKS)
    def ask_for_leave(self, by: Identity, verb: str, finding: Finding) -> None:
        self.tries(Move(verb, by, finding=finding))

    @precondition(live)
    @rule(by=IDENTITIES, verb=RARELY)
    def end_it(self, by: Identity, verb: str) -> None:
        if verb:
            self.tries(Move(verb, by))

    @precondition(ended)
    @rule(by=IDENTITIES, text=TEXTS, stale=STALE, verb=st.sampled_from(ANYTHING))
    def click_on_what_has_ended(self, by: Identity, text: Text, verb: str, *, stale: bool) -> None:
        self.tries(Move(verb, by, stale, text, of=BOB, finding=WORD))

    @precondition(out)
    @rule(by=FIRST_OF_ANN)
    def mark_posted(self, by: Identity) -> None:
        self.tries(Move("mark posted", by))

    @precondition(out)
    @rule(by=IDENTITIES, verb=st.sampled_from(("mark posted", "cannot post")), stale=STALE)
    def say_what_became_of_it(self, by: Identity, verb: str, *, stale: bool) -> None:
        self.tries(Move(verb, by, stale))

    @rule()
    def send_it_again(self) -> None:
        """A chat that got no answer in time sends the same request once more."""
        had_effect = self.bench.had_effect
        outcome, before = self.bench.again()
        if had_effect:
            assert isinstance(outcome, Repeated)
            assert self.bench.post == before

    # -- the timer and the world -----------------------------------------------------------------

    @precondition(exists)
    @rule(verb=st.sampled_from(("release", "expire", "judge", "recheck")), stale=STALE)
    def the_timer_is_early_or_late(self, verb: str, *, stale: bool) -> None:
        self.tries(Move(verb, stale=stale))

    @rule(hours=st.sampled_from((1, 24, 24, 48)), prompt=st.booleans())
    def time_goes_by(self, hours: int, *, prompt: bool) -> None:
        self.bench.clock.tick(timedelta(hours=hours))
        if prompt:
            self.bench.clock_comes_round()

    @rule()
    def the_clock_comes_round(self) -> None:
        self.bench.clock_comes_round()

    @rule(access=st.sampled_from((Access.ALL, *Access)))
    def rights_change(self, access: Access) -> None:
        self.bench.now_is(access=access)

    @rule(checks=st.sampled_from((Checks.USUAL, Checks.CONSENT_GONE, Checks.LOOKING)))
    def what_the_checks_see_changes(self, checks: Checks) -> None:
        self.bench.now_is(checks=checks)
        if self.bench.post is not None:
            self.tries(Move("judge"))

    @precondition(exists)
    @rule(held=st.booleans(), prompt=st.sampled_from((True, True, False)))
    def the_head_pauses_or_starts_all_posts(self, *, held: bool, prompt: bool) -> None:
        self.bench.now_is(held=held)
        if prompt:
            self.bench.clock_comes_round()
            post = self.bench.post
            assert not (held and post is not None and post.state is State.RELEASED), "called back"

    def tries(self, move: Move) -> None:
        post = self.bench.post
        if post is not None and not (move.stale and post.revision.number == 1):
            self.bench.do(move)
            assert not self.bench.broken, self.bench.broken

    def teardown(self) -> None:
        """Whatever has happened, everybody now wants it out: that is when a hole would show."""
        if self.bench.post is not None:
            self.bench.now_is(held=False)
            self.bench.clock_comes_round()
        for by in HUMANS:
            self.tries(Move("lift", by, of=HUMANS[by]))
        for by in HUMANS:
            self.tries(Move("approve", by))
        self.bench.clock.tick(STEP)
        self.bench.clock_comes_round()
        self.tries(Move("mark posted", identities(ANN)[0]))


# -- where it is played ---------------------------------------------------------------------------

RUNS = {"quick": (3, 15), "ci": (8, 40), "full": (300, 50)}[SIZE]
"""How many lives are played on each database, and how many steps each has at most."""
IN_MEMORY = {"quick": (30, 30), "ci": (200, 40), "full": (5000, 50)}[SIZE]


@pytest.fixture(params=["memory", *BOTH])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """One store for all the posts of a test: an own loop, because Hypothesis is not async."""
    with asyncio.Runner() as runner:
        if request.param == "memory":
            yield Bench(runner, memory, in_memory=True)
            return
        database = Database(makes(request, request.param)())
        runner.run(database.open())
        yield Bench(runner, on(database))
        runner.run(database.close())


def on(database: Database) -> MakeUnits:
    def make(packs: Mapping[SchoolId, Pack], now: Callable[[], datetime]) -> Units:
        return Units(database, KEYS, packs=packs, commands=LATER, now=now)

    return make


def play(bench: Bench, size: tuple[int, int], **more: Any) -> None:  # noqa: ANN401 -- settings
    # Short runs are the same each time, so that none fails for want of luck.
    more.setdefault("derandomize", SIZE != "full")
    chosen = settings(max_examples=size[0], stateful_step_count=size[1], deadline=None, **more)

    class Here(PostMachine):
        def __init__(self) -> None:
            super().__init__(bench)

    run_state_machine_as_test(Here, settings=chosen)


@proves("STEP-MOD-1", "MET-MOD-1")
def test_no_order_of_anything_breaks_a_promise(bench: Bench) -> None:
    play(bench, IN_MEMORY if bench.in_memory else RUNS)
    # Otherwise nothing of importance was tried.
    assert bench.reached.keys() >= {State.IN_REVIEW, State.APPROVED, State.RELEASED}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_on_purpose_gets_as_far_as_the_store_lets_it(bench: Bench, fault: Fault) -> None:
    """The shortest way of each fault to a broken promise, played on the real service."""
    bench.machine = fault.machine(judging=False)
    bench.begin(fault.bounds)
    refused = False
    for move in shortest(fault):
        try:
            bench.play(move)
        except RuleBroken:
            refused = True
            break
    assert refused is fault.refused_by_store
    assert (fault.breaks in bench.broken) is not refused


@cache
def shortest(fault: Fault) -> tuple[Move, ...]:
    return search(fault.bounds, fault.machine(judging=False)).trace


QUICKLY_FOUND = {
    "stale version",
    "two identities of one person",
    "late click after the end",
    "anybody's yes is the head's",
}


@pytest.mark.parametrize(
    "fault", [one for one in FAULTS if one.name in QUICKLY_FOUND], ids=lambda fault: fault.name
)
def test_such_a_game_finds_faults_as_well(fault: Fault) -> None:
    with asyncio.Runner() as runner:
        bench = Bench(runner, memory)
        bench.machine = fault.machine(judging=False)
        with pytest.raises(AssertionError):
            play(bench, (400, 30), phases=[Phase.generate], derandomize=True)
        assert bench.broken
