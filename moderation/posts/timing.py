"""What the timer's commands bring about. The timer is never refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from moderation.posts import commands as ask, events as happened, judging as judge
from moderation.posts.model import Posted, Posting, Publication, State, standing_blocks
from moderation.posts.outcomes import judged, kept, reissued, stopped, to_review
from moderation.posts.refusals import Refusal
from moderation.posts.signing import signatures


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import PersonId
    from moderation.posts.guards import Case, Guard


_AT_ONCE: tuple[Guard, ...] = (
    judge.pictures_known,
    judge.no_block,
    judge.every_flag_confirmed_by_all,
    judge.the_head_was_asked,
)
_DECIDED_ABOUT = frozenset({State.IN_REVIEW, State.APPROVED})


def timed(case: Case, command: ask.Timed, judging: tuple[Guard, ...]) -> tuple[happened.Event, ...]:
    """What is no longer due brings nothing about. ``judging`` is what release looks at again."""
    match command:
        case ask.Judge():
            return tuple(_looked_at(case))
        case ask.Release():
            return tuple(_released(case, judging))
        case ask.Recheck():
            return tuple(_rechecked(case))
        case (
            ask.Remind()
            | ask.AskHeadInTime()
            | ask.Expire()
            | ask.RemindPosters()
            | ask.AskWhetherPosted()
            | ask.LookAway()
        ):
            return tuple(_struck(case, command))
        case _ as never:
            assert_never(never)


def _looked_at(case: Case) -> Iterator[happened.Event]:
    """Judged again: a picture was looked at, a pause ended, or roll or consents changed.

    A draft whose last obstacle is gone is asked about. One that a person called back stays with
    its authors, whatever else is found in it. A no, or changes asked for, wait for people.
    """
    post, facts = case.stored, case.facts
    found = happened.Judged(findings=facts.findings, waiting_for=facts.waiting_for)
    same = (post.findings, post.waiting_for) == (facts.findings, facts.waiting_for)
    if post.state is not State.DRAFT:
        if not same or (post.state in _DECIDED_ABOUT and _head_wanted(case)):
            yield from _seen_afresh(case, found)
        return
    # What a pause called back is asked about afresh once posts are started again.
    free = _free_of_pause(case)
    wanted = _head_wanted(case)
    if same and not free and not wanted:
        return
    if free:
        yield happened.TakenUp(at=case.asked.at, remind_at=None)
    if wanted:
        yield _needs_the_head(case)
    yield found
    stuck = post.waiting_for or standing_blocks(post.findings, post.allowed)
    # Under a new number the head allows afresh, too.
    allowed = frozenset() if wanted else post.allowed
    still = facts.waiting_for or standing_blocks(facts.findings, allowed)
    if (stuck or free) and not still:
        yield to_review(case, post.authors)
    elif wanted:
        yield kept(case)


def _head_wanted(case: Case) -> bool:
    return any(True for _ in judge.the_head_was_asked(case))


def _needs_the_head(case: Case) -> happened.SentBack:
    """A draft's new number. One that a pause called back is still to be taken up after it."""
    still = case.facts.pause is not None and Refusal.HELD in case.stored.held_back
    reasons = (Refusal.HELD, Refusal.HEAD_NEEDED) if still else (Refusal.HEAD_NEEDED,)
    return happened.SentBack(revision=reissued(case), reasons=reasons, at=case.asked.at)


def _seen_afresh(case: Case, found: happened.Judged) -> Iterator[happened.Event]:
    """Something else is found by now in what people decide about, or have decided.

    What may no longer go out, or what somebody said yes to without having seen it, goes back at
    once: nobody is asked for a yes that release would refuse.
    """
    post = case.stored
    reasons = [reason.code for check in _AT_ONCE for reason in check(case)]
    if reasons and post.state in _DECIDED_ABOUT:
        codes = tuple(dict.fromkeys(map(str, reasons)))
        yield happened.SentBack(revision=reissued(case), reasons=codes, at=case.asked.at)
        yield from judged(case, post.authors)
    else:
        yield found


def _released(case: Case, judging: tuple[Guard, ...]) -> Iterator[happened.Event]:
    post, facts, at = case.stored, case.facts, case.asked.at
    if at < (post.content.not_before or at):
        yield from _paused_or_not(case)
        return
    reasons = [reason.code for check in judging for reason in check(case)]
    signed = signatures(post.revision.needs, post.approvals)
    if signed is None:
        reasons.append(Refusal.TOO_FEW_YES)
    if set(reasons) == {Refusal.HELD}:
        yield from _paused_or_not(case)
        return
    if reasons or signed is None:
        codes = tuple(dict.fromkeys(map(str, reasons)))
        yield happened.SentBack(revision=reissued(case), reasons=codes, at=at)
        yield from judged(case, post.authors)
        return
    yield happened.Released(
        publications=tuple(_publications(case, *signed)),
        at=at,
        remind_at=at + timedelta(hours=facts.settings.unposted_after_hours),
    )


def _publications(
    case: Case, second: PersonId, third: PersonId | None, head: PersonId | None
) -> Iterator[Publication]:
    post = case.stored
    author = post.revision.by if post.revision.by in post.authors else min(post.authors)
    for account in post.content.accounts:
        yield Publication(
            revision=post.revision.id,
            account=account,
            digest=post.revision.digest,
            needs=post.revision.needs,
            author=author,
            second=second,
            third=third,
            head=head,
            at=case.asked.at,
        )


def _rechecked(case: Case) -> Iterator[happened.Event]:
    """Consent or roll changed after it was handed out, or all posts were paused: back it comes.

    What is public on one account already can't come back for a pause, nor for the head's yes; in a
    pause the rest of it waits.
    """
    if case.stored.state is State.IN_REVIEW:
        if _head_wanted(case):
            yield from _looked_at(case)
        else:
            yield _held_in_review(case)
        return
    out = any(item.said is not Posted.CANNOT for item in case.stored.postings)
    if any(True for _ in judge.no_block(case)):
        yield from stopped(case, "", (Refusal.BLOCKED,))
    elif case.facts.pause is not None and not out:
        yield from stopped(case, "", (Refusal.HELD,))
    elif _head_wanted(case) and not out:
        yield from _asked_of_the_head(case)
    else:
        yield from _paused_or_not(case)


def _asked_of_the_head(case: Case) -> Iterator[happened.Event]:
    """Handed out and nowhere public yet: it is back in front of people, the head among them."""
    yield happened.Recalled(
        revision=reissued(case),
        by=None,
        reasons=(Refusal.HEAD_NEEDED,),
        words="",
        at=case.asked.at,
    )
    yield from judged(case, case.stored.authors)


def _held_in_review(case: Case) -> happened.HeldUp | happened.TakenUp:
    """It goes on being decided; its cards say when it goes out, now that this has changed."""
    if case.facts.pause is not None:
        return happened.HeldUp(at=case.asked.at)
    return happened.TakenUp(at=case.asked.at, remind_at=None)


def _paused_or_not(case: Case) -> Iterator[happened.Event]:
    """It stays as it stands; its cards say whether it waits for posts to be started again."""
    post, at = case.stored, case.asked.at
    if case.facts.pause is not None and Refusal.HELD not in post.held_back:
        yield happened.HeldUp(at=at)
    elif _free_of_pause(case):
        again = at + timedelta(hours=case.facts.settings.unposted_after_hours)
        out = post.state is State.RELEASED
        yield happened.TakenUp(at=at, remind_at=again if out else None)


def _free_of_pause(case: Case) -> bool:
    return case.facts.pause is None and Refusal.HELD in case.stored.held_back


def _struck(
    case: Case,
    command: ask.Remind
    | ask.AskHeadInTime
    | ask.Expire
    | ask.RemindPosters
    | ask.AskWhetherPosted
    | ask.LookAway,
) -> Iterator[happened.Event]:
    post, at = case.stored, case.asked.at
    if command.seen != post.revision.number:
        return
    match command:
        case ask.Remind():
            yield happened.Reminded(at=at)
        case ask.AskHeadInTime():
            yield happened.HeadAsked(question=None, at=at)
        case ask.Expire():
            if post.expires_at is not None and at >= post.expires_at:
                yield happened.Expired(at=at)
        case ask.RemindPosters():
            if case.facts.pause is not None:
                # They were told to wait; the reminding begins anew with the posts.
                return
            again = at + timedelta(hours=case.facts.settings.unposted_after_hours)
            yield happened.PostersReminded(
                accounts=post.outstanding, at=at, again_at=again, to=case.keeper
            )
        case ask.LookAway():
            # Said again meanwhile, or by somebody else, it goes on: the cards are only drawn anew.
            yield happened.LookedAway(by=None, at=at)
        case ask.AskWhetherPosted(account=account):
            if account in post.outstanding:
                posting = Posting(account=account, said=Posted.UNSURE, person=None, at=at)
                yield happened.NotPosted(posting=posting)
        case _ as never:
            assert_never(never)
