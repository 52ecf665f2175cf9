"""GPTs that come in: from a template, a file, a capsule or a copy; each under an id of its own, as a stranger."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from flowloom.errors import Problem
from flowloom.flow.edit import Describe, apply
from flowloom.flow.file import read_flow
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.flows.strangers import EVERYBODYS, as_stranger, named_in
from flowloom.nodes.knowledge.shared import SHARED_LEFT_OUT, searches_in, shared_in
from flowloom.run.planning.requirements import servers_needed, unconnected
from flowloom.services.knowledge.bases import KnowledgeBases, hash_of
from flowloom.store.file_identity import id_of_file, place_of
from flowloom.store.flows import FlowStore
from flowloom.store.templates import Template

CHOSEN_LEFT_OUT = Problem.of(
    "import.chosen",
    "Blocks in this file used accounts or databases that aren’t here.",
    "Choose one in each block that needs it.",
)
DOCUMENTS_LEFT_OUT = Problem.of(
    "import.documents",
    "The documents of this GPT are not in its file.",
    "Add them in the chat, or in the block that searches them.",
)
MAIN = "main"
"""The knowledge base a GPT has of its own."""


class Intake:
    """Keeps what comes in, with its documents."""

    def __init__(
        self,
        flows: FlowStore,
        knowledge: KnowledgeBases,
        aliases: Callable[[], Collection[str]],
        forget: Callable[[str], None],
    ) -> None:
        """`aliases` are the MCP servers that are set up; `forget` lets go of the documents and memory of a flow."""
        self._flows, self._knowledge, self._aliases, self._forget = flows, knowledge, aliases, forget

    def create_from_template(self, template: Template, changes: Mapping[str, Any] | None = None) -> Flow:
        """A GPT of one's own, with a copy of the template's documents; `changes` are to what it says of itself.

        Raises FlowEditError where they do not fit, and keeps nothing then.
        """
        given = as_stranger(template.flow, template.flow.id)
        described = apply(given, Describe(changes=dict(changes or {})))
        flow = self._flows.create(self.told_apart(described))
        for name, data in template.knowledge.items():
            self._knowledge.add(f"{flow.id}/{MAIN}", name, data)
        return flow

    def flow_of_file(self, path: Path, template: Template) -> Flow:
        """A flow file as it may run from where it lies, with the documents beside it.

        It is a stranger to this computer: what the person's GPTs may reach is not its own, whatever ids it writes.
        Only a file that is one of them, by its place or byte for byte, runs as that one.
        """
        if self._flows.keeps(path, template.flow.id):
            return self._flows.load(template.flow.id)
        own_id = id_of_file(path)
        for old in self._knowledge.owners(place_of(path)):
            if old != own_id:
                self._forget(old)
        base = f"{own_id}/{MAIN}"
        known = {file.name: file.hash for file in self._knowledge.files(base)}
        for name in known.keys() - template.knowledge.keys():
            self._knowledge.remove(base, name)
        for name, data in template.knowledge.items():
            if known.get(name) != hash_of(data):
                self._knowledge.add(base, name, data)
        return as_stranger(template.flow, own_id)

    def duplicate(self, flow_id: str, name: str) -> Flow:
        """A copy of a GPT with its documents."""
        flow = self._flows.duplicate(flow_id, name)
        self.copy_documents(flow_id, flow.id)
        return flow

    def copy_documents(self, from_id: str, to_id: str) -> None:
        """Give a new GPT the documents of another; where that fails, there is no new one. Raises KnowledgeError."""
        try:
            self._knowledge.copy(f"{from_id}/{MAIN}", f"{to_id}/{MAIN}")
        except BaseException:
            self._flows.delete(to_id)
            raise

    def import_flow(self, data: bytes) -> Flow:
        """Keep the flow of a file under an id of its own. Raises FlowFileError; runs and contacts nothing."""
        return self.keep_flow(read_flow(data))

    def keep_flow(self, flow: Flow) -> Flow:
        """Keep a flow from outside under an id of its own."""
        # What comes from outside may name nothing that belongs to other GPTs, as it would read their documents.
        return self._flows.create(self.told_apart(as_stranger(flow, flow.id)))

    def told_apart(self, flow: Flow) -> Flow:
        """A new GPT has a name of its own, so that two cards can be told apart."""
        return flow.model_copy(update={"name": self._flows.free_name(flow.name)}) if flow.name else flow

    def import_notes(self, data: bytes) -> list[Problem]:
        """What a person should know of a file they import. Raises FlowFileError; keeps nothing."""
        return self.notes_on(read_flow(data))

    def notes_on(self, flow: Flow, *, with_documents: bool = False) -> list[Problem]:
        """What a person should know of a flow from elsewhere, which came with its documents or without."""
        named = [SHARED_LEFT_OUT.as_warning()] if shared_in(flow) else []
        if {each.what for each in named_in(flow) - EVERYBODYS} & {"connection", "database"}:
            named.append(CHOSEN_LEFT_OUT.as_warning())
        servers = {server: (node, server) for node, server in servers_needed(flow, all_kinds())}
        left_out = [DOCUMENTS_LEFT_OUT.as_warning()] if any(searches_in(flow)) and not with_documents else []
        return [*left_out, *named, *unconnected(servers.values(), self._aliases())]
