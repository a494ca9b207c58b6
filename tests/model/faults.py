"""Faults on purpose: the ways in which other approval tools have let one person through.

Each is seeded by building other :class:`Rules` (a guard taken out, a state let in), another
``evolve`` or a resolver of identities that is wrong. No setting of Schoolgate does any of that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.kernel import Identity, PersonId
from moderation.posts import commands as ask, events as happened, guards as guard
from moderation.posts.evolution import evolve
from moderation.posts.model import FINAL, Post
from moderation.posts.workflow import ALLOWED, GUARDS, JUDGING, Rules
from tests.builders import BOB, identities
from tests.model.search import Evolve, Machine
from tests.model.world import HUMANS, OTHER_BOB, Access, Bounds


if TYPE_CHECKING:
    from moderation.posts.events import Event


@dataclass(frozen=True, kw_only=True, eq=False)
class Fault:
    """One fault: what is wrong, the promise it breaks, and a world in which that shows.

    ``harmless`` tells why it does no harm while release still judges, or is empty.
    """

    name: str
    breaks: str
    bounds: Bounds
    rules: Callable[[], Rules] = Rules
    evolve: Evolve = evolve
    who: Callable[[Identity], PersonId] = HUMANS.__getitem__
    second_bob: bool = False
    harmless: str = ""
    refused_by_store: bool = False
    """Whether the four tables stop it, with no rule of the workflow left."""

    def machine(self, *, judging: bool) -> Machine:
        rules = self.rules()
        return Machine(
            rules=rules if judging else replace(rules, judging=()),
            evolve=self.evolve,
            who=self.who,
            second_bob=self.second_bob,
            at_release=judging,
            at_clicks=False,
        )


def without(command: type[ask.Command], *missing: guard.Guard) -> Rules:
    """The rules with these guards of one command taken out."""
    left = tuple(check for check in GUARDS[command] if check not in missing)
    assert len(left) == len(GUARDS[command]) - len(missing)
    return Rules(guards={**GUARDS, command: left})


def unjudged(missing: guard.Guard) -> Rules:
    """The rules with one of release's own questions taken out."""
    return Rules(judging=tuple(check for check in JUDGING if check is not missing))


def _editor_stays_out(post: Post | None, event: Event) -> Post:
    """An approver's edit doesn't make them an author."""
    if isinstance(event, happened.Revised) and post is not None:
        event = replace(event, revision=replace(event.revision, authors=post.authors))
    return evolve(post, event)


def _keeps_the_yes(post: Post | None, event: Event) -> Post:
    """What was approved stays approved when the words change."""
    new = evolve(post, event)
    if isinstance(event, happened.Revised) and post is not None:
        return replace(new, approvals=post.approvals)
    return new


def _forgets_the_no(post: Post | None, event: Event) -> Post:
    new = evolve(post, event)
    return replace(new, vetoes=()) if isinstance(event, happened.Revised) else new


def _counts_clicks(post: Post | None, event: Event) -> Post:
    """Every click is stored as somebody's, so that two clicks look like two people."""
    if isinstance(event, happened.Approved) and post is not None:
        again = PersonId(f"{event.approval.person} again")
        known = {approval.person for approval in post.approvals}
        if again in known:
            return post
        if event.approval.person in known:
            event = replace(event, approval=replace(event.approval, person=again))
    return evolve(post, event)


def _all_are_heads(post: Post | None, event: Event) -> Post:
    if isinstance(event, happened.Approved):
        event = replace(event, approval=replace(event.approval, as_head=True))
    return evolve(post, event)


def _by_device(identity: Identity) -> PersonId:
    """Bob in Teams is taken for somebody else."""
    return OTHER_BOB if identity == identities(BOB)[1] else HUMANS[identity]


def _late() -> Rules:
    return Rules(allowed={**ALLOWED, ask.Approve: ALLOWED[ask.Approve] | FINAL})


PAIR = Bounds(name="one second person")
TWO = Bounds(name="two second people", seconds=2)
HEAD_TOO = Bounds(name="the head as well", head=True)
ONE_YES = "1 who wrote no part of it said yes to exactly this"
TWO_YES = "2 who wrote no part of it said yes to exactly this"

FAULTS = (
    Fault(
        name="own approval",
        refused_by_store=True,
        breaks=ONE_YES,
        bounds=PAIR,
        rules=lambda: without(ask.Approve, guard.not_an_author),
        harmless="release asks again whether an author said yes",
    ),
    Fault(
        name="the approver edited",
        refused_by_store=True,
        breaks=ONE_YES,
        bounds=PAIR,
        evolve=_editor_stays_out,
    ),
    Fault(
        name="stale version",
        breaks=ONE_YES,
        bounds=PAIR,
        rules=lambda: without(ask.Approve, guard.seen_version),
    ),
    Fault(
        name="two identities of one person",
        breaks=TWO_YES,
        bounds=TWO,
        who=_by_device,
        second_bob=True,
    ),
    Fault(
        name="revoked right",
        breaks=ONE_YES,
        bounds=replace(PAIR, access=(Access.ALL, Access.BOB_REVOKED)),
        rules=lambda: without(ask.Approve, guard.an_approver),
    ),
    Fault(
        name="an edit after approval keeps the yes",
        refused_by_store=True,
        breaks=TWO_YES,
        bounds=TWO,
        evolve=_keeps_the_yes,
        harmless="release compares every yes with the version that goes out",
    ),
    Fault(
        name="late click after the end",
        breaks="a final state stays final",
        bounds=PAIR,
        rules=_late,
    ),
    Fault(
        name="expired",
        breaks=ONE_YES,
        bounds=replace(PAIR, clock=True),
        rules=lambda: without(ask.Approve, guard.not_expired),
    ),
    Fault(
        name="veto ignored",
        breaks="nobody's no stands",
        bounds=PAIR,
        evolve=_forgets_the_no,
    ),
    Fault(
        name="flag not confirmed",
        breaks=ONE_YES,
        bounds=PAIR,
        rules=lambda: without(ask.Approve, guard.every_flag_confirmed),
        harmless="release asks again for everybody's confirmation of every flag",
    ),
    Fault(
        name="double click counted twice",
        refused_by_store=True,
        breaks=TWO_YES,
        bounds=TWO,
        rules=lambda: without(ask.Approve, guard.not_said_before),
        evolve=_counts_clicks,
        harmless="nobody of that id holds the right when release asks",
    ),
    Fault(
        name="anybody's yes is the head's",
        breaks="the head said yes",
        bounds=HEAD_TOO,
        evolve=_all_are_heads,
    ),
)
