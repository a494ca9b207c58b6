"""Files and folders: there, ours, private, with room, and where a database may be."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.doctor.model import Problem, error, from_refusal, warning
from bot.settings import SECRETS
from bot.settings_sources import FILE_SUFFIX, PREFIX, SEPARATOR
from storage.database import check_place, parsed
from storage.faults import NotReady


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.settings import Settings

DATABASE: Final = "database_place"
LITTLE: Final = 1_000_000_000
TOO_LITTLE: Final = 100_000_000
"""Bytes that are free: to be looked at, and too few to start with."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def look(config: Path, settings: Settings, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Everything wrong with where things are kept."""
    return (
        *_settings_file(config),
        *_secret_files(environ),
        *_data(settings.paths.data),
        *_database(settings),
        *_publishing(settings),
        *_checkpoints(settings),
    )


def _settings_file(config: Path) -> Iterator[Problem]:
    if config.stat().st_mode & OTHERS_WRITE:
        yield warning(
            "settings_writable",
            f"{config.name} can be changed by other users of this machine.",
            f"chmod go-w {config}",
            config,
        )


def _secret_files(environ: Mapping[str, str]) -> Iterator[Problem]:
    """One of somebody else's (a container's secrets) is theirs to protect."""
    for path in sorted(SECRETS):
        name = f"{PREFIX}{SEPARATOR.join(path)}{FILE_SUFFIX}".upper()
        file = Path(environ.get(name, ""))
        if not environ.get(name) or not file.is_file():
            continue
        found = file.stat()
        if found.st_uid == os.geteuid() and found.st_mode & OTHERS:
            yield warning(
                "secret_readable",
                f"The file of {name} can be read by other users of this machine.",
                f"chmod 600 {file}",
                file,
            )


def _data(folder: Path) -> Iterator[Problem]:
    wrong = unusable(folder)
    if wrong is not None:
        yield error("data_folder", *wrong, folder)
        return
    if folder.exists() and folder.stat().st_mode & OTHERS:
        yield warning(
            "data_readable",
            f"{folder} is open to other users of this machine.",
            f"chmod 700 {folder}",
            folder,
        )
    free = shutil.disk_usage(_nearest(folder)).free
    if free < LITTLE:
        said = f"There are {free // 1_000_000:,} MB free where {folder} is."
        make = error if free < TOO_LITTLE else warning
        remedy = "Make room, or set paths.data to a larger disk."
        yield make("little_room", said, remedy, folder)


def _database(settings: Settings) -> Iterator[Problem]:
    try:
        address = parsed(settings.database_url.get_secret_value())
        if address.get_backend_name() == "sqlite":
            check_place(Path(str(address.database)))
    except NotReady as wrong:
        remedy = "Set database.url to sqlite:///data/schoolgate.db or postgresql://host/name."
        yield from from_refusal(DATABASE, (str(wrong),), remedy)


def _publishing(settings: Settings) -> Iterator[Problem]:
    folder = settings.publishing.folder
    wrong = unusable(folder) if settings.publishing.to == "folder" and folder else None
    if wrong is not None:
        yield error("publishing_folder", *wrong, folder)


def _checkpoints(settings: Settings) -> Iterator[Problem]:
    """The record's checkpoints are worth what the places are worth that they are kept in."""
    audit = settings.audit
    if not audit.places:
        yield warning(
            "no_witness",
            "Checkpoints of the record are kept on this machine alone, where whoever changes the "
            "record can change them too.",
            "Name a folder of the data protection officer's under audit.places.",
        )
    for place in audit.places:
        if settings.paths.data in (place.folder, *place.folder.parents):
            yield warning(
                "witness_at_home",
                f"{place.folder} is in the data folder, so a copy there protects nothing.",
                "Name a folder that somebody else keeps under audit.places.",
                place.folder,
            )
        elif not place.folder.is_dir() or not _may_write(place.folder):
            yield warning(
                "witness_away",
                f"No checkpoint can be put into {place.folder}.",
                f"Mount it, or let this user write there; it belongs to {place.belongs_to}.",
                place.folder,
            )


def unusable(folder: Path) -> tuple[str, str] | None:
    """Why nothing can be written into a folder that is made where it is missing: said, remedy."""
    there = _nearest(folder)
    if not there.is_dir():
        return f"{there} is a file, and should be a folder.", f"Move {there} away."
    if not _may_write(there):
        return (
            f"{there} can't be written to by this user.",
            f"chown {os.geteuid()} {there}, or name another folder.",
        )
    return None


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def _nearest(path: Path) -> Path:
    """The path, or the closest folder above it that is there."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())
