"""What a full check of a picture of six megapixels costs, as a ratio to decoding and saving it."""

from __future__ import annotations

import asyncio
import io
import resource
import time

from PIL import Image, ImageDraw, ImageFont

from adapters.images.inspector import SubprocessInspector
from moderation.ports import Unusable


TRIES = 3
SIZE = (3000, 2000)


def picture() -> bytes:
    """A certificate, tilted, on a dark table of many shades."""
    image = Image.effect_noise((300, 200), 60).point(lambda shade: shade // 2).resize(SIZE)
    image = image.convert("RGB")
    paper = Image.new("RGBA", (1200, 800), "ivory")
    draw = ImageDraw.Draw(paper)
    for y, size, words in ((200, 80, "Certificate of Merit"), (430, 96, "Amelia Khan")):
        font = ImageFont.load_default(size)
        draw.text((600, y), words, font=font, fill="black", anchor="mm")
    paper = paper.rotate(9, expand=True, resample=Image.Resampling.BICUBIC)
    image.paste(paper, (800, 500), paper)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


async def _measured(
    inspector: SubprocessInspector, content: bytes, *, full: bool
) -> tuple[float, str]:
    wall, processor, words = [], [], ""
    for _ in range(TRIES):
        began, before = time.perf_counter(), _processor()
        if full:
            answer = await inspector.inspect(content)
            if not isinstance(answer, Unusable) and answer[0].look is not None:
                look = answer[0].look
                words = f"; read {look.read}, name read {'Amelia Khan' in look.words}"
        else:
            await inspector.smaller(content, max(SIZE))
        wall.append(time.perf_counter() - began)
        processor.append(_processor() - before)
    best = min(wall)
    return best, f"{best:.2f} s, of it processor {min(processor):.2f} s{words}"


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print both and their ratio, best of three. Without tesseract it says that nothing is read."""
    content, inspector = picture(), SubprocessInspector()
    once, said = asyncio.run(_measured(inspector, content, full=False))
    print("decoded and saved once:", said)
    full, said = asyncio.run(_measured(inspector, content, full=True))
    print("full check:            ", said)
    print(f"ratio: {full / once:.1f}")


if __name__ == "__main__":
    main()
