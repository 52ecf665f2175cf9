"""The window Publish: what others get, what they may do, and the way back."""

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.flow.model import Flow
from flowloom.publishing import PublishError
from flowloom.store.publications import Terms
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def window() -> None:
    import streamlit as st

    from flowloom.ui.gpt.publishing import draw_publishing
    from flowloom.workspace import workspace

    @st.fragment
    def inside() -> None:
        draw_publishing(workspace().flows.load(st.session_state["flow"]))

    inside()


def made(home: Workspace, name: str) -> Flow:
    return home.intake.create_from_template(next(each for each in templates() if each.id == name))


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return made(home, "translator")


def opened(flow: Flow) -> AppTest:
    app = AppTest.from_function(window, default_timeout=30)
    app.session_state["flow"] = flow.id
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.code]
    return "\n".join(str(part.value) for part in parts)


def published(home: Workspace, flow: Flow, terms: Terms | None = None) -> AppTest:
    home.publications.publish(flow, "words", terms or Terms())
    return opened(flow)


def test_one_click_publishes_what_is_there(home: Workspace, flow: Flow) -> None:
    app = opened(flow)
    (name,) = app.text_input
    assert name.value == "translator"
    app.button(key="publish_now").click().run()
    assert "http://localhost:8501/gpt/translator" in said(app)
    assert home.publications.find("translator").flow == flow


def test_name_and_terms_are_chosen_first(home: Workspace, flow: Flow) -> None:
    app = opened(flow)
    app.text_input[0].set_value("Open Day!")
    app.radio(key="publish_audience").set_value("me")
    app.checkbox(key="publish_copy").check().run()
    app.button(key="publish_now").click().run()
    assert home.publications.find("open-day").publication.terms == Terms(audience="me", may_copy=True)


def test_what_cannot_run_is_told_and_not_published(home: Workspace) -> None:
    app = opened(home.flows.create(Flow(id="empty", name="Empty")))
    app.button(key="publish_now").click().run()
    assert app.error
    assert home.publications.live() == []


def test_a_name_of_another_gpt_is_told(home: Workspace, flow: Flow) -> None:
    home.publications.publish(home.flows.create(flow), "words", Terms())
    app = opened(flow)
    app.text_input[0].set_value("words").run()
    app.button(key="publish_now").click().run()
    assert "published as “words” already" in said(app)


def test_what_is_new_is_told_and_published_by_one_click(home: Workspace, flow: Flow) -> None:
    app = published(home, flow)
    assert "Not published yet" not in said(app)
    home.flows.save(flow.model_copy(update={"name": "Interpreter"}))
    app.run()
    assert "The name is “Interpreter”" in said(app)
    app.text_input(key="publish_note:1").set_value("a better name").run()
    app.button(key="publish_again").click().run()
    assert "Not published yet" not in said(app)
    assert home.publications.find("words").flow.name == "Interpreter"
    assert home.publications.versions(flow.id)[0].note == "a better name"


def test_an_earlier_version_comes_back_by_one_click(home: Workspace, flow: Flow) -> None:
    home.publications.publish(flow, "words", Terms())
    home.flows.save(renamed := flow.model_copy(update={"name": "Interpreter"}))
    app = published(home, renamed)
    app.button(key="roll_back:1").click().run()
    assert home.publications.find("words").flow.name == flow.name
    assert not app.exception


def test_sharing_stops_by_one_click_and_begins_again(home: Workspace, flow: Flow) -> None:
    app = published(home, flow)
    app.button(key="unpublish").click().run()
    with pytest.raises(PublishError):
        home.publications.find("words")
    assert app.text_input[0].value == "words"
    assert "Its versions are kept" in said(app)
    app.button(key="publish_now").click().run()
    assert home.publications.find("words").publication.version == 1


def test_sites_are_named_before_they_show_it(home: Workspace, flow: Flow) -> None:
    app = published(home, flow)
    assert "No website may show it yet" in said(app)
    app.text_area(key="terms_sites").set_value("https://School.example/page\nhttp://localhost:8000")
    app.button(key="terms_save").click().run()
    assert home.publications.find("words").publication.terms.origins == (
        "https://school.example",
        "http://localhost:8000",
    )
    assert "It works on: https://school.example" in said(app)


@pytest.mark.parametrize("site", ["school", "javascript:alert(1)", "https://*", "https://a.example; img-src *"])
def test_what_is_no_site_is_refused(home: Workspace, flow: Flow, site: str) -> None:
    app = published(home, flow)
    app.text_area(key="terms_sites").set_value(site)
    app.button(key="terms_save").click().run()
    assert "isn’t the address of a website" in said(app)
    assert home.publications.find("words").publication.terms.origins == ()


def test_where_data_goes_is_decided_by_whoever_publishes(home: Workspace) -> None:
    app = opened(flow := made(home, "weather-guide"))
    (hosts,) = app.multiselect
    assert hosts.value == []
    assert hosts.options
    hosts.set_value(hosts.options[:1]).run()
    app.button(key="publish_now").click().run()
    granted = home.publications.of(flow.id).terms.hosts  # type: ignore[union-attr]
    assert len(granted) == 1


def test_missing_documents_are_told_before(home: Workspace) -> None:
    flow = made(home, "knowledge-helper")
    home.knowledge.delete_all(flow.id)
    assert opened(flow).warning
