"""What people are told of an absence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.gallery import school as here
from bot.gallery.school import ADE, FACEBOOK, LUND, OKAFOR
from moderation.absences import present as absences
from moderation.absences.effects import Message as AbsenceMessage
from moderation.absences.queries import AbsencePage
from moderation.absences.rights import Gap, Short
from moderation.people.model import Span


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.gallery.posts import Made

AWAY: Final = Span(start=here.TODAY, end=here.TODAY + timedelta(days=2))
SHORT: Final = Short(account=FACEBOOK, day=here.TODAY, left=(OKAFOR,), else_=(ADE,))
ABSENCE: Final = AbsencePage(
    person=LUND,
    name=here.NAMES[LUND],
    viewer=ADE,
    span=AWAY,
    coming=(),
    gaps=(Gap(school=here.OAKFIELD, short=(SHORT,), told=ADE),),
    names=here.NAMES,
    accounts=here.ACCOUNTS,
    schools={here.OAKFIELD: here.NAME},
    today=here.TODAY,
)
"""Mr Lund is away, and Mrs Okafor alone is left for Facebook."""


def examples() -> Iterator[Made]:
    """Messages about an absence."""
    for message, about in (
        (AbsenceMessage.COVER, "Somebody will be missing"),
        (AbsenceMessage.SAID, "Somebody marked you as away"),
        (AbsenceMessage.BACK, "Somebody marked you as here again"),
    ):
        name = str(message).replace(".", "-")
        yield f"message-{name}", about, absences.notice(message, ABSENCE, here.NAMES[ADE])
