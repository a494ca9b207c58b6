"""What is shipped: the wheel, the locks, the image and the commands that make them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "migrations", "moderation", "storage")


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def tracked() -> list[Path]:
    done = run("git", "-c", f"safe.directory={ROOT}", "ls-files", "-z")
    assert done.returncode == 0, done.stderr
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_wheel_holds_the_packages_with_their_data_and_nothing_else(tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry = next(name for name in names if name.endswith("/entry_points.txt"))
        assert "schoolgate = bot.cli:main" in archive.read(entry).decode()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.relative_to(ROOT).parts[0] in PACKAGES
    }
    assert ours <= names
    # Every kind of data that the program reads while it runs.
    assert any(name.startswith("moderation/policies/") and name.endswith(".toml") for name in names)


def pinned(name: str) -> dict[str, list[str]]:
    """Each requirement of a lock, as written up to its marker, and its hashes."""
    found: dict[str, list[str]] = {}
    hashes: list[str] = []
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"^([a-z0-9-]+==\S+)", line):
            found[match[1]] = hashes = []
        elif match := re.match(r"^    --hash=(sha256:[0-9a-f]{64})", line):
            hashes.append(match[1])
        else:
            assert line.lstrip().startswith("#"), line
    return found


def test_the_locks_agree_and_every_requirement_has_its_hashes() -> None:
    needed, everything, measured = map(pinned, ("run.lock", "dev.lock", "evaluate.lock"))
    assert len(needed) > 40
    assert needed.items() <= everything.items()
    assert needed.items() <= measured.items()
    assert all((everything | measured).values())
    # What the checks are compared with is nowhere else.
    assert any(name.startswith("presidio-analyzer==") for name in measured)
    assert not any(name.startswith("presidio") for name in everything)
    assert any(name.startswith("hatchling==") for name in needed)
    assert not any(name.startswith("pytest==") for name in needed)


# Written in two parts, so that this file doesn't name them either.
HOSTS = [
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(org|com)",
    "deb" + r"\.debian\.org",
    "index" + "-url",
    "find" + "-links",
    "trusted" + "-host",
]
PLACES = [r"(?<![\w.])/" + name + r"/[a-z]" for name in ("work", "tmp", "root")]


@pytest.mark.parametrize("pattern", [*HOSTS, *PLACES])
def test_no_file_names_a_registry_or_a_place_on_one_machine(pattern: str) -> None:
    found = re.compile(pattern)
    guilty = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        guilty += [f"{path.relative_to(ROOT)}: {match[0]}" for match in found.finditer(text)]
    assert guilty == []


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_image_runs_as_nobody_special_and_checks_itself() -> None:
    found = instructions()
    stages = [at for at, (word, _) in enumerate(found) if word == "FROM"]
    last = dict(found[stages[-1] :])
    assert len(stages) == 2
    assert all(re.search(r":\S+-slim", rest) for word, rest in found if word == "FROM")
    assert last["USER"] == "10001:10001"
    assert last["HEALTHCHECK"].endswith('CMD ["schoolgate", "health"]')
    assert last["ENTRYPOINT"] == '["schoolgate"]'
    assert last["VOLUME"] == "/data"
    assert "SCHOOLGATE_PATHS__DATA=/data" in last["ENV"]
    assert "--uid 10001" in last["RUN"]
    assert not [rest for word, rest in found if word == "ADD" or rest == ". ."]


def test_the_image_installs_the_lock_with_its_hashes_and_gets_no_secret() -> None:
    text = "\n".join(rest for _, rest in instructions())
    assert "--require-hashes" in text
    assert "-r requirements/run.lock" in text
    assert "dev.lock" not in text
    assert not re.search(r"KEYS|SIGNING|TOKEN|PASSWORD|SECRET", text)


def test_what_the_image_copies_is_let_through_by_dockerignore() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)


TARGETS = (
    "bars",
    "bench",
    "coverage-page",
    "demo",
    "e2e",
    "help",
    "lint",
    "lock",
    "policy-page",
    "test",
)


def test_make_alone_lists_the_commands() -> None:
    done = run("make")
    assert done.returncode == 0
    assert all(f"make {target} " in done.stdout for target in TARGETS)


def test_make_demo_installs_the_run_lock_alone_and_honours_the_port() -> None:
    done = run("make", "--dry-run", "--always-make", "demo", "PORT=8123")
    assert "schoolgate demo --port 8123" in done.stdout
    assert "scripts/make-venv .venv run " in done.stdout
    assert " dev " not in done.stdout


def fake_python(folder: Path, answer: str) -> str:
    """A python3 that answers the script's questions as told, and is otherwise the real one."""
    path = folder / "python3"
    path.write_text(
        f'#!/bin/sh\ncase "$*" in {answer} esac\nexec {sys.executable} "$@"\n', encoding="utf-8"
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("*ensurepip*) exit 1;;", "apt-get install python3-venv"),
        ("*version_info*) exit 1;; -V) echo Python 3.9.2; exit;;", "Python 3.9.2 is too old"),
    ],
)
def test_an_unusable_python_is_answered_in_a_sentence(
    tmp_path: Path, answer: str, said: str
) -> None:
    python = fake_python(tmp_path, answer)
    venv = str(tmp_path / "venv")
    done = run("scripts/make-venv", venv, "run", f"{venv}/.run", PYTHON=python)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    missing = run("scripts/make-venv", venv, "run", f"{venv}/.run", PYTHON="python9")
    assert "'python9' was not found" in missing.stderr


def test_scripts_can_be_run() -> None:
    for path in [ROOT / ".ci" / "run", *(ROOT / "scripts").iterdir()]:
        assert os.access(path, os.X_OK), path
        assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
        assert run("bash", "-n", str(path)).returncode == 0
