"""The forms in which a GPT leaves as a file."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from starlette.responses import Response, StreamingResponse

from flowloom.exchange.fidelity import report_on
from flowloom.exchange.mermaid import as_mermaid
from flowloom.exchange.outlines import in_words
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.serve.picture import picture
from flowloom.workspace import Workspace

PIECE = 256 * 1024


def export_of(home: Workspace, form: str, flow: Flow, language: str) -> Response:
    """The flow in this form; a capsule never lies in memory as a whole. Raises KnowledgeError."""
    match form:
        case "json":
            return Response(write_flow(flow), media_type="application/json")
        case "report" if report := report_on(home.imports, flow.id):
            return Response(report.markdown(flow.name, language), media_type="text/markdown")
        case "words":
            return Response(in_words(flow, language), media_type="text/markdown")
        case "mermaid":
            return Response(as_mermaid(flow, language), media_type="text/plain")
        case "svg":
            return Response(picture(flow, language, detailed=True), media_type="image/svg+xml")
        case "capsule":
            return StreamingResponse(_pieces(_capsule(home, flow)), media_type="application/zip")
    return Response(status_code=404)


def _capsule(home: Workspace, flow: Flow) -> IO[bytes]:
    file = TemporaryFile()
    try:
        home.export_capsule(flow, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
