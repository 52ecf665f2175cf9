"""Rivet: the main graph of a project, read and drawn, with the graphs it uses in their places."""

from typing import Any

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.rivet import texts
from flowloom.exchange.importers.rivet.project import graphs_of
from flowloom.exchange.importers.rivet.shape import SHAPE
from flowloom.exchange.importers.rivet.walk import Walk
from flowloom.exchange.importers.sketch import Sketch, Way
from flowloom.exchange.source import Source

NAME = "Rivet"
WORKED_OUT = frozenset({"text", "prompt", "json.pick", "code.run", "merge"})


def recognises(source: Source) -> bool:
    return _is_project(source.yaml)


def _is_project(data: Any) -> bool:
    inner = data.get("data") if isinstance(data, dict) else None
    if not isinstance(inner, dict) or not isinstance(inner.get("graphs"), dict):
        return False
    keys = [
        str(key)
        for graph in inner["graphs"].values()
        if isinstance(graph, dict)
        for key in graph.get("nodes") or ()
    ]
    return any(key.startswith("[") and "]:" in key for key in keys)


def read(source: Source) -> Imported:
    graphs, main = graphs_of(source.yaml)
    graph = graphs[main]
    told = source.yaml["data"].get("metadata")
    title = str(told.get("title") or "") if isinstance(told, dict) else ""
    drawing = Drawing(NAME, title or graph.name or source.name, description=graph.description)
    message = drawing.block("chat.message", key="message")
    sketch = Sketch(drawing, "true", "false", "")
    sketch.certain[message] = set()
    walk = Walk(graphs, graph, drawing, sketch, message)
    walk.walk()
    answer = walk.outputs.get("output", next(iter(walk.outputs.values()), None))
    if answer is not None:
        id = drawing.block("chat.answer", key="answer")
        drawing.join(sketch.port_of(answer, Way({})), f"{id}.text")
    if len(walk.outputs) > 1:
        drawing.remark(
            "The graph has several outputs; one of them is the answer here.",
            "The others are shown under Runs. Connect them to the answer if a person should read them.",
        )
    drawing.prune(WORKED_OUT)
    return drawing.finished()


IMPORTER = Importer("rivet", NAME, recognises, read, SHAPE)

__all__ = ["IMPORTER", "texts"]
