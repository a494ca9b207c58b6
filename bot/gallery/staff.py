"""What people are told of an absence, the policy that they accept, names that they keep."""

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
from moderation.checks.model import NotAPupil
from moderation.keeping import present as keeping
from moderation.keeping.effects import Message as NameMessage
from moderation.keeping.model import KeptName, NameId, State
from moderation.keeping.queries import NamePage, PlacePage
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


WAITING: Final = KeptName(
    id=NameId("01KA8NAME"),
    school=here.OAKFIELD,
    name="Hetty Marlowe",
    kind=NotAPupil.VISITOR,
    asked_by=LUND,
    asked_at=here.ago(hours=1),
)
KEPT: Final = replace(
    WAITING,
    state=State.KEPT,
    agreed_by=OKAFOR,
    agreed_at=here.ago(minutes=5),
    until=here.NOW + timedelta(days=365),
)
NAME: Final = NamePage(
    kept=WAITING,
    version=1,
    place=here.NAME,
    checked_for=False,
    nearly=False,
    names=here.NAMES,
    asked=(OKAFOR, ADE),
    readers=(LUND, OKAFOR, ADE),
    viewer=OKAFOR,
    now=here.NOW,
    zone=here.LONDON,
)
"""A visiting author's name, which Mr Lund wants kept."""


def examples() -> Iterator[Made]:
    """Messages about an absence, the policy in each state, and so a name."""
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
    yield from _names()


def _names() -> Iterator[Made]:
    kept = replace(NAME, kept=KEPT)
    for name, page, about in (
        ("name", NAME, "A name that somebody wants kept"),
        ("name-nearly", replace(NAME, nearly=True), "The same, one slip from a pupil's"),
        ("name-own", replace(NAME, viewer=LUND), "The same, to whoever asked"),
        ("name-kept", kept, "A name that two people keep"),
        ("name-checked", replace(kept, checked_for=True), "A name that a pupil has by now"),
    ):
        yield name, about, keeping.card(page)
    for state, about in (
        (State.DECLINED, "A name that a second person said no to"),
        (State.LAPSED, "A name that nobody answered about"),
        (State.DROPPED, "A name that was taken away"),
        (State.ENDED, "A name whose time is over"),
    ):
        yield f"name-{state}", about, keeping.card(replace(NAME, kept=_now(state)))
    for message, state, about in (
        (NameMessage.AGREED, State.KEPT, "A second person agreed to your name"),
        (NameMessage.DECLINED, State.DECLINED, "A second person said no to your name"),
        (NameMessage.DROPPED, State.DROPPED, "A name that you keep was taken away"),
        (NameMessage.ENDED, State.ENDED, "A name that you keep is over"),
    ):
        page = replace(NAME, kept=_now(state), viewer=LUND)
        yield f"message-{str(message).replace('.', '-')}", about, keeping.notice(message, page)
    place = PlacePage(
        place=here.OAKFIELD,
        title=here.NAME,
        kept=(KEPT, replace(WAITING, id=NameId("01KA8OTHER"), name="Dr Bram Oyelaran")),
        checked_for=frozenset({KEPT.id}),
        names=here.NAMES,
        now=here.NOW,
        zone=here.LONDON,
    )
    new = NameId("01KA8NEW")
    yield "names", "The names that a school keeps", keeping.place(place, new)
    none = replace(place, kept=(), checked_for=frozenset())
    yield "names-none", "A school that keeps none", keeping.place(none, new)


def _now(state: State) -> KeptName:
    """The same name as it stands there."""
    if state is State.KEPT:
        return KEPT
    ended_by = {State.DECLINED: OKAFOR, State.DROPPED: ADE}.get(state)
    why = "Nobody here knows her." if state is State.DECLINED else ""
    return replace(WAITING, state=state, over_by=ended_by, reason=why)
