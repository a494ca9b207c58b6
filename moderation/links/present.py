"""Every word about a link: the card, what somebody unknown is told, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.kernel import Platform, SubjectRef
from moderation.links.model import LINK, State, digest
from moderation.links.refusals import Refusal
from moderation.people.present import who_am_i
from moderation.views import Button, Facts, Intent, Note, Tone, Weight
from moderation.words import both, card as worded, day, either


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Reason
    from moderation.links.effects import Message
    from moderation.links.queries import Introduction, LinkPage
    from moderation.views import Card, Part


CONFIRM = "link.confirm"
DECLINE = "link.decline"
NOTHING_CHANGED = "Nothing changed."
ASKED = (
    "I think you are on the school's list. {} been asked to confirm that it is you. "
    "I will write to you then."
)
WAITS = "You can start when that is confirmed: {} been asked. Please speak to them if it's urgent."
DECLINED = (
    "Somebody at the school said that this account isn't the one on its list. "
    "If that's wrong, please speak to the school office."
)

_PLATFORMS = {Platform.SLACK: "Slack", Platform.TEAMS: "Teams", Platform.SANDBOX: "the sandbox"}


# -- the card -------------------------------------------------------------------------------------


def card(page: LinkPage) -> Card:
    """Who it may be and what they may do, with a yes and a no while it waits."""
    link, view = page.link, page.view
    waiting = link.state is State.WAITING
    state, tone = _state(page)
    return worded(
        SubjectRef(LINK, link.id),
        version=view.version,
        title=f"A chat account for {view.name}",
        state=state,
        tone=tone,
        parts=tuple(_parts(page)),
        buttons=tuple(_buttons(page)) if waiting else (),
    )


def _state(page: LinkPage) -> tuple[str, Tone]:
    match page.link.state:
        case State.WAITING:
            return "Waiting for a yes", Tone.WAITING
        case State.LINKED:
            return "Confirmed", Tone.DONE
        case State.DECLINED:
            return f"Declined by {page.view.declined or 'somebody'}", Tone.STOPPED
        case State.LAPSED:
            return "Nobody answered in time", Tone.STOPPED
        case _ as never:
            assert_never(never)


def _parts(page: LinkPage) -> Iterator[Part]:
    link, view = page.link, page.view
    platform = _PLATFORMS[link.identity.platform]
    who = f"{view.name} <{view.email}>"
    account = Facts(tuple(_account(page)))
    match link.state:
        case State.WAITING:
            lines = [f"{who} now writes from {platform}, by the account below. Is that so?"]
            if view.two:
                lines.append(
                    "They may approve posts, so two people need to say yes: whoever holds this "
                    "account decides for them."
                )
            yield Note(lines=tuple(lines), tone=Tone.CARE if view.two else None)
        case State.LINKED:
            yield Note(lines=(f"{who} writes from {platform}, by the account below.",))
        case State.DECLINED | State.LAPSED:
            yield Note(lines=(f"The account below didn't become that of {who}.",))
        case _ as never:
            assert_never(never)
    yield account
    if view.me is not None:
        yield from who_am_i(view.me).parts
    rows = [("Said yes", both(view.confirmed))] if view.confirmed else []
    if link.state is State.WAITING:
        if view.asked:
            rows.append(("Asked", either(view.asked)))
        lapses = link.lapses_at.astimezone(view.zone).date()
        rows.append(("Answer by", day(lapses, view.now.astimezone(view.zone).date())))
    if rows:
        yield Facts(tuple(rows))
    if link.state is State.WAITING:
        yield Note(
            lines=("Please ask them before you say yes. If you aren't sure, press Decline.",)
        )


def _account(page: LinkPage) -> Iterator[tuple[str, str]]:
    """What the platform tells of it. Its name is chosen by whoever holds it, so it stands alone."""
    link, platform = page.link, _PLATFORMS[page.link.identity.platform]
    if link.called:
        yield f"Name in {platform}", link.called
    if digest(page.view.email) == link.address:
        yield f"E-mail address in {platform}", f"{page.view.email}, the one on your list"
    yield f"Id in {platform}", link.identity.id


def _buttons(page: LinkPage) -> Iterator[Button]:
    link = page.link
    for label, verb, weight in (
        ("Confirm", CONFIRM, Weight.PRIMARY),
        ("Decline", DECLINE, Weight.DANGER),
    ):
        yield Button(
            label=label,
            intent=Intent(verb=verb, id=link.id, rev=link.number),
            weight=weight,
            describes=f"the chat account of {page.view.name}",
        )


def notice(message: Message, page: LinkPage) -> Card:
    """To the person concerned, when the account is theirs."""
    del message  # there is one
    platform = _PLATFORMS[page.link.identity.platform]
    return worded(
        SubjectRef(LINK, page.link.id),
        version=page.view.version,
        title="You can use Schoolgate now",
        state="Confirmed",
        tone=Tone.DONE,
        parts=(
            Note(lines=(f"{both(page.view.confirmed)} confirmed your {platform} account.",)),
            *(who_am_i(page.view.me).parts if page.view.me is not None else ()),
        ),
    )


# -- what is answered -----------------------------------------------------------------------------


def introduced(found: Introduction) -> tuple[str, ...]:
    """What somebody unknown hears; nothing where there is nothing to say of them."""
    who = f"{both(found.asked)} {'has' if len(found.asked) == 1 else 'have'}"
    if found.offered:
        return (ASKED.format(who),)
    if found.state is State.WAITING:
        return (WAITS.format(who),)
    return (DECLINED,) if found.state is State.DECLINED else ()


def done(page: LinkPage) -> tuple[str, ...]:
    """What whoever answered hears."""
    match page.link.state:
        case State.LINKED:
            return (f"Thank you. {page.view.name} can use Schoolgate now.",)
        case State.WAITING:
            return ("Thank you. One more person needs to say yes.",)
        case State.DECLINED | State.LAPSED:
            return ("Thank you. That account can do nothing here.",)
        case _ as never:
            assert_never(never)


def refusal(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """Why nothing happened, one sentence for each reason."""
    return tuple(f"{_sentence(reason)} {NOTHING_CHANGED}" for reason in reasons)


def _sentence(reason: Reason) -> str:
    if reason.code is Refusal.NOT_WAITING:
        return _ENDED.get(State(reason.about["state"]), "This doesn't wait for an answer.")
    return _SENTENCES[Refusal(reason.code)]


_ENDED = {
    State.LINKED: "This is confirmed already.",
    State.DECLINED: "This was declined already.",
    State.LAPSED: "Nobody answered in time, so this no longer counts.",
}
_SENTENCES = {
    Refusal.NOT_YOURS: "You can only ask for your own account.",
    Refusal.KNOWN_ALREADY: "I know you already.",
    Refusal.UNKNOWN: "I don't know you yet. Please ask the school office to add you.",
    Refusal.STILL_WAITING: "This has been asked and waits for an answer.",
    Refusal.WAS_DECLINED: DECLINED,
    Refusal.NO_SUCH_LINK: "This isn't here, or isn't yours to answer.",
    Refusal.NOT_WAITING: "This doesn't wait for an answer.",
    Refusal.CHANGED_SINCE: "It was asked again since. Please read the newest card.",
    Refusal.YOURSELF: "Somebody else has to say who you are.",
    Refusal.NO_LONGER: (
        "The school's list has changed: this address or person is another one there now, or has "
        "another account."
    ),
    Refusal.ALREADY_SAID: "You have said yes already. Somebody else still needs to.",
    Refusal.ONLY_THE_TIMER: "Only the clock does this.",
}
