"""Files that come with rows: found by their names, kept once, read while a GPT is tried, and gone when unused."""

import io
import zipfile
from pathlib import Path

import pytest

from flowloom.errors import KnowledgeError
from flowloom.evaluation import attached_files
from flowloom.evaluation.attached_files import Brought, named_in, table_among, unpacked
from flowloom.evaluation.rows import rows_of_table
from flowloom.flow.model import Flow
from flowloom.kinds.values import Attachment
from flowloom.store.dataset_files import read_file
from flowloom.store.experiments import Arm
from flowloom.workspace import Workspace
from tests.evaluation.trying import ended, started

READS = Flow.model_validate(
    {
        "name": "Reads",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "t", "kind": "template", "config": {"template": "{{ files[0].name }}: {{ files[0].text }}"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.attachments", "to": "t.files"}, {"from": "t.text", "to": "z.text"}],
    }
)


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_of_a_folder_becomes_its_files() -> None:
    data = packed(
        {"in/rows.csv": b"q,file\nA?,x.txt\n", "in/x.txt": b"x", "__MACOSX/._x.txt": b"", "../../up.txt": b"u"}
    )
    files = unpacked([Brought("all.zip", data), Brought("y.txt", b"y")])
    assert [each.name for each in files] == ["rows.csv", "x.txt", "up.txt", "y.txt"]
    assert table_among(files) == files[0]
    assert table_among(files[1:]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"no zip at all",
        packed({"a.txt": b"a"})[:-30],
        packed({f"{n}": b"" for n in range(6)}),
        packed({"a": b"0" * 3_000}),
    ],
)
def test_what_is_damaged_or_too_much_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_files, "MOST_FILES", 5)
    monkeypatch.setattr(attached_files, "MOST_BYTES", 2_000)
    with pytest.raises(KnowledgeError):
        unpacked([Brought("a.zip", data)])


@pytest.mark.parametrize(
    ("cell", "found", "missing"),
    [
        ("a.txt", ["a.txt"], ()),
        ("in/A.TXT; b.txt", ["a.txt", "b.txt"], ()),
        ("c:\\in\\b.txt | no.txt", ["b.txt"], ("no.txt",)),
        (" ", [], ()),
    ],
)
def test_a_cell_names_files(cell: str, found: list[str], missing: tuple[str, ...]) -> None:
    files = {name: Attachment(id=name, name=name) for name in ("a.txt", "b.txt")}
    named = named_in(cell, files)
    assert ([file.name for file in named.files], named.missing) == (found, missing)


def rows_with(home: Workspace, flow: str, texts: dict[str, bytes]):  # type: ignore[no-untyped-def]
    files = {name: read_file(name, "text/plain", data) for name, data in texts.items()}
    for name, data in texts.items():
        home.datasets.files.keep(flow, files[name], data)
    table = [{"question": "What is in it?", "file": name} for name in texts]
    return rows_of_table(
        ("question", "file"), table, "{{question}}", "", files=lambda row: named_in(row["file"], files).files
    )


def test_the_same_question_about_two_files_is_two_rows_and_each_is_read(home: Workspace) -> None:
    flow = home.flows.create(READS)
    made = rows_with(home, flow.id, {"a.txt": b"Apples", "b.txt": b"Pears"})
    assert made.twice == 0
    id = started(home, [Arm("one", flow)], made.rows)
    ended(home, id)
    assert [each.answer for each in home.experiments.store.results(id)] == ["a.txt: Apples", "b.txt: Pears"]


def test_a_file_that_is_gone_fails_its_row_alone(home: Workspace) -> None:
    flow = home.flows.create(READS)
    made = rows_with(home, flow.id, {"a.txt": b"Apples", "b.txt": b"Pears"})
    home.datasets.files._db.do("DELETE FROM dataset_files WHERE id = ?", made.rows.rows[0].files[0].id)
    id = started(home, [Arm("one", flow)], made.rows)
    ended(home, id)
    assert [bool(each.problem) for each in home.experiments.store.results(id)] == [True, False]


def test_files_go_when_nothing_names_them(home: Workspace, tmp_path: Path) -> None:
    flow = home.flows.create(READS)
    made = rows_with(home, flow.id, {"a.txt": b"Apples"})
    (file,) = made.rows.rows[0].files
    first, second = (home.datasets.create(flow.id, "D", made.rows) for _ in range(2))
    home.datasets.delete(first)
    assert home.datasets.files.read(flow.id, file) == b"Apples"
    home.datasets.delete(second)
    assert not home.datasets.files._db.all("SELECT id FROM dataset_files")
