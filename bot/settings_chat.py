"""The platforms that staff work in, and what each needs before it can be enabled."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.settings_problems import Said
from bot.settings_values import Line


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Slack(_Part):
    """Slack: ``http`` needs a public address and a signing secret, ``socket`` an app token."""

    enabled: bool = Field(default=False, description="true or false")
    mode: Literal["http", "socket"] = Field(default="http", description="http or socket")
    bot_token: SecretStr | None = Field(default=None, description="the token xoxb-…")
    signing_secret: SecretStr | None = Field(default=None, description="the app's signing secret")
    app_token: SecretStr | None = Field(default=None, description="the token xapp-…")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        beside = "signing_secret" if self.mode == "http" else "app_token"
        _refuse_incomplete(self, "slack", "bot_token", beside)
        return self


class Teams(_Part):
    """Microsoft Teams, as a bot registered in one tenant."""

    enabled: bool = Field(default=False, description="true or false")
    app_id: Line | None = Field(default=None, description="the bot's application id")
    tenant_id: Line | None = Field(default=None, description="the tenant's id")
    app_password: SecretStr | None = Field(default=None, description="the bot's client secret")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        # With an empty application id the Bot Framework lets anybody in.
        _refuse_incomplete(self, "teams", "app_id", "tenant_id", "app_password")
        return self


def _refuse_incomplete(part: Slack | Teams, platform: str, *needed: str) -> None:
    missing = [name for name in needed if not getattr(part, name)]
    if part.enabled and missing:
        variables = ", ".join(f"SCHOOLGATE_CHAT__{platform}__{name}".upper() for name in missing)
        raise Said(f"is enabled but incomplete. Set {variables}.")


class Chat(_Part):
    """The platforms that staff work in."""

    slack: Slack = Field(default=Slack(), description="Slack's settings")
    teams: Teams = Field(default=Teams(), description="Microsoft Teams' settings")
