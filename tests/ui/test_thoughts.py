"""Thoughts in the chat and under Runs: one folded row, in the language of the person."""

from collections.abc import Iterator

import pytest
from tests.openai_server import OpenAIServer, Say
from tests.ui.test_pages import chat_page, labelled, open_page

from flowloom.flow.model import Flow
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.workspace import Workspace

FLOW = {
    "nodes": [
        {"id": "m", "kind": "chat.message"},
        {"id": "x", "kind": "model"},
        {"id": "z", "kind": "chat.answer"},
    ],
    "edges": [{"from": "m.message", "to": "x.prompt"}, {"from": "x.answer", "to": "z.text"}],
}


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


@pytest.mark.parametrize(("language", "title"), [("en", "Thoughts"), ("zh", "思考过程"), ("fr", "Réflexion")])
def test_the_chat_shows_thoughts_folded_above_the_answer(
    home: Workspace, server: OpenAIServer, language: str, title: str
) -> None:
    provider = Provider(id="p", kind="compatible", name="Vendor", base_url=server.url)
    home.models_changed(ModelSettings(providers=(provider,), roles={"default": "p/m"}))
    flow = Flow.model_validate(FLOW)
    home.flows.save(flow)
    server.script.append(Say("<think>I wonder: [a](http://x.test)</think>Four"))
    run = home.runner.start(flow, "How much?", home.runs.new_conversation(flow.id), language=language)
    home.runner.finished(run)
    folded = open_page(chat_page, gpt=flow.id, language=language)
    assert not folded.exception
    assert not labelled(folded.expander, title).caption
    assert "I wonder" not in str([each.value for each in folded.markdown])
    shown = open_page(chat_page, gpt=flow.id, language=language, **{f"thoughts:{run}": True})
    said = labelled(shown.expander, title).caption[0].value
    assert "I wonder" in said
    assert "[a](http" not in said
