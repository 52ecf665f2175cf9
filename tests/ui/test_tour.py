"""The tour: offered once, begun on a GPT of its own, brought on by what the person does."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import home_page, labelled, open_page, open_settings

from flowloom.flow.edit import Configure, Move
from flowloom.flow.model import Position
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def build_page() -> None:
    """A page so slow to draw that every run ends between its top and its chat."""
    import time

    import streamlit as st

    from flowloom.ui.chat.conversations import current_conversation
    from flowloom.ui.chat.pane import draw_chat
    from flowloom.ui.gpt.tour import draw_tour
    from flowloom.workspace import workspace

    document = workspace().editor.open(st.session_state["gpt"])
    conversation = current_conversation(document.flow.id)
    active = workspace().runner.active(conversation)
    draw_tour(document, active)
    while workspace().runner.active(conversation):
        time.sleep(0.01)
    draw_chat(document, active)


def begun(page: Any, part: str = "", **state: Any) -> AppTest:
    """The Build page after a click on the way in, that on a page of the settings where `part` names one."""
    way_in = open_settings(part, **state) if part else open_page(page, **state)
    way_in.session_state["pages"] = {"build": None}
    labelled(way_in.button, "Show me around").click().run()
    kept = way_in.session_state
    return open_page(build_page, gpt=kept["gpt"], tour=kept["tour"])


def click(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def said(app: AppTest) -> str:
    return next((text.value for text in app.markdown if "/3**" in text.value or "ready" in text.value), "")


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button if str(button.key).startswith("tour")}


def test_it_is_offered_until_it_is_declined(home: Workspace) -> None:
    home.intake.create_from_template(templates()[0])
    app = open_page(home_page)
    click(app, "tour_decline")
    assert keys(app) == set()
    assert keys(open_page(home_page)) == set()
    assert keys(open_settings("general")) == {"tour_again"}


def test_an_empty_workspace_keeps_offering_it(home: Workspace) -> None:
    (home.home / "preferences.json").write_text('{"seen_tour": true, "language": "en"}', "utf-8")
    assert keys(open_page(home_page)) == {"tour_home"}


def test_what_is_kept_is_kept_beside_the_language(home: Workspace) -> None:
    (home.home / "preferences.json").write_text('{"language": "fr"}', "utf-8")
    click(open_page(home_page), "tour_decline")
    assert json.loads((home.home / "preferences.json").read_text("utf-8")) == {"language": "fr", "seen_tour": True}


@pytest.mark.parametrize("part", ["", "general"])
def test_it_leads_through_what_the_person_does(home: Workspace, part: str) -> None:
    app = begun(home_page, part)
    flow_id = app.session_state["gpt"]
    assert said(app).startswith("**1/3**")
    click(app, "tour_next")
    assert said(app).startswith("**2/3**")
    assert said(click(app, "tour_ask")).startswith("**3/3**")

    document = home.editor.open(flow_id)
    document.edit(Move(positions={"prompt": Position(x=5, y=5)}))
    assert said(app.run()).startswith("**3/3**")  # a block that was only moved is as it was
    click(app, "tour_show")
    assert app.session_state["selected"] == ("prompt",)
    document.edit(Configure(node="prompt", config={"template": "In one sentence: {{message}}"}))
    assert "ready" in said(app.run())
    click(app, "tour_ask")
    assert len(home.runs.turns(app.session_state[f"conversation:{flow_id}"])) == 4
    click(app, "tour_settings")
    assert app.session_state["going"] == "settings"
    assert keys(app) == set()


def test_every_step_can_be_passed_and_the_whole_skipped(home: Workspace) -> None:
    app = begun(home_page)
    for _ in range(3):
        click(app, "tour_next")
    assert "ready" in said(app)
    assert keys(click(app, "tour_close")) == set()
    assert keys(click(begun(home_page, "general"), "tour_skip")) == set()


def test_another_gpt_has_no_bar(home: Workspace) -> None:
    app = begun(home_page)
    app.session_state["gpt"] = home.intake.create_from_template(templates()[0]).id
    assert keys(app.run()) == set()
