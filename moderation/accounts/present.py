"""How accounts of the register are spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.words import both


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.accounts.model import Account


_PLATFORMS = {
    "x": "X",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "whatsapp": "WhatsApp",
}


def platform_name(platform: str) -> str:
    """The network as it writes itself: "Facebook", "YouTube", "X"."""
    return _PLATFORMS.get(platform, platform[:1].upper() + platform[1:])


def page(account: Account) -> str:
    """One account in a title: "Facebook · Oakfield Primary"."""
    return f"{platform_name(account.platform)} · {account.name}"


def pages(accounts: Iterable[Account]) -> str:
    """Several in a title; those of one name together: "Facebook and X · Oakfield Primary"."""
    platforms: dict[str, list[str]] = {}
    for account in accounts:
        platforms.setdefault(account.name, []).append(platform_name(account.platform))
    return both([f"{both(found)} · {name}" for name, found in platforms.items()])
