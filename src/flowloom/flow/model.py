"""The flow: frozen models that are saved as they stand."""

from typing import Annotated, Any, Literal, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

NODE_ID = r"^[a-z][a-z0-9_-]{0,39}$"
TOOL_NAME = r"^[A-Za-z0-9_-]{0,64}$"
NodeId = Annotated[str, StringConstraints(pattern=NODE_ID)]

PICTURE = r"^(data:image/(png|jpeg);base64,[A-Za-z0-9+/]+={0,2})?$"
"""A small picture within the file, shown in place of the icon; "" for none."""
MAX_NODES = 2_000
MAX_EDGES = 10_000
MAX_SAVED_ANSWERS = 500
MAX_EXAMPLES = 200


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Endpoint(NamedTuple):
    """One end of an edge: a port of a node."""

    node: str
    port: str

    def __str__(self) -> str:
        return f"{self.node}.{self.port}"


class NodeSettings(Frozen):
    """How the executor treats a node, whatever its kind.

    `timeout` is in seconds; `retries` counts the attempts after the first; `retry_wait` is the first pause
    in seconds and doubles each time; `fallback` and `pinned` are outputs by port. `rounds` is how often a loop
    goes round at most that is entered at this node. `ask_first` has a person allow it before it works. With `wait`
    it has an input more, and runs only where a block joined to that one has run. `tool_name` is what an agent calls
    it by, instead of its id.
    """

    retries: int = Field(0, ge=0, le=10)
    retry_wait: float = Field(1.0, ge=0, le=300)
    timeout: float | None = Field(None, gt=0, le=86_400)
    on_error: Literal["stop", "value", "port"] = "stop"
    fallback: dict[str, Any] = {}
    pinned: dict[str, Any] | None = None
    rounds: int = Field(10, ge=1, le=1_000)
    ask_first: bool = False
    wait: bool = False
    tool_name: Annotated[str, StringConstraints(pattern=TOOL_NAME)] = ""


class Node(Frozen):
    """A block on the canvas. `config` belongs to the kind and is kept even where the kind is unknown."""

    id: NodeId
    kind: str = Field(min_length=1, max_length=80)
    name: str = Field("", max_length=120)
    config: dict[str, Any] = {}
    settings: NodeSettings = NodeSettings()


class Edge(Frozen):
    """A line from an output port to an input port, each written `node.port`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    source: str = Field(alias="from")
    target: str = Field(alias="to")

    @field_validator("source", "target")
    @classmethod
    def _names_a_port(cls, value: str) -> str:
        node, dot, port = value.partition(".")
        if not (dot and node and 0 < len(port) <= 80 and "." not in port and port.isprintable()):
            raise ValueError("an end of a line is written node.port")
        return value

    @property
    def start(self) -> Endpoint:
        return Endpoint(*self.source.split(".", 1))

    @property
    def end(self) -> Endpoint:
        return Endpoint(*self.target.split(".", 1))


class Position(Frozen):
    """Where a block stands on the canvas, in canvas units."""

    x: float = Field(ge=-1e6, le=1e6)
    y: float = Field(ge=-1e6, le=1e6)


class Variable(Frozen):
    """Something a conversation remembers, with its value at the start."""

    name: str = Field(min_length=1, max_length=80)
    description: str = Field("", max_length=2_000)
    default: Any = None


class Budget(Frozen):
    """What one run may use at most; None is no limit. Seconds of wall clock, US dollars."""

    steps: int | None = Field(10_000, ge=1)
    seconds: float | None = Field(600, gt=0)
    tokens: int | None = Field(None, ge=1)
    money: float | None = Field(None, gt=0)


class Protection(Frozen):
    """Which texts a GPT may use and not hand out; `quote` is how many words of them may stand in a row."""

    knowledge: bool = False
    instructions: bool = False
    quote: int = Field(30, ge=10, le=500)


class SavedAnswer(Frozen):
    """What is answered to a question, without asking a model; where it is off, it is only kept."""

    question: str = Field(min_length=1, max_length=1_000, pattern=r"\S")
    answer: str = Field(min_length=1, max_length=8_000, pattern=r"\S")
    on: bool = True


def new_flow_id() -> str:
    return uuid4().hex[:12]


class Flow(Frozen):
    """A GPT: its nodes, the edges among them, and how it presents itself."""

    flowloom: Literal[1] = 1
    id: str = Field(default_factory=new_flow_id, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    name: str = Field("", max_length=120)
    description: str = Field("", max_length=4_000)
    icon: str = Field("", max_length=40)
    picture: str = Field("", max_length=60_000, pattern=PICTURE)
    language: Literal["en", "zh", "fr"] = "en"
    starters: tuple[Annotated[str, Field(max_length=500)], ...] = Field((), max_length=12)
    saved_answers: tuple[SavedAnswer, ...] = Field((), max_length=MAX_SAVED_ANSWERS)
    examples: tuple[SavedAnswer, ...] = Field((), max_length=MAX_EXAMPLES)
    """Good answers; its models read those whose question is nearest to what is asked."""
    examples_shown: int = Field(3, ge=1, le=10)
    """How many of them at most."""
    instructions: str = Field("", max_length=100_000)
    custom_instructions: bool = True
    """Whether its models also read what the person who chats wrote of themselves."""
    nodes: tuple[Node, ...] = Field((), max_length=MAX_NODES)
    edges: tuple[Edge, ...] = Field((), max_length=MAX_EDGES)
    layout: dict[str, Position] = {}
    variables: tuple[Variable, ...] = Field((), max_length=200)
    budget: Budget = Budget()
    protection: Protection = Protection()

    def node(self, node_id: str) -> Node | None:
        return next((node for node in self.nodes if node.id == node_id), None)
