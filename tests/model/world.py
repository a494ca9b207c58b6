"""The small world that the model searches whole: people, texts, rights, checks, a clock.

Four people: Ann, who writes; Bob, her fellow moderator, who is also the deputy head and speaks from
two chat identities; Cy, a third moderator; and the head. What is said here about who may do what is
the model's own account of the policy, written anew on purpose: the code under test has another
(``people/rights.py``), and the search fails where the two disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from moderation.checks.model import Finding, Pictured, Severity, Who
from moderation.kernel import BlobId, Identity, PersonId, PupilKey
from moderation.people.model import Grant, Person, Role, Span
from moderation.people.rights import Rights
from moderation.policies.settings import PackSettings
from moderation.posts.model import Attachment, Content, Needs, Pause
from tests import builders as some
from tests.builders import ANN, BOB, CY, HEAD


STEP = timedelta(days=1)
LIFETIME = 2 * STEP
"""How long a version waits for an answer, and how long a draft is kept."""
SETTINGS = PackSettings(expire_after_days=2, keep_draft_days=2)
PICTURE = BlobId("sha256:" + "ab" * 32)


class Access(StrEnum):
    """Whose rights stand today."""

    ALL = "everybody"
    BOB_REVOKED = "Bob moderates no more"
    BOB_LEFT = "Bob left the school"
    HEAD_AWAY = "the head is away"
    BOB_AWAY = "Bob is away"


class Checks(StrEnum):
    """What the checks see today, on top of what is in the text itself."""

    USUAL = "as usual"
    CONSENT_GONE = "a family takes its consent back"
    NEW_FLAG = "something new must be confirmed"
    LOOKING = "a picture is being looked at"
    FOR_HEAD = "something must be seen by the head as well"


class Text(StrEnum):
    """What can be written. Each is its own content; ``TIMED`` goes out a day later.

    Only ``PICTURED`` shows a pupil, so that a consent or an inspection can be missing.
    """

    PLAIN = "plain"
    OTHER = "other words"
    FLAGGED = "with a link"
    BLOCKED = "with a word that the head may allow"
    TIMED = "for tomorrow"
    PICTURED = "with a picture"


LINK = some.finding(Severity.FLAG, "link")
WORD = some.finding(Severity.BLOCK, "word", allowable=True)
GRAVE = some.finding(Severity.NOTE, "grave")
CONSENT = some.finding(Severity.BLOCK, "consent")
NEWS = some.finding(Severity.FLAG, "news")
IN_TEXT = {Text.FLAGGED: (LINK,), Text.BLOCKED: (WORD,)}


@dataclass(frozen=True, kw_only=True, eq=False)
class Bounds:
    """How much of the world one search covers: every combination within these."""

    name: str
    seconds: int = 1
    head: bool = False
    head_counts: bool = True
    people: tuple[PersonId, ...] = (ANN, BOB, CY, HEAD)
    proposers: tuple[PersonId, ...] = (ANN,)
    editors: tuple[PersonId, ...] = (ANN, BOB)
    vetoers: tuple[PersonId, ...] = (BOB, HEAD)
    texts: tuple[Text, ...] = (Text.PLAIN, Text.FLAGGED)
    access: tuple[Access, ...] = (Access.ALL,)
    checks: tuple[Checks, ...] = (Checks.USUAL,)
    holds: tuple[bool, ...] = (False,)
    """Whether somebody has paused all posts; with both, it is done and undone at any time."""
    clock: bool = False

    @property
    def needs(self) -> Needs:
        return Needs(seconds=self.seconds, head=self.head, head_counts=self.head_counts)

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Everybody's first identity, and Bob's second."""
        firsts = [some.identities(who)[0] for who in self.people]
        return (*firsts, some.identities(BOB)[1]) if BOB in self.people else tuple(firsts)


HUMANS = {identity: who for who in (ANN, BOB, CY, HEAD) for identity in some.identities(who)}
"""Who really speaks, whatever the code under test believes."""


def written(text: Text, now: datetime) -> Content:
    """What somebody sends who writes ``text`` now."""
    return _timed(text, now + STEP) if text is Text.TIMED else _timed(text, None)


PAUSE = Pause(place=some.OAK, by=HEAD, since=some.NOON)
PUPIL = PupilKey("oak-p1")
SHOWN = Pictured(Who.THESE, frozenset({PUPIL}))
PICTURES = {Text.PICTURED: (Attachment(blob=PICTURE, alt="A child on a field"),)}


@cache
def _timed(text: Text, not_before: datetime | None) -> Content:
    pictures = PICTURES.get(text, ())
    pictured = SHOWN if pictures else Pictured()
    return some.content(text.value, not_before=not_before, attachments=pictures, pictured=pictured)


def text_of(content: Content) -> Text:
    return Text(content.text)


@cache
def findings(text: Text, checks: Checks) -> tuple[Finding, ...]:
    in_text = IN_TEXT.get(text, ())
    if checks is Checks.NEW_FLAG:
        return (*in_text, NEWS)
    if checks is Checks.FOR_HEAD:
        return (*in_text, GRAVE)
    return (*in_text, CONSENT) if checks is Checks.CONSENT_GONE and text in PICTURES else in_text


def looking(text: Text, checks: Checks) -> bool:
    """Whether it waits for somebody to look at its picture."""
    return checks is Checks.LOOKING and text in PICTURES


def for_head(bounds: Bounds, checks: Checks) -> bool:
    """Whether the head has to say yes to what goes out today."""
    return bounds.head or checks is Checks.FOR_HEAD


@cache
def flags(text: Text, checks: Checks) -> frozenset[str]:
    """What each approver must confirm, by rule."""
    return _rules(findings(text, checks), Severity.FLAG)


@cache
def blocks(text: Text, checks: Checks) -> frozenset[str]:
    """What stops it, by rule."""
    return _rules(findings(text, checks), Severity.BLOCK)


def ticked(shown: tuple[Finding, ...]) -> frozenset[str]:
    """What somebody confirms who ticks every box on the card."""
    return _rules(shown, Severity.FLAG)


def _rules(found: tuple[Finding, ...], severity: Severity) -> frozenset[str]:
    return frozenset(item.rule for item in found if item.severity is severity)


# -- who may do what, in the model's own words ----------------------------------------------------


def may_propose(who: PersonId, access: Access) -> bool:
    """Everybody but Bob once the page is no longer his."""
    return not (who == BOB and access in {Access.BOB_REVOKED, Access.BOB_LEFT})


def may_decide(who: PersonId, access: Access, writers: frozenset[PersonId]) -> bool:
    """Whether this human's answer counts today, for a post by these writers."""
    if who in writers:
        return False
    if who == HEAD:
        return True
    if who == BOB and access in {Access.BOB_REVOKED, Access.BOB_LEFT}:
        return is_head_today(who, access, writers)
    return True


def is_head_today(who: PersonId, access: Access, writers: frozenset[PersonId]) -> bool:
    """The head; or Bob, the deputy, where the head wrote it or is away."""
    if who in writers:
        return False
    absent = HEAD in writers or access is Access.HEAD_AWAY
    return who == HEAD or (who == BOB and absent and access is not Access.BOB_LEFT)


def still_decides(
    who: PersonId, access: Access, writers: frozenset[PersonId], *, as_head: bool
) -> bool:
    """Whether a yes given earlier may still stand. Who stood in for the head keeps that yes."""
    if as_head and who == BOB:
        return access is not Access.BOB_LEFT and who not in writers
    return may_decide(who, access, writers)


def enough_people(bounds: Bounds, access: Access, writers: frozenset[PersonId]) -> bool:
    """Whether those who wrote no part of it are enough for what the pack asks."""
    able = [who for who in bounds.people if may_decide(who, access, writers)]
    heads = [who for who in able if is_head_today(who, access, writers)]
    if bounds.head and not heads:
        return False
    spare = 1 if bounds.head and not bounds.head_counts else 0
    return len(able) - spare >= bounds.seconds


# -- the same world for the code under test -------------------------------------------------------


@cache
def register(bounds: Bounds, access: Access, *, second_bob: bool = False) -> Rights:
    """Everybody's rights today, as the code under test reads them."""
    people, grants = staff(bounds, access, second_bob=second_bob)
    real = some.rights(people, grants)
    return Remembering(
        **{item.name: getattr(real, item.name) for item in fields(real) if item.init}
    )


def staff(
    bounds: Bounds, access: Access, *, second_bob: bool = False
) -> tuple[tuple[Person, ...], tuple[Grant, ...]]:
    """The people and grants of a store. ``second_bob``: Bob is entered once for each identity."""
    known = {
        ANN: some.person(ANN),
        BOB: some.person(BOB, Role.STAFF, Role.DEPUTY_HEADTEACHER),
        CY: some.person(CY),
        HEAD: some.person(HEAD, Role.HEADTEACHER),
    }
    if access is Access.BOB_LEFT:
        known[BOB] = replace(known[BOB], appointments=())
    away = {Access.HEAD_AWAY: HEAD, Access.BOB_AWAY: BOB}.get(access)
    if away is not None:
        known[away] = replace(known[away], absences=(Span(),))
    people = [known[who] for who in bounds.people]
    none = {HEAD, BOB} if access is Access.BOB_REVOKED else {HEAD}
    moderators = [who for who in bounds.people if who not in none]
    if second_bob:
        first, second = known[BOB].identities
        people[people.index(known[BOB])] = replace(known[BOB], identities=(first,))
        people.append(replace(known[BOB], id=OTHER_BOB, identities=(second,)))
        moderators.append(OTHER_BOB)
    return tuple(people), tuple(some.grant(who) for who in moderators)


class Remembering(Rights):
    """The real answers, each worked out once: the search asks the same some million times."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__
    roles = cache(Rights.roles)
    holders = cache(Rights.holders)
    head = cache(Rights.head)
    head_for = cache(Rights.head_for)
    approvers = cache(Rights.approvers)
    is_approver = cache(Rights.is_approver)


OTHER_BOB = PersonId("bob in teams")
