"""Choosing what a web service is asked to do, and a connection on the spot or in Settings."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.oauth_server import OAuthServer
from tests.ui.test_form import config, inspect, labelled
from tests.ui.test_pages import open_page, settings_page

from flowloom.flow.model import Node
from flowloom.services.connections.settings import Connection
from flowloom.workspace import Workspace

KEY = "k3y/of+mine=" + "x7Q" * 6


def specification(count: int = 60) -> str:
    paths = {
        f"/things{at}": {
            "get": {"operationId": f"thing{at}", "summary": f"Thing {at}", "tags": [f"Group {at % 3}"]}
        }
        for at in range(count)
    }
    schemes = {"k": {"type": "apiKey", "in": "header", "name": "X-Shop"}}
    given = {"openapi": "3.1.0", "info": {"title": "Shop"}, "servers": [{"url": "https://shop.example/v1"}]}
    return json.dumps(
        {**given, "paths": paths, "security": [{"k": []}], "components": {"securitySchemes": schemes}}
    )


def read(app: AppTest, text: str, title: str = "Choose an operation") -> AppTest:
    labelled(app.button, title).click().run()
    app.get("button_group")[0].set_value("paste").run()
    labelled(app.text_area, "Text of the description").input(text).run()
    return labelled(app.button, "Read it").click().run()


def choices(app: AppTest) -> list[Any]:
    return [button for button in app.button if button.label == "Choose"]


def test_an_operation_is_read_found_and_kept(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action")), specification())
    assert len(choices(app)) == 40
    labelled(app.text_input, "Find by words").input("thing 57").run()
    choices(app)[0].click().run()
    assert not app.exception
    kept = config(home, app)["operation"]
    assert (kept["id"], kept["server"]) == ("thing57", "https://shop.example/v1")


def test_a_set_takes_them_all(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action.set")), specification(), "Choose operations")
    labelled(app.selectbox, "Group").select("Group 1").run()
    labelled(app.button, "Take all 20").click().run()
    assert not app.exception
    assert len(config(home, app)["operations"]) == 20


@pytest.mark.parametrize("text", ["", "Roses are red", "openapi: 9"])
def test_what_cannot_be_read_is_said_and_another_try_is_open(home: Workspace, text: str) -> None:
    app = read(inspect(home, Node(id="n", kind="action")), text)
    before = len(app.error)
    assert any(word in said.value for said in app.error for word in ("nothing to read", "no spec", "Version"))
    labelled(app.text_area, "Text of the description").input(specification()).run()
    labelled(app.button, "Read it").click().run()
    assert len(app.error) == before - 1
    assert choices(app)


def test_a_connection_is_made_from_what_the_specification_says(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    app = read(inspect(home, Node(id="n", kind="action")), specification())
    choices(app)[0].click().run()
    labelled(app.button, "New connection").click().run()
    assert labelled(app.text_input, "Its name there").value == "X-Shop"
    labelled(app.button, "Keep connection").click().run()
    assert "Paste the key first" in app.error[0].value
    labelled(app.text_input, "Key").input(KEY).run()
    labelled(app.button, "Keep connection").click().run()
    (made,) = home.connections.settings.connections
    assert (made.kind, made.server, made.field) == ("header", "https://shop.example", "X-Shop")
    assert config(home, app)["connection"] == made.id
    assert labelled(app.selectbox, "Connection").value == made.id
    assert KEY not in json.dumps(config(home, app))


def test_settings_test_renew_and_remove(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    with OAuthServer() as server:
        kept = home.connections.keep(Connection(server=server.url, kind="bearer", private=True), "old")
        app = open_page(settings_page)
        labelled(app.text_input, "Page to test with").input("/private").run()
        app.button(key=f"test_connection:{kept.id}").click().run()
        assert any("did not accept" in said.value for said in app.error)
        labelled(app.text_input, "Replace the key").input(KEY).run()
        app.button(key=f"connection_key:{kept.id}:keep").click().run()
        server.access.add(KEY)
        app.button(key=f"test_connection:{kept.id}").click().run()
        assert any("answers" in said.value for said in app.success)
    labelled(app.toggle, "This server is on my own computer or network").set_value(False).run()
    assert not home.connections.settings.connections[0].private
    assert home.connections.has_secret(kept)
    app.button(key=f"remove_connection:{kept.id}").click().run()
    assert home.connections.settings.connections == ()
    assert home.secrets.names() == []


def test_a_connection_that_leads_nowhere_says_what_is_missing(home: Workspace) -> None:
    app = open_page(settings_page)
    labelled(app.button, "Keep connection").click().run()
    assert [said.value for said in app.error] == ["Fill in the address of the service first."]
    assert home.connections.settings.connections == ()
