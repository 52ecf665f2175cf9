"""The prompt studio from the page: a prompt is written, asked, read, changed and compared."""

import time

import pytest
from streamlit.testing.v1 import AppTest
from tests.evaluation.trying import ECHO
from tests.ui.test_evaluate import PROMPTED, said

from flowloom.flow.model import Flow
from flowloom.kinds.values import Candidate, Token
from flowloom.store.prompts import Program, Sample, Step, TryPlan
from flowloom.ui.studio.tokens import percent, picked
from flowloom.ui.studio.versions import difference
from flowloom.workspace import Workspace


def studio_page() -> None:
    from flowloom.ui.pages import studio

    studio.show()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def opened(flow: Flow | None, language: str = "en", **asked: str) -> AppTest:
    app = AppTest.from_function(studio_page, default_timeout=30)
    app.session_state["language"] = language
    if flow:
        app.session_state["gpt"] = flow.id
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


def ended(home: Workspace, prompt: str) -> str:
    end = time.monotonic() + 20
    id = home.studio.store.tries(prompt)[0].id
    while home.studio.is_going(id):
        assert time.monotonic() < end
        time.sleep(0.005)
    return id


def test_nothing_is_open(home: Workspace) -> None:
    assert "No GPT is open" in said(opened(None))


def test_a_prompt_is_written_and_asked(home: Workspace, flow: Flow) -> None:
    app = opened(flow)
    app.button(key="studio_new").click().run()
    (prompt,) = home.studio.store.all(flow.id)
    assert app.button(key="studio_ask").disabled
    key = f"studio:{prompt.id}:1:0"
    app.text_area(key=f"{key}:text").set_value("Say {{word}}!").run()
    assert "“word”, which has no value yet" in said(app)
    app.text_area(key=f"studio_input:{prompt.id}:word").set_value("hello").run()
    app.number_input(key=f"{key}:samples").set_value(2).run()
    assert "2 model calls, at most about 412 tokens. All of them free." in said(app)
    app.button(key="studio_ask").click().run()
    ended(home, prompt.id)
    told = said(app.run())
    assert "2 of 2 answers" in told
    assert "This model doesn’t tell how likely its words are." in told
    assert "Say hello!" in told
    assert "Chosen answer" in told
    assert home.studio.store.program(prompt.id, 1).steps[0].samples == 2
    # Who comes back finds what was asked last.
    assert opened(flow).text_area(key=f"studio_input:{prompt.id}:word").value == "hello"


def test_what_was_stopped_continues_by_one_press(home: Workspace, flow: Flow) -> None:
    prompt = home.studio.store.create(flow.id, "Mine", Program(steps=(Step(text="Say hello!", samples=2),)))
    id = home.studio.store.begin(prompt, 1, TryPlan())
    home.studio.store.keep(id, Sample(0, 1, "Hello there"))
    home.studio.stop(id)
    app = opened(flow)
    assert "You stopped it." in said(app)
    app.button(key="studio_continue").click().run()
    ended(home, prompt)
    told = said(app.run())
    assert "2 of 2 answers" in told
    assert "Hello there" in told, "what was answered is kept"
    assert "You stopped it." not in told
    assert not [button for button in app.button if button.key == "studio_continue"]


def test_a_prompt_of_the_gpt_is_taken_up(home: Workspace) -> None:
    flow = home.flows.create(PROMPTED)
    app = opened(flow)
    app.button(key="studio_from:0").click().run()
    (prompt,) = home.studio.store.all(flow.id)
    assert home.studio.store.program(prompt.id, 1).steps[0].text == "Answer: {{message}}"
    app.button(key="studio_delete").click().run()
    assert not home.studio.store.all(flow.id)


def kept(home: Workspace, flow: Flow, *tokens: Token) -> str:
    """A prompt that was asked twice, in two versions."""
    store = home.studio.store
    prompt = store.create(flow.id, "Mine", Program(steps=(Step(text="Say A"),)), "Ada")
    for number, text in ((1, "A"), (2, "B")):
        store.add_version(prompt, Program(steps=(Step(text=f"Say {text}"),)), "Ada")
        id = store.begin(prompt, number, TryPlan(), "Ada")
        store.keep(
            id, Sample(0, 1, text, sureness=-0.7, written=1, seconds=1, cost=0.02, taken=True, tokens=tokens)
        )
        store.end(id)
    return prompt


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_versions_are_compared_in_every_language(home: Workspace, flow: Flow, language: str) -> None:
    prompt = kept(home, flow, Token(raw="41", logprob=-0.7, others=(Candidate(raw="42", logprob=-1.0),)))
    app = opened(None, language, prompt=prompt)
    assert not app.exception
    (table,) = app.dataframe
    newest = table.value.iloc[0].tolist()
    assert newest[0] == "2"
    assert "Ada" in newest
    assert any("50" in str(each) for each in newest)
    assert "<del>" in difference(*(home.studio.store.program(prompt, each) for each in (1, 2)))


def test_an_earlier_version_is_used_again(home: Workspace, flow: Flow) -> None:
    prompt = kept(home, flow)
    app = opened(None, prompt=prompt)
    app.button(key="studio_restore").click().run()
    assert home.studio.store.program(prompt, 3).steps[0].text == "Say A"


def test_a_step_is_added_and_named(home: Workspace, flow: Flow) -> None:
    prompt = home.studio.store.create(flow.id, "Mine", Program(steps=(Step(text="A dog"),)))
    app = opened(flow)
    key = f"studio:{prompt}:1"
    app.button(key=f"{key}:add").click().run()
    app.text_area(key=f"{key}:1:text").set_value("Rhyme on {{answer}}").run()
    app.button(key="studio_ask").click().run()
    id = ended(home, prompt)
    assert [each.step for each in home.studio.store.samples(id)] == [0, 1]
    assert [each.name for each in home.studio.store.program(prompt, 1).steps] == ["answer", "step2"]


def test_what_a_page_never_drew_is_not_picked() -> None:
    import streamlit as st

    for told in (None, [0], [0, 0, 99], [9, 0, 0], ["x", 0, 0], "x"):
        st.session_state["k"] = {"picked": told}
        assert picked("k", []) is None


SHARES = {0.0: "0.0 %", 0.0004: "< 0.1 %", 0.042: "4.2 %", 0.5: "50 %", 0.9995: "> 99.9 %", 1.0: "100.0 %"}


@pytest.mark.parametrize("share", SHARES)
def test_shares_say_no_more_than_is_known(share: float) -> None:
    assert percent(share).replace("\u202f", " ").replace("\xa0", " ") == SHARES[share]
