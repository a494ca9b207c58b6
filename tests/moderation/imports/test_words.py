"""What a school's own words mean, said by somebody who may, and on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import Purpose, Status
from moderation.imports.model import Kind, Sort, Word
from moderation.imports.words import IMPORT_WORDS, Explain, Heard, KnownWords, Unheard
from moderation.kernel import PersonId, SubjectRef
from moderation.people.model import Role
from tests.moderation.imports import trust as t
from tests.proves import proves


if TYPE_CHECKING:
    from tests.moderation.imports.office import Office


WEB = Word(kind=Kind.CONSENTS, sort=Sort.CONSENT, word="web", means="photo:facebook")
HEADING = Word(kind=Kind.PUPILS, sort=Sort.HEADING, word="usual_name", means="preferred_forename")
OFFICER = PersonId("officer")


def said(*words: Word, by: PersonId | None = t.HEAD, scope: str = "facebook") -> Explain:
    return Explain(
        school=t.OAK,
        words=words,
        by=by,
        scopes={scope: "web"},
        networks=frozenset({"facebook"}),
    )


async def hears(office: Office, explain: Explain, key: str = "words:1") -> Heard:
    return await office.service.note(explain, replace(t.operator(), key=key))


async def known(office: Office) -> tuple[Word, ...]:
    return await office.service.ask(KnownWords(school=t.OAK), t.operator())


async def tags(office: Office) -> list[str]:
    async with office.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(IMPORT_WORDS, t.OAK))
    return [line.tag for line in lines]


@proves("AUR-CONS-1")
async def test_what_a_type_allows_is_remembered_and_on_record(office: Office) -> None:
    assert await hears(office, said(WEB)) == Heard()
    assert await known(office) == (WEB,)
    async with office.units.read() as unit:
        [line] = await unit.audit.history(SubjectRef(IMPORT_WORDS, t.OAK))
    assert line.tag == "import:words_explained"
    assert (line.payload or {})["by"] == t.HEAD


async def test_the_same_again_is_no_new_line(office: Office) -> None:
    await hears(office, said(WEB))
    await hears(office, said(WEB), "words:2")
    assert len(await tags(office)) == 1
    await hears(office, said(replace(WEB, means="ignore")), "words:3")
    assert len(await tags(office)) == 2


@pytest.mark.parametrize(
    ("by", "scope", "why"),
    [
        (None, "all", Unheard.NOBODY),
        (PersonId("nobody"), "all", Unheard.NOBODY),
        (t.ANN, "all", Unheard.NOT_THEIRS),
        (t.ELLE, "all", Unheard.NOT_THEIRS),
        (t.HEAD, "facebok", Unheard.NO_SCOPE),
        (t.HEAD, t.LEAF, Unheard.NO_SCOPE),
        (t.HEAD, t.PAGE, None),
        (t.LEAD, t.FEED, None),
    ],
)
async def test_who_may_say_it_and_about_which_page(
    office: Office, by: PersonId | None, scope: str, why: Unheard | None
) -> None:
    assert (await hears(office, said(WEB, by=by, scope=scope))).why is why
    assert bool(await known(office)) is (why is None)
    assert bool(await tags(office)) is (why is None)


async def test_a_data_protection_officer_may_say_it(office: Office) -> None:
    officer = t.person(OFFICER, t.post(Role.DATA_PROTECTION_OFFICER))
    async with office.units.write() as unit:
        await unit.people.save((officer,))
        await unit.commit()
    assert await hears(office, said(WEB, by=OFFICER)) == Heard()


async def test_a_heading_needs_nobody_and_a_dry_run_keeps_nothing(office: Office) -> None:
    assert await hears(office, replace(said(HEADING, by=None), keep=False)) == Heard()
    assert await known(office) == ()
    assert await hears(office, said(HEADING, by=None)) == Heard()
    assert await known(office) == (HEADING,)


async def test_what_a_file_of_one_matter_does_not_speak_of_stays(empty: Office) -> None:
    await empty.take(t.pupils(t.roll(1)))
    [key] = [pupil.key for pupil in (await empty.roll()).values()]
    video = replace(t.consent(key, Status.REFUSED), purpose=Purpose.VIDEO)
    photo = replace(t.consent(key), scope="facebook")
    await empty.take(t.consents(t.family(key, video, photo)))
    about = frozenset({(Purpose.PHOTO, "facebook")})
    await empty.take(t.consents(replace(t.family(key), matters=about)))
    assert await empty.consents(key) == (video,)


@proves("AUR-CONS-1")
async def test_a_withdrawal_that_such_a_file_does_not_speak_of_stands_against_it(
    empty: Office,
) -> None:
    await empty.take(t.pupils(t.roll(1)))
    [key] = [pupil.key for pupil in (await empty.roll()).values()]
    await empty.take(t.consents(t.family(key, t.consent(key, Status.WITHDRAWN))))
    [withdrawn] = await empty.consents(key)
    narrower = replace(t.consent(key), scope="facebook")
    about = frozenset({(Purpose.PHOTO, "facebook")})
    await empty.take(t.consents(replace(t.family(key, narrower), matters=about)))
    assert await empty.consents(key) == (withdrawn,)
