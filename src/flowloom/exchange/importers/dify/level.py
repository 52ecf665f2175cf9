"""Which steps of a Dify graph lead to which: their order, and which have surely run before another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import networkx as nx

from flowloom.exchange.importers.dify.document import PLAIN, Line, Step

SUCCESS, FAILURE = "success-branch", "fail-branch"


class Level:
    """The steps of the flow itself, or of one iteration or loop."""

    def __init__(self, steps: Sequence[Step], lines: Sequence[Line]) -> None:
        self.steps: Mapping[str, Step] = {step.id: step for step in steps}
        self._into: dict[str, list[Line]] = defaultdict(list)
        self._from: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            if line.source in self.steps and line.target in self.steps and line.source != line.target:
                normal = line._replace(handle=self._handle(line))
                self._into[line.target].append(normal)
                self._from[line.source].append(normal)
        self._graph: nx.DiGraph[str] = nx.DiGraph()
        self._graph.add_nodes_from(self.steps)
        self._graph.add_edges_from((line.source, line.target) for each in self._into.values() for line in each)
        self.order = self._sorted()
        self._sure: dict[str, frozenset[str]] = {}

    def _handle(self, line: Line) -> str:
        """What stands for "it has run" where a step has but one way out."""
        step = self.steps[line.source]
        if line.handle == FAILURE or step.type in ("if-else", "question-classifier", "human-input"):
            return line.handle
        return PLAIN

    def _sorted(self) -> list[str]:
        if nx.is_directed_acyclic_graph(self._graph):
            place = {id: number for number, id in enumerate(self.steps)}
            return list(nx.lexicographical_topological_sort(self._graph, key=place.__getitem__))
        # A graph that goes round cannot run there; it is drawn as far as it leads.
        return list(self.steps)

    def into(self, id: str) -> Sequence[Line]:
        return self._into[id]

    def out_of(self, id: str) -> Sequence[Line]:
        return self._from[id]

    def ends(self) -> list[str]:
        return [id for id in self.order if not self._from[id]]

    def surely(self, id: str) -> frozenset[str]:
        """The steps that have run wherever this one runs."""
        if not self._sure:
            for each in self.order:
                self._sure[each] = self._surely(each)
        return self._sure.get(id, frozenset())

    def _surely(self, id: str) -> frozenset[str]:
        sources = dict.fromkeys(line.source for line in self._into[id])
        before = [self._sure.get(source, frozenset()) | {source} for source in sources]
        if len(before) < 2:
            return before[0] if before else frozenset()
        found = set(frozenset.intersection(*before))
        return frozenset(self._led_on(found, nx.ancestors(self._graph, id)))

    def _led_on(self, found: set[str], above: set[str]) -> set[str]:
        """With the steps that those found lead to, whatever happens."""
        waiting = list(found)
        while waiting:
            for line in self._from[waiting.pop()]:
                always = line.handle == PLAIN and not self.steps[line.source].branches
                if always and line.target in above and line.target not in found:
                    found.add(line.target)
                    waiting.append(line.target)
        return found
