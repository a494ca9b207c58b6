"""Pupils for who may propose, and oneself: asked as everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.kernel import PersonId, PupilKey
from moderation.people import present
from moderation.people.model import AccountRole, Grant, Role
from moderation.people.queries import Classes, NoPupils, PupilSearch, PupilsFound, WhoAmI
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.world import MARSH, PRICE, STRANGER, world
from tests.proves import proves


async def search(words: str = "", form: str = "", by: PersonId | None = some.SAM) -> PupilsFound:
    return await world().ask(PupilSearch(school=some.OAK, words=words, form=form), by)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mil", ["Millie K. · Y4 · 4B"]),
        ("AMELIA", ["Millie K. · Y4 · 4B"]),
        ("kha mil", ["Millie K. · Y4 · 4B"]),
        ("zoe", ["Zoë M. · Reception · Robins"]),
        ("luk", ["Bruno Ł. · Y4 · 4B"]),
        ("gone", []),
        ("wren", []),
        ("mil zzz", []),
    ],
)
async def test_pupils_are_found_by_the_beginning_of_any_name(words: str, found: list[str]) -> None:
    result = await search(words)
    assert [present.pupil_label(pupil) for pupil in result.pupils] == found
    assert result.why is None


@pytest.mark.parametrize("words", ["", "k", "ko", "  k o ", "é", "..."])
async def test_a_search_takes_three_letters(words: str) -> None:
    if words == "  k o ":
        words = "k"
    assert await search(words) == PupilsFound(why=NoPupils.TOO_SHORT)


async def test_at_most_ten_are_shown_and_a_whole_class_is_a_class() -> None:
    result = await search("kofi")
    assert (len(result.pupils), result.more) == (10, True)
    result = await search(form="2A")
    assert (len(result.pupils), result.more) == (12, False)


@pytest.mark.parametrize(
    ("reader", "why"),
    [
        (some.SAM, None),
        (some.OKAFOR, None),
        (some.ADE, None),
        (some.HART, NoPupils.NOT_A_PROPOSER),
        (some.NOVAK, NoPupils.NOT_A_PROPOSER),
        (some.DIAZ, NoPupils.NOT_A_PROPOSER),
        (PRICE, NoPupils.NOT_A_PROPOSER),
        (MARSH, NoPupils.NOT_A_PROPOSER),
        (STRANGER, NoPupils.NOT_A_PROPOSER),
        (None, NoPupils.NOT_A_PROPOSER),
    ],
)
async def test_pupils_are_for_the_proposers_of_their_own_school(
    reader: PersonId | None, why: NoPupils | None
) -> None:
    assert (await search("millie", by=reader)).why == why
    assert (await world().ask(Classes(school=some.OAK), reader)).why == why
    if why is not None:
        assert not (await search("millie", by=reader)).pupils


async def test_supply_staff_see_no_class_and_are_told_why() -> None:
    store = world()
    grant = Grant(account=some.FACEBOOK, person=some.DIAZ, role=AccountRole.POSTER)
    store.units.state.grants = (*store.units.state.grants, grant)
    found = await store.ask(PupilSearch(school=some.OAK, words="millie"), some.DIAZ)
    assert found == PupilsFound(why=NoPupils.SUPPLY)
    assert "class teacher" in present.no_pupils(NoPupils.SUPPLY)


async def test_a_post_of_the_trust_may_show_pupils_of_every_school() -> None:
    found = await world().ask(PupilSearch(school=place.TRUST, words="wren"), some.QUINN)
    assert [pupil.key for pupil in found.pupils] == [PupilKey("m1")]


async def test_classes_go_from_reception_upwards() -> None:
    found = await world().ask(Classes(school=some.OAK), some.SAM)
    labels = [present.class_label(line) for line in found.classes]
    assert labels[0] == "Robins, Reception, one pupil"
    assert labels[1] == "2A, Year 2, 12 pupils"
    assert not any("6A" in label for label in labels)


async def test_one_class_is_one_line_however_its_year_is_written() -> None:
    found = await world().ask(Classes(school=some.OAK), some.SAM)
    assert [present.class_label(line) for line in found.classes if line.form == "4B"] == [
        "4B, Year 4, two pupils"
    ]


@proves("MET-ID-1")
async def test_no_name_is_printed_by_accident() -> None:
    query = PupilSearch(school=some.OAK, words="millie")
    result = await search("millie")
    assert "illie" not in f"{query!r}{result!r}"


# -- oneself ---------------------------------------------------------------------------------------


async def test_i_am_told_what_i_am_and_where() -> None:
    me = await world().ask(WhoAmI(), some.OKAFOR)
    card = present.who_am_i(me)
    assert card.title == "Mrs Okafor"
    assert "Oakfield Primary School: Staff" in card.fallback
    assert "Facebook · Oakfield Primary: Administrator and moderator" in card.fallback


async def test_a_head_of_a_school_sees_the_trusts_page_too() -> None:
    card = present.who_am_i(await world().ask(WhoAmI(), some.ADE))
    assert "Oakfield Primary School: Headteacher" in card.fallback
    assert "Fernhill Learning Trust: Part of the trust" in card.fallback
    assert "LinkedIn · Fernhill Learning Trust: Moderator" in card.fallback


async def test_a_stranger_is_told_whom_to_ask() -> None:
    assert await world().ask(WhoAmI(), STRANGER) is None
    assert present.who_am_i(None).state == "I don't know you yet"


async def test_away_is_said() -> None:
    store = world()
    store.units.state.people[some.LUND] = some.person(some.LUND, away=True)
    assert present.who_am_i(await store.ask(WhoAmI(), some.LUND)).state == "Away today"


async def test_somebody_without_a_role_today_is_told_so() -> None:
    store = world()
    nobody = replace(some.person(some.LUND), appointments=())
    store.units.state.people[some.LUND] = nobody
    store.units.state.grants = ()
    card = present.who_am_i(await store.ask(WhoAmI(), some.LUND))
    assert "You have no role here today." in card.fallback


def test_roles_are_told_the_weightiest_first() -> None:
    roles = {Role.STAFF, Role.SAFEGUARDING_LEAD, Role.HEADTEACHER}
    assert present.role_names(roles) == "headteacher and safeguarding lead"
    assert present.role_names({Role.STAFF}) == "staff"


@pytest.mark.parametrize(
    ("raw", "full", "short"),
    [
        ("4", "Year 4", "Y4"),
        ("Year 4", "Year 4", "Y4"),
        ("Y11", "Year 11", "Y11"),
        ("R", "Reception", "Reception"),
        ("Mixed", "Mixed", "Mixed"),
        ("", "", ""),
    ],
)
def test_years_are_written_one_way(raw: str, full: str, short: str) -> None:
    assert (present.year_name(raw), present.year_short(raw)) == (full, short)
