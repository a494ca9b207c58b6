"""What happened to a post, in the past tense. Each knows its audit tag, ``post:happening``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.checks.model import Finding
from moderation.kernel import AccountId, BlobId, Identity, PersonId, PostId, SchoolId
from moderation.posts import model


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """``strangers`` wrote words of it and were nobody's chat account yet."""

    tag: ClassVar[str] = "post:proposed"
    post: PostId
    school: SchoolId
    revision: model.Revision
    strangers: frozenset[Identity] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """``former_approver`` is set where an approver's edit made them an author (R4)."""

    tag: ClassVar[str] = "post:revised"
    revision: model.Revision
    former_approver: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The checks looked at the newest revision."""

    tag: ClassVar[str] = "post:judged"
    findings: tuple[Finding, ...]
    waiting_for: frozenset[BlobId]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentToReview:
    """In front of the approvers. The instants are when the pack's clocks strike."""

    tag: ClassVar[str] = "post:sent_to_review"
    at: datetime
    remind_at: datetime
    ask_head_at: datetime
    expires_at: datetime
    nobody_here: bool = False
    """Everybody who could say yes is away today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAsDraft:
    """Stopped by a block, or waiting for a picture. Kept until ``until``."""

    tag: ClassVar[str] = "post:kept_as_draft"
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    tag: ClassVar[str] = "post:disputed"
    dispute: model.Dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    tag: ClassVar[str] = "post:allowed_once"
    allowance: model.Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The headteacher said no to every point that an author had asked about."""

    tag: ClassVar[str] = "post:declined"
    answer: model.Veto


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    tag: ClassVar[str] = "post:approved_by"
    approval: model.Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """Everybody who must say yes has; it goes out at ``due``."""

    tag: ClassVar[str] = "post:approved"
    at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesRequested:
    tag: ClassVar[str] = "post:changes_requested"
    request: model.Veto
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """``revision`` is set where a yes is taken back: the same content under a new number.

    Otherwise that yes would count again once the head overrides the no.
    """

    tag: ClassVar[str] = "post:rejected"
    veto: model.Veto
    until: datetime
    revision: model.Revision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VetoLifted:
    """By its owner, or overridden by the head: then ``by`` differs and a reason stands."""

    tag: ClassVar[str] = "post:veto_lifted"
    of: PersonId
    by: PersonId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAsked:
    """``question`` is ``None`` where the clock asked."""

    tag: ClassVar[str] = "post:head_asked"
    question: model.Question | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    tag: ClassVar[str] = "post:withdrawn"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """One person stopped it for good; ``by`` ``None`` is the timer."""

    tag: ClassVar[str] = "post:stopped"
    by: PersonId | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """Judged again: no longer good to go, or the head's yes is needed. ``reasons``: every code.

    ``revision`` is the same content under a new number: what people said yes to has changed around
    them, so every yes is asked for afresh.
    """

    tag: ClassVar[str] = "post:sent_back"
    revision: model.Revision
    reasons: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """Somebody has paused all posts: this one waits as it stands, with every yes."""

    tag: ClassVar[str] = "post:held_up"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp:
    """Posts were started again, and this one no longer waits for that.

    ``remind_at`` is when the posters of what is still to be posted are reminded, if they are.
    """

    tag: ClassVar[str] = "post:taken_up"
    at: datetime
    remind_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    tag: ClassVar[str] = "post:released"
    publications: tuple[model.Publication, ...]
    at: datetime
    remind_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Handed out, then stopped: the posters are told at once. ``by`` ``None`` is the timer."""

    tag: ClassVar[str] = "post:recalled"
    revision: model.Revision
    by: PersonId | None
    reasons: tuple[str, ...]
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedOn:
    tag: ClassVar[str] = "post:posted_on"
    posting: model.Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Every account has it."""

    tag: ClassVar[str] = "post:published"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPosted:
    """A poster can't, or doesn't know: an open question for a human."""

    tag: ClassVar[str] = "post:not_posted"
    posting: model.Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalAsked:
    tag: ClassVar[str] = "post:removal_asked"
    question: model.Question
    accounts: tuple[AccountId, ...]
    """Where it is public already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    tag: ClassVar[str] = "post:reminded"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostersReminded:
    """``to`` is whoever has taken it; without them, everybody who posts it."""

    tag: ClassVar[str] = "post:posters_reminded"
    accounts: tuple[AccountId, ...]
    at: datetime
    again_at: datetime
    to: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    tag: ClassVar[str] = "post:expired"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """Somebody looks at it now. It changes nothing; the others see it."""

    tag: ClassVar[str] = "post:attended"
    by: PersonId
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAway:
    """They have stopped looking, or (``by`` is ``None``) their minutes are over."""

    tag: ClassVar[str] = "post:looked_away"
    by: PersonId | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingTaken:
    """Somebody posts it; the others needn't."""

    tag: ClassVar[str] = "post:posting_taken"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingGivenBack:
    tag: ClassVar[str] = "post:posting_given_back"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilsSeen:
    """Somebody looked who is in the pictures. It changes nothing, and stays in the audit."""

    tag: ClassVar[str] = "post:pupils_seen"


Event = (
    Proposed
    | Revised
    | Judged
    | SentToReview
    | KeptAsDraft
    | Disputed
    | Allowed
    | Declined
    | Approved
    | Cleared
    | ChangesRequested
    | Rejected
    | VetoLifted
    | HeadAsked
    | Withdrawn
    | Stopped
    | SentBack
    | HeldUp
    | TakenUp
    | Released
    | Recalled
    | PostedOn
    | Published
    | NotPosted
    | RemovalAsked
    | Reminded
    | PostersReminded
    | Expired
    | Attended
    | LookedAway
    | PostingTaken
    | PostingGivenBack
)
