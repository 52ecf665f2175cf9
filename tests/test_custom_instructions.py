"""What the person wants every GPT to heed reaches its models, unless the GPT or the person switches it off."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.configuration.backbone import with_edits
from flowloom.configuration.choices import Face, edits_for
from flowloom.flow.model import Flow
from flowloom.services.custom_instructions import (
    FILE,
    CustomInstructions,
    load_custom_instructions,
    save_custom_instructions,
)
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say
from tests.ui.conftest import home as home
from tests.ui.test_pages import configure_page, labelled, open_page, open_settings

MINE = CustomInstructions(about="I teach bees to dance.", answer="Answer in rhymes.")


def assistant(**changes: Any) -> Flow:
    flow = with_edits(Flow(name="Mine"), edits_for(Flow(name="Mine"), Face({"instructions": "Be kind."})))
    return flow.model_copy(update=changes)


def ask(home: Workspace, flow: Flow) -> tuple[str, str]:
    """What a model read as system, and the id of the run."""
    kept = home.flows.create(flow)
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.default = Say("Hello.")
        run = home.runner.start(kept, "Hi", home.runs.new_conversation(kept.id))
        assert home.runner.finished(run).state == "finished"
        [request] = server.requests
    said = [message["content"] for message in request.body["messages"] if message["role"] == "system"]
    return "\n".join(said), run


@pytest.mark.parametrize(
    ("given", "flow", "used"),
    [
        (MINE, assistant(), True),
        (MINE.model_copy(update={"on": False}), assistant(), False),
        (MINE, assistant(custom_instructions=False), False),
        (CustomInstructions(about="  "), assistant(), False),
    ],
)
def test_models_read_them_unless_switched_off(
    home: Workspace, given: CustomInstructions, flow: Flow, used: bool
) -> None:
    save_custom_instructions(home.home, given)
    said, run = ask(home, flow)
    assert "Be kind." in said
    assert ("bees to dance" in said and "rhymes" in said) is used
    view = home.runner.view(run)
    assert view
    assert bool(view.custom_instructions) is used


def why_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.why import draw_why
    from flowloom.workspace import workspace

    view = workspace().runner.view(st.session_state["run"])
    assert view
    draw_why(workspace().flows.load(st.session_state["gpt"]), view, ())


@pytest.mark.parametrize("used", [True, False])
def test_why_an_answer_is_so_shows_them(home: Workspace, used: bool) -> None:
    save_custom_instructions(home.home, MINE.model_copy(update={"on": used}))
    _, run = ask(home, assistant())
    [entry] = home.flows.entries()
    app: AppTest = open_page(why_page, gpt=entry.id, run=run)
    assert any("I teach bees to dance" in caption.value for caption in app.caption) is used


def test_they_are_written_and_switched_off_in_settings(home: Workspace) -> None:
    app = open_settings("privacy")
    labelled(app.text_area, "What GPTs should know about you").input("I am Ada.").run()
    labelled(app.text_area, "How they should answer").input("Briefly.").run()
    labelled(app.toggle, "Use custom instructions").set_value(False).run()
    assert not app.exception
    kept = load_custom_instructions(home.home)
    assert kept == CustomInstructions(about="I am Ada.", answer="Briefly.", on=False)


def test_a_gpt_switches_them_off_as_one_step(home: Workspace) -> None:
    flow = home.flows.create(assistant())
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.toggle, "Use people’s custom instructions").set_value(False).run()
    assert home.flows.load(flow.id).custom_instructions is False
    labelled(app.button, "Undo").click().run()
    assert home.flows.load(flow.id) == flow


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"about": 3}', b"\xff\xfe"])
def test_a_damaged_file_counts_as_none(home: Workspace, damaged: bytes) -> None:
    (home.home / FILE).write_bytes(damaged)
    assert load_custom_instructions(home.home).told == ""
