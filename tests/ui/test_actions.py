"""Choosing what a web service is asked to do, and a connection on the spot or in Settings."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.oauth_server import OAuthServer
from tests.ui.test_form import config, inspect, labelled
from tests.ui.test_pages import open_settings

from flowloom.flow.model import Node
from flowloom.services.connections.settings import Connection
from flowloom.workspace import Workspace

KEY = "k3y/of+mine=" + "x7Q" * 6


def specification(count: int = 60, groups: int = 3) -> str:
    paths = {
        f"/things{at}": {
            "get": {"operationId": f"thing{at}", "summary": f"Thing {at}", "tags": [f"Group {at % groups}"]}
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
    return labelled(app.button, "Read").click().run()


def choices(app: AppTest) -> list[Any]:
    return [button for button in app.button if button.label == "Choose"]


def opened(app: AppTest, group: str) -> AppTest:
    """The group, opened as a click on it does."""
    tree = str(labelled(app.text_input, "Search operations").key).removesuffix("query")
    app.session_state[f"{tree}open::{group}"] = True
    return app.run()


def groups(app: AppTest) -> list[str]:
    labels = [str(each.label) for each in app.expander]
    return [label.replace("*", "") for label in labels if label.startswith("**Group")]


def boxes(app: AppTest) -> dict[str, bool]:
    return {box.label.split("**")[1]: box.value for box in app.checkbox if "**" in box.label}


def kept(home: Workspace, app: AppTest, field: str = "operations") -> list[str]:
    return [operation["id"] for operation in config(home, app)[field]]


def test_an_operation_is_found_in_its_group_and_kept(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action")), specification())
    assert groups(app) == [f"Group {at} :gray[· 20]" for at in range(3)]
    assert not choices(app)
    assert len(choices(opened(app, "Group 1"))) == 20
    choices(app)[0].click().run()
    assert not app.exception
    found = config(home, app)["operation"]
    assert (found["id"], found["server"]) == ("thing1", "https://shop.example/v1")


def test_words_narrow_the_tree_and_open_what_fits(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action")), specification())
    labelled(app.text_input, "Search operations").input("thing 57").run()
    assert groups(app) == ["Group 0 :gray[· 1]"]
    choices(app)[0].click().run()
    assert config(home, app)["operation"]["id"] == "thing57"
    labelled(app.button, "Choose another operation").click().run()
    labelled(app.text_input, "Search operations").input("zebra").run()
    assert not groups(app)
    assert "Try other words, or look through the groups" in app.info[0].value


def test_the_group_of_what_is_chosen_stands_open(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action")), specification())
    choices(opened(app, "Group 2"))[1].click().run()
    labelled(app.button, "Choose another operation").click().run()
    assert [bool(choice.icon) for choice in choices(app)] == [at == 1 for at in range(20)]


def test_whole_groups_are_ticked_and_single_ones_taken_out(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action.set")), specification(), "Choose operations")
    opened(app, "Group 1")
    labelled(app.checkbox, "Select all in Group 1").check().run()
    assert list(boxes(app).values()) == [True] * 20
    next(box for box in app.checkbox if "Thing 4*" in box.label).uncheck().run()
    assert not labelled(app.checkbox, "Select all in Group 1").value
    assert any("19/20" in text.value for text in app.markdown)
    # A search and a group that is closed take nothing away.
    labelled(app.text_input, "Search operations").input("thing 30").run()
    labelled(app.button, "Select all 1").click().run()
    assert boxes(app) == {"Thing 30": True}
    labelled(app.button, "Use these 20").click().run()
    assert not app.exception
    assert kept(home, app) == [f"thing{at}" for at in range(60) if (at % 3 == 1 and at != 4) or at == 30]


def test_choosing_others_begins_with_what_is_chosen(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action.set")), specification(), "Choose operations")
    labelled(app.button, "Select all 60").click().run()
    labelled(app.button, "Use these 60").click().run()
    labelled(app.button, "Choose other operations").click().run()
    assert list(boxes(app).values())[:20] == [True] * 20
    labelled(app.checkbox, "Select all in Group 0").uncheck().run()
    labelled(app.button, "Use these 40").click().run()
    assert len(kept(home, app)) == 40
    labelled(app.button, "Choose other operations").click().run()
    labelled(app.button, "Select all 60").click().run()
    labelled(app.button, "Clear all 60").click().run()
    assert labelled(app.button, "Use these 0").disabled


def test_a_thousand_are_not_drawn_at_once(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action.set")), specification(1000), "Choose operations")
    assert not boxes(app)
    for group in ("Group 0", "Group 1", "Group 2"):
        opened(app, group)
    assert len(boxes(app)) == 75
    app.pagination[0].set_value(2).run()
    assert "Thing 75" in boxes(app)
    labelled(app.text_input, "Search operations").input("thing").run()
    assert len(boxes(app)) == 50
    labelled(app.button, "Select all 1000").click().run()
    labelled(app.button, "Use these 1000").click().run()
    assert len(kept(home, app)) == 1000


def test_what_is_open_has_an_end(home: Workspace) -> None:
    app = read(inspect(home, Node(id="n", kind="action.set")), specification(700, 7), "Choose operations")
    for group in range(7):
        opened(app, f"Group {group}")
    assert len(boxes(app)) == 150
    assert any("Close one to see this one" in text.value for text in app.caption)


def test_what_takes_files_cannot_be_ticked(home: Workspace) -> None:
    form = {"requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}}
    paths = {
        f"/{way}": {"post": {"operationId": way, **(form if way == "send" else {})}} for way in ("send", "ask")
    }
    text = json.dumps({"openapi": "3.1.0", "servers": [{"url": "https://a.example"}], "paths": paths})
    app = read(inspect(home, Node(id="n", kind="action.set")), text, "Choose operations")
    assert next(box for box in app.checkbox if "send" in box.label and "**" in box.label).disabled
    labelled(app.button, "Select all 1").click().run()
    labelled(app.button, "Use these 1").click().run()
    assert kept(home, app) == ["ask"]


@pytest.mark.parametrize("text", ["", "Roses are red", "openapi: 9"])
def test_what_cannot_be_read_is_said_and_another_try_is_open(home: Workspace, text: str) -> None:
    app = read(inspect(home, Node(id="n", kind="action")), text)
    before = len(app.error)
    assert any(
        word in said.value for said in app.error for word in ("nothing to read", "a specification", "Version")
    )
    labelled(app.text_area, "Text of the description").input(specification()).run()
    labelled(app.button, "Read").click().run()
    assert len(app.error) == before - 1
    assert len(groups(app)) == 3


def test_a_connection_is_made_from_what_the_specification_says(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    app = read(inspect(home, Node(id="n", kind="action")), specification(12))
    choices(app)[0].click().run()
    labelled(app.button, "New account").click().run()
    assert labelled(app.text_input, "Name of the header or parameter").value == "X-Shop"
    labelled(app.button, "Save account").click().run()
    assert "Paste the key first" in app.error[0].value
    labelled(app.text_input, "Key").input(KEY).run()
    labelled(app.button, "Save account").click().run()
    (made,) = home.connections.settings.connections
    assert (made.kind, made.server, made.field) == ("header", "https://shop.example", "X-Shop")
    assert config(home, app)["connection"] == made.id
    assert labelled(app.selectbox, "Account").value == made.id
    assert KEY not in json.dumps(config(home, app))


def test_settings_test_renew_and_remove(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    with OAuthServer() as server:
        kept = home.connections.keep(Connection(server=server.url, kind="bearer", private=True), "old")
        app = open_settings("tools")
        labelled(app.text_input, "Page to test with").input("/private").run()
        app.button(key=f"test_connection:{kept.id}").click().run()
        assert any("didn’t accept" in said.value for said in app.error)
        labelled(app.text_input, "Replace key").input(KEY).run()
        app.button(key=f"connection_key:{kept.id}:keep").click().run()
        server.access.add(KEY)
        app.button(key=f"test_connection:{kept.id}").click().run()
        assert any("answers" in said.value for said in app.success)
    labelled(app.toggle, "This server is on my computer or local network").set_value(False).run()
    assert not home.connections.settings.connections[0].private
    assert home.connections.has_secret(kept)
    app.button(key=f"remove_connection:{kept.id}").click().run()
    assert home.connections.settings.connections == ()
    assert home.secrets.names() == []


def test_a_connection_that_leads_nowhere_says_what_is_missing(home: Workspace) -> None:
    app = open_settings("tools")
    labelled(app.button, "Save account").click().run()
    assert [said.value for said in app.error] == ["Fill in the address of the service first."]
    assert home.connections.settings.connections == ()
