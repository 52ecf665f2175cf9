"""Which prompt is open: those of a GPT, a new one, its name and its end."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.store.prompts import Program, Prompt, Step
from flowloom.ui.edits import attempt
from flowloom.ui.evaluate.variants import Place, prompts_of
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.studio.answers import draw_answers
from flowloom.ui.studio.versions import draw_versions
from flowloom.ui.studio.writing import draw_writing, who
from flowloom.workspace import workspace

LONGEST_NAME = 80


def draw_studio(flow: Flow) -> None:
    """Raises StoreError where the prompt in the address is gone."""
    store = workspace().studio.store
    prompts = store.all(flow.id)
    asked = st.query_params.get("prompt")
    prompt = store.get(asked) if asked else next(iter(prompts), None)
    st.title(t("Prompt studio"), anchor=False)
    st.caption(t("Write a prompt, ask a model, and see how sure it was of every word."))
    if problem := st.session_state.pop("studio_problem", None):
        show_problem(problem)
    _draw_choice(flow, prompts, prompt)
    if prompt is None:
        return
    left, right = st.columns(2, gap="large")
    with left:
        draw_writing(prompt)
    with right:
        draw_answers(prompt)
    draw_versions(prompt)


def _draw_choice(flow: Flow, prompts: list[Prompt], prompt: Prompt | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if prompt:
            _draw_open(prompts, prompt)
        st.button(
            t("New prompt"),
            icon=":material/add:",
            key="studio_new",
            type="secondary" if prompts else "primary",
            on_click=lambda: _keep(lambda: _create(flow, t("Prompt {number}", number=len(prompts) + 1), "")),
        )
        _draw_taking(flow)
        if prompt:
            _draw_more(prompt)


def _draw_open(prompts: list[Prompt], prompt: Prompt) -> None:
    names = {each.id: each.name for each in prompts}
    key = f"studio_prompt:{prompt.id}"
    st.selectbox(
        t("Prompt"),
        list(names),
        index=list(names).index(prompt.id),
        format_func=names.__getitem__,
        key=key,
        on_change=lambda: _open(st.session_state[key]),
    )


def _draw_taking(flow: Flow) -> None:
    """Begin with a prompt that is in the GPT."""
    places = [each for each in prompts_of(flow) if each.text.strip()]
    if not places:
        return
    with st.popover(t("From this GPT"), icon=":material/account_tree:", key="studio_from"):
        for number, place in enumerate(places):
            st.button(
                plain(place.label),
                key=f"studio_from:{number}",
                type="tertiary",
                on_click=_keep,
                args=(partial(_copy, flow, place),),
            )


def _draw_more(prompt: Prompt) -> None:
    with st.popover(t("More"), icon=":material/more_horiz:", key="studio_more"):
        key = f"studio_name:{prompt.id}:{prompt.name}"
        st.text_input(
            t("Name"),
            prompt.name,
            max_chars=LONGEST_NAME,
            key=key,
            on_change=lambda: _rename(prompt, st.session_state[key].strip()),
        )
        st.button(
            t("Delete prompt"),
            icon=":material/delete:",
            type="tertiary",
            key="studio_delete",
            help=t("With all its versions and answers."),
            on_click=lambda: _keep(lambda: _delete(prompt)),
        )


def _keep(change: Callable[[], None]) -> None:
    try:
        change()
    except FlowloomError as error:
        st.session_state["studio_problem"] = error.problem


def _open(id: str) -> None:
    st.query_params["prompt"] = id


def _create(flow: Flow, name: str, text: str, system: str = "") -> None:
    program = Program(steps=(Step(text=text, system=system),))
    _open(workspace().studio.store.create(flow.id, name[:LONGEST_NAME], program, who()))


def _copy(flow: Flow, place: Place) -> None:
    """Instructions of a GPT go before a question; the prompt of a block is the question."""
    if place.node:
        _create(flow, place.label, place.text)
    else:
        _create(flow, place.label, "{{message}}", place.text)


def _rename(prompt: Prompt, name: str) -> None:
    if name and name != prompt.name:
        attempt(lambda: workspace().studio.store.rename(prompt.id, name))


def _delete(prompt: Prompt) -> None:
    for each in workspace().studio.store.tries(prompt.id):
        workspace().studio.stop(each.id)
    workspace().studio.store.delete(prompt.id)
    st.query_params.pop("prompt", None)
