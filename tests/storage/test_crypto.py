from __future__ import annotations

import base64
import hashlib
import secrets

import pytest
from hypothesis import given, strategies as st

from moderation.kernel import CorruptStore
from storage.crypto import Keys, WeakKey, place


HERE = place("pupil", "body", "p1")


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_in_its_place(plaintext: bytes) -> None:
    keys = Keys.new()
    sealed = keys.seal(plaintext, HERE)
    assert keys.open(sealed, HERE) == plaintext
    assert len(plaintext) < 8 or plaintext not in sealed


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_altered_bit_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    keys = Keys.new()
    sealed = bytearray(keys.seal(plaintext, HERE))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CorruptStore):
        keys.open(bytes(sealed), HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        place("pupil", "body", "p2"),
        place("pupil", "name", "p1"),
        place("person", "body", "p1"),
        place("pupil", "bodyp", "1"),
        b"",
    ],
)
def test_moved_to_another_place_it_does_not_open(elsewhere: bytes) -> None:
    keys = Keys.new()
    with pytest.raises(CorruptStore):
        keys.open(keys.seal(b"x", HERE), elsewhere)


def test_the_first_key_seals_and_every_key_opens() -> None:
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    sealed_before = Keys((old,)).seal(b"x", HERE)
    rotated = Keys((new, old))
    assert rotated.open(sealed_before, HERE) == b"x"
    with pytest.raises(CorruptStore):
        Keys((old,)).open(rotated.seal(b"x", HERE), HERE)


@pytest.mark.parametrize("short", [b"", b"\x01", b"\x01abcd", bytes(40)], ids=len)
def test_what_was_never_sealed_does_not_open(short: bytes) -> None:
    with pytest.raises(CorruptStore):
        Keys.new().open(short, HERE)


RANDOM = hashlib.sha512(b"no key, only bytes without a pattern").digest()


@pytest.mark.parametrize(
    "weak",
    [
        b"",
        RANDOM[:31],
        RANDOM[:33],
        bytes(32),
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(0, 256, 8)),
        b"ab" * 16,
        b"correct horse battery staple 123",
        b"example-example-example-example-",
    ],
    ids=lambda weak: f"{len(weak)} bytes from {weak[:2].hex()}",
)
def test_a_weak_key_is_refused_without_being_told(weak: bytes) -> None:
    with pytest.raises(WeakKey) as refusal:
        Keys((weak,))
    assert not weak or repr(weak)[2:-1] not in str(refusal.value)


def test_no_key_and_one_key_twice_are_refused() -> None:
    key = secrets.token_bytes(32)
    for keys in ((), (key, key)):
        with pytest.raises(WeakKey):
            Keys(keys)


def test_keys_are_read_as_they_are_written() -> None:
    one, two = secrets.token_bytes(32), secrets.token_bytes(32)
    keys = Keys((one, two))
    again = Keys.from_text(keys.to_text())
    assert again.open(keys.seal(b"x", HERE), HERE) == b"x"
    assert again.ids == keys.ids
    urlsafe = base64.urlsafe_b64encode(one).decode()
    assert Keys.from_text(f" {urlsafe} ,").ids == Keys((one,)).ids


@pytest.mark.parametrize("text", ["", "  ,", "not base64!", "YWJj", "é" * 44])
def test_other_text_is_no_key(text: str) -> None:
    with pytest.raises(WeakKey):
        Keys.from_text(text)


def test_a_lookup_is_the_same_for_one_purpose_and_key_alone() -> None:
    keys = Keys.new()
    assert keys.lookup(b"17", "a") == keys.lookup(b"17", "a")
    others = {keys.lookup(b"18", "a"), keys.lookup(b"17", "b"), Keys.new().lookup(b"17", "a")}
    assert keys.lookup(b"17", "a") not in others
    assert len(others) == 3


def test_keys_never_show_themselves() -> None:
    keys = Keys((secrets.token_bytes(32),))
    assert repr(keys) == str(keys) == "Keys(1)"
