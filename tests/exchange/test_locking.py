"""A locked capsule opens by its password alone, and one that was changed does not open."""

import io
import unicodedata
import zipfile

import pytest

from flowloom.errors import FlowFileError
from flowloom.exchange.locking import BODY, KEY, is_locked, lock, unlock

DATA = b"PK\x03\x04 a capsule " + bytes(range(256)) * 1_000


@pytest.fixture(scope="module")
def locked() -> bytes:
    out = io.BytesIO()
    lock(io.BytesIO(DATA), out, "open sesame")
    return out.getvalue()


def test_the_password_opens_it(locked: bytes) -> None:
    assert is_locked(io.BytesIO(locked))
    assert DATA[20:60] not in locked
    out = io.BytesIO()
    unlock(io.BytesIO(locked), out, "open sesame")
    assert out.read() == DATA


def test_a_password_is_the_same_however_a_keyboard_spells_it() -> None:
    out, opened = io.BytesIO(), io.BytesIO()
    lock(io.BytesIO(DATA), out, unicodedata.normalize("NFC", "Käse é 蜂蜜"))
    unlock(out, opened, unicodedata.normalize("NFD", "Käse é 蜂蜜"))
    assert opened.read() == DATA


def test_no_other_password_does(locked: bytes) -> None:
    out = io.BytesIO()
    with pytest.raises(FlowFileError) as raised:
        unlock(io.BytesIO(locked), out, "Open sesame")
    assert raised.value.problem.code == "file.password"
    assert not out.getvalue()


def test_a_flipped_bit_is_found_out(locked: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(locked)) as archive:
        key, body = archive.read(KEY), bytearray(archive.read(BODY))
    body[len(body) // 2] ^= 1
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(KEY, key)
        archive.writestr(BODY, bytes(body))
    with pytest.raises(FlowFileError, match="changed or damaged"):
        unlock(out, io.BytesIO(), "open sesame")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"age-encryption.org/v1\n", b'{"flowloom": 1}'])
def test_nothing_else_is_locked(data: bytes) -> None:
    assert not is_locked(io.BytesIO(data))
