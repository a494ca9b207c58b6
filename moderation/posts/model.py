"""A post, its revisions and the yes of each person. Facts only; the rules are in ``workflow``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from unicodedata import category

from moderation.checks.model import Finding, NotAPupil, Pictured, Severity
from moderation.kernel import AccountId, BlobId, FindingKey, Identity, PersonId, PostId, SchoolId


POST = "post"
"""Kind of the card that a post is decided on."""
READY = "ready"
"""Kind of the card that a post is put out from: Ready to post."""


class State(StrEnum):
    """Where a post stands. Blocked, disputed and uncovered are facts about a post, not states."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    APPROVED = "approved"
    RELEASED = "released"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


NOT_SAID = Pictured()

FINAL = frozenset({State.PUBLISHED, State.WITHDRAWN, State.EXPIRED})
"""A card of a post in one of these has no deciding buttons."""

LIVE = frozenset(State) - FINAL
GOING_OUT = LIVE - {State.DRAFT}
"""In front of people, or further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture as it came in, and how it is described to those who can't see it."""

    blob: BlobId
    alt: str
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What would go out, exactly, and where and when."""

    text: str
    accounts: tuple[AccountId, ...]
    attachments: tuple[Attachment, ...] = ()
    pictured: Pictured = NOT_SAID
    not_before: datetime | None = None
    permissions: tuple[str, ...] = ()

    def digest(self) -> str:
        """SHA-256 over the exact bytes of everything that an approver says yes to.

        Canonical JSON (sorted keys, UTF-8, no white space) of text, pictures with descriptions,
        accounts, time, declared pupils and permissions; text is not normalised. Declared colleagues
        stand there where there are any: what was stored before keeps its digest.
        """
        staff = [sorted(self.pictured.staff)] if self.pictured.staff else []
        canonical = {
            "v": 1,
            "text": self.text,
            "accounts": sorted(set(self.accounts)),
            "attachments": [[item.blob, item.alt, item.file_name] for item in self.attachments],
            "pictured": [self.pictured.who, sorted(self.pictured.pupils), *staff],
            "not_before": self.not_before.astimezone(UTC).isoformat() if self.not_before else None,
            "permissions": list(self.permissions),
        }
        exact = json.dumps(canonical, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(exact.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Needs:
    """What the pinned pack asks of a revision: ``seconds`` (1 or 2) approvers, and the head."""

    seconds: int = 1
    head: bool = False
    head_counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One exact version of a post. ``authors`` wrote some part of it, in this or an earlier one."""

    id: str
    number: int
    content: Content
    digest: str
    authors: frozenset[PersonId]
    needs: Needs
    pack: str
    """The digest of the policy pack that this revision is judged by."""
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's yes to one revision's digest, with the flags they confirmed for themselves.

    ``whose`` is who a flagged name belongs to, as this person said: nobody's was asked before 0021.
    """

    revision: str
    digest: str
    person: PersonId
    as_head: bool
    confirmed: frozenset[FindingKey]
    wording: int
    at: datetime
    whose: frozenset[tuple[FindingKey, NotAPupil]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """A *no* with its reason. A rejection's stands over every later revision (R5)."""

    person: PersonId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An author asks the headteacher to allow one blocked finding this once."""

    finding: FindingKey
    person: PersonId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The headteacher's *allow this once*, for one finding of one revision."""

    finding: FindingKey
    person: PersonId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something a person asked about a post. ``person`` ``None`` is the timer."""

    person: PersonId | None
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The row without which nothing goes out: who wrote it and who said yes, for one account.

    ``second`` and ``third`` are approvers; ``head`` is the person whose yes counts as the head's,
    where the revision needs one.
    """

    revision: str
    account: AccountId
    digest: str
    needs: Needs
    author: PersonId
    second: PersonId
    third: PersonId | None
    head: PersonId | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """Somebody has said that they are on it; ``until`` when, where that ends by itself.

    It keeps nobody from anything, and is no part of a post: the record alone tells of it.
    """

    person: PersonId
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """All posts of a place wait: who said so, and since when. ``place`` may be the whole trust."""

    place: SchoolId
    by: PersonId
    since: datetime


class Posted(StrEnum):
    """What a poster said of one account."""

    YES = "yes"
    CANNOT = "cannot"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What became of a released post on one account. ``url`` may come later.

    ``person`` ``None`` is the timer: handing it out ended without an answer.
    """

    account: AccountId
    said: Posted
    person: PersonId | None
    at: datetime
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The aggregate. ``findings`` is the newest judgement of the newest revision."""

    id: PostId
    school: SchoolId
    state: State
    revision: Revision
    opened_at: datetime
    entered_at: datetime
    """When the present state began."""
    findings: tuple[Finding, ...] = ()
    waiting_for: frozenset[BlobId] = frozenset()
    """Pictures nobody has looked at yet; the post stays a draft until they have been."""
    approvals: tuple[Approval, ...] = ()
    """Those of the newest revision only; older ones stay in the store and the audit."""
    vetoes: tuple[Veto, ...] = ()
    """Rejections not yet lifted; they outlive revisions."""
    disputes: tuple[Dispute, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    change_request: Veto | None = None
    """What this version still has to become; of a draft, the headteacher's no to what was asked."""
    questions: tuple[Question, ...] = ()
    publications: tuple[Publication, ...] = ()
    postings: tuple[Posting, ...] = ()
    expires_at: datetime | None = None
    removal_asked: Question | None = None
    held_back: tuple[str, ...] = ()
    """Codes of why the last release did not go through, or why it waits."""
    strangers: frozenset[Identity] = frozenset()
    """Chat accounts that wrote words of it and were nobody's then. Whose they become is an author
    where it is decided, and can't say yes."""

    @property
    def content(self) -> Content:
        return self.revision.content

    @property
    def authors(self) -> frozenset[PersonId]:
        return self.revision.authors

    @property
    def allowed(self) -> frozenset[FindingKey]:
        return frozenset(item.finding for item in self.allowances)

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Findings that still stop the post."""
        return standing_blocks(self.findings, self.allowed)

    @property
    def asked_points(self) -> frozenset[FindingKey]:
        """Blocks that the headteacher has been asked to allow and has not answered yet."""
        if self.change_request is not None:
            return frozenset()
        return frozenset(item.finding for item in self.disputes) & {
            block.key for block in self.blocks
        }

    @property
    def flags(self) -> tuple[Finding, ...]:
        """Findings that every approver confirms for themselves."""
        return tuple(item for item in self.findings if item.severity is Severity.FLAG)

    @property
    def going_out_at(self) -> datetime:
        """When it would go out at the earliest; ``opened_at`` where no time was asked for."""
        return self.content.not_before or self.opened_at

    @property
    def outstanding(self) -> tuple[AccountId, ...]:
        """Accounts of a released post that nobody has marked as posted."""
        done = {item.account for item in self.postings if item.said is Posted.YES}
        return tuple(account for account in self.content.accounts if account not in done)


def standing_blocks(
    findings: tuple[Finding, ...], allowed: frozenset[FindingKey]
) -> tuple[Finding, ...]:
    """The blocks among ``findings`` that the headteacher has not allowed."""
    return tuple(
        item for item in findings if item.severity is Severity.BLOCK and item.key not in allowed
    )


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: white space and invisible characters are nothing."""
    return all(category(char)[0] in "ZC" for char in text)
