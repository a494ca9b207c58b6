"""Where the figures for a monitoring system are served, if anywhere."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.settings_problems import Said


ADDRESS: Final = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>\d{1,5})")
HIGHEST_PORT: Final = 65535


def _address(value: str) -> str:
    found = ADDRESS.fullmatch(value)
    if found is None or int(found["port"]) > HIGHEST_PORT:
        raise ValueError(value)
    return value


class Metrics(BaseModel):
    """Off unless ``listen`` names a place: an address with its port.

    The figures name schools and states, never people; still they are nobody's business outside.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    listen: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, description="an address and a port, such as 127.0.0.1:9464"
    )
    open_to_network: bool = Field(default=False, description="true or false")

    @model_validator(mode="after")
    def _at_home(self) -> Self:
        place = self.place
        if place is not None and not self.open_to_network and not _loopback(place[0]):
            raise Said(
                "can be read from outside this machine. Write 127.0.0.1:9464, or add "
                "“open_to_network: true” where a firewall stands before it."
            )
        return self

    @property
    def place(self) -> tuple[str, int] | None:
        """Host and port; ``None`` where nothing is served."""
        found = ADDRESS.fullmatch(self.listen or "")
        return None if found is None else (found["six"] or found["host"], int(found["port"]))


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
