"""What a run counted, in Markdown: the bars, then each table, the worst first in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.flagged import FOLDED, PLAIN, SLIPS
from evaluation.model import Half, Share
from evaluation.score import total
from evaluation.statistics import wilson


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evaluation.score import Pairs, Row, Score

HEAD = """# Accuracy

Written by `make evaluate`; don't edit. All of it was measured on invented schools and on sentences
written for this: the figures say what happens **on our own set**, not in schools. No real post, no
published collection and no real pupil's name went into it. How it is made and run:
`evaluation/README.md`.
"""

UNCOVERED = """## What is not covered

No figure here says anything about these; the people who approve look for them.

- Hatred that is only implied, irony, sarcasm, private jokes and dog whistles.
- Whether an accusation is true. A person decides, always.
- Handwriting, and text in a picture that can't be read; F22 gives the checks words as read, with
  the usual mistakes.
- What a picture or a video shows; who is in it.
- Languages other than English, and names in a script of their own.
- Real posts. The sentences are one author's; schools write otherwise.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A figure that the checks are held to."""

    what: str
    target: str
    measured: str
    passed: bool


def percent(share: Share) -> str:
    """``98.3 %``, or a dash for nothing."""
    return f"{100 * share.rate:.1f} %" if share.of else "–"


def sure(share: Share) -> str:
    """With its interval: ``98.3 % (95.8–99.3)``."""
    low, high = wilson(share)
    return f"{percent(share)} ({100 * low:.1f}–{100 * high:.1f})" if share.of else "–"


def bars(score: Score) -> tuple[Bar, ...]:
    """The issue's figures beside ours. A bar is passed where the figure itself reaches it."""
    quiet = total(row.blocked for row in score.must_not)
    trust = total(row.trust_blocked for row in score.must_not)
    flags = Share(hits=dict(score.post_flags).get("names", 0), of=score.posts)
    private = {row.id: row for row in score.private}
    explicit = total(
        [
            *(row.found for row in score.pairs if row.group == "explicit"),
            *(private[one].found for one in ("mobile", "landline", "postcode", "mailbox", "mail")),
            *(private[one].found for one in ("link", "short_link", "bad_link")),
        ]
    )
    false = total(
        [
            private["innocent"].false,
            *(row.false for row in score.pairs if row.group == "explicit"),
        ]
    )
    groups = {
        group: total(row.found for row in score.pairs if row.group == group)
        for group in ("threat", "attack")
    }
    friendly = total(row.false for row in score.pairs if row.group in {"identity", "hate"})
    return (
        _least("full names, plain forms (F1–F6, F8, F10) blocked", 99.5, score.pooled(PLAIN)),
        _least(
            "folded, handle, initial, half, known-as (F7, F9, F11–F14, F17) as asked",
            98,
            score.pooled(FOLDED),
        ),
        _least(
            "figures, slips, spelt otherwise, lists, split (F15, F16, F18, F20, F21) noticed",
            97,
            score.pooled(SLIPS),
        ),
        _least("first name alone, no word of English", 99, score.first_plain),
        _least("first name alone, also a word", 85, score.first_ambiguous),
        _most("false blocks, must-not-flag, own school of 1,500", 0.1, quiet),
        _most("false blocks, must-not-flag, trust of 30,000", 0.3, trust),
        _most("name flags on ordinary posts, roster of 1,500", 2, flags),
        Bar(
            what="gap in recall between name origins",
            target="≤ 1 point",
            measured=f"{100 * score.gap:.1f} points",
            passed=score.gap <= 0.01,  # noqa: PLR2004  the bar
        ),
        _least("explicit profanity, slurs, phone, postcode, e-mail, links", 98, explicit),
        _most("the same, false", 0.2, false),
        _least("threats noticed", 85, groups["threat"]),
        _least("personal attacks noticed", 80, groups["attack"]),
        _most("taken for something to remove, ordinary posts", 1, score.attacks_on_posts),
        _most("a group's name in a friendly sentence, false", 0, friendly),
        Bar(
            what="all text checks, 280 characters, trust of 30,000, processor time of 99 in 100",
            target="≤ 3 ms",
            measured=f"{score.milliseconds:.1f} ms",
            passed=score.milliseconds <= 3,  # noqa: PLR2004  the bar
        ),
    )


def _least(what: str, target: float, share: Share) -> Bar:
    return Bar(
        what=what,
        target=f"≥ {target:g} %",
        measured=f"{sure(share)}, n = {share.of:,}",
        passed=bool(share.of) and 100 * share.rate >= target,
    )


def _most(what: str, target: float, share: Share) -> Bar:
    return Bar(
        what=what,
        target=f"≤ {target:g} %",
        measured=f"{sure(share)}, n = {share.of:,}",
        passed=bool(share.of) and 100 * share.rate <= target,
    )


def page(scores: Sequence[Score], measured: str) -> str:
    """The whole page. ``measured`` tells when, on which commit, where, and at what size."""
    lines = [HEAD, f"{measured}\n"]
    for score in scores:
        lines += _half(score)
    return "\n".join([*lines, UNCOVERED])


def _half(score: Score) -> list[str]:
    titles = {
        Half.SCORED: "The scored half: what the checks are judged by",
        Half.DEVELOPMENT: "The development half: what the checks may be tuned on",
    }
    lines = [f"## {titles[score.half]}", "", *_bars(score)]
    lines += ["### Pupils named: flagged or blocked as asked", "", *_must(score)]
    lines += ["### No pupil named: false alarms", "", *_must_not(score)]
    lines += ["### By origin of the name", "", *_origins(score)]
    lines += ["### Content: minimal pairs", "", *_pairs(score.pairs, "a functionality")]
    lines += ["### Private information and links", "", *_pairs(score.private, "what")]
    lines += ["### Ordinary posts and comments", "", *_posts(score)]
    return lines


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        "|" + "---|" * len(head),
        *(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows),
        "",
    ]


def _bars(score: Score) -> list[str]:
    told = bars(score)
    rows = [
        (one.what, one.target, one.measured, "passed" if one.passed else "**missed**")
        for one in told
    ]
    return _table(("what", "at least / at most", "measured (95 %)", ""), rows)


def _must(score: Score) -> list[str]:
    head = ("category", "n", "as asked (95 %)", "noticed", "well marked", "trust: noticed",
            "word-names: noticed", *score.columns)  # fmt: skip
    worst = sorted(score.must, key=lambda row: (row.met.rate, row.id))
    rows = [
        (
            f"{row.id} {row.title} ({row.wanted})",
            str(row.met.of),
            sure(row.met),
            percent(row.noticed),
            percent(row.marked),
            percent(row.trust_noticed),
            percent(row.words_noticed),
            *map(percent, row.others),
        )
        for row in worst
    ]
    mean = sum(row.met.rate for row in score.must) / len(score.must)
    worst_of = f"{worst[0].id} {worst[0].title}, {percent(worst[0].met)}"
    return [
        *_table(head, rows),
        f"Worst category: {worst_of}.",
        f"Mean of the categories: {100 * mean:.1f} %. F5 of what is noticed: {score.f5:.3f}.",
        "",
    ]


def _must_not(score: Score) -> list[str]:
    head = ("category", "n", "blocked (95 %)", "noticed (95 %)", "trust: blocked", "trust: noticed",
            "word-names: blocked", "word-names: noticed", *score.columns)  # fmt: skip
    worst = sorted(score.must_not, key=lambda row: (-row.blocked.rate, -row.noticed.rate))
    return _table(head, (_false(row) for row in worst))


def _false(row: Row) -> tuple[str, ...]:
    return (
        f"{row.id} {row.title}",
        str(row.met.of),
        sure(row.blocked),
        sure(row.noticed),
        percent(row.trust_blocked),
        percent(row.trust_noticed),
        percent(row.words_blocked),
        percent(row.words_noticed),
        *map(percent, row.others),
    )


def _origins(score: Score) -> list[str]:
    worst = sorted(score.origins, key=lambda pair: pair[1].rate)
    rows = ((origin.replace("_", " "), str(told.of), sure(told)) for origin, told in worst)
    return _table(("origin", "n", "F1–F14 and F17 as asked (95 %)"), rows)


def _pairs(listed: Sequence[Pairs], what: str) -> list[str]:
    worst = sorted(listed, key=lambda row: (row.found.rate if row.found.of else 2, row.id))
    rows = (
        (
            row.title.replace(" | ", " · "),
            f"{row.found.of + row.false.of}",
            sure(row.found),
            sure(row.false),
        )
        for row in worst
    )
    return _table((what, "n", "found (95 %)", "falsely found (95 %)"), rows)


def _posts(score: Score) -> list[str]:
    rows = [(check, f"{100 * count / score.posts:.1f}") for check, count in score.post_flags]
    lines = _table(("check", "posts flagged or blocked, of 100 ordinary ones"), rows)
    said = (
        f"{score.posts} posts. Comments without a fault that were noticed: {sure(score.remarks)}."
    )
    return [*lines, f"{said} Alt text and confidentiality ask for a confirmation by design.", ""]
