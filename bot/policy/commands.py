"""``schoolgate policy check|list|show|diff``. Neither a server nor a database is needed.

Exit codes (after BSD's sysexits): 0 done; 1 two policies differ; 64 wrong usage; 65 a file that is
no pack, or whose examples come out otherwise than it says; 78 configuration.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.checking.files import unreadable_policy
from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.policy import told
from bot.schools import packs_of
from bot.system import SystemClock
from moderation.checks.trial import try_examples
from moderation.kernel import SchoolId
from moderation.policies.loader import PackError, UnknownPack, load_pack, shipped, shipped_ids
from moderation.policies.settings import BOUNDS
from moderation.policies.vocabulary import LISTS


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.settings import Settings
    from moderation.policies.model import Pack

policy = typer.Typer(help="Which policies there are, what each asks, and how two of them differ.")

Which = Annotated[str, typer.Argument(help="A policy's id, or a TOML file.", metavar="POLICY")]
OVERDUE: Final = "Overdue: ask whoever owns the policy for its reviewed edition."


class NoPack(Exception):
    """What was named is no policy: every sentence there is to say, and the exit code."""

    def __init__(self, code: Exit, *sentences: str) -> None:
        super().__init__(*sentences)
        self.code = code
        self.sentences = sentences


@policy.command("list")
def list_policies() -> None:
    """List the policies that come with Schoolgate, and which are past their own review."""
    today = _today()
    packs = [shipped(name) for name in shipped_ids()]
    say(*told.listed(packs, today))
    if any(pack.overdue(today) for pack in packs):
        say("", OVERDUE)


@policy.command("show")
def show(
    which: Annotated[
        str, typer.Argument(help="A policy's id, or a TOML file.", metavar="[POLICY]")
    ] = "",
    school: Annotated[
        str, typer.Option(help="Instead: the policy as this school of app.yaml follows it.")
    ] = "",
    config: Config = HERE,
) -> None:
    """Show what a policy asks, clause by clause, in the words that people read."""
    if bool(which) == bool(school):
        say("Name either a policy or --school ID.", error=True)
        raise typer.Exit(Exit.USAGE)
    try:
        if which:
            say(*told.shown(_pack(which), _today()))
            return
        plain, followed = _followed(school, settings_of(config))
    except NoPack as wrong:
        raise _refused(wrong) from None
    say(*told.shown(followed, _today(), _changed(plain, followed)))


@policy.command("diff")
def diff(one: Which, other: Which) -> None:
    """Say in what a second policy differs from a first. Exit 0 when in nothing, else 1."""
    try:
        lines = tuple(told.differing(_pack(one), _pack(other)))
    except NoPack as wrong:
        raise _refused(wrong) from None
    say(*(lines or (told.SAME,)))
    raise typer.Exit(Exit.NOT_SO if lines else Exit.DONE)


@policy.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A policy of one's own, as TOML.")],
) -> None:
    """Read a policy file and try every example in it. Everything that is wrong is told at once."""
    try:
        pack = _own(file)
    except NoPack as wrong:
        raise _refused(wrong) from None
    wrong_here = (*_unread_lists(pack), *try_examples(pack))
    if wrong_here:
        say(*(f"{file.name}: {one}" for one in wrong_here), error=True)
        raise typer.Exit(Exit.UNREADABLE)
    examples = sum(len(rule.hits) + len(rule.misses) for rule in pack.rules)
    say(
        f"{file.name} can be read: {len(pack.rules)} rules, {examples} examples.", told.SHIPPED_ONLY
    )
    bare = [rule.id for rule in pack.rules if not (rule.hits and rule.misses)]
    if bare:
        say(f"Without an example on either side: {', '.join(bare)}.")
    if pack.overdue(_today()):
        say(f"It was to be reviewed on {told.review(pack, pack.review_date or _today())}.")


def _unread_lists(pack: Pack) -> Iterator[str]:
    """Lists that no check asks for: most likely misspelt."""
    for name in pack.lists:
        if name not in LISTS:
            near = difflib.get_close_matches(name, LISTS, n=1)
            advice = f"did you mean {near[0]}?" if near else f"there is {', '.join(LISTS)}"
            yield f"lists.{name} is read by no check, {advice}"


def _today() -> date:
    return SystemClock().now().date()


def _refused(wrong: NoPack) -> typer.Exit:
    say(*wrong.sentences, error=True)
    return typer.Exit(wrong.code)


def _pack(which: str) -> Pack:
    if which.endswith(".toml"):
        return _own(Path(which))
    try:
        return shipped(which)
    except UnknownPack as unknown:
        raise NoPack(Exit.USAGE, str(unknown)) from None


def _own(file: Path) -> Pack:
    try:
        return load_pack(file.read_text(encoding="utf-8"), name=file.name)
    except (OSError, UnicodeDecodeError) as wrong:
        raise NoPack(Exit.UNREADABLE, unreadable_policy(file, wrong)) from None
    except PackError as error:
        raise NoPack(Exit.UNREADABLE, *map(str, error.problems)) from None


def _followed(school: str, settings: Settings) -> tuple[Pack, Pack]:
    """The policy of one school as it is shipped, and as the school follows it."""
    for place, name in settings.policies():
        if place.id == school:
            return shipped(name), packs_of(settings)[SchoolId(school)]
    ids = ", ".join(place.id for place, _ in settings.policies())
    raise NoPack(Exit.USAGE, f"There is no school {school} in app.yaml: there is {ids}.")


def _changed(plain: Pack, followed: Pack) -> frozenset[str]:
    rules = (new.id for new, old in zip(followed.rules, plain.rules, strict=True) if new != old)
    settings = (
        name for name in BOUNDS if getattr(followed.settings, name) != getattr(plain.settings, name)
    )
    return frozenset((*rules, *settings))
