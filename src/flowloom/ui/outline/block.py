"""What may be done with one block of the outline: name it, join it, take lines away, remove it."""

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Disconnect, Remove
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning import possible_connections
from flowloom.run.planning.possible_connections import End
from flowloom.run.reading.outline import Row
from flowloom.ui.block.fixes import show_problem_with_mend
from flowloom.ui.block.inspector import draw_name
from flowloom.ui.edits import attempt, change
from flowloom.ui.messages import plain
from flowloom.ui.outline.choices import Rows, choice, end_label
from flowloom.ui.outline.sentences import name_of
from flowloom.ui.panels import look_at
from flowloom.ui.session import t


def draw_block(document: Document, rows: Rows, row: Row) -> None:
    for number, problem in enumerate(row.problems):
        show_problem_with_mend(problem, document.flow, f"outline:block_problem:{row.node.id}:{number}")
    if row.kind and not row.notes:
        draw_name(document, row.node, row.kind)
        _draw_connect(document, rows, row)
        _draw_lines(document, rows, row)
    with st.container(horizontal=True):
        st.button(
            t("Block settings"),
            icon=":material/tune:",
            key=f"outline:settings:{row.node.id}",
            on_click=lambda: look_at(row.node.id),
        )
        st.button(
            t("Remove block"),
            icon=":material/delete:",
            key=f"outline:remove:{row.node.id}",
            on_click=lambda: _remove(document, row),
        )


def _remove(document: Document, row: Row) -> None:
    def edit() -> None:
        document.edit(Remove(nodes=(row.node.id,)))
        st.session_state["selected"] = ()
        st.toast(t("“{block}” was removed.", block=plain(name_of(row, t))), icon=":material/delete:")

    attempt(edit)


def _draw_connect(document: Document, rows: Rows, row: Row) -> None:
    """Choose an output, then where it leads."""
    if not row.outputs:
        return
    place = f"{document.flow.id}/{row.node.id}"
    labels = {f"{row.node.id}.{port.id}": t(port.said) for port in row.outputs}
    output = choice(
        t("Connect the output"), list(labels), labels.__getitem__, f"outline:output:{place}", begun=True
    )
    inputs = possible_connections.inputs_for(document.flow, all_kinds(), output) if output else []
    ends = {end.name: end for end in inputs}
    key = f"outline:input:{place}:{output}"
    to_input, button = st.columns([7, 2], vertical_alignment="bottom", gap="small")
    with to_input:
        target = choice(
            t("to the input"),
            list(ends),
            lambda name: end_label(rows, ends[name]),
            key,
            t("Choose a block") if ends else t("No block accepts it"),
        )
    button.button(
        t("Connect"),
        width="stretch",
        key=f"outline:join:{place}",
        disabled=target is None,
        on_click=lambda: _join(document, output, key),
    )


def _join(document: Document, output: str | None, key: str) -> None:
    target = st.session_state.get(key)
    if not (output and target):
        return
    st.session_state[key] = None
    attempt(lambda: document.edit(possible_connections.connect(document.flow, all_kinds(), output, target)))


def _draw_lines(document: Document, rows: Rows, row: Row) -> None:
    """Choose a line of this block and take it away."""
    lines = {f"{line.edge.source}>{line.edge.target}": line for line in (*row.takes, *row.gives)}
    if not lines:
        return

    def label(name: str) -> str:
        line = lines[name]
        if line.edge.end.node == row.node.id:
            start = rows[line.edge.start.node]
            return t(
                "{input}, from {end}", input=t(line.input.said), end=end_label(rows, End(start.node, line.output))
            )
        end = rows[line.edge.end.node]
        return t("{output}, to {end}", output=t(line.output.said), end=end_label(rows, End(end.node, line.input)))

    key = f"outline:line:{document.flow.id}/{row.node.id}"
    which, button = st.columns([7, 2], vertical_alignment="bottom", gap="small")
    with which:
        chosen = choice(t("Connection to remove"), list(lines), label, key, t("Choose a connection"))
    button.button(
        t("Remove"),
        width="stretch",
        key=f"outline:cut:{document.flow.id}/{row.node.id}",
        disabled=chosen is None,
        on_click=lambda: _cut(document, key),
    )


def _cut(document: Document, key: str) -> None:
    name = st.session_state.get(key)
    if name:
        source, target = name.split(">", 1)
        st.session_state[key] = None
        change(document, Disconnect.model_validate({"from": source, "to": target}))
