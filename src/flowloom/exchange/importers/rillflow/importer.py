"""Rill-Flow YAML, as Flowloom flows: what a task puts into the context is a line to whoever takes it out."""

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.rillflow import texts as _texts  # noqa: F401  the report’s translations
from flowloom.exchange.importers.rillflow.kinds import TaskLoom
from flowloom.exchange.importers.rillflow.shape import SHAPE
from flowloom.exchange.importers.rillflow.tasks import is_flow, read_tasks
from flowloom.exchange.source import Source
from flowloom.flow.sorts import words

NAME = "Rill-Flow"


def recognises(source: Source) -> bool:
    return is_flow(source.data)


def read(source: Source) -> Imported:
    """The flow of a Rill-Flow file. Raises FlowFileError."""
    data = source.data
    drawing = Drawing(NAME, words(data.get("dagName")), description=words(data.get("description")))
    loom = TaskLoom(drawing, read_tasks(data.get("tasks")), data.get("inputSchema"))
    loom.draw()
    loom.answer()
    loom.ask()
    return drawing.finished()


IMPORTER = Importer("rillflow", NAME, recognises, read, SHAPE)
