"""What a block would write with the values of the last run of its flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Endpoint, Flow, Node
from flowloom.flow.secrets import hide_secrets
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.port import Port, PortType, coercion
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import config_or_default
from flowloom.run.reading.steps import Step, story_of
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LONGEST = 20_000
"""Characters that are shown."""
START, END = "\ue000", "\ue001"
"""Signs of no language, for where a value begins and ends."""
STYLE = """<style>
.fl-filled {white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.9375rem; line-height: 1.6;
  max-height: 320px; overflow-y: auto;}
.fl-filled mark {color: inherit; border-radius: 4px;
  background: color-mix(in srgb, var(--st-primary-color, #6d66f0) 18%, transparent);}
</style>"""


@dataclass(frozen=True, slots=True)
class Preview:
    """A filled text with its values marked, and the inputs for which there was no value."""

    text: str
    missing: Sequence[str] = ()


def draw_preview(flow: Flow, node: Node, kind: NodeKind) -> None:
    """An expander whose content is only made once it is open."""
    title, key = t("Preview with last run"), f"preview:{flow.id}/{node.id}"
    with st.expander(title, icon=":material/visibility:", key=key, on_change="rerun") as shown:
        if shown.open:
            _draw(flow, node, kind)


def _draw(flow: Flow, node: Node, kind: NodeKind) -> None:
    run = workspace().runs.latest_run(flow.id)
    if run is None:
        st.caption(t("This GPT hasn’t run yet. Send a message in the chat, then come back."))
        return
    try:
        found = fill_from(flow, node, kind, story_of(workspace().runs.events(run)))
    except FlowloomError as error:
        st.caption(plain(str(error.problem.describe(language()))))
        return
    if found is None:
        st.caption(t("The last run sent no values to this block."))
        return
    st.html(f'{STYLE}<div class="fl-filled">{_as_html(found.text)}</div>')
    if found.missing:
        names = ", ".join(f"“{plain(name)}”" for name in found.missing)
        st.caption(t("The last run had no value for {names}. Run it again to see one.", names=names))


def fill_from(flow: Flow, node: Node, kind: NodeKind, story: Sequence[Step]) -> Preview | None:
    """The text with what a run brought; None where it brought nothing to this block.

    Raises FlowloomError where the text cannot be filled in.
    """
    assert kind.preview is not None
    config = config_or_default(node, kind)
    ports = kind.input_ports(config)
    values = {port: _hidden(value) for port, value in _values(flow, node, ports, story).items()}
    if ports and not values:
        return None
    missing = [port.id for port in ports if port.id not in values]
    shown = {**values, **{name: f"{{{{{name}}}}}" for name in missing}}
    # Once more as a whole: a secret may lie deep in a list, or be written in another way.
    return Preview(_hidden(kind.preview(config, shown, _mark))[:LONGEST], missing)


def _values(flow: Flow, node: Node, ports: Sequence[Port], story: Sequence[Step]) -> dict[str, Any]:
    """What came in at each input; for one that is new or renamed, what its line would have brought."""
    steps = {step.node: step for step in story if not step.caller}
    came = steps[node.id].inputs if node.id in steps else {}
    values = {port.id: came[port.id] for port in ports if port.id in came}
    for port in ports:
        for edge in flow.edges:
            step = steps.get(edge.start.node)
            if port.id in values or step is None or edge.end != (node.id, port.id):
                continue
            if edge.start.port in step.outputs:
                values[port.id] = _as_type(step.outputs[edge.start.port], flow, edge.start, port)
    return values


def _as_type(value: Any, flow: Flow, start: Endpoint, port: Port) -> Any:
    """The value as its line would have turned it for `port`."""
    source = flow.node(start.node)
    kind = all_kinds().get(source.kind) if source else None
    if source is None or kind is None:
        return value
    outputs = {output.id: output.type for output in kind.output_ports(config_or_default(source, kind))}
    turn = coercion(outputs.get(start.port, PortType.ANY), port.type)
    try:
        return turn(value) if turn else value
    except ValueError:
        return value


def _hidden(value: Any) -> Any:
    return hide_secrets(workspace().secrets.scrub(value)) if isinstance(value, str) else value


def _mark(value: str) -> str:
    return f"{START}{value}{END}"


def _as_html(text: str) -> str:
    return escape(text).replace(START, "<mark>").replace(END, "</mark>")
