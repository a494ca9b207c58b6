"""How a judgement calls a pupil and a network, and what is said of no one."""

from __future__ import annotations

from datetime import date

import pytest

from moderation.checks.context import Context
from moderation.checks.model import Check, Finding, Outcome, PupilName, Severity, outcome
from moderation.checks.names.roster import Roster
from moderation.kernel import AccountId, PupilKey


TODAY = date(2026, 9, 14)
PAGE, AMELIA = AccountId("page"), PupilKey("amelia")
NAME = PupilName(pupil=AMELIA, legal_forename="Amelia", legal_surname="Khan", year_group="4")


def test_a_pupil_is_called_as_the_labels_say_then_as_the_roster_says() -> None:
    roster = Roster([NAME])

    assert Context(today=TODAY).label(AMELIA) == ""
    assert Context(today=TODAY, roster=roster).label(AMELIA) == "A.K., Year 4"
    assert Context(today=TODAY, roster=roster).label(PupilKey("stranger")) == ""
    known = Context(today=TODAY, roster=roster, labels={AMELIA: "A.K., Year 5"})
    assert known.label(AMELIA) == "A.K., Year 5"


@pytest.mark.parametrize(
    ("written", "platform", "network"),
    [
        ("facebook", "facebook", "Facebook"),
        (" YouTube ", "youtube", "YouTube"),
        ("website", "website", "our website"),
        ("peertube", "peertube", "peertube"),
        ("  ", None, "our pages"),
    ],
)
def test_a_network_is_called_as_people_write_it(
    written: str, platform: str | None, network: str
) -> None:
    context = Context(today=TODAY, platforms={PAGE: written})

    assert context.platform(PAGE) == platform
    assert context.network(PAGE) == network


def test_an_account_that_nobody_knows_is_on_our_pages() -> None:
    context = Context(today=TODAY)

    assert context.platform(PAGE) is None
    assert context.network(PAGE) == context.network(None) == "our pages"


def test_nothing_shows_a_pupil() -> None:
    assert repr(NAME) == "PupilName(…)"
    context = Context(today=TODAY, roster=Roster([NAME]), staff=("Mrs Okafor",))
    assert repr(context) == "Context(today=2026-09-14, roster=Roster(1 pupils))"


@pytest.mark.parametrize(
    ("severities", "worst"),
    [
        ((), Outcome.CLEAR),
        ((Severity.NOTE,), Outcome.CLEAR),
        ((Severity.NOTE, Severity.FLAG), Outcome.FLAG),
        ((Severity.FLAG, Severity.BLOCK, Severity.NOTE), Outcome.BLOCK),
    ],
)
def test_the_worst_finding_decides(severities: tuple[Severity, ...], worst: Outcome) -> None:
    found = tuple(
        Finding(
            check=Check.LINKS,
            rule="link",
            category="link",
            clause="STEP-LINK-1",
            severity=severity,
            field="text",
            start=None,
            end=None,
            reason="There is a link.",
        )
        for severity in severities
    )
    assert outcome(found) is worst
