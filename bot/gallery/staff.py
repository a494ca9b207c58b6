"""What people are told of an absence, and the policy that they accept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.gallery import school as here
from bot.gallery.school import ADE, FACEBOOK, LUND, OKAFOR
from moderation.absences import present as absences
from moderation.absences.effects import Message as AbsenceMessage
from moderation.absences.queries import AbsencePage
from moderation.absences.rights import Gap, Short
from moderation.acceptances import present as policies
from moderation.acceptances.queries import PolicyPage
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


POLICY: Final = PolicyPage(
    school=here.OAKFIELD,
    name=here.NAME,
    pack=replace(
        here.PACK,
        settings=replace(
            here.PACK.settings,
            accept_policy="2026-09",
            policy_address="https://oakfield.example/social-media-policy.pdf",
        ),
    ),
    accepted_at=None,
    head=here.NAMES[ADE],
    now=here.NOW,
    zone=here.LONDON,
)
"""The policy, which the reader has yet to accept."""


def examples() -> Iterator[Made]:
    """Messages about an absence, and the policy in each state."""
    for message, about in (
        (AbsenceMessage.COVER, "Somebody will be missing"),
        (AbsenceMessage.SAID, "Somebody marked you as away"),
        (AbsenceMessage.BACK, "Somebody marked you as here again"),
    ):
        name = str(message).replace(".", "-")
        yield f"message-{name}", about, absences.notice(message, ABSENCE, here.NAMES[ADE])
    yield "policy", "The policy, to be accepted", policies.card(POLICY)
    accepted = replace(POLICY, accepted_at=here.ago(hours=2))
    yield "policy-accepted", "The policy, accepted", policies.card(accepted)
    yield "policy-none", "No policy to accept", policies.nothing()
