"""What a message says about a draft. Pure, deterministic, and line by line.

    facebook and x                       which accounts
    nobody can be recognised             who is in the pictures
    class 4B all but Amelia K            a whole class, or all but some
    with Amelia K and Ben O              pupils by name
    colleagues: Mrs Okafor  |  none      who of the staff is in them, too
    picture 2: Two boys on a bench       a description; "pictures: …" for all of them
    video: Nobody speaks                 what is said in it
    text: …  |  new: …                   other words for this draft, or another draft
    post  |  not a post                  what is to become of it

Words that answer nothing are the draft's own where it has none; then names, while it is asked who
is in the pictures; then a description, where nothing else is asked. Whatever is left is unclear,
and changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from moderation.checks.model import Pictured, Who
from moderation.jottings.model import (
    Jotting,
    Question,
    Read,
    Reply,
    SayAccounts,
    SayAlt,
    SayClass,
    SayColleagues,
    SayNoPupils,
    SayPupils,
    SayText,
    Unclear,
    Wish,
    missing,
    undescribed,
)
from moderation.posts.queries import Target


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.kernel import AccountId


MOST_WORDS: Final = 12
"""More words than this in one line are no list of names or accounts."""

LEAST_LETTERS: Final = 4
"""So many begin a word of an account's name."""

MAKE: Final = frozenset(
    {"post", "post it", "post this", "propose", "propose it", "send it", "make this a post"}
    | {"make it a post", "it's a post", "that's it"}
)
FORGET: Final = frozenset(
    {"not a post", "no post", "forget", "forget it", "forget this", "cancel", "delete", "delete it"}
)
NOBODY: Final = frozenset(
    {"nobody", "no one", "none", "no pupil", "no pupils", "no child", "no children", "no kids"}
    | {"nobody is in it", "no one is in it", "nobody is in them", "no pupil is in it"}
    | {"no pupils in it", "no children in it", "nobody in it"}
)
UNRECOGNISABLE: Final = re.compile(
    r"(?:(?:nobody|no one|no pupils?|no child(?:ren)?|none of them) (?:can|could) be recogni[sz]ed"
    r"|(?:nobody|no one|no pupils?|no child(?:ren)?)(?: is| are)? recogni[sz]able"
    r"|not recogni[sz]able|can'?t be recogni[sz]ed|cannot be recogni[sz]ed)"
)
TEXT: Final = re.compile(r"(?:text|words)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
ANEW: Final = re.compile(r"new(?: post| draft)?\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
PICTURE: Final = re.compile(
    r"(?:picture|photo|image|pic|alt|video|film)s?\s*(?:(\d{1,2})\s*[:.–—-]?\s+|(\d{1,2})?\s*:\s*)(\S.*)",
    re.IGNORECASE,
)
PUPILS: Final = re.compile(r"(?:pupils?|children|who|with)\s*(?::\s*|\s)(\S.*)", re.IGNORECASE)
COLLEAGUES: Final = re.compile(r"(?:colleagues?|staff)\s*:\s*(\S.*)", re.IGNORECASE)
NO_COLLEAGUES: Final = frozenset({"nobody", "no one", "none", "no"})
LEADING: Final = re.compile(
    r"(?:(?:it's|its|it is|this is|all|everybody|everyone|the|whole|children|pupils|of|in|from"
    r"|class|form)\s+)*",
    re.IGNORECASE,
)
BUT: Final = re.compile(
    r"\s*[,:–—-]?\s*(?:(?:all|everybody|everyone)\s+)?"
    r"(?:but(?:\s+not)?|except(?:\s+for)?|without|apart\s+from|minus|not)\s*:?\s+(\S.*)",
    re.IGNORECASE,
)
BETWEEN: Final = re.compile(r"\s*(?:[,;&+]|\band\b)\s*", re.IGNORECASE)
EDGE: Final = ".!" + "".join(filter(str.isspace, map(chr, range(0x3001))))
"""Belongs to no name; U+3000 is the last space that Unicode has."""
FILLING: Final = frozenset({"on", "to", "for", "the", "our", "account", "page", "please"})
SHORT: Final = {"fb": "facebook", "insta": "instagram", "ig": "instagram", "twitter": "x"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an answer may name: accounts to propose for, and classes of the school."""

    targets: tuple[Target, ...] = ()
    forms: tuple[str, ...] = ()


def read(words: str, jotting: Jotting | None, known: Known) -> Read:
    """The whole message, whoever wrote whatever into it. Never raises.

    ``answers`` of what comes back tells whether anything in it can only be an answer.
    """
    said = words.strip()
    if jotting is None or (found := ANEW.fullmatch(said)) is not None:
        return Read(wish=Wish.ANEW, words=said if jotting is None else _group(found))
    plain = _plain(said)
    if plain in MAKE or plain in FORGET:
        return Read(wish=Wish.MAKE if plain in MAKE else Wish.FORGET, answers=True)
    if (found := TEXT.fullmatch(said)) is not None and found[1].strip():
        return Read(replies=(SayText(found[1].strip()),), answers=True)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    answers = [_answer(line, jotting, known) for line in lines]
    sure = any(answer is not None for answer in answers)
    return Read(replies=tuple(_replies(said, lines, answers, jotting)), answers=sure)


def _group(found: re.Match[str] | None) -> str:
    return found[1].strip() if found is not None else ""


def _replies(
    said: str, lines: list[str], answers: list[Reply | None], jotting: Jotting
) -> Iterator[Reply]:
    """Answers that are sure first; they decide what the other lines can mean."""
    sure = [answer for answer in answers if answer is not None]
    yield from sure
    others = [line for line, answer in zip(lines, answers, strict=True) if answer is None]
    asked = missing(jotting)
    if others and Question.WORDS in asked:
        yield SayText("\n".join(others) if sure else said)
        return
    then = _after(jotting, sure)
    for line in others:
        reply = _loosely(line, then)
        yield reply
        then = _after(then, [reply])


def _after(jotting: Jotting, replies: Iterable[Reply]) -> Jotting:
    """As far as what is still asked is concerned."""
    for reply in replies:
        match reply:
            case SayAccounts(accounts=accounts):
                jotting = replace(jotting, accounts=accounts)
            case SayNoPupils() | SayClass() | SayPupils():
                # Whoever it may be: it has been said.
                jotting = replace(jotting, pictured=Pictured(Who.NOBODY))
            case SayAlt(number=number, words=words):
                pictures = tuple(
                    replace(it, alt=words) if number in {0, at} else it
                    for at, it in enumerate(jotting.pictures, start=1)
                )
                jotting = replace(jotting, pictures=pictures)
            case _:
                pass
    return jotting


def _loosely(line: str, jotting: Jotting) -> Reply:
    """A line that answers nothing for sure."""
    asked = missing(jotting)
    if Question.WHO in asked and len(line.split()) <= MOST_WORDS:
        return SayPupils(names_in(line), line=line)
    if asked == (Question.DESCRIBE,):
        return SayAlt(undescribed(jotting)[0], line)
    return Unclear(line)


# -- answers that can be nothing else -------------------------------------------------------------


def _answer(line: str, jotting: Jotting, known: Known) -> Reply | None:
    accounts = _accounts(line, known.targets)
    if accounts is not None:
        return SayAccounts(accounts) if accounts else Unclear(line)
    return _of_pictures(line, known) if jotting.pictures else None


def _of_pictures(line: str, known: Known) -> Reply | None:
    plain = _plain(line)
    if UNRECOGNISABLE.fullmatch(plain):
        return SayNoPupils(Who.NOT_RECOGNISABLE)
    if plain in NOBODY:
        return SayNoPupils(Who.NOBODY)
    if (found := PICTURE.fullmatch(line)) is not None:
        return SayAlt(int(found[1] or found[2] or 0), found[3].strip())
    if (found := COLLEAGUES.fullmatch(line)) is not None:
        return SayColleagues(() if _plain(found[1]) in NO_COLLEAGUES else names_in(found[1]))
    whole = _class(line, known.forms)
    if whole is not None:
        return whole
    if (found := PUPILS.fullmatch(line)) is not None and len(line.split()) <= MOST_WORDS:
        return _class(found[1], known.forms) or SayPupils(names_in(found[1]))
    return None


def _class(line: str, forms: tuple[str, ...]) -> SayClass | None:
    """``forms`` as the school writes them; the longest that fits is meant."""
    lead = LEADING.match(line)
    rest = line[lead.end() if lead is not None else 0 :].strip(" .!")
    for form in sorted(forms, key=len, reverse=True):
        if not form or rest[: len(form)].casefold() != form.casefold():
            continue
        behind = rest[len(form) :]
        if not behind:
            return SayClass(form)
        found = BUT.fullmatch(behind)
        if found is not None and (names := names_in(found[1])):
            return SayClass(form, names)
    return None


def names_in(text: str) -> tuple[str, ...]:
    """Names between commas and "and", each once."""
    parts = (part.strip(EDGE) for part in BETWEEN.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _accounts(line: str, targets: tuple[Target, ...]) -> tuple[AccountId, ...] | None:
    """``None`` where no account is named; empty where one part fits several."""
    parts = [_tokens(part) for part in BETWEEN.split(line)]
    if not any(parts) or len(line.split()) > MOST_WORDS:
        return None
    found: dict[AccountId, None] = {}
    unsure = False
    for part in parts:
        fitting = [it for it in targets if part and _fits(part, it)]
        if not fitting:
            return None
        unsure = unsure or len(fitting) > 1
        found[fitting[0].account] = None
    return () if unsure else tuple(found)


def _tokens(text: str) -> tuple[str, ...]:
    words = re.findall(r"\w+", text.casefold())
    return tuple(SHORT.get(word, word) for word in words if word not in FILLING)


def _fits(part: tuple[str, ...], target: Target) -> bool:
    own = _tokens(f"{target.platform} {target.name}")
    return all(
        word in own or (len(word) >= LEAST_LETTERS and any(it.startswith(word) for it in own))
        for word in part
    )


def _plain(text: str) -> str:
    """In small letters, with single spaces and straight apostrophes, without what ends it."""
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .!")
