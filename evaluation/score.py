"""Runs the cases of one half and counts: by category, by origin, and on ordinary posts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from time import thread_time
from typing import TYPE_CHECKING

from evaluation.asking import Asked
from evaluation.baselines import baselines
from evaluation.content import content_cases, functionalities, ordinary, remarks
from evaluation.flagged import CHECKS, FOLDED, MUST_FLAG, PLAIN, named_cases
from evaluation.model import Case, Concern, Half, Share, Verdict, Want
from evaluation.names import names_of
from evaluation.private import TITLES, private_cases
from evaluation.quiet import MUST_NOT_FLAG, quiet_cases
from evaluation.roster import school, traps, words_only
from evaluation.statistics import f_beta
from moderation.checks.model import Severity


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from moderation.policies.model import Pack

SIZES = {"quick": 12, "ci": 60, "full": 240}
"""Cases for each category, by the environment's SIZE."""
SCHOOL, TRUST = 1_500, 30_000
SEED = 20260914
NONE = Share()
TYPICAL = 280
"""Characters of a post whose time is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One category. ``met``: as asked; the others: flagged or blocked, blocked, well marked."""

    id: str
    title: str
    wanted: str
    met: Share
    noticed: Share
    blocked: Share
    marked: Share
    trust_noticed: Share = NONE
    trust_blocked: Share = NONE
    words_noticed: Share = NONE
    words_blocked: Share = NONE
    others: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """One functionality: found among the bad, wrongly found among the good."""

    id: str
    title: str
    group: str
    found: Share
    false: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All that a run counted."""

    half: Half
    columns: tuple[str, ...]
    must: tuple[Row, ...]
    must_not: tuple[Row, ...]
    origins: tuple[tuple[str, Share], ...]
    first_plain: Share
    first_ambiguous: Share
    pairs: tuple[Pairs, ...]
    private: tuple[Pairs, ...]
    posts: int
    post_flags: tuple[tuple[str, int], ...]
    remarks: Share
    attacks_on_posts: Share
    f5: float
    milliseconds: float

    def pooled(self, *bars: str) -> Share:
        """Cases that came out as asked, of the categories that belong to a bar."""
        chosen = {category.id for category in MUST_FLAG if category.bar in bars}
        return total(row.met for row in self.must if row.id in chosen)

    @property
    def gap(self) -> float:
        """Between the best and the worst origin, 0 to 1."""
        rates = [share.rate for _, share in self.origins]
        return max(rates) - min(rates) if rates else 0.0


def total(shares: Iterable[Share]) -> Share:
    """All of them as one."""
    return sum(shares, start=Share())


def share(verdicts: Iterable[bool]) -> Share:
    """How many of them hold."""
    told = list(verdicts)
    return Share(hits=sum(told), of=len(told))


def score(half: Half, each: int, *, pack: Pack | None = None, trust: int = TRUST) -> Score:
    """Ask everything of one half; ``each`` cases for each category, ``trust`` pupils in all."""
    names = names_of(half)
    pupils = school(names, SCHOOL, SEED)
    others = tuple(
        replace(pupil, key=f"trust-{pupil.key}")
        for pupil in school(names, max(trust - SCHOOL, 0), SEED + 1)
    )
    # The traps are on the roster, but no case says their names.
    all_ours = (*pupils, *traps(names))
    own, whole = Asked(half, all_ours, pack=pack), Asked(half, all_ours, others, pack=pack)
    wordy = words_only(names, SCHOOL, SEED)
    words = Asked(half, wordy, pack=pack)
    named = tuple(named_cases(half, pupils, each))
    quiet = tuple(quiet_cases(half, pupils, each))
    told = {case: own.verdict(case) for case in (*named, *quiet)}
    beside = tuple(baselines(pupils))
    seen = {case: tuple(other.notices(case) for other in beside) for case in told}
    by_trust = {case: whole.verdict(case) for case in told}
    by_words = {
        **{case: words.verdict(case) for case in named_cases(half, wordy, max(each // 4, 4))},
        **{case: words.verdict(case) for case in quiet if case.category not in _OF_A_SCHOOL},
    }
    rows = tuple(
        _row(category.id, category.title, category.want, told, by_trust, by_words, seen)
        for category in (*MUST_FLAG, *MUST_NOT_FLAG)
    )
    alone = [(case, told[case].noticed) for case in named if case.category == "F23"]
    wrong = sum(told[case].noticed for case in quiet if case.want is Want.PASS)
    found = sum(told[case].noticed for case in named)
    return Score(
        half=half,
        columns=tuple(other.title for other in beside),
        must=tuple(row for row in rows if row.id.startswith("F")),
        must_not=tuple(row for row in rows if row.id.startswith("N")),
        origins=_origins(named, told),
        first_plain=share(hit for case, hit in alone if case.group == "plain"),
        first_ambiguous=share(hit for case, hit in alone if case.group == "ambiguous"),
        pairs=_pairs(half, each, own),
        private=_private(half, each, own),
        posts=len(ordinary(half)),
        post_flags=_post_flags(half, own),
        remarks=_remarks(half, own),
        attacks_on_posts=_attacks(half, own),
        f5=f_beta(found=found, missed=len(named) - found, false=wrong),
        milliseconds=_slowest(half, whole),
    )


_OF_A_SCHOOL = frozenset({"N11", "N12", "N13"})
"""Categories whose cases name pupils of one school, so that they mean nothing for another."""


def _row(
    category: str,
    title: str,
    want: Want,
    told: dict[Case, Verdict],
    by_trust: dict[Case, Verdict],
    by_words: dict[Case, Verdict],
    seen: dict[Case, tuple[bool, ...]],
) -> Row:
    cases = [case for case in told if case.category == category]
    other = [verdict for case, verdict in by_words.items() if case.category == category]
    beside = zip(*(seen[case] for case in cases), strict=True)
    return Row(
        id=category,
        title=title,
        wanted=want,
        met=share(told[case].meets(case.want) for case in cases),
        noticed=share(told[case].noticed for case in cases),
        blocked=share(told[case].blocked for case in cases),
        marked=share(told[case].marked for case in cases if told[case].noticed),
        trust_noticed=share(by_trust[case].noticed for case in cases),
        trust_blocked=share(by_trust[case].blocked for case in cases),
        words_noticed=share(verdict.noticed for verdict in other),
        words_blocked=share(verdict.blocked for verdict in other),
        others=tuple(share(column) for column in beside),
    )


def _origins(named: Sequence[Case], told: dict[Case, Verdict]) -> tuple[tuple[str, Share], ...]:
    counted = {category.id for category in MUST_FLAG if category.bar in {PLAIN, FOLDED}}
    by: dict[str, list[bool]] = defaultdict(list)
    for case in named:
        if case.category in counted:
            by[case.origin].append(told[case].meets(case.want))
    return tuple((origin, share(met)) for origin, met in sorted(by.items()))


def _pairs(half: Half, each: int, asked: Asked) -> tuple[Pairs, ...]:
    verdicts = [(case, asked.verdict(case).noticed) for case in content_cases(half, each)]
    return tuple(
        Pairs(
            id=name,
            title=about["title"],
            group=about.get("group", "other"),
            found=share(v for c, v in verdicts if c.category == name and c.want is Want.NOTICE),
            false=share(v for c, v in verdicts if c.category == name and c.want is Want.PASS),
        )
        for name, about in functionalities().items()
    )


def _private(half: Half, each: int, asked: Asked) -> tuple[Pairs, ...]:
    verdicts = [(case, asked.verdict(case).noticed) for case in private_cases(half, each)]
    rows = [
        Pairs(
            id=name,
            title=title,
            group="private",
            found=share(v for c, v in verdicts if c.category == name),
            false=Share(),
        )
        for name, title in TITLES.items()
    ]
    innocent = share(v for c, v in verdicts if c.category == "innocent")
    rows.append(
        Pairs(id="innocent", title="What only looks so", group="", found=Share(), false=innocent)
    )
    return tuple(rows)


def _ordinary(text: str, *, comment: bool = False) -> Case:
    return Case(
        concern=Concern.CONTENT,
        category="ordinary",
        family="ordinary",
        want=Want.PASS,
        text=text,
        comment=comment,
        checks=_ALARMS,
    )


_ALARMS = CHECKS | {"removal_criteria", "private_information", "links", "opinion", "copyright"}
"""Checks that have nothing to say of an ordinary post. Others ask for a confirmation by design."""


def _post_flags(half: Half, asked: Asked) -> tuple[tuple[str, int], ...]:
    """Posts with a flag or block, by check; whatever is no name's counts by itself."""
    counted: Counter[str] = Counter()
    for text in ordinary(half):
        checks = {
            "names" if finding.check in CHECKS else str(finding.check)
            for finding in asked.findings(_ordinary(text))
            if finding.severity is not Severity.NOTE
        }
        counted.update(checks)
    return tuple(counted.most_common())


def _remarks(half: Half, asked: Asked) -> Share:
    return share(asked.verdict(_ordinary(text, comment=True)).noticed for text in remarks(half))


def _attacks(half: Half, asked: Asked) -> Share:
    """Ordinary posts that were taken for a threat, an attack or anything else to remove."""
    return share(
        any(
            finding.check == "removal_criteria" and finding.severity is not Severity.NOTE
            for finding in asked.findings(_ordinary(text))
        )
        for text in ordinary(half)
    )


def _slowest(half: Half, asked: Asked) -> float:
    """Milliseconds of the processor for all text checks of 280 characters, 99th percentile.

    The processor's own time: what else the machine does meanwhile is none of the checks' doing.
    """
    texts = ordinary(half)
    long = [f"{a} {b} {c} {d}"[:TYPICAL] for a, b, c, d in zip(*[iter(texts)] * 4, strict=False)]
    times = []
    for _ in range(5):
        for text in long:
            case = _ordinary(text)
            start = thread_time()
            asked.findings(case)
            times.append(thread_time() - start)
    return sorted(times)[int(len(times) * 0.99)] * 1000
