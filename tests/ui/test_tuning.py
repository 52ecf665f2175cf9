"""Fine-tuning from the page: examples are chosen, the cost is told, it is followed, used and compared."""

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from tests.evaluation.trying import ASKING
from tests.tuning.test_tunings import settled, until
from tests.tuning_server import KEY, TuningServer
from tests.ui.test_evaluate import said

from flowloom.evaluation.rows import rows_typed
from flowloom.flow.model import Flow
from flowloom.services.models.settings import Provider, ProviderKind
from flowloom.workspace import Workspace


def tuning_page() -> None:
    from flowloom.ui.pages import tuning

    tuning.show()


@pytest.fixture
def server() -> Iterator[TuningServer]:
    with TuningServer() as found:
        yield found


def set_up(home: Workspace, server: TuningServer, kind: ProviderKind = "openai") -> Flow:
    home.tunings.look = 0.01
    home.secrets.set("p", KEY)
    provider = Provider(id="p", kind=kind, name="Tuner", base_url=server.url, secret="p", models=("small",))
    home.models_changed(home.models.settings.with_provider(provider))
    return home.flows.create(ASKING.model_copy(update={"instructions": "Be brief."}))


def opened(flow: Flow | None, language: str = "en", *, new: bool = False) -> AppTest:
    app = AppTest.from_function(tuning_page, default_timeout=30)
    app.session_state["language"] = language
    if flow:
        app.session_state["gpt"] = flow.id
    if new:
        app.session_state["dialog"] = "new_tuning"
    return app.run()


def test_nothing_is_open(home: Workspace) -> None:
    assert "No GPT is open" in said(opened(None))


def test_without_a_provider_what_to_do_is_said(home: Workspace) -> None:
    told = said(opened(home.flows.create(ASKING), new=True))
    assert "No provider that can fine-tune is set up" in told
    assert "Training on this computer (LoRA) isn’t offered" in told


def test_a_dataset_is_tuned_on(home: Workspace, server: TuningServer) -> None:
    flow = set_up(home, server)
    home.datasets.create(flow.id, "Mine", rows_typed("\n".join(f"Day {n}? => Day {n}." for n in range(60))).rows)
    app = opened(flow, new=True)
    told = said(app)
    assert "examples to learn from" in told
    assert "What it costs is unknown." in told
    app.number_input(key="tuning_price:p:small").set_value(1000.0).run()
    assert "It costs about $1.60." in said(app)
    app.button(key="tuning_start").click().run()
    (tuning,) = home.tunings.store.of(flow.id)
    assert settled(home, tuning.id).state == "succeeded"
    assert home.tunings.store.examples(tuning.id).training[0].before == "Be brief."
    app = opened(flow)
    assert "The model is called ft:small:org::0" in said(app)
    assert app.button(key=f"tuning_compare:{tuning.id}").label == "Compare before and after"
    app.button(key=f"tuning_role:{tuning.id}:careful").click().run()
    assert home.models.settings.roles["careful"] == "p/ft:small:org::0"
    app.button(key=f"tuning_delete:{tuning.id}").click().run()
    assert not home.tunings.store.of(flow.id)


FILES = {
    "a table": ("mine.csv", "question,answer\n" + "".join(f"Q{n},A{n}\n" for n in range(9)), "at least 10"),
    "lines of messages": (
        "mine.jsonl",
        "\n".join(
            json.dumps({"messages": [{"role": "user", "content": f"Q{n}"}, {"role": "assistant", "content": "A"}]})
            for n in range(12)
        ),
        "12 examples to learn from, 0 held out",
    ),
    "a line that is none": ("mine.jsonl", '{"messages": []}', "Line 1 of the file"),
    "nothing to answer": ("mine.csv", "question,answer\nQ,\n", "without question or answer: 1"),
}


@pytest.mark.parametrize(("name", "text", "words"), FILES.values(), ids=FILES)
def test_a_file_is_checked(home: Workspace, server: TuningServer, name: str, text: str, words: str) -> None:
    app = opened(set_up(home, server, "compatible"), new=True)
    app.segmented_control(key="tuning_way").set_value("file").run()
    app.file_uploader(key="tuning_file").set_value((name, text.encode(), "text/plain")).run()
    assert words in said(app)
    assert not server.requests


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_one_under_way_is_cancelled_in_every_language(home: Workspace, server: TuningServer, language: str) -> None:
    flow = set_up(home, server)
    server.held = True
    home.datasets.create(flow.id, "Mine", rows_typed("\n".join(f"Day {n}? => Day {n}." for n in range(20))).rows)
    app = opened(flow, new=True)
    app.button(key="tuning_start").click().run()
    (tuning,) = home.tunings.store.of(flow.id)
    until(home, tuning.id, lambda found: found.job)
    app = opened(flow, language)
    assert {"en": "Being checked", "zh": "检查中", "fr": "Vérification en cours"}[language] in said(app)
    app.button(key=f"tuning_cancel:{tuning.id}").click().run()
    assert settled(home, tuning.id).state == "cancelled"
    assert {"en": "Cancelled", "zh": "已取消", "fr": "Annulé"}[language] in said(opened(flow, language))
