"""The command line: exit codes, what goes to stdout, and sentences instead of tracebacks."""

import io
import json
import socket
from pathlib import Path

import pytest

from flowloom.cli import main
from flowloom.flow.model import Flow
from flowloom.store.templates import templates, templates_folder
from flowloom.workspace import open_workspace

FLOW = str(templates_folder() / "agent-with-tools.json")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))


def test_run_prints_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", FLOW, "--message", "What is 6 * 7?"]) == 0
    assert "42" in capsys.readouterr().out


def test_run_reads_the_message_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("What is 6 * 7?"))
    assert main(["run", FLOW, "--message", "-", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"answer", "run_id", "files", "events"}
    assert "42" in answer["answer"]
    assert answer["events"][-1]["type"] == "run_finished"


def test_run_tells_of_the_files_it_saved(capsys: pytest.CaptureFixture[str]) -> None:
    flow = str(templates_folder() / "picture-diary.json")
    assert main(["run", flow, "--message", "A hedgehog came by", "--json"]) == 0
    said = capsys.readouterr()
    files = json.loads(said.out)["files"]
    assert sorted((file["name"], file["media_type"]) for file in files) == [
        ("A hedgehog came by.png", "image/png"),
        ("A hedgehog came by.wav", "audio/wav"),
    ]
    for file in files:
        assert Path(file["path"]).stat().st_size == file["size"]
        assert f"Saved {file['path']}" in said.err


def test_run_says_where_a_chart_lies(capsys: pytest.CaptureFixture[str]) -> None:
    flow = str(templates_folder() / "sales-analyst.json")
    assert main(["run", flow, "--message", "Draw the total sales by region as bars"]) == 0
    said = capsys.readouterr()
    assert "Saved" not in said.out
    file = Path(said.err.strip().removeprefix("Saved "))
    assert file.name == "Sum of Sales by Region.png"
    assert file.read_bytes().startswith(b"\x89PNG")


def test_run_prints_each_event_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", FLOW, "--message", "What is 6 * 7?", "--events"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert any(event.get("call") == "agent.1" for event in events)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"flowloom": 99}', b"[" * 100_000, b'{"flowloom": 1}']
)
def test_a_wrong_flow_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "flow.json"
    path.write_bytes(content)
    assert main(["run", str(path), "--message", "hi"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip().endswith(".")
    assert "Traceback" not in said.err


def test_a_wrong_call_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", FLOW])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("port", ["x", "-5", "0", "65536", "9" * 5000, "1.5", ""])
def test_no_port_is_one_sentence(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["open", "--port", port])
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["open", "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"Port {port} cannot be used")
    assert said.count("\n") == 1


def test_a_failed_run_is_code_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow = {
        "flowloom": 1,
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "p", "kind": "json.pick", "config": {"path": "a.b"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "p.data"}, {"from": "p.text", "to": "z.text"}],
    }
    path = tmp_path / "flow.json"
    path.write_text(json.dumps(flow))
    assert main(["run", str(path), "--message", '{"c": 1}']) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_check_says_all_that_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", FLOW]) == 0
    path = tmp_path / "flow.json"
    path.write_text('{"flowloom": 1, "nodes": [{"id": "a", "kind": "prompt"}, {"id": "b", "kind": "no.such"}]}')
    assert main(["check", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) >= 3


ASKING = {
    "flowloom": 1,
    "nodes": [
        {"id": "m", "kind": "chat.message"},
        {"id": "q", "kind": "people.approve"},
        {"id": "f", "kind": "people.form", "config": {"fields": [{"name": "Age", "type": "number"}]}},
        {"id": "p", "kind": "prompt", "config": {"template": "{{message}} at {{age}}"}},
        {"id": "z", "kind": "chat.answer"},
    ],
    "edges": [
        {"from": "m.message", "to": "q.value"},
        {"from": "q.approved", "to": "f.value"},
        {"from": "f.age", "to": "p.age"},
        {"from": "m.message", "to": "p.message"},
        {"from": "p.prompt", "to": "z.text"},
    ],
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def asking(tmp_path: Path) -> str:
    (tmp_path / "asking.json").write_text(json.dumps(ASKING))
    return str(tmp_path / "asking.json")


def test_questions_are_answered_at_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("what\n1\nfine\nold\n7\n"))
    assert main(["run", asking(tmp_path), "--message", "Hello", "--json"]) == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert answer["answer"] == "Hello at 7"
    assert [event["type"] for event in answer["events"]].count("run_resumed") == 2
    assert "May this be sent?" in said.err
    assert "number of a choice" in said.err
    assert "give a number" in said.err


@pytest.mark.parametrize("stdin", [io.StringIO("1\n"), Terminal("")], ids=["no terminal", "no more input"])
def test_without_an_answer_the_run_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stdin: io.StringIO
) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["run", asking(tmp_path), "--message", "Hello"]) == 1
    assert "waiting for approval" in capsys.readouterr().err


def test_a_gpt_leaves_and_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = open_workspace()
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    home.close()
    for name, documents, said_of, how in (
        ("a.capsule", 2, "with 2 documents.", []),
        ("a.json", 0, "with 0 documents.", []),
        ("b.capsule", 0, "with 0 documents and only the search index of 2.", ["--only-index"]),
    ):
        path = tmp_path / "out" / name
        assert main(["export", flow.name, str(path), *how]) == 0
        assert said_of in capsys.readouterr().out
        assert main(["import", str(path)]) == 0
        said = capsys.readouterr()
        assert "is kept under the id" in said.out
        assert bool(said.err) == (documents == 0), "what a file lacks is said"
    home = open_workspace()
    entries = {entry.name: entry.id for entry in home.flows.entries()}
    counts = {name: len(home.knowledge.files(f"{id}/main")) for name, id in entries.items()}
    home.close()
    assert counts == {flow.name: 2, f"{flow.name} 2": 2, f"{flow.name} 3": 0, f"{flow.name} 4": 2}
    with pytest.raises(SystemExit):
        main(["export", flow.name, str(tmp_path / "c.capsule"), "--only-index", "--without-documents"])


def test_keys_and_personal_data_in_what_leaves_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = open_workspace()
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    home.knowledge.add(f"{flow.id}/main", "deploy.txt", b"Use sk-abcdefghijklmnopqrstuvwx to deploy.")
    home.close()
    for name, how, told in (("a.capsule", [], True), ("b.capsule", ["--without-documents"], False)):
        assert main(["export", flow.name, str(tmp_path / name), *how]) == 0
        assert ("deploy.txt" in capsys.readouterr().err) == told


@pytest.mark.parametrize(
    ("file", "form", "found"),
    [
        ("out/a.py", "", {"a.py", "a.documents/main/passages.json", "a.documents/main/first-week.md"}),
        ("out/a.zip", "python", {"a.zip"}),
        ("out/a.mmd", "", {"a.mmd"}),
        ("out/a.txt", "words", {"a.txt"}),
    ],
)
def test_a_gpt_leaves_in_other_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, form: str, found: set[str]
) -> None:
    home = open_workspace()
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    home.close()
    said = ["--as", form] if form else []
    assert main(["export", flow.name, str(tmp_path / file), *said, "--report"]) == 0
    out = capsys.readouterr().out
    assert ("as Python" in out) == (file.endswith((".py", ".zip")))
    assert ("searched by words only" in out) == (file.endswith((".py", ".zip")))
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
    assert found <= written


def test_an_unknown_form_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "x", str(tmp_path / "x"), "--as", "cobol"]) == 2
    assert "capsule, json, python" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Nobody", "Twin"])
def test_which_gpt_is_meant_has_to_be_clear(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    home = open_workspace()
    for _ in range(2):
        home.flows.create(Flow(name="Twin"))
    home.close()
    assert main(["export", name, str(tmp_path / "x.capsule")]) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "x.capsule").exists()


def test_what_is_no_gpt_is_not_taken_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.capsule"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert main(["import", str(path)]) == 2
    assert "isn’t a capsule" in capsys.readouterr().err
    assert main(["import", str(tmp_path / "none")]) == 1


def test_diff_tells_two_versions_apart_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    document = json.loads(Path(FLOW).read_text("utf-8"))
    other.write_text(json.dumps({**document, "name": "Renamed"}), "utf-8")
    assert main(["diff", FLOW, FLOW]) == 0
    assert capsys.readouterr().out == "There is no difference.\n"
    assert main(["diff", FLOW, str(other)]) == 1
    assert capsys.readouterr().out == "The name is “Renamed”.\n"
    assert main(["diff", FLOW]) == 0
    assert capsys.readouterr().out.startswith(f"# {document['name']}\n")
    assert main(["diff", FLOW, str(tmp_path / "none.json")]) == 2


def test_a_flow_of_another_builder_is_imported_with_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "greeter"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text(
        "inputs: {question: {type: string}}\noutputs: {answer: {type: string, reference: '${say.output}'}}\n"
        "nodes:\n- name: say\n  type: prompt\n  inputs: {question: '${inputs.question}'}\n"
        "  source: {type: code, path: say.jinja2}\n",
        "utf-8",
    )
    (folder / "say.jinja2").write_text("Hello {{question}}", "utf-8")
    assert main(["import", str(folder), "--report"]) == 0
    said = capsys.readouterr()
    assert "from PromptFlow" in said.out
    assert "Carried over exactly: " in said.out
    assert main(["import", str(folder)]) == 0
    assert "Carried over exactly: " in capsys.readouterr().err


def test_a_locked_capsule_comes_back_by_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_workspace()
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    home.close()
    path = str(tmp_path / "x.capsule")
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
    assert main(["export", flow.name, path, "--without-documents", "--author", "Ada", "--password"]) == 0
    assert "with 0 documents" in capsys.readouterr().out
    assert main(["import", path]) == 2
    assert "locked" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong one\n"))
    assert main(["import", path, "--password"]) == 2
    assert "doesn’t open" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
    assert main(["import", path, "--password"]) == 0


def test_a_worker_without_a_shared_database_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worker"]) == 2
    assert "FLOWLOOM_DATABASE" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "-1", "many", "1000"])
def test_no_count_is_one_sentence(capsys: pytest.CaptureFixture[str], count: str) -> None:
    with pytest.raises(SystemExit):
        main(["worker", "--at-once", count])
    assert "take one from 1 to 999" in capsys.readouterr().err or count == "-1"
