"""What is said of fields of a foreign file that hold another sort of value than belongs there."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.fidelity import Fidelity
from flowloom.exchange.shapes import Misfit, Shape, keys_in, place_of
from flowloom.flow.sorts import SAID
from flowloom.locales import Verbatim

ENOUGH = 2
"""Marks of a format by which a file that no importer knows is taken for one of it."""


class Read(NamedTuple):
    """A document that was brought, by the format it has or may have."""

    format: str
    shape: Shape
    document: Any


def with_misfits(report: Fidelity, reads: Iterable[Read]) -> Fidelity:
    """The report, with what to look at in a file that was read all the same."""
    found = tuple(_told(read, misfit) for read in reads for misfit in read.shape.misfits(read.document))
    return report.model_copy(update={"todo": (*report.todo, *found)}) if found else report


def _told(read: Read, misfit: Misfit) -> Problem:
    return Problem.of(
        "import.misfit",
        SAID,
        "It may be missing here: check the block, or correct the file and import it again.",
        place=Verbatim(place_of(read.document, misfit.way)),
        found=misfit.found,
        wanted=misfit.wanted,
    ).as_warning()


def refusal(reads: Iterable[Read]) -> FlowFileError | None:
    """The first place for which a file could not be read; None where each holds what belongs there."""
    listed = list(reads)
    # What is empty mostly may be: it is blamed where nothing else can be.
    every = (_first(read, empty=empty) for empty in (False, True) for read in listed)
    return next((each for each in every if each), None)


def _first(read: Read, *, empty: bool) -> FlowFileError | None:
    misfit = next(read.shape.misfits(read.document, empty=empty), None)
    if misfit is None:
        return None
    return FlowFileError(
        SAID,
        "This looks like a flow from {format}. Nothing was imported: correct the file, or export it again.",
        place=Verbatim(place_of(read.document, misfit.way)),
        found=misfit.found,
        wanted=misfit.wanted,
        format=Verbatim(read.format),
    )


def likely(reads: Iterable[Read]) -> Iterator[Read]:
    """What a document is where it bears most of the marks of one format, if any."""
    scored = [(read.shape.marks & keys_in(read.document), read) for read in reads]
    shares = [(len(borne) / len(read.shape.marks), read) for borne, read in scored if len(borne) >= ENOUGH]
    best = max((share for share, _ in shares), default=0)
    yield from (read for share, read in shares if share == best)
