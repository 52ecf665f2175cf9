"""What a chat says below an answer: that another model answered, and that a limit on spending is near."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say
from tests.run.test_needs_model import flow_of
from tests.services.test_fallbacks import NOWHERE, settings_for
from tests.test_spending import DEAR
from tests.ui.test_pages import chat_page, open_page

from flowloom.flow.model import Flow
from flowloom.workspace import Workspace

STOOD_IN = {"en": "couldn’t answer", "fr": "n’a pas pu répondre", "zh": "无法回答"}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        found.default = Say("one two three")
        yield found


def asked(home: Workspace, flow: Flow, language: str = "en") -> AppTest:
    app = open_page(chat_page, gpt=flow.id, language=language)
    app.chat_input[0].set_value("Hello").run()
    run = home.runner.latest(flow.id)
    assert run
    home.runner.finished(run)
    return app.run()


def captions(app: AppTest) -> str:
    assert not app.exception
    return " ".join(each.value.replace("\\", "") for each in app.caption)


@pytest.mark.parametrize("language", STOOD_IN)
def test_another_model_that_answered_is_named(home: Workspace, server: OpenAIServer, language: str) -> None:
    home.models_changed(settings_for(NOWHERE, server.url))
    said = captions(asked(home, home.flows.create(flow_of("{{message}}")), language))
    assert "a/m" in said
    assert STOOD_IN[language] in said


def test_near_its_limit_a_gpt_says_so_and_at_it_what_to_do(home: Workspace, server: OpenAIServer) -> None:
    flow = home.flows.create(flow_of("{{message}}"))
    home.models_changed(settings_of(server).model_copy(update={"prices": DEAR, "monthly": {flow.id: 0.5}}))
    assert "$0.5" in captions(asked(home, flow))
    after = asked(home, flow)
    assert "$0.5" in after.error[0].value
    assert "Raise it under Configure" in after.error[0].value
