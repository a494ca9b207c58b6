"""Every word about a name that a school keeps: the card, the list, messages, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.checks.model import NotAPupil
from moderation.keeping.effects import Message
from moderation.keeping.model import LONGEST_NAME, NAME, STANDING, State
from moderation.keeping.refusals import Refusal
from moderation.kernel import SubjectRef
from moderation.posts.guards import LONGEST_REASON
from moderation.views import Button, Choice, Facts, Form, Intent, Note, Text, Tone, Weight
from moderation.words import capital, card as worded, counted, day, either


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from moderation.keeping.model import KeptName, NameId
    from moderation.keeping.queries import NamePage, PlacePage
    from moderation.kernel import PersonId, Reason
    from moderation.views import Card, Part

ASK = "name.ask"
AGREE = "name.agree"
DECLINE = "name.decline"
DROP = "name.drop"
NOTHING_CHANGED = "Nothing changed."
WHOSE = {
    NotAPupil.VISITOR: "a visitor",
    NotAPupil.STAFF: "a colleague",
    NotAPupil.PUBLIC: "somebody in public life",
    NotAPupil.OTHER: "somebody else",
}
KINDS = tuple(NotAPupil)
HOW = "Type it like this: /schoolgate names add Jo Example visitor."
IS_CHECKED_FOR = (
    "A pupil at one of our schools has this name, or a colleague who would rather not be named."
)
ALWAYS = "Such names are always asked about."
NEARLY = "But for a slip of the keyboard it is a pupil's name. Please be sure that it is another's."
LISTED = "Names that aren't pupils'"
KEEP = "Keep a name"
WHOLE = "First name and surname, or a title and the surname"


# -- one name -------------------------------------------------------------------------------------


def card(page: NamePage) -> Card:
    """The name, whose it is, who asked and agreed; with a yes and a no while it waits."""
    kept = page.kept
    state, tone = _state(page)
    return worded(
        SubjectRef(NAME, kept.id),
        version=page.version,
        title=f"A name to keep · {kept.name}",
        state=state,
        tone=tone,
        parts=tuple(_parts(page)),
        buttons=tuple(_buttons(page)),
    )


def _state(page: NamePage) -> tuple[str, Tone]:
    match page.kept.state:
        case State.WAITING:
            return "Waiting for a second yes", Tone.WAITING
        case State.KEPT:
            if page.checked_for:
                return "Kept, but it counts for nothing", Tone.CARE
            return f"Kept until {_until(page)}", Tone.DONE
        case State.DECLINED:
            return f"{_who(page, page.kept.over_by)} said no", Tone.STOPPED
        case State.DROPPED:
            return f"Taken away by {_who(page, page.kept.over_by)}", Tone.STOPPED
        case State.LAPSED:
            return "Nobody answered in time", Tone.STOPPED
        case State.ENDED:
            return "No longer kept: its time is over", Tone.STOPPED
        case _ as never:
            assert_never(never)


def _parts(page: NamePage) -> Iterator[Part]:
    kept = page.kept
    agreed = (("Agreed by", _who(page, kept.agreed_by)),) if kept.agreed_by else ()
    why = (("Because", kept.reason),) if kept.reason else ()
    yield Facts(
        (
            ("Whose", capital(WHOSE[kept.kind])),
            ("In posts of", page.place),
            ("Asked by", _who(page, kept.asked_by)),
            *agreed,
            *why,
        )
    )
    if kept.state in STANDING and page.checked_for:
        yield Note(lines=(IS_CHECKED_FOR, ALWAYS), tone=Tone.CARE)
    elif kept.state is State.WAITING:
        if page.nearly:
            yield Note(lines=(NEARLY,), tone=Tone.CARE)
        yield Note(
            lines=(
                "Nothing changes before a second person agrees."
                if page.viewer == kept.asked_by
                else "If you agree, nobody is asked about this whole name in posts any more.",
                "If a pupil has the same name, now or later, it counts for nothing.",
            )
        )


def _buttons(page: NamePage) -> Iterator[Button]:
    kept = page.kept
    own = page.viewer == kept.asked_by
    if kept.state is State.WAITING and not own:
        if not page.checked_for:
            yield Button(
                label="Agree",
                intent=Intent(verb=AGREE, id=kept.id),
                weight=Weight.PRIMARY,
                describes="this name",
            )
        yield Button(
            label="Decline",
            intent=Intent(verb=DECLINE, id=kept.id),
            form=Form(
                title="Why not?",
                fields=(Text(name="reason", label="Reason", limit=LONGEST_REASON),),
                submit="Decline",
                note="Facts only, please. The person concerned may be entitled to read this.",
            ),
            describes="this name",
        )
    if kept.state is State.KEPT or (kept.state is State.WAITING and own):
        yield Button(
            label="Take it away",
            intent=Intent(verb=DROP, id=kept.id),
            weight=Weight.DANGER,
            describes="this name",
        )


def _who(page: NamePage | PlacePage, person: PersonId | None) -> str:
    return page.names.get(person, "somebody") if person is not None else "somebody"


def _until(page: NamePage) -> str:
    kept, now = page.kept, page.now.astimezone(page.zone)
    return day(kept.until.astimezone(page.zone).date(), now.date()) if kept.until else ""


# -- what is kept ---------------------------------------------------------------------------------


def place(page: PlacePage, new: NameId) -> Card:
    """Everything that one place keeps, or has been asked to; ``new`` is the next name's id."""
    lines = tuple(_line(page, one) for one in page.kept)
    return worded(
        # What the form makes takes this card's place.
        SubjectRef(NAME, new),
        version=1,
        title=f"{LISTED} · {page.title}",
        state=capital(counted(len(lines), "name")) if lines else "None yet",
        tone=Tone.DONE if lines else Tone.WAITING,
        parts=(
            *((Note(lines=lines),) if lines else ()),
            Note(lines=_ABOUT if lines else _ABOUT_NONE),
        ),
        buttons=(
            Button(
                label=KEEP,
                intent=Intent(verb=ASK, id=new, arg=page.place),
                form=form(page),
                describes=page.title,
            ),
        ),
    )


def form(page: PlacePage) -> Form:
    """What is asked of whoever wants a name kept."""
    return Form(
        title=KEEP,
        fields=(
            Text(name="name", label="Name", hint=WHOLE, limit=LONGEST_NAME, lines=1),
            Choice(
                name="kind",
                label="Whose is it?",
                options=tuple((kind.value, capital(who)) for kind, who in WHOSE.items()),
            ),
        ),
        submit="Ask a second person",
        note=f"It counts for posts of {page.title} once somebody else agrees.",
    )


def _line(page: PlacePage, kept: KeptName) -> str:
    today = page.now.astimezone(page.zone).date()

    def on(at: datetime) -> str:
        return day(at.astimezone(page.zone).date(), today)

    said = f"{kept.name}: {WHOSE[kept.kind]}. Asked by {_who(page, kept.asked_by)}"
    if kept.agreed_at is None or kept.until is None:
        said = f"{said}, {on(kept.asked_at)}. It waits for a second person's yes."
    else:
        agreed = f"agreed by {_who(page, kept.agreed_by)}, {on(kept.agreed_at)}"
        said = f"{said}, {agreed}, until {on(kept.until)}."
    if kept.id in page.checked_for:
        return f"{said} It counts for nothing: somebody whom posts are checked for has this name."
    return said


# -- what is told and answered --------------------------------------------------------------------


def notice(message: Message, page: NamePage) -> Card:
    """To those who asked or agreed."""
    second, over = (capital(_who(page, who)) for who in (page.kept.agreed_by, page.kept.over_by))
    said = {
        Message.AGREED: f"{second} agreed: nobody is asked about this name in posts any more.",
        Message.DECLINED: f"{over} said no: this name is asked about as before.",
        Message.DROPPED: f"{over} took this name away: it is asked about again.",
        Message.ENDED: "Its time is over: this name is asked about again. You can ask for it anew.",
    }
    shown = card(page)
    return worded(
        shown.subject,
        version=page.version,
        title=shown.title,
        state=shown.state,
        tone=shown.tone,
        parts=(Note(lines=(said[message],)), *shown.parts),
    )


def done(page: NamePage) -> tuple[str, ...]:
    """What whoever did it hears."""
    match page.kept.state:
        case State.WAITING:
            asked = [page.names[who] for who in page.asked if who in page.names]
            whom = f" by {either(asked)}" if asked else ""
            return (f"Thank you. It counts once it is agreed to{whom}.",)
        case State.KEPT:
            return (f"Thank you. It is kept until {_until(page)}.",)
        case State.DROPPED:
            return ("Thank you. It is taken away: this name is asked about in posts.",)
        case State.DECLINED | State.LAPSED | State.ENDED:
            return ("Thank you. This name is asked about in posts as before.",)
        case _ as never:
            assert_never(never)


def unread() -> tuple[str, ...]:
    """What was typed can't be understood."""
    return (f"Please write the name and whose it is: {either(KINDS)}. {HOW} {NOTHING_CHANGED}",)


def which(places: Sequence[str]) -> tuple[str, ...]:
    """The name could be for several places, or stands in none."""
    if not places:
        return (f"{_SENTENCES[Refusal.MAY_NOT]} {NOTHING_CHANGED}",)
    where = f"For which? Please add {either(places)} at the end."
    return (f"{where} {NOTHING_CHANGED}",)


def not_kept() -> tuple[str, ...]:
    """No such name is kept where the asker may take one away."""
    return (f"{_SENTENCES[Refusal.NO_SUCH_NAME]} {NOTHING_CHANGED}",)


def refusal(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Every reason in plain words."""
    return tuple(f"{_SENTENCES[Refusal(reason.code)]} {NOTHING_CHANGED}" for reason in reasons)


_ABOUT = (
    "Nobody is asked about these names in posts. It takes two people to keep one.",
    "To take one away, one is enough: /schoolgate names remove NAME.",
)
_ABOUT_NONE = (
    "A visiting author's name may be asked about in post after post: it could be a pupil's.",
    "Two people can keep such a name, so that nobody is asked about it any more.",
)
_SENTENCES = {
    Refusal.MAY_NOT: "Only those who may say yes to posts there can keep a name.",
    Refusal.MUST_ACCEPT: "Please accept the policy first: /schoolgate policy.",
    Refusal.SENT_ALREADY: "This form was sent before. For another name: /schoolgate names.",
    Refusal.NO_KIND: "Please say whose name it is.",
    Refusal.NOT_WHOLE: (
        "Please write the whole name: first name and surname, or a title and the surname."
    ),
    Refusal.TOO_LONG: f"A name has at most {LONGEST_NAME} characters.",
    Refusal.KNOWN_ALREADY: "This name is kept already, or waits for a second person's yes.",
    Refusal.IS_CHECKED_FOR: f"{IS_CHECKED_FOR} {ALWAYS}",
    Refusal.NOBODY_ELSE: "There is nobody else who could agree.",
    Refusal.NO_SUCH_NAME: "This name isn't here, or isn't yours to decide.",
    Refusal.OWN: "You asked for it, so somebody else has to agree.",
    Refusal.OVER: "This doesn't wait for an answer any more.",
    Refusal.NO_REASON: "Please say why.",
    Refusal.REASON_TOO_LONG: f"Please use at most {LONGEST_REASON} characters.",
    Refusal.ONLY_THE_TIMER: "Only the clock does this.",
}
