"""What somebody reads who looks after a school: who was not reached, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, assert_never

from moderation.deliveries.model import DELIVERIES, What
from moderation.kernel import SubjectRef
from moderation.views import Facts, Note, Tone
from moderation.words import both, capital, card as worded, count, counted


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.deliveries.model import Lost
    from moderation.deliveries.queries import LostView
    from moderation.views import Card


SOMEBODY = "Somebody who has left"
SOMEWHERE = "A conversation that is no longer used"
ITSELF = "Schoolgate itself"


def notice(lost: tuple[Lost, ...], view: LostView) -> Card | None:
    """Who and how many, never what it was about; ``None`` once nothing is lost any more."""
    if not lost:
        return None
    return worded(
        SubjectRef(DELIVERIES, view.school),
        version=1,
        title=f"Not delivered · {view.name}",
        state=f"{capital(count(len(lost)))} could not be delivered",
        tone=Tone.CARE,
        parts=(
            Facts(_rows(lost, view)),
            Note(
                lines=(
                    "I tried for as long as it made sense, and have stopped.",
                    "Please tell them that something waits for them here: their queue shows it.",
                    "Whoever looks after Schoolgate can see why and send it again.",
                    "They find it with: schoolgate outbox list.",
                )
            ),
        ),
    )


def _rows(lost: Iterable[Lost], view: LostView) -> tuple[tuple[str, str], ...]:
    found: dict[str, Counter[What]] = {}
    for one in lost:
        found.setdefault(_whom(one, view), Counter())[one.what] += 1
    return tuple(
        (whom, capital(both([_several(what, number) for what, number in sorted(kinds.items())])))
        for whom, kinds in sorted(found.items())
    )


def _whom(one: Lost, view: LostView) -> str:
    match one.what:
        case What.MESSAGE:
            return view.names.get(one.person, SOMEBODY) if one.person is not None else SOMEBODY
        case What.CARD:
            return view.places.get(one.where, SOMEWHERE) if one.where is not None else SOMEWHERE
        case What.STEP:
            return ITSELF
        case _ as never:
            assert_never(never)


def _several(what: What, number: int) -> str:
    match what:
        case What.MESSAGE:
            return counted(number, "message")
        case What.CARD:
            return counted(number, "card")
        case What.STEP:
            return counted(number, "step")
        case _ as never:
            assert_never(never)
