"""Trying out what changes if a model goes away, and changing over to another with one click."""

from collections.abc import Iterable, Sequence

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.model_change import Answered, Rehearsed, Replay, asks, named_in, played_by, switched
from flowloom.services.models.settings import PRACTICE, ModelSettings
from flowloom.ui.acting import my_gpts
from flowloom.ui.chat.answer_text import answer_markdown
from flowloom.ui.edits import change
from flowloom.ui.formatting import money, seconds
from flowloom.ui.messages import label_of, name_of, plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds between two looks at one under way."""
MOST = 30
USUAL = 10
"""Saved messages that are answered once more."""
CANDIDATES = 2
LONG = 1_500
"""Characters of an answer that are shown."""
STARTED = "model_change"


def draw_model_change(settings: ModelSettings) -> None:
    st.caption(
        t(
            "When a model is retired or gets too dear: saved messages are answered once more by another one, so "
            "you see what would change. Nothing is sent or asked again, and your chats stay as they are."
        )
    )
    found = workspace().model_changes.find(st.session_state.get(STARTED, ""))
    if found and not found.ended:
        st.fragment(_draw_running, run_every=LOOK_EVERY)(found)
        return
    _draw_start(settings)
    if found:
        _draw_found(settings, found)


def _draw_start(settings: ModelSettings) -> None:
    used = list(dict.fromkeys(model for model in settings.roles.values() if model != PRACTICE))
    used = list(dict.fromkeys([*used, *(model for model in settings.choices() if model != PRACTICE)]))
    if not used:
        st.caption(t("Add a model first."))
        return
    gone = st.selectbox(t("This model goes away"), used, key="model_gone")
    others = [model for model in dict.fromkeys([*settings.choices(), PRACTICE]) if model != gone]
    instead = st.multiselect(
        t("Try instead"),
        others,
        max_selections=CANDIDATES,
        format_func=_named,
        placeholder=t("One or two models"),
        key=f"model_instead:{gone}",
    )
    most = st.slider(t("Saved messages"), 1, MOST, USUAL, key="model_messages")
    if st.button(t("Try it"), icon=":material/compare_arrows:", key="model_try", disabled=not instead):
        _start(settings, gone, instead, most)


def _start(settings: ModelSettings, gone: str, instead: Sequence[str], most: int) -> None:
    with st.spinner(t("Looking for saved messages…")):
        saved = saved_messages(settings, gone, most)
    if not saved:
        st.info(t("No saved message was answered by a GPT that uses {model}.", model=plain(gone)))
        return
    st.session_state[STARTED] = workspace().model_changes.start(settings, gone, instead, saved)
    st.rerun()


def saved_messages(settings: ModelSettings, gone: str, most: int) -> list[tuple[str, Flow]]:
    """The latest runs of the GPTs that use a model, each with its flow, no GPT more often than needed."""
    home, kept = workspace(), list[tuple[str, Flow]]()
    for flow in _flows():
        if asks(flow, settings, gone):
            entries = home.ledger.entries([flow.id], state="finished", most=most)
            kept += [(entry.id, flow) for entry in entries if entry.asked and entry.tokens is not None]
    by_turn = sorted(_numbered(kept), key=lambda each: each[0])
    return [(run, flow) for _, run, flow in by_turn[:most]]


def _numbered(saved: Iterable[tuple[str, Flow]]) -> list[tuple[int, str, Flow]]:
    """Each with how many of the same GPT came before it."""
    counts: dict[str, int] = {}
    found = []
    for run, flow in saved:
        counts[flow.id] = counts.get(flow.id, -1) + 1
        found.append((counts[flow.id], run, flow))
    return found


def _flows() -> list[Flow]:
    found = (_flow(entry.id) for entry in my_gpts())
    return [flow for flow in found if flow]


def _flow(id: str) -> Flow | None:
    """None for one that is gone or damaged; its own page says what is wrong with it."""
    try:
        return workspace().flows.load(id)
    except FlowloomError:
        return None


def _draw_running(found: Rehearsed) -> None:
    if found.ended:
        st.rerun()
    done = len(found.replays)
    st.progress(done / max(1, found.of), t("{done} of {count} messages", done=done, count=found.of))
    st.button(
        t("Stop"),
        key="model_change_stop",
        on_click=lambda: workspace().model_changes.cancel(st.session_state[STARTED]),
    )


def _draw_found(settings: ModelSettings, found: Rehearsed) -> None:
    for model in found.candidates:
        st.markdown(f"**{plain(_named(model))}**  \n{' · '.join(_summary(found, model))}")
        st.button(
            t("Use {model} from now on", model=plain(_named(model))),
            icon=":material/swap_horiz:",
            key=f"model_switch:{model}",
            on_click=lambda model=model: _switch(settings, found.gone, model),
        )
    flows = {id: _flow(id) for id in {replay.flow for replay in found.replays}}
    for replay in found.replays:
        _draw_replay(found, replay, flows[replay.flow])


def _summary(found: Rehearsed, model: str) -> list[str]:
    pairs = [(replay.before, replay.after[model]) for replay in found.replays if model in replay.after]
    failed = sum(after.problem is not None for _, after in pairs)
    told = [
        t("{done} of {count} answered", done=len(pairs) - failed, count=len(pairs)),
        t("{count} took the same way", count=sum(before.route == after.route for before, after in pairs)),
    ]
    if any(before.tools or after.tools for before, after in pairs):
        same = sum(_tools(before) == _tools(after) for before, after in pairs)
        told.append(t("{count} used tools alike", count=same))
    told.append(_sums(pairs))
    return [each for each in told if each]


def _sums(pairs: Sequence[tuple[Answered, Answered]]) -> str:
    costs = [
        (before.cost, after.cost) for before, after in pairs if before.cost is not None and after.cost is not None
    ]
    if not costs:
        return ""
    before, after = (sum(each) for each in zip(*costs, strict=True))
    return t("{after} instead of {before}", after=plain(money(after)), before=plain(money(before)))


def _tools(answered: Answered) -> list[str]:
    return sorted(node for node, _ in answered.tools)


def _draw_replay(found: Rehearsed, replay: Replay, flow: Flow | None) -> None:
    changed = any(after.problem or after.route != replay.before.route for after in replay.after.values())
    icon = ":material/error:" if changed else ":material/check_circle:"
    title = f"{plain(_cut(replay.asked, 80))} :gray[{plain(name_of(flow.name)) if flow else ''}]"
    with st.expander(title, icon=icon, key=f"replayed:{replay.run}"):
        columns = st.columns(1 + len(replay.after))
        for column, (model, answered) in zip(
            columns, [(found.gone, replay.before), *replay.after.items()], strict=True
        ):
            with column:
                _draw_answered(model, answered, replay.before, flow)


def _draw_answered(model: str, answered: Answered, before: Answered, flow: Flow | None) -> None:
    cost = [] if answered.cost is None else [plain(money(answered.cost))]
    st.markdown(f"**{plain(_named(model))}**")
    st.caption(" · ".join([seconds(answered.seconds), *cost]))
    if answered.problem:
        show_problem(answered.problem)
    if answered.text:
        st.markdown(answer_markdown(_cut(answered.text, LONG)))
    if answered.route != before.route:
        st.caption(t("Another way: {blocks}", blocks=" → ".join(_labels(answered.route, flow))))
    if _tools(answered) != _tools(before):
        used = ", ".join(_labels([node for node, _ in answered.tools], flow)) or t("none")
        st.caption(t("Other tools: {names}", names=used))


def _labels(nodes: Iterable[str], flow: Flow | None) -> list[str]:
    found = {node.id: plain(label_of(node)) for node in flow.nodes} if flow else {}
    return [found.get(node, plain(node)) for node in nodes]


def _switch(settings: ModelSettings, gone: str, by: str) -> None:
    """Roles go to the other model, and so do the blocks that name the one that goes away, each GPT undoable."""
    home, blocks = workspace(), 0
    for flow in _flows():
        named = named_in(flow, all_kinds(), gone)
        if named:
            change(flow.id, *switched(home.editor.open(flow.id).flow, all_kinds(), gone, by))
            blocks += len(named)
    home.models_changed(played_by(settings, gone, by))
    st.session_state.pop(STARTED, None)
    st.toast(
        t("{model} answers from now on. Blocks changed: {count}.", model=plain(_named(by)), count=blocks),
        icon=":material/check_circle:",
    )


def _named(model: str) -> str:
    return t("Practice model") if model == PRACTICE else model


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
