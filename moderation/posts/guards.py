"""The two-person rule as guards: each looks at one case and names its reasons, or none.

A guard never decides alone and never stops the others: :func:`moderation.posts.workflow.decide`
collects every reason of every guard of a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from moderation.accounts.model import Account
from moderation.checks.model import Finding
from moderation.kernel import AccountId, Asked, BlobId, Identity, PersonId, Reason, SchoolId
from moderation.people.rights import Rights
from moderation.policies.settings import PackSettings
from moderation.posts import commands as ask
from moderation.posts.model import InHand, Needs, Pause, Post, Posted, is_blank
from moderation.posts.refusals import Refusal


if TYPE_CHECKING:
    from moderation.posts.model import Content


LONGEST_REASON = 2_000
"""Code points of a reason or a question."""
MOST_PICTURES = 10
MOST_VIDEOS = 1
"""No network takes several in one post that everybody sees alike."""
FURTHEST = timedelta(days=366)
"""How far ahead a post may be timed."""
GRACE = timedelta(minutes=5)
"""A time this little in the past means now: forms are filled in slowly."""
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision needs from outside the post, all read in the same transaction.

    ``accounts`` holds those of the content's accounts that exist; ``findings`` and
    ``waiting_for`` are today's judgement, and empty for commands that need none. ``needs`` is what
    the version needs, with the head's yes as well where that judgement asks for it.
    """

    school: SchoolId | None
    accounts: Mapping[AccountId, Account]
    rights: Rights
    settings: PackSettings
    pack: str
    needs: Needs
    revision_id: str
    findings: tuple[Finding, ...] = ()
    waiting_for: frozenset[BlobId] = frozenset()
    unknown_pictures: frozenset[BlobId] = frozenset()
    videos: frozenset[BlobId] = frozenset()
    unknown_people: bool = False
    rights_before: Rights | None = None
    """For a revision: what people may do with the accounts that the post is for until now."""
    writers: frozenset[PersonId] = frozenset()
    """Who wrote the words besides those who are known as authors: for a proposal whoever the chat
    platform names, later whoever of :attr:`strangers` has become known."""
    strangers: frozenset[Identity] = frozenset()
    """For a proposal: chat accounts that wrote its words and are nobody's."""
    pause: Pause | None = None
    """For the timer: the pause in force over the post's school."""
    must_accept: bool = False
    """Whether the asker has yet to accept the policy of the post's school."""
    in_hand: InHand | None = None
    """For whoever says that they are on it, and for the reminder to post: who is so already."""


@dataclass(frozen=True, slots=True)
class Case:
    """One command in front of the rules. ``post`` is ``None`` for a proposal alone."""

    post: Post | None
    command: ask.Command
    facts: Facts
    asked: Asked

    @property
    def person(self) -> PersonId:
        """Who asks. Only for commands of people, once that has been checked."""
        if self.asked.person is None:
            raise TypeError(type(self.command).__name__)
        return self.asked.person

    @property
    def stored(self) -> Post:
        """The post, for every command but a proposal."""
        if self.post is None:
            raise TypeError(type(self.command).__name__)
        return self.post

    @property
    def content(self) -> Content:
        """What the command brings, or what stands."""
        if isinstance(self.command, ask.Propose | ask.Revise):
            return self.command.content
        return self.stored.content

    @property
    def authors(self) -> frozenset[PersonId]:
        """Who is an author once the command has had its effect."""
        match self.command:
            case ask.Propose():
                return self.facts.writers | {self.person}
            case ask.Revise():
                return self.stored.authors | self.facts.writers | {self.person}
            case _:
                return self.stored.authors | self.facts.writers

    def posts(self, person: PersonId) -> bool:
        """Whether they put posts on an account where it isn't posted yet."""
        rights = self.facts.rights
        return any(rights.may_post(person, account) for account in self.stored.outstanding)

    @property
    def keeper(self) -> PersonId | None:
        """Whoever has taken it and can still post it today."""
        held = self.facts.in_hand
        if held is None or not self.posts(held.person) or not self.facts.rights.here(held.person):
            return None
        return held.person


Guard = Callable[[Case], Iterator[Reason]]


# -- which version --------------------------------------------------------------------------------


def seen_version(case: Case) -> Iterator[Reason]:
    """R3: what the person saw is what stands."""
    seen = cast("ask.Approve", case.command).seen
    if seen != case.stored.revision.number:
        yield Reason(Refusal.STALE_VERSION)


def not_expired(case: Case) -> Iterator[Reason]:
    """R6: too late is too late, even before the clock has come round."""
    expires = case.stored.expires_at
    if expires is not None and case.asked.at >= expires:
        yield Reason(Refusal.EXPIRED)


def changed(case: Case) -> Iterator[Reason]:
    """R7: the same words again are no new version."""
    if case.content.digest() == case.stored.revision.digest:
        yield Reason(Refusal.SAME_WORDS)


# -- who ------------------------------------------------------------------------------------------


def may_propose(case: Case) -> Iterator[Reason]:
    """Posters, moderators, administrators, the head; or all staff where the pack says so."""
    if case.facts.accounts and not case.facts.rights.may_propose(case.person):
        yield Reason(Refusal.NOT_A_PROPOSER)


def has_accepted(case: Case) -> Iterator[Reason]:
    """The policy's newest edition, where the school asks for that. A no never waits for it."""
    if case.facts.must_accept:
        yield Reason(Refusal.MUST_ACCEPT)


def may_propose_there(case: Case) -> Iterator[Reason]:
    """Other accounts only where the person might have proposed it in the first place."""
    if not set(case.content.accounts) <= set(case.stored.content.accounts):
        yield from may_propose(case)


def not_an_author(case: Case) -> Iterator[Reason]:
    """R1, and R4 where the person became an author by editing."""
    if case.person not in case.authors:
        return
    edited = case.stored.revision.by == case.person and len(case.stored.authors) > 1
    yield Reason(Refusal.EDITED_BY_YOU if edited else Refusal.OWN_POST)


def an_approver(case: Case) -> Iterator[Reason]:
    """R2: read now, not when the card was drawn."""
    rights, person = case.facts.rights, case.person
    if not (rights.is_approver(person) or rights.acts_as_head(person, case.authors)):
        yield Reason(Refusal.NOT_AN_APPROVER)


def an_author(case: Case) -> Iterator[Reason]:
    """Only who wrote some part of it, and still belongs here: a leaver's click does nothing."""
    if case.person not in case.stored.authors or not case.facts.rights.roles(case.person):
        yield Reason(Refusal.NOT_AN_AUTHOR)


def an_author_or_approver(case: Case) -> Iterator[Reason]:
    """Who wrote it or could approve it, today. An approver who edits becomes an author."""
    rights = case.facts.rights_before or case.facts.rights
    wrote = case.person in case.stored.authors and bool(rights.roles(case.person))
    if not wrote and not rights.is_approver(case.person):
        yield Reason(Refusal.NOT_AN_AUTHOR)


def the_head(case: Case) -> Iterator[Reason]:
    """The head or who stands in; an author never decides about their own post."""
    rights, authors = case.facts.rights, case.authors
    if case.person in authors or not rights.acts_as_head(case.person, authors):
        head = rights.head_for(authors)
        yield Reason(Refusal.NOT_THE_HEAD, {"head": head} if head else {})


def may_stop(case: Case) -> Iterator[Reason]:
    """Any moderator, the head or a safeguarding lead, alone and at once."""
    if not case.facts.rights.may_stop(case.person):
        yield Reason(Refusal.MAY_NOT_STOP)


def a_poster(case: Case) -> Iterator[Reason]:
    """Who puts posts on this account, and the post is for this account."""
    account = cast("ask.MarkPosted", case.command).account
    if account not in case.stored.content.accounts:
        yield Reason(Refusal.UNKNOWN_ACCOUNT, {"account": account})
    elif not case.facts.rights.may_post(case.person, account):
        yield Reason(Refusal.NOT_A_POSTER, {"account": account})


def posts_it(case: Case) -> Iterator[Reason]:
    """Who puts posts on an account where it isn't posted yet."""
    if not case.posts(case.person):
        yield Reason(Refusal.NOT_A_POSTER, {"account": case.stored.content.accounts[0]})


def not_taken(case: Case) -> Iterator[Reason]:
    """The first keeps it, while they are here and may post it."""
    holder = case.keeper
    if holder is not None and holder != case.person:
        yield Reason(Refusal.TAKEN, {"person": holder})


def somebody_can_say_yes(case: Case) -> Iterator[Reason]:
    """R8: refused at the start where no path could ever end, naming who can mend it.

    Absence doesn't count here: people come back. Then the post waits, and says so.
    """
    rights, needs, authors = case.facts.rights, case.facts.needs, case.authors
    if not case.facts.accounts:
        return
    head = rights.head_for(authors)
    if needs.head and head is None:
        leads = rights.trust_leads()
        yield Reason(Refusal.NO_HEADTEACHER, {"trust_lead": leads[0]} if leads else {})
    seconds = set(rights.approvers(authors))
    if needs.head and not needs.head_counts:
        seconds.discard(cast("PersonId", head))
    if len(seconds) < needs.seconds:
        who = rights.head() or next(iter(rights.trust_leads()), None)
        yield Reason(Refusal.NO_SECOND_PERSON, {"head": who} if who else {})


# -- what it says ---------------------------------------------------------------------------------


def sound_content(case: Case) -> Iterator[Reason]:
    """Everything about the content that a form can put right."""
    content, facts = case.content, case.facts
    if is_blank(content.text):
        yield Reason(Refusal.EMPTY_TEXT)
    if not content.accounts:
        yield Reason(Refusal.NO_ACCOUNT)
    for account_id in content.accounts:
        yield from _sound_account(case, account_id)
    if len({account.school for account in facts.accounts.values()}) > 1:
        yield Reason(Refusal.SCHOOLS_MIXED)
    if len(content.attachments) > MOST_PICTURES:
        yield Reason(Refusal.TOO_MANY_PICTURES, {"limit": str(MOST_PICTURES)})
    if len(facts.videos) > MOST_VIDEOS:
        yield Reason(Refusal.TOO_MANY_VIDEOS)
    if facts.unknown_pictures:
        yield Reason(Refusal.UNKNOWN_PICTURE)
    if facts.unknown_people:
        yield Reason(Refusal.UNKNOWN_PUPIL)
    if content.not_before is not None:
        if content.not_before < case.asked.at - GRACE:
            yield Reason(Refusal.TIME_PAST)
        if content.not_before > case.asked.at + FURTHEST:
            yield Reason(Refusal.TIME_TOO_FAR)


def _sound_account(case: Case, account_id: AccountId) -> Iterator[Reason]:
    account = case.facts.accounts.get(account_id)
    if account is None:
        yield Reason(Refusal.UNKNOWN_ACCOUNT, {"account": account_id})
        return
    if account.closed(case.facts.rights.today):
        yield Reason(Refusal.CLOSED_ACCOUNT, {"account": account_id})
    length = len(case.content.text)
    if length > account.text_limit:
        about = {"account": account_id, "limit": str(account.text_limit), "length": str(length)}
        yield Reason(Refusal.TEXT_TOO_LONG, about)


def same_school(case: Case) -> Iterator[Reason]:
    """A post never moves to another school."""
    if case.facts.school is not None and case.facts.school != case.stored.school:
        yield Reason(Refusal.SCHOOLS_MIXED)


def a_reason(case: Case) -> Iterator[Reason]:
    """A reason is words, not white space."""
    yield from _words(cast("ask.Reject", case.command).reason)


def a_question(case: Case) -> Iterator[Reason]:
    """A question is words, not white space."""
    yield from _words(cast("ask.AskHead", case.command).words)


def _words(words: str) -> Iterator[Reason]:
    if is_blank(words):
        yield Reason(Refusal.NO_REASON)
    if len(words) > LONGEST_REASON:
        yield Reason(Refusal.REASON_TOO_LONG, {"limit": str(LONGEST_REASON)})


def a_web_address(case: Case) -> Iterator[Reason]:
    """An address is optional; when there is one it is http or https, with a host."""
    url = cast("ask.MarkPosted", case.command).url
    if not url:
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound or len(url) > LONGEST_ADDRESS or any(char.isspace() for char in url):
        yield Reason(Refusal.BAD_ADDRESS)


# -- findings, vetoes, answers already given ------------------------------------------------------


def not_said_before(case: Case) -> Iterator[Reason]:
    """R11: a second click of the same person changes nothing."""
    if any(approval.person == case.person for approval in case.stored.approvals):
        yield Reason(Refusal.ALREADY_SAID)


def every_flag_confirmed(case: Case) -> Iterator[Reason]:
    """Every approver confirms every flag for themselves, and says of a name whose it is."""
    command = cast("ask.Approve", case.command)
    told = {key for key, _ in command.whose}
    for flag in case.stored.flags:
        owed = flag.asks_whose and flag.key not in told
        if flag.key not in command.confirmed or owed:
            yield Reason(Refusal.UNCONFIRMED, {"finding": flag.key})


def an_allowable_block(case: Case) -> Iterator[Reason]:
    """The finding stands, is a block, and the pack lets it be allowed once."""
    wanted = cast("ask.Dispute", case.command).finding
    block = next((item for item in case.stored.blocks if item.key == wanted), None)
    if block is None:
        yield Reason(Refusal.NO_SUCH_FINDING)
    elif not block.allowable:
        yield Reason(Refusal.NOT_ALLOWABLE, {"clause": block.clause})


def not_disputed_before(case: Case) -> Iterator[Reason]:
    """One finding is asked about once, and after a no the words have to change first."""
    wanted = cast("ask.Dispute", case.command).finding
    if case.stored.change_request is not None:
        yield Reason(Refusal.DECLINED, {"person": case.stored.change_request.person})
    elif any(dispute.finding == wanted for dispute in case.stored.disputes):
        yield Reason(Refusal.ALREADY_ASKED)


def asked_to_allow(case: Case) -> Iterator[Reason]:
    """Only what an author has asked is answered, and once."""
    if not case.stored.asked_points:
        yield Reason(Refusal.NO_SUCH_FINDING)


def a_standing_veto(case: Case) -> Iterator[Reason]:
    """R5: its owner while they work here, or the head (no author) with a reason."""
    command = cast("ask.LiftVeto", case.command)
    if all(veto.person != command.of for veto in case.stored.vetoes):
        yield Reason(Refusal.NO_VETO)
        return
    if case.person == command.of and case.facts.rights.roles(case.person):
        return
    authors = case.authors
    if case.person in authors or not case.facts.rights.acts_as_head(case.person, authors):
        yield Reason(Refusal.NOT_YOUR_VETO, {"person": command.of})
    yield from _words(command.reason)


def not_posted_before(case: Case) -> Iterator[Reason]:
    """Saying it twice is nothing new, unless it now brings the address."""
    command = cast("ask.MarkPosted", case.command)
    for posting in case.stored.postings:
        if posting.account == command.account and posting.said is Posted.YES:
            brings = isinstance(case.command, ask.MarkPosted) and command.url
            if not brings or posting.url:
                yield Reason(Refusal.ALREADY_SAID)
