"""The canvas's routes over HTTP: what they answer, and whom they refuse."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.edit import Add
from flowloom.flow.file import read_flow
from flowloom.flow.model import Flow, Node, Position
from flowloom.serve.editor import catalog, editor_routes, mint_token
from flowloom.workspace import Workspace


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    return TestClient(Starlette(routes=editor_routes(lambda: home)), base_url="http://localhost:8501")


@pytest.fixture
def flow_id(home: Workspace) -> str:
    return home.flows.create(Flow(name="Test")).id


def with_token(flow_id: str, language: str = "en") -> dict[str, str]:
    return {"X-Flowloom-Token": mint_token(flow_id, language)}


def test_edits_come_back_as_patches(browser: TestClient, flow_id: str) -> None:
    revision = browser.get(f"/flows/{flow_id}", headers=with_token(flow_id)).json()["revision"]
    ops = [{"seq": 1, "op": "add", "node": {"id": "a", "kind": "prompt"}, "at": {"x": 0, "y": 0}}]
    body = {"client": "c", "revision": revision, "ops": ops}
    answer = browser.post(f"/flows/{flow_id}/ops", json=body, headers=with_token(flow_id)).json()
    assert answer["acked"] == 1
    assert answer["patches"][0]["nodes"]["a"]["card"]["inputs"][0]["id"] == "message"
    assert answer["patches"][0]["problems"]


def test_a_warning_is_told_apart_from_what_stops_a_run(browser: TestClient, home: Workspace) -> None:
    nodes = (Node(id="search", kind="knowledge.search"), Node(id="gone", kind="no.such.kind"))
    flow_id = home.flows.create(Flow(name="Test", nodes=nodes)).id
    found = browser.get(f"/flows/{flow_id}", headers=with_token(flow_id)).json()["problems"]
    how = {each["code"]: each["severity"] for each in found}
    assert (how["knowledge.empty"], how["run.unknown_kind"]) == ("warning", "error")


def test_the_canvas_knows_which_blocks_take_documents(browser: TestClient, home: Workspace) -> None:
    nodes = (Node(id="search", kind="knowledge.search"), Node(id="ask", kind="prompt"))
    flow_id = home.flows.create(Flow(name="Test", nodes=nodes)).id
    cards = browser.get(f"/flows/{flow_id}", headers=with_token(flow_id)).json()["cards"]
    assert {id: card["documents"] for id, card in cards.items()} == {"search": True, "ask": False}
    offered = {kind["id"] for kind in catalog("en")["kinds"] if kind["documents"]}
    assert "knowledge.search" in offered
    assert "prompt" not in offered


def test_speaks_the_language_of_the_page(browser: TestClient, flow_id: str) -> None:
    ops = [{"seq": 1, "op": "add", "node": {"id": "a", "kind": "knowledge.search"}, "at": {"x": 0, "y": 0}}]
    browser.post(f"/flows/{flow_id}/ops", json={"client": "c", "ops": ops}, headers=with_token(flow_id))
    card = browser.get(f"/flows/{flow_id}", headers=with_token(flow_id, "zh")).json()["cards"]["a"]
    assert not card["label"].isascii()


def test_a_flow_leaves_as_a_file_and_as_a_picture(browser: TestClient, flow_id: str, home: Workspace) -> None:
    home.editor.open(flow_id).edit(Add(node=Node(id="a", kind="prompt", name="Ask"), at=Position(x=0, y=0)))
    answers = {
        form: browser.get(f"/flows/{flow_id}/export/{form}", headers=with_token(flow_id))
        for form in ("json", "svg", "exe")
    }
    assert read_flow(answers["json"].content) == home.editor.open(flow_id).flow
    assert answers["svg"].headers["content-type"].startswith("image/svg+xml")
    assert ">Ask<" in answers["svg"].text
    assert answers["exe"].status_code == 404


def test_a_file_of_the_chat_is_handed_out_to_its_own_page(
    browser: TestClient, flow_id: str, home: Workspace
) -> None:
    page = b"<script>alert(1)</script>"
    kept = home.runs.save_attachment(home.runs.new_conversation(flow_id), "bees.txt", "text/html", page)
    other = home.runs.save_attachment(home.runs.new_conversation("other"), "wax.txt", "text/plain", b"wax")
    answer = browser.get(f"/flows/{flow_id}/files/{kept.id}", headers=with_token(flow_id))
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    for id in (other.id, "none"):
        assert browser.get(f"/flows/{flow_id}/files/{id}", headers=with_token(flow_id)).status_code == 404
    assert browser.get(f"/flows/{flow_id}/files/{kept.id}").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Flowloom-Token": ""},
        {"X-Flowloom-Token": "en."},
        {"X-Flowloom-Token": "en." + "0" * 64},
        {"X-Flowloom-Token": mint_token("another")},
    ],
)
def test_refuses_whoever_has_no_token(browser: TestClient, flow_id: str, headers: dict[str, str]) -> None:
    for method, path in [("GET", ""), ("POST", "/ops"), ("GET", "/live"), ("GET", "/export/json")]:
        assert browser.request(method, f"/flows/{flow_id}{path}", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"ops": 3}', b'{"ops": [1]}', b'{"ops": [{}]}', b"[" * 100_000]
)
def test_garbage_is_refused_in_a_sentence(browser: TestClient, flow_id: str, body: bytes) -> None:
    answer = browser.post(f"/flows/{flow_id}/ops", content=body, headers=with_token(flow_id))
    assert answer.status_code == 400
    assert answer.json()["problem"]["message"]


def test_a_flow_that_is_gone_is_said_so(browser: TestClient) -> None:
    answer = browser.get("/flows/nothere", headers=with_token("nothere"))
    assert answer.status_code == 404
    assert "no longer exists" in answer.json()["problem"]["message"]
