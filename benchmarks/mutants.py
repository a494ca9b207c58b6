"""What became of the mutants: counts for each module, and every survivor with its explanation.

    python -m mutmut run ["moderation.posts.guards*" …]
    python -m benchmarks.mutants docs/mutation.md

Reads the folder ``mutants`` that mutmut leaves. A mutant survives where every test passes on it, or
where no test reaches it. Each survivor stands in ``benchmarks/survivors.toml`` with its reason;
those that don't are printed in that form. Modules of which too little was tried keep what was
measured before: the results lie beside the page, as JSON.

A module with too many mutants is tried by lot. Its mutants have an order that is the same every
time and has nothing to do with the code; the first so many of it count, and no others:

    python -m mutmut run $(python -m benchmarks.mutants --lot 80 moderation.checks.names.grade)

What is cached is reached by the first test alone, so that one would be tried alone. Before the run,
such functions get the tests of their callers:

    python -m benchmarks.mutants --widen

Exits 1 where a survivor has no reason, a reason fits no survivor, a module was never measured, or a
room's tests notice less than they must. The page then says so.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import subprocess
import sys
import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.model import Share
from evaluation.statistics import wilson


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


RESULTS = Path("mutants")
REASONS = Path("benchmarks/survivors.toml")
BAR = 85
"""Percent of the mutants that each room's tests must notice."""
LEAST = 60
"""Mutants of a module; with fewer its share says little, so all of them are tried."""
FEW = 100
"""Tests that reach a function, at most, where a cache may be the cause that there aren't more."""
ROOMS = {
    "moderation/checks": "moderation.checks.",
    "moderation/posts": "moderation.posts.",
    "people/rights.py": "moderation.people.rights",
    "storage/audit": "storage.audit.",
    "storage/crypto.py": "storage.crypto",
}
NOTICED = frozenset({1, 3, -24, 24, 36, 152, 255})
"""Exit codes: a test failed or broke down; or it took many times as long, and was ended."""
UNREACHED = frozenset({5, 33})
DOT = "ǁ"
"""How mutmut writes the dot between a class and its method."""
INTRODUCTION = """# Mutation testing

Written by `make mutants`; don't edit. [mutmut](https://mutmut.readthedocs.io) changes the code one
place at a time: a comparison, an argument, a word. A change that no test notices shows what the
tests would let pass. At least 85 % must be noticed in each of these rooms, and whatever is not has
its reason here, reviewed in `benchmarks/survivors.toml`.

Of a module with many mutants some are tried, drawn by lot: "120 of 594, by lot". Its share then
stands with Wilson's 95 % interval, and counts in its room's as much as the module is large. The
interval of such a room goes from all its lots at their lower ends to all at their upper ends, which
is wider than need be. Tests were written against what survived in the lots of the checks, and the
same lots tried again: their shares flatter. Before those tests the lots came to 100 % (consent),
97 % (private, `names.slips`), 95 % (`content.grammar`, `names.people`), 93 % (`names.find`), 92 %
(lexicon), 89 % (`names.candidate`), 88 % (colleagues, domains, engine, `content.match`), 87 %
(official, `names.closed`, `names.initials`, `names.match`), 85 % (pupils), 83 % (`content.book`),
82 % (fold, `names.roster`, `names.scene`), 78 % (`names.called`), 77 % (`names.grade`), 73 %
(context), 72 % (`names.tokens`), 70 % (personal, `content.see`), 68 % (links, `names.pairs`), 67 %
(`content.words`), 60 % (`names.classes`), 58 % (`names.lettered`) and 57 % (`names.surnames`).
Of eight of the largest the next 40 were tried afterwards, for which nobody wrote a test: 286 of
320, 89 % (`content.see` 39, `names.tokens` and pupils 38, lexicon and `names.grade` 36,
`names.pairs` 34, `names.roster` 33, `names.match` 32 of 40).

Tried on the quick tests of the rooms alone, in memory and on SQLite; the checks on those of their
tests that take less than a third of a second. Out of it are: the sentences
(`moderation/posts/present`), where a changed word is no fault; the checks' lists of words, and what
tries a pack on its own examples; lines of `cast` and `assert_never`, which only the type checker
reads; and what mutmut can't change: properties, patterns and tables outside functions. The tables
of the rule are changed by the bounded model, which takes each guard out of
them (`tests/model/test_every_guard.py`).
"""


@dataclass(frozen=True, slots=True, order=True)
class Survivor:
    """A mutant that no test noticed: where, and which lines it changed into which."""

    where: str
    was: str
    now: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module's mutants, when it was last tried: to the end, or a lot of them."""

    total: int
    tried: int
    noticed: int
    survivors: tuple[Survivor, ...]
    measured: str
    commit: str

    @property
    def by_lot(self) -> bool:
        """Whether there are mutants of it that nobody tried."""
        return self.tried < self.total

    @property
    def share(self) -> Share:
        """What was noticed of what was tried."""
        return Share(hits=self.noticed, of=self.tried)


def drawn(keys: Iterable[str]) -> list[str]:
    """The mutants in the order in which they are tried by lot: any, but the same every time."""
    return sorted(keys, key=lambda key: hashlib.sha256(key.encode()).digest())


def tried(results: Path, measured: str, commit: str) -> dict[str, Module]:
    """The modules of which every mutant has been tried, or a lot that is large enough."""
    found = {}
    for name, source, codes in _results(results):
        counted = {
            key: code
            for key, code in takewhile(
                lambda one: one[1] is not None, ((key, codes[key]) for key in drawn(codes))
            )
            if code is not None
        }
        if counted and len(counted) >= min(LEAST, len(codes)):
            survivors = _survivors(name, source, counted)
            found[name] = Module(
                total=len(codes),
                tried=len(counted),
                noticed=len(counted) - len(survivors),
                survivors=survivors,
                measured=measured,
                commit=commit,
            )
    return found


def _results(results: Path) -> Iterator[tuple[str, Path, dict[str, int | None]]]:
    """Each module that has mutants: its name, its mutated file, and exit codes by mutant."""
    for meta in sorted(results.rglob("*.py.meta")):
        source = meta.with_suffix("")
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            name = source.relative_to(results).with_suffix("").as_posix().replace("/", ".")
            yield name, source, codes


def _survivors(module: str, source: Path, codes: dict[str, int]) -> tuple[Survivor, ...]:
    alive = {key: code for key, code in codes.items() if code not in NOTICED}
    bodies = _bodies(source) if alive else {}
    found = []
    for key, code in alive.items():
        mutant = key.removeprefix(f"{module}.")
        function = mutant.rpartition("__mutmut_")[0]
        changes = list(difflib.ndiff(bodies[f"{function}__mutmut_orig"], bodies[mutant]))
        was, now = (
            " / ".join(line[2:].strip() for line in changes if line.startswith(mark))
            for mark in ("- ", "+ ")
        )
        name = function.removeprefix("x").removeprefix("_").strip(DOT).replace(DOT, ".")
        found.append(Survivor(f"{module}.{name}", was, now, code not in UNREACHED))
    return tuple(sorted(found))


def _bodies(path: Path) -> dict[str, list[str]]:
    """Arguments and lines of each function of a mutated file, by the name that mutmut gave it."""
    return {
        node.name: [
            ast.unparse(node.args),
            *(line for part in node.body for line in ast.unparse(part).splitlines()),
        ]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "__mutmut_" in node.name
    }


def reasons() -> dict[tuple[str, str, str], str]:
    """Why a survivor is none to mind, by where and what it is."""
    listed = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("survivor", [])
    return {(one["where"], one["was"], one["now"]): one["why"] for one in listed}


def page(
    modules: dict[str, Module],
    why: dict[tuple[str, str, str], str],
    missing: list[str],
    changed: list[str],
) -> str:
    """The page, in Markdown: rooms, modules, what is missing, then every survivor."""
    lines = [INTRODUCTION, "| room | noticed | of | share |", "|---|---|---|---|"]
    lines += [f"| `{room}` | {_row(_of_room(modules, room))} |" for room in ROOMS]
    lines += ["", "| module | noticed | of | share | measured |", "|---|---|---|---|---|"]
    lines += [
        f"| `{name}` | {_row([one])} | {one.measured}, commit {one.commit} |"
        for name, one in modules.items()
    ]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        lines += ["", f"**Not in these figures, never tried, or too few of them: {names}.**"]
    if changed:
        names = ", ".join(f"`{name}`" for name in changed)
        lines += ["", f"The code of these was changed after they were measured: {names}."]
    lines += ["", "## Survivors", "", "| where | was | is | why it may stay |", "|---|---|---|---|"]
    lines += [
        f"| `{one.where}` | {_code(one.was)} | {_code(one.now)} | {_reason(one, why)} |"
        for module in modules.values()
        for one in module.survivors
    ]
    return "\n".join(lines) + "\n"


def _reason(one: Survivor, why: dict[tuple[str, str, str], str]) -> str:
    return why.get(_key(one), "**not explained**")


def _key(one: Survivor) -> tuple[str, str, str]:
    return one.where, one.was, one.now


def _code(text: str) -> str:
    """Safe in a table's cell."""
    shown = text.replace("|", "\\|").replace("`", "'")
    return f"`{shown}`" if shown else "–"


def _of_room(modules: dict[str, Module], room: str) -> list[Module]:
    return [one for name, one in modules.items() if name.startswith(ROOMS[room])]


def _row(modules: list[Module]) -> str:
    """Noticed, of how many, and the share, as cells of a table."""
    total, tried = (sum(getattr(one, what) for one in modules) for what in ("total", "tried"))
    noticed = sum(one.noticed for one in modules)
    if not total:
        return "0 | 0 | never run"
    if tried == total:
        return f"{noticed} | {total} | {noticed / total:.1%}"
    low, high = interval(modules)
    return (
        f"{noticed} | {tried} of {total}, by lot | {share(modules):.1%} ({low:.1%} to {high:.1%})"
    )


def share(modules: list[Module]) -> float:
    """What would be noticed of all the mutants; each module counts as much as it has of them."""
    total = sum(one.total for one in modules)
    return sum(one.total * one.share.rate for one in modules) / total if total else 0.0


def interval(modules: list[Module]) -> tuple[float, float]:
    """From all modules at their lower ends to all at their upper ends."""
    total = sum(one.total for one in modules)
    ends = [wilson(one.share) if one.by_lot else (one.share.rate,) * 2 for one in modules]
    low, high = (
        sum(one.total * end[at] for one, end in zip(modules, ends, strict=True)) / total
        for at in (0, 1)
    )
    return low, high


def faults(modules: dict[str, Module], why: dict[tuple[str, str, str], str]) -> list[str]:
    """Every reason for which this version doesn't pass."""
    survivors = {_key(one): one for module in modules.values() for one in module.survivors}
    found = []
    for key in sorted(survivors.keys() - why.keys()):
        where, was, now = map(json.dumps, key)
        reached = "" if survivors[key].reached else "  # no test reaches it"
        found.append(f"[[survivor]]{reached}\nwhere = {where}\nwas = {was}\nnow = {now}\nwhy = \n")
    found += [f"a reason that fits no survivor: {key}" for key in sorted(why.keys() - survivors)]
    for room in ROOMS:
        noticed = share(_of_room(modules, room))
        if 100 * noticed < BAR:
            found.append(f"{room}: {noticed:.1%} noticed, fewer than {BAR} %")
    return found


def never_measured(results: Path, modules: dict[str, Module]) -> list[str]:
    """Modules that have mutants of which too few were tried, now or before."""
    return [name for name, _, _ in _results(results) if name not in modules]


def lot(results: Path, size: int, modules: list[str]) -> list[str]:
    """The mutants that are still to be tried so that ``size`` of each module count."""
    return [
        key
        for name, _, codes in _results(results)
        if name in modules
        for key in drawn(codes)[:size]
        if codes[key] is None
    ]


def widen(stats: Path) -> None:
    """Give functions that few tests reached the tests of their callers, however far."""
    known = json.loads(stats.read_text(encoding="utf-8"))
    tests, callers = known["tests_by_mangled_function_name"], known["function_dependencies"]
    wider = {}
    for name, reaching in tests.items():
        if len(reaching) <= FEW:
            reached, new = {name}, {name}
            while new:
                new = {caller for one in new for caller in callers.get(one, ())} - reached
                reached |= new
            wider[name] = sorted({test for one in reached for test in tests.get(one, ())})
    tests.update(wider)
    stats.write_text(json.dumps(known, indent=4), encoding="utf-8")


def changed_since(modules: dict[str, Module]) -> list[str]:
    """Modules whose source isn't what it was at the commit that they were measured at."""
    return [
        name
        for name, one in modules.items()
        if subprocess.run(  # noqa: S603 -- git of whoever measures
            ["git", "diff", "--quiet", one.commit, "--", f"{name.replace('.', '/')}.py"],  # noqa: S607
            check=False,
            capture_output=True,
        ).returncode
    ]


def read(store: Path) -> dict[str, Module]:
    """What was measured before."""
    if not store.exists():
        return {}
    kept = json.loads(store.read_text(encoding="utf-8"))
    return {
        name: Module(
            **({"tried": one["total"]} | one)
            | {"survivors": tuple(Survivor(**item) for item in one["survivors"])}
        )
        for name, one in kept.items()
    }


def main(target: Path) -> int:
    """Write the page and its results; say what is wrong."""
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 -- git of whoever measures
        check=False,
        capture_output=True,
        text=True,
    )
    today = f"{datetime.now(UTC):%-d %B %Y}"  # noqa: TID251 -- the date of the measurement
    store = target.with_suffix(".json")
    new = tried(RESULTS, today, said.stdout.strip() or "unknown")
    modules = dict(sorted((read(store) | new).items()))
    kept = {name: asdict(one) for name, one in modules.items()}
    store.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    why = reasons()
    missing = never_measured(RESULTS, modules)
    target.write_text(page(modules, why, missing, changed_since(modules)), encoding="utf-8")
    wrong = faults(modules, why) + [f"{name}: too few were tried" for name in missing]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--lot", size, *names]:
            print(*lot(RESULTS, int(size), names))
        case ["--widen"]:
            widen(RESULTS / "mutmut-stats.json")
        case [page_path]:
            raise SystemExit(main(Path(page_path)))
