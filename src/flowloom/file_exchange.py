"""GPTs in and out of an installation by a file, whichever form it has."""

import zipfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from flowloom.capsules import export_capsule, import_capsule, keep_tests
from flowloom.editor import Document
from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.capsule import Capsule, is_zip
from flowloom.exchange.contents import MANIFEST, Carried
from flowloom.exchange.drawing import Imported
from flowloom.exchange.exporters.documents import documents_in
from flowloom.exchange.exporters.exported import folder_of, zipped
from flowloom.exchange.fidelity import Fidelity
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.locking import is_locked, unlock
from flowloom.exchange.mermaid import as_mermaid
from flowloom.exchange.outgoing import exporters, write_outgoing
from flowloom.exchange.outlines import in_words
from flowloom.exchange.packing import CapsuleOptions, documents_of, unpack
from flowloom.exchange.personal_data import UNREAD, personal_data_in
from flowloom.exchange.share_card import flow_in_png
from flowloom.exchange.source import Source
from flowloom.flow.edit import Add
from flowloom.flow.file import is_flow_file, read_flow, save_flow
from flowloom.flow.merge import merge
from flowloom.flow.model import Flow, Node, Position
from flowloom.locales import Verbatim
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.flows.strangers import as_stranger
from flowloom.services.files import write_whole
from flowloom.workspace import Workspace

OURS = "Flowloom"
NAMED = 5
"""Documents that are told by name."""
ABOVE = 220
"""How far above the other blocks one stands that was brought in, in canvas units."""


class Taken(NamedTuple):
    """A GPT that was kept: what is to be known of it, and the report where another builder made it."""

    flow: Flow
    notes: Sequence[Problem] = ()
    report: Fidelity | None = None


def is_capsule(file: IO[bytes]) -> bool:
    """Whether a file is a zip with the list of a capsule in it; another zip may hold a flow of another builder."""
    if not is_zip(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return MANIFEST in archive.NameToInfo
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True  # cut off: whoever reads it as a capsule says so
    finally:
        file.seek(0)


def opened(file: IO[bytes], password: str = "") -> IO[bytes]:
    """The capsule in a locked one, in a file of its own; any other file as it is. Raises FlowFileError.

    The code of the error is `file.locked` where it needs a password, and `file.password` where it is another one.
    """
    if not is_locked(file):
        return file
    if not password:
        raise FlowFileError("This capsule is locked.", "Enter its password.", code="file.locked")
    capsule = TemporaryFile()
    try:
        unlock(file, capsule, password)
    except BaseException:
        capsule.close()
        raise
    return capsule


def take_in(home: Workspace, file: IO[bytes], name: str = "", password: str = "") -> Taken:
    """Keep the GPT of a file, and say what is to be known of it.

    Raises FlowFileError and KnowledgeError, and PeopleError where the rules of the workspace don’t allow it.
    """
    home.team.console.require("bring_in")
    if is_locked(file):
        with opened(file, password) as capsule:
            return take_in(home, capsule, name)
    if is_capsule(file):
        with Capsule(file) as capsule:
            notes = home.intake.notes_on(capsule.flow, with_documents=bool(capsule.manifest.documents))
            kept = import_capsule(home, capsule)
            _remember(home, kept.id, ours(capsule.flow))
            return Taken(kept, [*notes, *_only_indexed(capsule)])
    data = file.read()
    data = flow_in_png(data) or data
    if is_flow_file(data):
        flow = read_flow(data)
        notes = home.intake.notes_on(flow)
        kept = home.intake.keep_flow(flow)
        _remember(home, kept.id, ours(flow))
        return Taken(kept, notes)
    return take_in_foreign(home, read_foreign(Source.of_data(data, name)))


def _only_indexed(capsule: Capsule) -> list[Problem]:
    """Names the documents of which only what they are found by came along."""
    names = [each.name for each in capsule.manifest.documents if each.only_index]
    if not names:
        return []
    told = ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return [
        Problem.of(
            "import.index",
            "Only the search index of {names} came along, not the original files.",
            "You can ask it. To read or split the documents, add them yourself.",
            names=Verbatim(told),
        ).as_warning()
    ]


def take_in_path(home: Workspace, path: Path, password: str = "") -> Taken:
    """The same for a file or a folder of this computer. Raises OSError as well."""
    if path.is_dir():
        return take_in_foreign(home, read_foreign(Source.of_path(path)))
    with path.open("rb") as file:
        return take_in(home, file, path.name, password)


def take_in_foreign(home: Workspace, imported: Imported) -> Taken:
    """Keep a flow of another builder as a new GPT, with its report. Raises PeopleError as `take_in`."""
    home.team.console.require("bring_in")
    flow = home.intake.keep_flow(imported.flow)
    _remember(home, flow.id, imported)
    return Taken(flow, home.intake.notes_on(flow), imported.fidelity)


def ours(flow: Flow) -> Imported:
    """A flow of a file of ours, to be known again by its id."""
    return Imported(flow, Fidelity(format=OURS, origin=flow.id))


def earlier(home: Workspace, imported: Imported) -> list[Flow]:
    """The GPTs that came from the same flow before, the latest first."""
    report = imported.fidelity
    found = home.imports.same(report.format, report.origin) if report.origin else []
    return [home.flows.load(each.flow) for each in found if home.flows.exists(each.flow)]


def renew(
    home: Workspace, document: Document, imported: Imported, capsule: Capsule | None = None
) -> tuple[Taken, list[str]]:
    """Bring a newer export into a GPT that came from an older one: what was edited here stays.

    Documents of a capsule that are new or other than here come in with it. Also gives the ids of blocks, and the
    fields, that were changed on both sides. Raises FlowEditError, FlowFileError and KnowledgeError.
    """
    home.team.console.require("bring_in")
    last = home.imports.of(document.flow.id)
    theirs = as_stranger(imported.flow, document.flow.id)
    clashes: list[str] = []

    def merged(flow: Flow) -> Flow:
        found = merge(last.original if last else flow, flow, theirs)
        clashes[:] = found.clashes
        return found.flow

    document.renew(merged)
    if capsule:
        unpack(capsule, home.knowledge, document.flow.id, known_stay=True)
        keep_tests(home, document.flow.id, capsule.tests())
    _remember(home, document.flow.id, imported)
    return Taken(
        document.flow, home.intake.notes_on(document.flow, with_documents=True), imported.fidelity
    ), clashes


def add_as_block(document: Document, flow: Flow) -> str:
    """Put a GPT of this computer into another one as a block, and give the block's id. Raises FlowEditError."""
    taken = {node.id for node in document.flow.nodes}
    id = next(name for number in count(1) if (name := f"gpt-{number}") not in taken)
    right = max((place.x for place in document.flow.layout.values()), default=0.0)
    top = min((place.y for place in document.flow.layout.values()), default=0.0)
    config = {"flow": document_of(flow), "source": flow.id}
    node = Node(id=id, kind="flow.sub", name=flow.name, config=config)
    document.edit(Add(node=node, at=Position(x=min(right, 1e6), y=max(top - ABOVE, -1e6))))
    return id


def _remember(home: Workspace, flow_id: str, imported: Imported) -> None:
    report = imported.fidelity
    home.imports.put(flow_id, report.format, report.origin, report.model_dump_json(), imported.flow)


class Handed(NamedTuple):
    """A GPT that left: how many documents went along, or only what they are found by, and the report where it left
    for another builder."""

    documents: int = 0
    indexed: int = 0
    report: Fidelity | None = None
    held: str = ""
    """The places with keys or personal data in what left."""


FORMS = {".capsule": "capsule", ".json": "json", ".py": "python", ".mmd": "mermaid", ".md": "words", ".yml": "dify"}
FORMS |= {".yaml": "dify", ".zip": "python"}
"""The form that the ending of a file tells; other endings tell nothing."""


def forms() -> list[str]:
    """Every form in which a GPT may leave as a file."""
    return ["capsule", "json", *(exporter.id for exporter in exporters()), "mermaid", "words"]


def hand_out(
    home: Workspace, name: str, path: Path, options: CapsuleOptions | None = None, form: str = ""
) -> Handed:
    """Write a GPT to a file in a form, or in that which its ending tells, whole or not at all.

    Raises FlowFileError where no GPT, or more than one, has this name or id, or it cannot leave so, and OSError.
    """
    flow = home.flows.load(_id_of(home, name))
    handed = _hand(home, flow, path, options, form or FORMS.get(path.suffix, "json"))
    return handed._replace(held=_held(home, flow, with_documents=bool(handed.documents or handed.indexed)))


def _hand(home: Workspace, flow: Flow, path: Path, options: CapsuleOptions | None, form: str) -> Handed:
    match form:
        case "json":
            save_flow(flow, path)
        case "capsule":
            written: list[Carried] = []
            write_whole(path, lambda out: written.extend(export_capsule(home, flow, out, options).documents))
            indexed = sum(each.only_index for each in written)
            return Handed(len(written) - indexed, indexed)
        case "mermaid":
            _write(path, as_mermaid(flow, flow.language).encode())
        case "words":
            _write(path, in_words(flow, flow.language).encode())
        case other:
            return _hand_to(other, flow, home, path)
    return Handed()


def _held(home: Workspace, flow: Flow, *, with_documents: bool) -> str:
    found = documents_of(flow, home.knowledge)[0] if with_documents else []
    texts = ((each.name, home.knowledge.readable(each.key, each.file.name)) for each in found)
    places = personal_data_in(flow, texts)
    names = [place.name or flow.name for place in places if place.counts.keys() - {UNREAD}]
    return ", ".join(f"“{name}”" for name in names[:NAMED]) + ("…" if len(names) > NAMED else "")


def _hand_to(form: str, flow: Flow, home: Workspace, path: Path) -> Handed:
    """Write a GPT for another builder, or as a program; documents go in a folder beside it, or in one zip."""
    written = write_outgoing(form, flow, documents_in(home.knowledge))
    if path.suffix == ".zip":
        _write(path, zipped(written.files))
    else:
        for name, data in written.files.items():
            inside = name.removeprefix(f"{folder_of(written.main)}/")
            _write(path if name == written.main else path.parent / folder_of(path.name) / inside, data)
    documents = sum(name != written.main and not name.endswith("/passages.json") for name in written.files)
    return Handed(documents, report=written.report)


def _write(path: Path, data: bytes) -> None:
    write_whole(path, lambda out: out.write(data))


def _id_of(home: Workspace, name: str) -> str:
    found = [entry.id for entry in home.flows.entries() if name in (entry.id, entry.name)]
    if len(found) != 1:
        raise FlowFileError(
            "Several GPTs are called “{name}”." if found else "There is no GPT “{name}”.",
            "Use its name under My GPTs, or the id in its address.",
            name=name,
        )
    return found[0]
