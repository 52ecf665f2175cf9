"""The inbox page: what waits, how it is answered, and what was answered."""

from streamlit.testing.v1 import AppTest
from tests.loopback import Sink
from tests.test_consents import sender
from tests.test_inbox import APPROVED, asked
from tests.ui.test_pages import labelled, open_page, open_settings

from flowloom.flow.model import Flow
from flowloom.workspace import Workspace


def inbox_page() -> None:
    import streamlit as st

    from flowloom.ui.pages import inbox

    st.session_state["name"] = inbox.title()
    inbox.show()


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.caption, *app.subheader])


def test_an_empty_inbox_says_what_comes_here(home: Workspace) -> None:
    app = open_page(inbox_page)
    assert "Nothing is waiting for you" in said(app)
    assert app.session_state["name"] == "Inbox"


def test_a_question_is_answered_with_a_word(home: Workspace) -> None:
    run, _ = asked(home)
    app = open_page(inbox_page)
    assert app.session_state["name"] == "Inbox (1)"
    assert "May this be sent?" in said(app)
    assert "Nothing has been sent yet" not in said(app)
    app.text_input[0].input("go ahead").run()
    labelled(app.button, "Approve").click().run()
    home.runner.finished(run)
    app.run()
    assert "Nothing is waiting for you" in said(app)
    assert "**Approve**" in said(app)
    assert "go ahead" in said(app)


def test_who_gets_what_is_asked_here_and_decided_once_for_all(home: Workspace) -> None:
    with Sink() as sink:
        flow = sender(home, sink)
        run = home.runner.start(flow, "My number is 555", home.runs.new_conversation(flow.id))
        home.runner.finished(run)
        app = open_page(inbox_page)
        host = sink.host.replace(":", "\\:")
        assert f"Allow this GPT to send this to {host}?" in said(app)
        assert "My number is 555" in app.code[0].value
        assert "Nothing has been sent yet" in said(app)
        assert not app.text_input
        labelled(app.button, "Never allow").click().run()
        home.runner.finished(run)
    settings = open_settings("privacy")
    assert host in said(settings)
    assert "never allowed" in said(settings)
    labelled(settings.button, "Remove").click().run()
    assert home.consents.all() == []
    assert "the chat shows you what" in said(settings)


def test_an_answer_that_comes_second_is_told(home: Workspace) -> None:
    asked(home)
    app = open_page(inbox_page)
    home.inbox.answer(home.questions.open()[0].id, APPROVED)
    labelled(app.button, "Decline").click().run()
    assert "answered already" in app.toast[0].value
    assert not app.exception


def test_a_form_asks_for_what_is_missing(home: Workspace) -> None:
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "q", "kind": "people.form", "config": {"fields": [{"name": "Age", "type": "number"}]}},
        {"id": "z", "kind": "chat.answer"},
    ]
    edges = [{"from": "m.message", "to": "q.value"}, {"from": "q.age", "to": "z.text"}]
    made = home.flows.create(Flow.model_validate({"nodes": nodes, "edges": edges}))
    run = home.runner.start(made, "Hello", home.runs.new_conversation(made.id))
    home.runner.finished(run)
    app = open_page(inbox_page)
    labelled(app.button, "Send").click().run()
    assert "Please fill in: Age." in app.warning[0].value
    app.number_input[0].set_value(7).run()
    labelled(app.button, "Send").click().run()
    assert home.runner.finished(run).text == "7"


def test_a_deleted_gpt_asks_nothing(home: Workspace) -> None:
    asked(home)
    home.flows.delete(home.questions.open()[0].flow)
    app = open_page(inbox_page)
    assert app.session_state["name"] == "Inbox"
    assert "Nothing is waiting for you" in said(app)
