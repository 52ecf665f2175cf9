"""Who writes the node of a block of which kind: the `WRITERS` of the modules in `kinds`."""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from flowloom.exchange.exporters.n8n.workflow import Workflow
from flowloom.run.planning.plan import Step

Writer = Callable[[Workflow, Step], None]


@cache
def writers() -> Mapping[str, Writer]:
    """A writer for each kind that n8n has a node for."""
    home = "flowloom.exchange.exporters.n8n.kinds"
    found: dict[str, Writer] = {}
    for module in pkgutil.iter_modules(import_module(home).__path__):
        found |= getattr(import_module(f"{home}.{module.name}"), "WRITERS", {})
    return found
