"""Wrong configurations: what is done to a right one, and the words that say how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.system import SystemClock
from storage import schema
from storage.crypto import Keys
from storage.database import Stamp
from tests.bot.installation import APP_YAML, SLACK_ON, secrets
from tests.storage.newer import become_newer, tamper


FREE_PORT: dict[str, str] = {"SCHOOLGATE_LISTEN__PORT": "0"}


@dataclass
class Here:
    """An operator's folder and environment, right until something is done to it."""

    folder: Path
    environ: dict[str, str] = field(default_factory=lambda: secrets() | SLACK_ON | FREE_PORT)

    @property
    def config(self) -> Path:
        return self.folder / "app.yaml"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "schoolgate.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"


Wrong = Callable[[Here], object]


def file(text: str | bytes) -> Wrong:
    """Another settings file altogether."""
    data = text.encode() if isinstance(text, str) else text
    return lambda here: here.config.write_bytes(data)


def more(text: str) -> Wrong:
    """One part more in the settings file."""
    return lambda here: here.config.write_text(APP_YAML + text)


def instead(old: str, new: str) -> Wrong:
    """The settings file with other words in it."""
    assert old in APP_YAML
    return lambda here: here.config.write_text(APP_YAML.replace(old, new))


def told(**environ: str) -> Wrong:
    """Variables set."""
    return lambda here: here.environ.update({f"SCHOOLGATE_{k}": v for k, v in environ.items()})


def untold(*names: str) -> Wrong:
    """Variables not set."""
    return lambda here: [here.environ.pop(f"SCHOOLGATE_{name}", None) for name in names]


def by_hand(*statements: str) -> Wrong:
    """Somebody changed the database."""
    return lambda here: tamper(here.url, *statements)


def both(*wrongs: Wrong) -> Wrong:
    return lambda here: [wrong(here) for wrong in wrongs]


def replaced(path: str, text: str) -> Wrong:
    """A file where something else should be."""

    def do(here: Here) -> None:
        there = here.folder / path
        if there.is_dir():
            shutil.rmtree(there)
        there.write_text(text)

    return do


def demo(here: Here) -> None:
    """The database is one of the demonstration's."""
    here.database.unlink()
    schema.upgrade(here.url, stamp=Stamp.DEMO, at=SystemClock().now())


def same_key(here: Here) -> None:
    here.environ["SCHOOLGATE_SIGNING_KEY"] = here.environ["SCHOOLGATE_KEYS"]


def twice(here: Here) -> None:
    here.environ["SCHOOLGATE_KEYS"] = ",".join([here.environ["SCHOOLGATE_KEYS"]] * 2)


MANUAL = told(DATABASE__AUTO_UPGRADE="false")
OAK = "{ id: oak, name: Oak Primary School, policy: step, domains: [oak.example] }"
PLAYING = told(CHAT__TEAMS__ENABLED="true", CHAT__TEAMS__MODE="playground")
A_FILE = told(KEYS_FILE="keys.txt")

SETTINGS: dict[str, tuple[Wrong, str]] = {
    "no file": (lambda here: here.config.unlink(), "Name Schoolgate's settings with --config"),
    "an empty file": (file(""), "Start from the app.yaml that comes with Schoolgate"),
    "no YAML": (file("trust: ["), "is not valid YAML at line"),
    "no text": (file(b"\xff\xfe\xff"), "Save it as UTF-8"),
    "too large": (file("#" * 1_000_001), "over one megabyte"),
    "a list": (file("- trust\n"), "It starts with lines such as"),
    "a Slack manifest": (file("display_information: { name: x }\n"), "with --config FILE"),
    "an alias": (file("trust: &a { id: a }\nschools: *a\n"), "an alias"),
    "a key twice": (more("trust: { id: b, name: B }\n"), "is written twice"),
    "an unknown setting": (more("listn: { port: 1 }\n"), "Did you mean listen?"),
    "no trust": (file("schools: [{ id: a, name: A, policy: step }]\n"), "trust is missing"),
    "no schools": (file("trust: { id: a, name: A }\nschools: []\n"), "Name at least one school"),
    "numbers for both": (file("trust: 3\nschools: 4\n"), "must be"),
    "an unknown policy": (instead("policy: step }", "policy: stepp }"), "Did you mean step?"),
    "no policy": (instead(", policy: step, domains", ", domains"), "policy is missing"),
    "one id twice": (instead("id: elm", "id: oak"), "Give the trust and each school their own"),
    "an id with spaces": (instead("id: elm", "id: the elm"), "small letters, digits and hyphens"),
    "a time zone": (instead("name: Holly", "time_zone: London, name: Holly"), "Europe/London"),
    "an address as domain": (instead("[oak.example]", "['https://oak.example']"), "https://"),
    "a contact": (instead("domains: [oak.example]", "contacts: [the office]"), "telephone numbers"),
    "a holiday": (
        instead("domains:", "holidays: [{ from: 2026-12-31, to: 2026-12-01 }], domains:"),
        "Swap “from” and “to”",
    ),
    "a looser setting": (
        instead("domains:", "settings: { image_consent_needed: maybe }, domains:"),
        "settings",
    ),
    "a port in words": (told(LISTEN__PORT="eighty"), "a whole number from 1 to 65535"),
    "a port too high": (told(LISTEN__PORT="65536"), "a whole number from 1 to 65535"),
    "a secret in the file": (more("keys: abc\n"), "Take it out and set SCHOOLGATE_KEYS"),
    "a password in the file": (
        more("database: { url: 'postgresql://a:hunter2@db/x' }\n"),
        "Take it out and set SCHOOLGATE_DATABASE__URL",
    ),
    "another database": (told(DATABASE__URL="mysql://db/x"), "Write postgresql://"),
    "a folder that isn't named": (told(PUBLISHING__TO="folder"), "Add “folder:” with its path"),
    "an unknown variable": (told(LISTEN__PROT="1"), "Did you mean port?"),
    "a part of what has none": (told(TRUST__NAME__X="1"), "has no parts"),
    "no platform": (untold("CHAT__SLACK__ENABLED"), "set chat.slack.enabled to true"),
    "half of Slack": (untold("CHAT__SLACK__SIGNING_SECRET"), "Set SLACK_SIGNING_SECRET"),
    "half of Teams": (told(CHAT__TEAMS__ENABLED="true"), "Set SCHOOLGATE_CHAT__TEAMS__APP_ID"),
    "figures for everybody": (more("metrics: { listen: '0.0.0.0:9464' }\n"), "a firewall stands"),
    "figures nowhere": (more("metrics: { listen: here }\n"), "such as 127.0.0.1:9464"),
    "figures among the pages": (
        both(told(LISTEN__PORT="8123"), more("metrics: { listen: '127.0.0.1:8123' }\n")),
        "Give each its own",
    ),
    "one folder for two": (
        more("audit: { checkpoints: x, places: [{ folder: x, belongs_to: me }] }\n"),
        "A copy in the same place protects nothing",
    ),
}
"""What ``app.yaml`` and plain variables can have wrong."""

KEYS: dict[str, tuple[Wrong, str]] = {
    "no key": (untold("KEYS"), "Make one with: schoolgate keys new"),
    "a short key": (told(KEYS="c2hvcnQ="), "Make one with: schoolgate keys new"),
    "no base64": (told(KEYS="my secret"), "Make one with: schoolgate keys new"),
    "an example": (told(KEYS="A" * 43 + "="), "is an example, not a secret"),
    "a key twice": (twice, "Keep each once, the newest first"),
    "no signing key": (untold("SIGNING_KEY"), "set SCHOOLGATE_SIGNING_KEY"),
    "one key for both": (same_key, "Make a second key"),
    "a variable and a file": (A_FILE, "Keep one"),
    "a file that isn't there": (both(untold("KEYS"), A_FILE), "names a file that can't be read"),
}
"""What the secrets can have wrong."""

STORE: dict[str, tuple[Wrong, str]] = {
    "no folder": (replaced("data", "a letter"), "can't be used"),
    "no database, and none is made": (
        both(MANUAL, lambda here: here.database.unlink()),
        "run schoolgate db upgrade",
    ),
    "a letter for a database": (
        lambda here: here.database.write_bytes(b"to the governors\n" * 500),
        "does database.url name the right one?",
    ),
    "an older database": (
        both(MANUAL, by_hand("UPDATE alembic_version SET version_num = '0000'")),
        "run schoolgate db upgrade",
    ),
    "a database too new": (
        lambda here: become_newer(here.url, serves_from="9000"),
        "install that version again, or restore the backup",
    ),
    "a guard gone": (by_hand("DROP TRIGGER hand_is_kept"), "restore a backup"),
    "a guard of the record gone": (by_hand("DROP TRIGGER audit_in_order"), "restore a backup"),
    "a demo": (demo, "this start is for a real one"),
    "a school's own in Teams' playground": (PLAYING, "or set chat.teams.mode to service"),
    "other keys": (lambda here: here.environ.update(secrets()), "schoolgate keys check"),
    "a new key alone": (told(KEYS=Keys.new().to_text()), "schoolgate keys check"),
    "no server there": (
        told(DATABASE__URL="postgresql://127.0.0.1:1/schoolgate", DATABASE__AUTO_UPGRADE="true"),
        "Is it running",
    ),
    "in memory": (told(DATABASE__URL="sqlite:///:memory:"), "SQLite needs a file"),
    "another machine's address": (told(LISTEN__HOST="192.0.2.1"), "Use 127.0.0.1"),
}
"""What only a start finds: the database, its folder, the address."""
