"""Whether two pictures look the same, by the hashes that were taken of them on arrival."""

from __future__ import annotations


MOST_APART = 20
"""Bits of 128. Measured on 26 photographs and drawings: saved again at quality 30, halved, as a
thumbnail, in grey, brighter or with more contrast they were at most 16 apart, cropped by 2 % 24 of
them at most 18; two different pictures never less than 26, two views of one scene 26."""


def alike(one: str, other: str) -> bool:
    """Of two hashes as an inspection gives them; an empty one is like nothing."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= MOST_APART
