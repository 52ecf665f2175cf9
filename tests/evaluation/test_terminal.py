"""`flowloom evaluate`: a plain table, and an exit code that a build can go by."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.cli import main
from tests.evaluation.trying import ECHO


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("good.json").write_text(ECHO.model_dump_json(by_alias=True))
    worse = json.loads(ECHO.model_dump_json(by_alias=True))
    worse["nodes"][1]["config"]["template"] = "{% if message %}No.{% endif %}"
    Path("worse.json").write_text(json.dumps(worse))
    rows = "".join(f"Number {n}?,{n}\n" for n in range(20))
    Path("rows.csv").write_text(f"question,expected\n{rows}")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["evaluate", *arguments])
    found = capsys.readouterr()
    return code, found.out, found.err


def test_a_good_one_is_fine(folder: Path, capsys: Any) -> None:
    code, out, err = told(capsys, "good.json", "--data", "rows.csv", "--measure", "contains", "--least", "0.9")
    assert (code, err) == (0, "")
    assert out == "Contains what is expected  this version  100.0 %  (between 86.1 % and 100.0 %, 20 rows)\n"


def test_worse_than_the_baseline_is_1(folder: Path, capsys: Any) -> None:
    code, out, err = told(capsys, "worse.json", "--data", "rows.csv", "--baseline", "good.json")
    assert code == 1
    assert "worse  (difference -100.0 %" in out
    assert "“Contains what is expected” is worse than the baseline." in err
    assert told(capsys, "good.json", "--data", "rows.csv", "--baseline", "worse.json")[0] == 0


def test_below_the_least_is_1(folder: Path, capsys: Any) -> None:
    code, _, err = told(capsys, "worse.json", "--data", "rows.csv", "--least", "0.5")
    assert (code, "is below 50 %" in err) == (1, True)


def test_the_same_cannot_be_told_from_few_rows(folder: Path, capsys: Any) -> None:
    code, out, _ = told(
        capsys, "good.json", "--data", "rows.csv", "--baseline", "good.json", "--measure", "contains"
    )
    assert (code, "cannot tell yet: about" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.json", "--data", "rows.csv"], "neither a file nor a GPT"),
        (["good.json", "--data", "nothing.csv"], "There is no file"),
        (["good.json", "--data", "rows.csv", "--expected", "x"], "has no column “x”"),
        (["good.json", "--data", "rows.csv", "--measure", "x"], "no evaluator “x”"),
        (["good.json", "--data", "rows.csv", "--baseline", "x"], "neither a file nor a version"),
        (["good.json", "--data", "huge.csv"], "larger than 20 MB"),
        (["good.json", "--data", "empty.csv"], "asks anything"),
        (["good.json", "--data", "lines.jsonl"], "Line 2"),
        (["broken.json", "--data", "rows.csv"], ""),
    ],
)
def test_what_cannot_run_is_2_and_a_sentence(folder: Path, capsys: Any, arguments: list[str], words: str) -> None:
    with Path("huge.csv").open("wb") as file:
        file.truncate(1 << 30)  # a gigabyte that is refused by its size, unread
    Path("empty.csv").write_text("question,expected\n,1\n  ,2\n")
    Path("lines.jsonl").write_text('{"question": "A?"}\nnonsense\n')
    Path("broken.json").write_text("{")
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_nothing_is_left_of_a_file_but_what_was_paid(folder: Path, capsys: Any) -> None:
    from flowloom.workspace import open_workspace

    told(capsys, "good.json", "--data", "rows.csv")
    home = open_workspace()
    try:
        assert not home.experiments.store.all()
    finally:
        home.close()
