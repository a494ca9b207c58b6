"""How accounts of the register are spoken of: titles, the list, one account in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.accounts.queries import listing_id
from moderation.kernel import SubjectRef
from moderation.people.present import role_names
from moderation.views import Button, Facts, Intent, Note, Tone
from moderation.words import MONTHS, both, capital, card, count, counted, day, platform_name, when


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from moderation.accounts.model import Account, MonthOrDay
    from moderation.accounts.queries import AccountPage, ChannelsPage, Condition
    from moderation.views import Card


CHANNELS = "channels"
"""Kind of the list's card."""
MY_ACCOUNTS = "mine"
ACCOUNT = "account"
"""Kind of one account's card."""
LONGEST_TYPED = 60
"""Characters of a filter that a title says back."""

_FILTERS = {
    "stale": "nothing posted lately",
    "uncovered": "need more people",
    "closed": "closed",
    "open": "open",
}


# -- names ----------------------------------------------------------------------------------------


def page(account: Account) -> str:
    """One account in a title: "Facebook · Oakfield Primary"."""
    return f"{platform_name(account.platform)} · {account.name}"


def pages(accounts: Iterable[Account]) -> str:
    """Several in a title; those of one name together: "Facebook and X · Oakfield Primary"."""
    platforms: dict[str, list[str]] = {}
    for account in accounts:
        platforms.setdefault(account.name, []).append(platform_name(account.platform))
    return both([f"{both(found)} · {name}" for name, found in platforms.items()])


def month_or_day(known: MonthOrDay, today: date) -> str:
    """A day as people say it, or the month and year where no more is known."""
    if known.day is None:
        return f"{MONTHS[known.month - 1]} {known.year}"
    return day(known.first, today)


# -- how an account stands ------------------------------------------------------------------------


def concern_words(
    *,
    stale: bool,
    days: int,
    ever: bool,
    moderators: int,
    administrators: int,
    least_moderators: int,
    least_administrators: int,
) -> str:
    """One concern: "Nothing posted for 45 days", "Needs another moderator".

    ``ever`` tells whether any post is known: of an account whose past isn't, no days are counted.
    """
    if stale:
        return f"Nothing posted for {counted(days, 'day')}" if ever else "No post recorded yet"
    short = [
        _another(lacking, noun)
        for lacking, noun in (
            (least_moderators - moderators, "moderator"),
            (least_administrators - administrators, "administrator"),
        )
        if lacking > 0
    ]
    return f"Needs {both(short)}" if short else "Everybody needed is here"


def standing(condition: Condition, today: date) -> str:
    """How one account stands, in plain words."""
    if condition.closed:
        closed_on = condition.account.closed_on
        return f"Closed {month_or_day(closed_on, today)}" if closed_on is not None else "Closed"
    if not condition.watched:
        opened_on = condition.account.opened_on
        return f"Opens {month_or_day(opened_on, today)}" if opened_on is not None else "Not open"
    concerns = list(_concerns(condition))
    if concerns:
        return "; ".join(concerns)
    return "In good order"


def _concerns(condition: Condition) -> Iterator[str]:
    for stale, holds in ((True, condition.stale), (False, condition.uncovered)):
        if holds:
            yield concern_words(
                stale=stale,
                days=condition.quiet or 0,
                ever=condition.posted is not None,
                moderators=len(condition.moderators),
                administrators=len(condition.administrators),
                least_moderators=condition.least_moderators,
                least_administrators=condition.least_administrators,
            )


def _another(lacking: int, noun: str) -> str:
    return f"another {noun}" if lacking == 1 else f"{count(lacking)} more {noun}s"


# -- the list -------------------------------------------------------------------------------------


def channels(found: ChannelsPage) -> Card:
    """``/channels``: each account with its state, ten to a page."""
    several = len({line.account.school for line in found.lines}) > 1
    rows = tuple(
        (_row(line, found, several=several), standing(line, found.today)) for line in found.lines
    )
    attention = any(line.stale or line.uncovered for line in found.lines)
    return card(
        SubjectRef(CHANNELS, CHANNELS),
        version=0,
        title=_list_title(found),
        state=_list_state(found),
        tone=Tone.CARE if attention or found.unknown else Tone.DONE,
        parts=(*((Facts(rows),) if rows else ()), *((_list_note(found),) if not rows else ())),
        buttons=tuple(_turns(found)),
    )


def my_accounts(found: ChannelsPage) -> Card:
    """The accounts that the reader looks after; what needs attention stands first."""
    several = len({line.account.school for line in found.lines}) > 1
    rows = tuple(
        (_row(line, found, several=several), standing(line, found.today)) for line in found.lines
    )
    attention = sum(line.stale or line.uncovered for line in found.lines)
    left = found.total - len(found.lines)
    notes = [f"{capital(counted(left, 'more account'))} in the list of all accounts."] * bool(left)
    if not rows:
        notes = ["Accounts that you post to, moderate or look after will appear here."]
    state = capital(counted(found.total, "account")) if rows else "None yet"
    if attention:
        state = f"{state}, {count(attention)} {'needs' if attention == 1 else 'need'} attention"
    return card(
        SubjectRef(CHANNELS, MY_ACCOUNTS),
        version=0,
        title="My accounts",
        state=state,
        tone=Tone.CARE if attention else Tone.DONE if rows else Tone.WAITING,
        parts=(*((Facts(rows),) if rows else ()), *((Note(lines=tuple(notes)),) if notes else ())),
    )


def _row(line: Condition, found: ChannelsPage, *, several: bool) -> str:
    name = page(line.account)
    return f"{name} ({found.schools[line.account.school]})" if several else name


def _list_title(found: ChannelsPage) -> str:
    platforms = {line.account.platform for line in found.lines}
    if not found.words:
        return "Official accounts"
    if all(word in platforms or word in _FILTERS for word in found.words):
        words = [_FILTERS.get(word) or platform_name(word) for word in found.words]
        return f"Official accounts: {', '.join(words)}"
    # Words that were only looked for are said back as they were typed.
    typed = found.typed or " ".join(found.words)
    short = typed if len(typed) <= LONGEST_TYPED else f"{typed[: LONGEST_TYPED - 1]}…"
    return f"Official accounts: “{short}”"


def _list_state(found: ChannelsPage) -> str:
    total = capital(counted(found.total, "account"))
    return total if found.pages == 1 else f"{total}, page {found.page} of {found.pages}"


def _list_note(found: ChannelsPage) -> Note:
    if found.unknown:
        return Note(
            lines=("I don't know your school yet. Please ask the school office to add you.",)
        )
    if found.words:
        return Note(lines=("No account fits these words. Try a network's or a school's name.",))
    return Note(lines=("No account is registered yet. The school office can import the list.",))


def _turns(found: ChannelsPage) -> Iterator[Button]:
    listing = listing_id(found.words)
    for label, number in (("Next page", found.page + 1), ("Previous page", found.page - 1)):
        if 1 <= number <= found.pages:
            intent = Intent(verb="list.page", id=listing, arg=str(number))
            yield Button(label=label, intent=intent, describes=_list_title(found))


# -- one account ----------------------------------------------------------------------------------


def account(found: AccountPage) -> Card:
    """The register's entry: where it is, who looks after it, and whether that is enough today."""
    condition = found.condition
    today = found.now.astimezone(found.zone).date()
    attention = condition.stale or condition.uncovered
    return card(
        SubjectRef(ACCOUNT, condition.account.id),
        version=0,
        title=page(condition.account),
        state=standing(condition, today),
        tone=Tone.CARE if attention else Tone.STOPPED if condition.closed else Tone.DONE,
        parts=(Facts(tuple((name, value) for name, value in _entry(found, today) if value)),),
    )


def _entry(found: AccountPage, today: date) -> Iterator[tuple[str, str]]:
    condition = found.condition
    entry = condition.account
    masters = [f"{name} ({role_names(roles)})" if roles else name for name, roles in found.masters]
    yield "School", found.school
    yield "Network", platform_name(entry.platform)
    yield "Name", entry.name
    yield "Address", entry.url
    yield "Master administrator", both(masters) if masters else "Nobody is named"
    yield (
        "Administrators",
        both(found.administrators) if found.administrators else "Nobody is named",
    )
    yield "Moderators", both(found.moderators) if found.moderators else "Nobody is named"
    yield "Who posts", both(found.posters) if found.posters else "The moderators and administrators"
    yield "Opened", month_or_day(entry.opened_on, today) if entry.opened_on else ""
    yield "Closed", month_or_day(entry.closed_on, today) if entry.closed_on else ""
    posted = when(condition.posted, found.now, found.zone) if condition.posted is not None else ""
    yield "Last posted", posted or "No post recorded yet"
    if condition.watched:
        yield "Here today", _cover(condition)
        yield "Away today", both(found.away) if found.away else ""


def _cover(condition: Condition) -> str:
    here = (
        counted(len(condition.moderators), "moderator"),
        counted(len(condition.administrators), "administrator"),
    )
    return capital(both(here))
