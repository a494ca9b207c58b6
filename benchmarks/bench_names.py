"""What the name check costs, as ratios: a machine's speed falls out of them.

    python -m benchmarks.bench_names [--posts 400]

Prints how the cost of a post grows with the roster (1,500 to 30,000 pupils: it shouldn't) and with
its own length (in proportion), and how long a roster takes to be built.
"""

from __future__ import annotations

import argparse
import random
from time import perf_counter

from moderation.checks.model import PupilName
from moderation.checks.names.find import find_names
from moderation.checks.names.roster import Roster
from moderation.kernel import PupilKey


SMALL, LARGE = 1_500, 30_000
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


def seconds_per_post(texts: list[str], roster: Roster) -> float:
    """The best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = perf_counter()
        for text in texts:
            find_names(text, roster)
        best = min(best, perf_counter() - start)
    return best / len(texts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=400)
    count = parser.parse_args().posts
    random_ = random.Random(20260914)  # noqa: S311  the same names every time
    names = [invented(random_, number) for number in range(LARGE)]
    pupils = [
        PupilName(pupil=PupilKey(str(number)), legal_forename=first, legal_surname=last)
        for number, (first, last) in enumerate(names)
    ]
    start = perf_counter()
    large = Roster(pupils)
    built = perf_counter() - start
    small = Roster(pupils[:SMALL])
    texts = posts(random_, names[:SMALL], count)
    few, many = seconds_per_post(texts, small), seconds_per_post(texts, large)
    long = seconds_per_post([text * 20 for text in texts[: max(1, count // 20)]], small)
    print(f"build {LARGE:,} pupils: {built:.2f} s")
    print(f"a post, {SMALL:,} pupils: {few * 1e6:,.0f} microseconds")
    print(f"a post, {LARGE:,} pupils: {many * 1e6:,.0f} microseconds, {many / few:.2f} times")
    print(f"twenty posts in one: {long / few:.1f} times")


if __name__ == "__main__":
    main()
