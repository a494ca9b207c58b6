"""What somebody hears who asked for something about a pause, a list, a chat account or a home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, assert_never

from adapters.door import Again, Answer, Declined, Done
from bot.door.forms import GONE
from moderation.acceptances import present as policy
from moderation.acceptances.queries import MyPolicies
from moderation.holds import present as pausing
from moderation.holds.queries import HoldCard
from moderation.imports import commands as imports, present as asked_yes
from moderation.imports.queries import ImportCard
from moderation.keeping import commands as keeping, present as keeps
from moderation.keeping.queries import NameCard
from moderation.kernel import Accepted, Refused, Repeated
from moderation.links import commands as links, present as knowing
from moderation.links.queries import LinkCard
from moderation.posts import present


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from moderation.holds import commands as holds
    from moderation.kernel import Reason
    from moderation.service import Outcome, Query
    from moderation.views import Card

R = TypeVar("R")

NO_SUCH_IMPORT = "I can't find that list. It may have been answered or replaced meanwhile."
NOT_FROM_HERE = "A list can only be imported by whoever runs Schoolgate."


class Ask(Protocol):
    """A question to the service, for whoever is answered."""

    def __call__(self, query: Query[R], /) -> Awaitable[R]: ...


def settled(
    outcome: Outcome,
    *,
    refused: Callable[[tuple[Reason, ...]], tuple[str, ...]],
    done: Callable[[], tuple[str, ...]],
    card: Card | None = None,
) -> Answer:
    """An outcome in the words of its room; only those that are needed are made."""
    match outcome:
        case Refused(reasons=reasons):
            return Declined(sentences=refused(reasons), card=card)
        case Repeated():
            return Again(sentences=(present.AGAIN,), card=card)
        case Accepted():
            return Done(sentences=done(), card=card)
        case _ as never:
            assert_never(never)


async def hold_answered(command: holds.Command, outcome: Outcome, ask: Ask) -> Answer:
    """After posts were paused or started."""
    page = await ask(HoldCard(school=command.school))
    return settled(
        outcome,
        refused=lambda reasons: pausing.refusal(reasons, page),
        done=lambda: pausing.done(command, page) if page is not None else (),
        card=pausing.card(page) if page is not None else None,
    )


async def import_answered(command: imports.Command, outcome: Outcome, ask: Ask) -> Answer:
    """After an import's card; nobody sends anything else about one from a chat."""
    if not isinstance(command, imports.ConfirmImport | imports.DeclineImport):
        return Declined(sentences=(NOT_FROM_HERE,))
    found = await ask(ImportCard(batch=command.batch))
    if found is None:
        return Declined(sentences=(NO_SUCH_IMPORT,))
    shown = asked_yes.card(found.batch, found.view)
    return settled(
        outcome,
        refused=lambda reasons: asked_yes.refusal(reasons, found.view),
        done=lambda: (f"Thank you. {shown.title}: {shown.state}.",),
        card=shown,
    )


async def policy_answered(outcome: Outcome, ask: Ask) -> Answer:
    """After somebody has accepted a policy; the card is the next one, where there is one."""
    left = await ask(MyPolicies(waiting=True))
    return settled(
        outcome,
        refused=policy.refusal,
        done=policy.done,
        card=policy.card(left[0]) if left else None,
    )


async def name_answered(command: keeping.Command, outcome: Outcome, ask: Ask) -> Answer:
    """After something was asked about a name that a school keeps."""
    page = await ask(NameCard(id=command.id))
    return settled(
        outcome,
        refused=keeps.refusal,
        done=lambda: keeps.done(page) if page is not None else (),
        card=keeps.card(page) if page is not None else None,
    )


async def link_answered(command: links.Command, outcome: Outcome, ask: Ask) -> Answer:
    """After the card that asks whose chat account it is; whoever asks for that is greeted."""
    if not isinstance(command, links.ConfirmLink | links.DeclineLink):
        return Declined(sentences=(GONE,))
    page = await ask(LinkCard(link=command.link))
    return settled(
        outcome,
        refused=knowing.refusal,
        done=lambda: knowing.done(page) if page is not None else (),
        card=knowing.card(page) if page is not None else None,
    )
