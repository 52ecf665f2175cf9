"""A flow of ours as an importer draws it: blocks, lines among them, and what became of each part of the source."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import normalize

from pydantic import ValidationError

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.fidelity import Carried, Fidelity, Grade
from flowloom.exchange.layers import laid_out
from flowloom.flow.model import MAX_EDGES, MAX_NODES, Edge, Flow, Node, NodeSettings, Position, Variable
from flowloom.flow.secrets import find_secrets, holds_secret, without_secrets
from flowloom.kinds.kind import AFTER_PORT
from flowloom.locales import Verbatim

PLACEHOLDER = "imported"
LONGEST_NAME = 120
_NOT_IN_IDS = re.compile(r"[^a-z0-9_]+")


class Imported(NamedTuple):
    """A flow that was read, and the report of it."""

    flow: Flow
    fidelity: Fidelity


class Drawing:
    """A flow in the making. Ids of blocks follow from `key`, so that the same source gives the same ids again."""

    def __init__(self, format: str, name: str = "", *, description: str = "", language: str = "en") -> None:
        self.format, self.name, self.description, self.language = format, name, description, language
        self.origin = ""
        """What names the flow where it comes from: an id, or else the name."""
        self.starters: Sequence[str] = ()
        self.icon = ""
        self.variables: list[Variable] = []
        self.rows: list[Carried] = []
        self.notes: list[Problem] = []
        self.todo: list[Problem] = []
        self._said: set[tuple[object, ...]] = set()
        self._nodes: dict[str, Node] = {}
        self._edges: dict[tuple[str, str], Edge] = {}
        self._places: dict[str, Position] = {}

    # -- blocks and lines

    def block(
        self,
        kind: str,
        name: str = "",
        config: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        at: tuple[float, float] | None = None,
        **settings: Any,
    ) -> str:
        """Add a block and give its id. `at` is in the units of the source; `settings` are those every block has."""
        id = self._free_id(key or name or kind)
        self._nodes[id] = Node(
            id=id,
            kind=kind,
            name=name[:LONGEST_NAME],
            config=dict(config or {}),
            settings=NodeSettings(**settings),
        )
        if at is not None:
            self._places[id] = Position(x=_bounded(at[0]), y=_bounded(at[1]))
        return id

    def placeholder(
        self,
        name: str,
        type: str,
        settings: Mapping[str, Any],
        *,
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = ("output",),
        key: str = "",
        at: tuple[float, float] | None = None,
    ) -> str:
        """Keep a node that has no counterpart here, with its raw settings and its lines."""
        config = {"format": self.format, "type": type, "settings": dict(settings)}
        return self.block(
            PLACEHOLDER,
            name or type,
            {**config, "inputs": list(inputs), "outputs": list(outputs)},
            key=key,
            at=at,
        )

    def configure(self, id: str, **config: Any) -> None:
        """Change fields of a block that is drawn already."""
        node = self._nodes[id]
        self._nodes[id] = node.model_copy(update={"config": {**node.config, **config}})

    def settle(self, id: str, **settings: Any) -> None:
        """Change settings that every block has."""
        node = self._nodes[id]
        changed = NodeSettings.model_validate({**node.settings.model_dump(), **settings})
        self._nodes[id] = node.model_copy(update={"settings": changed})

    def join(self, source: str, target: str) -> None:
        """Draw a line; both ends are written `node.port`. One that is there already stays one."""
        if (source, target) not in self._edges:
            self._edges[source, target] = Edge.model_validate({"from": source, "to": target})
            # What is far too large is not drawn to its end; a few may be taken away again.
            if len(self._edges) > 2 * MAX_EDGES:
                raise _too_large()

    def after(self, id: str, *sources: str) -> None:
        """Have a block run only where one of these outputs, each written `node.port`, brought something."""
        self.settle(id, wait=True)
        for source in sources:
            self.join(source, f"{id}.{AFTER_PORT.id}")

    def lines_into(self, id: str) -> list[tuple[str, str]]:
        """Where the lines into a block come from, each with the port it leads to."""
        start = f"{id}."
        return [(source, end[len(start) :]) for source, end in self._edges if end.startswith(start)]

    def prune(self, kinds: Collection[str]) -> None:
        """Take away blocks of these kinds whose outputs nobody reads, and then those that only they read."""
        while True:
            read = {source.partition(".")[0] for source, _ in self._edges}
            idle = {id for id, node in self._nodes.items() if node.kind in kinds and id not in read}
            if not idle:
                return
            self._nodes = {id: node for id, node in self._nodes.items() if id not in idle}
            self._edges = {ends: edge for ends, edge in self._edges.items() if edge.end.node not in idle}

    def note(self, text: str, at: tuple[float, float] | None = None) -> None:
        """A note on the canvas."""
        self.block("note", "", {"text": text[:20_000]}, key="note", at=at)

    def group(self, name: str, members: Sequence[str], at: tuple[float, float] | None = None) -> None:
        self.block("group", name, {"members": list(members)}, key=f"group {name}", at=at)

    def node(self, id: str) -> Node:
        return self._nodes[id]

    # -- the report

    def carried(
        self,
        source: str,
        name: str,
        type: str,
        *nodes: str,
        differs: Sequence[Problem] = (),
        grade: Grade = "exact",
    ) -> None:
        """Say what became of a node of the source: exact, unless something differs or it was only kept."""
        kept = any(self._nodes[id].kind == PLACEHOLDER for id in nodes)
        told: Grade = "placeholder" if kept else "approximate" if differs and grade == "exact" else grade
        self.rows.append(
            Carried(source=source, name=name or type, type=type, grade=told, differs=tuple(differs), nodes=nodes)
        )

    def do(self, message: str, hint: str = "", **params: object) -> None:
        """Add to what is left to do, once."""
        self._add(self.todo, Problem.of("import.todo", message, hint, **params).as_warning())

    def remark(self, message: str, hint: str = "", **params: object) -> None:
        """Say something of the flow as a whole, once."""
        self._add(self.notes, Problem.of("import.note", message, hint, **params).as_warning())

    def _add(self, problems: list[Problem], problem: Problem) -> None:
        said = (problem.code, problem.message, problem.hint, *sorted(problem.params.items()))
        if said not in self._said:
            self._said.add(said)
            problems.append(problem)

    # -- the whole

    def flow(self) -> Flow:
        """The flow as it is drawn, keys that stood in it left out. Raises FlowFileError where it is too large."""
        nodes, edges = tuple(map(self._without_secrets, self._nodes.values())), tuple(self._edges.values())
        if len(nodes) > MAX_NODES or len(edges) > MAX_EDGES:
            raise _too_large()
        try:
            flow = Flow(
                name=self.name[:LONGEST_NAME],
                description=self.description[:4_000],
                icon=self.icon,
                language="zh" if self.language == "zh" else "fr" if self.language == "fr" else "en",
                starters=tuple(starter[:500] for starter in self.starters if starter.strip())[:12],
                nodes=nodes,
                edges=edges,
                layout=laid_out([node.id for node in nodes], edges, self._places),
                variables=tuple(self.variables)[:200],
            )
        except ValidationError:
            raise FlowFileError(
                "This flow from {format} holds something that can’t be read.",
                "It may have been edited by hand. Export it again from where it was made.",
                format=Verbatim(self.format),
            ) from None
        return Flow.model_validate(without_secrets(flow.model_dump())) if self._holds_more(flow) else flow

    @staticmethod
    def _holds_more(flow: Flow) -> bool:
        """Whether a key stands anywhere else; what blocks are set to was looked through one by one."""
        bare = (node.model_copy(update={"config": {}, "name": ""}) for node in flow.nodes)
        return any(find_secrets(flow.model_copy(update={"nodes": tuple(bare)})))

    def _without_secrets(self, node: Node) -> Node:
        if not holds_secret([node.config, node.name]):
            return node
        self.do(
            "“{name}” held a key or password, which was left out.",
            "Add it under Settings or as a connection, then choose it in the block.",
            name=Verbatim(without_secrets(node.name or node.id)),
        )
        return node.model_copy(update={"config": without_secrets(node.config), "name": without_secrets(node.name)})

    def finished(self) -> Imported:
        flow = self.flow()
        told = Fidelity(
            format=self.format,
            origin=self.origin or self.name,
            rows=tuple(self.rows),
            notes=tuple(self.notes),
            todo=tuple(self.todo),
        )
        # A key may stand in the name of any part.
        said = told.model_dump()
        return Imported(flow, Fidelity.model_validate(without_secrets(said)) if holds_secret(said) else told)

    def _free_id(self, wanted: str) -> str:
        plain = normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
        stem = _NOT_IN_IDS.sub("-", plain).strip("-_")
        stem = (stem if stem[:1].isalpha() else f"n-{stem}".rstrip("-"))[:34]
        number, found = 1, stem
        while found in self._nodes:
            number += 1
            found = f"{stem}-{number}"
        return found


def _too_large() -> FlowFileError:
    return FlowFileError(
        "This flow is too large: up to {nodes} blocks and {edges} connections are read.",
        "Split it where it was made, then import the parts.",
        nodes=MAX_NODES,
        edges=MAX_EDGES,
    )


def _bounded(value: float) -> float:
    return max(-1e6, min(1e6, float(value))) if value == value else 0.0  # nan is not itself
