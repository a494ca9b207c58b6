"""What can go wrong with the store. No text of a row, a value or a driver is ever in a message.

SchoolgateError
├── Conflict            another writer was first, or the same key was written at the same time
├── CorruptStore        a stored value can't be opened or read back
├── RuleBroken          the database refused a row: a guard, a check or a reference says no
├── StoreFault          the driver failed otherwise: its class and SQLSTATE, never its words
└── NotReady            the database can't be used as it is: wrong schema, stamp, key or place
"""

from __future__ import annotations

from moderation.kernel import SchoolgateError


class RuleBroken(SchoolgateError):
    """The database refused what the rules forbid. ``rule`` names the guard or constraint."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"the database refuses this: {rule}")
        self.rule = rule


class StoreFault(SchoolgateError):
    """The driver failed. ``kind`` is its exception's class, ``code`` an SQLSTATE or "".

    The driver's own words are dropped: they may quote a row.
    """

    def __init__(self, kind: str, code: str = "") -> None:
        super().__init__(f"the database failed: {kind} {code}".rstrip())
        self.kind = kind
        self.code = code


class NotReady(SchoolgateError):
    """The database can't be used as it is. The message says what is wrong and what mends it."""
