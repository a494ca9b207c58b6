"""Every word of the watch: one card for each school, and one short message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.accounts.present import concern_words, page
from moderation.kernel import SubjectRef
from moderation.oversight.effects import Message
from moderation.oversight.model import WATCH, Concern
from moderation.views import Facts, Note, Tone
from moderation.words import capital, card as worded, counted, day


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.oversight.model import Flag, Watch
    from moderation.oversight.queries import WatchView
    from moderation.views import Card, Part


REVIEW = (
    "Please ask whoever owns the policy for its reviewed edition. Until then this one is followed.",
    "You hear this once a month.",
)


def card(watch: Watch, view: WatchView) -> Card:
    """What needs attention at one school, each account once, with what to do."""
    accounts = {flag.account for flag in watch.flags}
    mended = not accounts
    needs = "needs" if len(accounts) == 1 else "need"
    return worded(
        SubjectRef(WATCH, watch.school),
        version=view.version,
        title=f"Our accounts · {view.school}",
        state="Nothing needs attention"
        if mended
        else f"{capital(counted(len(accounts), 'account'))} {needs} attention",
        tone=Tone.DONE if mended else Tone.CARE,
        parts=tuple(_parts(watch, view)),
    )


def notice(message: Message, watch: Watch, view: WatchView) -> Card:
    """The private message to administrators and the head: the same card, said once."""
    match message:
        case Message.FLAGGED:
            return card(watch, view)
        case Message.REVIEW_DUE:
            return _review_due(watch, view)


def _review_due(watch: Watch, view: WatchView) -> Card:
    """Nothing for a policy that has been reviewed since: the message says what is so today."""
    due = view.review
    overdue = due is not None and due < view.today
    said = (("It was to be reviewed by", f"{due:%-d %B %Y}"),) if due is not None else ()
    return worded(
        SubjectRef(WATCH, watch.school),
        version=view.version,
        title=f"Our policy · {view.school}",
        state="It is past its own review" if overdue else "It has been reviewed",
        tone=Tone.CARE if overdue else Tone.DONE,
        parts=(
            Facts((("Policy", view.policy), *said)),
            *([Note(lines=REVIEW)] if overdue else []),
        ),
    )


def _parts(watch: Watch, view: WatchView) -> Iterator[Part]:
    if not watch.flags:
        yield Note(lines=("Everything that was listed here has been put right.",))
        return
    yield Facts(tuple((_where(flag, view), _what(flag, view)) for flag in watch.flags))
    concerns = {flag.concern for flag in watch.flags}
    lines = []
    if Concern.STALE in concerns:
        lines.append("Quiet pages look neglected. Please post something, or close the account.")
    if Concern.UNCOVERED in concerns:
        lines.append(
            "Every account needs its moderators and administrators. The head can name more."
        )
    yield Note(lines=(*lines, "A line goes away by itself once it is put right."))


def _where(flag: Flag, view: WatchView) -> str:
    condition = view.conditions.get(flag.account)
    return page(condition.account) if condition is not None else "An account that is gone"


def _what(flag: Flag, view: WatchView) -> str:
    condition = view.conditions.get(flag.account)
    words = concern_words(
        stale=flag.concern is Concern.STALE,
        days=flag.days,
        ever=condition is not None and condition.posted is not None,
        moderators=flag.moderators,
        administrators=flag.administrators,
        least_moderators=condition.least_moderators if condition is not None else 0,
        least_administrators=condition.least_administrators if condition is not None else 0,
    )
    return f"{words} (since {day(flag.since, view.today)})"
