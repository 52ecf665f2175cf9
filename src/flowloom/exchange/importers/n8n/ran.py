"""Whether a node has run, as expressions ask where ways meet, and values that are there only where it has."""

import re

from flowloom.exchange.importers.sketch import Sketch, Way
from flowloom.exchange.importers.values import Known, Port

_NODE = r"""\$\(\s*(?:"([^"]+)"|'([^']+)')\s*\)"""
RAN = re.compile(rf"{_NODE}\.isExecuted")
YES, NO = "yes", "no"


def named(found: "re.Match[str]") -> str:
    return found[1] or found[2]


class Ran:
    """Knows by which way each node was reached."""

    def __init__(self, sketch: Sketch) -> None:
        self._sketch = sketch
        self._ways: dict[str, tuple[str, ...]] = {}

    def reached(self, node: str, way: Way) -> None:
        self._ways[node] = way.after or way.gate

    def way_of(self, node: str) -> Way:
        """The way by which a node is reached: what it puts out is there where this is taken."""
        ports = self._ways.get(node, ())
        return Way({}, ports, ports)

    def has_run(self, node: str, way: Way) -> Known | Port:
        """Whether it has when this way is taken; where that depends on the run, an output that says yes or no."""
        if node not in self._ways:
            return Known(False)
        ports = self._ways[node]
        if not ports or self._sketch.holds(ports, way):
            return Known(True)
        known = (f"{node} has run", ())
        if known not in self._sketch.made:
            yes = self._sketch.place(
                Way({}, ports, ports), "text", "", {"text": YES}, {}, acts=True, key=f"{node} ran"
            )
            self._sketch.made[known] = self._first(f"{yes}.text", self._always("text", {"text": NO}, "text"))
        return Port(self._sketch.made[known])

    def if_there(self, port: str) -> str:
        """A value, or nothing where it did not come: what reads it goes on."""
        known = (f"{port} if there", ())
        if known not in self._sketch.made:
            nothing = self._always("code.run", {"code": "null", "engine": "javascript"}, "result")
            self._sketch.made[known] = self._first(port, nothing)
        return self._sketch.made[known]

    def either(self, *ports: str) -> str:
        """The first of several values that came."""
        known = (f"first of {ports}", ())
        if known not in self._sketch.made:
            self._sketch.made[known] = self._first(*ports)
        return self._sketch.made[known]

    def _always(self, kind: str, config: dict[str, str], output: str) -> str:
        known = (f"always {config}", ())
        if known not in self._sketch.made:
            self._sketch.made[known] = f"{self._sketch.place(Way({}), kind, '', config, {}, key='none')}.{output}"
        return self._sketch.made[known]

    def _first(self, *ports: str) -> str:
        return f"{self._sketch.place(Way({}), 'merge', '', {}, {'values': list(ports)}, key='either')}.value"
