"""Every module can be imported first, needs only what run.lock installs, and does nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path


ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "migrations", "moderation", "storage")
RUN_BY_ALEMBIC = {"migrations.env"}
"""Alembic's script: it migrates when it is imported."""

PROGRAM = """
import importlib, json, sys, threading

modules, absent, alone = json.loads(sys.argv[1])
packages = set(name.partition(".")[0] for name in modules)
told = []

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is not in run.lock", name=name)

def watch(event, arguments):
    if event == "socket.bind" and arguments[1][:2] == ("::1", 0):
        return  # urllib3, which botbuilder brings, looks whether this machine knows IPv6
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect",
                 "subprocess.Popen", "os.system", "os.mkdir", "os.remove", "os.rename"}:
        told.append(event)
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        told.append(f"opened for writing: {arguments[0]}")

sys.meta_path.insert(0, Absent())
sys.dont_write_bytecode = True
sys.addaudithook(watch)
said = {}

def forget():
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]

for number, module in enumerate([*modules, *modules[::-1]]):
    if alone or number == len(modules):
        forget()
    told.clear()
    try:
        importlib.import_module(module)
    except Exception as wrong:
        told.append(repr(wrong))
    if threading.active_count() > 1:
        told.append("started a thread")
    if told:
        said[module] = list(told)
print(json.dumps(said))
"""


ALONE = os.environ.get("SIZE", "quick") == "full"
"""Each with nothing of ours loaded before it takes minutes; else they go forth and back."""


def modules() -> list[str]:
    return sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "versions" not in path.parts and path.stem != "__main__"
    )


def locked(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


def test_every_module_can_be_the_first_and_is_quiet() -> None:
    needed = locked("run.lock")
    extra = locked("dev.lock") - needed
    absent = [
        module
        for module, names in packages_distributions().items()
        if {re.sub(r"[-_.]+", "-", name).lower() for name in names} <= extra
    ]
    assert "pytest" in absent
    names = [name for name in modules() if name not in RUN_BY_ALEMBIC]
    assert {"bot.settings", "moderation.kernel"} <= set(names)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([names, absent, ALONE])],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=1_800,
    )
    assert json.loads(done.stdout) == {}
