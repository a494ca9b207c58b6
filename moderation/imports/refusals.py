"""Why an import, or an answer to one, is refused; ``present`` has a sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    # the file
    CLOSES_MANY = "closes_many"
    """``count`` pupils would leave, ``schools`` says where: repeat the number to go on."""
    CLOSING_DIFFERS = "closing_differs"
    """``given`` pupils were expected to leave and ``count`` would."""
    IDENTITY_TAKEN = "identity_taken"
    """``person`` would have a chat identity on ``platform`` that is ``owner``'s."""
    UNKNOWN_PERSON = "unknown_person"
    """``account`` would give rights to ``person``, who is nobody we know."""
    NEVER_APPROVES = "never_approves"
    """``account`` would have ``person`` as a moderator, who is nothing but ``role`` there."""
    UNKNOWN_PUPIL = "unknown_pupil"
    """``count`` pupils are not on the roll any more."""
    ONLY_THE_OPERATOR = "only_the_operator"
    # somebody's yes
    NO_SUCH_CONFIRMER = "no_such_confirmer"
    """``person`` was named as having confirmed, and is nobody we know."""
    NOT_ENTITLED = "not_entitled"
    """``person`` may not say yes here; ``who`` may, ids separated by spaces."""
    GAINS_BY_IT = "gains_by_it"
    """``person`` would gain by it; ``who`` may say yes instead."""
    # a card
    UNKNOWN_READER = "unknown_reader"
    NO_SUCH_IMPORT = "no_such_import"
    NOT_WAITING = "not_waiting"
    """``state`` is what it is now."""
    CHANGED_SINCE = "changed_since"
    ALREADY_SAID = "already_said"
    REPLACED = "replaced"
    ONLY_THE_TIMER = "only_the_timer"
