"""The outside world as blocks see it: Protocols, each with what stands in where there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flowloom.errors import HttpError, ModelError, NodeError
from flowloom.kinds.code import Chart, CodeJob, CodeResult, Picture
from flowloom.kinds.mcp import Mcp, NoMcp
from flowloom.kinds.media import Judgement, Made, PictureWish, Recording, SpeechWish, Written
from flowloom.kinds.values import (
    Attachment,
    Filter,
    HttpReply,
    HttpRequest,
    Mail,
    Message,
    ModelReply,
    ModelRequest,
    Passage,
    Query,
    Question,
    Reply,
    Rows,
    Sending,
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

    def searched_at(self, provider: str, language: str) -> str:
        """The address a provider is asked at. Raises HttpError where none is set."""
        ...


class NoWeb:
    """Fulfils `Web` where nothing leads there."""

    async def read(self, url: str, longest: int) -> WebPage:
        raise NodeError("The web cannot be reached from here.", "Run the GPT in the app.", code="web.none")

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        raise NodeError("The web cannot be reached from here.", "Run the GPT in the app.", code="web.none")

    def searched_at(self, provider: str, language: str) -> str:
        return ""


class Media(Protocol):
    """Models that draw, speak, listen and judge."""

    async def draw(self, wish: PictureWish) -> Made:
        """Make a picture. Raises ModelError."""
        ...

    async def speak(self, wish: SpeechWish) -> Made:
        """Make a sound of a text. Raises ModelError."""
        ...

    async def write_down(self, recording: Recording) -> Written:
        """What is said in a recording. Raises ModelError."""
        ...

    async def judge(self, text: str, model: str) -> Judgement:
        """What a vendor's moderation finds in a text. Raises ModelError."""
        ...


class NoMedia:
    """Fulfils `Media` where nobody draws, speaks or listens."""

    async def draw(self, wish: PictureWish) -> Made:
        raise self._nobody()

    async def speak(self, wish: SpeechWish) -> Made:
        raise self._nobody()

    async def write_down(self, recording: Recording) -> Written:
        raise self._nobody()

    async def judge(self, text: str, model: str) -> Judgement:
        raise self._nobody()

    @staticmethod
    def _nobody() -> ModelError:
        return ModelError("There are no pictures and voices here.", "Run the GPT in the app.", code="media.none")


class Files(Protocol):
    """Where a GPT saves files, and those of the conversation it is in."""

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        """Keep a text as a file of that name, or one near it. Raises StoreError."""
        ...

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        """Keep a picture or a sound as a file of that name, or one near it. Raises StoreError."""
        ...

    def read(self, file: Attachment) -> bytes:
        """The bytes of a file that was added or made in this conversation. Raises StoreError."""
        ...


class NoFiles:
    """Fulfils `Files` where nothing is kept."""

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        raise self._none()

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        raise self._none()

    def read(self, file: Attachment) -> bytes:
        raise NodeError("There are no files here.", "Send the message in the chat instead.", code="files.none")

    @staticmethod
    def _none() -> NodeError:
        return NodeError("No file can be saved here.", "Send the message in the chat instead.", code="files.none")


class Mailer(Protocol):
    """The person's e-mail account."""

    def recipients(self, line: str) -> tuple[str, ...]:
        """The addresses of a line, with commas between them. Raises MailError where one is none."""
        ...

    def draft(self, mail: Mail) -> str:
        """The e-mail as a file that a mail program opens and sends."""
        ...

    async def send(self, mail: Mail) -> tuple[str, ...]:
        """Send it; those whom the server did not take it for. Raises MailError and SecretError."""
        ...


class NoMailer:
    """Fulfils `Mailer` where there is no way out."""

    def recipients(self, line: str) -> tuple[str, ...]:
        return (line,)

    def draft(self, mail: Mail) -> str:
        return mail.text

    async def send(self, mail: Mail) -> tuple[str, ...]:
        raise NodeError("No e-mail can be sent from here.", "Run the GPT in the app.", code="mail.none")


class Databases(Protocol):
    """The databases a person set up."""

    async def query(self, database: str, query: Query) -> Rows:
        """What one answers. Raises DatabaseError and SecretError."""
        ...

    async def tables(self, database: str) -> str:
        """Its tables and their columns, a table a line. Raises DatabaseError and SecretError."""
        ...


class NoDatabases:
    """Fulfils `Databases` where there are none."""

    async def query(self, database: str, query: Query) -> Rows:
        raise NodeError("No database can be reached from here.", "Run the GPT in the app.", code="database.none")

    async def tables(self, database: str) -> str:
        raise NodeError("No database can be reached from here.", "Run the GPT in the app.", code="database.none")

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        raise NodeError("No file can be saved here.", "Send the message in the chat instead.", code="files.none")


class Code(Protocol):
    """A closed place for code that somebody wrote, and the charts it asks for."""

    async def engines(self) -> Sequence[str]:
        """What code may be run by on this computer: "small", and "pandas" where that can be walled in."""
        ...

    async def run(self, job: CodeJob) -> CodeResult:
        """Run code within its limits. What goes wrong in it is part of the result."""
        ...

    async def draw(self, chart: Chart) -> Picture:
        """A chart as a picture."""
        ...


class NoCode:
    """Fulfils `Code` where there is no such place."""

    async def engines(self) -> Sequence[str]:
        return ()

    async def run(self, job: CodeJob) -> CodeResult:
        raise NodeError("No code can be run here.", "Run the GPT in the app.", code="code.none")

    async def draw(self, chart: Chart) -> Picture:
        raise NodeError("No code can be run here.", "Run the GPT in the app.", code="code.none")


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


Permit = Callable[[Sending], None]
"""Returns where something may leave. Raises Waiting until a person has said so, NodeError where it may not."""


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


ANY_PAGE = "*"


class NoConsents:
    """Fulfils `Consents` where everything may leave."""

    def verdict(self, sending: Sending) -> bool | None:
        return True

    def keep(self, host: str, allowed: bool) -> None:
        """Keeps nothing."""

    def watch(self, services: "Services", permit: Permit) -> "Services":
        return services


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
    consents: Consents = field(default_factory=NoConsents)
    mailer: Mailer = field(default_factory=NoMailer)
    databases: Databases = field(default_factory=NoDatabases)
    media: Media = field(default_factory=NoMedia)
    code: Code = field(default_factory=NoCode)
    mcp: Mcp = field(default_factory=NoMcp)
