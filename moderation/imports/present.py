"""Every word about an import: the card on which rights are confirmed, messages, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.accounts.present import page
from moderation.imports.effects import IMPORT, Message
from moderation.imports.model import Gain, Kind, State
from moderation.imports.refusals import Refusal
from moderation.kernel import AccountId, PersonId, Platform, Reason, SchoolId, SubjectRef
from moderation.people.model import Role
from moderation.people.present import role_names
from moderation.views import Button, Facts, Intent, Note, Tone, Weight
from moderation.words import both, capital, card as worded, counted, day, either, when


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from moderation.imports.model import Batch, Change, Counts
    from moderation.imports.queries import ImportView, Surroundings
    from moderation.views import Card, Part


CONFIRM = "import.confirm"
DECLINE = "import.decline"
TITLE = "A file changes who may approve"
NOTHING_CHANGED = "Nothing changed."

_ROLES = {
    Role.HEADTEACHER: "headteacher",
    Role.ACTING_HEADTEACHER: "acting headteacher",
    Role.DEPUTY_HEADTEACHER: "deputy headteacher",
    Role.EXECUTIVE_HEADTEACHER: "executive headteacher",
    Role.TRUST_LEAD: "trust lead",
    Role.CHAIR_OF_GOVERNORS: "chair of governors",
}
_PLATFORMS = {Platform.SLACK: "Slack", Platform.TEAMS: "Teams", Platform.SANDBOX: "sandbox"}
_NOUNS = {
    Kind.PEOPLE: ("person", "people"),
    Kind.ACCOUNTS: ("account", "accounts"),
    Kind.PUPILS: ("pupil", "pupils"),
    Kind.CONSENTS: ("pupil", "pupils"),
}
_NEW, _CHANGES = ("is new", "are new"), ("changes", "change")
_LEAVES, _RETURNS = ("leaves", "leave"), ("comes back", "come back")
_VERBS = {
    Kind.PEOPLE: (_NEW, _CHANGES, _LEAVES, _RETURNS),
    Kind.ACCOUNTS: (_NEW, _CHANGES, ("closes", "close"), ("opens again", "open again")),
    Kind.PUPILS: (_NEW, _CHANGES, _LEAVES, _RETURNS),
    Kind.CONSENTS: (
        ("has a first answer", "have a first answer"),
        ("has another answer", "have another answer"),
        ("has no answer left", "have no answer left"),
        _RETURNS,
    ),
}
"""For added, changed, closed and returned ones: of one, and of several."""


# -- the card -------------------------------------------------------------------------------------


def card(batch: Batch, view: ImportView) -> Card:
    """What would change, in plain words, with a yes and a no while it waits."""
    state, tone = _state(batch, view)
    waiting = batch.state is State.WAITING
    return worded(
        SubjectRef(IMPORT, batch.id),
        version=view.version,
        title=TITLE,
        state=state,
        tone=tone,
        parts=tuple(_parts(batch, view)),
        buttons=tuple(_buttons(batch)) if waiting else (),
    )


def _state(batch: Batch, view: ImportView) -> tuple[str, Tone]:
    match batch.state:
        case State.RECEIVED | State.WAITING:
            return "Waiting for a yes", Tone.WAITING
        case State.APPLIED:
            return "In force", Tone.DONE
        case State.DECLINED:
            return f"Declined by {_person(view, batch.by)}", Tone.STOPPED
        case State.REPLACED:
            return "Replaced by a newer file", Tone.STOPPED
        case State.LAPSED:
            return "Nobody answered in time", Tone.STOPPED
        case _ as never:
            assert_never(never)


def _parts(batch: Batch, view: ImportView) -> Iterator[Part]:
    waiting = batch.state is State.WAITING
    yield Note(lines=sentences(batch.changes, view), tone=Tone.CARE if waiting else None)
    rows = [
        ("Came in", when(batch.received_at, view.now, view.zone)),
        ("The whole file", summary(batch.kind, batch.counts)),
    ]
    if waiting:
        lapses = batch.lapses_at.astimezone(view.zone).date()
        rows.append(("Answer by", day(lapses, view.now.astimezone(view.zone).date())))
    rows += [
        (f"Asked for {view.schools.get(place, place)}", either(_people(view, people)))
        for place, people in view.asked.items()
        if waiting and place not in batch.confirmed
    ]
    rows += [
        ("Said yes", f"{_person(view, said.person)}, {when(said.at, view.now, view.zone)}")
        for said in batch.confirmations
    ]
    yield Facts(tuple(rows))
    match batch.state:
        case State.WAITING:
            yield Note(
                lines=(
                    "Nothing counts before somebody who gains nothing by it has said yes.",
                    "Please decline if you don't recognise a change, and ask the office.",
                )
            )
        case State.DECLINED | State.LAPSED:
            yield Note(lines=(f"{NOTHING_CHANGED} The office can import a corrected file.",))
        case State.REPLACED:
            yield Note(lines=(f"{NOTHING_CHANGED} The newer file counts instead.",))
        case _:
            return


def _buttons(batch: Batch) -> Iterator[Button]:
    yield Button(
        label="Confirm",
        intent=Intent(verb=CONFIRM, id=batch.id, rev=batch.number),
        weight=Weight.PRIMARY,
        describes="these changes to who may approve",
    )
    yield Button(
        label="Decline",
        intent=Intent(verb=DECLINE, id=batch.id, rev=batch.number),
        weight=Weight.DANGER,
        describes="these changes to who may approve",
    )


def sentences(changes: Iterable[Change], view: Surroundings) -> tuple[str, ...]:
    """Each change in one sentence; the same one for two schools is said once."""
    return tuple(dict.fromkeys(_sentence(change, view) for change in changes))


def _sentence(change: Change, view: Surroundings) -> str:
    who = capital(_person(view, change.person))
    place = view.schools.get(change.place, change.place)
    role = _ROLES.get(change.role, "headteacher") if change.role else "headteacher"
    match change.gain:
        case Gain.MODERATOR:
            return f"{who} may approve posts for {_page(view, change.account)}."
        case Gain.HEAD:
            return f"{who} becomes {role} of {place}."
        case Gain.STAND_IN:
            return f"{who} may stand in for the headteacher of {place}, as {role}."
        case Gain.IDENTITY:
            platform = _PLATFORMS[change.platform] if change.platform else "chat"
            return f"{who} may approve from another {platform} account."
        case Gain.MOVED:
            there = view.schools.get(change.to, "another school") if change.to else "another school"
            return f"{_page(view, change.account)} moves to {there}, with its head."
        case _ as never:
            assert_never(never)


def summary(kind: Kind, counts: Counts) -> str:
    """All differences in a line: "Three people are new, one person changes"."""
    one, many = _NOUNS[kind]
    said = [
        f"{counted(number, one, many)} {verb if number == 1 else verbs}"
        for number, (verb, verbs) in zip(
            (counts.added, counts.changed, counts.closed, counts.returned),
            _VERBS[kind],
            strict=True,
        )
        if number
    ]
    return capital(", ".join(said)) if said else "Nothing differs"


# -- private messages -----------------------------------------------------------------------------


def notice(message: Message, batch: Batch, view: ImportView) -> Card:
    """A message about an import: who needs to do what, and what it is about."""
    match message:
        case Message.PLEASE_CONFIRM:
            return _led(batch, view, "The office imported a file that changes who may approve.")
        case Message.CHANGED:
            return _led(batch, view, "The register changed meanwhile. Please read this again.")
        case Message.YOU_CONFIRMED:
            return _told(batch, view)
        case Message.NO_LONGER_HEAD:
            return _ended(batch, view)
        case _ as never:
            assert_never(never)


def _led(batch: Batch, view: ImportView, lead: str) -> Card:
    """The card with a sentence on top, to be answered right there."""
    shown = card(batch, view)
    return worded(
        shown.subject,
        version=shown.version,
        title=shown.title,
        state=shown.state,
        tone=shown.tone,
        parts=(Note(lines=(lead,)), *shown.parts),
        buttons=shown.buttons,
    )


def _told(batch: Batch, view: ImportView) -> Card:
    """To the person whom the operator names: nobody's yes is used without their knowing."""
    return worded(
        SubjectRef(IMPORT, batch.id),
        version=view.version,
        title="You are named as having agreed",
        state="For you to check",
        tone=Tone.CARE,
        parts=(
            Note(
                lines=(
                    "Whoever runs Schoolgate imported a file and named you: you agreed to this.",
                    *sentences(batch.changes, view),
                    "If you didn't agree, please tell the trust and the office now.",
                )
            ),
        ),
    )


def _ended(batch: Batch, view: ImportView) -> Card:
    return worded(
        SubjectRef(IMPORT, batch.id),
        version=view.version,
        title="Your part in the register has changed",
        state="For you to know",
        tone=Tone.CARE,
        parts=(
            Note(
                lines=(
                    "A file from the office no longer lists you as headteacher or trust lead.",
                    "If that's wrong, please tell the trust and the office now.",
                )
            ),
        ),
    )


# -- refusals -------------------------------------------------------------------------------------


def refusal(reasons: tuple[Reason, ...], view: Surroundings) -> tuple[str, ...]:
    """Every reason in plain words, each once: what happened, who can help, what to do next."""
    said = (_REFUSALS[Refusal(reason.code)](view, reason.about) for reason in reasons)
    return tuple(dict.fromkeys(said))


def _closes_many(view: Surroundings, about: Mapping[str, str]) -> str:
    count = int(about["count"])
    where = both([view.schools.get(SchoolId(one), one) for one in about["schools"].split()])
    return (
        f"{capital(counted(count, 'pupil'))} would leave the roll, unusually many at {where}. "
        f"If the file is whole, import it again with --closing {count}. {NOTHING_CHANGED}"
    )


def _closing_differs(_view: Surroundings, about: Mapping[str, str]) -> str:
    count = int(about["count"])
    return (
        f"{capital(counted(count, 'pupil'))} would leave the roll, and --closing says "
        f"{about['given']}. Look at a dry run, then repeat its number. {NOTHING_CHANGED}"
    )


def _identity_taken(view: Surroundings, about: Mapping[str, str]) -> str:
    owner, person = (_person(view, PersonId(about[who])) for who in ("owner", "person"))
    platform = _PLATFORMS[Platform(about["platform"])]
    return (
        f"The {platform} account given to {person} is {owner}'s. "
        f"Each has their own: correct one of the two rows. {NOTHING_CHANGED}"
    )


def _unknown_person(_view: Surroundings, about: Mapping[str, str]) -> str:
    return (
        f"The account {about['account']} names {about['person']}, who isn't in the register. "
        f"Import the people first. {NOTHING_CHANGED}"
    )


def _never_approves(view: Surroundings, about: Mapping[str, str]) -> str:
    return (
        f"{capital(_person(view, PersonId(about['person'])))} is "
        f"{role_names([Role(about['role'])])} here, so {_page(view, AccountId(about['account']))} "
        "can't have them as a moderator: their yes wouldn't count. Take them out of that account's "
        f"moderators, or give them another role first. {NOTHING_CHANGED}"
    )


def _unknown_pupil(_view: Surroundings, about: Mapping[str, str]) -> str:
    count = counted(int(about["count"]), "pupil")
    return f"{capital(count)} left the roll meanwhile. Import the file again. {NOTHING_CHANGED}"


def _no_such_confirmer(_view: Surroundings, about: Mapping[str, str]) -> str:
    return (
        f"--confirmed-by names {about['person']}, who isn't in the register. "
        f"Write the id of a headteacher or trust lead. {NOTHING_CHANGED}"
    )


def _not_entitled(view: Surroundings, about: Mapping[str, str]) -> str:
    return (
        f"{capital(_person(view, PersonId(about['person'])))} can't say yes to this. "
        f"{_instead(view, about)} {NOTHING_CHANGED}"
    )


def _gains_by_it(view: Surroundings, about: Mapping[str, str]) -> str:
    return (
        f"{capital(_person(view, PersonId(about['person'])))} would gain by it, so somebody else "
        f"needs to say yes. {_instead(view, about)} {NOTHING_CHANGED}"
    )


def _instead(view: Surroundings, about: Mapping[str, str]) -> str:
    others = _people(view, map(PersonId, about.get("who", "").split()))
    return f"{either(others)} can." if others else "Please ask the headteacher or the trust lead."


def _not_waiting(_view: Surroundings, about: Mapping[str, str]) -> str:
    happened = {
        State.APPLIED: "This is in force already.",
        State.DECLINED: "This was declined already.",
        State.REPLACED: "A newer file has replaced this.",
        State.LAPSED: "Nobody answered in time, so this no longer counts.",
    }
    said = happened.get(State(about["state"]), "This doesn't wait for an answer.")
    return f"{said} {NOTHING_CHANGED}"


def _always(sentence: str) -> Callable[[Surroundings, Mapping[str, str]], str]:
    def say(_view: Surroundings, _about: Mapping[str, str]) -> str:
        return f"{sentence} {NOTHING_CHANGED}"

    return say


_REFUSALS: Mapping[Refusal, Callable[[Surroundings, Mapping[str, str]], str]] = {
    Refusal.CLOSES_MANY: _closes_many,
    Refusal.CLOSING_DIFFERS: _closing_differs,
    Refusal.IDENTITY_TAKEN: _identity_taken,
    Refusal.UNKNOWN_PERSON: _unknown_person,
    Refusal.NEVER_APPROVES: _never_approves,
    Refusal.UNKNOWN_PUPIL: _unknown_pupil,
    Refusal.NO_SUCH_CONFIRMER: _no_such_confirmer,
    Refusal.NOT_ENTITLED: _not_entitled,
    Refusal.GAINS_BY_IT: _gains_by_it,
    Refusal.NOT_WAITING: _not_waiting,
    Refusal.ONLY_THE_OPERATOR: _always("Only whoever runs Schoolgate can import a file."),
    Refusal.ONLY_THE_TIMER: _always("Only the clock does this."),
    Refusal.UNKNOWN_READER: _always("I don't know you yet. Please ask the office to add you."),
    Refusal.NO_SUCH_IMPORT: _always("There is no such file. Please look at the newest card."),
    Refusal.CHANGED_SINCE: _always("The changes are others now. Please read the newest card."),
    Refusal.ALREADY_SAID: _always("You have said yes already. Others still need to."),
    Refusal.REPLACED: _always("A newer file speaks of the same people and counts instead."),
}


# -- names ----------------------------------------------------------------------------------------


def _person(view: Surroundings, who: PersonId | None) -> str:
    if who is None:
        return "nobody"
    return view.names.get(who, "somebody who is no longer here")


def _people(view: Surroundings, whom: Iterable[PersonId]) -> tuple[str, ...]:
    return tuple(_person(view, who) for who in whom)


def _page(view: Surroundings, account: AccountId | None) -> str:
    known = view.accounts.get(account) if account is not None else None
    return page(known) if known is not None else "an account"
