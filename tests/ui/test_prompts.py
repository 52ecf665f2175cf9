"""Below a prompt: what it was with the values of the last run, and a model that writes it better."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.openai_server import OpenAIServer, Say

from flowloom.flow.edit import Add, Configure, Connect
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.run.reading.steps import Step, story_of
from flowloom.services.models.settings import Provider
from flowloom.store.templates import templates
from flowloom.ui.messages import plain
from flowloom.ui.prompts.preview import END, START, fill_from
from flowloom.workspace import Workspace

KEY = "sk-never-to-be-shown-1234567890"


@pytest.fixture
def server(home: Workspace) -> Iterator[OpenAIServer]:
    """A model server that plays every role, with a key."""
    with OpenAIServer() as found:
        home.secrets.set("own", KEY)
        provider = Provider(
            id="own", kind="compatible", name="Own", base_url=found.url, secret="own", models=("m",)
        )
        settings = home.models.settings.with_provider(provider)
        roles = dict.fromkeys(settings.roles, "own/m")
        home.models_changed(settings.model_copy(update={"roles": roles}))
        yield found


def page() -> None:
    import streamlit as st

    from flowloom.ui.block.inspector import draw_inspector
    from flowloom.workspace import workspace

    draw_inspector(workspace().editor.open(st.session_state["flow"]), (st.session_state["node"],))


def inspect(flow: Flow, node: str, **state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=20)
    for name, value in {"flow": flow.id, "node": node, **state}.items():
        app.session_state[name] = value
    return app.run()


def labelled(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def helper(home: Workspace) -> Flow:
    return home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))


def run(home: Workspace, flow: Flow, message: str) -> list[Step]:
    run_id = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    home.runner.finished(run_id)
    return story_of(home.runs.events(run_id))


def filled(flow: Flow, node: str, story: list[Step]) -> Any:
    found = flow.node(node)
    assert found
    return fill_from(flow, found, all_kinds()[found.kind], story)


def test_preview_shows_what_the_last_run_brought(home: Workspace) -> None:
    flow = helper(home)
    preview = filled(flow, "prompt", run(home, flow, "How many days?"))
    assert f"{START}How many days?{END}" in preview.text
    assert not preview.missing


def test_preview_follows_a_renamed_input_and_names_a_new_one(home: Workspace) -> None:
    flow = helper(home)
    story = run(home, flow, "How many days?")
    document = home.editor.open(flow.id)
    document.edit(
        Configure(node="prompt", config={"template": "{{ask}} {{new}}"}, renamed_inputs={"message": "ask"})
    )
    preview = filled(document.flow, "prompt", story)
    assert preview.text.replace(START, "").replace(END, "") == "How many days? {{new}}"
    assert preview.missing == ["new"]


def test_preview_of_a_template_with_statements(home: Workspace) -> None:
    node = Node(id="t", kind="template", config={"template": "{% for x in items %}{{ x.name }};{% endfor %}"})
    story = [Step("t", inputs={"items": [{"name": "a"}, {"name": "b"}]})]
    assert filled(Flow(name="T", nodes=(node,)), "t", story).text == "a;b;"


def test_preview_of_a_request_leaves_out_its_headers(home: Workspace) -> None:
    config = {
        "url": "https://x.example/{{a}}",
        "method": "POST",
        "body": '{"q": "{{a}}"}',
        "headers": [{"name": "X-My", "value": "hidden"}],
    }
    node = Node(id="h", kind="http.request", config=config)
    preview = filled(Flow(name="T", nodes=(node,)), "h", [Step("h", inputs={"a": "b c"})])
    assert preview.text == 'POST https://x.example/b%20c\n\n{"q": "b c"}'


def test_preview_shows_no_secret(home: Workspace) -> None:
    home.secrets.set("mine", "correct horse battery")
    node = Node(id="p", kind="prompt", config={"template": "{{a}} {{b}}"})
    story = [Step("p", inputs={"a": "correct horse battery", "b": "sk-abcdefghijklmnopqrstuvwx"})]
    text = filled(Flow(name="T", nodes=(node,)), "p", story).text
    assert "horse" not in text
    assert "sk-" not in text


def test_preview_without_a_run_says_so(home: Workspace) -> None:
    flow = helper(home)
    app = inspect(flow, "prompt", **{f"preview:{flow.id}/prompt": True})
    assert any("hasn’t run yet" in caption.value for caption in app.caption)


def test_practice_model_says_it_cannot_improve(home: Workspace) -> None:
    app = inspect(helper(home), "prompt")
    labelled(app.button, "Improve this prompt").click().run()
    assert "The practice model can’t improve prompts, because it isn’t a real AI" in app.info[0].value
    assert "Improve" not in [button.label for button in app.button]


def improve(home: Workspace, server: OpenAIServer, say: Say) -> tuple[Flow, AppTest]:
    flow = helper(home)
    server.script.append(say)
    app = inspect(flow, "prompt")
    labelled(app.button, "Improve this prompt").click().run()
    labelled(app.button, "Improve").click().run()
    assert not app.exception
    return flow, app


def template_of(home: Workspace, flow: Flow) -> str:
    node = home.editor.open(flow.id).flow.node("prompt")
    assert node
    return str(node.config["template"])


def test_better_prompt_is_used_when_taken(home: Workspace, server: OpenAIServer) -> None:
    flow, app = improve(home, server, Say("Answer {{message}} briefly."))
    assert "Answer {{message}} briefly." in [text.value for text in app.text]
    assert template_of(home, flow) != "Answer {{message}} briefly."
    labelled(app.button, "Use this").click().run()
    assert template_of(home, flow) == "Answer {{message}} briefly."
    home.editor.open(flow.id).undo()
    assert template_of(home, flow) != "Answer {{message}} briefly."


def test_own_prompt_is_kept_when_wished(home: Workspace, server: OpenAIServer) -> None:
    flow, app = improve(home, server, Say("Answer {{message}} briefly."))
    before = template_of(home, flow)
    labelled(app.button, "Keep mine").click().run()
    assert template_of(home, flow) == before
    assert not app.text


@pytest.mark.parametrize(
    ("say", "words"),
    [
        (Say("Answer briefly."), "left out “{{message}}”"),
        (Say("Answer {{message}} in {{language}}."), "added “{{language}}”"),
        (Say(status=401, error={"message": f"bad key {KEY}"}), "doesn’t accept the key"),
    ],
)
def test_what_went_wrong_is_said(home: Workspace, server: OpenAIServer, say: Say, words: str) -> None:
    _, app = improve(home, server, say)
    assert words in app.error[0].value.replace("\\", "")
    assert KEY not in str(app.main)
    assert "Use this" not in [button.label for button in app.button]


@pytest.mark.parametrize(
    ("kind", "config", "wanted"),
    [
        ("prompt", {"template": "{{a}} and {{ a }}, {{b}}"}, {"template": "{{new}} and {{new}}, {{b}}"}),
        (
            "template",
            {"template": "{% if a %}{{ x.a }} 'a' {{ a|default('a') }} a{% endif %}"},
            {"template": "{% if new %}{{ x.a }} 'a' {{ new|default('a') }} a{% endif %}"},
        ),
        (
            "http.request",
            {"url": "https://x.example/{{a}}", "body": "{{a}}", "headers": [{"name": "X-A", "value": "{{a}}"}]},
            {
                "url": "https://x.example/{{new}}",
                "body": "{{new}}",
                "headers": [{"name": "X-A", "value": "{{new}}"}],
            },
        ),
    ],
)
def test_rename_changes_every_use(home: Workspace, kind: str, config: Any, wanted: Any) -> None:
    node = Node(id="n", kind=kind, config=config)
    flow = home.flows.create(Flow(name="Test"))
    document = home.editor.open(flow.id)
    document.edit(Add(node=node), Add(node=Node(id="start", kind="chat.message")))
    document.edit(Connect.model_validate({"from": "start.message", "to": "n.a"}))
    app = inspect(flow, "n")
    labelled(app.text_input, plain("{{a}}")).input("new").run()
    assert not app.exception
    found = document.flow.node("n")
    assert found
    assert {name: found.config[name] for name in wanted} == wanted
    assert document.flow.edges[0].target == "n.new"
    assert "and updated 1 connection" in app.toast[0].value


@pytest.mark.parametrize("name", ["b", "no.good", ""])
def test_rename_to_what_cannot_be_is_refused(home: Workspace, name: str) -> None:
    flow = home.flows.create(Flow(name="Test"))
    document = home.editor.open(flow.id)
    document.edit(Add(node=Node(id="n", kind="prompt", config={"template": "{{a}} {{b}}"})))
    app = inspect(flow, "n")
    labelled(app.text_input, plain("{{a}}")).input(name).run()
    assert document.flow.nodes[0].config == {"template": "{{a}} {{b}}"}
    assert len(app.toast) == 1
