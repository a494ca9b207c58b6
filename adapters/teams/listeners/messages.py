"""Messages to us: words or pictures begin a draft, and what is written next answers about it.

So does ``propose WORDS`` in a channel, whose draft comes by private message. Nothing here needs a
dialog, and every answer is a message that stays, so that one bar of signal is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.door import Jotted
from adapters.slash import Verb
from adapters.taking_in import left_behind, taken_in
from adapters.teams import dialogs, drawing
from adapters.teams.answers import ADD_ME, PRIVATELY
from adapters.teams.compose_memo import VERB
from adapters.teams.compose_views import WRITE
from adapters.teams.files import pictures_of
from adapters.teams.listeners.commands import PROPOSE, help_card
from moderation.kernel import Platform
from moderation.ports import Conversation
from moderation.views import Intent


if TYPE_CHECKING:
    from adapters.door import Answer
    from adapters.teams.files import File
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.inbound import Activity

LOOKING: Final = (
    "Your pictures are being looked at. Nothing is saved yet: the draft will appear here."
)
FETCHING_A_VIDEO: Final = (
    "Your video is being fetched and looked at, which can take some minutes. Nothing is saved yet: "
    "the draft will appear here."
)
NOT_YET: Final = (
    "This isn't saved yet: our database is slow just now. Please wait: the answer will appear here."
)
IN_A_FORM: Final = "Write it in a form"
BEGIN: Final = (
    "Write me here what the post should say, and send its pictures or its video with it. "
    "I make a draft of it that only you see."
)
A_CONCERN: Final = (
    "This became the draft of a post, which only you see. To report a concern about a child, write "
    "report and nothing else."
)
OR_IN_A_FORM: Final = "Or fill in a form, for a post without pictures or a video."


def register(hear: Hear) -> None:
    """Hear what is named here."""
    hear.message(is_for_us, _message)


def is_for_us(activity: Activity) -> bool:
    """Whether a person has written this to us alone, or asks for a post behind our name."""
    return activity.origin.personal or _proposes(activity.words)


def _proposes(words: str) -> bool:
    first = words.removeprefix("/").partition(" ")[0]
    return first.casefold() == PROPOSE


def _may_be_a_concern(words: str) -> bool:
    """Whether somebody may have meant the command; report cards are a school's news as well."""
    return words.partition(" ")[0].casefold() == Verb.REPORT


def _said(words: str) -> str:
    """What the post is to say, without the command before it."""
    return words.removeprefix("/")[len(PROPOSE) :].strip() if _proposes(words) else words.strip()


async def _message(call: Call) -> None:
    activity = call.activity
    words = _said(activity.words)
    files, others = pictures_of(activity.attachments)
    if not words and not files and not others:
        if _proposes(activity.words):
            await _begun(call)
        else:
            await call.show(help_card())
        return
    here = await _place(call)
    if here is None:
        await call.say(ADD_ME, openly=True)
        return
    work = _taken(call, here, words, files)
    if any(it.moves for it in files):
        await call.say(FETCHING_A_VIDEO)
        notes, answer = await call.parts.patience.begin(work)
    else:
        notes, answer = await call.soon(work, waiting=LOOKING if files else NOT_YET)
    notes = (*notes, *left_behind(others, taken=len(files)))
    if answer is not None and _may_be_a_concern(words):
        notes = (*notes, A_CONCERN)
    # The draft's own card is the relay's.
    said = (*notes, *(answer.sentences if answer is not None else ()))
    if said:
        await call.say(*said)
    elif not call.origin.personal:
        await call.say(PRIVATELY, openly=True)


async def _begun(call: Call) -> None:
    """Who asked for nothing more than to propose chooses how: by a message, or in the dialog."""
    about = Intent(verb=VERB, id="new", rev=0)
    message = dialogs.offer(WRITE, IN_A_FORM, about, BEGIN, OR_IN_A_FORM)
    await call.parts.answers.send(call.origin, call.by, drawing.of(message))


async def _place(call: Call) -> Conversation | None:
    """Their private chat with us: what isn't proposed yet is nobody else's."""
    if call.origin.personal:
        return Conversation(Platform.TEAMS, call.origin.conversation)
    found = await call.parts.places.private(call.by.id)
    return Conversation(Platform.TEAMS, found) if found is not None else None


async def _taken(
    call: Call, here: Conversation, words: str, files: tuple[File, ...]
) -> tuple[tuple[str, ...], Answer | None]:
    """What there is to say of the files, and what came of the message."""
    taken = await taken_in(call.door, call.parts.files.fetch, files, by=call.by)
    if not words and not taken.pictures:
        return taken.notes, None
    origin = call.origin
    said = Jotted(conversation=here, words=words, pictures=taken.pictures)
    key = f"message:{origin.conversation}:{origin.activity or call.parts.ids.new()}"
    return taken.notes, await call.door.jot(said, by=call.by, key=key)
