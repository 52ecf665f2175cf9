"""The names an editor offers: the inputs its block has, and what the blocks not after it put out."""

from collections.abc import Iterator, Sequence

from flowloom.flow.graph import nodes_after
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import ERROR_PORT, NodeKind
from flowloom.kinds.port import PortType
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import config_or_default
from flowloom.ui.block.fields import EDITORS, Field
from flowloom.ui.messages import label_of
from flowloom.ui.prompts.editor import Name
from flowloom.ui.prompts.renaming import may_be_called
from flowloom.ui.session import t


def names_for(flow: Flow, node: Node, kind: NodeKind, field: Field) -> Sequence[Name]:
    """Each name once, those of the block itself first; none for a field that has no editor."""
    if field.widget not in EDITORS:
        return ()
    own = (Name(port.id, t("an input here")) for port in kind.input_ports(config_or_default(node, kind)))
    found: dict[str, Name] = {}
    for name in (*own, *_outputs(flow, node)):
        if may_be_called(name.name, field.tags):
            found.setdefault(name.name, name)
    return list(found.values())


def _outputs(flow: Flow, node: Node) -> Iterator[Name]:
    after = nodes_after(flow, [node.id])
    for other in flow.nodes:
        kind = all_kinds().get(other.kind)
        if kind is None or other.id in {node.id, *after}:
            continue
        for port in kind.output_ports(config_or_default(other, kind)):
            if port.type != PortType.TOOL and port.id != ERROR_PORT.id:
                yield Name(port.id, label_of(other))
