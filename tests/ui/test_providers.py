"""The vendors a person adds: added, tested, and their models taken over."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say
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
