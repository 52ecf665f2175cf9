"""Python's search for garbage, kept from what stays for good: it costs a fifth of all imports, and Streamlit has it
look through everything after every click.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 100
"""Modules that came since the last time, after which what they made is set apart as well."""
_known = 0


def pause() -> None:
    """Look for no garbage while modules are imported."""
    gc.disable()


def go_on() -> None:
    """Look for garbage again, among what is made from now on."""
    set_apart()
    gc.enable()


def set_apart() -> None:
    """Keep what is there now out of every search; what only counts references is freed as ever."""
    global _known
    _known = len(sys.modules)
    gc.freeze()
    give_back()


def give_back() -> None:
    """Return to the computer what was freed and Linux’s allocator keeps: after the imports of a search, 25 MB."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim:
            trim(0)


@contextmanager
def unsearched() -> Iterator[None]:
    """Look for no garbage while something large is made of many small parts, all of which stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def look_up() -> None:
    """Set apart what libraries made that were imported meanwhile, such as those of the first search."""
    if len(sys.modules) - _known >= MANY:
        set_apart()
