"""Many cards on one page that needs neither a server nor a script, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from adapters.sandbox.render import HERE, card_html, pages


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from moderation.kernel import BlobId
    from moderation.views import Card


def gallery_page(
    items: Iterable[tuple[str, str, Card]], *, media_url: Callable[[BlobId], str], now: datetime
) -> str:
    """``items`` are a card's name (letters, digits, ``-``), what it is, and the card itself."""
    sheets = (HERE / "static" / name for name in ("page.css", "gallery.css"))
    css = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    drawn = [
        {
            "name": name,
            "about": about,
            "html": card_html(card, slot=f"g-{name}", media_url=media_url, now=now),
        }
        for name, about, card in items
    ]
    return pages.get_template("gallery.html").render(css=Markup(css), items=drawn)  # noqa: S704 -- our own style sheet
