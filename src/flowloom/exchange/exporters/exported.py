"""A flow on its way out: what a writer is given, and what it makes."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from flowloom.exchange.fidelity import Fidelity
from flowloom.flow.model import Flow


class Passage(NamedTuple):
    """A passage of a document as it was cut here: where it stands, and what it says."""

    file: str
    place: str
    heading: str
    text: str


class Folder(NamedTuple):
    """The documents of one knowledge base: each file's text by its name, and the passages of all."""

    texts: Mapping[str, str]
    passages: Sequence[Passage]


MADE_HERE = "Made with Flowloom, runs without it."
"""What every program of ours says at its head."""
Documents = Callable[[str, str], Folder]
"""`documents(flow_id, base)`: what a block of that flow searches. May raise KnowledgeError."""


def folder_of(main: str) -> str:
    """The folder of the documents of a program, beside it: it takes the place of no other."""
    return f"{main.rpartition('.')[0] or main}.documents"


def file_name(name: str, otherwise: str) -> str:
    """A file named as a GPT is, in letters and digits; `otherwise` has the ending, and stands in for no name."""
    stem, dot, ending = otherwise.rpartition(".")
    spelled = "".join(sign if sign.isalnum() else "-" for sign in name)[:60].strip("-")
    return f"{spelled or stem}{dot}{ending}"


def no_documents(flow_id: str, base: str) -> Folder:
    return Folder({}, ())


class Exported(NamedTuple):
    """What was written: files by their path, the one to open, and the report."""

    files: Mapping[str, bytes]
    main: str
    report: Fidelity

    def data(self) -> bytes:
        """The file, or a zip where there are several; the same content makes the same bytes."""
        return self.files[self.main] if len(self.files) == 1 else zipped(self.files)


class Exporter(NamedTuple):
    """How one format is written. `write` contacts nothing, and raises FlowFileError for a flow with problems."""

    id: str
    name: str
    ending: str
    write: Callable[[Flow, Documents], Exported]
    help: str
    """What it is good for, as a source text."""
    order: int = 0
    with_documents: bool = False
    """Whether documents go along: the file is then a zip."""

    def name_of_file(self, stem: str, *, with_documents: bool) -> str:
        return f"{stem}{'.zip' if self.with_documents and with_documents else self.ending}"


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
