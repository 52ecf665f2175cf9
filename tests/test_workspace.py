"""The parts of the app together: copies, the bin, and models that change."""

import os
import sys
import time
from pathlib import Path

import pytest

from flowloom.errors import ModelError
from flowloom.intake import MAIN
from flowloom.services.mcp.settings import McpServer
from flowloom.services.models.settings import ModelSettings
from flowloom.store.templates import templates
from flowloom.workspace import Workspace, open_workspace
from tests.services.test_mcp_programs import is_alive
from tests.test_keys_stay_home import flow_asking


def helper(workspace: Workspace) -> str:
    (template,) = (template for template in templates() if template.id == "knowledge-helper")
    return workspace.intake.create_from_template(template).id


def names(workspace: Workspace, flow_id: str) -> list[str]:
    return [file.name for file in workspace.knowledge.files(f"{flow_id}/{MAIN}")]


def test_a_copy_has_the_documents(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    flow_id = helper(workspace)
    copy = workspace.intake.duplicate(flow_id, "Copy")
    assert names(workspace, copy.id) == names(workspace, flow_id) != []
    workspace.close()


def test_what_was_deleted_long_ago_goes_with_all_it_had(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    flow_id = helper(workspace)
    conversation = workspace.runs.new_conversation(flow_id)
    workspace.runs.add_turn(conversation, "user", "Hello")
    workspace.flows.delete(flow_id)
    workspace.close()

    workspace = open_workspace(tmp_path)
    assert names(workspace, flow_id)
    assert workspace.runs.turns(conversation)
    workspace.close()

    os.utime(tmp_path / "flows" / "deleted" / f"{flow_id}.json", (1, 1))
    workspace = open_workspace(tmp_path)
    assert not names(workspace, flow_id)
    assert not workspace.runs.turns(conversation)
    assert workspace.runs.latest_conversation(flow_id) is None
    workspace.close()


def test_where_an_embedding_model_is_gone_the_old_index_answers_and_the_page_says_so(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    flow_id = helper(workspace)
    workspace.models_changed(ModelSettings(embedding="gone/model"))
    workspace.close()

    workspace = open_workspace(tmp_path)
    base = f"{flow_id}/{MAIN}"
    before = workspace.knowledge.search(base, "How many days of holiday?", 3)
    assert [bool(each.why and each.why.by_meaning) for each in before] == [True] * 3
    assert workspace.knowledge.renewals.wait()
    told = workspace.knowledge.renewal(base)
    assert told
    assert "gone" in str(told.problem)
    with pytest.raises(ModelError):
        workspace.knowledge.add(f"{flow_id}/other", "a.txt", b"Holidays.")
    workspace.models_changed(ModelSettings())
    assert workspace.knowledge.search(base, "How many days of holiday?", 3) == before
    assert workspace.knowledge.renewals.wait()
    assert workspace.knowledge.renewal(base) is None
    workspace.close()


@pytest.mark.parametrize("how", ["odd", "ignores its end", "leaves children", "hang in the call"])
def test_no_program_of_an_mcp_server_outlives_the_app(tmp_path: Path, how: str) -> None:
    pids = tmp_path / "pids"
    program = Path(__file__).parent / "bad_mcp_server.py"
    workspace = open_workspace(tmp_path / "home")
    server = McpServer(alias="bad", command=sys.executable, arguments=("-I", str(program), how, str(pids)))
    workspace.mcp.servers.allow(workspace.mcp.servers.keep(server))
    flow = workspace.flows.create(flow_asking("bad"))
    workspace.consents.keep(flow.id, "bad", True)
    run = workspace.runner.start(flow, "Hello", workspace.runs.new_conversation(flow.id))
    if how == "hang in the call":
        for _ in range(1_000):
            if pids.exists():
                break
            time.sleep(0.02)
    else:
        assert workspace.runner.finished(run).text == "Hello"
        assert all(map(is_alive, found(pids)))  # kept for the next message
    workspace.close()
    assert not any(map(is_alive, found(pids)))


def found(pids: Path) -> list[int]:
    return [int(line) for line in pids.read_text().split()]
