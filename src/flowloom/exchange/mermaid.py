"""A flow as a Mermaid flowchart, for wikis, pull requests and slides."""

from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import translate
from flowloom.run.planning.check import ports_now


def as_mermaid(flow: Flow, language: str = "en") -> str:
    """The text of the chart: a box for each block, notes aside, the outputs of a choice on its lines."""
    kinds = all_kinds()
    drawn = [node for node in flow.nodes if (kind := kinds.get(node.kind)) is None or not kind.annotates]
    names = {node.id: f"b{number}" for number, node in enumerate(drawn)}
    lines = ["flowchart LR", *(f'  {names[node.id]}["{_label(node, language)}"]' for node in drawn)]
    for edge in flow.edges:
        if edge.start.node in names and edge.end.node in names:
            start, end = names[edge.start.node], names[edge.end.node]
            if edge.start.port == TOOL_PORT.id:
                lines.append(f"  {start} -.-> {end}")
            else:
                way = _way(flow, edge.start.node, edge.start.port, language)
                lines.append(f'  {start} -->|"{way}"| {end}' if way else f"  {start} --> {end}")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _label(node: Node, language: str) -> str:
    return _quoted(translate(label_of(node, all_kinds()), language))


def _way(flow: Flow, id: str, port: str, language: str) -> str:
    """What the output of a block that chooses is called."""
    node = flow.node(id)
    kind = all_kinds().get(node.kind) if node else None
    if node is None or kind is None or not kind.chooses:
        return ""
    found = ports_now(node, all_kinds())[1].get(port)
    return _quoted(translate(found.said, language)) if found else ""


def _quoted(text: str) -> str:
    """A text as Mermaid takes it between quotes: signs of its own by their numbers."""
    line = " ".join(text.split())[:80]
    return "".join(f"#{ord(sign)};" if sign in '"#<>&|`[]{}()\\;' else sign for sign in line)
