"""What a picture looks like in 128 bits: enough to know it again, too little to show anything.

A difference hash in both directions: is each cell of a coarse grid lighter than its neighbour?
Saving it again, scaling, grey, other brightness and a narrow crop change few bits. No face and no
person can be told from it.
"""

from __future__ import annotations

from PIL import Image, ImageOps


CELLS = 8
_FIRST = 72
"""Pixels; a multiple of both sides of the grid, so that every cell is of one size."""
_LEAST_CONTRAST = 12
"""Grey levels. A picture with less is a plain surface, and plain surfaces are all alike."""


def likenesses(image: Image.Image) -> tuple[str, str]:
    """The picture's, and that of its mirror image: 32 hexadecimal digits each.

    Both are empty for a plain surface.
    """
    small = image.resize((_FIRST, _FIRST), Image.Resampling.BOX)
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        small = paper
    grey = small.convert("L")
    darkest, lightest = grey.resize((CELLS, CELLS), Image.Resampling.BOX).getextrema()
    if int(lightest) - int(darkest) < _LEAST_CONTRAST:  # type: ignore[arg-type]  # L has one band
        return "", ""
    return _hash(grey), _hash(ImageOps.mirror(grey))


def _hash(grey: Image.Image) -> str:
    across = grey.resize((CELLS + 1, CELLS), Image.Resampling.BOX).tobytes()
    down = grey.resize((CELLS, CELLS + 1), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(CELLS):
        for column in range(CELLS):
            at = row * (CELLS + 1) + column
            bits = bits << 1 | (across[at + 1] > across[at])
    for at in range(CELLS * CELLS):
        bits = bits << 1 | (down[at + CELLS] > down[at])
    return f"{bits:032x}"
