"""Finds every kind: each module below `flowloom.nodes` that holds one."""

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from flowloom.flow.model import Node
from flowloom.kinds.kind import NodeKind
from flowloom.locales import Verbatim

Registry = Mapping[str, NodeKind]


@cache
def all_kinds() -> Registry:
    """Every kind by its id, in the order of the palette."""
    return {kind.id: kind for kind in _find("flowloom.nodes")}


def label_of(node: Node, kinds: Registry) -> str:
    """What a person calls the node: its own name, else its kind's."""
    kind = kinds.get(node.kind)
    return Verbatim(node.name) if node.name else kind.label if kind else node.kind


def _find(package: str) -> Iterator[NodeKind]:
    home = import_module(package)
    for module in sorted(pkgutil.walk_packages(home.__path__, f"{package}."), key=lambda found: found.name):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, NodeKind):
                yield value
