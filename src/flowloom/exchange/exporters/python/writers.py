"""Who writes the function of a block of which kind: the `WRITERS` of the modules in `kinds`."""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from flowloom.exchange.exporters.python.block import Block

Writer = Callable[[Block], None]


@cache
def writers() -> Mapping[str, Writer]:
    """A writer for each kind that a program can do."""
    home = "flowloom.exchange.exporters.python.kinds"
    found: dict[str, Writer] = {}
    for module in pkgutil.iter_modules(import_module(home).__path__):
        found |= import_module(f"{home}.{module.name}").WRITERS
    return found
