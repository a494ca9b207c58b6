"""Why something asked of a post is refused. ``present`` has a plain sentence for each code.

The two-person rules are numbered R1 to R12 in ``docs/two-person-rule.md``:

    R1  OWN_POST            an approver is no author of any part, judged by the person
    R2  NOT_AN_APPROVER     a moderator of every account (or the head) at the moment of the click
    R3  STALE_VERSION       a yes binds to the exact version that the person saw
    R4  EDITED_BY_YOU       an approver who edits becomes an author
    R5  VETO_STANDS         one no stands until its owner lifts it or the head overrides it
    R6  EXPIRED             silence is a no
    R7  SAME_WORDS          a post that was sent back needs a real change
    R8  NO_SECOND_PERSON, NO_HEADTEACHER   nobody left to say yes is said, never passed over
    R9  (no code)           no command overrides the need for two people, for anybody
    R10 (people room)       changing who may approve takes two people
    R11 CLOSED, ALREADY_SAID, UNKNOWN_POST   a late, double or forged click changes nothing
    R12 (card)              another post near the same time is shown on both cards
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes. ``about`` of the reason holds the ids named here in brackets."""

    # who is asking
    UNKNOWN_PERSON = "unknown_person"
    NOT_A_PROPOSER = "not_a_proposer"  # [account]
    NOT_AN_APPROVER = "not_an_approver"
    NOT_AN_AUTHOR = "not_an_author"
    NOT_THE_HEAD = "not_the_head"  # [head] where there is one
    NOT_A_POSTER = "not_a_poster"  # [account]
    MAY_NOT_STOP = "may_not_stop"
    MUST_ACCEPT = "must_accept"
    OWN_POST = "own_post"
    EDITED_BY_YOU = "edited_by_you"
    NOT_YOUR_VETO = "not_your_veto"  # [person]

    # which post, which version
    UNKNOWN_POST = "unknown_post"
    ALREADY_PROPOSED = "already_proposed"
    CLOSED = "closed"  # [state]
    STALE_VERSION = "stale_version"
    EXPIRED = "expired"
    ALREADY_SAID = "already_said"
    TAKEN = "taken"  # [person]
    SAME_WORDS = "same_words"
    NO_VETO = "no_veto"

    # what it says
    EMPTY_TEXT = "empty_text"
    TEXT_TOO_LONG = "text_too_long"  # [account, limit, length]
    NO_ACCOUNT = "no_account"
    UNKNOWN_ACCOUNT = "unknown_account"  # [account]
    CLOSED_ACCOUNT = "closed_account"  # [account]
    SCHOOLS_MIXED = "schools_mixed"
    TOO_MANY_PICTURES = "too_many_pictures"  # [limit]
    TOO_MANY_VIDEOS = "too_many_videos"
    UNKNOWN_PICTURE = "unknown_picture"
    UNKNOWN_PUPIL = "unknown_pupil"
    NO_REASON = "no_reason"
    REASON_TOO_LONG = "reason_too_long"  # [limit]
    BAD_ADDRESS = "bad_address"
    TIME_PAST = "time_past"
    TIME_TOO_FAR = "time_too_far"

    # what stands in the way
    VETO_STANDS = "veto_stands"  # [person]
    UNCONFIRMED = "unconfirmed"  # [finding]
    BLOCKED = "blocked"
    NO_SUCH_FINDING = "no_such_finding"
    NOT_ALLOWABLE = "not_allowable"  # [clause]
    ALREADY_ASKED = "already_asked"
    DECLINED = "declined"  # [person]
    NO_SECOND_PERSON = "no_second_person"  # [head] where there is one
    NO_HEADTEACHER = "no_headteacher"  # [trust_lead] where there is one
    TOO_FEW_YES = "too_few_yes"
    HEAD_NEEDED = "head_needed"
    RIGHT_LOST = "right_lost"  # [person]
    HELD = "held"
