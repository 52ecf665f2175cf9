"""The `WRITERS` of the modules of a package, each of which writes the blocks of some kinds."""

import pkgutil
from importlib import import_module
from typing import Any


def writers_in(package: str) -> dict[str, Any]:
    """Who writes a block, by its kind; a module without `WRITERS` adds none."""
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(import_module(package).__path__):
        found |= getattr(import_module(f"{package}.{module.name}"), "WRITERS", {})
    return found
