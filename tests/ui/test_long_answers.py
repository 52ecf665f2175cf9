"""A very long answer, and documents that take a while, as a person meets them."""

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.flow.model import Flow, Node
from flowloom.locales import translate
from flowloom.run.reading.view import NodeView, RunView
from flowloom.ui.chat.answer_text import LONGEST


def long_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.answer_text import draw_answer_text

    draw_answer_text(st.session_state["text"], "here")


def reading_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.progress import AtWork

    at_work = AtWork()
    for now in st.session_state["moments"]:
        st.markdown(at_work.said(st.session_state["flow"], st.session_state["view"], now))


def opened(page: object, **state: object) -> AppTest:
    app = AppTest.from_function(page)
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_a_very_long_answer_is_plain_text_with_a_file(language: str) -> None:
    app = opened(long_page, text="**a** " * LONGEST, language=language)
    said = "This answer is very long, so it is shown as plain text. Download it to get the whole text."
    assert [each.value for each in app.caption] == [translate(said, language)]
    assert app.text[0].value.startswith("**a** ")
    assert not app.markdown


def test_an_answer_of_usual_length_is_set() -> None:
    app = opened(long_page, text="**a** b", language="en")
    assert [each.value for each in app.markdown] == ["**a** b"]
    assert not app.caption


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize(("kind", "reads"), [("knowledge.search", True), ("prompt", False)])
def test_the_chat_says_that_documents_are_read(kind: str, reads: bool, language: str) -> None:
    flow = Flow(name="F", nodes=(Node(id="a", kind=kind),))
    view = RunView(run_id="r", nodes={"a": NodeView(status="running")})
    app = opened(reading_page, flow=flow, view=view, moments=[5.0, 5.9, 6.1], language=language)
    said = translate("Reading your documents", language)
    assert [said in each.value for each in app.markdown] == [False, False, reads]
