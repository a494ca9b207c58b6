"""School walls, proved over everything there is: every query, every command, every message.

What exists is found by looking at the code, so that a new query or command without an answer here
fails. Oakfield lives a full day; nothing of it may reach anybody of Millbrook alone.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args

import bot.demo
import bot.door
import moderation
from adapters.door import Declined, Done
from adapters.slash import Verb
from bot.demo.journal import StoredJournal
from bot.door.preview import Preview
from moderation import service
from moderation.absences import commands as absences
from moderation.absences.commands import BeginAbsence, SayAway, SayBack
from moderation.absences.model import StatementId
from moderation.absences.queries import Uncovered, WhoIsMeant, WhoMaySay
from moderation.acceptances import commands as acceptances
from moderation.acceptances.commands import AcceptedElsewhere, AcceptPolicy
from moderation.acceptances.queries import MyPolicies
from moderation.accounts.queries import Channels, MyAccounts, OneAccount
from moderation.checks.model import NotAPupil, Who
from moderation.holds import commands as holds
from moderation.holds.commands import Pause, Start
from moderation.holds.queries import HoldCard, MyHolds, WhichPlace
from moderation.homes.queries import WhichHome, WhoChooses
from moderation.imports.model import BatchId
from moderation.imports.queries import ImportCard
from moderation.incidents import commands as incidents
from moderation.incidents.commands import Acknowledge, Climb, Finish, ReportConcern
from moderation.incidents.model import Concern, IncidentId
from moderation.incidents.queries import ReadReport, ReportCard, WriteReport
from moderation.keeping import commands as keeping
from moderation.keeping.commands import (
    AgreeName,
    AskName,
    DeclineName,
    DropName,
    EndName,
    LapseName,
)
from moderation.keeping.model import NameId
from moderation.keeping.queries import KeptHere, NameCard
from moderation.kernel import (
    Accepted,
    Asked,
    FindingKey,
    Identity,
    PersonId,
    Platform,
    PostId,
    Refused,
    SchoolId,
)
from moderation.links import commands as links
from moderation.links.commands import ConfirmLink, DeclineLink, LapseLink, RequestLink
from moderation.links.model import link_of
from moderation.links.queries import FirstSight, LinkCard
from moderation.people.model import Appointment, Role, Span
from moderation.people.queries import (
    Classes,
    ColleagueSearch,
    PhotoPermissions,
    PupilSearch,
    WhoAmI,
)
from moderation.posts import commands as ask
from moderation.posts.facts import FactFinder
from moderation.posts.model import Content
from moderation.posts.queries import (
    Declared,
    History,
    Mine,
    PostCard,
    Queue,
    ReadyCards,
    Targets,
    WhoIsIn,
    WhyNot,
)
from moderation.service import Query
from moderation.tallies.model import TALLY
from tests.adapters.images.pictures import png
from tests.fakes.trust import (
    ACCOUNTS,
    ADE,
    AMELIA,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    INSTAGRAM,
    LUND,
    MARSH,
    MILL,
    NAMES,
    NOON,
    OAK,
    OKAFOR,
    PRICE,
    PUPILS,
    REED,
    identity,
)
from tests.scenarios.stage import said, words


if TYPE_CHECKING:
    from adapters.intents import Command
    from tests.scenarios.stage import Stage


THEM = (MARSH, PRICE)
TEXT = "The lantern parade sets off at six, says Amelia Khan."
REASON = "Because the quagmire is deep."
SECRETS = frozenset(
    {"lantern parade", "quagmire", "Quagmire", "Lantern", "Oakfield", "4B"}
    | {name for name, school, _ in NAMES.values() if school == OAK}
    | {name for school, _, name in ACCOUNTS.values() if school == OAK}
    | {part for school, *parts in PUPILS.values() if school == OAK for part in parts[:2]}
)
"""What the people of Oakfield alone may read."""


@dataclass(frozen=True)
class Day:
    """Posts of Oakfield in every state that a day brings."""

    draft: PostId
    in_review: PostId
    rejected: PostId
    released: PostId
    published: PostId

    def __iter__(self) -> Iterator[PostId]:
        return iter(dataclasses.astuple(self))


async def a_day(stage: Stage) -> Day:
    reed, okafor, lund = map(stage.as_, (REED, OKAFOR, LUND))
    picture = await reed.add_picture(png())
    draft = await reed.propose(TEXT, FACEBOOK)
    plain = TEXT.split(",", maxsplit=1)[0]
    waiting = await reed.propose(
        plain, INSTAGRAM, pictures=[picture], who=Who.THESE, pupils=[AMELIA]
    )
    made = [await reed.propose(f"{plain} {number}", FACEBOOK) for number in range(3)]
    for number, post in enumerate(made):
        shared = stage.card(FACEBOOK_CHANNEL, post.post)
        await okafor.send(
            {"v": 1, "verb": "post.ask_head", "id": post.post, "rev": 1}, {"words": REASON}
        )
        if number == 0:
            await lund.press(shared, "Reject", reason=REASON)
        else:
            await okafor.press(shared, "Approve")
    # More than find a place of their own there: the rest is counted.
    for number in range(3):
        await reed.propose(f"{plain} once more, {number}", FACEBOOK)
    ready = stage.card(REED, made[2].post, "ready")
    await reed.press(ready, "I've posted it")
    await stage.pass_by(timedelta(hours=5))
    await stage.application.rounds.look()
    await stage.settle()
    return Day(draft.post, waiting.post, *(post.post for post in made))


async def a_new_phone(stage: Stage) -> None:
    """Somebody of Oakfield writes from Slack for the first time."""
    async with stage.application.units.write() as unit:
        found = await unit.people.get(REED)
        assert found is not None
        await unit.people.save((dataclasses.replace(found, email=REED_S),))
        await unit.commit()
    greeting = await stage.door.greet(REED_S, by=REED_S_PHONE, name="lantern parade")
    assert not greeting.known
    assert greeting.sentences
    await stage.settle()


async def an_absence(stage: Stage) -> None:
    answer = await stage.door.absence(Verb.AWAY, "today", by=identity(OKAFOR), key="away")
    assert isinstance(answer, Done)
    await stage.settle()


async def a_name(stage: Stage) -> None:
    """Asked for, agreed to, and another that waits."""
    for who, command in (
        (LUND, AskName(id=A_NAME, school=OAK, name="Quagmire Jones", kind=NotAPupil.VISITOR)),
        (OKAFOR, AgreeName(id=A_NAME)),
        (
            LUND,
            AskName(
                id=NameId("01ANOTHER"), school=OAK, name="Lantern Parade", kind=NotAPupil.PUBLIC
            ),
        ),
    ):
        asked = Asked(by=identity(who), key=f"{who}:{command!r}", at=NOON)
        assert isinstance(await stage.application.service.do(command, asked), Accepted)
    await stage.settle()


async def a_concern_and_a_pause(stage: Stage) -> None:
    concern = Concern(words=REASON, named=frozenset({LUND}))
    report = ReportConcern(incident=REPORT, concern=concern)
    for person, command in ((REED, report), (ADE, Pause(school=OAK, reason=REASON))):
        done = await stage.door.do(command, by=identity(person), key=f"{person}:of-the-day")
        assert not isinstance(done, Declined)
    await stage.settle()


def everything_in(value: object) -> Iterator[str]:
    """Every string in a value, however deep, whatever its ``repr`` hides."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from everything_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from everything_in((*value.keys(), *value.values()))
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from everything_in(item)


def leaked(value: object) -> set[str]:
    told = "\n".join(everything_in(value))
    return {secret for secret in SECRETS if secret in told}


# -- every query ---------------------------------------------------------------------------------

A_NAME = NameId("01ANAME")
REPORT = IncidentId("what-happened-at-oakfield")
REED_S_PHONE = Identity(Platform.SLACK, "U0REEDSPHONE")
REED_S = "reed@mail.example"

ASKING: dict[type, Callable[[PostId], tuple[Any, ...]]] = {
    PostCard: lambda post: (PostCard(post=post),),
    History: lambda post: (History(post=post),),
    Declared: lambda post: (Declared(post=post),),
    WhoIsIn: lambda post: (WhoIsIn(post=post),),
    Mine: lambda _: (Mine(),),
    Queue: lambda post: (Queue(), Queue(after=post)),
    ReadyCards: lambda _: (ReadyCards(),),
    Targets: lambda _: (Targets(),),
    Channels: lambda _: tuple(Channels(filter=words) for words in ("", "facebook", "stale", "x")),
    MyAccounts: lambda _: (MyAccounts(),),
    OneAccount: lambda _: tuple(OneAccount(account=account) for account in (FACEBOOK, INSTAGRAM)),
    Classes: lambda _: (Classes(school=OAK),),
    PupilSearch: lambda _: (
        PupilSearch(school=OAK, words="Ame"),
        PupilSearch(school=OAK, form="4B"),
        PupilSearch(school=MILL, words="Ame"),
    ),
    ColleagueSearch: lambda _: (
        ColleagueSearch(school=OAK, words="Okafor"),
        ColleagueSearch(school=OAK, known=frozenset({OKAFOR})),
    ),
    PhotoPermissions: lambda _: tuple(
        PhotoPermissions(words=words) for words in ("", "4B", "4B facebook", "4B nothing", "5A")
    ),
    WhoAmI: lambda _: (WhoAmI(),),
    KeptHere: lambda _: (KeptHere(),),
    NameCard: lambda _: (NameCard(id=A_NAME),),
    MyPolicies: lambda _: (MyPolicies(), MyPolicies(waiting=True)),
    WhoIsMeant: lambda _: (WhoIsMeant(words="Okafor"), WhoIsMeant(words=OKAFOR)),
    WhoMaySay: lambda _: (WhoMaySay(person=OKAFOR),),
    Uncovered: lambda _: (Uncovered(person=OKAFOR, day=NOON.date()),),
    WhichHome: lambda _: (WhichHome(), WhichHome(words="facebook")),
    WhoChooses: lambda _: (WhoChooses(place=FACEBOOK), WhoChooses(place=OAK)),
    HoldCard: lambda _: (HoldCard(school=OAK),),
    MyHolds: lambda _: (MyHolds(),),
    WhichPlace: lambda _: (WhichPlace(words=f"{OAK} quickly"),),
    WriteReport: lambda _: (WriteReport(),),
    ReportCard: lambda _: (ReportCard(incident=REPORT),),
    ReadReport: lambda _: (ReadReport(incident=REPORT),),
    LinkCard: lambda _: (LinkCard(link=link_of(REED_S_PHONE)),),
    FirstSight: lambda _: (FirstSight(email=REED_S),),
    ImportCard: lambda _: (ImportCard(batch=BatchId("people-of-oakfield")),),
}
"""Each question, asked for what is Oakfield's."""

ELSEWHERE = {
    "WhyNot": "answers the door, which words it: every command below",
    "JottingCard": "a draft is its author's alone: test_slack_messages tries somebody else",
    "WhatIsMeant": "speaks of the asker's own drafts, accounts and pupils: the same",
    "WhatIsUnclear": "speaks of the asker's own draft: the same",
    "Explain": "the operator's: no door of a chat asks it",
    "KnownWords": "the same, and words of a school's own system name nobody",
    "Preview": "the operator's dry run is asked by nobody in a chat; the page's is tried below",
}


def queries() -> set[type]:
    """Every class that can be asked of the service."""
    found = set()
    for package in (moderation, bot.door, bot.demo):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for _, kind in inspect.getmembers(module, inspect.isclass):
                read = kind.__dict__.get("read")
                if kind is not Query and kind.__module__ == info.name and callable(read):
                    parameters = tuple(inspect.signature(read).parameters)
                    if parameters == ("self", "unit", "asked", "schools"):
                        found.add(kind)
    return found


def test_every_query_is_asked_here() -> None:
    missing = {kind.__name__ for kind in queries() - ASKING.keys()} - ELSEWHERE.keys()
    assert not missing
    assert ASKING.keys() <= queries()
    assert {WhyNot, Preview} <= queries()


async def test_no_message_and_no_query_tells_the_other_school_anything(stage: Stage) -> None:
    day = await a_day(stage)
    await a_concern_and_a_pause(stage)
    await a_new_phone(stage)
    await an_absence(stage)
    await a_name(stage)
    await no_message_has_reached_them(stage)
    service = stage.application.service
    told_to_its_own = 0
    asking = dict.fromkeys(
        question for ask_for in ASKING.values() for post in day for question in ask_for(post)
    )
    for number, (question, person) in enumerate(itertools.product(asking, (*THEM, OKAFOR))):
        asked = Asked(by=identity(person), key=f"question:{number}", at=NOON)
        answer = await service.note(question, asked)
        if person == OKAFOR:
            told_to_its_own += bool(leaked(answer))
        else:
            assert not leaked(answer), (question, person)
    # The same questions, asked by somebody of Oakfield, do tell: the test could fail.
    assert told_to_its_own > len(ASKING)


async def no_message_has_reached_them(stage: Stage) -> None:
    """Whatever stands in a conversation is Oakfield's own, or speaks of Millbrook alone."""
    own = {f"person:{who}" for who, (_, school, _) in NAMES.items() if school != MILL}
    own |= {FACEBOOK_CHANNEL.id, "channel:oakfield-x"}
    journal = StoredJournal(stage.application.units)
    standing = {conversation for _, conversation, _ in await journal.all()}
    assert own & standing
    assert any(it.card.subject.kind == TALLY for here in own for it in stage.chat.messages(here))
    for conversation in standing - own:
        for message in stage.chat.messages(conversation):
            assert not leaked(message.card), (conversation, words(message.card))
            # Nobody is told how many they have, either.
            assert message.card.subject.kind != TALLY


async def test_the_preview_judges_for_nobody_of_the_other_school(stage: Stage) -> None:
    asked = Asked(by=identity(MARSH), key="preview", at=NOON)
    finder = FactFinder(stage.application.schools, stage.ids)
    content = Content(text=TEXT, accounts=(FACEBOOK,))
    assert not leaked(await stage.application.service.ask(Preview(finder, content), asked))


# -- every command -------------------------------------------------------------------------------


def wording(kind: type) -> dict[str, object]:
    """Arguments for any command on a post."""
    given: dict[str, object] = {
        "seen": 1,
        "content": Content(text="Our words.", accounts=(FACEBOOK,)),
        "reason": "Ours.",
        "words": "Ours.",
        "finding": FindingKey("0"),
        "of": REED,
        "account": FACEBOOK,
        "unsure": False,
    }
    return {
        field.name: given[field.name] for field in dataclasses.fields(kind) if field.name in given
    }


TIMED = get_args(ask.Timed)
PRESSED = tuple(kind for kind in get_args(ask.Command) if kind not in TIMED)


async def test_a_command_from_the_other_school_answers_as_if_there_were_no_such_post(
    stage: Stage,
) -> None:
    day = await a_day(stage)
    before = [await stage.post(post) for post in day]
    for person, kind in itertools.product(THEM, PRESSED):
        by = identity(person)
        nowhere = kind(post=PostId("nowhere"), **wording(kind))
        same = await stage.door.do(nowhere, by=by, key=f"{person}:nowhere")
        for post in day:
            answer = await stage.door.do(
                kind(post=post, **wording(kind)), by=by, key=f"{person}:{post}"
            )
            assert isinstance(answer, Declined)
            assert not leaked(answer), said(answer)
            if kind is not ask.Propose:
                assert answer.sentences == same.sentences
    # What only the timer asks is refused to anybody, of whichever school.
    for person, kind, post in itertools.product((*THEM, REED, OKAFOR, ADE), TIMED, day):
        asked = Asked(by=identity(person), key=f"{person}:{post}:{kind}", at=NOON)
        outcome = await stage.application.service.do(kind(post=post, **wording(kind)), asked)
        assert isinstance(outcome, Refused)
    assert [await stage.post(post) for post in day] == before


async def test_nobody_pauses_or_takes_up_what_is_the_other_school_s(stage: Stage) -> None:
    await a_concern_and_a_pause(stage)
    commands: dict[type, tuple[Command, Command]] = {
        Pause: (Pause(school=OAK, reason="Ours."), Pause(school=SchoolId("no"), reason="Ours.")),
        Start: (Start(school=OAK), Start(school=SchoolId("no"))),
        ReportConcern: 2 * (ReportConcern(incident=REPORT, concern=Concern(words="Ours.")),),
        Acknowledge: (Acknowledge(incident=REPORT), Acknowledge(incident=IncidentId("no"))),
        Finish: (Finish(incident=REPORT), Finish(incident=IncidentId("no"))),
        Climb: (Climb(incident=REPORT, step=1), Climb(incident=IncidentId("no"), step=1)),
    }
    assert commands.keys() == {*get_args(holds.Command), *get_args(incidents.Command)}
    await same_answer(stage, commands)


async def test_nobody_of_the_other_school_says_who_somebody_is(stage: Stage) -> None:
    await a_new_phone(stage)
    ours, nobody_s = link_of(REED_S_PHONE), link_of(identity(MARSH))
    commands: dict[type, tuple[Command, Command]] = {
        RequestLink: 2
        * (RequestLink(identity=REED_S_PHONE, email=REED_S, called="lantern parade"),),
        ConfirmLink: (ConfirmLink(link=ours, seen=1), ConfirmLink(link=nobody_s, seen=1)),
        DeclineLink: (DeclineLink(link=ours, seen=1), DeclineLink(link=nobody_s, seen=1)),
        LapseLink: (LapseLink(link=ours, number=1), LapseLink(link=nobody_s, number=1)),
    }
    assert commands.keys() == {*get_args(links.Command)}
    await same_answer(stage, commands)


async def test_nobody_of_the_other_school_decides_about_a_name(stage: Stage) -> None:
    await a_name(stage)
    nobody_s = NameId("no")
    ours = NameId("01ANOTHER")
    name = {"name": "Quagmire Jones", "kind": NotAPupil.VISITOR}
    commands: dict[type, tuple[Command, Command]] = {
        AskName: (
            AskName(id=NameId("one"), school=OAK, **name),  # type: ignore[arg-type]  # by name
            AskName(id=NameId("two"), school=SchoolId("no"), **name),  # type: ignore[arg-type]
        ),
        AgreeName: (AgreeName(id=ours), AgreeName(id=nobody_s)),
        DeclineName: (DeclineName(id=ours, reason="x"), DeclineName(id=nobody_s, reason="x")),
        DropName: (DropName(id=A_NAME), DropName(id=nobody_s)),
        LapseName: (LapseName(id=ours), LapseName(id=nobody_s)),
        EndName: (EndName(id=A_NAME), EndName(id=nobody_s)),
    }
    assert commands.keys() == {*get_args(keeping.Command)}
    await same_answer(stage, commands)


async def test_nobody_accepts_the_policy_of_the_other_school(stage: Stage) -> None:
    commands: dict[type, tuple[Command, Command]] = {
        AcceptPolicy: (
            AcceptPolicy(school=OAK, version="1"),
            AcceptPolicy(school=SchoolId("no"), version="1"),
        ),
    }
    assert {*commands, AcceptedElsewhere} == {*get_args(acceptances.Command)}
    await same_answer(stage, commands)
    # No button says it, and no person: the operator alone brings a list.
    theirs = AcceptedElsewhere(school=OAK, person=REED, version="1", accepted=NOON, where="paper")
    for person in THEM:
        asked = Asked(by=identity(person), key=f"{person}:elsewhere", at=NOON)
        outcome = await stage.application.service.do(theirs, asked)
        nobody = replace(theirs, person=PersonId("nobody"))
        assert isinstance(outcome, Refused)
        assert outcome == await stage.application.service.do(nobody, asked)


async def test_nobody_of_the_other_school_says_who_is_away(stage: Stage) -> None:
    one, two = StatementId("one"), StatementId("two")
    day, nobody = NOON.date(), PersonId("nobody")
    commands: dict[type, tuple[service.Command, service.Command]] = {
        SayAway: (
            SayAway(statement=one, person=REED, start=day, end=day),
            SayAway(statement=two, person=nobody, start=day, end=day),
        ),
        SayBack: (
            SayBack(statement=one, person=REED, day=day),
            SayBack(statement=two, person=nobody, day=day),
        ),
        BeginAbsence: (
            BeginAbsence(statement=one, person=REED),
            BeginAbsence(statement=two, person=nobody),
        ),
    }
    assert commands.keys() == {*get_args(absences.Command)}
    for person, (theirs, nobody_s) in itertools.product(THEM, commands.values()):
        asked = Asked(by=identity(person), key=f"{person}:{theirs}", at=NOON)
        outcome = await stage.application.service.do(theirs, asked)
        same = await stage.application.service.do(nobody_s, asked)
        assert isinstance(outcome, Refused)
        assert outcome == same
    async with stage.application.units.read() as unit:
        found = await unit.people.get(REED)
    assert found is not None
    assert found.absences == ()


async def same_answer(stage: Stage, commands: Mapping[type, tuple[Command, Command]]) -> None:
    """What is another school's is answered as what isn't there."""
    for person, (theirs, nobody_s) in itertools.product(THEM, commands.values()):
        by = identity(person)
        answer = await stage.door.do(theirs, by=by, key=f"{person}:theirs:{theirs}")
        same = await stage.door.do(nobody_s, by=by, key=f"{person}:nobody's:{nobody_s}")
        assert isinstance(answer, Declined), (person, theirs)
        assert not leaked(answer), said(answer)
        assert answer.sentences == same.sentences


# -- whoever leaves ------------------------------------------------------------------------------


async def test_somebody_who_went_to_the_other_school_hears_no_more_of_the_first(
    stage: Stage,
) -> None:
    """An author moves; what happens to the post afterwards is told to those who stayed."""
    draft = await stage.as_(REED).propose(TEXT.split(",", maxsplit=1)[0], FACEBOOK)
    before = len(stage.cards(REED))
    await moves(stage, REED)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    await stage.as_(LUND).press(shared, "Reject", reason=REASON)
    later = stage.cards(REED)
    assert len(later) == before
    assert "quagmire" not in stage.all_words(REED)
    assert await stage.as_(REED).card(draft.post) is None
    assert await stage.as_(REED).history(draft.post) is None
    assert await stage.door.drafts(by=identity(REED)) == ()


async def moves(stage: Stage, person: PersonId) -> None:
    """From today they work at Millbrook alone."""
    async with stage.application.units.write() as unit:
        found = await unit.people.get(person)
        assert found is not None
        there = Appointment(school=MILL, role=Role.STAFF, span=Span(start=NOON.date()))
        await unit.people.save((dataclasses.replace(found, appointments=(there,)),))
        await unit.commit()
