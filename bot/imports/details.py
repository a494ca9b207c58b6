"""The difference of a file about staff or accounts, id by id, in a few words each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.imports.report import Detail
from moderation.people.model import AccountRole


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.accounts.model import Account
    from moderation.imports.model import Entry
    from moderation.imports.queries import Previewed
    from moderation.imports.rights import Register
    from moderation.kernel import PersonId
    from moderation.people.model import Appointment, Grant, Person


RIGHTS = {
    AccountRole.MASTER_ADMINISTRATOR: "master administrators",
    AccountRole.ADMINISTRATOR: "administrators",
    AccountRole.MODERATOR: "moderators",
    AccountRole.POSTER: "posters",
}


def details(found: Previewed) -> tuple[Detail, ...]:
    """Each person or account that differs. Nothing for pupils and their permissions."""
    before = found.stored.register
    people = (_person(before.people.get(person.id), person) for person in found.plan.people)
    accounts = (_account(before, entry) for entry in found.plan.entries)
    return (*people, *accounts)


# -- people ---------------------------------------------------------------------------------------


def _person(old: Person | None, new: Person) -> Detail:
    if old is None:
        wishes = (f"{column} no" for column, yes in _wishes(new) if not yes)
        return Detail(id=new.id, how="new", what=(*_held(new.appointments), *wishes))
    return Detail(id=new.id, how="changed", what=tuple(_changes(old, new)))


def _changes(old: Person, new: Person) -> Iterator[str]:
    if old.name != new.name:
        yield "name"
    if old.email != new.email:
        yield "e-mail address"
    was, now = _held(old.appointments), _held(new.appointments)
    yield from _lists("roles", was, now)
    if set(old.identities) != set(new.identities):
        yield "chat accounts"
    for (column, once), (_, today) in zip(_wishes(old), _wishes(new), strict=True):
        if once != today:
            yield f"{column} {'no → yes' if today else 'yes → no'}"


def _wishes(person: Person) -> tuple[tuple[str, bool], ...]:
    """Under the file's columns, whether they may be named and shown."""
    return (("may_be_named", person.may_be_named), ("may_be_shown", person.may_be_shown))


def _held(appointments: Iterable[Appointment]) -> tuple[str, ...]:
    """Each role with its place and its days, as the file writes them."""
    found = []
    for held in appointments:
        start, end = held.span.start, held.span.end
        since = f" from {start}" if start is not None else ""
        until = f" until {end}" if end is not None else ""
        found.append(f"{held.role} at {held.school}{since}{until}")
    return tuple(found)


# -- accounts -------------------------------------------------------------------------------------


def _account(before: Register, entry: Entry) -> Detail:
    old = before.accounts.get(entry.account.id)
    had = _by_right(grant for grant in before.grants if grant.account == entry.account.id)
    has = _by_right(entry.grants)
    rights = (
        words
        for role, noun in RIGHTS.items()
        for words in _lists(noun, had.get(role, ()), has.get(role, ()))
    )
    if old is None:
        return Detail(id=entry.account.id, how="new", what=tuple(rights))
    return Detail(id=entry.account.id, how="changed", what=(*_facts(old, entry.account), *rights))


def _facts(old: Account, new: Account) -> Iterator[str]:
    if old.school != new.school:
        yield f"school {old.school} → {new.school}"
    if old.platform != new.platform:
        yield f"platform {old.platform} → {new.platform}"
    if old.name != new.name:
        yield "name"
    if old.url != new.url:
        yield "address"
    if old.opened_on != new.opened_on:
        yield "day of opening"
    if old.closed_on != new.closed_on:
        yield f"closed on {new.closed_on}" if new.closed_on else "open again"


def _by_right(grants: Iterable[Grant]) -> dict[AccountRole, tuple[PersonId, ...]]:
    found: dict[AccountRole, tuple[PersonId, ...]] = {}
    for grant in grants:
        found[grant.role] = (*found.get(grant.role, ()), grant.person)
    return found


def _lists(noun: str, was: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    """What a list gains and loses: "moderators +cy -bob"."""
    gone, new = sorted(set(was) - set(now)), sorted(set(now) - set(was))
    words = (*(f"+{one}" for one in new), *(f"-{one}" for one in gone))
    if words:
        yield f"{noun} {', '.join(words)}"
