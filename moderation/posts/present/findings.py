"""What the checks found, worded: marks in the text, and one line for each point."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from moderation.checks.model import Check, Severity
from moderation.checks.staff_pictures import OF_STAFF
from moderation.posts.model import State
from moderation.posts.present.speech import field_words
from moderation.views import FindingLine, Findings, Mark, Tone
from moderation.words import count


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.checks.model import Finding
    from moderation.policies.model import Pack
    from moderation.posts.model import Content, Post
    from moderation.posts.queries.views import PostView


CANNOT_GO_OUT = "This can't go out yet"
PLEASE_CHECK = "Please check"
CHECKED = "Checked before the yes"
ALLOWED = "Allowed this once"
GOOD_TO_KNOW = "Good to know"


def finding_groups(post: Post, view: PostView) -> Iterator[Findings]:
    """The groups that hold something, what stops the post first."""
    blocks = post.blocks
    allowed = [
        item
        for item in post.findings
        if item.severity is Severity.BLOCK and item.key in post.allowed
    ]
    notes = [item for item in post.findings if item.severity is Severity.NOTE]
    checked = post.state in {State.APPROVED, State.RELEASED, State.PUBLISHED, State.WITHDRAWN}
    for title, found, tone in (
        (CANNOT_GO_OUT, blocks, Tone.STOPPED),
        (CHECKED, post.flags, Tone.DONE) if checked else (PLEASE_CHECK, post.flags, Tone.CARE),
        (ALLOWED, allowed, Tone.DONE),
        (GOOD_TO_KNOW, notes, Tone.WAITING),
    ):
        if found:
            yield Findings(title=title, lines=lines(found, post.content, view.pack, tone))


def preview_groups(
    found: tuple[Finding, ...], content: Content, pack: Pack
) -> tuple[Findings, ...]:
    """The groups for words that nobody has proposed yet."""
    of = {
        Severity.BLOCK: (CANNOT_GO_OUT, Tone.STOPPED),
        Severity.FLAG: (PLEASE_CHECK, Tone.CARE),
        Severity.NOTE: (GOOD_TO_KNOW, Tone.WAITING),
    }
    groups: list[Findings] = []
    for severity, (title, tone) in of.items():
        chosen = [item for item in found if item.severity is severity]
        if chosen:
            groups.append(Findings(title=title, lines=lines(chosen, content, pack, tone)))
    return tuple(groups)


PUPILS = "pupils"
"""The field in which whoever writes a post says who is in its pictures."""
COLLEAGUES = "colleagues"
"""The one beside it, for those who work there."""


def preview_stops(
    found: tuple[Finding, ...], content: Content, pack: Pack
) -> Iterator[tuple[str, FindingLine]]:
    """The points that would stop it, each behind the name of the field that it lies in.

    Fields are those of :class:`~moderation.checks.model.Draft`, :data:`PUPILS` and
    :data:`COLLEAGUES`.
    """
    for several in points(item for item in found if item.severity is Severity.BLOCK):
        permission = several[0].check is Check.IMAGE_CONSENT
        whom = COLLEAGUES if several[0].category in OF_STAFF else PUPILS
        field = whom if permission else several[0].field
        yield field, _line(several, content, pack, Tone.STOPPED)


def lines(
    found: Iterable[Finding], content: Content, pack: Pack, tone: Tone
) -> tuple[FindingLine, ...]:
    """One line for each point, in the order of the text."""
    return tuple(_line(several, content, pack, tone) for several in points(found))


def _line(several: tuple[Finding, ...], content: Content, pack: Pack, tone: Tone) -> FindingLine:
    first = several[0]
    words, reason = field_words(first, content), first.reason
    if len(several) > 1:
        words, reason = _of_many(several, pack) or (words, reason)
    return FindingLine(
        words=words,
        reason=reason,
        policy=pack.clauses.get(first.clause, ""),
        clause=first.clause,
        tone=tone,
    )


def points(found: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """What is one point to a reader: many children without permission are one, not many.

    Whatever the headteacher could allow stands alone, because it is allowed alone.
    """
    grouped: dict[object, list[Finding]] = {}
    for item in in_order(found):
        apart = item.check is not Check.IMAGE_CONSENT or item.allowable or not item.about
        # The pupil stands first in what a permission is about, the network behind.
        network = item.about.partition(" ")[2]
        grouped.setdefault(item.key if apart else (item.rule, network), []).append(item)
    return tuple(map(tuple, grouped.values()))


def _of_many(several: tuple[Finding, ...], pack: Pack) -> tuple[str, str] | None:
    """Who, by initials and year, and the reason said once: "two of these children on Facebook"."""
    why = next((rule.why for rule in pack.rules if rule.id == several[0].rule), "")
    if ": {who}" not in why:
        return None
    head, _, tail = why.partition(": {who}")
    read = re.escape(head).replace(re.escape("{where}"), "(?P<where>.+)") + r": (?P<who>.+?)\.?"
    known = re.compile(read + re.escape(tail))
    found = [known.fullmatch(item.reason) for item in several]
    who = [match["who"] for match in found if match is not None]
    if len(who) != len(several) or found[0] is None:
        return None
    once = f"{head}{tail}".replace("one of these", f"{count(len(who))} of these")
    return "; ".join(who), once.format(where=found[0].groupdict().get("where", ""))


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """As the card lists them: the text from its beginning, then pictures and the post."""
    return sorted(found, key=_place)


def _place(item: Finding) -> tuple[bool, str, int]:
    return item.field != "text", item.field, -1 if item.start is None else item.start


def marks(post: Post) -> tuple[Mark, ...]:
    """Where the text needs attention: in order, never overlapping, the graver tone winning."""
    return marks_of(
        (item for item in post.findings if item.key not in post.allowed), post.content.text
    )


def marks_of(findings: Iterable[Finding], text: str) -> tuple[Mark, ...]:
    """The same for words that may not be a post yet."""
    length = len(text)
    spans = [
        (max(0, item.start), min(length, item.end), item.severity is Severity.BLOCK)
        for item in findings
        if item.field == "text"
        and item.start is not None
        and item.end is not None
        and item.severity is not Severity.NOTE
    ]
    edges = sorted({edge for start, end, _ in spans for edge in (start, end)})
    found: list[Mark] = []
    for start, end in pairwise(edges):
        over = [grave for first, last, grave in spans if first <= start and end <= last]
        if not over:
            continue
        tone = Tone.STOPPED if any(over) else Tone.CARE
        if found and found[-1].end == start and found[-1].tone is tone:
            found[-1] = Mark(found[-1].start, end, tone)
        else:
            found.append(Mark(start, end, tone))
    return tuple(found)
