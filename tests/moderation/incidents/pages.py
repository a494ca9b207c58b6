"""A report in every state, for everybody who may follow it, with and without a number to ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.accounts.model import Account
from moderation.incidents import commands as ask, present
from moderation.incidents.model import Concern, Incident, IncidentId, Receiver, Rung, State
from moderation.incidents.queries import (
    Colleague,
    IncidentPage,
    IncidentView,
    ReportForm,
    Ring,
    SchoolForm,
)
from moderation.incidents.refusals import Refusal
from moderation.kernel import PersonId, Reason
from moderation.people.model import Role
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.views import Card


ID = IncidentId("01JREPORT")
SAID = "Somebody wrote that they are afraid to go home."
NUMBER = Ring(school="Oakfield Primary School", number="01632 960209", office="the office")
OFFICE = replace(NUMBER, number="")
NOBODY = Ring(school="Fernhill Learning Trust", number="", office="")
ASKED = (some.NOVAK, some.SHAH, some.ADE, some.QUINN)
RUNGS = (Rung.LEAD, Rung.DEPUTY, Rung.HEAD, Rung.ABOVE_HEAD)


def incident(asked: int = 1, **changes: object) -> Incident:
    """Asked of so many, one at each step."""
    receivers = tuple(
        Receiver(person=who, rung=rung, step=step, at=some.ago(minutes=40 - 10 * step))
        for step, (who, rung) in enumerate(zip(ASKED, RUNGS, strict=True), start=1)
    )[:asked]
    concern = Concern(
        words=SAID,
        place="https://social.example/p/1",
        account=some.FACEBOOK,
        named=frozenset({some.LUND, PersonId("gone")}),
        danger=True,
    )
    made = Incident(
        id=ID,
        school=some.OAK,
        reporter=some.SAM,
        at=some.ago(minutes=30),
        concern=concern,
        barred=frozenset({some.SAM, some.LUND}),
        step=asked,
        receivers=receivers,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the fields of a report, by name


def incidents() -> Iterator[Incident]:
    for asked in (1, 2, 3, 4):
        yield incident(asked)
        yield incident(asked, concern=Concern(words=SAID))
        yield incident(asked, unanswered_at=some.ago(minutes=1), step=asked + 1)
        held: dict[str, object] = {"holder": some.NOVAK, "held_at": some.ago(minutes=2)}
        yield incident(asked, state=State.ACKNOWLEDGED, **held)
        yield incident(asked, state=State.DONE, done_at=some.ago(minutes=1), **held)
    yield incident(0, unanswered_at=some.ago(minutes=1), step=1)


def page(
    of: Incident, viewer: PersonId | None, ring: Ring = NUMBER, **changes: object
) -> IncidentPage:
    account = Account(
        id=some.FACEBOOK, school=some.OAK, platform="facebook", name="Oakfield Primary"
    )
    view = IncidentView(
        version=1,
        viewer=viewer,
        names=some.NAMES,
        account=account if of.concern.account is not None else None,
        ring=ring,
        still=of.asked,
        here=True,
        now=some.NOW + timedelta(minutes=1),
        zone=some.LONDON,
    )
    return IncidentPage(of, replace(view, **changes))  # type: ignore[arg-type]  # by name


def pages() -> Iterator[IncidentPage]:
    for one in incidents():
        for ring in (NUMBER, OFFICE, NOBODY):
            for viewer in (some.SAM, *one.asked):
                yield page(one, viewer, ring)
                yield page(one, viewer, ring, still=frozenset(), here=False)


def forms() -> Iterator[ReportForm]:
    account = Account(
        id=some.FACEBOOK, school=some.OAK, platform="facebook", name="Oakfield Primary"
    )
    colleagues = tuple(
        Colleague(person=who, name=name, roles=frozenset({Role.STAFF, Role.HEADTEACHER}))
        for who, name in some.NAMES.items()
    )
    for ring in (NUMBER, OFFICE, NOBODY):
        school = SchoolForm(school=some.OAK, ring=ring, accounts=(account,), colleagues=colleagues)
        yield ReportForm(trust=ring, schools=(school,))
        yield ReportForm(trust=ring, schools=(school, replace(school, school=some.TRUST)))
        yield ReportForm(trust=ring, schools=(replace(school, accounts=()),))
        yield ReportForm(trust=ring, schools=())


def lasting() -> Iterator[Card]:
    """Cards and messages that stay in a conversation."""
    for one in pages():
        yield present.card(one)
        yield from filter(None, (present.please_ring(one),))


def cards() -> Iterator[Card]:
    """Every card there is."""
    yield from lasting()
    yield from (present.form(form, ID, words) for form in forms() for words in ("", SAID))
    yield from map(present.words, pages())


COMMANDS: tuple[ask.Command, ...] = (
    ask.ReportConcern(incident=ID, concern=Concern(words=SAID)),
    ask.Acknowledge(incident=ID),
    ask.Finish(incident=ID),
    ask.Climb(incident=ID, step=1),
)


def answers() -> Iterator[tuple[str, ...]]:
    """What somebody hears at once, whatever came of it."""
    for one in pages():
        yield present.again(one)
        yield from (present.done(command, one) for command in COMMANDS)
    for ring in (NUMBER, OFFICE, NOBODY):
        yield present.unreadable(ring)
        for known in (None, page(incident(2, holder=some.NOVAK), some.SHAH, ring)):
            for code in Refusal:
                yield present.refusal((Reason(code, {"limit": "4000"}),), ring, known)
