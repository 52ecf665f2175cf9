"""Prompts and models of PromptFlow as blocks."""

import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.model_names import model_name
from flowloom.exchange.importers.promptflow.chats import (
    Chat,
    Row,
    chat_of,
    swallowed_role,
    trimmed,
    written_as_python,
)
from flowloom.exchange.importers.promptflow.dag import Step
from flowloom.exchange.importers.promptflow.weaving import HISTORY, Told, Weaving
from flowloom.locales import Verbatim
from flowloom.nodes.data.sandbox import FAILURES, names_in_template

MODEL_INPUTS = frozenset(
    "deployment_name model max_tokens temperature top_p stop presence_penalty frequency_penalty logit_bias user "
    "function_call functions tool_choice tools response_format seed n stream suffix logprobs echo best_of".split()
)


def draw_prompt(weaving: Weaving, step: Step, told: Told) -> list[str]:
    text = _file_of(weaving, step, told)
    block, patched = _template(weaving, step, text, step.name, told)
    weaving.ports[step.name] = f"{block}.text"
    weaving.gate(step, block, patched)
    return [block]


def _file_of(weaving: Weaving, step: Step, told: Told) -> str:
    text = weaving.file(step.path)
    if not text.strip():
        told.append(
            Problem.of(
                "import.no_prompt",
                "Its prompt “{path}” wasn’t brought along or is empty.",
                "Import the whole folder, or write the prompt in the block.",
                path=Verbatim(step.path),
            )
        )
    return text or "…"


def _template(weaving: Weaving, step: Step, text: str, name: str, told: Told) -> tuple[str, bool]:
    """A template block for a text of this step, and whether one of its values is there in any case."""
    try:
        names = names_in_template(text)
    except FAILURES:
        names = ()
        told.append(
            Problem.of(
                "import.template",
                "Its prompt uses something that templates can’t do here.",
                "The block says what; rewrite that part.",
            )
        )
    refs = step.references
    # What nothing is given for is empty in Jinja.
    given = {name: value for name, value in step.inputs.items() if name not in refs}
    sets = "".join(f"{{% set {name} = {_jinja(given.get(name, ''))} %}}" for name in names if name not in refs)
    texts = frozenset(each for each in names if each in refs and weaving.value(refs[each]).text)
    written = sets + written_as_python(trimmed(text), texts)
    block = weaving.drawing.block("template", name, {"template": written}, key=name)
    patched = False
    for name in names:
        if name in refs:
            port, _, more = weaving.joined(step, refs[name], None)
            weaving.drawing.join(port, f"{block}.{name}")
            patched = patched or more
    return block, patched


def _jinja(value: Any) -> str:
    return repr(value) if isinstance(value, str | int | float | bool | list | dict) else "none"


def draw_model(weaving: Weaving, step: Step, told: Told) -> list[str]:
    chat = _chat(weaving, step, told)
    model = _model(weaving, step)
    block = weaving.drawing.block(
        "model", step.name, {"model": model, "temperature": _temperature(step)}, key=step.name
    )
    rows: list[dict[str, str]] = []
    made, patched = [block], False
    for row in chat.rows:
        text, helpers, more = _row(weaving, step, row, block, len(rows), told)
        rows.append({"role": row.role, "text": text})
        made, patched = made + helpers, patched or more
    weaving.drawing.configure(block, messages=rows)
    if chat.history:
        weaving.drawing.join(f"{weaving.start}.history", f"{block}.history")
        weaving.drawing.configure(block, history_turns=100)
    weaving.ports[step.name] = f"{block}.answer"
    weaving.gate(step, block, patched)
    _tell_model(step, told)
    return made


def _chat(weaving: Weaving, step: Step, told: Told) -> Chat:
    text = _file_of(weaving, step, told)
    chat = chat_of(text)
    if chat.history:
        ref = step.references.get(chat.history)
        if ref is None or ref.step or ref.name != HISTORY:
            chat = Chat((Row("user", text.strip()),), whole=False)
    if swallowed_role(text):
        told.append(
            Problem.of(
                "import.role_behind_tag",
                "A role right behind a tag isn’t seen, there or here, so its words belong to the message before.",
                "Write an empty line between the tag and the role to have a message of its own.",
            )
        )
    if not chat.whole and step.said.get("api") != "completion":
        told.append(
            Problem.of(
                "import.roles",
                "Its prompt makes its messages in a loop, or names no roles, so it is sent as one message.",
                "You notice it where the model takes instructions and examples apart. Write them as messages.",
            )
        )
    return chat


def _row(
    weaving: Weaving, step: Step, row: Row, model: str, number: int, told: Told
) -> tuple[str, list[str], bool]:
    """The text of one message, the blocks that help write it, and whether one of its values is always there."""
    refs = step.references
    if row.plain and all(name in refs or name not in step.inputs for name in row.names):
        found = {name: weaving.joined(step, refs[name], "None") for name in row.names if name in refs}
        if all(text for _, text, _ in found.values()):
            text = re.sub(
                r"\{\{-?\s*(\w+)\s*-?\}\}", lambda at: f"{{{{{at[1]}}}}}" if at[1] in found else "", row.text
            )
            for name, (port, _, _) in found.items():
                weaving.drawing.join(port, f"{model}.{name}")
            return text, [], any(more for _, _, more in found.values())
    if row.plain and not row.names:
        return row.text, [], False
    name = f"part {number + 1}"
    helper, patched = _template(weaving, step, row.text, f"{step.name}: {row.role}", told)
    weaving.drawing.join(f"{helper}.text", f"{model}.{name}")
    return f"{{{{{name}}}}}", [helper], patched


def _temperature(step: Step) -> float:
    """What is sent: PromptFlow always sends one."""
    try:
        return min(2.0, max(0.0, float(step.inputs.get("temperature", 1.0))))
    except (TypeError, ValueError):
        return 1.0


def _model(weaving: Weaving, step: Step) -> str:
    vendor = str(step.said.get("provider") or "")
    name = str(step.inputs.get("model") or step.inputs.get("deployment_name") or "")
    if vendor.lower().startswith("azure"):
        name = str(step.inputs.get("deployment_name") or name)
    if not vendor and re.match(r"gpt|o\d", name):
        vendor = "OpenAI"
    found = model_name(vendor, name if not name.startswith("${") else "")
    if connection := step.said.get("connection"):
        weaving.drawing.do(
            "The connection “{name}” stays with PromptFlow.",
            "Add the key of its vendor under Models, and check which model the blocks use.",
            name=Verbatim(str(connection)),
        )
    return found


def _tell_model(step: Step, told: Told) -> None:
    offered = [name for name in ("tools", "functions") if step.inputs.get(name)]
    if offered:
        told.append(
            Problem.of(
                "import.functions",
                "The model was offered functions written as JSON, which it isn’t here.",
                "It answers in words. Connect tools to an Agent block instead.",
            )
        )
    kept = {"temperature", "model", "deployment_name", "tools", "functions"}
    left = [name for name in step.inputs if name in MODEL_INPUTS - kept and step.inputs[name] not in (None, "")]
    if left:
        told.append(
            Problem.of(
                "import.limits",
                "These settings of the model didn’t come over: {names}.",
                "Answers may be longer, or vary in another way.",
                names=Verbatim(", ".join(left)),
            )
        )
