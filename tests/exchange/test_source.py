"""What is brought is read as data: files, folders and zips, bounded, nothing outside of them."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from flowloom.errors import FlowFileError
from flowloom.exchange import source
from flowloom.exchange.source import Source


def zipped(*files: tuple[str, bytes], link: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/hosts")
    return out.getvalue()


def test_a_lone_file_is_json_or_yaml() -> None:
    assert Source.of_data(b'\xef\xbb\xbf{"a": NaN}').data == {"a": None}
    assert Source.of_data(b"a: no\nb: 2026-11-30\n").data == {"a": "no", "b": "2026-11-30"}
    assert Source.of_data(b"just words").data is None
    assert Source.of_data(b"\xff\xfe").data is None
    assert Source.of_data(b"").data is None


def test_yaml_can_be_read_as_its_builder_reads_it() -> None:
    brought = Source.of_data(b"a: no\nb: 2026-11-30\nc: 012\n")
    assert brought.yaml_of(version="1.1") == {"a": False, "b": "2026-11-30", "c": 10}
    assert brought.yaml == {"a": "no", "b": "2026-11-30", "c": "012"}


def test_a_folder_is_read_without_what_is_hidden_linked_or_no_text(tmp_path: Path) -> None:
    folder = tmp_path / "flow"
    for name in ("flow.dag.yaml", "deep/ask.jinja2", ".env/key.txt", "node_modules/x.js", "cat.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x: 1")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "linked.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text("secret")
    (folder / "side").symlink_to(tmp_path / "elsewhere")
    brought = Source.of_path(folder)
    assert set(brought.files) == {"flow.dag.yaml", "deep/ask.jinja2"}
    assert brought.named(".yaml", ".jinja2") == ["flow.dag.yaml", "deep/ask.jinja2"]
    assert brought.data is None


def test_a_zip_is_a_folder_that_reaches_nowhere() -> None:
    data = zipped(("flow/flow.dag.yaml", b"a: 1"), ("../out.txt", b"x"), ("/abs.txt", b"x"), link="flow/l.txt")
    brought = Source.of_data(data)
    assert set(brought.files) == {"flow/flow.dag.yaml"}
    assert brought.name == "flow.dag"
    assert brought.data == {"a": 1}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (zipped(("a.txt", b"x"))[:-20], "This zip file can’t be read"),
        (b"PK\x03\x04nothing", "This zip file can’t be read"),
        (b"[" * 300 + b"]" * 300, "nested too deeply"),
        (b"a: " + b"[" * 600 + b"]" * 600, "nested too deeply"),
    ],
    ids=["cut", "no zip", "deep json", "deep yaml"],
)
def test_what_cannot_be_read_is_told(data: bytes, told: str) -> None:
    with pytest.raises(FlowFileError, match=told):
        _ = Source.of_data(data).data


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    monkeypatch.setattr(source, "MAX_FILES", 3)
    (tmp_path / "a.txt").write_bytes(b"x" * 60)
    (tmp_path / "b.txt").write_bytes(b"x" * 60)
    many = zipped(*((f"{number}.txt", b"x") for number in range(4)))
    for bring in (
        lambda: Source.of_data(b"x" * 101),
        lambda: Source.of_path(tmp_path),
        lambda: Source.of_path(tmp_path / "a.txt") and Source.of_data(many),
        lambda: Source.of_data(zipped(("a.txt", b"x" * 101))),
    ):
        with pytest.raises(FlowFileError, match="too much to import"):
            bring()


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FlowFileError, match=r"gone\.json can’t be read"):
        Source.of_path(tmp_path / "gone.json")
