"""What leaves by the page's routes: in every form, only for the page of its GPT, and without a key."""

import io
import zipfile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.exchange.capsule import Capsule
from flowloom.exchange.locking import is_locked
from flowloom.exchange.packing import CapsuleOptions
from flowloom.flow.model import Flow
from flowloom.serve.editor import editor_routes, mint_token
from flowloom.store.runs import PAGE
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

SHAPED = "sk-" + "ab12" * 8


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    return TestClient(Starlette(routes=editor_routes(lambda: home)), base_url="http://localhost:8501")


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))


def get(browser: TestClient, flow: Flow, path: str, **headers: str) -> tuple[int, bytes]:
    answer = browser.get(f"/flows/{flow.id}/{path}", headers={"X-Flowloom-Token": mint_token(flow.id), **headers})
    return answer.status_code, answer.content


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("json", b"{"),
        ("words", b"# Knowledge helper"),
        ("mermaid", b"flowchart"),
        ("card", b"<svg"),
        ("svg", b"<svg"),
    ],
)
def test_every_form_leaves(browser: TestClient, flow: Flow, form: str, begins: bytes) -> None:
    status, content = get(browser, flow, f"export/{form}")
    assert status == 200
    assert content.startswith(begins)


@pytest.mark.parametrize("form", ["report", "nothing"])
def test_what_there_is_not_is_not_found(browser: TestClient, flow: Flow, form: str) -> None:
    assert get(browser, flow, f"export/{form}")[0] == 404


def test_a_capsule_is_written_as_it_is_wanted(browser: TestClient, flow: Flow) -> None:
    options = CapsuleOptions.model_validate({"knowledge": "none", "label": {"author": "Ada"}})
    _, content = get(browser, flow, "export/capsule", **{"X-Flowloom-Options": options.model_dump_json()})
    with Capsule(io.BytesIO(content)) as capsule:
        assert not capsule.manifest.documents
        assert capsule.manifest.label.author == "Ada"
        assert capsule.signed
    locked = CapsuleOptions(password="open sesame").model_dump_json()
    assert is_locked(io.BytesIO(get(browser, flow, "export/capsule", **{"X-Flowloom-Options": locked})[1]))
    assert get(browser, flow, "export/capsule", **{"X-Flowloom-Options": '{"passwort": "x"}'})[0] == 400


def test_a_conversation_leaves_whole_and_without_a_key(home: Workspace, browser: TestClient, flow: Flow) -> None:
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, f"Holidays? {SHAPED}", conversation))
    for form in ("words", "print", "json"):
        status, content = get(browser, flow, f"conversations/{conversation}/{form}")
        assert status == 200
        assert b"Holidays?" in content
        assert SHAPED.encode() not in content
    assert get(browser, flow, f"conversations/{conversation}/pdf")[0] == 404


def test_no_conversation_of_a_visitor_leaves(home: Workspace, browser: TestClient, flow: Flow) -> None:
    conversation = home.runs.new_conversation(flow.id, visitor="ann", via=PAGE)
    for form in ("words", "print", "json"):
        assert get(browser, flow, f"conversations/{conversation}/{form}")[0] == 404


def test_no_conversation_of_another_gpt_leaves(home: Workspace, browser: TestClient, flow: Flow) -> None:
    other = home.flows.create(Flow(name="Other"))
    conversation = home.runs.new_conversation(flow.id)
    assert get(browser, other, f"conversations/{conversation}/json")[0] == 404
    assert browser.get(f"/flows/{flow.id}/conversations/{conversation}/json").status_code == 403


def test_a_program_leaves_with_its_documents_and_its_report(browser: TestClient, flow: Flow) -> None:
    status, content = get(browser, flow, "export/python")
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "knowledge_helper.documents/main/staff-handbook.md" in archive.namelist()
    status, content = get(browser, flow, "export/python.report")
    assert status == 200
    assert b"Documents are searched by words only" in content
    assert get(browser, flow, "export/cobol")[0] == 404
    assert get(browser, flow, "export/python.secrets")[0] == 404
