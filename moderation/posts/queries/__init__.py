"""Questions about posts. Who may see what is decided here; wording is ``present``'s."""

from moderation.posts.queries.asking import (
    Declared,
    History,
    Mine,
    PostCard,
    Queue,
    ReadyCards,
    Targets,
    WhoIsIn,
    WhyNot,
    decidable_by,
    may_change,
    waiting_counts,
    why_not,
)
from moderation.posts.queries.reading import view_of
from moderation.posts.queries.seeing import Sight, sees_history, sight
from moderation.posts.queries.views import (
    Conflict,
    PicturedPupil,
    PostPage,
    PostView,
    QueuePage,
    RefusalView,
    Surroundings,
    Target,
    WhoPage,
)


__all__ = [
    "Conflict",
    "Declared",
    "History",
    "Mine",
    "PicturedPupil",
    "PostCard",
    "PostPage",
    "PostView",
    "Queue",
    "QueuePage",
    "ReadyCards",
    "RefusalView",
    "Sight",
    "Surroundings",
    "Target",
    "Targets",
    "WhoIsIn",
    "WhoPage",
    "WhyNot",
    "decidable_by",
    "may_change",
    "sees_history",
    "sight",
    "view_of",
    "waiting_counts",
    "why_not",
]
