"""What visitors share, as whoever made the GPT reads it."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.test_visits import BOB, ECHO, enter, published, said
from tests.ui.test_pages import labelled, open_page
from tests.ui.test_team import Office, office

from flowloom.flow.model import Flow
from flowloom.visits.visits import Visit
from flowloom.workspace import Workspace

__all__ = ["office"]
KEY = "sk-proj-" + "abcdefgh" * 6


def talks_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.pane import _draw_conversations
    from flowloom.workspace import workspace

    _draw_conversations(workspace().flows.load(st.session_state["gpt"]))


def all_of(app: AppTest) -> str:
    """All that is drawn."""
    return "\n".join(str(getattr(node, "proto", "")) for node in app._tree)


def shared(home: Workspace, visit: Visit, text: str) -> str:
    chat = visit.begin()
    file = visit.attach(chat, "invoice.txt", "text/plain", b"44 euros")
    home.runner.finished(visit.say(chat, text, [file.id]))
    visit.share(chat)
    return chat


def choose(app: AppTest, chat: str) -> AppTest:
    return app.button(key=f"shared:{chat}").click().run()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return published(home, ECHO, "echo")


def test_there_is_nothing_where_nothing_is_shared(home: Workspace, flow: Flow) -> None:
    said(home, enter(home), "zebra")
    app = open_page(talks_page, gpt=flow.id)
    assert "Shared by" not in all_of(app)
    assert "zebra" not in all_of(app)


def test_it_is_listed_opened_and_left(home: Workspace, flow: Flow) -> None:
    chat = shared(home, enter(home), "zebra")
    said(home, enter(home, BOB), "of Bob")
    app = open_page(talks_page, gpt=flow.id)
    assert "Shared by a visitor" in app.button(key=f"shared:{chat}").label
    choose(app, chat)
    assert "Shared by a visitor" in all_of(app)
    assert [each.markdown[0].value for each in app.chat_message] == ["zebra", "zebra"]
    assert "invoice.txt" in all_of(app)
    assert "44 euros" not in all_of(app)
    assert [each.label for each in app.button] == ["All conversations"]
    assert not app.text_input
    assert "of Bob" not in all_of(app)
    labelled(app.button, "All conversations").click().run()
    assert app.button(key=f"shared:{chat}")


def test_nothing_of_who_it_was_and_of_what_is_remembered_is_shown(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = shared(home, visit, "zebra")
    home.runs.facts_of(chat, flow.id).set("town", "Lyon", here=True)
    app = choose(open_page(talks_page, gpt=flow.id), chat)
    assert "Lyon" not in all_of(app)
    assert visit.visitor not in all_of(app)


def test_what_is_said_is_shown_as_text_and_without_keys(home: Workspace, flow: Flow) -> None:
    chat = shared(home, enter(home), f"{KEY} <b>bold</b> ![x](https://evil.example/x.png)")
    app = open_page(talks_page, gpt=flow.id)
    assert KEY not in all_of(app)
    choose(app, chat)
    asked, answered = (each.markdown[0].value for each in app.chat_message)
    assert KEY not in all_of(app)
    assert "![x](https" not in asked + answered


@pytest.mark.parametrize("end", ["stop_sharing", "delete"])
def test_it_is_gone_at_the_next_look_once_it_is_not_shared(home: Workspace, flow: Flow, end: str) -> None:
    visit = enter(home)
    chat = shared(home, visit, "zebra")
    app = choose(open_page(talks_page, gpt=flow.id), chat)
    assert "zebra" in all_of(app)
    getattr(visit, end)(chat)
    app.run()
    assert "zebra" not in all_of(app)
    assert app.info[0].value == "This conversation is no longer shared."
    labelled(app.button, "All conversations").click().run()
    assert "zebra" not in all_of(app)
    assert "Shared by" not in all_of(app)


@pytest.mark.parametrize(("name", "may"), [("ben", True), ("cy", False), ("ada", False)])
def test_in_a_team_it_is_for_the_owner_of_the_gpt(home: Workspace, office: Office, name: str, may: bool) -> None:
    home.team.act(lambda: office.account("ben"))
    flow = published(home, ECHO, "echo")
    chat = shared(home, enter(home), "zebra")
    office.sits(name)
    listed = open_page(talks_page, gpt=flow.id)
    opened = open_page(talks_page, gpt=flow.id, **{f"shared_conversation:{flow.id}": chat})
    assert ("zebra" in all_of(listed), "zebra" in all_of(opened)) == (may, may)
