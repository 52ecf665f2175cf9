"""Coze canvases as Flowloom flows with a report."""

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.coze import texts as _texts  # noqa: F401  the report’s translations
from flowloom.exchange.importers.coze.canvas import COMMENT, canvas_in, is_canvas, read_lines, read_nodes
from flowloom.exchange.importers.coze.conversation import Conversation
from flowloom.exchange.importers.coze.paths import Paths
from flowloom.exchange.importers.coze.requests import Requests
from flowloom.exchange.importers.coze.rounds import Rounds
from flowloom.exchange.importers.coze.shape import SHAPE
from flowloom.exchange.importers.coze.thinking import Thinking
from flowloom.exchange.source import Source
from flowloom.flow.sorts import mapping, mappings, words

NAME = "Coze"


class Canvas(Conversation, Thinking, Paths, Requests, Rounds):
    """A whole canvas, or what stands within a batch: every sort of node."""


def recognises(source: Source) -> bool:
    return is_canvas(source.data)


def read(source: Source) -> Imported:
    """The flow of a Coze canvas. Raises FlowFileError."""
    canvas = canvas_in(source.data)
    nodes = list(read_nodes(canvas.get("nodes")))
    language = "zh" if any("\u4e00" <= letter <= "\u9fff" for node in nodes for letter in node.title) else "en"
    drawing = Drawing(NAME, words(mapping(source.data).get("name")) or source.name, language=language)
    Canvas(drawing, nodes, list(read_lines(canvas.get("edges")))).draw()
    for node in mappings(canvas.get("nodes")):
        if words(node.get("type")) == COMMENT:
            note = mapping(mapping(node.get("data")).get("inputs")).get("note")
            text = note if isinstance(note, str) else ""
            if text.strip():
                drawing.note(text)
    return drawing.finished()


IMPORTER = Importer("coze", NAME, recognises, read, SHAPE)
