"""Reads flows of Langflow: chats, prompts, models, agents, If-Else, loops, tools, documents."""

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.langflow import texts as texts
from flowloom.exchange.importers.langflow.components import draw_all
from flowloom.exchange.importers.langflow.graph import is_graph, read_graph
from flowloom.exchange.importers.langflow.shape import SHAPE
from flowloom.exchange.importers.langflow.weaving import Weaving
from flowloom.exchange.source import Source

NAME = "Langflow"


def recognises(source: Source) -> bool:
    return is_graph(source.json)


def read(source: Source) -> Imported:
    graph = read_graph(source.json)
    drawing = Drawing(NAME, graph.name or source.name, description=graph.description)
    weaving = Weaving(graph, drawing)
    draw_all(weaving)
    for text, at in graph.notes:
        drawing.note(text, at)
    return drawing.finished()


IMPORTER = Importer("langflow", NAME, recognises, read, SHAPE)
