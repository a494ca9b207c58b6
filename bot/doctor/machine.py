"""The machine: its ports, its clock, and whether it can start the process that opens pictures."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from adapters.images.inspector import CannotInspect, SubprocessInspector
from bot.doctor.model import Problem, error, from_sentences, warning
from bot.faults import CannotListen
from bot.health_command import Heard, ask
from bot.lifecycle import listening
from moderation.ports import Unusable


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings

DOT: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
"""A PNG of one grey pixel."""
BUILT: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock can be right that is before this program was written."""
SKEW: Final = timedelta(seconds=5)
AHEAD: Final = timedelta(minutes=2)
SET_THE_CLOCK: Final = "Switch on the machine's time service (NTP), and look at its time zone."


NO_READER: Final = warning(
    "reader",
    "Words in pictures aren't read, so a name on a certificate goes unseen; the cards say so.",
    "Install tesseract with its English data (Debian: tesseract-ocr), and start again.",
)


async def pictures(inspector: SubprocessInspector | None = None) -> tuple[Problem, ...]:
    """Whether a picture can be opened in a process of its own, and the words in it be read."""
    looker = inspector or SubprocessInspector()
    try:
        seen = await looker.inspect(DOT)
    except (CannotInspect, OSError):
        seen = Unusable.DAMAGED
    if not isinstance(seen, Unusable):
        return () if looker.reader else (NO_READER,)
    return (
        warning(
            "pictures",
            "The process that looks at pictures can't be started, so posts with pictures wait.",
            "Allow this user another process and 512 MB of memory; a container may forbid it.",
        ),
    )


def ports(settings: Settings) -> tuple[Problem, ...]:
    """Whether ours are free. Where Schoolgate itself answers there, it runs: then that is right."""
    listen, place = settings.listen, settings.metrics.place
    busy = _busy(listen.host, listen.port)
    heard = None if busy is None or not listen.port else ask(listen)
    found: list[Problem] = []
    if busy is not None and (heard is None or heard.heard is not Heard.SCHOOLGATE):
        found += from_sentences("port", (str(busy),), "Choose another port.")
    if heard is not None and heard.heard is Heard.SCHOOLGATE and heard.said:
        found.append(warning("not_ready", heard.said, "Its log says since when, and why."))
    running = heard is not None and heard.heard is Heard.SCHOOLGATE
    wrong = None if place is None or running else _busy(*place)
    if wrong is not None:
        found += from_sentences("metrics_port", (str(wrong),), "Choose another port.")
    return tuple(found)


def _busy(host: str, port: int) -> CannotListen | None:
    try:
        listening(host, port).close()
    except CannotListen as wrong:
        return wrong
    return None


def clock(
    now: datetime, *, newest: datetime | None, database: datetime | None
) -> Iterator[Problem]:
    """``newest`` is when the record's last line was written, ``database`` what its clock says."""
    if now < BUILT:
        said = f"This machine's clock says {now:%-d %B %Y}."
        yield error("clock", said, SET_THE_CLOCK)
        return
    if newest is not None and newest - now > AHEAD:
        said = "The record's newest line lies ahead of this machine's clock."
        yield warning("clock", said, SET_THE_CLOCK)
    if database is not None and abs(database - now) > SKEW:
        apart = abs(database - now).total_seconds()
        said = f"This machine's clock and the database's are {apart:.0f} seconds apart."
        yield warning("clock", said, SET_THE_CLOCK)
