"""What release looks at again, whatever was true when people clicked: guards of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.model import Severity
from moderation.kernel import Reason
from moderation.posts.refusals import Refusal


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.guards import Case


def no_block(case: Case) -> Iterator[Reason]:
    """Judged again with today's roll, consents and pack."""
    allowed = case.stored.allowed
    for finding in case.facts.findings:
        if finding.severity is Severity.BLOCK and finding.key not in allowed:
            yield Reason(Refusal.BLOCKED)
            return


def pictures_known(case: Case) -> Iterator[Reason]:
    """Every picture has been looked at."""
    if case.facts.waiting_for or case.facts.unknown_pictures:
        yield Reason(Refusal.UNKNOWN_PICTURE)


def every_flag_confirmed_by_all(case: Case) -> Iterator[Reason]:
    """No flag has appeared that somebody who said yes did not see."""
    flags = {item.key for item in case.facts.findings if item.severity is Severity.FLAG}
    if any(not flags <= approval.confirmed for approval in case.stored.approvals):
        yield Reason(Refusal.UNCONFIRMED)


def the_head_was_asked(case: Case) -> Iterator[Reason]:
    """No finding has appeared that asks for the head's yes in a version that didn't need it."""
    if case.facts.needs.head and not case.stored.revision.needs.head:
        yield Reason(Refusal.HEAD_NEEDED)


def rights_still_held(case: Case) -> Iterator[Reason]:
    """Who said yes may still say it today (R1, R2)."""
    rights, authors = case.facts.rights, case.authors
    for approval in case.stored.approvals:
        if approval.person in authors:
            yield Reason(Refusal.OWN_POST)
        # Who stood in for the head need not stand in any more; who moderated must still moderate.
        held = rights.could_be_head if approval.as_head else rights.is_approver
        if not held(approval.person):
            yield Reason(Refusal.RIGHT_LOST, {"person": approval.person})


def this_version(case: Case) -> Iterator[Reason]:
    """Every yes is to exactly this revision and digest."""
    revision = case.stored.revision
    if revision.digest != revision.content.digest() or any(
        (approval.revision, approval.digest) != (revision.id, revision.digest)
        for approval in case.stored.approvals
    ):
        yield Reason(Refusal.STALE_VERSION)


def no_veto(case: Case) -> Iterator[Reason]:
    """R5: nobody's no stands."""
    for veto in case.stored.vetoes:
        yield Reason(Refusal.VETO_STANDS, {"person": veto.person})


def not_held(case: Case) -> Iterator[Reason]:
    """Nobody has paused all posts of the school, or of the trust."""
    if case.facts.pause is not None:
        yield Reason(Refusal.HELD)


def accounts_open(case: Case) -> Iterator[Reason]:
    """No account was closed or taken off the register meanwhile."""
    for account_id in case.stored.content.accounts:
        account = case.facts.accounts.get(account_id)
        if account is None or account.closed(case.facts.rights.today):
            yield Reason(Refusal.CLOSED_ACCOUNT, {"account": account_id})
