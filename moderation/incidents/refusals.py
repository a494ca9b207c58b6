"""Why something about a report is refused; ``present`` has a sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    # writing one
    STRANGER = "stranger"
    """Nobody we know, or nobody who is at a school today."""
    WHICH_SCHOOL = "which_school"
    """They are at several schools and chose none, or one that isn't theirs."""
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    """``limit`` is how many characters there may be."""
    NO_SUCH_ACCOUNT = "no_such_account"
    NO_SUCH_PERSON = "no_such_person"
    """Somebody named isn't in the school's list: leaving them out might ask them."""
    SENT_ALREADY = "sent_already"
    # answering one
    NO_SUCH_REPORT = "no_such_report"
    """There is none, or it is none of the reader's business: both sound alike."""
    OWN_REPORT = "own_report"
    NO_LONGER = "no_longer"
    """The role for which they were asked has been taken from them."""
    SOMEBODY_HAS_IT = "somebody_has_it"
    FINISHED = "finished"
    TAKE_IT_FIRST = "take_it_first"
    ONLY_THE_TIMER = "only_the_timer"
