"""`flowloom evaluate` with files: a folder, a ZIP file, or files beside the table; what is wrong is named."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.test_attached_files import READS, packed
from tests.evaluation.test_terminal import told

TABLE = b"question,file,expected\nWhat is in it?,a.txt,Apples\nWhat is in it?,In\\b.txt,Pears\n"
LINES = b'{"question": "What is in it?", "file": "a.txt", "expected": "Apples"}\n'
FILES = {"a.txt": b"Apples", "B.TXT": b"Pears"}
RIGHT = "Contains what is expected  this version  100.0 %"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("reads.json").write_text(READS.model_dump_json(by_alias=True))
    Path("outside.txt").write_bytes(b"A secret of this computer")
    return tmp_path


def laid(files: dict[str, bytes], name: str = "data") -> None:
    for path, data in files.items():
        (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
        (Path(name) / path).write_bytes(data)


@pytest.mark.parametrize("data", ["data", "data/rows.csv", "data.zip", "lines/rows.jsonl", "lines"])
def test_files_go_along_wherever_the_table_lies(folder: Path, capsys: Any, data: str) -> None:
    laid({"rows.csv": TABLE, **FILES})
    laid({"rows.jsonl": LINES, **FILES}, "lines")
    Path("data.zip").write_bytes(
        packed({f"all/{name}": each for name, each in {"rows.csv": TABLE, **FILES}.items()})
    )
    code, out, err = told(capsys, "reads.json", "--data", data, "--measure", "contains", "--least", "0.9")
    assert (code, err, RIGHT in out) == (0, "", True)


WRONG = {
    "not there": ({**FILES, "rows.csv": TABLE + b"And?,c.txt,\n"}, [], "Row 3 names “c.txt”, which isn’t there."),
    "no file": ({"rows.csv": TABLE}, [], "Row 1 names “a.txt”, which isn’t there."),
    "unreadable": (
        {**FILES, "a.txt": b"\x00\x01\xff" * 99, "rows.csv": TABLE},
        [],
        "Row 1 names “a.txt”, which can",
    ),
    "outside": (
        {**FILES, "rows.csv": b"question,file\nRead it,../outside.txt\n"},
        [],
        "Row 1 names “../outside.txt”, which isn’t there.",
    ),
    "no column": ({**FILES, "rows.csv": TABLE}, ["--files", "x"], "has no column “x”"),
    "no table": (FILES, [], "holds no table"),
    "two tables": ({**FILES, "one.csv": TABLE, "two.csv": TABLE}, [], "several tables: one.csv, two.csv"),
}


@pytest.mark.parametrize(("files", "more", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_names_the_row_and_the_file(
    folder: Path, capsys: Any, files: dict[str, bytes], more: list[str], words: str
) -> None:
    laid(files)
    code, out, err = told(capsys, "reads.json", "--data", "data", *more)
    assert (code, out) == (2, "")
    assert words in err


def test_the_same_name_twice_is_asked_about_and_told_apart_by_its_folder(folder: Path, capsys: Any) -> None:
    files = {"x/a.txt": b"Apples", "y/a.txt": b"Pears"}
    unclear = b"question,file,expected\nWhat?,a.txt,Apples\n"
    Path("data.zip").write_bytes(packed({"rows.csv": unclear, **files}))
    code, _, err = told(capsys, "reads.json", "--data", "data.zip")
    assert (code, "Row 1 names “a.txt”, and several files are called that." in err) == (2, True)
    clear = b"question,file,expected\nWhat?,x/a.txt,Apples\nWhat?,y\\a.txt,Pears\n"
    Path("data.zip").write_bytes(packed({"rows.csv": clear, **files}))
    assert told(capsys, "reads.json", "--data", "data.zip", "--measure", "contains", "--least", "1")[0] == 0


def test_a_link_leads_nowhere_else(folder: Path, capsys: Any) -> None:
    laid({"rows.csv": b"question,file\nRead it,a.txt\n"})
    os.symlink(Path("outside.txt").absolute(), "data/a.txt")
    code, out, err = told(capsys, "reads.json", "--data", "data")
    assert (code, "“a.txt”, which isn’t there" in err, "secret" in out + err) == (2, True, False)


def test_a_column_of_text_that_is_called_document_stays_text(folder: Path, capsys: Any) -> None:
    Path("rows.csv").write_text("question,document,expected\nWhat?,It rains. Often.,What\n")
    from tests.evaluation.trying import ECHO

    Path("echo.json").write_text(ECHO.model_dump_json(by_alias=True))
    assert told(capsys, "echo.json", "--data", "rows.csv", "--measure", "contains", "--least", "1")[0] == 0


def test_nothing_is_kept_of_files(folder: Path, capsys: Any) -> None:
    from flowloom.workspace import open_workspace

    laid({"rows.csv": TABLE, **FILES})
    told(capsys, "reads.json", "--data", "data")
    home = open_workspace()
    try:
        assert not home.datasets.files._db.all("SELECT id FROM dataset_files")
    finally:
        home.close()
