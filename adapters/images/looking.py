"""What a clean picture shows of itself: how many faces at least, and the words in it.

Faces are counted, never told apart: OpenCV's Haar cascade ``frontalface_alt2`` gives rectangles,
and nothing of them is kept but their number. Words are read by the program tesseract: papers and
boards that lie in the picture are cut out and straightened first, and read from each side, since it
reads nothing tilted.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

from adapters.images.wire import MOST_WORDS, Noticed


if TYPE_CHECKING:
    from adapters.images.wire import Limits

    Grey = np.ndarray[Any, np.dtype[np.uint8]]
    Corners = np.ndarray[Any, np.dtype[np.float32]]


_CASCADE = Path(cv2.__file__).with_name("data") / "haarcascade_frontalface_alt2.xml"
_FOR_FACES, _SMALLEST_FACE = 1024, 24
_FOR_SHEETS, _FOR_WORDS, _SHEET = 1000, 1600, 1200
"""Pixels of the longer side."""
_MOST_SHEETS = 2
_LEAST_SHEET = 0.008
"""Of the picture's area: a sheet with a name that can be read is not smaller."""
_MOSTLY = 0.5
"""Of the picture's area: a sheet of more is the picture."""
_SPARSE = ("--psm", "11")
_BACKGROUND = ("-c", "thresholding_method=2")
"""Sauvola's threshold finds words before a background of any brightness."""
_WORD = re.compile(r"\b(?:[A-Z]?[a-z]{2,}|[A-Z]{3,})\b")
_VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
_TO_ANSWER = 0.8
"""Seconds kept back from the limit."""


def noticed(content: bytes, limits: Limits, reader: str) -> Noticed:
    """Of a picture that was made clean. ``reader`` is tesseract's path, or empty without one."""
    until = time.monotonic() + limits.look_seconds - _TO_ANSWER
    cv2.setNumThreads(1)
    grey = _grey(content)
    faces = _faces(grey)
    if not reader:
        return Noticed(faces=faces)
    sheets, picture = _pages(grey)
    lying = [_begun(reader, page, ()) for page in sheets]
    lying += [_begun(reader, page, _BACKGROUND) for page in picture]
    texts = [_read(one, until) for one in lying]
    # Sheet by sheet: each reading takes memory.
    turned = [_turned(reader, page, until) for page in sheets]
    # However else a sheet lies, it lies one way: the other readings of it are noise.
    better = [
        best for best, text in zip(turned, texts, strict=False) if _words_in(best) > _words_in(text)
    ]
    words = "\n".join(text for text in (*texts, *better) if text)
    return Noticed(faces=faces, words=words[:MOST_WORDS], read=None not in texts)


def _turned(reader: str, page: Grey, until: float) -> str | None:
    """What seems to be most, of the page on its other three sides."""
    sides = [_begun(reader, np.rot90(page, turn), ()) for turn in (1, 2, 3)]
    return max((_read(side, until) for side in sides), key=_words_in)


def _words_in(text: str | None) -> int:
    """Letters in what could be words."""
    return sum(len(word) for word in _WORD.findall(text or "") if _VOWEL.search(word))


def _grey(content: bytes) -> Grey:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        if image.mode == "RGBA":
            paper = Image.new("L", image.size, 255)
            paper.paste(image.convert("L"), mask=image.getchannel("A"))
            return np.asarray(paper)
        return np.asarray(image.convert("L"))


def _scaled(grey: Grey, longest: int) -> tuple[Grey, float]:
    """Never larger than it came; and by how much it was made smaller."""
    high, wide = grey.shape[0], grey.shape[1]
    scale = min(1.0, longest / max(high, wide))
    if scale == 1.0:
        return grey, scale
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    return _bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA)), scale


def _bytes(image: object) -> Grey:
    return np.asarray(image, dtype=np.uint8)


# -- faces ---------------------------------------------------------------------------------------


def _faces(grey: Grey) -> int:
    small, _ = _scaled(grey, _FOR_FACES)
    cascade = cv2.CascadeClassifier(str(_CASCADE))
    least = (_SMALLEST_FACE, _SMALLEST_FACE)
    return len(cascade.detectMultiScale(small, scaleFactor=1.1, minNeighbors=3, minSize=least))


# -- words ---------------------------------------------------------------------------------------


def _pages(grey: Grey) -> tuple[list[Grey], list[Grey]]:
    """Sheets that lie in the picture, straight; and the picture, if it is more than a sheet."""
    sheets = _sheets(grey)
    most = any(_area(corners) > _MOSTLY * grey.size for corners in sheets)
    picture = [] if most else [_scaled(grey, _FOR_WORDS)[0]]
    return [_straight(grey, corners) for corners in sheets], picture


def _sheets(grey: Grey) -> list[Corners]:
    """Corners of what may be a paper or a board, the largest first: convex, with four corners."""
    small, scale = _scaled(grey, _FOR_SHEETS)
    soft = cv2.GaussianBlur(small, (5, 5), 0)
    masks = [
        cv2.threshold(soft, level, 255, cv2.THRESH_BINARY)[1] for level in (100, 140, 180, 210)
    ]
    masks.append(cv2.dilate(cv2.Canny(soft, 40, 120), np.ones((3, 3), np.uint8)))
    found: list[Corners] = []
    for mask in masks:
        for line in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            if cv2.contourArea(line) < _LEAST_SHEET * small.size:
                continue
            shape = cv2.approxPolyDP(line, 0.03 * cv2.arcLength(line, closed=True), closed=True)
            if len(shape) == 4 and cv2.isContourConvex(shape):  # noqa: PLR2004 -- corners
                found.append(_in_order(shape.reshape(4, 2).astype(np.float32)) / np.float32(scale))
    found.sort(key=_area, reverse=True)
    apart = 0.15 * max(grey.shape)
    kept: list[Corners] = []
    for corners in found:
        middle = corners.mean(axis=0)
        if all(_apart(middle, other.mean(axis=0)) >= apart for other in kept):
            kept.append(corners)
    return kept[:_MOST_SHEETS]


def _in_order(corners: Corners) -> Corners:
    """Clockwise from the top left."""
    across, down = corners.sum(axis=1), np.diff(corners, axis=1)[:, 0]
    places = (across.argmin(), down.argmin(), across.argmax(), down.argmax())
    return np.array([corners[at] for at in places], dtype=np.float32)


def _apart(one: Corners, other: Corners) -> float:
    return float(np.linalg.norm(one - other))


def _area(corners: Corners) -> float:
    return float(cv2.contourArea(corners))


def _straight(grey: Grey, corners: Corners) -> Grey:
    left_top, right_top, right_low, left_low = corners
    wide = max(_apart(right_top, left_top), _apart(right_low, left_low))
    high = max(_apart(left_low, left_top), _apart(right_low, right_top))
    scale = _SHEET / max(wide, high, 1.0)
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(corners, flat)
    return _bytes(cv2.warpPerspective(grey, turn, (width, height), flags=cv2.INTER_CUBIC))


def _begun(reader: str, page: Grey, how: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    """Reading goes on beside us; what it is and how it is limited it has from this process."""
    try:
        reading = subprocess.Popen(  # noqa: S603 -- the program found at the start, fixed arguments
            [reader, "stdin", "stdout", "-l", "eng", *_SPARSE, *how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
        if reading.stdin is not None:
            with reading.stdin as page_in:
                page_in.write(cv2.imencode(".bmp", page)[1].tobytes())
            reading.stdin = None
    except OSError:
        return None
    return reading


def _read(reading: subprocess.Popen[bytes] | None, until: float) -> str | None:
    """``None`` where it came to nothing, or not in time."""
    if reading is None:
        return None
    try:
        said, _ = reading.communicate(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        reading.kill()
        return None
    return said.decode("utf-8", "replace") if reading.returncode == 0 else None
