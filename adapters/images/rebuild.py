"""From the parts of a hostile file to a new picture made of its pixels alone.

Runs in the limited process of :mod:`adapters.images.worker`. The codec is given only the parts that
make pixels, so there is no metadata that a later step could forget to remove.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import pillow_heif
from PIL import (
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from adapters.images import containers, metadata
from adapters.images.containers import Container, Kind
from adapters.images.likeness import likenesses
from adapters.images.profile import clean_profile
from adapters.images.wire import Limits, Seen
from moderation.ports import Look, PictureFormat, Unusable


if TYPE_CHECKING:
    from collections.abc import Callable


_OPENERS: dict[Kind, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    Kind.JPEG: JpegImagePlugin.JpegImageFile,
    Kind.PNG: PngImagePlugin.PngImageFile,
    Kind.WEBP: WebPImagePlugin.WebPImageFile,
    Kind.HEIC: pillow_heif.HeifImageFile,
}
pillow_heif.options.DECODE_THREADS = 1  # processor time is limited; a thread more saves none
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    RuntimeError,
    OverflowError,
    ZeroDivisionError,
    Image.DecompressionBombError,
)
"""What the codecs are known to raise for a damaged file."""
_PREVIEW_QUALITY, _QUALITY = 82, 90
_SLOW_PNG = 8_000_000
"""Pixels from which a PNG is packed lightly, to stay within the time."""


def inspected(content: bytes, limits: Limits) -> Seen | Unusable:
    """The clean picture and what the file said about it."""
    container = _opened(content, limits)
    if isinstance(container, Unusable):
        return container
    read = _read(container, limits, alpha=container.kind is not Kind.HEIC)
    if isinstance(read, Unusable):
        return read
    image, container = read
    likeness, mirrored = likenesses(image)
    format_ = _format_for(image, container)
    encoded = _encoded(image, container.icc, format_)
    if len(encoded) > limits.bytes and image.mode != "RGBA":
        format_ = PictureFormat.JPEG  # a photograph saved as PNG, packed less tightly than it came
        encoded = _encoded(image, container.icc, format_)
    if len(encoded) > limits.bytes:
        return Unusable.TOO_MANY_BYTES
    return Seen(
        format=format_,
        width=image.width,
        height=image.height,
        metadata=metadata.texts_of(container),
        has_position=metadata.has_position(container),
        look=Look(likeness=likeness, mirrored=mirrored),
        clean=encoded,
    )


def smaller(content: bytes, limits: Limits, longest: int) -> Seen | Unusable:
    """A JPEG for a card, its longer side at most ``longest`` pixels; never larger than it came."""
    container = _opened(content, limits)
    if isinstance(container, Unusable):
        return container
    read = _read(container, limits, alpha=False, longest=longest)
    if isinstance(read, Unusable):
        return read
    image, container = read
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    encoded = _encoded(image, container.icc, PictureFormat.JPEG, quality=_PREVIEW_QUALITY)
    return Seen(format=PictureFormat.JPEG, width=image.width, height=image.height, clean=encoded)


def _opened(content: bytes, limits: Limits) -> Container | Unusable:
    if len(content) > limits.bytes:
        return Unusable.TOO_MANY_BYTES
    container = containers.read(content)
    if isinstance(container, Container) and _is_too_large(
        container.kind, container.width * container.height, limits
    ):
        return Unusable.TOO_MANY_PIXELS
    return container


def _is_too_large(kind: Kind, pixels: int, limits: Limits) -> bool:
    return pixels > (limits.webp_pixels if kind is Kind.WEBP else limits.pixels)


def _read(
    container: Container, limits: Limits, *, alpha: bool, longest: int | None = None
) -> tuple[Image.Image, Container] | Unusable:
    """The picture upright as L, RGB or, with ``alpha``, RGBA, eight bits a channel.

    Each step lets go of the picture before it: two of the largest fit into the memory, three don't.
    """
    decoded = _decoded(container, limits, longest=longest)
    if isinstance(decoded, Unusable):
        return decoded
    image = decoded
    del decoded
    container = replace(_with_heic_parts(container, image), pixels=b"")
    image = _turned(image, container)
    image = _on_screen(image, container.icc)
    if image.mode == "RGBA":
        image = _hidden_pixels_removed(image) if alpha else _on_white(image)
    image.info = {}
    return image, container


def _decoded(
    container: Container, limits: Limits, *, longest: int | None = None
) -> Image.Image | Unusable:
    try:
        with warnings.catch_warnings(action="ignore"):
            image = _OPENERS[container.kind](io.BytesIO(container.pixels))
            if _is_too_large(container.kind, image.width * image.height, limits):
                return Unusable.TOO_MANY_PIXELS
            if container.kind is not Kind.HEIC and image.size != (
                container.width,
                container.height,
            ):
                return Unusable.DAMAGED
            if longest and container.kind is Kind.JPEG:
                image.draft(None, (2 * longest, 2 * longest))
            image.load()
    except Image.DecompressionBombError:
        return Unusable.TOO_MANY_PIXELS
    except _BROKEN:
        return Unusable.DAMAGED
    if _is_too_large(container.kind, image.width * image.height, limits):
        return Unusable.TOO_MANY_PIXELS
    return image


def _with_heic_parts(container: Container, image: Image.Image) -> Container:
    """HEIC's decoder has read the boxes with the metadata.

    It has also turned the picture as the file says, and set EXIF's orientation to upright.
    """
    if container.kind is not Kind.HEIC:
        return container
    info = image.info
    exif, xmp, icc = (info.get(key) or b"" for key in ("exif", "xmp", "icc_profile"))
    return Container(
        kind=Kind.HEIC,
        pixels=b"",
        width=image.width,
        height=image.height,
        exif=exif.removeprefix(b"Exif\x00\x00") if len(exif) <= containers.MOST_METADATA else b"",
        xmp=(xmp,) if 0 < len(xmp) <= containers.MOST_METADATA else (),
        icc=icc if len(icc) <= containers.MOST_METADATA else b"",
    )


def _turned(image: Image.Image, container: Container) -> Image.Image:
    turn = _UPRIGHT.get(metadata.orientation_of(container))
    return image if turn is None else image.transpose(turn)


def _on_screen(image: Image.Image, icc: bytes) -> Image.Image:
    if image.mode == "CMYK":
        return _printed(image, icc)
    if image.mode.startswith("I"):  # 16 bits of grey; convert() would cut, not scale
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _format_for(image: Image.Image, container: Container) -> PictureFormat:
    """What drawings and see-through pictures keep exactly, PNG; what photographs come as, JPEG.

    Never WebP: neither the cards of Slack and Teams nor every network takes it.
    """
    if image.mode == "RGBA" or container.lossless:
        return PictureFormat.PNG
    return PictureFormat.JPEG


def _hidden_pixels_removed(image: Image.Image) -> Image.Image:
    """What is fully transparent is not seen by the approver, so it must not go out either."""
    transparency = image.getchannel("A")
    if transparency.getextrema() == (255, 255):
        return image.convert("RGB")
    image.paste((0, 0, 0, 0), mask=transparency.point(lambda value: 255 if value == 0 else 0))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _printed(image: Image.Image, icc: bytes) -> Image.Image:
    """Ink to light: by the file's own profile where that can be used."""
    if icc[16:20] == b"CMYK":
        try:
            ink = ImageCms.getOpenProfile(io.BytesIO(icc))
            light = ImageCms.profileToProfile(
                image, ink, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (OSError, ImageCms.PyCMSError, ValueError, TypeError):
            light = None
        if light is not None:
            return light
    return image.convert("RGB")


def _encoded(
    image: Image.Image, icc: bytes, format_: PictureFormat, *, quality: int = _QUALITY
) -> bytes:
    """The file, with its colour profile where that still describes the pixels.

    A profile of print colours has done its work by then and doesn't fit any more.
    """
    profile = clean_profile(icc, b"GRAY" if image.mode == "L" else b"RGB ")
    out = io.BytesIO()
    colours = {"icc_profile": profile} if profile else {}
    if format_ is PictureFormat.PNG:
        slow = image.width * image.height > _SLOW_PNG
        image.save(out, "PNG", compress_level=1 if slow else 6, **colours)
    else:
        image.save(out, "JPEG", quality=quality, **colours)
    return out.getvalue()
