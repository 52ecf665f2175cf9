"""How a capsule is written is chosen before it leaves; where a password is wanted, nothing leaves without it."""

import io
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.capsules import export_capsule
from flowloom.exchange.packing import CapsuleOptions
from flowloom.file_exchange import take_in
from flowloom.flow.edit import Configure
from flowloom.services.author import load_author
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def export_page() -> None:
    import streamlit as st

    from flowloom.ui.gpt.exporting import export_rows

    export_rows(st.session_state["flow"], "Helper", "x")


@pytest.fixture
def page(home: Workspace) -> AppTest:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    app = AppTest.from_function(export_page, default_timeout=30)
    app.session_state["flow"] = flow.id
    return app.run()


def capsule(app: AppTest) -> dict[str, Any] | None:
    """The options that the capsule's row would send; None where there is no such row."""
    assert not app.exception
    files = files_of(app)[0]
    found = [file for file in files if file["path"] == "export/capsule"]
    return json.loads(found[0]["options"]) if found else None


def files_of(app: AppTest) -> list[list[dict[str, Any]]]:
    return [json.loads(rows.proto.json)[0]["files"] for rows in app.get("bidi_component")]


def test_what_differs_is_shown_before_a_gpt_leaves_for_another_builder(page: AppTest) -> None:
    assert len(files_of(page)) == 1
    page.selectbox(key="x:form").select_index(0).run()
    assert not page.exception
    assert any("Documents are searched by words only" in each.value for each in page.markdown)
    assert [(file["path"], file["name"]) for file in files_of(page)[1]] == [
        ("export/python", "Helper.zip"),
        ("export/python.report", "Helper.python.md"),
    ]


def test_with_a_password_wanted_nothing_leaves_without_one(page: AppTest) -> None:
    assert capsule(page) == {
        "knowledge": "sources",
        "examples": [],
        "tests": True,
        "password": "",
        "label": {"author": "", "link": "", "licence": "", "edition": "", "price": ""},
    }
    page.toggle(key="x:locked").set_value(True).run()
    assert capsule(page) is None
    page.text_input(key="x:password").set_value("short").run()
    assert capsule(page) is None
    page.text_input(key="x:password").set_value("open sesame").run()
    assert capsule(page)["password"] == "open sesame"  # type: ignore[index]


def test_documents_may_stay_and_an_author_is_remembered(page: AppTest, home: Workspace) -> None:
    page.radio(key="x:knowledge").set_value("none")
    page.text_input(key="x:author").set_value("Ada")
    page.text_input(key="x:link").set_value("https://example.org").run()
    options = capsule(page)
    assert options is not None
    assert (options["knowledge"], options["label"]["author"]) == ("none", "Ada")
    assert load_author(home.home).link == "https://example.org"


def test_only_the_search_index_may_go_and_what_can_be_read_in_it_is_said(page: AppTest, home: Workspace) -> None:
    page.radio(key="x:knowledge").set_value("index").run()
    options = capsule(page)
    assert options is not None
    assert options["knowledge"] == "index"
    assert any("text of the passages can still be read" in each.value for each in page.caption)
    (row,) = [file for file in files_of(page)[0] if file["path"] == "export/capsule"]
    assert "search index of 2 documents" in row["size"]
    flow, out = home.flows.load(page.session_state["flow"]), io.BytesIO()
    export_capsule(home, flow, out, CapsuleOptions.model_validate(options))
    page.session_state["flow"] = take_in(home, out).flow.id
    page.radio(key="x:knowledge").set_value("sources").run()
    assert any("Only as a search index" in each.value for each in page.info)


def test_a_link_that_is_none_is_told(page: AppTest) -> None:
    page.text_input(key="x:link").set_value("javascript:alert(1)").run()
    assert capsule(page) is None
    assert "https://" in page.warning[-1].value


def test_personal_data_is_named_before_it_leaves(page: AppTest, home: Workspace) -> None:
    document = home.editor.open(page.session_state["flow"])
    node = next(node for node in document.flow.nodes if node.kind == "prompt")
    document.edit(Configure(node=node.id, config={"template": "Ask ann@example.org about {{message}}"}))
    page.run()
    assert any("Ask with care" in warning.value for warning in page.warning)


def test_a_key_in_a_document_and_an_address_in_an_example_chat_are_named(home: Workspace) -> None:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    home.knowledge.add(f"{flow.id}/main", "deploy.txt", b"Use sk-abcdefghijklmnopqrstuvwx to deploy.")
    conversation = home.runs.new_conversation(flow.id)
    home.runs.add_turn(conversation, "user", "Write to ann@example.org")
    app = AppTest.from_function(export_page, default_timeout=30)
    app.session_state["flow"] = flow.id
    app.run()
    (warning,) = app.warning
    assert "keys or passwords" in warning.value
    assert "deploy.txt" in warning.value
    app.multiselect(key="x:examples").set_value([conversation]).run()
    assert "Example chats (email address" in app.warning[0].value


def test_example_chats_are_chosen_among_ones_own(home: Workspace) -> None:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "translator"))
    conversation = home.runs.new_conversation(flow.id)
    home.runs.add_turn(conversation, "user", "Translate good morning")
    app = AppTest.from_function(export_page, default_timeout=30)
    app.session_state["flow"] = flow.id
    app.run()
    choice = app.multiselect(key="x:examples")
    assert choice.options == ["Translate good morning"]
    choice.set_value([conversation])
    app.text_input(key="x:price").set_value("5 €").run()
    options = capsule(app)
    assert options is not None
    assert (options["examples"], options["label"]["price"]) == ([conversation], "5 €")
