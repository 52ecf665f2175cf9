"""The forms in which a GPT leaves as a file."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

from pydantic import ValidationError
from starlette.responses import Response, StreamingResponse

from flowloom.capsules import export_capsule
from flowloom.errors import FlowFileError
from flowloom.exchange.exporters.documents import documents_in
from flowloom.exchange.fidelity import report_on
from flowloom.exchange.mermaid import as_mermaid
from flowloom.exchange.outgoing import exporter_called, write_outgoing
from flowloom.exchange.outlines import in_words
from flowloom.exchange.packing import CapsuleOptions
from flowloom.exchange.share_card import share_card
from flowloom.exchange.transcripts import as_json, as_markdown, as_page
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.flow.secrets import hide_secrets
from flowloom.serve.picture import picture
from flowloom.services.author import load_author
from flowloom.store.runs import ChatTurn
from flowloom.workspace import Workspace

PIECE = 256 * 1024


def export_of(home: Workspace, form: str, flow: Flow, language: str, options: str = "") -> Response:
    """The flow in this form; a capsule never lies in memory as a whole. Raises KnowledgeError and FlowFileError.

    `options` are those of a capsule, as JSON.
    """
    match form:
        case "json":
            return Response(write_flow(flow), media_type="application/json")
        case "report" if report := report_on(home.imports, flow.id):
            return Response(report.markdown(flow.name, language), media_type="text/markdown")
        case "card":
            drawing = picture(flow, language)
            return Response(
                share_card(flow, drawing, language, load_author(home.home).link), media_type="image/svg+xml"
            )
        case "words":
            return Response(in_words(flow, language), media_type="text/markdown")
        case "mermaid":
            return Response(as_mermaid(flow, language), media_type="text/plain")
        case "svg":
            return Response(picture(flow, language, detailed=True), media_type="image/svg+xml")
        case "capsule":
            return StreamingResponse(_pieces(_capsule(home, flow, _options(options))), media_type="application/zip")
    name, dot, part = form.partition(".")
    if exporter_called(name) and part in ("", "report"):
        return _for_another(home, name, flow, language, report=bool(dot))
    return Response(status_code=404)


def _for_another(home: Workspace, form: str, flow: Flow, language: str, *, report: bool) -> Response:
    """The flow for another builder or as a program, or the report of that."""
    if report:
        written = write_outgoing(form, flow)
        return Response(written.report.markdown(flow.name, language), media_type="text/markdown")
    written = write_outgoing(form, flow, documents_in(home.knowledge))
    return Response(written.data(), media_type="application/octet-stream")


def transcript_of(home: Workspace, form: str, flow: Flow, conversation: str, language: str) -> Response:
    """A conversation of the flow as a document."""
    forms: dict[str, tuple[Callable[[list[ChatTurn]], str], str]] = {
        "words": (lambda turns: as_markdown(turns, flow.name, language), "text/markdown"),
        "print": (lambda turns: as_page(turns, flow.name, language), "text/html"),
        "json": (lambda turns: as_json(turns, flow.name), "application/json"),
    }
    is_own = home.runs.is_of(conversation, flow.id) and not home.runs.guest_of(conversation).is_private
    if not is_own or form not in forms:
        return Response(status_code=404)
    write, kind = forms[form]
    # Somebody may have typed a key.
    clean = hide_secrets(home.secrets.scrub(write(home.runs.turns(conversation))))
    # Never as a page of ours: whoever opens its address gets a file.
    return Response(clean, media_type=kind, headers={"Content-Disposition": "attachment"})


def _options(said: str) -> CapsuleOptions:
    try:
        return CapsuleOptions.model_validate_json(said) if said else CapsuleOptions()
    except ValidationError:
        raise FlowFileError(
            "The capsule can’t be written like this.", "Check the author’s link: it begins with https://."
        ) from None


def _capsule(home: Workspace, flow: Flow, options: CapsuleOptions) -> IO[bytes]:
    file = TemporaryFile()
    try:
        export_capsule(home, flow, file, options)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
