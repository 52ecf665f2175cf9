"""Agent Builder: the exported program of the Agents SDK, read and drawn."""

import ast
from typing import Any

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers import chat_agent_texts
from flowloom.exchange.importers.agentbuilder import texts
from flowloom.exchange.importers.agentbuilder.definitions import agents_in, defined_in, entry_of, literal
from flowloom.exchange.importers.agentbuilder.shape import SHAPE, documents
from flowloom.exchange.importers.agentbuilder.syntax import is_python, parse_program, program_in
from flowloom.exchange.importers.agentbuilder.workflow import Workflow
from flowloom.exchange.importers.sketch import Sketch, Way
from flowloom.exchange.importers.values import Messages, Port, Record, Unread
from flowloom.exchange.source import Source
from flowloom.locales import Verbatim

NAME = "OpenAI Agent Builder"
WORKED_OUT = frozenset({"text", "prompt", "json.pick", "code.run", "merge"})


def recognises(source: Source) -> bool:
    return bool(program_in(source))


def read(source: Source) -> Imported:
    tree = parse_program(source)
    things = defined_in(tree.body)
    entry = entry_of(tree.body)
    drawing = Drawing(NAME, _name(tree, source))
    sketch = Sketch(drawing) if is_python(source) else Sketch(drawing, "true", "false", "null")
    message = drawing.block("chat.message", key="message")
    sketch.certain[message] = set()
    way = Way(_given(entry, Port(f"{message}.message")))
    workflow = Workflow(sketch, things)
    if entry is not None:
        workflow.follow(_body_of(entry), way)
        if not way.ended:
            workflow.answer(way.said, way)
    else:
        _talk_to_first(workflow, way, Port(f"{message}.message"))
    # What the program sets and never reads again.
    drawing.prune(WORKED_OUT)
    drawing.remark(
        "As in the exported program, each message starts anew: earlier ones are not sent.",
        "To let an agent remember, connect “Conversation so far” of the Chat message block to it.",
    )
    return drawing.finished()


def _given(entry: ast.FunctionDef | ast.AsyncFunctionDef | None, message: Port) -> dict[str, Any]:
    """What the program is called with: every text that comes in is the message."""
    names: dict[str, Any] = {"input": message}
    for argument in entry.args.args if entry else ():
        record = "workflow" in argument.arg.lower() or argument.arg == "_pattern"
        names[argument.arg] = Record({"input_as_text": message}) if record else message
    return names


def _body_of(entry: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return entry.body


def _talk_to_first(workflow: Workflow, way: Way, message: Port) -> None:
    """A program that only defines agents: the person talks to the one that no other hands over to."""
    agents = dict(agents_in(workflow.things))
    inner = {each.id for agent in agents.values() for node in agent.settings.values() for each in _names(node)}
    first = next((agent for name, agent in agents.items() if name not in inner), next(iter(agents.values()), None))
    if first is None:
        return
    try:
        answered = workflow.agents.run(first, Messages((("user", message),)), Record({}), way)
    except Unread:
        raise FlowFileError(
            "The instructions of the agent “{name}” use what isn’t in this program.",
            "It may be cut off or edited. Open Agent Builder, choose Code, and copy the whole program again.",
            name=Verbatim(first.name),
        ) from None
    workflow.answer(answered.text, way)


def _names(node: ast.expr) -> list[ast.Name]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def _name(tree: ast.Module, source: Source) -> str:
    """The name that the program is traced under, else that of its file."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "trace" and each.args:
            said = literal(each.args[0])
            if isinstance(said, str) and said.strip():
                return said
    return source.name if source.name != "pasted" else ""


IMPORTER = Importer("agentbuilder", NAME, recognises, read, SHAPE, documents)

__all__ = ["IMPORTER", "chat_agent_texts", "texts"]
