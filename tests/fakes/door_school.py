"""The small invented school behind the fake door, and just enough of the rule to play the walk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moderation.checks.model import Who
from moderation.kernel import PostId
from moderation.posts.model import Content, State
from moderation.views import FindingLine, Mark, Tone


if TYPE_CHECKING:
    from collections.abc import Iterator


OAK = "Oakfield Primary School"
PEOPLE = (
    ("reed", "Sam Reed", "Staff", OAK),
    ("okafor", "Mrs Ngozi Okafor", "Business manager", OAK),
    ("lund", "Mr Erik Lund", "Staff", OAK),
    ("ade", "Mrs Yemi Ade", "Headteacher", OAK),
    ("shah", "Miss Priya Shah", "Deputy headteacher", OAK),
    ("novak", "Ms Hana Novak", "Safeguarding lead", OAK),
    ("bell", "Mr Tom Bell", "Administrator", OAK),
    ("diaz", "Ms Rosa Diaz", "Supply, until July", OAK),
    ("hart", "Mr Colin Hart", "Chair of governors", OAK),
    ("price", "Mrs Carys Price", "Headteacher", "Millbrook Infant School"),
    ("marsh", "Mr Joel Marsh", "Staff", "Millbrook Infant School"),
    ("quinn", "Dr Maeve Quinn", "Trust lead", "Fernhill Learning Trust"),
)
NAMES = {who: name for who, name, _, _ in PEOPLE}
ACCOUNTS = (
    (
        "oakfield-facebook",
        "Facebook",
        "Oakfield Primary",
        63_206,
        ("reed", "okafor", "lund", "ade"),
    ),
    (
        "oakfield-instagram",
        "Instagram",
        "Oakfield Primary",
        2_200,
        ("reed", "okafor", "lund", "ade"),
    ),
    ("oakfield-x", "X", "Oakfield PE and Sport", 280, ("lund", "okafor", "ade")),
    ("millbrook-facebook", "Facebook", "Millbrook Infants", 63_206, ("price", "marsh")),
)
APPROVERS = {"oakfield": ("okafor", "lund", "ade"), "millbrook": ("price", "marsh")}
PUPILS = (
    ("oak1", "Poppy", "Poppy A. · Y4 · 4B", "4B"),
    ("oak2", "Emeka", "Emeka W. · Y4 · 4B", "4B"),
    ("oak3", "Luca", "Luca T. · Y4 · 4B", "4B"),
    ("oak4", "Amelia Okonjo", "Amelia O. · Y4 · 4B", "4B"),
    ("oak5", "Ottilie", "Ottilie S. · Y5 · 5A", "5A"),
    ("oak6", "Marnie", "Marnie C. · Y5 · 5A", "5A"),
    ("oak7", "Idris", "Idris F. · Y1 · 1A", "1A"),
    ("oak8", "Zoe", "Zoe M. · Y1 · 1A", "1A"),
)
REFUSED = {"oak2", "oak7"}
LATE = "Mr Lund has already said yes to this. Nothing changed."


@dataclass
class FakePost:
    id: PostId
    content: Content
    authors: set[str]
    number: int = 1
    state: State = State.IN_REVIEW
    approved_by: str = ""
    history: list[str] = field(default_factory=list)

    @property
    def account(self) -> str:
        return self.content.accounts[0] if self.content.accounts else "oakfield-facebook"


def marks(content: Content) -> tuple[Mark, ...]:
    return tuple(
        Mark(place, place + len(name), Tone.STOPPED)
        for _, name, _, _ in PUPILS
        if (place := content.text.find(name)) >= 0
    )


def approvers(post: FakePost) -> tuple[str, ...]:
    school = post.account.split("-", maxsplit=1)[0]
    return tuple(who for who in APPROVERS[school] if who not in post.authors)


def findings(content: Content) -> Iterator[FindingLine]:
    for mark in marks(content):
        yield FindingLine(
            words=content.text[mark.start : mark.end],
            reason="Looks like the name of a pupil at this school.",
            policy="Our policy, Names: no pupil's name in a post",
            clause="CARD-NAME-1",
            tone=Tone.STOPPED,
        )
    if content.pictured.who is Who.THESE and content.pictured.pupils & REFUSED:
        yield FindingLine(
            words="A picture",
            reason="We don't have permission to put one of these children on Facebook: "
            "I.F., Year 1. Leave the picture out, crop it, or ask the office.",
            policy="Our policy, Images: permission for every pupil",
            clause="STEP-CONS-1",
            tone=Tone.STOPPED,
        )
    if content.attachments and content.pictured.who is Who.NOT_SAID:
        yield FindingLine(
            words="Picture 1",
            reason="Nobody has said who is in it.",
            policy="Our policy, Images: permission for every pupil",
            clause="STEP-CONS-1",
            tone=Tone.STOPPED,
        )
