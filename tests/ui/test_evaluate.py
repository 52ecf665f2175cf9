"""Evaluate from the page: a dataset is made, an experiment begun and read, a kept chat replayed."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.evaluation.trying import ECHO, Scripted, ended, started, table
from tests.ui.test_pages import labelled

from flowloom.evaluation.rows import rows_of_chats, rows_typed
from flowloom.flow.model import Flow
from flowloom.store.experiments import Arm, Chosen
from flowloom.ui.evaluate import variants
from flowloom.workspace import Workspace


def evaluate_page() -> None:
    from flowloom.ui.pages import evaluate

    evaluate.show()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def opened(flow: Flow | None, language: str = "en", **asked: str) -> AppTest:
    app = AppTest.from_function(evaluate_page, default_timeout=30)
    app.session_state["language"] = language
    if flow:
        app.session_state["gpt"] = flow.id
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    parts = (*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def test_nothing_is_open(home: Workspace) -> None:
    assert "No GPT is open" in said(opened(None))


def test_a_file_becomes_a_dataset(home: Workspace, flow: Flow) -> None:
    app = opened(flow)
    assert "A dataset holds questions" in said(app)
    app.button(key="open_new_dataset").click().run()
    content = b"question,expected\nWrite to ada@example.org,mail\nwrite to  ada@example.org,\nB?,b\n"
    app.file_uploader(key="dataset_file").set_value(("mine.csv", content, "text/csv")).run()
    assert "repeated rows left out: 1" in said(app)
    app.button(key="dataset_save").click().run()
    (dataset,) = home.datasets.all(flow.id)
    assert (dataset.name, dataset.amount) == ("mine", 2)
    assert "2 rows" in said(app)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"only\n", "holds no rows"), (b"question\n", "holds no rows"), (b'{"a": 1}\nx\n', "Line 2")],
)
def test_a_file_that_is_no_table_is_said(home: Workspace, flow: Flow, content: bytes, words: str) -> None:
    app = opened(flow)
    app.button(key="open_new_dataset").click().run()
    app.file_uploader(key="dataset_file").set_value(("mine.csv", content, "text/csv")).run()
    assert words in said(app)
    assert not home.datasets.all(flow.id)


def test_an_experiment_is_begun_and_read(home: Workspace, flow: Flow) -> None:
    home.datasets.create(flow.id, "Mine", rows_typed("A? => A\nB? => x").rows)
    app = opened(flow)
    app.button(key="open_new_experiment").click().run()
    assert "No model is asked, so this costs nothing" in said(app)
    app.button(key="experiment_start").click().run()
    (experiment,) = home.experiments.store.of(flow.id)
    ended(home, experiment.id)
    app.run()
    told = said(app)
    assert "50.0 % (between 0 % and 100 %)" in told
    labelled(app.selectbox, "Row to look into").select_index(1).run()
    assert "Said: B?" in said(app)
    assert "Not in the answer: x" in said(app)


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_two_versions_are_told_apart_in_every_language(home: Workspace, flow: Flow, language: str) -> None:
    nodes = tuple(
        node.model_copy(update={"config": {"template": "{% if message %}No.{% endif %}"}})
        if node.id == "t"
        else node
        for node in flow.nodes
    )
    other = flow.model_copy(update={"nodes": nodes})
    measures = [Chosen(id="contains"), Chosen(id="time")]
    id = started(home, [Arm("old", flow), Arm("new", other)], table(20), measures)
    ended(home, id)
    told = said(opened(flow, language, experiment=id))
    assert {"en": "Worse", "zh": "更差", "fr": "Moins bien"}[language] in told
    app = opened(flow, language, experiment=id)
    app.session_state["answers_filter"] = "changed"
    app.run()
    assert (
        len(
            labelled(
                app.selectbox, {"en": "Row to look into", "zh": "要查看的行", "fr": "Ligne à examiner"}[language]
            ).options
        )
        == 20
    )


PROMPTED = Flow.model_validate(
    {
        "name": "Prompted",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "p", "kind": "prompt", "config": {"template": "Answer: {{message}}"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "p.message"}, {"from": "p.prompt", "to": "z.text"}],
    }
)


def test_variants_of_a_prompt_are_compared_and_one_is_taken(home: Workspace) -> None:
    flow = home.flows.create(PROMPTED)
    home.datasets.create(flow.id, "Mine", rows_typed("A? => yes\nB? => yes").rows)
    app = opened(flow)
    app.button(key="open_new_experiment").click().run()
    app.selectbox(key="variant_place").select_index(0).run()
    app.text_area(key="variant:p:template:1").set_value("Say yes to {{message}}").run()
    app.button(key="experiment_start").click().run()
    (experiment,) = home.experiments.store.of(flow.id)
    ended(home, experiment.id)
    now, variant = (arm.label for arm in home.experiments.store.tried(experiment.id).arms)
    assert now.startswith("Version of ")
    assert variant == "Variant 1: Say yes to {{message}}…"
    app.run()
    app.button(key="take:1").click().run()
    node = home.flows.load(flow.id).node("p")
    assert node
    assert node.config["template"] == "Say yes to {{message}}"
    assert "This is the GPT now." in said(app)
    assert home.versions.entries(flow.id), "how it was stays in its history"


def test_a_model_proposes_a_variant(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = home.flows.create(PROMPTED)
    home.datasets.create(flow.id, "Mine", rows_typed("A? => yes").rows)
    monkeypatch.setattr(variants, "is_real", lambda settings, model: True)
    asked = Scripted(lambda said: "Say yes to {{message}}, and why.")
    monkeypatch.setattr(home.models, "reply", asked.reply)
    app = opened(flow)
    app.button(key="open_new_experiment").click().run()
    app.selectbox(key="variant_place").select_index(0).run()
    app.button(key="variant:p:template:2:propose").click().run()
    assert app.text_area(key="variant:p:template:2").value == "Say yes to {{message}}, and why."
    asked.say = lambda said: "Say yes."  # which would lose what the person says
    app.button(key="variant:p:template:3:propose").click().run()
    assert not app.text_area(key="variant:p:template:3").value
    assert "message" in said(app)


@pytest.mark.parametrize(("count", "is_recommended"), [(20, True), (3, False)])
def test_only_a_variant_that_is_proven_is_recommended(home: Workspace, count: int, is_recommended: bool) -> None:
    flow = home.flows.create(PROMPTED)
    node = flow.nodes[1].model_copy(update={"config": {"template": "Answer yes: {{message}}"}})
    better = flow.model_copy(update={"nodes": (flow.nodes[0], node, flow.nodes[2])})
    rows = rows_typed("\n".join(f"Number {number}? => yes" for number in range(count))).rows
    id = started(home, [Arm("now", flow), Arm("variant", better)], rows)
    ended(home, id)
    take = opened(flow, experiment=id).button(key="take:1")
    assert (take.proto.type == "primary") == is_recommended


def test_what_good_answers_teach_is_tried_first(home: Workspace, flow: Flow) -> None:
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, "Hello", conversation)
    home.runner.finished(run)
    home.runs.rate(run, True)
    home.datasets.create(flow.id, "Chats", rows_of_chats(home.runs, flow.id, only_rated=True).rows)
    app = opened(flow)
    app.button(key="open_new_experiment").click().run()
    app.session_state["learning_ways"] = ["saved"]
    app.run()
    assert "No rows are held out" in said(app)
    app.button(key="experiment_start").click().run()
    (experiment,) = home.experiments.store.of(flow.id)
    ended(home, experiment.id)
    (_, learnt) = home.experiments.store.tried(experiment.id).arms
    assert [each.question for each in learnt.flow.saved_answers] == ["Hello"]
    assert not home.flows.load(flow.id).saved_answers, "nothing is switched on by itself"


def test_a_dataset_of_another_tool_says_what_it_measures(home: Workspace, flow: Flow) -> None:
    app = opened(flow)
    app.button(key="open_new_dataset").click().run()
    content = (
        b'{"tests": [{"vars": {"q": "A?"}, "assert": [{"type": "equals", "value": "a"}, {"type": "python"}]}]}'
    )
    app.file_uploader(key="dataset_file").set_value(("t.json", content, "application/json")).run()
    told = said(app)
    assert "A dataset of promptfoo. It measures: Exactly as expected" in told
    assert "The grader “python” didn’t come across." in told
    app.button(key="dataset_save").click().run()
    (dataset,) = home.datasets.all(flow.id)
    assert [each.id for each in home.datasets.rows(dataset.id).measures] == ["exact"]


def test_a_dataset_is_extended_and_goes_back(home: Workspace, flow: Flow) -> None:
    id = home.datasets.create(flow.id, "Mine", rows_typed("A?").rows)
    app = opened(flow, dataset=id)
    labelled(app.text_area, "One question per line").set_value("B? => b\nA?").run()
    app.button(key="rows_add").click().run()
    assert [row.given["question"] for row in home.datasets.rows(id).rows] == ["A?", "B?"]
    app.button(key="version:1").click().run()
    assert home.datasets.get(id).number == 3
    assert len(home.datasets.rows(id).rows) == 1
    app.button(key="dataset_delete").click().run()
    assert not home.datasets.all(flow.id)


def test_a_kept_chat_is_replayed(home: Workspace, flow: Flow) -> None:
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, "Hello", conversation))
    home.keep_as_test(flow, conversation)
    app = opened(flow)
    app.button(key="run_tests").click().run()
    assert "As before" in said(app)


def test_what_is_gone_is_said(home: Workspace, flow: Flow) -> None:
    assert "This experiment no longer exists" in said(opened(flow, experiment="none"))
    assert "This dataset no longer exists" in said(opened(flow, dataset="none"))
