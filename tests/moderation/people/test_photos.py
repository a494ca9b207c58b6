"""Who of a class may not be shown, and where: for one reader, for one day, and noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.checks.model import Consent, Purpose, Status
from moderation.kernel import AccountId, Asked, PersonId, PupilKey, SubjectRef, Timer
from moderation.people import present
from moderation.people.model import AccountRole, Appointment, Grant, Role, Span
from moderation.people.queries import NoPhotos, PhotoPermissions, PhotosFound
from moderation.views import Tone
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.world import MARSH, MILL_PAGE, PRICE, STRANGER, World, world
from tests.proves import proves


MILLIE, BRUNO, ZOE = (PupilKey(f"p{number}") for number in (1, 2, 3))
YESTERDAY = some.TODAY - timedelta(days=1)


def consent(
    pupil: PupilKey,
    status: Status = Status.GRANTED,
    scope: str = "all",
    expires_on: date | None = None,
    purpose: Purpose = Purpose.PHOTO,
) -> Consent:
    return Consent(pupil=pupil, purpose=purpose, scope=scope, status=status, expires_on=expires_on)


def store(*consents: Consent) -> World:
    made = world()
    by_pupil: dict[PupilKey, tuple[Consent, ...]] = {}
    for item in consents:
        by_pupil[item.pupil] = (*by_pupil.get(item.pupil, ()), item)
    made.units.state.consents |= {key: (some.OAK, items) for key, items in by_pupil.items()}
    return made


async def ask(
    of: World, words: str, by: PersonId | None = some.SAM, now: datetime = some.NOW
) -> PhotosFound:
    known = by if by in of.units.state.people else None
    asked = Asked(by=Timer(), key=f"photos-{by}-{now}-{words}", at=now, person=known)
    async with of.units.write() as unit:
        found = await PhotoPermissions(words=words).read(unit, asked, of.schools)
        await unit.commit()
        return found


def told(found: PhotosFound) -> dict[str, list[tuple[str, str]]]:
    """Every list by its accounts, as a reader sees it."""
    return {
        " + ".join(present.account_name(*account) for account in item.accounts): [
            (child.name, present.STANDINGS[child.standing]) for child in item.not_shown
        ]
        for item in found.lists
    }


@proves("STEP-CONS-1", "AUR-CONS-1")
async def test_each_child_is_told_with_how_the_permission_stands() -> None:
    of = store(
        consent(MILLIE),
        consent(MILLIE, Status.REFUSED, "facebook"),
        consent(BRUNO, expires_on=YESTERDAY),
        consent(BRUNO, Status.WITHDRAWN, some.X),
    )
    assert told(await ask(of, "4B")) == {
        "Facebook · Oakfield Primary": [("Bruno Łukasik", "ran out"), ("Millie Khan", "refused")],
        "X · Oakfield Primary": [("Bruno Łukasik", "withdrawn")],
    }


@pytest.mark.parametrize(
    ("of", "standing"),
    [
        ((), "no answer on record"),
        ((consent(MILLIE, purpose=Purpose.NAME),), "no answer on record"),
        ((consent(MILLIE, expires_on=YESTERDAY),), "ran out"),
        ((consent(MILLIE), consent(MILLIE, Status.WITHDRAWN)), "withdrawn"),
        ((consent(MILLIE, Status.REFUSED),), "refused"),
        ((consent(MILLIE, expires_on=some.TODAY),), None),
    ],
)
async def test_what_holds_today_decides(of: tuple[Consent, ...], standing: str | None) -> None:
    found = told(await ask(store(consent(BRUNO), *of), "4b facebook"))
    [out] = found.values()
    assert out == ([("Millie Khan", standing)] if standing else [])


async def test_accounts_of_which_the_same_is_true_share_a_list() -> None:
    found = await ask(store(), "2A")
    [(accounts, out)] = told(found).items()
    assert accounts == "Facebook · Oakfield Primary + X · Oakfield Primary"
    assert len(out) == 12
    [card] = present.photos(found)
    assert card.state == "12 children of 12 may not be shown"
    assert all(name in card.fallback for name, _ in out)
    assert not card.buttons


@proves("STEP-STAFF-2")
async def test_colleagues_who_would_rather_not_be_shown_are_told_of_where_they_work() -> None:
    of = store(consent(MILLIE), consent(BRUNO))
    people = of.units.state.people
    for who in (some.OKAFOR, MARSH):
        people[who] = replace(people[who], may_be_shown=False)
    [card] = present.photos(await ask(of, "4B"))
    assert (card.state, card.tone) == ("Every child may be shown", Tone.CARE)
    assert f"{people[some.OKAFOR].name}: works here, would rather not be shown" in card.fallback
    assert people[MARSH].name not in card.fallback


async def test_where_everybody_may_be_shown_it_says_so() -> None:
    [card] = present.photos(await ask(store(consent(MILLIE), consent(BRUNO)), "4B"))
    assert card.state == "Every child may be shown"
    assert "Khan" not in card.fallback


@pytest.mark.parametrize("words", ["4B", "4b", " Class 4B ", "4b  FACEBOOK", "4B oakfield x"])
async def test_a_class_is_found_as_people_type_it(words: str) -> None:
    found = await ask(store(), words)
    assert found.why is None
    assert {item.form for item in found.lists} == {"4B"}


@pytest.mark.parametrize(
    ("words", "why", "says"),
    [
        ("", NoPhotos.WHICH_CLASS, "There are: Robins, 2A, 4B."),
        ("9Z", NoPhotos.NO_SUCH_CLASS, "There are: Robins, 2A, 4B."),
        ("4Bx", NoPhotos.NO_SUCH_CLASS, "There are: Robins, 2A, 4B."),
        # Somebody who left is nobody's to photograph, and a child is no class.
        ("6A", NoPhotos.NO_SUCH_CLASS, "There are: Robins, 2A, 4B."),
        ("Millie Khan", NoPhotos.NO_SUCH_CLASS, "There are: Robins, 2A, 4B."),
        ("4B tiktok", NoPhotos.NO_SUCH_ACCOUNT, "Facebook · Oakfield Primary, X · Oakfield"),
    ],
)
async def test_what_there_is_instead(words: str, why: NoPhotos, says: str) -> None:
    of = store()
    found = await ask(of, words)
    assert (found.why, found.lists, found.until) == (why, (), None)
    assert says in " ".join(present.no_photos(found))
    assert not of.units.state.happened


@proves("STEP-CONS-1")
@pytest.mark.parametrize(
    ("reader", "why"),
    [
        (some.SAM, None),
        (some.OKAFOR, None),
        (some.ADE, None),
        (some.HART, NoPhotos.NOT_A_PROPOSER),
        (some.NOVAK, NoPhotos.NOT_A_PROPOSER),
        (some.DIAZ, NoPhotos.SUPPLY),
        (STRANGER, NoPhotos.NOT_A_PROPOSER),
        (None, NoPhotos.NOT_A_PROPOSER),
    ],
)
async def test_it_is_for_those_who_write_for_the_account(
    reader: PersonId | None, why: NoPhotos | None
) -> None:
    of = store()
    found = await ask(of, "4B", reader)
    assert found.why is why
    assert bool(found.lists) is (why is None)
    assert bool(of.units.state.happened) is (why is None)
    if why is not None:
        assert found.classes == ()
        assert present.no_photos(found)


async def test_only_the_accounts_that_the_reader_writes_for() -> None:
    of = store()
    state = of.units.state
    state.grants = tuple(
        grant for grant in state.grants if (grant.person, grant.account) != (some.SAM, some.X)
    )
    assert list(told(await ask(of, "4B"))) == ["Facebook · Oakfield Primary"]
    assert (await ask(of, "4B x")).why is not None


@pytest.mark.parametrize("reader", [PRICE, MARSH])
async def test_another_school_s_classes_are_none_of_the_reader_s(reader: PersonId) -> None:
    of = store()
    for words in ("", "4B", "2A facebook"):
        found = await ask(of, words, reader)
        assert found.classes in {(), ("Acorn",)}
        assert found.lists == ()
    theirs = await ask(of, "acorn", reader)
    assert theirs.lists
    assert "Khan" not in str([card.fallback for card in present.photos(theirs)])
    # A page of the whole trust's shows children of every school; who runs it sees their own.
    assert {item.school for item in theirs.lists} == {"Millbrook Infant School"}


async def test_a_class_of_that_name_at_two_schools_is_two_lists() -> None:
    of = store()
    of.units.state.pupils[PupilKey("m9")] = place.pupil(
        9, "Idris", "Vale", "Year 4", "4b", place.MILL
    )
    person = of.units.state.people[some.SAM]
    there = Appointment(school=place.MILL, role=Role.STAFF)
    of.units.state.people[some.SAM] = replace(person, appointments=(*person.appointments, there))
    grant = Grant(account=MILL_PAGE, person=some.SAM, role=AccountRole.POSTER)
    of.units.state.grants = (*of.units.state.grants, grant)
    found = await ask(of, "4B")
    assert [(item.school, item.form, item.pupils) for item in found.lists] == [
        ("Oakfield Primary School", "4B", 2),
        ("Millbrook Infant School", "4b", 1),
    ]
    assert [item.subject for item in of.units.state.happened] == [
        SubjectRef("photos", some.OAK),
        SubjectRef("photos", place.MILL),
    ]


async def test_who_asked_for_which_class_and_accounts_is_noted_without_a_name() -> None:
    of = store()
    await ask(of, "4B facebook")
    [seen] = of.units.state.happened
    assert (seen.subject, seen.asked.person) == (SubjectRef("photos", some.OAK), some.SAM)
    assert seen.event.tag == "photos:seen"
    accounts: tuple[AccountId, ...] = getattr(seen.event, "accounts")  # noqa: B009 -- any event
    assert accounts == (some.FACEBOOK,)
    assert "Khan" not in repr(seen)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (some.NOW, datetime(2026, 11, 19, 0, 0, tzinfo=UTC)),
        # The day on which clocks go forward, late in the evening of summer time.
        (datetime(2026, 3, 29, 21, 0, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
    ],
)
async def test_it_is_true_until_the_school_s_midnight(now: datetime, until: datetime) -> None:
    found = await ask(store(), "4B", now=now)
    assert found.until == until


async def test_a_school_without_a_list_says_so() -> None:
    of = store()
    state = of.units.state
    state.pupils = {key: pupil for key, pupil in state.pupils.items() if pupil.school != some.OAK}
    found = await ask(of, "4B")
    assert found.why is NoPhotos.NO_LIST
    assert "no pupil list" in " ".join(present.no_photos(found))


async def test_no_name_is_printed_by_accident() -> None:
    query, found = PhotoPermissions(words="Millie Khan"), await ask(store(), "4B")
    assert found.lists[0].not_shown
    assert "illie" not in f"{query!r}{found!r}"


async def test_whoever_s_time_here_is_over_hears_nothing() -> None:
    of = store()
    person = of.units.state.people[some.SAM]
    ended = Appointment(school=some.OAK, role=Role.STAFF, span=Span(end=YESTERDAY))
    of.units.state.people[some.SAM] = replace(person, appointments=(ended,))
    assert (await ask(of, "4B")).why is NoPhotos.NOT_A_PROPOSER
