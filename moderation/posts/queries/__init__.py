"""Questions about posts. Who may see what is decided here; wording is ``present``'s."""

from moderation.posts.queries.views import (
    Conflict,
    Initials,
    PicturedPupil,
    PostPage,
    PostView,
    QueuePage,
    RefusalView,
    Surroundings,
    Target,
)


__all__ = [
    "Conflict",
    "Initials",
    "PicturedPupil",
    "PostPage",
    "PostView",
    "QueuePage",
    "RefusalView",
    "Surroundings",
    "Target",
]
