"""Every word of a hold: its card, the private messages, refusals and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, assert_never

from moderation.holds import commands as ask
from moderation.holds.effects import Message
from moderation.holds.model import HOLD
from moderation.holds.refusals import Refusal
from moderation.holds.rights import pausers, starters
from moderation.kernel import THE_OPERATOR, SubjectRef
from moderation.posts.guards import LONGEST_REASON
from moderation.views import Button, Form, Intent, Note, Quote, Text, Tone, Weight
from moderation.words import (
    THE_OPERATOR_IN_WORDS,
    capital,
    card as worded,
    counted,
    either,
    when,
)


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from moderation.holds.model import Hold
    from moderation.holds.queries import HoldPage, HoldView
    from moderation.kernel import PersonId, Reason
    from moderation.views import Card, Part


PAUSE, START = "Pause all posts", "Start posts again"
NOTHING_CHANGED = "Nothing changed."
SOMEBODY = "somebody who is no longer here"
STAFF_READ_IT = "The school's moderators and posters will read this. Facts only, please."


def card(page: HoldPage, *, offer: bool = False) -> Card:
    """Who paused all posts, why and when; or that they go out as usual.

    ``offer`` adds the button that pauses them, for an answer to somebody who asked for it, or who
    can press it. The card in a conversation has only the one that starts them again.
    """
    hold, view = page.hold, page.view
    paused = hold is not None and hold.paused
    waiting = paused or view.trust is not None
    row = tuple(_buttons(hold, view, offer=offer))
    return worded(
        SubjectRef(HOLD, view.place),
        version=view.version,
        title=f"All posts · {view.name}",
        state="Posts are paused" if waiting else "Posts go out as usual",
        tone=Tone.STOPPED if waiting else Tone.DONE,
        parts=(*_parts(hold, view), *(_who_pauses(view) if offer and not waiting else ())),
        buttons=row,
    )


def notice(message: Message, page: HoldPage) -> Card:
    """The private message: the same card, as things are when it is read, with what to do."""
    shown = card(page)
    match message:
        case Message.PAUSED | Message.STARTED:
            return shown
        case _ as never:
            assert_never(never)


def done(command: ask.Command, page: HoldPage) -> tuple[str, ...]:
    """What somebody hears at once."""
    where = _whose(page.view)
    match command:
        case ask.Pause():
            return (
                f"Posts of {where} are paused. Those who approve and post are being told.",
                "What was ready to post is being called back.",
            )
        case ask.Start():
            if page.view.trust is not None:
                return (_trust_paused(page.view),)
            return (f"Posts of {where} go out again.",)
        case _ as never:
            assert_never(never)


def refusal(reasons: tuple[Reason, ...], page: HoldPage | None) -> tuple[str, ...]:
    """Every reason in plain words, each once. Without a page the place isn't the reader's."""
    said: list[str] = []
    codes = {Refusal(reason.code) for reason in reasons}
    moot = {may for done, may in _MOOT.items() if done in codes}
    for reason in reasons:
        code = Refusal(reason.code)
        if code in moot:
            continue
        if code in _ALWAYS:
            said.append(f"{_ALWAYS[code]} {NOTHING_CHANGED}")
        elif page is None:
            said.append(f"{_ALWAYS[Refusal.UNKNOWN_PLACE]} {NOTHING_CHANGED}")
        else:
            said.append(_SENTENCES[code](page, reason.about))
    return tuple(dict.fromkeys(said))


# -- the card -------------------------------------------------------------------------------------


def _parts(hold: Hold | None, view: HoldView) -> Iterator[Part]:
    if hold is not None and hold.paused:
        yield from _why(hold, view)
        yield from _what_next(starters(view.rights), view)
    elif view.trust is not None:
        yield from _why(view.trust, view)
        yield Note(lines=("All schools of the trust wait. The trust lead starts posts again.",))
    elif hold is not None and hold.started_at is not None:
        by, at = _person(view, hold.started_by), _at(view, hold.started_at)
        yield Note(
            lines=(
                f"Started again by {by}, {at}.",
                "What waited goes out. What was called back needs a fresh yes first.",
            )
        )
    else:
        yield Note(lines=("Nothing is paused.",))


def _who_pauses(view: HoldView) -> Iterator[Part]:
    """To somebody who asked for a pause and may not have it: whom to ask."""
    if view.viewer not in pausers(view.rights):
        yield Note(lines=(_ask_for_a_pause(view),), tone=Tone.CARE)


def _why(hold: Hold, view: HoldView) -> Iterator[Part]:
    by = f"Paused by {_person(view, hold.by)}, {_at(view, hold.at)}"
    yield Quote(text=hold.reason, label=by)


def _what_next(able: Iterable[PersonId], view: HoldView) -> Iterator[Part]:
    names = either(tuple(_person(view, who) for who in able))
    yield Note(
        lines=(
            "Please don't post anything until posts are started again.",
            "Posts can still be written and approved. They wait.",
            f"{capital(names)} can start posts again.",
        ),
        tone=Tone.CARE,
    )


def _buttons(hold: Hold | None, view: HoldView, *, offer: bool) -> Iterator[Button]:
    if hold is not None and hold.paused:
        if view.viewer is None or view.viewer in starters(view.rights):
            intent = Intent(verb="hold.start", id=view.place, rev=hold.number)
            yield Button(label=START, intent=intent, describes=view.name)
    elif offer and view.viewer in pausers(view.rights):
        number = 0 if hold is None else hold.number
        intent = Intent(verb="hold.pause", id=view.place, rev=number)
        box = Text(name="reason", label="Why should posts wait?", limit=LONGEST_REASON)
        form = Form(title=PAUSE, fields=(box,), submit=PAUSE, note=STAFF_READ_IT)
        yield Button(
            label=PAUSE, intent=intent, weight=Weight.DANGER, form=form, describes=view.name
        )


# -- refusals -------------------------------------------------------------------------------------


def _may_not_pause(page: HoldPage, _: Mapping[str, str]) -> str:
    return _ask_for_a_pause(page.view)


def _ask_for_a_pause(view: HoldView) -> str:
    names = either(tuple(_person(view, who) for who in pausers(view.rights)))
    return (
        f"You can't pause all posts yourself. Please ask {names} at once: any of them can. "
        "A moderator can stop a single post."
    )


def _may_not_start(page: HoldPage, _: Mapping[str, str]) -> str:
    view = page.view
    names = either(tuple(_person(view, who) for who in starters(view.rights)))
    return f"Only {names} can start posts again. {NOTHING_CHANGED}"


def _already_paused(page: HoldPage, _: Mapping[str, str]) -> str:
    hold, view = page.hold, page.view
    if hold is None:
        return f"Posts are paused already. {NOTHING_CHANGED}"
    by, at = _person(view, hold.by), _at(view, hold.at)
    return f"Posts are paused already, by {by} since {at}. {NOTHING_CHANGED}"


def _trust_paused(view: HoldView) -> str:
    hold = view.trust
    who = f" by {_person(view, hold.by)}" if hold is not None else ""
    return f"All schools of the trust are paused{who}. Please ask the trust lead to start them."


def _reason_too_long(_: HoldPage, about: Mapping[str, str]) -> str:
    limit = counted(int(about.get("limit", "0")), "character")
    return f"That is too long. Please use at most {limit}."


Sentence = Callable[["HoldPage", Mapping[str, str]], str]

_ALWAYS: Mapping[Refusal, str] = {
    Refusal.UNKNOWN_PERSON: "I don't know you yet. Please ask the school office to add you.",
    Refusal.UNKNOWN_PLACE: "I don't know that school. Please type the name that the trust uses.",
}
_MOOT: Mapping[Refusal, Refusal] = {
    Refusal.NOT_PAUSED: Refusal.MAY_NOT_START,
    Refusal.ALREADY_PAUSED: Refusal.MAY_NOT_PAUSE,
}
"""Where it is so already, nobody needs to hear that they may not bring it about."""
_SENTENCES: Mapping[Refusal, Sentence] = {
    Refusal.MAY_NOT_PAUSE: _may_not_pause,
    Refusal.MAY_NOT_START: _may_not_start,
    Refusal.NO_REASON: lambda _page, _about: (
        "Please say why, in a few words. Those who approve and post will read it."
    ),
    Refusal.REASON_TOO_LONG: _reason_too_long,
    Refusal.ALREADY_PAUSED: _already_paused,
    Refusal.NOT_PAUSED: lambda _page, _about: f"Posts aren't paused. {NOTHING_CHANGED}",
    Refusal.TRUST_PAUSED: lambda page, _about: f"{_trust_paused(page.view)} {NOTHING_CHANGED}",
    Refusal.OLDER_PAUSE: lambda _page, _about: (
        "That pause is over, and posts were paused again since. "
        "Please read the newest card, then decide."
    ),
}


# -- words ----------------------------------------------------------------------------------------


def _person(view: HoldView, who: PersonId | None) -> str:
    if who is not None and who == view.viewer:
        return "you"
    if who == THE_OPERATOR:
        return THE_OPERATOR_IN_WORDS
    return view.names.get(who, SOMEBODY) if who is not None else SOMEBODY


def _at(view: HoldView, instant: datetime) -> str:
    return when(instant, view.now, view.zone)


def _whose(view: HoldView) -> str:
    return "all schools of the trust" if view.whole_trust else view.name
