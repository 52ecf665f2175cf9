"""What the executor hands a node: the turn, its tools, a person to ask, and the outside world."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flowloom.errors import NodeError, Problem
from flowloom.flow.model import SavedAnswer
from flowloom.kinds.files import Files
from flowloom.kinds.http import Connections, Http
from flowloom.kinds.mcp import Mcp
from flowloom.kinds.measures import Measures
from flowloom.kinds.media import Media
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.services import Facts, Knowledge, Models, Services, Summaries, Variables
from flowloom.kinds.values import Attachment, Message, ToolSpec, Usage
from flowloom.kinds.web import Web

T = TypeVar("T")
EXAMPLES = "examples"
"""The key under which a node notes which examples of good answers its model read."""


class Waiting(Exception):
    """Nothing more can be done before a person has answered one of these questions, named by id."""

    def __init__(self, questions: Iterable[str]) -> None:
        super().__init__()
        self.questions = frozenset(questions)


class Tool(Protocol):
    """A node joined to an agent by a `tool` edge."""

    @property
    def spec(self) -> ToolSpec: ...

    async def call(self, arguments: Mapping[str, Any]) -> Any:
        """Run the node as a nested event of this run. Raises FlowloomError."""
        ...


class SubFlow(Protocol):
    """The flow within a node, which runs as part of the same run."""

    async def run(self, given: Mapping[str, Any], item: int = 0) -> Mapping[str, Any]:
        """What its outputs are for these inputs. Items have numbers from 1, and say nothing before they are done.

        Raises FlowloomError where it fails, and Waiting where a person has to answer first.
        """
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person sent: the message, what was said before it, and the files that came with it.

    `earlier` are the files of the messages before it, the newest first.
    """

    message: str = ""
    history: Sequence[Message] = ()
    attachments: Sequence[Attachment] = ()
    earlier: Sequence[Attachment] = ()


def _nobody(question: Question) -> Reply:
    raise NodeError("There is nobody to ask here.", "Run the GPT in the app.", code="people.nobody")


async def _every_time(key: str, of: type[T], make: Callable[[], Awaitable[T]]) -> T:
    return await make()


@dataclass(frozen=True, slots=True)
class NodeContext:
    """What the executor hands a node's function beside its config and inputs."""

    node: str
    turn: Turn
    services: Services
    stream: Callable[[str, str], None]
    """`stream(port, piece)`: show a piece of a text output before the node is done."""
    spend: Callable[[Usage], None]
    """Count a model call against the run's budget. Raises BudgetError."""
    tools: Sequence[Tool] = ()
    instructions: str = ""
    """The GPT's own instructions, which come before those of any block."""
    examples: Sequence[SavedAnswer] = ()
    """The good answers of the GPT that are in use."""
    examples_shown: int = 3
    """How many of them a model reads at most."""
    language: str = "en"
    ask: Callable[[Question], Reply] = _nobody
    """What a person answers. Raises Waiting until they have; the node's function is called again then."""
    once: Callable[..., Awaitable[Any]] = _every_time
    """`once(key, type, make)`: what `make()` gave the first time, also when the function is called again."""
    advance: Callable[[int, int], None] = lambda done, of: None
    """`advance(done, of)`: show how many of its items are done."""
    given: Mapping[str, Any] | None = None
    """What came into the block this flow is; None where the flow runs by itself."""
    sub_flow: SubFlow | None = None
    """The flow within the node."""
    warn: Callable[[Problem], None] = lambda problem: None
    """Tell the person of something that went wrong and did not stop the block."""
    called: str = ""
    """As a tool: which of those that the kind offers was called."""

    @property
    def models(self) -> Models:
        return self.services.models

    @property
    def knowledge(self) -> Knowledge:
        return self.services.knowledge

    @property
    def http(self) -> Http:
        return self.services.http

    @property
    def connections(self) -> Connections:
        return self.services.connections

    @property
    def web(self) -> Web:
        return self.services.web

    @property
    def files(self) -> Files:
        return self.services.files

    @property
    def media(self) -> Media:
        return self.services.media

    @property
    def mcp(self) -> Mcp:
        return self.services.mcp

    @property
    def measures(self) -> Measures:
        return self.services.measures

    @property
    def variables(self) -> Variables:
        return self.services.variables

    @property
    def facts(self) -> Facts:
        return self.services.facts

    @property
    def summaries(self) -> Summaries:
        return self.services.summaries
