"""A signed capsule says that it is as its author left it, and one that is not is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial

import pytest

from flowloom.errors import FlowFileError
from flowloom.exchange.capsule import SIGNATURE, Capsule, write_capsule
from flowloom.exchange.contents import MANIFEST, Label
from flowloom.exchange.signing import new_key, signature_of
from tests.exchange.test_capsule import BEES, HONEY

KEY = new_key()
Parts = dict[str, bytes]


def signed(key: str = KEY) -> bytes:
    out = io.BytesIO()
    write_capsule(out, BEES, [HONEY], label=Label(author="Ada"), sign=partial(signature_of, key=key))
    return out.getvalue()


def changed(change: Callable[[Parts], object]) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(signed())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out


def test_who_signed_it_is_known_and_the_bytes_are_the_same_each_time() -> None:
    assert signed() == signed()
    with Capsule(io.BytesIO(signed())) as capsule:
        assert capsule.signed is not None
        mark = capsule.signed.fingerprint
        assert capsule.manifest.label.author == "Ada"
        assert len(list(capsule.documents())) == 1
    with Capsule(io.BytesIO(signed(new_key()))) as other:
        assert other.signed is not None
        assert other.signed.fingerprint != mark


def rename(parts: Parts) -> None:
    parts[MANIFEST] = parts[MANIFEST].replace(b"Ada", b"Eve")


def sign_as_another(parts: Parts) -> None:
    said = json.loads(parts[SIGNATURE])
    said["key"] = json.loads(signature_of(b"else", new_key()))["key"]
    parts[SIGNATURE] = json.dumps(said).encode()


@pytest.mark.parametrize(
    "change",
    [
        rename,
        sign_as_another,
        lambda parts: parts.update({SIGNATURE: b"{}"}),
        lambda parts: parts.update({SIGNATURE: b"[" * 1_000}),
        lambda parts: parts.update({SIGNATURE: b" " * 3_000}),
        lambda parts: parts.update({"flow.json": parts["flow.json"].replace(b"Bees", b"Wasp")}),
        lambda parts: parts.update({"more.json": b"{}"}),
    ],
)
def test_whatever_was_changed_since_is_found_out(change: Callable[[Parts], object]) -> None:
    with pytest.raises(FlowFileError):
        Capsule(changed(change))


def test_without_its_signature_it_is_a_capsule_nobody_signed() -> None:
    with Capsule(changed(lambda parts: parts.pop(SIGNATURE))) as capsule:
        assert capsule.signed is None
