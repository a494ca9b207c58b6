"""What people and the timer may ask of a post. ``seen`` is the version that the person saw."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.checks.model import NotAPupil
from moderation.kernel import AccountId, FindingKey, Identity, PersonId, PostId
from moderation.posts.model import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """``post`` is minted with the form.

    ``writers`` wrote the proposed message, as the chat platform knows them: whoever of them is a
    person here is an author too. The others can't say yes to anything, nor to this post once their
    account is known to be somebody's.
    """

    post: PostId
    content: Content
    writers: frozenset[Identity] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """New content over version ``seen``. Voids approvals; an approver becomes an author (R4)."""

    post: PostId
    seen: int
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Look again at what isn't handed out yet.

    A picture has been inspected, posts were started again, or roll or consents have changed.
    """

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An author asks the headteacher to allow one block this once."""

    post: PostId
    seen: int
    finding: FindingKey
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allow:
    """The headteacher, no author, allows one block this once."""

    post: PostId
    seen: int
    finding: FindingKey
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """The headteacher, no author, says no to what an author asked; the draft stays with them."""

    post: PostId
    seen: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """A yes to version ``seen``, with the flags that the approver confirms.

    ``whose`` says of each name that isn't a pupil's who it is.
    """

    post: PostId
    seen: int
    confirmed: frozenset[FindingKey] = frozenset()
    whose: frozenset[tuple[FindingKey, NotAPupil]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChanges:
    post: PostId
    seen: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """The veto (R5)."""

    post: PostId
    seen: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftVeto:
    """Whoever said no takes it back; the headteacher, no author, overrides it with a reason."""

    post: PostId
    seen: int
    of: PersonId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHead:
    """Ask the headteacher to decide or to answer, from any live post."""

    post: PostId
    seen: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """An author takes it back before it is handed out."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Less exposure, by one person, at once: before it goes out, after, or once it is public.

    It carries no version: a stop from an old card still stops.
    """

    post: PostId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPosted:
    post: PostId
    seen: int
    account: AccountId
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNotPosted:
    """It can't be posted (``unsure`` false), or nobody knows whether it was."""

    post: PostId
    seen: int
    account: AccountId
    unsure: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attend:
    """Be on it: an approver looks at it now. Whoever asks for it again has stopped."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePosting:
    """Be the one who posts it: the first keeps it. Whoever asks for it again gives it back."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAway:
    """The timer: whoever was looking at version ``seen`` has had their minutes."""

    post: PostId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The timer: hand it out, or send it back with all reasons."""

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """The timer: judge a released post again; recall it when it may no longer go out.

    Of a post in review, only that all posts were paused or started again since is said.
    """

    post: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """The timer: the approvers of version ``seen`` have not answered."""

    post: PostId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHeadInTime:
    """The timer: nobody has answered; the headteacher is asked."""

    post: PostId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire:
    """The timer: version ``seen`` has waited long enough; no answer is a no (R6)."""

    post: PostId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWhetherPosted:
    """The timer: handing it out ended without an answer. A person says whether it appeared."""

    post: PostId
    seen: int
    account: AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPosters:
    """The timer: approved, and nobody has posted it (R6's second clock)."""

    post: PostId
    seen: int


Timed = (
    Release
    | Recheck
    | Remind
    | AskHeadInTime
    | Expire
    | RemindPosters
    | AskWhetherPosted
    | Judge
    | LookAway
)
Command = (
    Propose
    | Revise
    | Judge
    | Dispute
    | Allow
    | Decline
    | Approve
    | RequestChanges
    | Reject
    | LiftVeto
    | AskHead
    | Withdraw
    | Stop
    | MarkPosted
    | SayNotPosted
    | Attend
    | TakePosting
    | LookAway
    | Release
    | Recheck
    | Remind
    | AskHeadInTime
    | Expire
    | RemindPosters
    | AskWhetherPosted
)
