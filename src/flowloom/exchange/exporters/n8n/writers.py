"""Who writes the node of a block of which kind: the `WRITERS` of the modules in `kinds`."""

from collections.abc import Callable, Mapping
from functools import cache

from flowloom.exchange.exporters.n8n.workflow import Workflow
from flowloom.exchange.exporters.writers import writers_in
from flowloom.run.planning.plan import Step

Writer = Callable[[Workflow, Step], None]


@cache
def writers() -> Mapping[str, Writer]:
    """A writer for each kind that n8n has a node for."""
    return writers_in("flowloom.exchange.exporters.n8n.kinds")
