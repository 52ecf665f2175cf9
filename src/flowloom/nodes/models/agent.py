"""A model that may call tools until it knows the answer."""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import BudgetError, FlowloomError, NodeError, Problem
from flowloom.kinds.context import NodeContext, Tool, Waiting
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.port import Tools
from flowloom.kinds.values import Message, ModelReply, ModelRequest, Passage, ToolCall
from flowloom.locales import Verbatim, translate
from flowloom.nodes.models.asking import (
    HistoryTurns,
    Instructions,
    ModelName,
    Temperature,
    conversation,
    guidance,
    named_model,
    recent,
)
from flowloom.nodes.models.examples import ShowsExamples, told_examples
from flowloom.nodes.models.message_rows import MessageRows, row_ports, written_out
from flowloom.nodes.models.recollection import Memory, Recollection, recollect, summary_calls
from flowloom.nodes.readable import first_words, readable

MAX_CALLS_AT_ONCE = 16
MAX_RESULT = 20_000


class Config(BaseModel):
    instructions: Instructions = ""
    model: ModelName = "default"
    temperature: Temperature = None
    memory: Memory = "turns"
    history_turns: HistoryTurns = 10
    messages: MessageRows
    examples: ShowsExamples = True
    step_limit: int = Field(
        default=8,
        title="Step limit",
        description="How many times the agent may use tools before it has to answer.",
        ge=1,
        le=50,
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    message: str = Field(default="", title="Message")
    history: list[Message] = Field(default_factory=list, title="Conversation so far")
    passages: list[Passage] | None = Field(default=None, title="Passages")
    tools: Annotated[list[Any], Tools()] = Field(default_factory=list, title="Tools")


class Outputs(BaseModel):
    answer: str = Field(title="Answer")
    steps: list[dict[str, Any]] = Field(title="Steps")


@dataclass(frozen=True, slots=True)
class Session:
    """One agent at work: the conversation as it grows, and what the tools were asked."""

    config: Config
    inputs: Inputs
    ctx: NodeContext
    messages: list[Message]
    asked: int
    """How many of them stood there before the agent did anything."""
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tools(self) -> Mapping[str, Tool]:
        return {tool.spec.name: tool for tool in reversed(self.ctx.tools)}


TEXTS = {
    "zh": {
        "Agent": "智能体",
        "Answers with the help of its connected tools, using them as often as needed.": (
            "借助你连接的工具来回答，需要几次就调用几次。"
        ),
        "Step limit": "步数上限",
        "How many times the agent may use tools before it has to answer.": (
            "智能体在必须回答之前最多可以使用几次工具。"
        ),
        "Message": "消息",
        "Conversation so far": "之前的对话",
        "Passages": "段落",
        "Tools": "工具",
        "Answer": "回答",
        "Steps": "步骤",
        "Nothing found.": "没有找到。",
        "The agent got no message.": "没有可以问智能体的内容。",
        "The incoming message is empty. Check the block before this one.": "传来的消息是空的。请检查前一个模块。",
        "The agent found no answer in {steps} steps.": "智能体用了 {steps} 步仍没有得出答案。",
        "Raise the step limit, or give it clearer instructions.": "请提高步数上限，或给它更清楚的说明。",
        "The model can’t use these tools: {names}.": "无法把这些工具交给模型：{names}。",
        (
            "A model can have up to 128 tools, each with named values. Give this agent fewer, or use an Action set."
        ): ("模型最多接受 128 个工具，每个工具的值都要有名称。请减少这个智能体的工具，或使用操作集。"),
    },
    "fr": {
        "Agent": "Agent",
        "Answers with the help of its connected tools, using them as often as needed.": (
            "Répond à l’aide des outils que vous lui reliez, en les appelant autant que nécessaire."
        ),
        "Step limit": "Nombre d’étapes",
        "How many times the agent may use tools before it has to answer.": (
            "Combien de fois l’agent peut se servir d’outils avant de devoir répondre."
        ),
        "Message": "Message",
        "Conversation so far": "Conversation jusqu’ici",
        "Passages": "Passages",
        "Tools": "Outils",
        "Answer": "Réponse",
        "Steps": "Étapes",
        "Nothing found.": "Rien trouvé.",
        "The agent got no message.": "Il n’y a rien à demander à l’agent.",
        "The incoming message is empty. Check the block before this one.": (
            "Le message reçu est vide. Vérifiez le bloc précédent."
        ),
        "The agent found no answer in {steps} steps.": "L’agent n’est arrivé à aucune réponse en {steps} étapes.",
        "The model can’t use these tools: {names}.": "Le modèle n’a pas pu recevoir ces outils : {names}.",
        (
            "A model can have up to 128 tools, each with named values. Give this agent fewer, or use an Action set."
        ): (
            "Un modèle en accepte au plus 128, chacun avec des valeurs nommées. Donnez-en moins à cet agent, ou "
            "utilisez un jeu d’actions."
        ),
        "Raise the step limit, or give it clearer instructions.": (
            "Augmentez le nombre d’étapes, ou donnez-lui des instructions plus claires."
        ),
    },
}


def calls(config: Config, tools: int) -> list[ModelCalls]:
    """One for each use of tools and one for the answer."""
    return [ModelCalls(config.model, 1, config.step_limit + 1 if tools else 1), *summary_calls(config)]


@node_kind(
    id="agent",
    label="Agent",
    icon="support_agent",
    group="models",
    effects=frozenset({"spends money"}),
    calls=calls,
    tool_calls=lambda config: config.step_limit * MAX_CALLS_AT_ONCE,
    summarise=lambda config: first_words(config.instructions) or named_model(config.model),
    tune="instructions",
    dynamic_inputs=lambda config: row_ports(config.messages, "message", "Message"),
    texts=TEXTS,
)
async def agent(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Answers with the help of its connected tools, using them as often as needed."""
    before = await recollect(config, inputs.history, ctx)
    shown = await told_examples(ctx, inputs.message) if config.examples else ""
    said = opening(config, inputs, ctx, before, shown)
    session = Session(config, inputs, ctx, said, len(said))
    tools = [tool.spec for tool in session.tools.values()]
    for step in range(config.step_limit):
        reply = await ask(session, f"reply {step}", session.messages, tools)
        if reply.left_out and step == 0:
            ctx.warn(left_out(reply.left_out))
        if not reply.tool_calls:
            return Outputs(answer=reply.text, steps=session.steps)
        await use_tools(session, reply)
    return await last_word(session)


def left_out(names: Sequence[str]) -> Problem:
    """Say which tools the model was not given."""
    return Problem.of(
        "agent.left_out",
        "The model can’t use these tools: {names}.",
        "A model can have up to 128 tools, each with named values. Give this agent fewer, or use an Action set.",
        names=Verbatim(first_words(", ".join(names), 300)),
    ).as_warning()


def opening(
    config: Config, inputs: Inputs, ctx: NodeContext, before: Recollection, examples: str = ""
) -> list[Message]:
    """What the model hears first: the messages written out, or else instructions and the message."""
    instructions = (ctx.instructions, config.instructions, examples, before.instruction)
    if config.messages:
        values = {"message": inputs.message, **(inputs.model_extra or {})}
        said = written_out(config.messages, values, recent(before.said, len(before.said)), "message")
        return [*guidance(instructions, inputs.passages), *said]
    if inputs.message.strip():
        return conversation(inputs.message, instructions, before.said, len(before.said), inputs.passages)
    raise NodeError(
        "The agent got no message.",
        "The incoming message is empty. Check the block before this one.",
        code="agent.nothing_to_ask",
    )


async def ask(session: Session, key: str, messages: Sequence[Message], tools: Sequence[Any]) -> ModelReply:
    """The model's reply; called again after a pause, the agent hears the same as before."""
    request = ModelRequest(
        messages=tuple(messages),
        model=session.config.model,
        temperature=session.config.temperature,
        tools=tools,
        passages=session.inputs.passages,
    )
    ctx = session.ctx
    reply: ModelReply = await ctx.once(
        key, ModelReply, lambda: ctx.models.reply(request, lambda piece: ctx.stream("answer", piece))
    )
    ctx.spend(reply.usage)
    return reply


async def use_tools(session: Session, reply: ModelReply) -> None:
    """Run the calls of one reply and put their results into the conversation, in order."""
    if reply.text:
        # What was said so far was only the way to the tools; the answer begins afresh.
        session.ctx.stream("answer", "\n\n")
    session.messages.append(
        Message(role="assistant", text=reply.text, tool_calls=reply.tool_calls, vendor=reply.vendor)
    )
    results = await side_by_side(session, reply.tool_calls[:MAX_CALLS_AT_ONCE])
    results += [("Not run: too many calls at once.", True)] * (len(reply.tool_calls) - len(results))
    for call, (result, failed) in zip(reply.tool_calls, results, strict=True):
        session.steps.append({"tool": call.name, "arguments": call.arguments, "result": result, "failed": failed})
        session.messages.append(Message(role="tool", text=result, tool_call_id=call.id))


async def side_by_side(session: Session, calls: Sequence[ToolCall]) -> list[tuple[str, bool]]:
    """What the calls gave. None is broken off because another one waits for a person or went wrong."""
    found = await gather(*(use(session, call) for call in calls), return_exceptions=True)
    waiting = [each for each in found if isinstance(each, Waiting)]
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, Waiting):
            raise each
    if waiting:
        raise Waiting(question for each in waiting for question in each.questions)
    return [each for each in found if not isinstance(each, BaseException)]


async def use(session: Session, call: ToolCall) -> tuple[str, bool]:
    """What a tool answered and whether it failed. A model is told its mistakes, so that it can mend them."""
    tool = session.tools.get(call.name)
    if tool is None:
        return f"There is no tool {call.name!r}. The tools are: {', '.join(session.tools) or 'none'}.", True
    try:
        result = told(await tool.call(call.arguments)) or translate("Nothing found.", session.ctx.language)
    except BudgetError:
        raise
    except FlowloomError as error:
        return f"The tool failed: {error}", True
    return (result if len(result) <= MAX_RESULT else result[:MAX_RESULT] + "\n… (cut off here)"), False


def told(outputs: Any) -> str:
    """What a tool put out, as a model reads it: its `text` where it has one; "" for nothing."""
    if isinstance(outputs, Mapping) and not any(value or value in (0, False) for value in outputs.values()):
        return ""
    text = outputs.get("text") if isinstance(outputs, Mapping) else None
    return text if isinstance(text, str) and text.strip() else readable(outputs)


async def last_word(session: Session) -> Outputs:
    """Ask once more, without tools, for an answer from what they said.

    The exchange is retold as text because some providers refuse tool messages in a request without tools.
    """
    told = "\n\n".join(f"{step['tool']}: {step['result']}" for step in session.steps)
    asked = session.messages[: session.asked]
    *before, last = asked if asked[-1].role == "user" else [*asked, Message(role="user")]
    text = f"{last.text}\n\nThe tools said:\n\n{told}\n\nAnswer now from this, without any tool.".lstrip()
    reply = await ask(session, "last word", [*before, Message(role="user", text=text)], [])
    if not reply.text.strip():
        raise NodeError(
            "The agent found no answer in {steps} steps.",
            "Raise the step limit, or give it clearer instructions.",
            code="agent.step_limit",
            steps=session.config.step_limit,
        )
    return Outputs(answer=reply.text, steps=session.steps)
