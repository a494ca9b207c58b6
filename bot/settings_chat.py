"""The platforms that staff work in, and what each needs before it can be enabled."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.slack.manifest import RESERVED
from bot.settings_problems import Said
from bot.settings_sources import USUAL_NAMES


SLACK: Final = "https://slack.com/api/"
KINDS: Final = frozenset({"xoxb-", "xoxp-", "xapp-"})
"""What the tokens of an app, of a person and of a connection begin with."""
SLACKS: Final = frozenset({SLACK, "https://slack-gov.com/api/"})
"""Where Slack's Web API is."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine, and nowhere else."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _api(value: str) -> str:
    try:
        parts = urlsplit(value)
        ours = parts.scheme in {"http", "https"} and is_loopback(value) and parts.port != 0
    except ValueError as wrong:
        raise ValueError(value) from wrong
    address = value if value.endswith("/") else f"{value}/"
    # A token goes there with every call.
    if address not in SLACKS and (not ours or parts.username or parts.query or parts.fragment):
        raise ValueError(value)
    return address


def _command(value: str) -> str:
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", value) or value in RESERVED:
        raise ValueError(value)
    return value


def _entra(value: str) -> str:
    if not ENTRA.fullmatch(value):
        raise ValueError(value)
    return value.lower()


def _test_server(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not is_loopback(value) or parts.username:
        raise ValueError(value)
    return value if value.endswith("/") else f"{value}/"


def _public(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(value))
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(value)
    return value if value.endswith("/") else f"{value}/"


ENTRA: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""How Microsoft Entra writes an id."""
EntraId = Annotated[str, AfterValidator(_entra)]
TestUrl = Annotated[str, AfterValidator(_test_server)]
PublicUrl = Annotated[str, AfterValidator(_public)]
Api = Annotated[str, AfterValidator(_api)]
Command = Annotated[str, AfterValidator(_command)]
_COMMAND: Final = (
    "a slash, then up to 31 small letters, digits, - or _, and none of Slack's own commands"
)


class SlackCommands(_Part):
    """What the slash commands are called there; names aren't kept apart by app."""

    propose: Command = Field(default="/propose", description=_COMMAND)
    channels: Command = Field(default="/channels", description=_COMMAND)
    report: Command = Field(default="/report", description=_COMMAND)
    schoolgate: Command = Field(default="/schoolgate", description=_COMMAND)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if len({self.propose, self.channels, self.report, self.schoolgate}) < 4:  # noqa: PLR2004 -- all four
            raise Said("has one name for two commands. Give each its own.")
        return self


class Slack(_Part):
    """Slack: ``http`` needs a public address and a signing secret, ``socket`` an app token.

    Where ``workspace`` is named, a token for any other is refused. ``direct_messages`` lets people
    send words, pictures and videos to Schoolgate itself; Slack then wants one permission more.
    """

    enabled: bool = Field(default=False, description="true or false")
    mode: Literal["http", "socket"] = Field(default="http", description="http or socket")
    bot_token: SecretStr | None = Field(default=None, description="the token xoxb-…")
    signing_secret: SecretStr | None = Field(default=None, description="the app's signing secret")
    app_token: SecretStr | None = Field(default=None, description="the token xapp-…")
    api_url: Api = Field(
        default=SLACK,
        description=f"{SLACK}, or a test server on this machine such as http://127.0.0.1:3100/api/",
    )
    commands: SlackCommands = Field(
        default=SlackCommands(), description="propose, channels, report and schoolgate"
    )
    workspace: str = Field(
        default="",
        pattern="^(T[A-Z0-9]{2,20})?$",
        description="the workspace's id, such as T0123AB",
    )
    direct_messages: bool = Field(default=False, description="true or false")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        beside = "signing_secret" if self.mode == "http" else "app_token"
        _refuse_incomplete(self, "slack", "bot_token", beside)
        _refuse_swapped(self)
        return self


class Teams(_Part):
    """Microsoft Teams, as a bot registered in one tenant.

    ``public_url`` is where Teams reaches this server; without it cards show no pictures and no
    video. In the mode ``playground`` nobody is asked who they are: it is for Microsoft's test
    client alone, and runs on this machine only. ``connector_url`` and ``identity_url`` are test
    servers of ours.
    """

    enabled: bool = Field(default=False, description="true or false")
    mode: Literal["service", "playground"] = Field(
        default="service", description="service or playground"
    )
    app_id: EntraId | None = Field(default=None, description="the bot's application id")
    tenant_id: EntraId | None = Field(default=None, description="the tenant's id")
    app_password: SecretStr | None = Field(default=None, description="the bot's client secret")
    public_url: PublicUrl = Field(
        default="", description="the https:// address where Teams reaches this server"
    )
    connector_url: TestUrl = Field(default="", description="a test server on this machine")
    identity_url: TestUrl = Field(default="", description="a test server on this machine")

    @property
    def playground(self) -> bool:
        return self.mode == "playground"

    @property
    def is_a_test(self) -> bool:
        """Whether nothing of it reaches real people."""
        return self.playground or bool(self.connector_url and self.identity_url)

    @property
    def tenants(self) -> frozenset[str]:
        """Whose people are listened to; the playground's are all of one that is invented."""
        return frozenset() if self.playground or not self.tenant_id else frozenset({self.tenant_id})

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.playground:
            return self
        # With an empty application id the Bot Framework lets anybody in.
        _refuse_incomplete(self, "teams", "app_id", "tenant_id", "app_password")
        if self.enabled and bool(self.connector_url) != bool(self.identity_url):
            raise Said("has one of two test servers. Set connector_url and identity_url, or none.")
        return self


def _refuse_swapped(slack: Slack) -> None:
    """A token that Slack made for something else. Slack's own answer wouldn't say which it is."""
    for token, variable, begins, page in (
        (slack.bot_token, "SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions"),
        (slack.app_token, "SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens"),
    ):
        shown = token.get_secret_value() if token is not None else ""
        if slack.enabled and shown.startswith(tuple(KINDS - {begins})):
            raise Said(
                f"has a token of another kind in {variable}. "
                f"Set the one that begins with {begins}: it is under {page}."
            )


def _refuse_incomplete(part: Slack | Teams, platform: str, *needed: str) -> None:
    missing = [name for name in needed if not getattr(part, name)]
    if part.enabled and missing:
        usual = {path: name for name, path in USUAL_NAMES.items()}
        variables = ", ".join(
            usual.get(("chat", platform, name), f"SCHOOLGATE_CHAT__{platform}__{name}".upper())
            for name in missing
        )
        raise Said(f"is enabled but incomplete. Set {variables}.")


class Chat(_Part):
    """The platforms that staff work in."""

    slack: Slack = Field(default=Slack(), description="Slack's settings")
    teams: Teams = Field(default=Teams(), description="Microsoft Teams' settings")
