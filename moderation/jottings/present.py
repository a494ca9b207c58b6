"""Every word of a draft that a message began: its card, its questions, and what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from moderation.checks.model import Severity, Who
from moderation.checks.staff_pictures import NOT_SAID
from moderation.jottings import commands as ask
from moderation.jottings.model import (
    JOTTING,
    LONGEST_ALT,
    MOST_PICTURES,
    Question,
    Standing,
    Trouble,
    missing,
    undescribed,
)
from moderation.jottings.refusals import Refusal
from moderation.kernel import SubjectRef
from moderation.people.present import class_label, pupil_label
from moderation.posts.present import marks_of, preview_groups
from moderation.views import (
    Button,
    Choice,
    Facts,
    Findings,
    Form,
    Intent,
    Note,
    Quote,
    Text,
    Tone,
    Weight,
)
from moderation.words import both, capital, card as worded, counted, either, platform_name


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from moderation.checks.model import Finding
    from moderation.jottings.queries import JottingPage
    from moderation.kernel import BlobId, Reason
    from moderation.people.queries import FoundPupil
    from moderation.posts.queries import Target
    from moderation.views import Card, Part

TITLE = "Your draft"
MAKE, FORGET = "Make this a post", "Not a post"
ACCOUNTS, WHO, NAMES, STAFF = "accounts", "who", "names", "staff"
ALT: Final = "alt:"
"""A picture's description is the field named by this and its number."""
CLASS: Final = "class:"
"""A class is the choice named by this and its key."""
MOST_LEFT_OUT = 5
MOST_CHOICES = 90
LONGEST_ECHO = 60

NOT_HERE = "That draft isn't here any more. Nothing changed."
NOTHING_CHANGED = "Nothing changed."
COMPLETE = f"Everything is there. Reply “post”, or press {MAKE}."
AGAIN = f"Reply “post” once more, or press {MAKE} again, to keep it as it is and ask the head."
FORGOTTEN = "Forgotten. Nothing of it is kept."
NAME_COLLEAGUES = "If colleagues are in it, reply “colleagues: …” with their names first."
SO_FAR: Final[Mapping[Who, str]] = {
    Who.NOBODY: "No pupil is in it",
    Who.NOT_RECOGNISABLE: "No pupil can be recognised",
}


def card(page: JottingPage) -> Card:
    """The draft, what it still needs, and what the checks would say of it now."""
    jotting = page.jotting
    subject = SubjectRef(JOTTING, jotting.id)
    if jotting.standing is Standing.OPEN:
        asked = missing(jotting)
        return worded(
            subject,
            version=page.version,
            title=TITLE,
            state="Only you see this" if asked else "Ready to become a post",
            tone=Tone.CARE if asked else Tone.WAITING,
            parts=tuple(_parts(page)),
            buttons=tuple(_buttons(page)),
        )
    made = jotting.standing is Standing.MADE
    return worded(
        subject,
        version=page.version,
        title=TITLE,
        state="It is a post now" if made else "Not a post. Nothing of it is kept",
        tone=Tone.DONE if made else Tone.STOPPED,
    )


def questions(page: JottingPage) -> tuple[str, ...]:
    """What is missing, each with what may be replied."""
    return tuple(_question(it, page) for it in missing(page.jotting))


def left(page: JottingPage) -> tuple[str, ...]:
    """What comes next."""
    return questions(page) or (COMPLETE,)


def done(command: ask.Command, page: JottingPage) -> tuple[str, ...]:
    """What somebody hears at once: what was understood, and what is still missing."""
    match command:
        case ask.Say():
            rows = _rows(page)
            return (*(_ended(f"{name}: {value}") for name, value in rows), *left(page))
        case ask.Forget():
            return (FORGOTTEN,)
        case _:
            return ()


def _ended(words: str) -> str:
    """As a sentence: what people wrote may be one already."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def troubles(found: Iterable[Trouble], page: JottingPage | None) -> tuple[str, ...]:
    """What wasn't understood, kindly."""
    told = tuple(_trouble(Refusal(it.code), it.words, page) for it in found)
    return tuple(dict.fromkeys(told))


def refusal(reasons: Iterable[Reason], page: JottingPage | None) -> tuple[str, ...]:
    """Every reason in plain words, each once."""
    told = (_trouble(Refusal(reason.code), "", page) for reason in reasons)
    return tuple(dict.fromkeys(told))


def stopped(page: JottingPage) -> tuple[str, ...]:
    """What stops it, with the words kept, and how to go on."""
    lines = tuple(
        " ".join(filter(None, (line.words and f"“{line.words}”", line.reason)))
        for group in _groups(page, blocks(page))
        for line in group.lines
    )
    return (
        "This can't go out yet. Your words are kept.",
        *lines,
        "Reply “text: …” with better words.",
        AGAIN,
    )


def blocks(page: JottingPage) -> tuple[Finding, ...]:
    """The findings that stop it."""
    return tuple(it for it in page.findings if it.severity is Severity.BLOCK)


# -- the card -------------------------------------------------------------------------------------


def _parts(page: JottingPage) -> Iterator[Part]:
    jotting = page.jotting
    if jotting.text:
        marks = marks_of(page.findings, jotting.text)
        yield Quote(text=jotting.text, marks=marks)
    rows = _rows(page)
    if rows:
        yield Facts(rows)
    asked = questions(page)
    if asked:
        yield Note(lines=asked, tone=Tone.CARE)
    told = page.findings
    if asked:
        # What is asked for needn't be found missing as well.
        told = tuple(it for it in told if it.field == "text")
    yield from _groups(page, told)
    if not asked:
        unsaid = any(it.category == NOT_SAID for it in page.findings)
        yield Note(lines=("You can reply “post” as well.", *((NAME_COLLEAGUES,) if unsaid else ())))


def _groups(page: JottingPage, found: tuple[Finding, ...]) -> tuple[Findings, ...]:
    return preview_groups(found, page.jotting.content, page.pack) if page.pack is not None else ()


def _rows(page: JottingPage) -> tuple[tuple[str, str], ...]:
    jotting = page.jotting
    rows = [("Account", both([label(it) for it in _chosen(page)]))] if jotting.accounts else []
    if jotting.pictured.who is not Who.NOT_SAID:
        rows.append((f"In the {_it(page)}", _who(page)))
    if page.staff:
        rows.append(("Colleagues in it", both(page.staff)))
    several = len(jotting.pictures) > 1
    for at, picture in enumerate(jotting.pictures, start=1):
        moves = picture.blob in page.videos
        name = "Said in the video" if moves else "Picture"
        told = "Not written yet" if moves else "Not described yet"
        rows.append((f"{name} {at}" if several else name, picture.alt.strip() or told))
    return tuple(rows)


def _chosen(page: JottingPage) -> tuple[Target, ...]:
    chosen = set(page.jotting.accounts)
    return tuple(it for it in page.targets if it.account in chosen)


def label(target: Target) -> str:
    """One account as it is named: "Facebook · Oakfield Primary"."""
    return f"{platform_name(target.platform)} · {target.name}"


def _who(page: JottingPage) -> str:
    said = SO_FAR.get(page.jotting.pictured.who)
    if said is not None:
        return said
    told: list[str] = []
    for form in dict.fromkeys(pupil.form for pupil in page.shown):
        here = [it for it in page.shown if it.form == form]
        out = [it for it in page.left_out if it.form == form]
        if form and not out:
            told.append(f"all of {form}, {counted(len(here), 'pupil')}")
        elif form and len(out) <= min(MOST_LEFT_OUT, len(here)):
            names = both([_called(it) for it in out])
            told.append(f"{form} without {names}, {counted(len(here), 'pupil')}")
        else:
            told += [pupil_label(it) for it in here]
    return capital("; ".join(told))


def _called(pupil: FoundPupil) -> str:
    return pupil_label(pupil).partition(" · ")[0].rstrip(".")


# -- the questions --------------------------------------------------------------------------------


def _question(question: Question, page: JottingPage) -> str:
    match question:
        case Question.WORDS:
            return "What shall the post say? Reply with its words."
        case Question.ACCOUNT:
            names = [label(it) for it in page.targets]
            return f"Which account? Reply with {either(names)}."
        case Question.WHO:
            example = page.classes[0].form if page.classes else "4B"
            return (
                f"Who is in the {_it(page)}? Reply “nobody”, “nobody can be recognised”, "
                f"“class {example}”, “class {example} all but …”, or “with” and their names."
            )
        case Question.DESCRIBE:
            numbers = undescribed(page.jotting)
            if len(page.jotting.pictures) == 1 and page.videos:
                return (
                    "What is said in the video? Reply “video: …” with it word for word, or "
                    "“video: nobody speaks”."
                )
            if len(page.jotting.pictures) == 1:
                return "Describe the picture for those who can't see it. Reply “picture: …”."
            told = both([str(it) for it in numbers])
            which = "picture" if len(numbers) == 1 else "pictures"
            return (
                f"Describe {which} {told} for those who can't see them. "
                f"Reply “picture {numbers[0]}: …”, or “pictures: …” for all that have none."
            )
        case _ as never:
            assert_never(never)


def _buttons(page: JottingPage) -> Iterator[Button]:
    jotting = page.jotting
    asked = missing(jotting)
    forget = Button(
        label=FORGET,
        intent=Intent(verb="jotting.forget", id=jotting.id),
        weight=Weight.DANGER,
    )
    make = Button(
        label=MAKE,
        intent=Intent(verb="jotting.make", id=jotting.id, rev=page.version),
        weight=Weight.PRIMARY,
    )
    more = [
        Button(label=title, intent=Intent(verb=verb, id=jotting.id), form=form)
        for title, verb, form in (
            ("Choose the account", "jotting.account", _account_form(page)),
            ("Say who is in it", "jotting.who", _who_form(page)),
            ("Describe", "jotting.describe", _alt_form(page)),
        )
        if form is not None
    ]
    if not asked:
        yield make
        yield forget
        yield from more
        return
    needed = {
        Question.ACCOUNT: "jotting.account",
        Question.WHO: "jotting.who",
        Question.DESCRIBE: "jotting.describe",
    }
    wanted = [needed[it] for it in asked if it in needed]
    first = [it for it in more if it.intent.verb in wanted]
    yield from first
    yield forget
    yield from (it for it in more if it not in first)


def _account_form(page: JottingPage) -> Form | None:
    if not page.targets:
        return None
    return Form(
        title="Which account?",
        fields=(
            Choice(
                name=ACCOUNTS,
                label="Account",
                options=tuple((it.account, label(it)) for it in page.targets[:MOST_CHOICES]),
                chosen=tuple(it.account for it in _chosen(page)),
                many=True,
            ),
        ),
        submit="Choose",
    )


def _who_form(page: JottingPage) -> Form | None:
    if not page.jotting.pictures:
        return None
    classes = page.classes[:MOST_CHOICES]
    return Form(
        title=f"Who is in the {_it(page)}?",
        fields=(
            Choice(
                name=WHO,
                label=f"In the {_it(page)}",
                options=(
                    (Who.NOBODY.value, SO_FAR[Who.NOBODY]),
                    (Who.NOT_RECOGNISABLE.value, SO_FAR[Who.NOT_RECOGNISABLE]),
                    (Who.THESE.value, "Pupils whom I name below"),
                    *((f"{CLASS}{it.form}", f"All of {class_label(it)}") for it in classes),
                ),
            ),
            Text(
                name=NAMES,
                label="Names",
                hint="With a class: all but these. Else: these. A first name and an initial do.",
                limit=500,
                lines=1,
                required=False,
            ),
            Text(
                name=STAFF,
                label="Colleagues in it",
                hint="So that nobody is shown who would rather not be.",
                value=", ".join(page.staff),
                limit=500,
                lines=1,
                required=False,
            ),
        ),
        submit="Say so",
    )


def _it(page: JottingPage) -> str:
    """What the draft has: a video may come alone, or with pictures."""
    return "video" if page.videos and len(page.jotting.pictures) == 1 else "picture"


def _alt_form(page: JottingPage) -> Form | None:
    jotting = page.jotting
    if not jotting.pictures:
        return None
    several = len(jotting.pictures) > 1
    return Form(
        title="What is said in it?" if _it(page) == "video" else "What is to be seen?",
        fields=tuple(
            Text(
                name=f"{ALT}{at}",
                label=_box(page, at, picture.blob),
                hint=_hint(page, at, picture.blob),
                value=picture.alt,
                limit=LONGEST_ALT,
                lines=2,
                required=not several,
            )
            for at, picture in enumerate(jotting.pictures, start=1)
        ),
        submit="Keep",
    )


def _box(page: JottingPage, at: int, blob: BlobId) -> str:
    several = len(page.jotting.pictures) > 1
    if blob in page.videos:
        return f"What is said in video {at}" if several else "What is said in the video"
    return f"Picture {at}" if several else "The picture"


def _hint(page: JottingPage, at: int, blob: BlobId) -> str:
    if blob in page.videos:
        return "Word for word, or: nobody speaks"
    return "For those who can't see it" if at == 1 else ""


# -- what was not understood ----------------------------------------------------------------------


def _trouble(code: Refusal, words: str, page: JottingPage | None) -> str:
    if code is Refusal.NOT_UNDERSTOOD:
        said = f"I don't know what to do with “{_echo(words)}”." if words else "I don't follow."
        return f"{said} Reply “text: …” for other words of this draft, or “new: …” for another."
    if code is Refusal.NO_SUCH_ACCOUNT:
        names = [label(it) for it in page.targets] if page is not None else []
        return f"I don't know which account you mean. Yours: {both(names)}."
    if code is Refusal.NO_SUCH_PUPIL and not words:
        return "I find no pupil by these names."
    return _SENTENCES[code].format(_echo(words))


def _echo(words: str) -> str:
    one = " ".join(words.split())
    return one if len(one) <= LONGEST_ECHO else f"{one[:LONGEST_ECHO]}…"


_SENTENCES: Final[Mapping[Refusal, str]] = {
    Refusal.UNKNOWN_PERSON: "I don't know you yet. Please ask the school office to add you.",
    Refusal.NOWHERE_TO_PROPOSE: (
        "You can't propose posts for any account. Please ask the headteacher for the right. "
        "Nothing of your message is kept."
    ),
    Refusal.NO_SUCH_JOTTING: NOT_HERE,
    Refusal.OVER: "That draft is over. Send your words again to begin another.",
    Refusal.NOTHING_SAID: "There is nothing in it for me. Nothing changed.",
    Refusal.TOO_LONG: "That is longer than any network takes. Nothing changed.",
    Refusal.TOO_MANY_PICTURES: f"A post takes at most {MOST_PICTURES} pictures. Nothing changed.",
    Refusal.TOO_MANY_VIDEOS: "A post takes one video. Nothing changed.",
    Refusal.TWO_SCHOOLS: "These accounts belong to two schools. Please make a post for each.",
    Refusal.NO_PICTURE: "There is no such picture in this draft.",
    Refusal.WHICH_ACCOUNT_FIRST: "Please say which account first: then I know whose pupils.",
    Refusal.NO_LOOKING: "You can't look for pupils here. Please ask the class teacher.",
    Refusal.NO_SUCH_CLASS: "I find nobody in a class “{}”.",
    Refusal.NO_SUCH_PUPIL: "I find no pupil “{}” there.",
    Refusal.WHICH_PUPIL: "“{}” could be more than one pupil. Please say more of the name.",
    Refusal.NO_SUCH_COLLEAGUE: "I find nobody called “{}” on the staff list.",
    Refusal.WHICH_COLLEAGUE: "“{}” could be more than one colleague. Please say the whole name.",
    Refusal.TOO_SHORT: "Please give at least three letters of “{}”.",
    Refusal.NOT_A_POST_YET: "It isn't a post yet. Nothing changed.",
}
