"""Everything one installation keeps and runs, put together."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from flowloom.allowances import Allowances
from flowloom.api_keys import ApiKeys
from flowloom.assistants import Assistants
from flowloom.batches import Batches
from flowloom.belongings import Belongings
from flowloom.earning.codes import Codes
from flowloom.earning.payouts import PayingOut
from flowloom.earning.selling import Selling
from flowloom.editor import Editor
from flowloom.environment import Outside
from flowloom.errors import FlowloomError, Problem
from flowloom.evaluation.cassettes import Player, Replayed, record
from flowloom.evaluation.experiments import Experiments
from flowloom.evaluation.measuring import Measuring
from flowloom.exchange.signing import AUTHOR_KEY, public_of
from flowloom.flow.model import Flow
from flowloom.flow.secrets import hide_secrets
from flowloom.gallery.gallery import Gallery
from flowloom.gallery.subscriptions import Subscriptions
from flowloom.group_counts import GroupCounts
from flowloom.guards import Guards
from flowloom.handover import ANY, Handover
from flowloom.hooks import Hooks
from flowloom.inbox import Inbox
from flowloom.intake import Intake
from flowloom.kinds.media import Media
from flowloom.kinds.registry import all_kinds
from flowloom.mail_folders import MailTriggers
from flowloom.model_change import ModelChanges
from flowloom.partial_runs import Trials
from flowloom.people.team import Team
from flowloom.publishing import Publications
from flowloom.rehearsal import Rehearsals
from flowloom.reruns import Again
from flowloom.run.events import ENDS, RunEvent
from flowloom.run.planning.forecast import Forecast, forecast
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.spans import Traced, trace_of
from flowloom.runner import Runner
from flowloom.schedules import Schedules
from flowloom.searched_bases import SearchedBases
from flowloom.services.code.open_code import PANDAS, OpenCode
from flowloom.services.connections.signing import ConnectionKeeper
from flowloom.services.databases.registry import DatabaseKeeper
from flowloom.services.disk_failures import DAMAGED, NO_ROOM
from flowloom.services.files import home_folder, keep_to_owner, tighten
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.crawls import Crawls
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.ingest import Ingest
from flowloom.services.knowledge.readiness import Readiness
from flowloom.services.knowledge.sentence_encoder import built_in
from flowloom.services.knowledge.shared import SharedBases
from flowloom.services.knowledge.text_nearness import TextNearness
from flowloom.services.mail.settings import MailAccount, load_account, save_account
from flowloom.services.mail.smtp import SmtpMailer
from flowloom.services.mcp.clients import McpClients
from flowloom.services.mcp.registry import McpServers
from flowloom.services.media.open_media import OpenMedia
from flowloom.services.models.embeddings import open_embeddings
from flowloom.services.models.facts import embedding_host, facts_of
from flowloom.services.models.fallbacks import line_up
from flowloom.services.models.local.downloads import Downloads
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import PRACTICE_PROVIDER, ModelSettings, load_settings, save_settings
from flowloom.services.near_questions import NearQuestions
from flowloom.services.network.local_network import OwnHosts
from flowloom.services.programs import Programs
from flowloom.services.secrets import SecretStore, scrub
from flowloom.services.telemetry import (
    Traces,
    TraceSettings,
    load_trace_settings,
    save_trace_settings,
    service,
)
from flowloom.services.web.open_web import OpenWeb
from flowloom.services.web.settings import WebSettings, load_web_settings, save_web_settings
from flowloom.spending import BUILDING, PaidModels, paid_media
from flowloom.store.api_keys import ApiKeyStore
from flowloom.store.api_runs import ApiRunStore
from flowloom.store.archives import FOLDERS, SETTINGS
from flowloom.store.assistants import AssistantStore
from flowloom.store.backups import Backups
from flowloom.store.batches import BatchStore
from flowloom.store.bucket import open_bucket
from flowloom.store.cassettes import CassetteStore
from flowloom.store.consents import ConsentStore
from flowloom.store.conversation_search import ConversationSearch
from flowloom.store.crew import Crew
from flowloom.store.datasets import DatasetStore
from flowloom.store.document_texts import TextsInBucket
from flowloom.store.experiments import ExperimentStore
from flowloom.store.feeds import FeedStore
from flowloom.store.flows import FlowStore
from flowloom.store.healing import Healing
from flowloom.store.hooks import HookStore
from flowloom.store.imports import ImportStore
from flowloom.store.leases import Leases
from flowloom.store.ledger import RunLedger
from flowloom.store.mail_folders import MailFolderStore
from flowloom.store.opening import open_database, open_queue
from flowloom.store.payouts import PayoutStore
from flowloom.store.prompts import PromptStore
from flowloom.store.publications import PublicationStore, Terms
from flowloom.store.questions import QuestionStore
from flowloom.store.rescue import forget_recovery, recovery_of
from flowloom.store.restoring import INTERRUPTED, forget_interrupted, was_interrupted
from flowloom.store.runs import PAGE, RunStore
from flowloom.store.schedules import ScheduleStore
from flowloom.store.shared_conversations import SharedConversations
from flowloom.store.shelf import Shelf
from flowloom.store.spending import SpendingStore
from flowloom.store.steps import StepStore
from flowloom.store.talks import TalkStore
from flowloom.store.tunings import TuningStore
from flowloom.store.uploads import Uploads
from flowloom.store.versions import VersionStore
from flowloom.store.visitor_records import VisitorRecords
from flowloom.studio.tries import Studio
from flowloom.sweep import Sweep
from flowloom.takeover import Takeover
from flowloom.tuning.tunings import Settings as TuningSettings
from flowloom.tuning.tunings import Tunings
from flowloom.visits.visits import Visits

MOST_WITHOUT_MODEL = 1_000
"""How many runs that ask no paid model may go at a time over all workers."""
BIN_SECONDS = 30 * 86_400
"""How long a deleted GPT can be brought back."""


OURS = ("flowloom.*", "secrets.*", *SETTINGS, "recovery.json", *FOLDERS, "backups", "models")
"""What Flowloom keeps in its folder, which a person may have chosen to share with other things."""


class OfFlows(Protocol):
    """Holds something of single GPTs."""

    def delete_of(self, flow: str, /) -> None: ...


class Workspace:
    """The parts of the app that live as long as its process."""

    def __init__(self, home: Path) -> None:
        self.home = home
        tighten_home(home)
        self._db = open_database(home / "flowloom.db")
        self.team = Team(self._db)
        self.backups = Backups(home, self._db)
        self.leases = Leases(self._db)
        self.secrets = SecretStore(home)
        settings = load_settings(home)
        self.nearness = TextNearness()
        self.models = ModelRouter(settings, self.secrets, nearness=self.nearness)
        self.knowledge = KnowledgeBases(
            home / "knowledge",
            self._embedder(settings),
            self._former_embedder,
            self.leases,
            TextsInBucket(open_bucket(), self._db),
        )
        self.readiness = Readiness(self.knowledge)
        self.ingest = Ingest(self.knowledge, self.readiness, self.leases)
        self.shared = SharedBases(self.knowledge)
        self.flows = FlowStore(home / "flows", self._db)
        self.uploads = Uploads(home / "uploads")
        self.runs = RunStore(self._db)
        self.conversation_search = ConversationSearch(self._db)
        self.shared_conversations = SharedConversations(self._db, self.runs)
        self.memory = self.runs.memory
        self.versions = VersionStore(self._db)
        self.steps = StepStore(self._db)
        self.own_hosts = OwnHosts(home)
        self.model_downloads = Downloads(
            home / "models", self.own_hosts.http, lambda host: host in self.own_hosts.names
        )
        self.crawls = Crawls(self.knowledge, self.own_hosts.http)
        self.searched = SearchedBases(
            self.flows, self.knowledge, self.ingest, self.shared, self.crawls, self.readiness
        )
        self.web = OpenWeb(self.secrets, load_web_settings(home), self.own_hosts.http)
        self.media = OpenMedia(self.models, self.secrets)
        self.programs = Programs(self.secrets)
        self.code = OpenCode(lambda: self.programs.may_run(PANDAS))
        self.mcp = McpClients(McpServers(home, self.secrets, self.programs), self.own_hosts.http)
        lacking = self.searched.lacking
        self.editor = Editor(self.flows, self.versions, self.steps, lambda: self.mcp.servers.aliases, lacking)
        self.questions = QuestionStore(self._db)
        self.healing = Healing(self._db, self.runs, self.questions)
        self.consents = ConsentStore(self._db)
        self.shelf = Shelf(self._db)
        self.spending = SpendingStore(self._db)
        self.talks = TalkStore(self._db)
        self.imports = ImportStore(self._db)
        self._publications = PublicationStore(self._db)
        self.publications = Publications(self._publications, self.flows.exists, lacking, self.team.note)
        self._api_keys = ApiKeyStore(self._db)
        self.api_keys = ApiKeys(self._api_keys)
        self.api_keys.is_in = self.team.accounts.is_in
        self.assistants = Assistants(AssistantStore(self._db), self.api_keys)
        self.allowances = Allowances(self.spending, lambda: self.models.settings, self._api_keys, self.team)
        self.intake = Intake(self.flows, self.knowledge, lambda: self.mcp.servers.aliases, self._forget_what_it_may)
        self.api_runs = ApiRunStore(self._db)
        self.guards = Guards(self.knowledge)
        self.connections = ConnectionKeeper(home, self.secrets)
        self.belongings = Belongings(
            home,
            self.team,
            self.flows,
            self.runs,
            self.shared,
            self.connections,
            lambda runs: self.runner.end_all(runs),
        )
        self.mailer = SmtpMailer(self.secrets, load_account(home))
        self.databases = DatabaseKeeper(home, self.secrets)
        self.files = home / "files"
        outside = Outside(
            folder=self.files,
            runs=self.runs,
            models=self.models,
            knowledge=self.knowledge,
            connections=self.connections,
            web=self.web,
            media=self.media,
            guards=self.guards,
            own_hosts=self.own_hosts,
            consents=self.consents,
            mailer=self.mailer,
            databases=self.databases,
            code=self.code,
            mcp=self.mcp,
            measures=Measuring(self.nearness),
            nearness=NearQuestions(self.nearness),
            custom_instructions=self.belongings.custom_instructions,
            granted=self._granted,
            may_search=self.belongings.may_search,
            purse=self.allowances.purse_for,
            permit=self.allowances.permit,
        )
        self.crew = Crew(self._db, self.leases)
        self.handover = Handover(self.runs, self.leases, self.crew, open_queue(self._db), self._lane_of)
        self.runner = Runner(
            self.runs,
            self.questions,
            self.leases,
            outside.of,
            outside.during,
            self.models.aclose,
            self.nearness,
            self.handover,
        )
        self.again = Again(self.runs, self.runner)
        self.trials = Trials(self.runs, self.runner)
        self.rehearsals = Rehearsals(self.runner, self.guards)
        self.model_changes = ModelChanges(self.runs, self.runner)
        self.batches = Batches(BatchStore(self._db), self.runs, self.runner, self.leases)
        self.datasets = DatasetStore(self._db)
        self.cassettes = CassetteStore(self._db)
        self.experiments = Experiments(
            ExperimentStore(self._db),
            self.flows,
            self.runner,
            self.guards,
            self.leases,
            lambda model: "/".join(line_up(self.models.settings, model)[:1]) or model,
            self.nearness,
            self.datasets.files,
            self.handover,
        )
        self.studio = Studio(PromptStore(self._db), self.runner, self.leases, self.models_for, self.handover)
        self.tunings = Tunings(
            TuningStore(self._db), self.runner, self.leases, self.secrets,
            TuningSettings(lambda: self.models.settings, self.models_changed, self.read_settings_again),
            self.allowances.purse_of, self.handover,
        )  # fmt: skip
        self.schedules = Schedules(ScheduleStore(self._db), self.runs, self.runner, self._as_served)
        self.hooks = Hooks(HookStore(self._db), self.runs, self.runner, self.secrets, self._as_served)
        self.mail_folders = MailTriggers(
            MailFolderStore(self._db), self.runs, self.runner, self.secrets, self._as_served, self.own_hosts.http
        )
        self.takeover = Takeover(
            self.runner,
            self.handover,
            self.batches,
            (self.experiments, self.studio, self.tunings),
            self._tell_whoever_began,
        )
        self.inbox = Inbox(self.questions, self.runner)
        self.visits = Visits(
            self.publications,
            self.runs,
            VisitorRecords(self._db),
            self.runner,
            self.inbox,
            self.questions,
            lambda text: hide_secrets(self.secrets.scrub(text)),
            is_theirs=lambda account, flow: self.team.may_build(account, "gpt", flow),
        )
        self.gallery = Gallery(
            self._db, self.publications, self._publications, self.team, self.visits, self.own_hosts, self.mailer
        )
        self.gallery.review_with(
            self.knowledge, self.rehearsals, self.hosts_of, self.models_for, lambda: self.models.settings.roles
        )
        self.selling = Selling(home, self._db, lambda flow: self.team.owners.of("gpt", flow), self.secrets)
        self.codes = Codes(self.selling)
        self.paying_out = PayingOut(self.selling, PayoutStore(self._db), self.belongings.name_of_account)
        self.visits.store_is_open = lambda: self.team.console.permissions.store_is_open
        self.visits.admit, self.gallery.check_terms = self.selling.access.admit, self.selling.check_terms
        self._let_in, self.publications.let_in = self.publications.let_in, self._let_publish
        # A key or an address for programs is outside, whoever may use the GPT by its page.
        self.api_keys.let_make = self.hooks.let_add = lambda flow: self.team.console.require_sharing("link", flow)
        self.subscriptions = Subscriptions(FeedStore(self._db), self.own_hosts.http, self.own_key, self.team.note)
        self.sweep = Sweep(
            self.team.console,
            VisitorRecords(self._db),
            self.runner,
            (
                self._empty_bin,
                self.runs.empty_dropped,
                lambda: asyncio.run(self.subscriptions.refresh_due()),
            ),
            lambda: self._db.read_only,
        )
        self.traces = Traces(load_trace_settings(home))
        self.runner.watch(self._trace)
        self.runner.watch(GroupCounts(self.team, self.runs, self.runner.view).count)
        self._log_settings()
        self.ledger = RunLedger(self._db, self.runs, self.runner.is_running)
        with suppress(FlowloomError, OSError):  # On a full disk it waits in the bin until the next start.
            self._empty_bin()

    def lanes(self) -> dict[str, int]:
        """How many runs may go at a time over all workers, by the provider whose models they ask."""
        asked = {provider.id: provider.at_once for provider in self.models.settings.providers}
        return {ANY: MOST_WITHOUT_MODEL, PRACTICE_PROVIDER.id: MOST_WITHOUT_MODEL, **asked}

    def _lane_of(self, flow: Flow) -> str:
        """The provider that a run asks; of several the one that takes the fewest at once."""
        models = {model for block in self.forecast(flow).blocks for model in block.models}
        lanes = self.lanes()
        known = [name for model in models if (name := model.partition("/")[0]) in lanes]
        return min(known, key=lambda name: (lanes[name], name), default=ANY)

    def _tell_whoever_began(self, run_id: str, problem: Problem) -> None:
        """Say in the list of automatic runs why a run stays where it is."""
        self.schedules.store.ended(run_id, problem)
        self.hooks.store.ended(run_id, problem)
        self.mail_folders.store.ended(run_id, problem)

    def read_settings_again(self) -> None:
        """Go by what was set in another process meanwhile, as far as runs are concerned."""
        settings = load_settings(self.home)
        if settings != self.models.settings:
            self.models.use(settings)
            self.knowledge.use(self._embedder(settings))
        self.web.settings = load_web_settings(self.home)
        self.mailer.account = load_account(self.home)

    def out_of_order(self) -> str:
        """Why nothing could begin to run here now, in one word for machines; empty where it could."""
        if self.runner.is_closed or self.runner.is_held:
            return "closing"
        if self._db.read_only or self._db.damaged:
            return "data"
        return "" if self._db.one("SELECT 1") else "data"

    def notices(self) -> list[Problem]:
        """What a person has to know of their data before anything else."""
        told = recovery_of(self.home)
        notices = [told.problem()] if told else []
        if was_interrupted(self.home):
            notices.append(INTERRUPTED)
        if self._db.damaged:
            notices.append(DAMAGED)
        if self._db.read_only:
            notices.append(NO_ROOM if self._db.no_room else self._db.only_read)
        return notices

    def notices_seen(self) -> None:
        """The person knows of what is over."""
        forget_recovery(self.home)
        forget_interrupted(self.home)

    def take_back(self, backup: str) -> str:
        """Go back to a backup; the present state is kept in the file whose name this returns. Raises StoreError."""
        self.team.note("settings_changed", f"backup: {backup}")
        kept = self.backups.take_back(backup)
        forget_recovery(self.home)
        return kept

    def _trace(self, flow_id: str, event: RunEvent) -> None:
        """Send the trace of a run that ended, where the person wants that."""
        if isinstance(event, ENDS):
            self.traces.tell(lambda: trace_of(self._traced(flow_id, event.run_id), service()))

    def _traced(self, flow_id: str, run_id: str) -> Traced:
        flow = self.flows.load(flow_id) if self.flows.exists(flow_id) else None
        keys = self.secrets.values()
        return Traced(
            run_id,
            self.runs.events(run_id),
            flow,
            with_values=self.traces.settings.with_values and self.runs.via_of(run_id) != PAGE,
            clean=lambda text: hide_secrets(scrub(text, keys)),
        )

    def traces_changed(self, settings: TraceSettings) -> None:
        """Keep where traces go, from the next run on. Raises HttpError where the address is none."""
        save_trace_settings(self.home, settings)
        self.note_settings("traces", self.traces.settings, settings)
        self.traces.settings, self.traces.problem = settings, None

    def web_changed(self, settings: WebSettings) -> None:
        """Keep how the web is searched, from the next search on. Raises HttpError where an address is none."""
        save_web_settings(self.home, settings)
        self.note_settings("web search", self.web.settings, settings)
        self.web.settings = settings

    def mail_changed(self, account: MailAccount) -> None:
        """Keep from which account e-mail is sent, from the next one on. Raises MailError."""
        save_account(self.home, account)
        self.note_settings("email", self.mailer.account, account)
        self.mailer.account = account

    def note_settings(self, what: str, before: BaseModel | None, after: BaseModel | None) -> None:
        """Log which settings whoever is acting changed; never what is in them, which may be a key."""
        old, new = (dict(each) if each else {} for each in (before, after))
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if changed:
            self.team.note("settings_changed", f"{what}: {', '.join(changed)}")

    def _note_settings_of(self, what: str) -> Callable[[str], None]:
        return lambda name: self.team.note("settings_changed", f"{what}: {name}")

    def _log_settings(self) -> None:
        """Who changes keys, allows computers or connects servers and databases stands in the log."""
        self.own_hosts.changed = self._note_settings_of("local network")
        self.mcp.servers.changed = self._note_settings_of("MCP servers")
        self.secrets.changed = self._note_settings_of("keys")
        self.databases.changed = self._note_settings_of("databases")
        # Which service somebody has an account at is theirs alone.
        self.connections.changed = lambda name: self.team.note("settings_changed", "accounts")

    def _empty_bin(self, older_than: float = BIN_SECONDS) -> None:
        """Let go of GPTs deleted long ago, with their documents and conversations."""
        if self._db.read_only:
            return
        self.experiments.store.forget_old_calls(older_than)
        for flow_id in self.flows.forget_deleted(older_than):
            self._forget_what_it_may(flow_id)
            for store in self._kept_of_flows():
                store.delete_of(flow_id)
            self.team.owners.delete("gpt", flow_id)
            self.flows.forgotten(flow_id)

    def _kept_of_flows(self) -> Sequence[OfFlows]:
        """What holds something of single GPTs, which goes with them."""
        return (
            *(self.questions, self.api_keys, self.runs, self.versions, self.steps, self.shelf, self.talks),
            self.team.console.retention,
            *(self.imports, self._publications, self.gallery, self.hooks, self.mail_folders),
            *(self.batches.store, self.schedules.store, self.datasets, self.cassettes, self.experiments.store),
            self.selling.orders,
            self.studio.store,
            self.tunings.store,
        )

    def _forget_what_it_may(self, flow_id: str) -> None:
        """Let go of the documents, permissions and memory of a flow."""
        self.knowledge.delete_all(flow_id)
        self.ingest.delete_all(flow_id)
        self.consents.delete_of(flow_id)
        self.memory.forget_flow(flow_id)

    def own_key(self) -> str:
        """The public key that signs what leaves; empty where nothing was signed yet."""
        return public_of(self.secrets.reveal(AUTHOR_KEY)) if self.secrets.has(AUTHOR_KEY) else ""

    def _let_publish(self, flow: Flow, terms: Terms) -> None:
        """Raises PublishError and PeopleError where a GPT may not be shared so."""
        console = self.team.console
        console.require_sharing(terms.audience, flow.id)
        self._let_in(flow, terms)

    def models_for(self, flow_id: str = "") -> PaidModels:
        """The models as somebody who builds asks them: counted for the GPT, or for building where there is none."""
        return PaidModels(self.models, self.allowances.purse_of(flow_id or BUILDING))

    def media_for(self, flow_id: str) -> Media:
        """Pictures and voices as somebody who builds or listens asks for them: counted for the GPT."""
        return paid_media(self.media, self.allowances.purse_of(flow_id))

    def models_changed(self, settings: ModelSettings) -> None:
        """Keep new model settings and use them from the next call on."""
        save_settings(self.home, settings)
        self.note_settings("models", self.models.settings, settings)
        self.models.use(settings)
        self.knowledge.use(self._embedder(settings))

    def _embedder(self, settings: ModelSettings) -> Embedder | None:
        """The embedding model that was chosen, else the one that comes with Flowloom."""
        return open_embeddings(settings, self.secrets) or built_in()

    def _former_embedder(self, name: str) -> Embedder | None:
        """What made an index of before, to answer until there is a new one.

        None where questions would go to a host that the settings no longer name: words answer then.
        """
        own = built_in()
        if own is not None and own.name == name:
            return own
        settings = self.models.settings
        before = settings.model_copy(update={"embedding": name})
        allowed = embedding_host(before) in ("", embedding_host(settings))
        return open_embeddings(before, self.secrets) if name and allowed else None

    def forecast(self, flow: Flow) -> Forecast:
        """What a run of this flow will take. Raises FlowFileError where it cannot run yet."""
        settings = self.models.settings
        plan = plan_of(flow, all_kinds())
        return forecast(plan, lambda model: facts_of(settings, model), embedding_host(settings))

    def keep_as_test(self, flow: Flow, conversation: str) -> str:
        """Keep a chat as a test, and give its id. Raises StoreError where it cannot be one."""
        return self.cassettes.keep(flow.id, record(self.runs, flow, conversation, self.secrets.scrub))

    def run_tests(self, flow: Flow) -> dict[str, Replayed]:
        """Replay the chats that are kept as tests of a GPT; no model is asked. By the id of the test."""
        player = Player(flow, self.runner.services(flow.id, ""), self.secrets.scrub, self.nearness)
        found: dict[str, Replayed] = {}

        async def play() -> None:
            for each in self.cassettes.all(flow.id):
                found[each.id] = await player.play(self.cassettes.load(each.id))

        self.runner.begin(play()).result()
        return found

    def _as_served(self, flow_id: str) -> Flow:
        """A GPT as others get it, else as it is. Raises StoreError where it is gone."""
        publication = self.publications.of(flow_id)
        is_served = publication is not None and publication.live and self.flows.exists(flow_id)
        served = self.publications.served(flow_id) if is_served else None
        return served or self.flows.load(flow_id)

    def hosts_of(self, flow: Flow) -> tuple[str, ...]:
        """Where the blocks of this flow send what they get, as they name it; nothing where it cannot run."""
        try:
            hosts = self.forecast(flow).hosts
        except FlowloomError:
            return ()
        return tuple(host for host in hosts if host != embedding_host(self.models.settings))

    def _granted(self, flow_id: str) -> frozenset[str]:
        """Where a published flow may send while others use it."""
        publication = self.publications.of(flow_id)
        hosts = {host.lower() for host in publication.terms.hosts} if publication else set()
        # A block names a server by its alias; what is sent goes to where that one is.
        servers = (server for server in self.mcp.servers.all if server.alias.lower() in hosts)
        return frozenset(hosts | {server.where.lower() for server in servers})

    def hold(self) -> None:
        """Begin nothing by itself any more, neither by the clock nor of tables; what is under way goes on."""
        self.runner.hold()

    def close(self) -> None:
        self.sweep.close()
        self.uploads.close()
        self.crawls.close()
        self.knowledge.close()
        self.runner.close()
        self.code.close()
        self.traces.close()
        self.leases.close()
        self.backups.close()
        self._db.close()


def tighten_home(home: Path) -> None:
    """Take from other users of this computer what an earlier version let them read of what is ours here."""
    if not home.is_dir():
        return
    keep_to_owner(home)
    for pattern in OURS:
        for path in home.glob(pattern):
            tighten(path)


def open_workspace(home: Path | None = None) -> Workspace:
    return Workspace(home or home_folder())


@cache
def workspace() -> Workspace:
    """The one workspace of this process."""
    found = open_workspace()
    found.backups.keep_daily()
    found.knowledge.renew_stale()
    found.schedules.begin()
    found.mail_folders.begin()
    found.takeover.begin()
    found.sweep.begin()
    found.tunings.follow_all()
    return found
