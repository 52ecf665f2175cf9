"""The outside world as blocks see it: Protocols, each with what stands in where there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flowloom.errors import HttpError, NodeError
from flowloom.kinds.mcp import Mcp, NoMcp
from flowloom.kinds.values import (
    Attachment,
    Filter,
    HttpReply,
    HttpRequest,
    Message,
    ModelReply,
    ModelRequest,
    Passage,
    Question,
    Reply,
    WebFindings,
    WebPage,
)

OnText = Callable[[str], None]


class Models(Protocol):
    """Chat models by role or name."""

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Ask a model; `on_text` gets each piece of the answer as it arrives. Raises ModelError."""
        ...


class Knowledge(Protocol):
    """The knowledge bases of the flow that runs."""

    async def search(self, base: str, question: str, top_k: int, only: Filter | None = None) -> list[Passage]:
        """The passages that fit a question best, of what the reader may read. Raises KnowledgeError."""
        ...

    def of(self, flow_id: str) -> "Knowledge":
        """The knowledge bases of another flow."""
        ...


class Http(Protocol):
    """Guarded requests to other computers."""

    async def request(self, request: HttpRequest) -> HttpReply:
        """Send it and read the answer within the limits. Raises HttpError."""
        ...


class Connections(Protocol):
    """Where a person signed in, each connection good for one server."""

    async def request(self, connection: str, request: HttpRequest) -> HttpReply:
        """Send it with the key of a connection, to that one's server only. Raises HttpError and SecretError."""
        ...


class NoConnections:
    """Fulfils `Connections` where nobody signed in anywhere."""

    async def request(self, connection: str, request: HttpRequest) -> HttpReply:
        raise HttpError(
            "The connection this block uses is not set up here.",
            "Open the block and choose another, or add one in Settings under Connections.",
            code="connection.missing",
        )


class Web(Protocol):
    """Pages of the web as a person reads them, and searches for them."""

    async def read(self, url: str, longest: int) -> WebPage:
        """The main text of a page, cut off after so many characters. Raises HttpError."""
        ...

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        """What a provider finds; `model` is for those that let one write. Raises HttpError and SecretError."""
        ...


class NoWeb:
    """Fulfils `Web` where nothing leads there."""

    async def read(self, url: str, longest: int) -> WebPage:
        raise NodeError("The web cannot be reached from here.", "Run the GPT in the app.", code="web.none")

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        raise NodeError("The web cannot be reached from here.", "Run the GPT in the app.", code="web.none")


class Files(Protocol):
    """Where a GPT saves files."""

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        """Keep a text as a file of that name, or one near it. Raises StoreError."""
        ...


class NoFiles:
    """Fulfils `Files` where nothing is kept."""

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        raise NodeError("No file can be saved here.", "Send the message in the chat instead.", code="files.none")


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


class People(Protocol):
    """Who answers questions, now or weeks later."""

    def post(self, id: str, node: str, question: Question) -> None:
        """Put a question before them; one that was put already stays as it is."""
        ...

    def reply(self, id: str) -> Reply | None:
        """What they answered, or None as long as they have not."""
        ...


class Guard(Protocol):
    """Looks at what leaves a GPT: its answers, and what its blocks send elsewhere."""

    def clean(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """The values as they may leave, and how many stretches of text were taken out of them."""
        ...

    def listen(self) -> Callable[[str], str]:
        """A function that is given a text piece by piece and returns what of it may be shown now."""
        ...


class NoGuard:
    """Fulfils `Guard` where nothing is protected."""

    def clean(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        return dict(values), 0

    def listen(self) -> Callable[[str], str]:
        return lambda piece: piece


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
    mcp: Mcp = field(default_factory=NoMcp)
