"""Where checkpoints of the record go: a folder of our own, and places that others keep."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.settings_problems import Said
from bot.settings_values import Line


class Witness(BaseModel):
    """A folder that somebody else keeps, such as a mounted share."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    folder: Path = Field(description="a folder's path")
    belongs_to: Line = Field(description="whose it is, such as the data protection officer")


class Audit(BaseModel):
    """``checkpoints`` left out is the folder ``checkpoints`` in the data folder."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    checkpoints: Path | None = Field(default=None, description="a folder's path")
    places: tuple[Witness, ...] = Field(
        default=(), description="a list of folders, each with “folder” and “belongs_to”"
    )

    @model_validator(mode="after")
    def _apart(self) -> Self:
        folders = [place.folder for place in self.places]
        if self.checkpoints is not None:
            folders.append(self.checkpoints)
        if len(set(folders)) < len(folders):
            raise Said("names one folder twice. A copy in the same place protects nothing.")
        return self

    def seen_from(self, folder: Path, data: Path) -> Audit:
        """With absolute paths; relative ones start from ``folder``."""
        own = data / "checkpoints" if self.checkpoints is None else folder / self.checkpoints
        places = tuple(
            place.model_copy(update={"folder": folder / place.folder}) for place in self.places
        )
        return self.model_copy(update={"checkpoints": own, "places": places})
