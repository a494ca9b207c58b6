"""``app.yaml`` and the environment: what is wrong, and what of it can be used all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.doctor.model import Problem, from_sentences
from bot.run_command import platforms_of
from bot.settings import SECRETS, Settings, SettingsError, load, seen_from
from bot.settings_sources import Gathered, read_environment, read_file
from moderation.policies.loader import shipped_ids


if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.application import Connect
    from moderation.kernel import Platform

REMEDY = "Correct it in the settings file, or in the variable where one is named."


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """``settings`` are what could be used; ``schools`` tells whether those in them are real."""

    problems: tuple[Problem, ...]
    settings: Settings | None
    schools: bool


def look(
    config: Path, environ: Mapping[str, str], adapters: Mapping[Platform, Connect]
) -> Configured:
    """Everything wrong with the settings, with as much of them as can be used."""
    try:
        settings = load(config, environ)
    except SettingsError as wrong:
        rest, schools = _rest(config, environ)
        problems = from_sentences("settings", wrong.problems, REMEDY)
        return Configured(problems=problems, settings=rest, schools=schools)
    problems = from_sentences("settings", settings.missing_for_run(), REMEDY)
    try:
        platforms_of(settings, adapters)
    except SettingsError as wrong:
        problems += from_sentences("chat", wrong.problems, REMEDY)
    return Configured(problems=problems, settings=settings, schools=True)


def _rest(config: Path, environ: Mapping[str, str]) -> tuple[Settings | None, bool]:
    """The settings without the parts that have a problem: the others are looked at all the same.

    Where the schools themselves have one, invented ones stand in, and nothing is said of them.
    """
    gathered = Gathered()
    read_file(config, gathered)
    if gathered.problems:
        return None, False
    read_environment(environ, SECRETS, gathered)
    values, schools = gathered.values, True
    for _ in range(len(Settings.model_fields) + 1):
        try:
            return seen_from(Settings.model_validate(values), config.resolve().parent), schools
        except ValidationError as wrong:
            # A problem between two parts has no place of its own; the secrets are such parts.
            bad = {str(found["loc"][0]) if found["loc"] else "" for found in wrong.errors()}
        if "" in bad:
            bad |= {"signing_key", "metrics"}
        if bad & {"trust", "schools", ""} or not {"trust", "schools"} <= values.keys():
            schools, values = False, values | _invented()
        values = {name: part for name, part in values.items() if name not in bad or name in PLACES}
    return None, False


PLACES = frozenset({"trust", "schools"})


def _invented() -> dict[str, Any]:
    policy = shipped_ids()[0]
    return {
        "trust": {"id": "trust", "name": "Trust"},
        "schools": [{"id": "school", "name": "School", "policy": policy}],
    }
