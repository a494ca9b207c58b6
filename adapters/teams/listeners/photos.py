"""Who may not be shown: read in a dialog, of which Teams keeps nothing once it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from adapters.door import Declined
from adapters.sentences import OUTDATED
from adapters.slash import Verb
from adapters.teams import dialogs, drawing, replies
from moderation.views import Intent


if TYPE_CHECKING:
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.replies import Reply

READ_PHOTOS: Final = "photos.read"
"""Of the button that opens the dialog; nothing else knows it."""
LONGEST: Final = 100
TITLE: Final = "Photo permissions"
OPEN: Final = "Open the list"
FOR_YOU: Final = "A list of children isn't left standing in a chat. It opens where only you see it."
WHICH: Final = "Which class? Write it behind: photos 4B."


def register(hear: Hear) -> None:
    """Hear what is named here."""
    hear.verb(Verb.PHOTOS, _photos)


async def _photos(call: Call, words: str) -> None:
    """A button, whatever the words are: whether there is such a class is said in the dialog."""
    named = quote(words, safe="")
    if not words.strip() or len(named) > LONGEST:
        await call.say(WHICH)
        return
    about = Intent(verb=READ_PHOTOS, id="photos", rev=0, arg=named)
    message = dialogs.offer(TITLE, OPEN, about, FOR_YOU)
    await call.parts.answers.send(call.origin, call.by, drawing.of(message))


async def read_photos(call: Call, named: str) -> Reply:
    """The dialog: asked for anew at each opening, so that nobody reads yesterday's."""
    if not named:
        return call.told(OUTDATED)
    answer = await call.door.photos(unquote(named), by=call.by)
    if isinstance(answer, Declined):
        return call.told(*answer.sentences)
    return replies.Reply(dialogs.task(TITLE, dialogs.reading(TITLE, answer.cards)), alone=True)
