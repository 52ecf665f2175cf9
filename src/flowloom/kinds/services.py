"""The outside world as blocks see it: Protocols, each with what stands in where there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flowloom.kinds.code import Code, NoCode
from flowloom.kinds.consents import Permit, Sending
from flowloom.kinds.databases import Databases, NoDatabases
from flowloom.kinds.files import Files, NoFiles
from flowloom.kinds.http import Connections, Http, NoConnections
from flowloom.kinds.mail import Mailer, NoMailer
from flowloom.kinds.mcp import Mcp, NoMcp
from flowloom.kinds.measures import Measures, NoMeasures
from flowloom.kinds.media import Media, NoMedia
from flowloom.kinds.people import People
from flowloom.kinds.values import Filter, Message, ModelReply, ModelRequest, Passage
from flowloom.kinds.web import NoWeb, Web

OnText = Callable[[str], None]


class Afresh(str):
    """A piece of a streamed text that takes the place of all that was shown of it before."""

    __slots__ = ()


class Models(Protocol):
    """Chat models by role or name."""

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask a model; `on_text` gets each piece of the answer as it arrives, never of its thoughts.

        A piece that is `Afresh` takes the place of those before it. Raises ModelError.
        """
        ...


class Knowledge(Protocol):
    """The knowledge bases of the flow that runs."""

    async def search(self, base: str, question: str, top_k: int, only: Filter | None = None) -> list[Passage]:
        """The passages that fit a question best, of what the reader may read. Raises KnowledgeError."""
        ...

    def of(self, flow_id: str) -> "Knowledge":
        """The knowledge bases of another flow."""
        ...


class Variables(Protocol):
    """What a conversation remembers between turns."""

    def get(self, name: str) -> Any:
        """The value remembered under a name, or None."""
        ...

    def set(self, name: str, value: Any) -> None: ...


class Facts(Protocol):
    """What is known about the person in all their conversations, as far as this flow may know it."""

    def all(self) -> Mapping[str, Any]:
        """Every fact by name."""
        ...

    def set(self, name: str, value: Any, *, here: bool) -> None:
        """Keep one for all GPTs, or only `here`. Raises StoreError for a secret."""
        ...


class Summaries(Protocol):
    """The running summary of a conversation."""

    def find(self, said: Sequence[Message]) -> tuple[int, str]:
        """How many of these messages, from the first on, are summed up, and the summary."""
        ...

    def keep(self, said: Sequence[Message], text: str) -> None:
        """Keep the summary of these messages, the first of the conversation."""
        ...


class NoMemory:
    """Fulfils `Facts` and `Summaries` where nothing is kept."""

    def all(self) -> Mapping[str, Any]:
        return {}

    def set(self, name: str, value: Any, *, here: bool) -> None:
        """Keeps nothing."""

    def find(self, said: Sequence[Message]) -> tuple[int, str]:
        return 0, ""

    def keep(self, said: Sequence[Message], text: str) -> None:
        """Keeps nothing."""


class Guard(Protocol):
    """Looks at what leaves a GPT: its answers, and what its blocks send elsewhere."""

    @property
    def protects(self) -> bool:
        """Whether anything is protected, so that what a model thought is not to be told."""
        ...

    def clean(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """The values as they may leave, and how many stretches of text were taken out of them."""
        ...

    def listen(self) -> Callable[[str], str]:
        """A function that is given a text piece by piece and returns what of it may be shown now."""
        ...


class NoGuard:
    """Fulfils `Guard` where nothing is protected."""

    protects = False

    def clean(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        return dict(values), 0

    def listen(self) -> Callable[[str], str]:
        return lambda piece: piece


class Consents(Protocol):
    """Which hosts a person lets a GPT send to."""

    def verdict(self, sending: Sending) -> bool | None:
        """What they said once for all; None where they have to be asked."""
        ...

    def keep(self, host: str, allowed: bool) -> None:
        """Remember it for all runs to come. ANY_PAGE is the host of all pages that are only read."""
        ...

    def watch(self, services: "Services", permit: Permit) -> "Services":
        """The same outside world, in which nothing is sent without a permit."""
        ...


class NoConsents:
    """Fulfils `Consents` where everything may leave."""

    def verdict(self, sending: Sending) -> bool | None:
        return True

    def keep(self, host: str, allowed: bool) -> None:
        """Keeps nothing."""

    def watch(self, services: "Services", permit: Permit) -> "Services":
        return services


Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""How near each of some texts is to a first one in meaning, in any languages; none where nothing is known."""


def _nothing_known(text: str, others: Sequence[str]) -> Sequence[float]:
    return ()


@dataclass(frozen=True, slots=True)
class Services:
    """The outside world of one run."""

    models: Models
    knowledge: Knowledge
    http: Http
    variables: Variables
    now: Callable[[], datetime] = field(default=datetime.now)
    people: People | None = None
    facts: Facts = field(default_factory=NoMemory)
    summaries: Summaries = field(default_factory=NoMemory)
    guard: Guard = field(default_factory=NoGuard)
    connections: Connections = field(default_factory=NoConnections)
    web: Web = field(default_factory=NoWeb)
    files: Files = field(default_factory=NoFiles)
    consents: Consents = field(default_factory=NoConsents)
    mailer: Mailer = field(default_factory=NoMailer)
    databases: Databases = field(default_factory=NoDatabases)
    media: Media = field(default_factory=NoMedia)
    code: Code = field(default_factory=NoCode)
    mcp: Mcp = field(default_factory=NoMcp)
    measures: Measures = field(default_factory=NoMeasures)
    nearness: Nearness = _nothing_known
    """How near each of some texts is to a first one in meaning; nothing where that cannot be told."""
    custom_instructions: str = ""
    """What the person who chats wants every GPT to know and heed, as a model reads it."""
