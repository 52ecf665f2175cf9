"""The vendors a person adds: added, tested, and their models taken over."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say
from tests.services.test_abilities import ALL, clever
from tests.ui.test_pages import labelled, open_page, settings_page

from flowloom.services.models.settings import load_settings
from flowloom.workspace import Workspace


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(models=("m", "n")) as found:
        yield found


@pytest.fixture
def page(home: Workspace, server: OpenAIServer) -> AppTest:
    home.models_changed(settings_of(server))
    return open_page(settings_page)


def test_a_test_offers_the_models_there_are(home: Workspace, page: AppTest) -> None:
    page.button(key="test:loopback").click().run()
    assert any("2 models" in said.value for said in page.success)
    labelled(page.multiselect, "Add models").select("n").run()
    page.button(key="take:loopback").click().run()
    provider = load_settings(home.home).provider("loopback")
    assert provider
    assert provider.models == ("m", "n")


def test_a_test_that_fails_says_why_and_is_not_begun_again(page: AppTest, server: OpenAIServer) -> None:
    server.default = Say(status=401, error={"message": "no"})
    page.button(key="test:loopback").click().run()
    assert len(page.error) == 1
    asked = len(server.requests)
    page.run()
    assert len(server.requests) == asked


def test_a_test_says_what_the_model_can_do(home: Workspace, page: AppTest, server: OpenAIServer) -> None:
    server.behave = clever
    page.button(key="test:loopback").click().run()
    assert not page.exception
    assert home.models.settings.abilities == {"loopback/m": ALL}
    said = " ".join(caption.value for caption in page.caption)
    for words in ("answers word by word", "calls tools", "fills in forms exactly", "sees images"):
        assert words in said
    server.behave, server.default = None, Say("Only words.")
    page.button(key="test:loopback").click().run()
    said = " ".join(caption.value for caption in page.caption)
    for words in ("doesn’t call tools", "doesn’t fill in forms", "doesn’t see images"):
        assert words in said


def test_the_model_that_is_chosen_is_tested(home: Workspace, server: OpenAIServer) -> None:
    settings = settings_of(server)
    provider = settings.providers[0].model_copy(update={"models": ("m", "n")})
    home.models_changed(settings.with_provider(provider))
    page = open_page(settings_page)
    page.selectbox(key="test_model:loopback").set_value("n").run()
    page.button(key="test:loopback").click().run()
    assert list(home.models.settings.abilities) == ["loopback/n"]
    assert {request.body["model"] for request in server.requests if "messages" in request.body} == {"n"}
