"""The scored half as it was before anybody tuned anything: its digests, and who opened it when.

python -m evaluation.seal        (writes scored.sha256 again; only with a reason in the log)
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.content import content_cases
from evaluation.flagged import named_cases
from evaluation.model import Half
from evaluation.names import names_of
from evaluation.private import private_cases
from evaluation.quiet import quiet_cases
from evaluation.roster import school


if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.model import Case

FOLDER = Path(__file__).parent
SEAL = FOLDER / "scored.sha256"
LOG = FOLDER / "openings.toml"
PUPILS, EACH = 400, 6
"""How many the digest of the cases looks at: enough that no change goes by, and quick."""


def digests() -> str:
    """Two lines as in ``scored.sha256``: of the half's files and of its cases."""
    files = hashlib.sha256()
    for path in sorted((FOLDER / Half.SCORED).rglob("*")):
        if path.is_file() and path.suffix in {".py", ".toml", ".txt", ".md"}:
            files.update(path.relative_to(FOLDER).as_posix().encode() + b"\0")
            files.update(path.read_bytes() + b"\0")
    cases = hashlib.sha256()
    for case in _cases(Half.SCORED):
        said = (case.category, case.family, case.want, case.text, case.alt, case.file_name)
        cases.update(repr(tuple(map(str, said))).encode())
    return f"{files.hexdigest()}  files\n{cases.hexdigest()}  cases\n"


def _cases(half: Half) -> Iterator[Case]:
    pupils = school(names_of(half), PUPILS, 1)
    yield from named_cases(half, pupils, EACH)
    yield from quiet_cases(half, pupils, EACH)
    yield from content_cases(half, EACH)
    yield from private_cases(half, EACH)


def opened(date: str, commit: str, size: str, why: str) -> None:
    """Put down that the scored half was looked at. ``why`` is one line of plain words."""
    quoted = why.replace("\\", "").replace('"', "'")
    with LOG.open("a", encoding="utf-8") as log:
        log.write(
            f'\n[[opening]]\ndate = "{date}"\ncommit = "{commit}"\nsize = "{size}"\n'
            f'why = "{quoted}"\n'
        )


if __name__ == "__main__":
    SEAL.write_text(digests(), encoding="utf-8")
