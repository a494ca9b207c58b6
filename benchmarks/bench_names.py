"""What the name check costs, as ratios: a machine's speed falls out of them.

    python -m benchmarks.bench_names [--posts 400]

Prints how the cost of a post grows with the roster (1,500 to 300,000 pupils: it shouldn't) and with
its own length (in proportion), and how long a roster takes to be built. Beside it in the same run,
where they are installed (``make evaluate`` installs them): a bare Aho-Corasick automaton and
Presidio's recogniser for a list, both of which know the exact full names and nothing else.
"""

from __future__ import annotations

import argparse
import random
from functools import partial
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from moderation.checks.model import PupilName
from moderation.checks.names.find import find_names
from moderation.checks.names.roster import Roster
from moderation.kernel import PupilKey


if TYPE_CHECKING:
    from collections.abc import Callable


SMALL, LARGE, LARGEST = 1_500, 30_000, 300_000
STARTS = ("Al", "Ba", "Ce", "Da", "El", "Fa", "Ga", "Ha", "Is", "Ja", "Ka", "La", "Ma", "Na", "Om")
MIDDLES = ("la", "mi", "ro", "sa", "ne", "di", "ku", "ta", "bo", "ri", "ve", "fa")
ENDS = ("na", "ra", "lia", "ton", "son", "ki", "dev", "ah", "mar", "wick", "man", "a", "o", "is")
SENTENCES = (
    "Well done to {} for a week of kind words in the hall.",
    "Year 4 planted beans and will measure them until May.",
    "Thank you to everybody who came to the summer fair on Saturday!",
    "We hope that you have a restful half term. See you in June.",
    "Our choir sang at the church, and the mayor clapped for a long time.",
)


def invented(random_: random.Random, number: int) -> tuple[str, str]:
    """A first name and a surname out of syllables; about as many namesakes as in real schools."""
    first = random_.choice(STARTS) + random_.choice(MIDDLES) + random_.choice(ENDS)
    last = random_.choice(STARTS) + random_.choice(MIDDLES) * 2 + random_.choice(ENDS)
    return first, f"{last}{'-Smythe' if number % 17 == 0 else ''}"


def posts(random_: random.Random, names: list[tuple[str, str]], count: int) -> list[str]:
    """Posts of about 280 characters, every fourth of which names a pupil."""
    made = []
    for number in range(count):
        lines = random_.sample(SENTENCES, 4)
        name = " ".join(random_.choice(names)) if number % 4 == 0 else "everybody"
        made.append(" ".join(lines).format(name))
    return made


def seconds_per_post(texts: list[str], look: Callable[[str], object]) -> float:
    """The best of five rounds of the processor: whatever else runs meanwhile is not counted."""
    best = float("inf")
    for _ in range(5):
        start = thread_time()
        for text in texts:
            look(text)
        best = min(best, thread_time() - start)
    return best / len(texts)


def automaton(names: list[tuple[str, str]]) -> Callable[[str], object] | None:
    """A bare Aho-Corasick over the full names in small letters."""
    try:
        from ahocorasick import Automaton  # noqa: PLC0415  the evaluation's environment alone has it
    except ImportError:
        return None
    made = Automaton()
    for first, last in names:
        made.add_word(f"{first} {last}".lower(), None)
    made.make_automaton()
    return lambda text: list(made.iter(text.lower()))


def presidio(names: list[tuple[str, str]]) -> Callable[[str], object] | None:
    """Presidio's own recogniser for a list of words."""
    try:
        from presidio_analyzer import PatternRecognizer  # noqa: PLC0415  as above
    except ImportError:
        return None
    listed = sorted({" ".join(name) for name in names})
    recogniser = PatternRecognizer(supported_entity="PUPIL", deny_list=listed)
    return lambda text: recogniser.analyze(text=text, entities=["PUPIL"])


def built(names: list[tuple[str, str]]) -> Roster:
    """A roster of these pupils."""
    return Roster(
        PupilName(pupil=PupilKey(str(number)), legal_forename=first, legal_surname=last)
        for number, (first, last) in enumerate(names)
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400)
    count = parser.parse_args().posts
    random_ = random.Random(20260914)  # noqa: S311  the same names every time
    names = [invented(random_, number) for number in range(LARGEST)]
    texts = posts(random_, names[:SMALL], count)
    few = 0.0
    for size in (SMALL, LARGE, LARGEST):
        start = perf_counter()
        roster = built(names[:size])
        print(f"build {size:,} pupils: {perf_counter() - start:.2f} s")
        cost = seconds_per_post(texts, partial(find_names, roster=roster))
        few = few or cost
        print(f"a post, {size:,} pupils: {cost * 1e6:,.0f} microseconds, {cost / few:.2f} times")
        beside(names[:size], texts, cost)
        if size == SMALL:
            longer = [text * 20 for text in texts[: max(1, count // 20)]]
            long = seconds_per_post(longer, partial(find_names, roster=roster))
            print(f"twenty posts in one: {long / cost:.1f} times")


def beside(names: list[tuple[str, str]], texts: list[str], ours: float) -> None:
    """What the exact full names cost otherwise; Presidio's list only up to a trust's size."""
    for title, made in (
        ("bare Aho-Corasick", automaton(names)),
        ("Presidio's list", presidio(names) if len(names) <= LARGE else None),
    ):
        if made is not None:
            cost = seconds_per_post(texts[:40], made)
            print(f"  {title}: {cost * 1e6:,.0f} microseconds, ours {ours / cost:.2f} times")


if __name__ == "__main__":
    main()
