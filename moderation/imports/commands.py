"""What may be asked about an import."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.imports.model import Batch, BatchId
from moderation.kernel import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The operator's file, read whole.

    ``closing`` is the number of pupils that the operator expects to leave, as the dry run showed
    it. ``confirmed_by`` are people who said yes outside the chat.
    """

    batch: Batch
    closing: int | None = None
    confirmed_by: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmImport:
    """A yes to the changes with number ``seen``."""

    batch: BatchId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineImport:
    """A no. Less power never waits, so a no from an old card counts too."""

    batch: BatchId
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceImport:
    """The timer: a newer file speaks of the same people or accounts."""

    batch: BatchId
    newer: BatchId


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseImport:
    """The timer: nobody answered in time; no answer is a no."""

    batch: BatchId


Timed = ReplaceImport | LapseImport
Command = Import | ConfirmImport | DeclineImport | ReplaceImport | LapseImport
