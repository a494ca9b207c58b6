"""What became of the mutants: counts for each module, and every survivor with its explanation.

    python -m mutmut run ["moderation.posts.guards*" …]
    python -m benchmarks.mutants docs/mutation.md

Reads the folder ``mutants`` that mutmut leaves. A mutant survives where every test passes on it, or
where no test reaches it. Each survivor stands in ``benchmarks/survivors.toml`` with its reason;
those that don't are printed in that form. Modules that were not tried to the end keep what was
measured before: the results lie beside the page, as JSON.

Exits 1 where a survivor has no reason, a reason fits no survivor, a module was never measured, or a
room's tests notice less than they must. The page then says so.
"""

from __future__ import annotations

import ast
import difflib
import json
import subprocess
import sys
import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


RESULTS = Path("mutants")
REASONS = Path("benchmarks/survivors.toml")
BAR = 85
"""Percent of the mutants that each room's tests must notice."""
ROOMS = {
    "moderation/posts": "moderation.posts.",
    "people/rights.py": "moderation.people.rights",
    "storage/audit": "storage.audit.",
    "storage/crypto.py": "storage.crypto",
}
NOTICED = frozenset({1, 3, -24, 24, 36, 152, 255})
"""Exit codes: a test failed or broke down; or it took fifteen times as long, and was ended."""
UNREACHED = frozenset({5, 33})
DOT = "ǁ"
"""How mutmut writes the dot between a class and its method."""
INTRODUCTION = """# Mutation testing

Written by `make mutants`; don't edit. [mutmut](https://mutmut.readthedocs.io) changes the code one
place at a time: a comparison, an argument, a word. A change that no test notices shows what the
tests would let pass. At least 85 % must be noticed in each of these rooms, and whatever is not has
its reason here, reviewed in `benchmarks/survivors.toml`.

Tried on the quick tests of the rooms alone, in memory and on SQLite. Out of it are: the sentences
(`moderation/posts/present`), where a changed word is no fault; lines of `cast` and `assert_never`,
which only the type checker reads; and what mutmut can't change: properties and tables outside
functions. The tables of the rule are changed by the bounded model, which takes each guard out of
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
    """One module's mutants, when it was last tried to the end."""

    total: int
    noticed: int
    survivors: tuple[Survivor, ...]
    measured: str
    commit: str


def tried(results: Path, measured: str, commit: str) -> dict[str, Module]:
    """The modules of which every mutant has been tried."""
    found = {}
    for meta in sorted(results.rglob("*.py.meta")):
        source = meta.with_suffix("")
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes and None not in codes.values():
            name = source.relative_to(results).with_suffix("").as_posix().replace("/", ".")
            survivors = _survivors(name, source, codes)
            found[name] = Module(
                total=len(codes),
                noticed=len(codes) - len(survivors),
                survivors=survivors,
                measured=measured,
                commit=commit,
            )
    return found


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
    modules: dict[str, Module], why: dict[tuple[str, str, str], str], missing: list[str]
) -> str:
    """The page, in Markdown: rooms, modules, what is missing, then every survivor."""
    lines = [INTRODUCTION, "| room | noticed | of | share |", "|---|---|---|---|"]
    for room, prefix in ROOMS.items():
        noticed, total = _sum(modules, prefix)
        share = f"{noticed / total:.1%}" if total else "never run"
        lines.append(f"| `{room}` | {noticed} | {total} | {share} |")
    lines += ["", "| module | noticed | of | measured |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {one.noticed} | {one.total} | {one.measured}, commit {one.commit} |"
        for name, one in modules.items()
    ]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        lines += ["", f"**Not in these figures, never tried to the end: {names}.**"]
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


def _sum(modules: dict[str, Module], prefix: str) -> tuple[int, int]:
    of_room = [one for name, one in modules.items() if name.startswith(prefix)]
    return sum(one.noticed for one in of_room), sum(one.total for one in of_room)


def faults(modules: dict[str, Module], why: dict[tuple[str, str, str], str]) -> list[str]:
    """Every reason for which this version doesn't pass."""
    survivors = {_key(one): one for module in modules.values() for one in module.survivors}
    found = []
    for key in sorted(survivors.keys() - why.keys()):
        where, was, now = map(json.dumps, key)
        reached = "" if survivors[key].reached else "  # no test reaches it"
        found.append(f"[[survivor]]{reached}\nwhere = {where}\nwas = {was}\nnow = {now}\nwhy = \n")
    found += [f"a reason that fits no survivor: {key}" for key in sorted(why.keys() - survivors)]
    for room, prefix in ROOMS.items():
        noticed, total = _sum(modules, prefix)
        if not total or 100 * noticed < BAR * total:
            found.append(f"{room}: {noticed} of {total} noticed, fewer than {BAR} %")
    return found


def never_measured(results: Path, modules: dict[str, Module]) -> list[str]:
    """Modules that have mutants of which some were never tried, now or before."""
    names = []
    for meta in sorted(results.rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        source = meta.with_suffix("").relative_to(results).with_suffix("")
        name = source.as_posix().replace("/", ".")
        if codes and name not in modules:
            names.append(name)
    return names


def read(store: Path) -> dict[str, Module]:
    """What was measured before."""
    if not store.exists():
        return {}
    kept = json.loads(store.read_text(encoding="utf-8"))
    return {
        name: Module(**(one | {"survivors": tuple(Survivor(**item) for item in one["survivors"])}))
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
    target.write_text(page(modules, why, missing), encoding="utf-8")
    wrong = faults(modules, why) + [f"{name}: never tried to the end" for name in missing]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
