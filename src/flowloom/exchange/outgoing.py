"""Programs and files of other builders that a flow may be written as."""

import pkgutil
from functools import cache
from importlib import import_module

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.exporters.exported import Documents, Exported, Exporter, no_documents
from flowloom.flow.model import Flow
from flowloom.flow.secrets import find_secrets


@cache
def exporters() -> tuple[Exporter, ...]:
    """Every exporter: the `EXPORTER` of each folder's `exporter` module."""
    home = "flowloom.exchange.exporters"
    folders = [found.name for found in pkgutil.iter_modules(import_module(home).__path__) if found.ispkg]
    found = (import_module(f"{home}.{folder}.exporter").EXPORTER for folder in folders)
    return tuple(sorted(found, key=lambda each: (each.order, each.id)))


def exporter_called(id: str) -> Exporter | None:
    return next((each for each in exporters() if each.id == id), None)


def write_outgoing(id: str, flow: Flow, documents: Documents = no_documents) -> Exported:
    """The flow in another form, with its report. Raises FlowFileError where it cannot be written."""
    exporter = exporter_called(id)
    if exporter is None:
        raise FlowFileError("There is no such form to export to.", "Choose one of those under Export.")
    for problem in find_secrets(flow):
        raise FlowFileError.from_problem(problem)
    written = exporter.write(flow, documents)
    notes = (*written.report.notes, *_lost(flow))
    return written._replace(report=written.report.model_copy(update={"notes": notes}))


def _lost(flow: Flow) -> list[Problem]:
    """What no other form has a place for."""
    notes = []
    if any(saved.on for saved in flow.saved_answers):
        said = "You notice it where somebody asks a saved question: a model answers."
        notes.append(Problem.of("export.whole", "Saved answers don’t come along.", said))
    if any(example.on for example in flow.examples):
        said = "You notice it where an answer has another tone or form: the model has no examples to go by."
        notes.append(Problem.of("export.whole", "Examples of good answers don’t come along.", said))
    return notes
