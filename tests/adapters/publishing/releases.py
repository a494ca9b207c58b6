"""Releases for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from moderation.kernel import AccountId, BlobId, PostId
from moderation.ports import Release


TEXT = (
    "Sports day was a joy! 🏃 Łukasz won’t forget it.\r\n\r\nMore: https://oakfield.example/sports"
)


def release(**changed: object) -> Release:
    made = Release(
        post=PostId("01JQ0000000000000000000001"),
        revision="01JQ0000000000000000000002",
        digest="sha256:" + "ab" * 32,
        account=AccountId("oakfield-facebook"),
        account_name="Oakfield Primary",
        platform="Facebook",
        text=TEXT,
        pictures=(),
        not_before=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
        authors=("p-reed",),
        approvers=("p-okafor", "p-lund"),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def with_pictures(*pictures: tuple[BlobId, str]) -> Release:
    return release(pictures=pictures)
