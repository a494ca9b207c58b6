"""An installation that runs well, at the hands of one operator, and a way to spoil it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.images.inspector import SubprocessInspector
from bot.doctor.command import examine
from bot.status import Limits
from bot.system import SystemClock
from moderation.accounts.model import Account
from moderation.kernel import Platform, PupilKey, SchoolId
from moderation.people.model import AccountRole, Appointment, Grant, Person, Role, Span
from moderation.ports import Conversation
from tests.bot.installation import secrets
from tests.bot.serving import connect
from tests.fakes.samples import pupil
from tests.fakes.slack_api import BOT_TOKEN, FakeSlack
from tests.storage.newer import tamper


if TYPE_CHECKING:
    from bot.doctor.model import Problem
    from storage.unit_of_work import Unit


OAK, ELM = SchoolId("oak"), SchoolId("elm")
ADAPTERS = {Platform.SLACK: connect, Platform.TEAMS: connect}
SECRETS = secrets()
BOT = {"SCHOOLGATE_CHAT__SLACK__BOT_TOKEN": BOT_TOKEN}
PLACE = "C0MODERATORS"
NOBODY_THERE = {"SCHOOLGATE_CHAT__SLACK__API_URL": "http://127.0.0.1:9/api/"}
SINCE = Span(start=date(2020, 9, 1))


class Seeing(SubprocessInspector):
    """Starts no process: whether ours can is tried once, below. It has a program that reads."""

    def __init__(self) -> None:
        super().__init__(reader="sh")

    async def inspect(self, content: bytes) -> tuple[object, bytes]:  # type: ignore[override]
        return None, content


async def write_register(unit: Unit) -> None:
    """Both schools with a head, a safeguarding lead, a list, and one account with enough people."""
    for school in (OAK, ELM):
        roles = (Role.HEADTEACHER, Role.SAFEGUARDING_LEAD, Role.STAFF)
        staff = tuple(
            Person(
                id=f"{school}-{role}",  # type: ignore[arg-type] # a plain string will do
                name=f"The {role}",
                appointments=(Appointment(school=school, role=role, span=SINCE),),
                identities=(),
            )
            for role in roles
        )
        await unit.people.save(staff)
        account = Account(id=f"{school}-fb", school=school, platform="facebook", name=str(school))  # type: ignore[arg-type]
        await unit.accounts.save((account,))
        await unit.homes.use(account.id, Conversation(Platform.SLACK, PLACE))
        grants = tuple(
            Grant(account=account.id, person=someone.id, role=role)
            for someone in staff
            for role in (AccountRole.MODERATOR, AccountRole.ADMINISTRATOR)
        )
        await unit.people.save_grants(frozenset({account.id}), grants)
        child = replace(pupil(1), key=PupilKey(f"{school}-1"), school=school, number=f"{school}-1")
        child = replace(child, name=replace(child.name, pupil=child.key))
        await unit.rolls.save_pupils(school, (child,))
        await unit.rolls.received(school, SystemClock().now())


@dataclass
class Installed:
    """One operator's folder and environment."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    arrange: Callable[[FakeSlack], None] = lambda _: None

    @property
    def config(self) -> Path:
        return self.folder / "app.yaml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.data / 'schoolgate.db'}"

    def examined(self) -> tuple[Problem, ...]:
        """Without what is true of the shipped policy everywhere: its own review is overdue."""
        found = asyncio.run(self._examined())
        return tuple(problem for problem in found if problem.code != "policy_review")

    async def _examined(self) -> tuple[Problem, ...]:
        async with FakeSlack() as slack:
            slack.workspace.add_user("U0HEAD")
            slack.workspace.add_channel(PLACE, members=("U0HEAD",))
            self.arrange(slack)
            environ = {"SCHOOLGATE_CHAT__SLACK__API_URL": slack.api_url} | self.environ
            return await examine(self.config, environ, Limits(), ADAPTERS, Seeing())

    def codes(self) -> set[str]:
        return {problem.code for problem in self.examined()}


def by_hand(*statements: str) -> Callable[[Installed], None]:
    return lambda here: tamper(here.url, *statements)
