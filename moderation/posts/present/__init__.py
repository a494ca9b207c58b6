"""Every word about posts: cards, private messages, refusals. Pure functions from data to views."""

from moderation.posts.present.answers import AGAIN, done, picture_note
from moderation.posts.present.cards import PICTURES_UNSEEN, card, without_approval
from moderation.posts.present.findings import marks_of, preview_groups, preview_stops
from moderation.posts.present.handout import ready
from moderation.posts.present.history import history
from moderation.posts.present.lists import drafts, queue
from moderation.posts.present.notices import decides_as_head, notice, notice_is_for, notice_lasts
from moderation.posts.present.refusals import refusal, unusable
from moderation.posts.present.who import who_is_in


__all__ = [
    "AGAIN",
    "PICTURES_UNSEEN",
    "card",
    "decides_as_head",
    "done",
    "drafts",
    "history",
    "marks_of",
    "notice",
    "notice_is_for",
    "notice_lasts",
    "picture_note",
    "preview_groups",
    "preview_stops",
    "queue",
    "ready",
    "refusal",
    "unusable",
    "who_is_in",
    "without_approval",
]
