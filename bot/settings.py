"""The operator's settings: ``app.yaml``, environment variables over it, secrets beside it.

``SCHOOLGATE_`` and the path with two underscores sets one value: ``SCHOOLGATE_LISTEN__PORT=8123``.
Secrets come from the environment alone, or from a file that ``…_FILE`` names. Everything wrong is
said at once, one sentence each, with what to do about it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from bot.settings_audit import Audit
from bot.settings_chat import Chat, is_loopback
from bot.settings_metrics import Metrics
from bot.settings_places import Place, School, Trust
from bot.settings_problems import Said, sentence
from bot.settings_sources import Gathered, read_environment, read_file
from bot.settings_values import MAKE_A_KEY, MAKE_BOTH_KEYS, Keys, SigningKeys
from moderation.kernel import SchoolgateError
from moderation.policies.loader import shipped
from moderation.policies.overlay import overlaid
from moderation.policies.settings import PackSettings, adjusted


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


DATABASES: Final = ("sqlite", "sqlite+aiosqlite", "postgresql", "postgresql+psycopg")

SECRETS: Final[frozenset[tuple[str, ...]]] = frozenset(
    {
        ("keys",),
        ("signing_key",),
        ("database", "url"),
        ("chat", "slack", "bot_token"),
        ("chat", "slack", "signing_secret"),
        ("chat", "slack", "app_token"),
        ("chat", "teams", "app_password"),
    }
)
"""Paths that may be read from ``…_FILE``, and whose values are never shown."""


class SettingsError(SchoolgateError):
    """The settings can't be used. ``problems`` holds one plain sentence for each thing wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Listen(_Part):
    """Where the server listens."""

    host: Annotated[str, Field(min_length=1)] = Field(
        default="127.0.0.1", description="an address of this machine, such as 127.0.0.1"
    )
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8080, description="a whole number from 1 to 65535, or 0 for any free port"
    )


class Database(_Part):
    """One SQLite file by default; PostgreSQL where several instances run."""

    url: SecretStr | None = Field(
        default=None, description="an address such as postgresql://host/name, or sqlite:///file"
    )
    auto_upgrade: bool | None = Field(
        default=None, description="true or false; left out, it is true for SQLite only"
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.url and self.url.get_secret_value().partition(":")[0] not in DATABASES:
            raise Said("has a url of no known kind. Write postgresql://… or sqlite:///….")
        return self


class Publishing(_Part):
    """Where an approved post goes: handed to a person, or written to a folder."""

    to: Literal["handover", "folder"] = Field(default="handover", description="handover or folder")
    folder: Path | None = Field(default=None, description="a folder's path")

    @model_validator(mode="after")
    def _has_folder(self) -> Self:
        if self.to == "folder" and self.folder is None:
            raise Said("goes to a folder but names none. Add “folder:” with its path.")
        return self


class Paths(_Part):
    """Folders; a relative one is seen from the settings file."""

    data: Path = Field(default=Path("data"), description="a folder's path")


def _some(schools: tuple[School, ...]) -> tuple[School, ...]:
    if not schools:
        raise Said("is empty. Name at least one school, with id, name and policy.")
    return schools


class Settings(_Part):
    """Everything the operator decides. Secrets print as stars."""

    trust: Trust = Field(description="the trust's id and name")
    schools: Annotated[tuple[School, ...], AfterValidator(_some)] = Field(
        description="a list of schools, each with id, name and policy"
    )
    listen: Listen = Field(default=Listen(), description="host and port")
    metrics: Metrics = Field(default=Metrics(), description="listen and open_to_network")
    database: Database = Field(default=Database(), description="url and auto_upgrade")
    chat: Chat = Field(default=Chat(), description="slack and teams")
    publishing: Publishing = Field(default=Publishing(), description="where posts go")
    paths: Paths = Field(default=Paths(), description="where files go")
    audit: Audit = Field(default=Audit(), description="checkpoints and places")
    keys: Keys = Field(default=(), description="keys of 32 bytes in base64, the newest first")
    signing_key: SigningKeys = Field(
        default=(), description="a key of 32 bytes in base64; two while one hands over to the next"
    )

    @model_validator(mode="after")
    def _two_ports(self) -> Self:
        place = self.metrics.place
        if place is not None and place[1] and place[1] == self.listen.port:
            raise Said("metrics.listen and listen.port name the same port. Give each its own.")
        return self

    @model_validator(mode="after")
    def _playground_stays_here(self) -> Self:
        teams = self.chat.teams
        if not self.lets_anybody_in:
            return self
        if not is_loopback(f"//{self.listen.host}"):
            raise Said(
                "chat.teams.mode is playground, which lets anybody in. Set listen.host to "
                "127.0.0.1, or the mode to service."
            )
        if teams.public_url and not is_loopback(teams.public_url):
            raise Said(
                "chat.teams.mode is playground, which lets anybody in. Leave chat.teams.public_url "
                "out, or set the mode to service."
            )
        return self

    @model_validator(mode="after")
    def _one_key_one_use(self) -> Self:
        if set(self.signing_key) & set(self.keys):
            raise Said("SCHOOLGATE_SIGNING_KEY is also in SCHOOLGATE_KEYS. Make a second key.")
        return self

    @model_validator(mode="after")
    def _trust_has_a_policy(self) -> Self:
        if self.trust.policy is None and len({school.policy for school in self.schools}) > 1:
            raise Said(
                "The schools follow different policies. Say which the trust's own accounts "
                "follow: add “policy:” under “trust:”."
            )
        return self

    @property
    def lets_anybody_in(self) -> bool:
        """Whether nobody is asked who they are: then only a demonstration may be opened."""
        return self.chat.teams.enabled and self.chat.teams.playground

    @property
    def trust_policy(self) -> str:
        """The policy of the trust's own accounts."""
        return self.trust.policy or self.schools[0].policy

    def policies(self) -> tuple[tuple[Place, str], ...]:
        """Each school in the file's order, then the trust, and the policy that each follows."""
        schools = tuple((school, school.policy) for school in self.schools)
        return (*schools, (self.trust, self.trust_policy))

    @property
    def database_url(self) -> SecretStr:
        """The database named, or a SQLite file in the data folder."""
        return self.database.url or SecretStr(f"sqlite:///{self.paths.data / 'schoolgate.db'}")

    @property
    def auto_upgrade(self) -> bool:
        """Whether to bring the schema up to date at the start."""
        if self.database.auto_upgrade is None:
            return self.database_url.get_secret_value().startswith("sqlite")
        return self.database.auto_upgrade

    def missing_for_run(self) -> tuple[str, ...]:
        """What a real run still lacks, one sentence each; a demonstration needs none of it."""
        missing = []
        if not self.keys and not self.signing_key:
            missing.append(
                "A key is missing: set SCHOOLGATE_KEYS and, for signing, SCHOOLGATE_SIGNING_KEY. "
                f"{MAKE_BOTH_KEYS}"
            )
        elif not self.keys:
            missing.append(f"A key is missing: set SCHOOLGATE_KEYS. {MAKE_A_KEY}")
        elif not self.signing_key:
            missing.append(f"A signing key is missing: set SCHOOLGATE_SIGNING_KEY. {MAKE_A_KEY}")
        if not (self.chat.slack.enabled or self.chat.teams.enabled):
            missing.append(
                "A chat platform is missing: set chat.slack.enabled to true, and its secrets. "
                "docs/slack.md goes through it. Or chat.teams.enabled: docs/teams.md."
            )
        return tuple(missing)


def load(config: Path, environ: Mapping[str, str]) -> Settings:
    """Read ``app.yaml`` and the environment.

    Paths in the answer are absolute; the file's own folder is where relative ones start.

    Raises:
        SettingsError: with every problem found, one sentence each.
    """
    gathered = Gathered()
    read_file(config, gathered)
    if gathered.problems:
        raise SettingsError(tuple(gathered.problems))
    _refuse_secrets_in_file(config.name, gathered)
    read_environment(environ, SECRETS, gathered)
    problems = [*gathered.problems, *_same_ids(config.name, gathered.values)]
    try:
        settings = Settings.model_validate(gathered.values)
    except ValidationError as wrong:
        problems += [
            sentence(error, model=Settings, file=config.name, gathered=gathered, secrets=SECRETS)
            for error in wrong.errors()
        ]
    else:
        problems += _not_allowed(config.name, settings, gathered)
        if not problems:
            return seen_from(settings, config.resolve().parent)
    # The cause would carry the values it complains of.
    raise SettingsError(tuple(dict.fromkeys(problems))) from None


def seen_from(settings: Settings, folder: Path) -> Settings:
    """With absolute paths; relative ones start from ``folder``."""
    paths = settings.paths.model_copy(update={"data": folder / settings.paths.data})
    audit = settings.audit.seen_from(folder, paths.data)
    publishing = settings.publishing
    if publishing.folder is not None:
        publishing = publishing.model_copy(update={"folder": folder / publishing.folder})
    changed = {"paths": paths, "publishing": publishing, "audit": audit}
    return settings.model_copy(update=changed)


def _refuse_secrets_in_file(name: str, gathered: Gathered) -> None:
    for path in sorted(SECRETS):
        value: Any = gathered.values
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        # A database without a password in its address is no secret.
        if value is None or (path == ("database", "url") and not _has_password(value)):
            continue
        variable = f"SCHOOLGATE_{'__'.join(path)}".upper()
        gathered.problems.append(
            f"{name}: {'.'.join(path)} is a secret and must not stand in a file that is shared. "
            f"Take it out and set {variable}, or {variable}_FILE."
        )


def _has_password(url: object) -> bool:
    try:
        parts = urlsplit(str(url))
    except ValueError:
        return True
    return parts.password is not None or "password=" in parts.query


def _not_allowed(file: str, settings: Settings, gathered: Gathered) -> Iterator[str]:
    """What the policies don't let a school, or the trust, change in settings and rules."""
    for at, (place, policy) in enumerate(settings.policies(), start=1):
        pack = shipped(policy)
        changed = adjusted(pack.settings, place.settings)
        _, wrong_rules = overlaid(pack.rules, place.rules, pack.confirmations)
        told = (
            ("settings", () if isinstance(changed, PackSettings) else changed),
            ("rules", wrong_rules),
        )
        school = isinstance(place, School)
        for part, problems in told:
            for wrong in problems:
                path = ("schools",) if school else ("trust", part, wrong.setting)
                where = next(
                    (name for set_path, name in gathered.origins.items() if set_path == path), file
                )
                yield f"{where}: {f'schools[{at}]' if school else 'trust'}.{part}: {wrong.says}"


def _same_ids(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    trust, schools = values.get("trust"), values.get("schools")
    listed = schools if isinstance(schools, list | tuple) else ()
    ids = [part.get("id") for part in listed if isinstance(part, dict)]
    ids += [trust.get("id")] if isinstance(trust, dict) else []
    for same in sorted({str(one) for one in ids if one is not None and ids.count(one) > 1}):
        yield f"{name}: the id {same} is used twice. Give the trust and each school their own."
