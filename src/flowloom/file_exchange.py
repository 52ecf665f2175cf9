"""GPTs in and out of an installation by a file, whichever form it has."""

from pathlib import Path
from typing import IO

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.capsule import ENDING, Capsule, is_capsule
from flowloom.flow.file import save_flow
from flowloom.flow.model import Flow
from flowloom.services.files import write_whole
from flowloom.workspace import Workspace


def take_in(home: Workspace, file: IO[bytes]) -> tuple[Flow, list[Problem]]:
    """Keep the GPT of a file, and say what is to be known of it. Raises FlowFileError and KnowledgeError."""
    if not is_capsule(file):
        data = file.read()
        notes = home.import_notes(data)
        return home.import_flow(data), notes
    with Capsule(file) as capsule:
        notes = home.notes_on(capsule.flow, with_documents=bool(capsule.manifest.documents))
        return home.import_capsule(capsule), notes


def hand_out(home: Workspace, name: str, path: Path) -> int:
    """Write a GPT to a file, by its ending a capsule or a flow file, whole or not at all; its documents in there.

    Raises FlowFileError where no GPT, or more than one, has this name or id, and OSError.
    """
    flow = home.flows.load(_id_of(home, name))
    if path.suffix != ENDING:
        save_flow(flow, path)
        return 0
    counts: list[int] = []
    write_whole(path, lambda out: counts.append(len(home.export_capsule(flow, out).documents)))
    return sum(counts)


def _id_of(home: Workspace, name: str) -> str:
    found = [entry.id for entry in home.flows.entries() if name in (entry.id, entry.name)]
    if len(found) != 1:
        raise FlowFileError(
            "Several GPTs are called “{name}”." if found else "There is no GPT “{name}”.",
            "Use its name under My GPTs, or the id in its address.",
            name=name,
        )
    return found[0]
