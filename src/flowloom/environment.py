"""The outside world of a run: what its blocks may reach, and what keeps watch over it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from flowloom.guards import Guards
from flowloom.kinds.code import Code
from flowloom.kinds.consents import Permit
from flowloom.kinds.context import Turn
from flowloom.kinds.databases import Databases
from flowloom.kinds.http import Connections
from flowloom.kinds.mail import Mailer
from flowloom.kinds.measures import Measures
from flowloom.kinds.media import Media
from flowloom.kinds.services import Models, Nearness, Services
from flowloom.kinds.web import Web
from flowloom.run.planning.plan import Plan
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.flow_knowledge import FlowKnowledge
from flowloom.services.mcp.clients import McpClients
from flowloom.services.network.local_network import OwnHosts
from flowloom.services.network.permitted_requests import watched
from flowloom.spending import PaidModels, Purse, paid_media
from flowloom.store.consents import ConsentStore, FlowConsents, GuestConsents
from flowloom.store.memory import ConversationSummaries, ConversationVariables
from flowloom.store.runs import Guest, RunStore
from flowloom.store.saved_files import ConversationFiles, GuestFiles, RunFiles


@dataclass(frozen=True, slots=True)
class Outside:
    """All that runs on this computer share."""

    folder: Path
    """Where files are saved."""
    runs: RunStore
    models: Models
    knowledge: KnowledgeBases
    connections: Connections
    web: Web
    media: Media
    guards: Guards
    own_hosts: OwnHosts
    consents: ConsentStore
    mailer: Mailer
    databases: Databases
    code: Code
    mcp: McpClients
    measures: Measures
    nearness: Nearness
    """How near texts are in meaning."""
    custom_instructions: Callable[[str], str]
    """What the person who builds a flow, and so chats in the app, wants every GPT to heed."""
    granted: Callable[[str], frozenset[str]]
    """Where a flow may send while others use it."""
    may_search: Callable[[str, str], bool]
    """Whether a flow may search a shared knowledge base."""
    purse: Callable[[str, Guest], Purse]
    """What a flow may still spend, and whoever asks it."""
    permit: Callable[[str], Permit | None]
    """What the rules of a workspace say to all that a flow sends; None where nothing is limited."""

    def of(self, flow_id: str, conversation: str) -> Services:
        """The outside world of a flow in a conversation, in which there is nobody to ask and nothing is saved."""
        guest = self.runs.guest_of(conversation)
        purse = self.purse(flow_id, guest)
        own = FlowConsents(self.consents, flow_id)
        consents = GuestConsents(self.consents, flow_id, self.granted(flow_id)) if guest.is_other else own
        services = Services(
            PaidModels(self.models, purse),
            FlowKnowledge(
                self.knowledge,
                flow_id,
                self.runs.reader_of(conversation),
                lambda base: self.may_search(flow_id, base),
            ),
            self.own_hosts.http(),
            ConversationVariables(self.runs.memory, conversation),
            facts=self.runs.facts_of(conversation, flow_id),
            summaries=ConversationSummaries(self.runs.memory, conversation),
            connections=self.connections,
            web=self.web,
            consents=consents,
            mailer=self.mailer,
            databases=self.databases,
            media=paid_media(self.media, purse),
            files=ConversationFiles(self.runs, conversation),
            code=self.code,
            mcp=self.mcp.of(f"{flow_id}/{conversation}"),
            measures=self.measures,
            nearness=self.nearness,
            custom_instructions="" if guest.is_other else self.custom_instructions(flow_id),
        )
        permit = self.permit(flow_id)
        return watched(services, permit) if permit else services

    def during(self, services: Services, plan: Plan, turn: Turn, conversation: str, run_id: str) -> Services:
        """The same for a run that is no trial: what it saves is kept, and what leaves it is looked at."""
        said = [message.text for message in turn.history if message.role == "assistant"]
        kept = GuestFiles if self.runs.guest_of(conversation).is_private else RunFiles
        return replace(
            services,
            guard=self.guards.of(plan, said, plan.language),
            files=kept(self.folder, self.runs, plan.flow_id, conversation, run_id),
        )
