"""Files a GPT saves stay in its folder, whatever they are called and whatever lies in wait there."""

from pathlib import Path

import pytest

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.store import saved_files
from flowloom.store.saved_files import RunFiles, checked_name
from flowloom.workspace import Workspace

NAMES = [
    *("../up.md", "..", "../../etc/passwd.txt", "a/../b.md", "a/b.md", "/etc/x.md", "//host/share.md"),
    *("C:\\x.md", "C:x.md", "..\\up.md", "a\\b.md", ".hidden.md", ".md", "~root.md", "-rf.md", "", "   ", "a.md."),
    *("a.md\0.txt", "a\nb.md", "a\tb.md", "a:b.md", "a*.md", "a?.md", '"a".md', "<a>.md", "a|b.md"),
    *("CON.txt", "con.md", "Nul.csv", "PRN.a.txt", "aux.txt", "COM1.txt", "com9.log", "LPT1.txt", "lpt³.md"),
    *("CONIN$.txt", "CLOCK$.md", "\u202egpj.md", "a\u200b.md", "\ufeffa.md"),
    *("x" * 200 + ".md", "é" * 100 + ".md"),
]
PROGRAMS = "a.exe a.bat a.sh a.py a.html a.svg a.js a.lnk a.url a.md.exe a. a".split()


@pytest.fixture
def files(home: Workspace) -> RunFiles:
    flow = home.flows.create(Flow(name="Saver"))
    conversation = home.runs.new_conversation(flow.id)
    return RunFiles(home.home / "files", home.runs, flow.id, conversation, "run-1")


def folder_of(files: RunFiles) -> Path:
    return files._root / files._flow_id


@pytest.mark.parametrize("name", [*NAMES, *PROGRAMS])
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(files: RunFiles, name: str) -> None:
    with pytest.raises(StoreError):
        files.save(name, "text", replace=True)
    assert not files._root.exists()


@pytest.mark.parametrize(
    "name", ["report.md", "报告 2026.txt", "Été.csv", "a.b.json", "console.log", "x" * 100 + ".md"]
)
def test_plain_names_are_kept(files: RunFiles, name: str) -> None:
    file = files.save(f" {name} ", "héllo", replace=False)
    assert file.name == checked_name(name)
    assert (folder_of(files) / file.name).read_text("utf-8") == "héllo"


def test_a_second_file_of_a_name_gets_a_number_or_takes_its_place(files: RunFiles) -> None:
    names = [files.save("a.md", str(number), replace=False).name for number in range(3)]
    assert names == ["a.md", "a (2).md", "a (3).md"]
    assert files.save("a.md", "new", replace=True).name == "a.md"
    assert [path.read_text() for path in sorted(folder_of(files).iterdir())] == ["1", "2", "new"]


@pytest.mark.parametrize("replace", [True, False])
def test_links_lead_nowhere(files: RunFiles, tmp_path: Path, replace: bool) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("mine")
    folder_of(files).mkdir(parents=True)
    (folder_of(files) / "a.md").symlink_to(secret)
    try:
        assert files.save("a.md", "theirs", replace=replace).name == "a (2).md"
    except StoreError:
        assert replace
    assert secret.read_text() == "mine"


def test_a_link_in_place_of_the_folder_is_refused(files: RunFiles, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    files._root.mkdir()
    folder_of(files).symlink_to(elsewhere)
    with pytest.raises(StoreError):
        files.save("a.md", "text", replace=True)
    assert list(elsewhere.iterdir()) == []


def test_size_and_number_are_limited(files: RunFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="larger than 5 MB"):
        files.save("a.md", "x" * 5_000_001, replace=True)
    monkeypatch.setattr(saved_files, "MAX_FILES", 2)
    for number in range(2):
        files.save(f"{number}.md", "x", replace=True)
    with pytest.raises(StoreError, match="saved 2 files already"):
        files.save("2.md", "x", replace=True)
    assert files.save("1.md", "y", replace=True).size == 1


def test_a_run_offers_what_it_saved_last_under_each_name(home: Workspace, files: RunFiles) -> None:
    for text in ("old", "newer"):
        files.save("a.md", text, replace=True)
    files.save("b.csv", "1,2", replace=True)
    offered = home.runs.files_of("run-1", files._conversation)
    assert [(file.name, file.media_type, file.size) for file in offered] == [
        ("a.md", "text/markdown", 5),
        ("b.csv", "text/csv", 3),
    ]
    found = home.runs.attachment(files._flow_id, offered[0].id)
    assert found is not None
    assert found[1] == b"newer"
    assert home.runs.files_of("run-2", files._conversation) == ()


PNG = b"\x89PNG\r\n\x1a\n"


def test_pictures_are_kept_beside_texts(files: RunFiles) -> None:
    file = files.save_bytes("Sales.png", PNG, "image/png", replace=False)
    again = files.save_bytes("Sales.png", PNG, "image/png", replace=False)
    assert (file.name, again.name, file.media_type, file.size) == ("Sales.png", "Sales (2).png", "image/png", 8)
    assert (folder_of(files) / "Sales.png").read_bytes() == PNG
    assert files._runs.files_of("run-1", files._conversation) == (file, again)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [(name, "image/png") for name in [*NAMES, "a.md", "a.html", "a.exe", "a.png.sh"]]
    + [("a.png", "text/html"), ("a.svg", "image/png"), ("../a.png", "image/png"), ("a/b.png", "image/png")],
)
def test_a_picture_leads_nowhere_either(files: RunFiles, name: str, media_type: str) -> None:
    with pytest.raises(StoreError):
        files.save_bytes(name, PNG, media_type, replace=True)
    assert not files._root.exists()


def test_pictures_have_a_largest_size(files: RunFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_files, "MAX_MEDIA_BYTES", 5_000_000)
    with pytest.raises(StoreError, match="larger than 5 MB"):
        files.save_bytes("a.png", bytes(5_000_001), "image/png", replace=False)
