"""What a model file says of itself, and files that are none, cut, or of nonsense."""

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import ModelError
from flowloom.services.models.local.gguf import read_gguf


def test_a_model_file_tells_what_it_is(gguf: Path) -> None:
    found = read_gguf(gguf)
    assert found.architecture == "llama"
    assert found.context == 8192
    assert found.license == "apache-2.0"
    assert "Smollm2" in found.name
    # 30 layers, three heads of 64 numbers for keys and three for values, two bytes each.
    assert found.cache == 30 * 3 * 64 * 2 * 2
    assert 0.2e9 < found.memory(4096) < 0.5e9


@pytest.mark.parametrize("share", [0.00001, 0.001, 0.01, 0.5, 0.99])
def test_a_cut_file_is_told_as_such(gguf: Path, tmp_path: Path, share: float) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(gguf.read_bytes()[: max(4, int(gguf.stat().st_size * share))])
    with pytest.raises(ModelError, match="isn’t complete"):
        read_gguf(cut)


@pytest.mark.parametrize("data", [b"", b"GGU", b"%PDF-1.7 not a model", b"\x00" * 500])
def test_another_file_is_no_model(tmp_path: Path, data: bytes) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(data)
    with pytest.raises(ModelError, match="isn’t a model file"):
        read_gguf(other)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.gguf"):
        read_gguf(tmp_path / "gone.gguf")


@given(st.binary(max_size=300), st.integers(0, 5), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_whatever_a_head_says_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes, version: int, tensors: int, entries: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.gguf"
    file.write_bytes(b"GGUF" + struct.pack("<IQQ", version, tensors, entries) + rest)
    with suppress(ModelError):
        assert read_gguf(file).size == 24 + len(rest)
