"""What lies on disk already must open and check in every later version: written down here."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from moderation.kernel import CorruptStore
from storage.audit.links import Link, commitment, new_link_salt, new_salt
from storage.crypto import Keys, WeakKey, key_of, place


FIRST = hashlib.sha256(b"an invented key for tests").digest()
SECOND = hashlib.sha256(b"another invented key for tests").digest()
HERE = place("pupil", "body", "p1")
SEALED = bytes.fromhex(
    "01353e6474000102030405060708090a0bae49f46ba172456122d1d89a74d32f8d269efdd960e3d6c819643a"
    "fa978e1c1b"
)


@pytest.fixture
def keys() -> Keys:
    return Keys((FIRST, SECOND))


def test_what_an_earlier_version_sealed_opens(keys: Keys) -> None:
    here = place("pupil", "body", "p1")
    assert keys.open(SEALED, here) == b"An invented name"
    assert here == b"\0\0\0\x05pupil\0\0\0\x04body\0\0\0\x02p1"


def test_keys_have_the_same_ids_in_every_version(keys: Keys) -> None:
    assert keys.in_order == (bytes.fromhex("353e6474"), bytes.fromhex("0f3c720a"))
    assert (keys.first_id, keys.ids) == (keys.in_order[0], frozenset(keys.in_order))


def test_what_is_looked_up_is_found_by_every_version(keys: Keys) -> None:
    found = keys.lookup(b"17", "number").hex()
    assert found == "3b3b96cfe565e55370230704fb666dcc163feecff3d953ba7009b3e88390c252"


def test_what_is_sealed_now_says_its_format_and_its_key_and_differs_each_time(
    keys: Keys,
) -> None:
    one, two = (keys.seal(b"x", HERE) for _ in range(2))
    assert (one[:1], key_of(one), len(one)) == (b"\x01", keys.first_id, 5 + 12 + 1 + 16)
    assert one[5:17] != two[5:17]
    assert not keys.is_stale(one[:5])
    assert Keys((SECOND, FIRST)).is_stale(one)
    assert key_of(b"\x02" + one[1:]) == b""


@pytest.mark.parametrize("length", [16, 17, 33])
def test_a_part_of_it_does_not_open(length: int, keys: Keys) -> None:
    with pytest.raises(CorruptStore) as refusal:
        keys.open(SEALED[:length], HERE)
    said = "a sealed value doesn't open: another key, another place, or altered"
    assert str(refusal.value) == said


def test_another_format_does_not_open(keys: Keys) -> None:
    with pytest.raises(CorruptStore):
        keys.open(b"\x02" + SEALED[1:], HERE)


MADE = "; make one with: schoolgate keys new"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ((), "no key was given" + MADE),
        ((FIRST, FIRST), "the same key is given twice"),
        ((FIRST, SECOND[:31]), "key 2 has 31 bytes, not 32" + MADE),
        ((bytes(range(32)),), "key 1 is a pattern, not random" + MADE),
        ((bytes(at * 37 % 256 for at in range(32)),), "key 1 is a pattern, not random" + MADE),
        ((b"\x00\xff" * 16,), "key 1 is a pattern, not random" + MADE),
        ((b"Correct horse battery staple ~ !",), "key 1 is typed text, not random" + MADE),
    ],
)
def test_a_key_that_is_none_is_refused_with_what_to_do(keys: tuple[bytes, ...], said: str) -> None:
    with pytest.raises(WeakKey) as refusal:
        Keys(keys)
    assert str(refusal.value) == said


@pytest.mark.parametrize("text", ["not base64!", "é" * 44])
def test_text_that_is_no_key_is_said_to_be_none(text: str) -> None:
    with pytest.raises(WeakKey) as refusal:
        Keys.from_text(text)
    assert str(refusal.value) == "a key isn't base64" + MADE


def test_eleven_different_bytes_are_too_few_and_twelve_are_enough() -> None:
    few = bytes([0, 255, 3, 200, 7, 150, 11, 100, 13, 50, 17] * 3)[:32]
    enough = bytes([0, 255, 3, 200, 7, 150, 11, 100, 13, 50, 17, 90] * 3)[:32]
    with pytest.raises(WeakKey, match="pattern"):
        Keys((few,))
    assert Keys((enough,)).ids


def test_a_byte_that_nobody_types_is_no_typed_text() -> None:
    text = b"Correct horse battery staple ~ !"
    for other in (b"\x1f", b"\x7f"):
        assert Keys((text[:-1] + other,)).ids


def test_both_forms_of_base64_are_read() -> None:
    key = FIRST[:26] + b"\xfb\xef\xbe\xff\xff\xff"
    keys = Keys((key, FIRST))
    plain = keys.to_text()
    assert {"+", "/"} & set(plain)
    for text in (plain, plain.replace("+", "-").replace("/", "_"), f" {plain} ,, "):
        assert Keys.from_text(text).in_order == keys.in_order
    assert keys.to_text() == plain


# -- the record -----------------------------------------------------------------------------------

LINE = Link(
    seq=7,
    prev_hash="ab" * 32,
    at=datetime(2026, 11, 18, 13, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1))),
    actor_kind="slack",
    actor_id="U-ann",
    person_id="ann",
    tag="post:approved",
    subject_kind="post",
    subject_id="p1",
    version=3,
    commitment="22f8eea909400af98adf3681a9f31923ef6b7fcba4abb553d92823a3e9d5c25e",
    link_salt="cd" * 16,
)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_a_line_has_the_same_hash_in_every_version_wherever_it_runs(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as server:
        server.setenv("TZ", zone)
        time.tzset()
        told = LINE.told()
    time.tzset()
    assert told == LINE.told()
    assert commitment(bytes(32), b"{}") == LINE.commitment
    assert LINE.about() == "ec6e72ebea6c9cb81f097f9c29b2888f7e3fc0944bbe5bf236c778b9d0cf76aa"
    assert LINE.hash() == "c450bede0d0a6f4184858af2d7e37c99212ab7b0fc7736d5f031158ad719f492"
    of_the_first_form = replace(LINE, link_salt="").hash()
    assert of_the_first_form == "8ab9b46a9a0ff41c2957d125fdc1b81043f46c69c005a6dd049ba28588aab4df"
    assert LINE.told() == (
        "2026-11-18T12:00:00.123456+00:00",
        "slack",
        "U-ann",
        "ann",
        "post:approved",
        "post",
        "p1",
        "3",
        LINE.commitment,
    )


def test_salts_are_long_enough_and_never_twice_the_same() -> None:
    assert (len(new_salt()), len(new_link_salt())) == (32, 32)
    assert new_salt() != new_salt()
    assert new_link_salt() != new_link_salt()
