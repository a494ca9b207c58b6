"""Who uses this installation: the trust, its schools, and what each says about itself."""

from __future__ import annotations

from datetime import date
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.settings_problems import Said
from bot.settings_values import Changes, Contact, Host, Line, Phone, Policy, Slug, Zone


A_SLUG: Final = "a short name of small letters, digits and hyphens"
A_POLICY: Final = "the id of a policy pack, such as step"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Holiday(_Part):
    """Days, both included, on which nobody is expected to post."""

    start: date = Field(alias="from", description="a day such as 2026-12-21")
    end: date = Field(alias="to", description="a day such as 2027-01-01")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise Said("ends before it starts. Swap “from” and “to”.")
        return self


class Place(_Part):
    """What a school and the trust have in common."""

    id: Slug = Field(description=A_SLUG)
    name: Line = Field(description="a name on one line")
    domains: tuple[Host, ...] = Field(
        default=(), description="a list of hosts such as school.example, without https://"
    )
    office: Line = Field(default="the school office", description="whom staff can ask, on one line")
    contacts: tuple[Contact, ...] = Field(
        default=(),
        description="a list of telephone numbers, e-mail addresses and postcodes, each in quotes",
    )
    safeguarding_phone: Phone | None = Field(
        default=None,
        description="one telephone number in quotes, answered whenever children are there",
    )
    holidays: tuple[Holiday, ...] = Field(
        default=(), description="a list of days, each with “from” and “to”"
    )
    settings: Changes = Field(
        default_factory=dict, description="the policy's settings to change, such as “seconds: 2”"
    )
    rules: Changes = Field(
        default_factory=dict,
        description="the policy's rules to change, such as “coarse-language: block”",
    )


class Trust(Place):
    """The trust that runs the schools; a single school is a trust of one.

    ``policy`` is that of the trust's own accounts; left out, the one that its schools share.
    """

    name: Line = Field(description="the trust's name")
    policy: Policy | None = Field(default=None, description=A_POLICY)
    time_zone: Zone = Field(
        default="Europe/London", description="a time zone such as Europe/London"
    )


class School(Place):
    """One school, and the policy it follows."""

    name: Line = Field(description="the school's name")
    policy: Policy = Field(description=A_POLICY)
