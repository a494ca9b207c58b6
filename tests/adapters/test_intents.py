from __future__ import annotations

from typing import get_args

import pytest

from adapters import intents
from adapters.intents import VERBS, command_for
from adapters.payloads import BadPayload
from moderation.checks.model import NotAPupil
from moderation.imports import commands as imports
from moderation.incidents import commands as reports
from moderation.keeping import commands as keeping
from moderation.keeping.model import NameId
from moderation.kernel import AccountId, FindingKey, PersonId, PostId, SchoolId
from moderation.links import commands as links
from moderation.posts import commands as ask
from moderation.views import Intent


def test_every_command_of_a_person_has_its_verb() -> None:
    typed_in_a_form = {ask.Propose, ask.Revise}
    by_others = {*get_args(ask.Timed), *get_args(imports.Timed), imports.Import, reports.Timed}
    by_others |= {links.LapseLink, links.RequestLink, *get_args(keeping.Timed)}
    by_a_person = set(get_args(intents.Command)) - typed_in_a_form - by_others
    queries = set(get_args(intents.Query))
    assert {verb.makes for verb in VERBS.values()} == by_a_person | queries


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_makes_what_it_says(verb: str) -> None:
    intent = Intent(verb=verb, id="01J", rev=3, arg="x")
    made = command_for(intent, {})
    assert type(made) is VERBS[verb].makes


@pytest.mark.parametrize("verb", [name for name, verb in VERBS.items() if verb.arg])
def test_a_verb_that_needs_an_argument_is_refused_without_it(verb: str) -> None:
    assert isinstance(command_for(Intent(verb=verb, id="01J"), {}), BadPayload)


def test_an_unknown_verb_is_refused() -> None:
    assert isinstance(command_for(Intent(verb="post.override", id="01J"), {}), BadPayload)


def test_statements_ticked_become_confirmed_findings() -> None:
    values = {"confirm:k1": "on", "confirm:k2": "", "reason": "not this"}
    made = command_for(Intent(verb="post.approve", id="01J", rev=4), values)
    assert made == ask.Approve(post=PostId("01J"), seen=4, confirmed=frozenset({FindingKey("k1")}))


def test_whose_a_name_is_confirms_the_finding_and_a_tick_says_nothing_of_it() -> None:
    values: intents.Values = {
        "confirm:k1": "visitor",
        "confirm:k2": ("public",),
        "confirm:k3": "yes",
    }
    made = command_for(Intent(verb="post.approve", id="01J", rev=4), values)
    assert made == ask.Approve(
        post=PostId("01J"),
        seen=4,
        confirmed=frozenset(map(FindingKey, ("k1", "k2", "k3"))),
        whose=frozenset(
            {(FindingKey("k1"), NotAPupil.VISITOR), (FindingKey("k2"), NotAPupil.PUBLIC)}
        ),
    )


def test_the_argument_and_the_fields_reach_the_command() -> None:
    assert command_for(
        Intent(verb="post.posted", id="01J", rev=2, arg="oak-page"),
        {"url": " https://example.org/1 "},
    ) == ask.MarkPosted(
        post=PostId("01J"), seen=2, account=AccountId("oak-page"), url="https://example.org/1"
    )
    assert command_for(
        Intent(verb="post.lift_veto", id="01J", rev=2, arg="lund"), {"reason": "Mended."}
    ) == ask.LiftVeto(post=PostId("01J"), seen=2, of=PersonId("lund"), reason="Mended.")
    cannot = command_for(Intent(verb="post.cannot_post", id="01J", rev=2, arg="a"), {})
    unsure = command_for(Intent(verb="post.unsure", id="01J", rev=2, arg="a"), {})
    assert isinstance(cannot, ask.SayNotPosted)
    assert isinstance(unsure, ask.SayNotPosted)
    assert (cannot.unsure, unsure.unsure) == (False, True)


@pytest.mark.parametrize(("said", "kind"), [("visitor", NotAPupil.VISITOR), ("pupil", None)])
def test_a_name_to_be_kept_comes_from_the_form_alone(said: str, kind: NotAPupil | None) -> None:
    intent = Intent(verb="name.ask", id="01J", arg="oakfield")
    values: intents.Values = {"name": "Jo Example", "kind": (said,)}
    assert command_for(intent, values) == keeping.AskName(
        id=NameId("01J"), school=SchoolId("oakfield"), name="Jo Example", kind=kind
    )
