"""A plain sentence for every refusal: what happened, who can help, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from moderation.kernel import PersonId
from moderation.ports import Unusable
from moderation.posts.model import State
from moderation.posts.present.speech import page_of, people, person, with_role
from moderation.posts.refusals import Refusal
from moderation.posts.signing import missing
from moderation.words import both, capital, count, counted, either


if TYPE_CHECKING:
    from moderation.kernel import Reason
    from moderation.posts.queries.views import RefusalView


Sentence = Callable[["RefusalView", Mapping[str, str]], str]

NOTHING_CHANGED = "Nothing changed."


def refusal(reasons: tuple[Reason, ...], view: RefusalView) -> tuple[str, ...]:
    """Every reason in plain words, each once. Whoever may not know of a post hears only that."""
    if view.hidden:
        return (UNKNOWN,)
    codes = {Refusal(reason.code) for reason in reasons}
    if view.elsewhere and Refusal.UNKNOWN_POST not in codes:
        return (UNKNOWN_PAGE,)
    # Whoever wrote it needn't hear as well that they couldn't say yes to anybody's.
    moot = {Refusal.NOT_AN_APPROVER} if codes & {Refusal.OWN_POST, Refusal.EDITED_BY_YOU} else set()
    said = (
        _SENTENCES[Refusal(reason.code)](view, reason.about)
        for reason in reasons
        if Refusal(reason.code) not in moot
    )
    return tuple(dict.fromkeys(said))


def unusable(why: Unusable) -> str:
    """Why a picture can't be used, and what to do."""
    return _UNUSABLE[why]


def sent_back(code: str) -> str:
    """On the card: why a version that everybody approved had to come back."""
    return _SENT_BACK.get(code, "It was checked again and has to be looked at once more.")


# -- people ---------------------------------------------------------------------------------------


def _approvers(view: RefusalView) -> tuple[PersonId, ...]:
    """Those who could say yes instead of the reader: the page's own moderators, else the head."""
    authors = view.post.authors if view.post is not None else frozenset()
    here = tuple(
        who for who in view.rights.available_approvers(frozenset(authors)) if who != view.viewer
    )
    return tuple(who for who in here if view.rights.moderates(who)) or here


def _head(view: RefusalView, about: Mapping[str, str]) -> str:
    """Who acts as the head, with the role; "the trust" where nobody does."""
    named = about.get("head") or about.get("trust_lead") or view.rights.head()
    if named is None:
        leads = view.rights.trust_leads()
        return with_role(view, leads[0]) if leads else "the trust"
    return with_role(view, PersonId(named))


def _authors(view: RefusalView) -> str:
    return both(people(view, sorted(view.post.authors))) if view.post is not None else "its author"


def _somebody_else(view: RefusalView) -> str:
    """Who else was asked to say yes, or that there is nobody."""
    post = view.post
    if post is not None and not (lacks := missing(post, view.rights)).yeses and lacks.head:
        return f"{capital(with_role(view, lacks.head))} has been asked."
    others = people(view, _approvers(view))
    if not others:
        return f"Nobody else is here to say it today. Please tell {_head(view, {})}."
    have = "has" if len(others) == 1 else "have"
    return f"{both(others)} {have} been asked."


# -- one sentence or two for each code -------------------------------------------------------------


def _plain(words: str) -> Sentence:
    return lambda _view, _about: words


UNKNOWN = "I can't find that post. It may be gone. Your queue shows what is waiting for you."
UNKNOWN_PAGE = "That page isn't on the school's list. Please choose one from the list."


def _not_a_proposer(view: RefusalView, _: Mapping[str, str]) -> str:
    writers = [who for who in view.names if view.rights.may_propose(who)]
    if not writers:
        return f"Nobody may write for this page yet. {capital(_head(view, {}))} can name somebody."
    return (
        f"Only this page's own people can write for it. Please ask {either(people(view, writers))}."
    )


def _not_an_approver(view: RefusalView, _: Mapping[str, str]) -> str:
    names = people(view, _approvers(view))
    if not names:
        return f"This page has no moderator today. {capital(_head(view, {}))} can name one."
    if len(names) == 1:
        return f"Only this page's moderators can approve. Please ask {names[0]}."
    return f"Only this page's moderators can approve. They are {both(names)}."


def _not_an_author(view: RefusalView, _: Mapping[str, str]) -> str:
    return f"Only those who wrote this post can do that. Please ask {_authors(view)}."


def _not_the_head(view: RefusalView, about: Mapping[str, str]) -> str:
    return f"Only the headteacher can decide that. Please ask {_head(view, about)}."


def _not_a_poster(view: RefusalView, about: Mapping[str, str]) -> str:
    where = page_of(view, about.get("account", ""))
    found = [item for item in view.accounts if str(item) == about.get("account")]
    posters = people(view, view.rights.posters(found[0])) if found else ()
    helper = either(posters) if posters else _head(view, {})
    return f"Only those who post on {where} can say that. Please ask {helper}."


def _may_not_stop(view: RefusalView, _: Mapping[str, str]) -> str:
    able = [who for who in view.names if view.rights.may_stop(who) and view.rights.here(who)]
    helpers = either(people(view, able)) if able else _head(view, {})
    return f"You can't stop this post yourself. Please ask {helpers} at once: any of them can."


def _own_post(view: RefusalView, _: Mapping[str, str]) -> str:
    return f"You wrote this, so somebody else needs to say yes. {_somebody_else(view)}"


def _edited_by_you(view: RefusalView, _: Mapping[str, str]) -> str:
    return f"You changed the words, so somebody else needs to say yes. {_somebody_else(view)}"


def _taken(view: RefusalView, about: Mapping[str, str]) -> str:
    who = capital(person(view, PersonId(about.get("person", ""))))
    return f"{who} has taken this already, and can give it back. {NOTHING_CHANGED}"


def _their_veto(view: RefusalView, about: Mapping[str, str]) -> str:
    who = person(view, PersonId(about.get("person", "")))
    return (
        f"{capital(who)} said no, and that stands. "
        f"Only {who} can take it back, or {_head(view, {})} with a reason."
    )


def _closed(view: RefusalView, about: Mapping[str, str]) -> str:
    said = people(view, (item.person for item in view.post.approvals)) if view.post else ()
    if about.get("state") in {State.APPROVED, State.RELEASED} and said:
        have = "has" if len(said) == 1 and said[0] != "you" else "have"
        on_its_way = about["state"] == State.RELEASED
        given = " It has been given to those who post it." if on_its_way else ""
        return f"{capital(both(said))} {have} already approved this.{given} {NOTHING_CHANGED}"
    return (
        f"{_CLOSED.get(about.get('state', ''), 'This has been decided already.')} {NOTHING_CHANGED}"
    )


_CLOSED: Mapping[str, str] = {
    State.DRAFT: "This is with its author again, to be changed.",
    State.IN_REVIEW: "This waits for a second yes.",
    State.CHANGES_REQUESTED: "Changes have been asked for, so this waits for its author.",
    State.REJECTED: "This has already been rejected.",
    State.APPROVED: "This has already been approved.",
    State.RELEASED: "This has already been given to those who post it.",
    State.PUBLISHED: "This has already been posted.",
    State.WITHDRAWN: "This has already been cancelled or stopped.",
    State.EXPIRED: "This ran out of time, so it won't go out.",
}


def _expired(view: RefusalView, _: Mapping[str, str]) -> str:
    return f"This waited too long for an answer, so it won't go out. {_again(view)}"


def _again(view: RefusalView) -> str:
    return f"{capital(_authors(view))} can propose it again."


def _too_long(view: RefusalView, about: Mapping[str, str]) -> str:
    limit, length = int(about.get("limit", "0")), int(about.get("length", "0"))
    where = page_of(view, about.get("account", ""))
    return (
        f"This is {counted(length, 'character')} long, and {where} takes {count(limit)}. "
        f"Please take out {count(max(0, length - limit))}."
    )


def _closed_account(view: RefusalView, about: Mapping[str, str]) -> str:
    where = page_of(view, about.get("account", ""))
    return f"{capital(where)} is closed, so nothing can go out there. Please choose another page."


def _too_many(_: RefusalView, about: Mapping[str, str]) -> str:
    limit = int(about.get("limit", "0"))
    return f"One post holds at most {counted(limit, 'picture')}. Please leave some out."


def _reason_too_long(_: RefusalView, about: Mapping[str, str]) -> str:
    limit = int(about.get("limit", "0"))
    return f"That is too long. Please use at most {counted(limit, 'character')}."


def _unconfirmed(view: RefusalView, about: Mapping[str, str]) -> str:
    flags = view.post.flags if view.post is not None else ()
    flag = next((item for item in flags if item.key == about.get("finding")), None)
    confirmations = view.pack.confirmations if view.pack is not None else {}
    statement = confirmations.get(flag.confirm, "") if flag is not None else ""
    asked = "Please tick what you have checked, then approve again."
    if flag is not None and flag.asks_whose:
        asked = "Please say whose name it is, then approve again."
    return f"{asked} Still open: “{statement}”" if statement else asked


def _not_allowable(view: RefusalView, about: Mapping[str, str]) -> str:
    clause = about.get("clause", "")
    policy = view.pack.clauses.get(clause, "") if view.pack is not None else ""
    because = f" {policy}." if policy else ""
    return f"Nobody can allow this, not even once.{because} Please change the post instead."


def _declined(view: RefusalView, about: Mapping[str, str]) -> str:
    who = person(view, PersonId(about.get("person", "")))
    return (
        f"{capital(who)} has said no to this. Please change what is marked, then send it again. "
        "You can ask about the new words."
    )


def _no_second(view: RefusalView, about: Mapping[str, str]) -> str:
    return (
        "Two people must say yes, and nobody else can approve for this page. "
        f"{capital(_head(view, about))} can name another moderator."
    )


def _no_head(view: RefusalView, about: Mapping[str, str]) -> str:
    return (
        "This needs the headteacher's yes, and nobody else can give it. "
        f"{capital(_head(view, about))} can name an acting headteacher."
    )


def _already_said(view: RefusalView, _: Mapping[str, str]) -> str:
    """A yes is stored once, in one capacity: it doesn't become the head's when somebody stands in.

    The way on is a new version, or the head who is away.
    """
    plain, post, rights = "You have already said this. Nothing changed.", view.post, view.rights
    if post is None or view.viewer is None or not post.revision.needs.head:
        return plain
    said = {approval.person for approval in post.approvals}
    given = any(approval.as_head for approval in post.approvals)
    if given or view.viewer not in said or not rights.acts_as_head(view.viewer, post.authors):
        return plain
    head = rights.head()
    able = head is not None and head != view.viewer and head not in post.authors
    instead = f"{capital(with_role(view, head))} can say it; or " if head and able else "Please "
    return (
        "You said yes before you stood in for the headteacher, and nobody says yes to the same "
        f"version twice. {instead}ask {_authors(view)} to change something, and say yes to that."
    )


def _too_few(view: RefusalView, _: Mapping[str, str]) -> str:
    return f"It still needs another yes. {_somebody_else(view)}"


def _right_lost(view: RefusalView, about: Mapping[str, str]) -> str:
    who = person(view, PersonId(about.get("person", "")))
    return f"{capital(who)} said yes and no longer approves for this page. It needs a fresh look."


_SENTENCES: Mapping[Refusal, Sentence] = {
    Refusal.UNKNOWN_PERSON: _plain(
        "I don't know you yet, so nothing happened. Please ask the school office to add you."
    ),
    Refusal.MUST_ACCEPT: _plain(
        "Before you write or approve posts, please read and accept the policy: type "
        "/schoolgate policy. Nothing is lost: then press here again."
    ),
    Refusal.NOT_A_PROPOSER: _not_a_proposer,
    Refusal.NOT_AN_APPROVER: _not_an_approver,
    Refusal.NOT_AN_AUTHOR: _not_an_author,
    Refusal.NOT_THE_HEAD: _not_the_head,
    Refusal.NOT_A_POSTER: _not_a_poster,
    Refusal.MAY_NOT_STOP: _may_not_stop,
    Refusal.OWN_POST: _own_post,
    Refusal.EDITED_BY_YOU: _edited_by_you,
    Refusal.NOT_YOUR_VETO: _their_veto,
    Refusal.UNKNOWN_POST: _plain(UNKNOWN),
    Refusal.ALREADY_PROPOSED: _plain(
        "This was saved when you sent it before. What you changed in it since isn't saved: please "
        "open that post and correct it, so that there is only one."
    ),
    Refusal.CLOSED: _closed,
    Refusal.STALE_VERSION: _plain(
        "The words changed after you opened this. Nothing changed. "
        "Please read the newest version, then decide."
    ),
    Refusal.EXPIRED: _expired,
    Refusal.ALREADY_SAID: _already_said,
    Refusal.TAKEN: _taken,
    Refusal.SAME_WORDS: _plain(
        "Nothing in it is different yet. Please change what was asked for, then send it again."
    ),
    Refusal.NO_VETO: _plain("That no has already been taken back. Nothing changed."),
    Refusal.EMPTY_TEXT: _plain("There are no words in it yet. Please write what it should say."),
    Refusal.TEXT_TOO_LONG: _too_long,
    Refusal.NO_ACCOUNT: _plain("It doesn't say where to go yet. Please choose a page."),
    Refusal.UNKNOWN_ACCOUNT: _plain(UNKNOWN_PAGE),
    Refusal.CLOSED_ACCOUNT: _closed_account,
    Refusal.SCHOOLS_MIXED: _plain(
        "These pages belong to different schools. Please write one post for each school."
    ),
    Refusal.TOO_MANY_PICTURES: _too_many,
    Refusal.TOO_MANY_VIDEOS: _plain("A post takes one video. Please leave the others out."),
    Refusal.UNKNOWN_PICTURE: _plain("One of the pictures didn't arrive. Please add it again."),
    Refusal.UNKNOWN_PUPIL: _plain(
        "Somebody whom you named isn't on the school's lists. Please choose again who is in it."
    ),
    Refusal.NO_REASON: _plain("Please say why, in a few words. It helps whoever reads it."),
    Refusal.REASON_TOO_LONG: _reason_too_long,
    Refusal.BAD_ADDRESS: _plain(
        "That isn't a web address. Please copy it from the post; it begins with https."
    ),
    Refusal.TIME_PAST: _plain(
        "That time has passed. Please choose a later one, or leave it empty."
    ),
    Refusal.TIME_TOO_FAR: _plain("That is more than a year away. Please choose an earlier time."),
    Refusal.VETO_STANDS: _their_veto,
    Refusal.UNCONFIRMED: _unconfirmed,
    Refusal.BLOCKED: _plain(
        "This can't go out yet. The card says why, and its author can change it."
    ),
    Refusal.NO_SUCH_FINDING: _plain("That point is settled already. Nothing changed."),
    Refusal.NOT_ALLOWABLE: _not_allowable,
    Refusal.ALREADY_ASKED: _plain(
        "The headteacher has been asked about this already. You will hear the answer here."
    ),
    Refusal.DECLINED: _declined,
    Refusal.NO_SECOND_PERSON: _no_second,
    Refusal.NO_HEADTEACHER: _no_head,
    Refusal.TOO_FEW_YES: _too_few,
    Refusal.HEAD_NEEDED: _plain("The headteacher has to say yes to this as well."),
    Refusal.RIGHT_LOST: _right_lost,
    Refusal.HELD: _plain(
        "All posts are paused just now. This one goes out when posts are started again."
    ),
}

_SENT_BACK: Mapping[str, str] = {
    Refusal.UNKNOWN_PICTURE: "A picture could no longer be shown when this was checked again.",
    Refusal.BLOCKED: "When this was checked again, something stood in the way.",
    Refusal.UNCONFIRMED: "When this was checked again, there was something new to look at.",
    Refusal.OWN_POST: "Somebody who said yes had also written a part of it.",
    Refusal.RIGHT_LOST: "Somebody who said yes no longer approves for this page.",
    Refusal.STALE_VERSION: "The words changed after somebody said yes, so it needs a fresh look.",
    Refusal.VETO_STANDS: "Somebody said no, and that stands.",
    Refusal.CLOSED_ACCOUNT: "A page that this was meant for has been closed.",
    Refusal.TOO_FEW_YES: "A yes was missing when this should have gone out.",
    Refusal.HEAD_NEEDED: "Something was found that needs the headteacher's yes as well.",
    Refusal.HELD: "All posts were paused when this should have gone out.",
}

_UNUSABLE: Mapping[Unusable, str] = {
    Unusable.NOT_A_PICTURE: (
        "This file isn't a picture I can read. Please send it as a JPEG, PNG, WebP or HEIC picture."
    ),
    Unusable.TOO_MANY_BYTES: "This picture is larger than 40 MB. Please send a smaller copy.",
    Unusable.TOO_MANY_PIXELS: "This picture has too many pixels. Please send a smaller copy.",
    Unusable.DAMAGED: "This picture is damaged and can't be opened. Please send it again.",
    Unusable.TOO_SLOW: "This picture took too long to open. Please send a smaller copy.",
    Unusable.ANIMATED: "This picture moves. Please send a still picture instead.",
    Unusable.NOT_A_VIDEO: (
        "This file isn't a video that can go out. Please send it as an MP4 or a MOV with pictures."
    ),
    Unusable.VIDEO_TOO_LARGE: "This video is larger than 200 MB. Please send a shorter one.",
    Unusable.VIDEO_DAMAGED: (
        "This video is damaged, or its end is missing. Please send it again as an MP4."
    ),
    Unusable.VIDEO_IN_FRAGMENTS: (
        "This video is made for streaming, so it can't be made clean. Please save it as a plain "
        "MP4 and send that."
    ),
    Unusable.VIDEO_PROTECTED: (
        "This video is protected, so nobody could watch it beforehand. Please send one that isn't."
    ),
    Unusable.VIDEO_ELSEWHERE: (
        "The pictures or the sound of this video are in another file. Please save it as one MP4."
    ),
    Unusable.VIDEO_HIDES_PARTS: (
        "Parts of this video were cut off, but are still in the file. Please export it as a new "
        "MP4 and send that."
    ),
    Unusable.VIDEO_TOO_INTRICATE: (
        "This video is put together in a way that can't be made clean. Please export it as a new "
        "MP4 and send that."
    ),
    Unusable.VIDEO_SOUND: (
        "The sound of this video is of a kind that can't be read. Please export it as a new MP4 "
        "and send that."
    ),
}
