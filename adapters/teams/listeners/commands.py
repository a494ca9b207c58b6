"""What is typed: to us alone, or behind our name in a channel, with a slash or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from adapters import sentences, slash
from adapters.slash import ListAccounts, NotSpoken, Spoken, Verb
from adapters.teams.inbound import Room
from moderation.incidents.present import EMERGENCY
from moderation.kernel import Platform, SubjectRef
from moderation.ports import Conversation
from moderation.views import Facts, Tone
from moderation.words import card as worded


if TYPE_CHECKING:
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.inbound import Activity
    from moderation.views import Card

PROPOSE, REPORT, SCHOOLGATE = "propose", "report", "schoolgate"
ASK: Final = "help"
USE_HERE: Final = "Show an account's cards in this channel. Say which after it: facebook"
BECOMES: Final = (
    "Words, pictures or a video become a draft that only you see. I ask for what is missing"
)
DRAFTS: Final = "The same, also from a channel. Without words after it I offer a form"
STANDS_THERE: Final = "Everybody in the channel can read what you wrote there: please delete it."
READ_ELSEWHERE: Final = (
    "A list of children isn't left standing in a chat, and this Teams app can't show it otherwise."
)


def register(hear: Hear) -> None:
    """Hear what is named here."""
    commands = _Commands(hear)
    hear.message(is_command, commands.typed)


def is_command(activity: Activity) -> bool:
    """Whether a message asks for something that has a name."""
    return not _files(activity) and asked(activity) is not None


def asked(activity: Activity) -> Spoken | NotSpoken | ListAccounts | None:
    """What a message asks for; ``None`` for one that begins a post.

    Behind a slash, or behind our name in a channel, everything is a command.
    """
    words = activity.words.strip()
    first, _, rest = words.removeprefix("/").partition(" ")
    name, rest = first.casefold(), rest.strip()
    explicit = words.startswith("/") or activity.origin.room is not Room.PERSONAL
    if name == PROPOSE:
        return None
    if explicit and name == slash.CHANNELS:
        return ListAccounts(rest)
    if explicit and name in set(Verb) and (name != Verb.USE_HERE or rest):
        return slash.schoolgate(f"{name} {rest}")
    found = slash.bare(words)
    if found is None and explicit:
        return slash.schoolgate(words.removeprefix("/"))
    return found


class _Commands:
    def __init__(self, hear: Hear) -> None:
        self._verbs = hear.verbs

    async def typed(self, call: Call) -> None:
        """Do what was typed."""
        match asked(call.activity):
            case ListAccounts(words=words):
                cards = await call.soon(call.door.channels(words, by=call.by))
                await call.show(*cards)
            case NotSpoken(name=name, meant=meant):
                near = _plain(meant)
                await call.say(sentences.no_such_command(_plain(name), near, ASK), openly=True)
            case Spoken(verb=verb, words=words):
                special = self._verbs.get(verb)
                if special is not None:
                    await special(call, words)
                else:
                    await spoken(call, verb, words)
            case None:
                await call.show(help_card(), openly=True)
            case _ as never:
                assert_never(never)


async def spoken(call: Call, verb: Verb, words: str) -> None:
    """What a verb asks for."""
    match verb:
        case Verb.HELP:
            await call.show(help_card(), openly=True)
        case Verb.QUEUE:
            await call.show((await call.soon(call.door.queue(by=call.by))).card)
        case Verb.WHOAMI:
            await call.show(await call.soon(call.door.who_am_i(by=call.by)))
        case Verb.REPORT:
            form = await call.soon(call.door.report_form(words, by=call.by), waiting=EMERGENCY)
            openly = words and not call.origin.personal
            await call.show(form, sentences=(STANDS_THERE,) if openly else ())
        case Verb.PHOTOS:
            await call.say(READ_ELSEWHERE)
        case Verb.USE_HERE:
            await _use_here(call, words)
        case Verb.POLICY:
            await call.show(*await call.soon(call.door.policies(by=call.by)))
        case Verb.AWAY | Verb.BACK:
            key = _key(call)
            answer = await call.soon(call.door.absence(verb, words, by=call.by, key=key))
            await call.say(*answer.sentences)
        case Verb.PAUSE | Verb.START | Verb.NAMES:
            key = _key(call)
            work = (
                call.door.names(words, by=call.by, key=key)
                if verb is Verb.NAMES
                else call.door.hold(verb, words, by=call.by, key=key)
            )
            held = await call.soon(work)
            if isinstance(held, tuple):
                await call.show(*held)
            else:
                await call.say(*held.sentences)
        case _ as never:
            assert_never(never)


async def _use_here(call: Call, words: str) -> None:
    """Nobody from outside may read where the cards of an account are shown."""
    why = await call.parts.judge(call.origin)
    if why:
        await call.say(why, openly=True)
        return
    here = Conversation(Platform.TEAMS, call.origin.conversation)
    answer = await call.soon(call.door.use_here(words, here, by=call.by, key=_key(call)))
    await call.say(*answer.sentences, openly=True)


def _key(call: Call) -> str:
    """Names the message, so that one that Teams delivers twice has one effect."""
    origin = call.origin
    return f"{call.by.id}:typed:{origin.conversation}:{origin.activity or call.parts.ids.new()}"


def _files(activity: Activity) -> bool:
    return any(
        str(it.get("contentType", "")) not in {"text/html", ""} for it in activity.attachments
    )


def _plain(typed: str) -> str:
    """Without the slash and our name, which nobody needs here."""
    return typed.removeprefix(slash.NAME).strip()


def help_card() -> Card:
    """What can be written here."""
    _, *called = sentences.help_rows(
        propose=PROPOSE, channels=slash.CHANNELS, schoolgate=SCHOOLGATE
    )
    shorter = f"{SCHOOLGATE} {REPORT}"
    rows = (
        ("A message to me", BECOMES),
        (f"{PROPOSE} and the words", DRAFTS),
        (str(Verb.QUEUE), "What waits for your yes, one after the other"),
        *((REPORT if typed == shorter else typed, does) for typed, does in called),
        (f"{SCHOOLGATE} {Verb.USE_HERE}", USE_HERE),
        (str(Verb.WHOAMI), "Who you are to Schoolgate, and what you may do"),
    )
    return worded(
        SubjectRef("help", "help"),
        version=1,
        title="What you can write here",
        state="",
        tone=Tone.WAITING,
        parts=(Facts(rows),),
    )
