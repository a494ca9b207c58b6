"""The app's two icons: a gate, and the yes that opens it. Drawn here, so that nobody owns them."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw


COLOUR: Final = "#1f4e79"
COLOUR_SIDE: Final = 192
OUTLINE_SIDE: Final = 32
_FINER: Final = 8
"""Drawn so many times larger, for smooth edges."""

_WHITE: Final = (255, 255, 255, 255)
_NOTHING: Final = (255, 255, 255, 0)


def colour() -> bytes:
    """A PNG of 192 pixels: white on the app's colour, within the part that no client cuts off."""
    return _drawn(COLOUR_SIDE, margin=0.24, behind=COLOUR, stroke=0.09)


def outline() -> bytes:
    """A PNG of 32 pixels: white on nothing."""
    return _drawn(OUTLINE_SIDE, margin=0.06, behind=None, stroke=0.1)


def _drawn(side: int, *, margin: float, behind: str | None, stroke: float) -> bytes:
    """``margin`` is a share of the side, ``stroke`` one of the drawing within it."""
    full = side * _FINER
    image = Image.new("RGBA", (full, full), behind or _NOTHING)
    pen = ImageDraw.Draw(image)
    inner = full * (1 - 2 * margin)
    width = round(inner * stroke)

    def at(x: float, y: float) -> tuple[float, float]:
        return full * margin + inner * x, full * margin + inner * y

    # Two posts under an arch.
    left, right = 0.08, 0.92
    pen.line([at(left, 1), at(left, 0.42)], fill=_WHITE, width=width)
    pen.line([at(right, 1), at(right, 0.42)], fill=_WHITE, width=width)
    half = width / 2
    top, bottom = at(left, 0), at(right, 0.84)
    box = (top[0] - half, top[1], bottom[0] + half, bottom[1])
    pen.arc(box, 180, 360, fill=_WHITE, width=width)
    pen.line([at(0, 1 - stroke / 2), at(1, 1 - stroke / 2)], fill=_WHITE, width=width)
    # The yes between them.
    tick = [at(0.29, 0.58), at(0.45, 0.74), at(0.73, 0.4)]
    pen.line(tick, fill=_WHITE, width=width, joint="curve")
    for x, y in (tick[0], tick[-1]):
        pen.ellipse((x - half, y - half, x + half, y + half), fill=_WHITE)
    written = BytesIO()
    small = image.resize((side, side), Image.Resampling.LANCZOS)
    small.save(written, "PNG", optimize=True)
    return written.getvalue()
