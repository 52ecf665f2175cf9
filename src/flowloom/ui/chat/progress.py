"""What the chat says while no word of an answer is there yet: the blocks at work, or that documents are read."""

from dataclasses import dataclass, field

from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.run.reading.view import RunView
from flowloom.ui.messages import label_of, plain
from flowloom.ui.session import t

AT_ONCE = 1.0
"""Seconds within which documents are usually searched; after that they are being read for the first time."""
READS = "reads knowledge"


@dataclass
class AtWork:
    """The blocks that work, each with the moment since when it was seen to."""

    since: dict[tuple[str, int], float] = field(default_factory=dict)

    def said(self, flow: Flow, view: RunView, now: float) -> str:
        """One line of Markdown; `now` are seconds of any clock that only goes on."""
        running = [node for node in flow.nodes if node.id in view.nodes and view.nodes[node.id].status == "running"]
        # A block that works anew, in another round, has only begun.
        marks = {node.id: (node.id, view.nodes[node.id].round) for node in running}
        self.since = {mark: self.since.get(mark, now) for mark in marks.values()}
        slow = [node for node in running if _reads(node) and now - self.since[marks[node.id]] > AT_ONCE]
        names = ", ".join(plain(label_of(node)) for node in running[:3])
        doing = t("Reading your documents") if slow else names or t("Starting")
        return f":gray[:material/progress_activity: {doing}…]"


def _reads(node: Node) -> bool:
    kind = all_kinds().get(node.kind)
    return kind is not None and READS in kind.effects
