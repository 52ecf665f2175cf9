"""Reads chatflows and agentflows of Flowise."""

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.flowise import texts as texts
from flowloom.exchange.importers.flowise.agentflow import draw_agentflow
from flowloom.exchange.importers.flowise.chatflow import draw_chatflow
from flowloom.exchange.importers.flowise.flow import is_flowise, read_flow
from flowloom.exchange.importers.flowise.rich_text import markdown
from flowloom.exchange.importers.flowise.shape import SHAPE
from flowloom.exchange.source import Source

NAME = "Flowise"


def recognises(source: Source) -> bool:
    return is_flowise(source.json)


def read(source: Source) -> Imported:
    flow = read_flow(source.json)
    drawing = Drawing(NAME, source.name, description=flow.description)
    (draw_agentflow if flow.is_agentflow else draw_chatflow)(flow, drawing)
    for note in flow.notes:
        drawing.note(markdown(note.text("note")), note.place)
    return drawing.finished()


IMPORTER = Importer("flowise", NAME, recognises, read, SHAPE)
