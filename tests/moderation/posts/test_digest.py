"""The digest is what a yes binds to: the same for the same content, another for any other."""

from __future__ import annotations

import string
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, PersonId, PupilKey
from moderation.posts.model import Attachment, Content
from tests.builders import FEED, NOON, PAGE
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    import pytest


words = st.text(max_size=8)
ids = st.text(string.ascii_lowercase, min_size=1, max_size=3)
attachments = st.builds(Attachment, blob=ids.map(BlobId), alt=words, file_name=words)
pictured = st.builds(
    Pictured,
    st.sampled_from(Who),
    st.frozensets(ids.map(PupilKey), max_size=3),
    st.frozensets(ids.map(PersonId), max_size=2),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive
contents = st.builds(
    Content,
    text=words,
    accounts=st.lists(ids.map(AccountId), max_size=3, unique=True).map(tuple),
    attachments=st.lists(attachments, max_size=3).map(tuple),
    pictured=pictured,
    not_before=st.none() | moments,
    permissions=st.lists(words, max_size=2).map(tuple),
)


def meaning(content: Content) -> tuple[object, ...]:
    """What an approver says yes to: the order of accounts means nothing, that of pictures does."""
    return (
        content.text,
        frozenset(content.accounts),
        content.attachments,
        content.pictured,
        content.not_before,
        content.permissions,
    )


@proves("STEP-MOD-1")
@given(contents, contents)
def test_two_contents_have_one_digest_only_if_they_are_the_same(one: Content, two: Content) -> None:
    assert (one.digest() == two.digest()) is (meaning(one) == meaning(two))


CHANGES: tuple[Callable[[Content], Content], ...] = (
    lambda content: replace(content, text=content.text + " "),
    lambda content: replace(content, text=content.text + "\u0301"),
    lambda content: replace(content, accounts=(*content.accounts, AccountId("one more"))),
    lambda content: replace(content, accounts=content.accounts[1:] or (FEED,)),
    lambda content: replace(
        content, attachments=(*content.attachments, Attachment(blob=BlobId("new"), alt=""))
    ),
    lambda content: replace(content, pictured=Pictured(Who.THESE, frozenset({PupilKey("new")}))),
    lambda content: replace(
        content,
        pictured=replace(content.pictured, staff=content.pictured.staff ^ {PersonId("new")}),
    ),
    lambda content: replace(
        content, not_before=(content.not_before or NOON) + timedelta(seconds=1)
    ),
    lambda content: replace(content, permissions=(*content.permissions, "")),
)


@given(contents, st.sampled_from(CHANGES))
def test_any_change_however_small_is_another_digest(
    content: Content, change: Callable[[Content], Content]
) -> None:
    changed = change(replace(content, accounts=content.accounts or (PAGE,)))
    assert changed.digest() != content.digest()


@given(contents, st.randoms(use_true_random=False))
def test_the_order_of_accounts_and_the_zone_of_the_time_mean_nothing(
    content: Content, random: Random
) -> None:
    accounts = list(content.accounts) * 2
    random.shuffle(accounts)
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    moved = content.not_before.astimezone(elsewhere) if content.not_before else None
    same = replace(content, accounts=tuple(accounts), not_before=moved)
    assert same.digest() == content.digest()


def test_a_yes_of_an_earlier_version_binds_in_every_later_one_wherever_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = Content(
        text="Größe, a fair!",
        accounts=(PAGE, FEED),
        attachments=(
            Attachment(blob=BlobId("sha256:" + "ab" * 32), alt="A cup", file_name="cup.jpg"),
        ),
        pictured=Pictured(Who.THESE, frozenset({PupilKey("p2"), PupilKey("p1")})),
        not_before=NOON,
        permissions=("the photographer's",),
    )
    for zone in ("UTC", "Pacific/Auckland"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        said = content.digest()
        assert said == "d43a5a8799fe0411a3a5106f80cc0637c6ee7ba32a70eb3e203cae113883a080"
    monkeypatch.undo()
    time.tzset()
