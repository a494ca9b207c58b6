"""Every word about a report. Nothing leaves out what to do for a child in danger now."""

from moderation.incidents.present.answers import again, done, refusal, unreadable
from moderation.incidents.present.cards import card, please_ring, words
from moderation.incidents.present.forms import CHILD_IN_DANGER, form
from moderation.incidents.present.speech import EMERGENCY


__all__ = [
    "CHILD_IN_DANGER",
    "EMERGENCY",
    "again",
    "card",
    "done",
    "form",
    "please_ring",
    "refusal",
    "unreadable",
    "words",
]
