"""A change of models as a person meets it: tried on saved messages, seen side by side, and made with one click."""

from collections.abc import Iterator

import pytest
from tests.openai_server import OpenAIServer, Say
from tests.test_model_change import flow_of
from tests.ui.test_pages import open_settings

from flowloom.flow.model import Flow
from flowloom.services.models.settings import ModelSettings, Price, Provider
from flowloom.ui.settings.model_change import _numbered
from flowloom.workspace import Workspace


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(models=("old", "new")) as found:
        found.behave = lambda body: Say(f"I am {body['model']}")
        yield found


@pytest.fixture
def gpt(home: Workspace, server: OpenAIServer) -> Flow:
    provider = Provider(id="v", kind="compatible", name="V", base_url=server.url, models=("old", "new"))
    home.models_changed(
        ModelSettings(
            providers=(provider,),
            roles=dict.fromkeys(("default", "fast", "careful"), "v/old"),
            prices={"v/old": Price(input=4000, output=4000), "v/new": Price(input=1000, output=1000)},
        )
    )
    nodes = {"m": ("chat.message", {}), "x": ("model", {"model": "v/old"}), "z": ("chat.answer", {})}
    flow = home.flows.create(flow_of(nodes, "m.message>x.prompt x.answer>z.text"))
    home.runner.finished(home.runner.start(flow, "Who are you?", home.runs.new_conversation(flow.id)))
    return flow


def test_from_trying_to_changing_over(home: Workspace, gpt: Flow) -> None:
    app = open_settings("models")
    app.selectbox(key="model_gone").set_value("v/old").run()
    app.multiselect(key="model_instead:v/old").set_value(["v/new"]).run()
    app.button(key="model_try").click().run()
    found = home.model_changes.find(app.session_state["model_change"])
    assert found
    assert found.future
    found.future.result(20)
    app.run()
    assert not app.exception
    said = "\n".join(each.value for each in app.markdown)
    assert "I am old" in said
    assert "I am new" in said
    assert "1 of 1 answered · 1 took the same way" in said
    assert "instead of" in said
    app.button(key="model_switch:v/new").click().run()
    assert not app.exception
    assert set(home.models.settings.roles.values()) == {"v/new"}
    document = home.editor.open(gpt.id)
    changed = document.flow.node("x")
    assert changed
    assert changed.config["model"] == "v/new"
    document.undo()
    assert document.flow.node("x") == gpt.node("x")


def test_without_saved_messages_it_says_so(home: Workspace, gpt: Flow) -> None:
    app = open_settings("models")
    app.selectbox(key="model_gone").set_value("v/new").run()
    app.multiselect(key="model_instead:v/new").set_value(["v/old"]).run()
    app.button(key="model_try").click().run()
    assert any("No saved message" in said.value for said in app.info)


def test_without_a_model_there_is_nothing_to_change(home: Workspace) -> None:
    app = open_settings("models")
    assert any(said.value == "Add a model first." for said in app.caption)
    assert not [button for button in app.button if button.key == "model_try"]


def test_all_gpts_have_their_turn() -> None:
    one, two = Flow(), Flow()
    numbered = sorted(_numbered([("1", one), ("2", one), ("3", two)]), key=lambda each: each[0])
    assert [run for _, run, _ in numbered] == ["1", "3", "2"]
