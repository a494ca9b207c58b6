"""What a file would change: counts, rows, and nothing at all the second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from moderation.accounts.model import MonthOrDay
from moderation.checks.model import Status
from moderation.imports.difference import Stored, compare, wishes
from moderation.imports.model import Counts, Wish
from moderation.kernel import AccountId, Identity, PersonId, Platform, PupilKey
from moderation.people.model import AccountRole, Person, Role, Span
from tests.moderation.imports import trust as t


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.model import Consent
    from moderation.imports.difference import Plan
    from moderation.imports.model import Content, Entry, Roll
    from moderation.imports.rights import Register
    from moderation.people.model import Pupil

YESTERDAY = date(2026, 11, 17)
NEXT_DAY = date(2026, 11, 19)


def stored(
    *pupils: Pupil,
    register: Register | None = None,
    consents: Iterable[Consent] = (),
) -> Stored:
    found: dict[PupilKey, tuple[Consent, ...]] = {}
    for consent in consents:
        found[consent.pupil] = (*found.get(consent.pupil, ()), consent)
    return Stored(register=register or t.register(), rolls={t.OAK: pupils}, consents=found)


def people(*someone: Person, register: Register | None = None) -> Plan:
    return compare(t.people(*someone), stored(register=register), t.TODAY)


def pupils(roll: Roll, *on_record: Pupil) -> Plan:
    return compare(t.pupils(roll), stored(*on_record), t.TODAY)


# -- people ---------------------------------------------------------------------------------------


def test_an_empty_cell_leaves_an_account_that_people_confirmed() -> None:
    bare, linked = t.person(t.ANN, identities=()), frozenset({t.slack("ann")})
    stored = Stored(register=t.register(), linked=linked)
    assert compare(t.people(bare), stored, t.TODAY).nothing
    # Without that, an empty cell takes it away.
    (after,) = compare(t.people(bare), replace(stored, linked=frozenset()), t.TODAY).people
    assert after.identities == ()
    # Another account in the cell takes its place,
    (after,) = compare(
        t.people(t.person(t.ANN, identities=(t.slack("new"),))), stored, t.TODAY
    ).people
    assert after.identities == (t.slack("new"),)
    # and whoever the file gives it to has it.
    moved = t.people(bare, t.person(t.BOB, identities=(t.slack("ann"),)))
    found = {it.id: it.identities for it in compare(moved, stored, t.TODAY).people}
    assert found == {t.ANN: (), t.BOB: (t.slack("ann"),)}


def test_people_are_merged_by_id_and_the_others_stay() -> None:
    new, changed = t.person(t.CHAIR), t.person(t.ANN, name="Mx Ann Other")
    plan = people(new, changed, t.person(t.BOB))
    assert plan.people == (new, changed)
    assert plan.counts == Counts(added=1, changed=1, unchanged=1, untouched=len(t.STAFF) - 2)
    assert plan.after.people.keys() == {*(one.id for one in t.STAFF), t.CHAIR}


def test_what_the_file_does_not_speak_of_stays() -> None:
    sandbox = Identity(Platform.SANDBOX, "ann")
    away = (Span(start=NEXT_DAY),)
    before = t.person(t.ANN, absences=away, identities=(t.slack("ann"), sandbox))
    (after,) = people(
        t.person(t.ANN, identities=(t.slack("new"),)), register=t.register(t.instead(before))
    ).people
    assert after.absences == away
    assert set(after.identities) == {t.slack("new"), sandbox}


def test_a_file_without_a_platforms_column_leaves_the_accounts_there() -> None:
    teams = Identity(Platform.TEAMS, "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")
    stored = Stored(
        register=t.register(t.instead(t.person(t.ANN, identities=(t.slack("ann"), teams))))
    )
    bare = t.people(t.person(t.ANN, identities=()))
    both = frozenset({Platform.SLACK, Platform.TEAMS})
    for spoken in (both, frozenset({Platform.SLACK}), frozenset({Platform.TEAMS})):
        (after,) = compare(replace(bare, speaks_of=spoken), stored, t.TODAY).people
        assert {it.platform for it in after.identities} == both - spoken
    assert compare(replace(bare, speaks_of=frozenset()), stored, t.TODAY).nothing


def test_only_an_answer_changes_whether_somebody_may_be_named() -> None:
    quiet = replace(t.person(t.ANN), may_be_named=False)
    stored = Stored(register=t.register(t.instead(quiet)))
    silent = t.people(t.person(t.ANN))
    assert compare(silent, stored, t.TODAY).nothing
    (after,) = compare(replace(silent, answered=frozenset({t.ANN})), stored, t.TODAY).people
    assert after.may_be_named
    stored = Stored(register=t.register())
    told = replace(t.people(quiet), answered=frozenset({t.ANN}))
    (after,) = compare(told, stored, t.TODAY).people
    assert not after.may_be_named


def test_whether_somebody_may_be_shown_is_another_answer_and_each_change_is_on_record() -> None:
    shy = replace(t.person(t.ANN), may_be_shown=False)
    stored = Stored(register=t.register(t.instead(shy)))
    before = stored.register.people
    named = replace(t.people(t.person(t.ANN)), answered=frozenset({t.ANN}))
    assert compare(named, stored, t.TODAY).nothing
    plan = compare(replace(named, answered_shown=frozenset({t.ANN})), stored, t.TODAY)
    assert list(wishes(plan, before)) == [Wish(person=t.ANN, may_be_named=True, may_be_shown=True)]
    moved = compare(t.people(replace(t.person(t.ANN), email="ann@oak.example")), stored, t.TODAY)
    assert moved.people
    assert list(wishes(moved, before)) == []
    fresh = compare(t.people(replace(shy, id=PersonId("new"), identities=())), stored, t.TODAY)
    assert [(it.person, it.may_be_shown) for it in wishes(fresh, before)] == [("new", False)]


def test_a_file_of_one_school_says_nothing_of_another() -> None:
    both = t.person(t.ANN, t.post(), t.post(school=t.ELM))
    register = t.register(t.instead(both))
    here = t.person(t.ANN, t.post(Role.ADMINISTRATOR))
    (scoped,) = compare(t.people(here, only=t.OAK), stored(register=register), t.TODAY).people
    (whole,) = compare(t.people(here), stored(register=register), t.TODAY).people
    assert set(scoped.appointments) == {t.post(Role.ADMINISTRATOR), t.post(school=t.ELM)}
    assert whole.appointments == (t.post(Role.ADMINISTRATOR),)


def test_leaving_and_coming_back_are_counted() -> None:
    gone = t.person(t.ANN, t.post(end=YESTERDAY))
    assert people(gone).counts.closed == 1
    assert people(t.person(t.ANN), register=t.register(t.instead(gone))).counts.returned == 1


# -- accounts -------------------------------------------------------------------------------------


def test_an_account_takes_the_rights_of_its_row() -> None:
    entry = t.entry(t.page(), t.grant(t.CY), t.grant(t.BOB))
    plan = compare(t.accounts(entry), stored(), t.TODAY)
    assert plan.entries == (entry,)
    assert plan.counts == Counts(changed=1, untouched=2)
    kept = [grant for grant in t.GRANTS if grant.account != t.PAGE]
    assert plan.after.grants == (*kept, t.grant(t.CY), t.grant(t.BOB))


def test_rights_in_another_order_are_the_same() -> None:
    entry = t.entry(t.page(), t.grant(t.BOB), t.grant(t.ANN))
    plan = compare(t.accounts(entry), stored(), t.TODAY)
    assert plan.nothing
    assert plan.counts == Counts(unchanged=1, untouched=2)


def test_closing_and_opening_again_are_counted() -> None:
    rights = (t.grant(t.ANN), t.grant(t.BOB))
    closed = t.page(closed_on=MonthOrDay(2026, 7))
    closing = compare(t.accounts(t.entry(closed, *rights)), stored(), t.TODAY)
    assert closing.counts == Counts(closed=1, untouched=2)
    back = t.register(accounts=(closed, *t.PAGES[1:]))
    opening = compare(t.accounts(t.entry(t.page(), *rights)), stored(register=back), t.TODAY)
    assert opening.counts == Counts(returned=1, untouched=2)


def test_the_day_on_which_an_account_came_into_the_register_stays() -> None:
    new = t.entry(replace(t.page(), id=AccountId("new")))
    plan = compare(t.accounts(new), stored(), t.TODAY)
    [written] = plan.entries
    assert written.account.known_since == t.TODAY
    known = t.register(accounts=(replace(t.page(), known_since=t.TODAY), *t.PAGES[1:]))
    later = t.TODAY + timedelta(days=30)
    renamed = t.entry(replace(t.page(), name="Another name"))
    plan = compare(t.accounts(renamed), stored(register=known), later)
    [written] = plan.entries
    assert written.account.known_since == t.TODAY


def test_an_account_without_posters_is_real() -> None:
    plan = compare(t.accounts(t.entry(t.page())), stored(), t.TODAY)
    assert [grant for grant in plan.after.grants if grant.account == t.PAGE] == []
    assert plan.counts.changed == 1
    poster = t.grant(t.ANN, role=AccountRole.POSTER)
    assert not compare(t.accounts(t.entry(t.page(), poster)), stored(), t.TODAY).nothing


# -- pupils ---------------------------------------------------------------------------------------


def test_the_file_is_the_whole_roll() -> None:
    stays, moves, leaves = (t.pupil(number) for number in ("N1", "N2", "N3"))
    again = replace(stays, key=PupilKey("other"), name=replace(stays.name, pupil=PupilKey("other")))
    married = t.pupil("N2", forename="Robin")
    new = t.pupil("N4")
    plan = pupils(t.roll([again, married, new]), stays, moves, leaves)
    assert plan.counts == Counts(added=1, changed=1, closed=1, unchanged=1)
    ((school, written),) = plan.rolls
    assert school == t.OAK
    assert written == (
        replace(married, key=moves.key, name=replace(married.name, pupil=moves.key)),
        new,
        replace(leaves, left_on=t.TODAY),
    )


def test_whoever_comes_back_is_the_same_pupil() -> None:
    left = t.pupil("N1", left_on=date(2026, 7, 20))
    plan = pupils(t.roll([t.pupil("N1", forename="Robin")]), left)
    ((_, (back,)),) = plan.rolls
    assert plan.counts == Counts(returned=1)
    assert (back.key, back.name.pupil, back.left_on) == (left.key, left.key, None)
    assert back.name.legal_forename == "Robin"


def test_whoever_left_before_does_not_leave_again() -> None:
    left = t.pupil("N1", left_on=date(2026, 7, 20))
    assert pupils(t.roll(0), left).nothing


def test_pupils_of_refused_rows_stay_as_they_are() -> None:
    known = [t.pupil(f"N{number}") for number in range(3)]
    plan = pupils(t.roll([], unread=frozenset({"N0", "N1"})), *known)
    assert plan.counts == Counts(closed=1, untouched=2)
    nobody = pupils(t.roll([], whole=False), *known)
    assert nobody.nothing
    assert nobody.counts == Counts(untouched=3)


def test_a_first_list_counts_even_when_it_is_empty() -> None:
    none_yet = Stored(register=t.register(), rolls={t.OAK: None})
    plan = compare(t.pupils(t.roll(0)), none_yet, t.TODAY)
    assert plan.rolls == ((t.OAK, ()),)
    assert pupils(t.roll(0)).nothing


@pytest.mark.parametrize(
    ("before", "leaving", "many"),
    [
        (400, 20, False),  # exactly 5 % and exactly 20
        (400, 21, True),
        (1000, 20, False),
        (1000, 21, True),
        (40, 2, False),
        (40, 3, True),
        (39, 2, True),
        (19, 1, True),
        (20, 1, False),
        (1, 1, True),
        (1, 0, False),
    ],
)
def test_how_many_may_leave_without_a_word(before: int, leaving: int, *, many: bool) -> None:
    known = tuple(t.pupil(f"N{number}") for number in range(before))
    plan = pupils(t.roll(known[leaving:]), *known)
    assert plan.counts.closed == leaving
    assert bool(plan.closes_many) is many


def test_those_who_left_long_ago_are_no_part_of_the_roll() -> None:
    left = tuple(t.pupil(f"L{number}", left_on=YESTERDAY) for number in range(100))
    here = tuple(t.pupil(f"N{number}") for number in range(20))
    assert not pupils(t.roll(here[1:]), *here, *left).closes_many
    assert pupils(t.roll(here[2:]), *here, *left).closes_many == (t.OAK,)


def test_each_school_is_measured_by_itself() -> None:
    known = {
        school: tuple(t.pupil(f"N{number}", school) for number in range(40))
        for school in (t.OAK, t.ELM)
    }
    rolls = (t.roll(known[t.OAK][2:]), t.roll(known[t.ELM][2:], t.ELM))
    plan = compare(t.pupils(*rolls), Stored(register=t.register(), rolls=known), t.TODAY)
    assert plan.counts.closed == 4
    assert plan.closes_many == ()


# -- consents -------------------------------------------------------------------------------------


def test_a_family_says_all_there_is() -> None:
    one, two, three, four = (PupilKey(f"p{number}") for number in range(4))
    granted = [t.consent(key) for key in (one, two, three)]
    refused = t.consent(two, Status.REFUSED)
    families = (
        t.family(one, granted[0]),
        t.family(two, refused),
        t.family(three),
        t.family(four, t.consent(four)),
    )
    plan = compare(t.consents(*families), stored(consents=granted), t.TODAY)
    assert plan.counts == Counts(added=1, changed=1, closed=1, unchanged=1)
    assert plan.families == families[1:]


# -- the same file twice --------------------------------------------------------------------------

days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
numbers = st.sampled_from([f"N{number}" for number in range(8)])
known_pupils = st.builds(
    lambda number, forename, left: t.pupil(number, forename=forename, left_on=left),
    numbers,
    st.sampled_from(["Wren", "Robin"]),
    st.none() | days,
)
some_pupils = st.lists(known_pupils, max_size=8, unique_by=lambda pupil: pupil.number)
listed = some_pupils.map(lambda found: [replace(pupil, left_on=None) for pupil in found])
posts = st.builds(
    lambda role, school, end: t.post(role, school, end=end) if end else t.post(role, school),
    st.sampled_from(Role),
    st.sampled_from([t.OAK, t.ELM, t.TRUST]),
    st.none() | days,
)
someone = st.builds(
    lambda who, held, name: t.person(who, *held, name=name),
    st.sampled_from([t.ANN, t.BOB, t.CY, t.CHAIR]),
    st.lists(posts, min_size=1, max_size=3, unique=True),
    st.sampled_from(["Mx One", "Mx Two"]),
)
some_people = st.lists(someone, max_size=4, unique_by=lambda person: person.id)
rights = st.builds(
    lambda who, role: t.grant(who, role=role),
    st.sampled_from([t.ANN, t.BOB, t.CY]),
    st.sampled_from(AccountRole),
)
entries = st.builds(
    lambda held, closed: t.entry(t.page(closed_on=closed), *held),
    st.lists(rights, max_size=4, unique=True),
    st.none() | st.just(MonthOrDay(2026, 7)),
)


def after(plan: Plan, before: Stored) -> Stored:
    """What is stored once the plan has been written."""
    rolls = {school: list(pupils or ()) for school, pupils in before.rolls.items()}
    for school, changed in plan.rolls:
        keys = {pupil.key for pupil in changed}
        kept = [pupil for pupil in rolls.get(school, []) if pupil.key not in keys]
        rolls[school] = [*kept, *changed]
    consents = dict(before.consents)
    for family in plan.families:
        consents[family.pupil] = family.consents
    return Stored(
        register=plan.after,
        rolls={school: tuple(pupils) for school, pupils in rolls.items()},
        consents=consents,
    )


def is_nothing_the_second_time(content: Content, before: Stored) -> Plan:
    plan = compare(content, before, t.TODAY)
    again = compare(content, after(plan, before), NEXT_DAY)
    assert again.nothing
    assert not again.counts.anything
    return plan


@given(on_record=some_pupils, file=listed, unread=st.frozensets(numbers), whole=st.booleans())
def test_a_roll_twice(
    on_record: list[Pupil], file: list[Pupil], unread: frozenset[str], *, whole: bool
) -> None:
    unread -= {pupil.number for pupil in file}
    content = t.pupils(t.roll(file, unread=unread, whole=whole))
    plan = is_nothing_the_second_time(content, stored(*on_record))
    counts = plan.counts
    assert counts.added + counts.changed + counts.returned + counts.unchanged == len(file)
    here = {pupil.number for pupil in on_record if pupil.left_on is None}
    named = {pupil.number for pupil in file}
    gone = here - named - unread if whole else set()
    assert counts.closed == len(gone)
    keys = {pupil.number: pupil.key for pupil in on_record}
    for _, changed in plan.rolls:
        for pupil in changed:
            # One pupil keeps one key for good, and the key is the name's too.
            assert keys.setdefault(pupil.number, pupil.key) == pupil.key == pupil.name.pupil


@given(file=some_people, scoped=st.booleans())
def test_people_twice(file: list[Person], *, scoped: bool) -> None:
    content = t.people(*file, only=t.OAK if scoped else None)
    is_nothing_the_second_time(content, stored())


@given(entry=entries)
def test_an_account_twice(entry: Entry) -> None:
    is_nothing_the_second_time(t.accounts(entry), stored())


@given(
    file=st.lists(
        st.tuples(numbers, st.lists(st.sampled_from(Status), unique=True, max_size=3)),
        unique_by=lambda row: row[0],
        max_size=8,
    ),
    granted=st.sets(numbers),
)
def test_consents_twice(file: list[tuple[str, list[Status]]], granted: set[str]) -> None:
    families = [
        t.family(PupilKey(key), *(t.consent(PupilKey(key), status) for status in said))
        for key, said in file
    ]
    before = [t.consent(PupilKey(key)) for key in sorted(granted)]
    is_nothing_the_second_time(t.consents(*families), stored(consents=before))
