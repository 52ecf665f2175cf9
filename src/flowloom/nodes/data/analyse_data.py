"""Let a model write the code that answers a question about tables, run it, and say in words what came of it."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from flowloom.errors import NodeError
from flowloom.kinds.code import CodeJob, CodeResult, PythonEngine, Table
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.port import Many
from flowloom.kinds.values import Attachment, Message, ModelRequest
from flowloom.nodes.data.analysis import data_of, facts_of, first_chart, in_words, no_table, stopped, tables_in
from flowloom.nodes.data.code_prompts import ANSWER, asked, code_in, task, with_result
from flowloom.nodes.data.run_code import ENGINE_LABELS
from flowloom.nodes.models.asking import HistoryTurns, Instructions, ModelName, conversation
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    instructions: Instructions = ""
    model: ModelName = "default"
    history_turns: HistoryTurns = 4
    tries: int = Field(
        default=3,
        title="Maximum attempts",
        description="If the code fails, the model sees the error and tries again.",
        ge=1,
        le=6,
    )
    engine: PythonEngine = Field(
        default="auto",
        title="Run with",
        description=(
            "The built-in Python knows a part of the language plus table functions, and starts instantly."
        ),
        json_schema_extra={"labels": ENGINE_LABELS},
    )
    seconds: int = Field(
        default=20, title="Timeout in seconds", description="The code is stopped after this time.", ge=1, le=60
    )


class Inputs(BaseModel):
    question: str = Field(title="Question")
    tables: Annotated[list[Any], Many()] = Field(default_factory=list, title="Tables")
    history: list[Message] = Field(default_factory=list, title="Conversation so far")


class Outputs(BaseModel):
    answer: str = Field(title="Answer")
    data: Any = Field(title="Data")
    chart: Attachment = Field(title="Chart")
    code: str = Field(title="The code")
    engine: str = Field(title="Ran with")


TEXTS = {
    "zh": {
        "Analyse data": "分析数据",
        "Answers a question about tables: a model writes code, runs it in a sandbox and explains the result.": (
            "回答关于表格的问题：模型编写代码，在隔离环境中运行，并说明结果。"
        ),
        "Maximum attempts": "最多尝试次数",
        "If the code fails, the model sees the error and tries again.": "代码失败时，会告诉模型原因，让它重写。",
        "Question": "问题",
        "Data": "数据",
        "The question about the tables is missing.": "没有关于表格的问题。",
        "The incoming text is empty. Check the block before this one.": "传来的文本是空的。请检查前一个模块。",
    },
    "fr": {
        "Analyse data": "Analyser des données",
        "Answers a question about tables: a model writes code, runs it in a sandbox and explains the result.": (
            "Répond à une question sur des tableaux : un modèle écrit du code, exécuté à part, et dit le résultat."
        ),
        "Maximum attempts": "Nombre maximal d’essais",
        "If the code fails, the model sees the error and tries again.": (
            "Quand le code échoue, le modèle apprend pourquoi et le réécrit."
        ),
        "Question": "Question",
        "Data": "Données",
        "The question about the tables is missing.": "Il n’y a pas de question sur les tableaux.",
        "The incoming text is empty. Check the block before this one.": (
            "Le texte reçu est vide. Vérifiez le bloc précédent."
        ),
    },
}


@node_kind(
    id="code.analyse",
    label="Analyse data",
    icon="query_stats",
    group="data",
    can_be_tool=True,
    effects=frozenset({"spends money", "runs code", "saves files"}),
    calls=lambda config, tools: [ModelCalls(config.model, 1, config.tries + 1)],
    summarise=lambda config: first_words(config.instructions),
    tune="instructions",
    texts=TEXTS,
)
async def analyse_data(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Answers a question about tables: a model writes code, runs it in a sandbox and explains the result."""
    if not inputs.question.strip():
        raise NodeError(
            "The question about the tables is missing.",
            "The incoming text is empty. Check the block before this one.",
            code="analyse.empty",
        )
    tables = await tables_in(inputs.tables, ctx.turn)
    if not tables:
        raise no_table()
    work = _Work(config, inputs, ctx, tables)
    code, result = await work.code_that_runs()
    if result is None:
        return _outputs({"answer": code})
    answer = await work.in_words(code, result)
    given = {"answer": answer, "data": data_of(result), "code": code, "engine": result.engine}
    return _outputs(given | await first_chart(result, ctx))


def _outputs(given: dict[str, Any]) -> Outputs:
    return Outputs.model_construct(**given)


class _Work:
    """One question: the model writes code until it runs, and then says what came of it."""

    def __init__(self, config: Config, inputs: Inputs, ctx: NodeContext, tables: list[Table]) -> None:
        self.config, self.inputs, self.ctx, self.tables = config, inputs, ctx, tables
        self.facts = [facts_of(table) for table in tables]

    async def code_that_runs(self) -> tuple[str, CodeResult | None]:
        """The code and what came of it; or an answer in words, where the model saw no need for code."""
        engines = await self.ctx.services.code.engines() if self.config.engine != "small" else ()
        messages = self._messages(task(engines, self.config.engine), asked(self.inputs.question, self.facts))
        for number in range(1, self.config.tries + 1):
            said = await self._ask(messages)
            code = code_in(said)
            if not code:
                self.ctx.stream("answer", said)
                return said, None
            result = await self._run(code)
            if result.failure is None:
                return code, result
            if number == self.config.tries:
                stopped(result.failure, code)
            failed = f"The code failed:\n{result.failure.told}\n\nWrite the whole block anew so that it works."
            messages += [Message(role="assistant", text=said), Message(role="user", text=failed)]
        raise AssertionError("the last try returns or raises")

    async def _run(self, code: str) -> CodeResult:
        job = CodeJob(code=code, tables=self.tables, engine=self.config.engine, seconds=self.config.seconds)
        return await self.ctx.services.code.run(job)

    async def in_words(self, code: str, result: CodeResult) -> str:
        text = in_words(result)
        messages = self._messages(ANSWER, with_result(self.inputs.question, code, text, result.charts))
        return await self._ask(messages, results=(text,), show=True)

    def _messages(self, system: str, prompt: str) -> list[Message]:
        instructions = (self.ctx.instructions, self.config.instructions, system)
        return conversation(prompt, instructions, self.inputs.history, self.config.history_turns)

    async def _ask(self, messages: list[Message], results: tuple[str, ...] = (), show: bool = False) -> str:
        request = ModelRequest(
            messages=messages,
            model=self.config.model,
            temperature=0,
            tables=() if results else self.facts,
            results=results,
        )
        on_text = (lambda piece: self.ctx.stream("answer", piece)) if show else (lambda piece: None)
        reply = await self.ctx.models.reply(request, on_text)
        self.ctx.spend(reply.usage)
        return reply.text
