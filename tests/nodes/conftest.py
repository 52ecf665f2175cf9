"""Doubles of the services, and one call that runs a block as the executor would."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from flowloom.errors import FlowloomError, ModelError, Problem
from flowloom.kinds.code import Code, NoCode
from flowloom.kinds.context import NodeContext, Turn, Waiting
from flowloom.kinds.databases import Query, Rows
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.mail import Mail
from flowloom.kinds.media import Judgement, Made, PictureWish, Recording, SpeechWish, Written
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import NoMemory, OnText, Services
from flowloom.kinds.values import Attachment, Filter, ModelReply, ModelRequest, Passage, ToolSpec, Usage
from flowloom.kinds.web import WebFindings, WebPage


@dataclass
class ScriptedModels:
    """Answers with the replies it was given, one after another, a word at a time."""

    replies: list[ModelReply] = field(default_factory=list)
    requests: list[ModelRequest] = field(default_factory=list)
    failing_first: bool = False

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        self.requests.append(request)
        if self.failing_first and len(self.requests) == 1:
            raise ModelError("The server is away.")
        if not self.replies:
            raise ModelError("The script has come to its end.")
        reply = self.replies.pop(0)
        for word in reply.text.split(" ") if reply.text else ():
            on_text(word)
        return reply


@dataclass
class ShelfKnowledge:
    passages: list[Passage] = field(default_factory=list)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    only: Filter | None = None

    def of(self, flow_id: str) -> "ShelfKnowledge":
        return self

    async def search(self, base: str, question: str, top_k: int, only: Filter | None = None) -> list[Passage]:
        self.asked.append((base, question, top_k))
        self.only = only
        return self.passages[:top_k]


@dataclass
class CannedHttp:
    reply: HttpReply = field(default_factory=lambda: HttpReply(status=200, text="{}"))
    requests: list[HttpRequest] = field(default_factory=list)

    async def request(self, request: HttpRequest) -> HttpReply:
        self.requests.append(request)
        return self.reply


@dataclass
class CannedWeb:
    page: WebPage = field(default_factory=lambda: WebPage(url="https://a.example/"))
    findings: WebFindings = field(default_factory=WebFindings)
    asked: list[tuple[object, ...]] = field(default_factory=list)

    async def read(self, url: str, longest: int) -> WebPage:
        self.asked.append((url, longest))
        return self.page

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        self.asked.append((query, provider, count, language, model))
        return self.findings


@dataclass
class ListedFiles:
    saved: list[tuple[str, str, bool]] = field(default_factory=list)
    held: dict[str, bytes] = field(default_factory=dict)

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        self.saved.append((name, text, replace))
        return Attachment(id=str(len(self.saved)), name=name, size=len(text))

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        file = Attachment(id=f"b{len(self.held)}", name=name, media_type=media_type, size=len(data))
        self.held[file.id] = data
        self.saved.append((name, f"{media_type} {data[:4]!r}", replace))
        return file

    def read(self, file: Attachment) -> bytes:
        return self.held[file.id]


@dataclass
class CannedMedia:
    made: Made = field(default_factory=lambda: Made(data=b"", media_type="image/png"))
    written: Written = field(default_factory=lambda: Written(text=""))
    judgement: Judgement = field(default_factory=Judgement)
    asked: list[Any] = field(default_factory=list)

    async def draw(self, wish: PictureWish) -> Made:
        self.asked.append(wish)
        return self.made

    async def speak(self, wish: SpeechWish) -> Made:
        self.asked.append(wish)
        return self.made

    async def write_down(self, recording: Recording) -> Written:
        self.asked.append(recording)
        return self.written

    async def judge(self, text: str, model: str) -> Judgement:
        self.asked.append((text, model))
        return self.judgement


@dataclass
class ListedMailer:
    """Keeps what is sent; takes nothing for those who are `refused`."""

    sent: list[Mail] = field(default_factory=list)
    refused: tuple[str, ...] = ()

    def recipients(self, line: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in line.split(","))

    def draft(self, mail: Mail) -> str:
        return mail.text

    async def send(self, mail: Mail) -> tuple[str, ...]:
        self.sent.append(mail)
        return self.refused


@dataclass
class OneDatabase:
    """Answers everything with the same rows."""

    answer: Rows = field(default_factory=Rows)
    asked: list[Query] = field(default_factory=list)

    async def query(self, database: str, query: Query) -> Rows:
        self.asked.append(query)
        return self.answer

    async def tables(self, database: str) -> str:
        return "books (title text)"


class DictVariables(dict[str, Any]):
    def set(self, name: str, value: Any) -> None:
        self[name] = value


@dataclass
class ScriptedTool:
    name: str
    answer: Any
    calls: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def spec(self) -> ToolSpec:
        return ToolSpec(name=self.name, description=self.name, parameters={"type": "object"})

    async def call(self, arguments: Mapping[str, Any]) -> Any:
        self.calls.append(arguments)
        answer = self.answer(arguments) if callable(self.answer) else self.answer
        if asyncio.iscoroutine(answer):
            answer = await answer
        if isinstance(answer, FlowloomError):
            raise answer
        return answer


@dataclass
class World:
    """Everything outside a block, and what the block did to it."""

    models: ScriptedModels = field(default_factory=ScriptedModels)
    knowledge: ShelfKnowledge = field(default_factory=ShelfKnowledge)
    http: CannedHttp = field(default_factory=CannedHttp)
    files: ListedFiles = field(default_factory=ListedFiles)
    web: CannedWeb = field(default_factory=CannedWeb)
    mailer: ListedMailer = field(default_factory=ListedMailer)
    databases: OneDatabase = field(default_factory=OneDatabase)
    media: CannedMedia = field(default_factory=CannedMedia)
    code: Code = field(default_factory=NoCode)
    variables: DictVariables = field(default_factory=DictVariables)
    memory: Any = field(default_factory=NoMemory)
    now: datetime = datetime(2026, 7, 4, 12, 5, tzinfo=UTC)
    turn: Turn = field(default_factory=Turn)
    tools: Sequence[ScriptedTool] = ()
    instructions: str = ""
    language: str = "en"
    streamed: list[tuple[str, str]] = field(default_factory=list)
    spent: list[Usage] = field(default_factory=list)
    warned: list[Problem] = field(default_factory=list)
    spend: Callable[[Usage], None] | None = None
    questions: list[Question] = field(default_factory=list)
    reply: Reply | None = None

    def ask(self, question: Question) -> Reply:
        self.questions.append(question)
        if self.reply is None:
            raise Waiting(["question"])
        return self.reply

    @property
    def context(self) -> NodeContext:
        services = Services(
            self.models,
            self.knowledge,
            self.http,
            self.variables,
            lambda: self.now,
            facts=self.memory,
            summaries=self.memory,
            web=self.web,
            files=self.files,
            mailer=self.mailer,
            databases=self.databases,
            media=self.media,
            code=self.code,
        )
        return NodeContext(
            node="node",
            turn=self.turn,
            services=services,
            stream=lambda port, piece: self.streamed.append((port, piece)),
            spend=self.spend or self.spent.append,
            tools=self.tools,
            ask=self.ask,
            instructions=self.instructions,
            language=self.language,
            warn=self.warned.append,
        )

    def run(self, kind_id: str, config: Mapping[str, Any] | None = None, /, **inputs: Any) -> dict[str, Any]:
        """The outputs that fire when a block of this kind runs."""
        return self.run_with(kind_id, config or {}, inputs)

    def run_with(self, kind_id: str, config: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        kind = all_kinds()[kind_id]
        result = kind.function(
            kind.config.model_validate(dict(config)), kind.inputs.model_validate(dict(inputs)), self.context
        )
        if not isinstance(result, BaseModel):
            result = asyncio.run(finished(result))
        outputs = result.__dict__ | (result.model_extra or {})
        return {name: outputs[name] for name in result.model_fields_set}


async def finished(result: Any) -> Any:
    return await result


@pytest.fixture
def world() -> World:
    return World()


class Ports:
    """The ports and problems of a block with a config."""

    @staticmethod
    def inputs(kind_id: str, **config: Any) -> list[str]:
        kind = all_kinds()[kind_id]
        return [port.id for port in kind.input_ports(kind.config.model_validate(config))]

    @staticmethod
    def outputs(kind_id: str, **config: Any) -> list[str]:
        kind = all_kinds()[kind_id]
        return [port.id for port in kind.output_ports(kind.config.model_validate(config))]

    @staticmethod
    def problems(kind_id: str, **config: Any) -> list[str]:
        kind = all_kinds()[kind_id]
        return [problem.code for problem in kind.check(kind.config.model_validate(config))]


@pytest.fixture
def ports() -> Ports:
    return Ports()
