"""In which order n8n runs the nodes: one after another, by one of several ways where a node chooses.

n8n runs a node each time that something comes to it, and knows no node that waits for several. So there is one
line of nodes; where it forks, one of its ends is live in a run, and the next that always runs is joined to all.
"""

from collections.abc import Mapping
from typing import NamedTuple

Decision = tuple[str, str]
"""The id of a step that chose, and the output that it chose."""
Path = frozenset[Decision]


class End(NamedTuple):
    """An output of a node that nothing is joined to yet, and by which ways a run may get there."""

    node: str
    output: int
    paths: frozenset[Path]


class Control:
    """The ends of what is joined so far."""

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.lines: list[tuple[str, int, str]] = []
        """From the output of a node to another node."""
        self.needed: frozenset[str] = frozenset()
        """The steps whose choice somebody asks for later; of the others nothing is kept."""

    def matching(self, condition: Path) -> tuple[list[End], list[End], list[End]]:
        """The ends where a condition holds, where it may, and where it does not."""
        if not condition:
            return list(self.ends), [], []
        groups: tuple[list[End], list[End], list[End]] = ([], [], [])
        for end in self.ends:
            holds = {bool(path & condition) for path in end.paths}
            groups[0 if holds == {True} else 1 if True in holds else 2].append(end)
        return groups

    def join(self, node: str, ends: list[End], outputs: Mapping[int, Decision] | None = None) -> None:
        """Have a node run at some of the ends; `outputs` are its own where it chooses."""
        paths = self._paths(ends) or frozenset((frozenset[Decision](),))
        self.lines += [(end.node, end.output, node) for end in ends]
        self.ends = [end for end in self.ends if end not in ends]
        if outputs is None:
            self.ends.append(End(node, 0, paths))
            return
        for number, chosen in outputs.items():
            kept = {chosen} if chosen[0] in self.needed else set[Decision]()
            self.ends.append(End(node, number, frozenset(path | kept for path in paths)))

    def split(self, node: str, ends: list[End], condition: Path) -> End:
        """Ask at some ends whether a condition holds; the end where it does."""
        paths = self._paths(ends)
        self.lines += [(end.node, end.output, node) for end in ends]
        self.ends = [end for end in self.ends if end not in ends]
        self.ends.append(End(node, 1, paths))
        yes = End(node, 0, frozenset(path | condition for path in paths))
        self.ends.append(yes)
        return yes

    def _paths(self, ends: list[End]) -> frozenset[Path]:
        return frozenset(
            frozenset(each for each in path if each[0] in self.needed) for end in ends for path in end.paths
        )
