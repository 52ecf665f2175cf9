"""The form of a block: saving lets lines follow a renamed port, prompts get their names, preview and help."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import streamlit as st
from pydantic import BaseModel, ValidationError

from flowloom.editor import Document
from flowloom.flow.edit import Configure
from flowloom.flow.model import Node
from flowloom.kinds.kind import NodeKind, PortsOf
from flowloom.ui.block.fields import EDITORS, Field, fields_of, starting_values
from flowloom.ui.block.form import Form
from flowloom.ui.edits import attempt, refuse
from flowloom.ui.messages import plain
from flowloom.ui.prompts.improving import draw_improve
from flowloom.ui.prompts.names import names_for
from flowloom.ui.prompts.preview import draw_preview
from flowloom.ui.prompts.renaming import draw_rename, may_be_called, with_name
from flowloom.ui.session import t


def form_of(document: Document, node: Node, kind: NodeKind) -> Form:
    """The form of a node."""
    form = Form(
        f"{document.flow.id}/{node.id}",
        kind.config,
        node.config,
        save=lambda config: _save(document, node, kind, config),
        names=lambda field: names_for(document.flow, node, kind, field),
        below=lambda field, value: _draw_below(document, node, kind, field, value, form),
    )
    return form


def _draw_below(document: Document, node: Node, kind: NodeKind, field: Field, value: Any, form: Form) -> None:
    last = field.name == last_editor(kind.config)
    if field.improvable or last:
        with st.container(horizontal=True, gap="small"):
            if field.improvable:
                draw_improve(str(value), f"{form.id}:{field.name}", lambda better: form.keep(field.name, better))
            names = list(_labels(kind.input_ports, kind, node.config) or ()) if last else []
            if names:
                draw_rename(names, form.id, lambda old, new: _rename(form, kind, field, old, new))
    if kind.preview and last:
        draw_preview(document.flow, node, kind)


def _rename(form: Form, kind: NodeKind, field: Field, old: str, new: str) -> None:
    """Give an input another name in every text of the block, unless that would make it another one."""
    names = _labels(kind.input_ports, kind, form.config) or {}
    if new == old:
        return
    if new in names:
        refuse(t("There is already an input “{name}”.", name=new))
        return
    before = starting_values(kind.config, form.config)
    changed = {
        name: value for name, value in with_name(kind.config, before, old, new).items() if value != before[name]
    }
    config = {**form.config, **changed}
    wanted = {new if name == old else name for name in names}
    if not may_be_called(new, field.tags) or set(_labels(kind.input_ports, kind, config) or ()) != wanted:
        refuse(t("“{name}” can’t be used as an input name.", name=new))
        return
    attempt(lambda: form.keep_all(config))


def last_editor(config: type[BaseModel]) -> str:
    """The field below which the preview of the whole block stands."""
    return next((field.name for field in reversed(fields_of(config)) if field.widget in EDITORS), "")


def _save(document: Document, node: Node, kind: NodeKind, config: dict[str, Any]) -> None:
    """Keep a config; the ends of lines whose port was renamed follow, and the person is told."""
    flow = document.flow
    before = (flow.node(node.id) or node).config
    into = [edge.end.port for edge in flow.edges if edge.end.node == node.id]
    out_of = [edge.start.port for edge in flow.edges if edge.start.node == node.id]
    inputs = _renamed(_labels(kind.input_ports, kind, before), _labels(kind.input_ports, kind, config), into)
    outputs = _renamed(_labels(kind.output_ports, kind, before), _labels(kind.output_ports, kind, config))
    document.edit(
        Configure(
            node=node.id,
            config=config,
            renamed_inputs={rename.old: rename.new for rename in inputs},
            renamed_outputs={rename.old: rename.new for rename in outputs},
        )
    )
    for rename, ends in [(rename, into) for rename in inputs] + [(rename, out_of) for rename in outputs]:
        _tell(rename, ends.count(rename.old))


class Rename(NamedTuple):
    """A port that took another's place, by ids and by what a person calls them."""

    old: str
    new: str
    was: str
    now: str


def _labels(ports: PortsOf, kind: NodeKind, config: Mapping[str, Any]) -> dict[str, str] | None:
    """What each port is called, by id; None where the config does not fit."""
    try:
        return {port.id: port.label for port in ports(kind.config.model_validate(config))}
    except ValidationError:
        return None


def _renamed(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None, joined: Iterable[str] = ()
) -> list[Rename]:
    """One port went and one came: then it is the same under another name.

    A port that went in an earlier change has only just gone while a line still leads to it (`joined`): whoever
    takes a name out of a text and thinks for a moment about another one means to rename it.
    """
    if before is None or after is None:
        return []
    known = {**{port: port for port in joined}, **before}
    gone = [port for port in known if port not in after]
    come = [port for port in after if port not in before]
    if len(gone) != 1 or len(come) != 1:
        return []
    return [Rename(gone[0], come[0], known[gone[0]], after[come[0]])]


def _tell(rename: Rename, lines: int) -> None:
    if lines:
        said = LINES_FOLLOW[min(lines, 2) - 1]
        st.toast(t(said, old=plain(rename.was), new=plain(rename.now), count=lines), icon=":material/edit:")


LINES_FOLLOW = (
    "Renamed “{old}” to “{new}” and updated 1 connection.",
    "Renamed “{old}” to “{new}” and updated {count} connections.",
)
