"""The outline: the flow as sentences, and edits by choosing, for whoever does without the canvas."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.edit import Disconnect, Remove
from flowloom.flow.model import Flow
from flowloom.kinds.kind import GROUPS, TOOL_PORT, NodeKind
from flowloom.kinds.registry import all_kinds
from flowloom.run import joins
from flowloom.run.joins import End
from flowloom.run.outline import Row, outline
from flowloom.ui.changing import attempt, change
from flowloom.ui.figures import count_of
from flowloom.ui.inspector import draw_name
from flowloom.ui.mending import show_problem_with_mend
from flowloom.ui.sentences import html_of, name_of, numbered
from flowloom.ui.session import language, look_at, t
from flowloom.ui.speech import plain

LOOK_EVERY = 1.0
"""Seconds after which edits made elsewhere show in the outline."""
STYLE = """<style>
.outline ol {list-style: decimal; margin: 0; padding-left: 1.7rem;}
.outline li {padding: 0.25rem 0.4rem; border-radius: 6px;}
.outline li[aria-current] > p:first-child {
  background: color-mix(in srgb, #6d66f0 16%, transparent);
  border-radius: 6px; margin: 0 -0.4rem; padding: 0.1rem 0.4rem;
}
.outline li::marker {font-weight: 600;}
.outline p {margin: 0; line-height: 1.5; overflow-wrap: anywhere;}
.outline em {font-style: italic;}
.outline div > p {margin-top: 0.35rem; opacity: 0.75; font-weight: 600;}
.outline div {border-left: 2px solid color-mix(in srgb, currentColor 18%, transparent); padding-left: 0.6rem;}
.outline .problem {border-left: 3px solid #d9482b; padding-left: 0.5rem; margin-top: 0.2rem;}
</style>"""

Rows = Mapping[str, Row]
Saying = Callable[[str], str]


def draw_outline(document: Document) -> None:
    """The whole panel."""
    revision, flow = document.revision, document.flow
    problems = document.problems()
    rows = {row.node.id: row for row in outline(flow, all_kinds(), problems)}
    chosen = _chosen(rows)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("##### " + t("Outline"), width="content")
        _draw_undo(document)
    if rows:
        _choose_block(flow, rows, chosen)
    if chosen:
        with st.container(border=True):
            _draw_block(document, rows, rows[chosen])
    with st.expander(t("Add a block"), icon=":material/add:", expanded=not rows, key=f"outline:adding:{flow.id}"):
        _draw_add(document, rows, chosen)
    for number, problem in enumerate(problems):
        if not problem.node and rows:
            show_problem_with_mend(problem, flow, f"outline:problem:{number}")
    if rows:
        st.markdown("##### " + t("{blocks}, in the order in which they work", blocks=count_of("block", len(rows))))
        describe = lambda problem: str(problem.describe(language()))  # noqa: E731
        st.html(f"{STYLE}<div class='outline'>{html_of(list(rows.values()), t, describe, chosen)}</div>")
    _refresh_stale_outline(document, revision)


@st.fragment(run_every=LOOK_EVERY)
def _refresh_stale_outline(document: Document, drawn: int) -> None:
    """Draw the page anew where the flow was changed elsewhere."""
    if document.revision != drawn:
        st.rerun()


def _chosen(rows: Rows) -> str | None:
    selected = st.session_state.get("selected", ())
    return selected[0] if len(selected) == 1 and selected[0] in rows else None


def _draw_undo(document: Document) -> None:
    with st.container(horizontal=True, width="content"):
        st.button(
            t("Undo"),
            icon=":material/undo:",
            key="outline:undo",
            type="tertiary",
            disabled=not document.can_undo,
            on_click=lambda: attempt(document.undo),
        )
        st.button(
            t("Redo"),
            icon=":material/redo:",
            key="outline:redo",
            type="tertiary",
            disabled=not document.can_redo,
            on_click=lambda: attempt(document.redo),
        )


def _choose_block(flow: Flow, rows: Rows, chosen: str | None) -> None:
    key = f"outline:block:{flow.id}"
    # Blocks are also chosen on the canvas.
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    _choice(
        t("Block to change"),
        list(rows),
        lambda id: numbered(rows[id], t),
        key,
        t("Choose a block"),
        on_change=lambda: _look(st.session_state[key]),
    )


def _look(node: str | None) -> None:
    if node:
        look_at(node, "outline")
    else:
        st.session_state["selected"] = ()


def _draw_block(document: Document, rows: Rows, row: Row) -> None:
    for number, problem in enumerate(row.problems):
        show_problem_with_mend(problem, document.flow, f"outline:block_problem:{row.node.id}:{number}")
    if row.kind and not row.notes:
        draw_name(document, row.node, row.kind)
        _draw_connect(document, rows, row)
        _draw_lines(document, rows, row)
    with st.container(horizontal=True):
        st.button(
            t("Settings of this block"),
            icon=":material/tune:",
            key=f"outline:settings:{row.node.id}",
            on_click=lambda: look_at(row.node.id),
        )
        st.button(
            t("Remove this block"),
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
    output = _choice(t("Join the output"), list(labels), labels.__getitem__, f"outline:output:{place}", first=0)
    ends = {end.name: end for end in joins.inputs_for(document.flow, all_kinds(), output)} if output else {}
    key = f"outline:input:{place}:{output}"
    to_input, button = st.columns([7, 2], vertical_alignment="bottom", gap="small")
    with to_input:
        target = _choice(
            t("to the input"),
            list(ends),
            lambda name: _end_label(rows, ends[name]),
            key,
            t("Choose a block") if ends else t("No block can take it"),
        )
    button.button(
        t("Join"),
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
    attempt(lambda: document.edit(joins.connect(document.flow, all_kinds(), output, target)))


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
                "{input}, from {end}", input=t(line.input.said), end=_end_label(rows, End(start.node, line.output))
            )
        end = rows[line.edge.end.node]
        return t("{output}, to {end}", output=t(line.output.said), end=_end_label(rows, End(end.node, line.input)))

    key = f"outline:line:{document.flow.id}/{row.node.id}"
    which, button = st.columns([7, 2], vertical_alignment="bottom", gap="small")
    with which:
        chosen = _choice(t("Line to take away"), list(lines), label, key, t("Choose a line"))
    button.button(
        t("Take away"),
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


def _draw_add(document: Document, rows: Rows, chosen: str | None) -> None:
    flow, kinds = document.flow, all_kinds()
    key = f"outline:kind:{flow.id}"
    order = list(GROUPS)
    offered = sorted(kinds, key=lambda id: order.index(kinds[id].group) if kinds[id].group in order else len(order))
    kind_id = _choice(t("Kind of block"), offered, partial(_kind_label, kinds), key, t("Choose a kind"))
    kind = kinds[kind_id] if kind_id else None
    after = ""
    if kind:
        st.caption(plain(t(kind.help)))
        after = _choose_after(document, rows, kind, chosen)
    st.button(
        t("Add"),
        icon=":material/add:",
        key=f"outline:add:{flow.id}",
        type="primary",
        disabled=kind is None,
        on_click=lambda: _add(document, key, after),
    )


def _kind_label(kinds: Mapping[str, NodeKind], id: str) -> str:
    group = kinds[id].group
    return f"{t(kinds[id].label)} · {t(GROUPS.get(group, group))}"


def _choose_after(document: Document, rows: Rows, kind: NodeKind, chosen: str | None) -> str:
    """The output the new block follows; the selected block is offered first."""
    ends = {end.name: end for end in joins.outputs_for(document.flow, all_kinds(), kind)}
    if not ends:
        return ""
    own = [name for name, end in ends.items() if end.node.id == chosen and end.port.id != TOOL_PORT.id]
    options = ["", *ends]
    found = _choice(
        t("After"),
        options,
        lambda name: _end_label(rows, ends[name]) if name else t("Nothing yet: it stands by itself"),
        # The block that is selected is part of the key, so that the offer follows it.
        f"outline:after:{document.flow.id}:{kind.id}:{chosen}",
        first=options.index(own[0]) if own else 0,
    )
    return found or ""


def _add(document: Document, key: str, after: str) -> None:
    kind = all_kinds().get(st.session_state.get(key) or "")
    if kind is None:
        return

    def edit() -> None:
        node, edits = joins.add(document.flow, all_kinds(), kind, after or None)
        document.edit(*edits)
        st.session_state[key] = None
        look_at(node.id, "outline")
        st.toast(t("“{block}” was added.", block=plain(t(kind.label))), icon=":material/add:")

    attempt(edit)


def _end_label(rows: Rows, end: End) -> str:
    return f"{numbered(rows[end.node.id], t)} · {t(end.port.said)}"


def _choice(
    label: str,
    options: Sequence[str],
    say: Saying,
    key: str,
    hint: str | None = None,
    *,
    first: int | None = None,
    on_change: Callable[[], None] | None = None,
) -> str | None:
    """A select box whose choice is forgotten once it is not offered any more."""
    start = None if first is None else options[first]
    # Only where it has to: what is set here takes the place of what a person is choosing meanwhile.
    if (before := st.session_state.get(key)) not in options and before != start:
        st.session_state[key] = start
    labels = _distinct(options, say)
    found: str | None = st.selectbox(
        label,
        list(options),
        index=None,
        format_func=labels.__getitem__,
        key=key,
        placeholder=hint,
        disabled=not options,
        on_change=on_change,
    )
    return found


def _distinct(options: Iterable[str], say: Saying) -> dict[str, str]:
    """Labels that tell all options apart, as a select box goes by what it shows."""
    labels = {option: say(option) for option in options}
    often = Counter(labels.values())
    return {option: f"{label} [{option}]" if often[label] > 1 else label for option, label in labels.items()}
