"""Flows of other builders, whichever format they have: the importer that knows what was brought reads it."""

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from flowloom.errors import FlowFileError, FlowloomError
from flowloom.exchange.breakage import find_breakage
from flowloom.exchange.drawing import Imported
from flowloom.exchange.exporters.exported import MADE_HERE
from flowloom.exchange.misfits import Read, likely, refusal, with_misfits
from flowloom.exchange.shapes import Shape
from flowloom.exchange.source import Source
from flowloom.garbage import unsearched
from flowloom.locales import Verbatim

HEAD = 4_000
"""Characters in which a program says what made it."""
DAMAGED = (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError, SyntaxError)
"""What an importer may stumble over in a file that was damaged in a way it did not foresee."""


def _lone(source: Source) -> Iterable[Any]:
    return (source.data,)


class Importer(NamedTuple):
    """How one format is read. `recognises` looks at what is in the source; `read` may raise FlowFileError.

    `shape` says what belongs where in the documents of a source; programs have none.
    """

    id: str
    name: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Imported]
    shape: Shape | None = None
    documents: Callable[[Source], Iterable[Any]] = _lone

    def reads(self, source: Source) -> Iterator[Read]:
        """What there is to look at where something does not fit."""
        if self.shape:
            for document in self.documents(source):
                yield Read(self.name, self.shape, document)


@cache
def importers() -> tuple[Importer, ...]:
    """Every importer: the `IMPORTER` of each folder's `importer` module."""
    home = "flowloom.exchange.importers"
    folders = sorted(found.name for found in pkgutil.iter_modules(import_module(home).__path__) if found.ispkg)
    return tuple(import_module(f"{home}.{folder}.importer").IMPORTER for folder in folders)


def importer_for(source: Source) -> Importer | None:
    """The importer that knows what was brought. Raises FlowFileError for what is not read at all."""
    return next((importer for importer in importers() if _knows(importer, source)), None)


def _knows(importer: Importer, source: Source) -> bool:
    try:
        return importer.recognises(source)
    except DAMAGED:
        # A damaged file of whatever builder: it is not this one's in any way that can be read.
        return False


def read_foreign(source: Source) -> Imported:
    """The flow of another builder with its report. Raises FlowFileError; runs, opens and contacts nothing."""
    with unsearched():
        return _read(source)


def _read(source: Source) -> Imported:
    if any(name.endswith(".py") and MADE_HERE in source.text(name)[:HEAD] for name in source.files):
        raise FlowFileError(
            "Flowloom wrote this program, and doesn’t turn it back into blocks.",
            "Import the capsule or the flow file of the GPT: Export saves both.",
        )
    importer = importer_for(source)
    if importer is None:
        raise _unknown(source)
    try:
        flow, report = importer.read(source)
    except FlowloomError as error:
        raise refusal(importer.reads(source)) or error from None
    except DAMAGED:
        raise refusal(importer.reads(source)) or FlowFileError(
            "This file from {format} is damaged, so it can’t be read.",
            "Nothing was imported. Export it again from where it was made.",
            format=Verbatim(importer.name),
        ) from None
    return Imported(flow, with_misfits(report, importer.reads(source)))


def _unknown(source: Source) -> FlowFileError:
    maybe = likely(read for importer in importers() for read in importer.reads(source))
    names = ", ".join(each.name for each in importers())
    return (
        refusal(maybe)
        or find_breakage(source)
        or FlowFileError(
            "This isn’t a flow that Flowloom knows.",
            "It reads its own files and those of these builders: {names}.",
            names=Verbatim(names),
        )
    )
