"""The card that counts, where many posts come at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.gallery import school as here
from bot.gallery.school import FACEBOOK, NOW, OKAFOR, ago
from moderation.kernel import Platform
from moderation.ports import Conversation
from moderation.tallies import present
from moderation.tallies.model import Tally, own, room
from moderation.tallies.queries import TallyView


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.gallery.posts import Made

ROOM: Final = room(Conversation(Platform.SLACK, f"C-{FACEBOOK}"))


def examples() -> Iterator[Made]:
    """In the account's conversation and to one person, while posts wait and when none does."""
    shared = TallyView(
        id=Tally(lane=ROOM, day=here.TODAY, number=1, due=NOW).id,
        version=40,
        day=here.TODAY,
        zone=here.LONDON,
        reader=None,
        came=40,
        waiting=25,
        oldest=ago(hours=4),
        first_out=NOW + timedelta(hours=3),
        asked=1,
    )
    over = replace(shared, waiting=0, oldest=None, first_out=None, asked=0)
    yield "many", "Many posts at once, in the account's channel", present.card(shared)
    yield "many-over", "None of them waits any more", present.card(over)
    private = Tally(lane=own(OKAFOR), day=here.TODAY, number=1, due=NOW)
    hers = replace(shared, id=private.id, reader=OKAFOR, came=38, waiting=22)
    done = replace(over, id=private.id, reader=OKAFOR, came=0)
    yield "many-for-you", "Many posts at once, to a moderator", present.card(hers)
    yield (
        "many-for-you-over",
        "None of them waits for her any more",
        present.card(replace(done, came=38)),
    )
    yield (
        "many-approved",
        "Many approved at once, to their author",
        present.card(replace(done, approved=12)),
    )
    yield (
        "many-unposted",
        "Many that nobody has posted yet, to a poster",
        present.card(replace(done, approved=2, unposted=9)),
    )
