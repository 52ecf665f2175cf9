"""The values of the field that travel along edges: messages, passages, attachments, usage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import Problem


class Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class ToolCall(Value):
    """A model's wish to call a tool. `vendor` is what its server put beside it, for that server alone."""

    id: str
    name: str
    arguments: dict[str, Any] = {}
    vendor: dict[str, Any] = {}


class Vendor(Value):
    """What a model's server put into its turn beside what everyone knows: signatures, its own record of thoughts.

    It goes back with the turn while the model uses tools, to the server and model that `source` names and nobody
    else, and ends with the answer. Nobody looks into it.
    """

    source: str
    fields: dict[str, Any] = {}


class Message(Value):
    """One turn of a conversation. A `tool` message answers the call whose id it carries."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    vendor: Vendor | None = None


class Match(Value):
    """Why a passage was found.

    `words` are those of the question that are in it, as the person wrote them. `by_words` and `by_meaning` are
    its ranks, from 1, in either search; None where that one did not find it. `sentence` is that of the passage
    nearest in meaning, "" where none is told; `enough` whether the passage fits well enough to answer.
    """

    words: tuple[str, ...] = ()
    by_words: int | None = None
    by_meaning: int | None = None
    sentence: str = ""
    enough: bool = True


class Passage(Value):
    """A stretch of a document with the place it can be opened at.

    `page` counts from 1 and is None where the format has no pages; `part` names what is no page but a slide or
    a sheet. `start` is the offset in characters of the passage in the document's extracted text, after the first
    `repeated` characters, which are the header of its table. `score`, from 0 to 1, says how well it fits by itself.
    """

    text: str
    file: str
    page: int | None = None
    start: int = 0
    heading: str = ""
    score: float = 0.0
    part: str = ""
    repeated: int = 0
    why: Match | None = None

    @property
    def place(self) -> str:
        """Where it stands, as a citation says it: `handbook.pdf, p. 3`."""
        if self.part:
            return f"{self.file}, {self.part}"
        page = f", p. {self.page}" if self.page else ""
        return self.file + (page or (f", {self.heading}" if self.heading else ""))


class Filter(Value):
    """Which files to search: all, unless something is said. One of the tags is enough; dates are of changes."""

    files: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class Reader(Value):
    """Who asks. The `owner` of this computer may read everything."""

    name: str = ""
    groups: tuple[str, ...] = ()
    owner: bool = False


OWNER = Reader(owner=True)

SHARED = "shared:"
"""How the name of a shared base begins where a block names one."""


class Attachment(Value):
    """A file a person added to a message: bytes we stored under `id`, and the text we read from them."""

    id: str
    name: str
    media_type: str = "application/octet-stream"
    size: int = 0
    text: str = ""


class Usage(Value):
    """What a model call used. Tokens and US dollars; None is unknown, never zero.

    `cached_tokens` are those of `input_tokens` that the server had read before, which often cost less.
    """

    model: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    cached_tokens: int | None = None

    @property
    def tokens(self) -> int | None:
        """All tokens that are known of."""
        known = [count for count in (self.input_tokens, self.output_tokens) if count is not None]
        return sum(known) if known else None


class ToolSpec(Value):
    """A tool as a model sees it: `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: dict[str, Any]


class Shown(Value):
    """A picture that is shown to a model."""

    media_type: str
    data: bytes = Field(exclude=True, repr=False)


class TableFacts(Value):
    """What is known of a table without reading it: its columns, which of them are numbers, and the first rows."""

    name: str
    columns: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    count: int = 0
    first: tuple[dict[str, Any], ...] = ()


class Candidate(Value):
    """What could have stood in the place of a token: its bytes in hex, and how likely it was (natural log)."""

    raw: str
    logprob: float

    @property
    def data(self) -> bytes:
        return bytes.fromhex(self.raw)


class Token(Candidate):
    """A piece of an answer as its model counts them, which may be a part of a sign; none at all is the end of it.

    `others` are the likeliest in its place, itself among them.
    """

    others: tuple[Candidate, ...] = ()


class ModelRequest(Value):
    """One call of a model. `model` is a role (`default`, `fast`, `careful`) or `provider/model`.

    With `response_schema`, a JSON schema of type object, the reply's `fields` hold an object of that shape.
    With `choices` (label to description), the reply's text is exactly one of the labels, or "" for none.
    `passages` are those the messages quote, None where nothing was searched: for the practice model, and for
    citations. `tables` are those that code is wanted for, and `results` what came of it: both for the practice
    model. `begun` is how the answer begins: the model goes on from there, and the reply holds what comes after
    it. With `alternatives` the reply tells its tokens where the model tells their probabilities, with so many
    others beside each. `most_tokens` is how long the answer may be. `said` is what the person wrote in this run
    and `known` what is remembered of them, a line each, which tell their words in a prompt from the builder's:
    for the practice model. `pictures` go with the person's last message.
    """

    messages: Sequence[Message]
    model: str = "default"
    temperature: float | None = None
    tools: Sequence[ToolSpec] = ()
    response_schema: dict[str, Any] | None = None
    choices: dict[str, str] | None = None
    passages: Sequence[Passage] | None = None
    said: Sequence[str] = ()
    known: Sequence[str] = ()
    pictures: Sequence[Shown] = ()
    tables: Sequence[TableFacts] = ()
    results: Sequence[str] = ()
    begun: str = ""
    alternatives: int | None = None
    most_tokens: int | None = None


class ModelReply(Value):
    """What a model answered. `left_out` names the tools that it could not be given.

    `thoughts` are what it thought on its way, no part of the answer: they are shown to a person and go nowhere
    else. `vendor` belongs to the turn as long as it calls tools. `only_shape` is true where the practice model's
    rules could not do what was asked, so that the text only tells what a model would write. `warnings` are
    for the person, say that another model than the one asked for answered. `tokens` are told where alternatives
    were asked for; none where the model tells no probabilities.
    """

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    fields: dict[str, Any] = {}
    usage: Usage = Usage()
    left_out: tuple[str, ...] = ()
    thoughts: str = ""
    vendor: Vendor | None = None
    only_shape: bool = False
    warnings: tuple[Problem, ...] = ()
    tokens: tuple[Token, ...] = ()


class ModelFacts(Value):
    """What is known of a model before it is asked. `host` is "" where it works on this computer.

    `call` is the most one call can cost, its window filled, and `token` the most a token costs, in US dollars;
    None is unknown, never zero. `stand_ins` are asked where it cannot answer.
    """

    name: str
    host: str = ""
    call: float | None = None
    token: float | None = None
    stand_ins: "tuple[ModelFacts, ...]" = ()
