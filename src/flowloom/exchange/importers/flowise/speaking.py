"""Nodes of agentflows that speak: models, agents and fixed replies."""

import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.flowise.flow import Node
from flowloom.exchange.importers.flowise.tools import draw_tool
from flowloom.exchange.importers.flowise.weaving import SPEAKING, Told, Weaving
from flowloom.exchange.importers.model_names import model_name
from flowloom.locales import Verbatim
from flowloom.nodes.models.answer_fields import AnswerField, field_ports

FIELD_TYPES = {"number": "number", "boolean": "yes_no", "stringArray": "list", "jsonArray": "json"}


def model_of(weaving: Weaving, sort: str, config: Any) -> tuple[str, float | None]:
    """The model of a node and its temperature."""
    held = config if isinstance(config, dict) else {}
    name = str(held.get("customModelName") or held.get("modelName") or held.get("model") or "")
    found = model_name(re.sub(r"^chat(?=[A-Z])|Chat(?=[A-Z])", "", sort) or sort, name)
    if found == "default":
        weaving.drawing.do("Some nodes name a model that is not known here, so they use your default model.")
    else:
        weaving.drawing.do(
            "Add a key for {vendor} under Models.",
            "Keys stay with Flowise.",
            vendor=Verbatim(found.partition("/")[0]),
        )
    try:
        return found, max(0.0, min(2.0, float(held.get("temperature"))))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return found, None


def _draw_llm(weaving: Weaving, node: Node, told: Told) -> list[str]:
    model, temperature = model_of(weaving, node.text("llmModel"), node.inputs.get("llmModelConfig"))
    fields = [_field(row) for row in node.rows("llmStructuredOutput") if str(row.get("key") or "").strip()][:50]
    config: dict[str, Any] = {"model": model, "temperature": temperature, "fields": fields}
    block = weaving.block("model", config)
    _say(weaving, node, block, "llm", "prompt", told)
    ports = field_ports([AnswerField.model_validate(field) for field in fields], ("answer",))
    for field, port in zip(fields, ports, strict=True):
        weaving.fields[node.id, field["name"]] = f"{block}.{port.id}"
    if fields:
        told.append(
            Problem.of(
                "import.fields",
                "As a whole its answer reads as lines, not as JSON, and the fields are asked for in another way.",
                "You notice it where a later node reads the whole answer.",
            )
        )
    _finish(weaving, node, f"{block}.answer", "llmUpdateState")
    weaving.follow(block)
    return [block]


def _draw_agent(weaving: Weaving, node: Node, told: Told) -> list[str]:
    model, temperature = model_of(weaving, node.text("agentModel"), node.inputs.get("agentModelConfig"))
    block = weaving.block("agent", {"model": model, "temperature": temperature})
    _say(weaving, node, block, "agent", "message", told)
    made = [block]
    for row in node.rows("agentTools"):
        config = row.get("agentSelectedToolConfig")
        tool = draw_tool(
            weaving, str(row.get("agentSelectedTool") or ""), config if isinstance(config, dict) else {}, told
        )
        if tool:
            weaving.drawing.join(f"{tool}.tool", f"{block}.tools")
            made.append(tool)
    for name in ("agentKnowledgeDocumentStores", "agentKnowledgeVSEmbeddings"):
        for row in node.rows(name):
            tool = weaving.block("knowledge.search", main=False, key=str(row.get("knowledgeName") or "documents"))
            weaving.drawing.join(f"{tool}.tool", f"{block}.tools")
            made.append(tool)
            tell_documents(weaving, node, told)
    if any("ToolsBuiltIn" in name and value not in ("", None, [], "[]") for name, value in node.inputs.items()):
        told.append(
            Problem.of(
                "import.built_in",
                "Tools that its vendor offers didn’t come over.",
                "Connect Search the web or Run code to the agent.",
            )
        )
    if len(made) > 1:
        told.append(
            Problem.of(
                "import.tools",
                "Its tools have other names for what they are given, and results read differently.",
                "The model hardly ever answers differently for it.",
            )
        )
    _finish(weaving, node, f"{block}.answer", "agentUpdateState")
    weaving.follow(block)
    return made


def _say(weaving: Weaving, node: Node, block: str, prefix: str, main: str, told: Told) -> None:
    """The messages a node sends: its own, then what was said in this run, then its last one."""
    rows: list[dict[str, str]] = []
    taken: dict[str, str] = {}
    before = _spoken_before(weaving, node)
    remembers = node.inputs.get(f"{prefix}EnableMemory") is True
    own = node.rows(f"{prefix}Messages")
    for row in own:
        role = str(row.get("role") or "")
        said = {"role": _role(role), "text": _written(weaving, block, row.get("content"), taken)}
        if role and said["text"]:
            rows.insert(0, said) if role == "system" else rows.append(said)
    asks = not any(row.get("role") == "user" for row in own)
    opened = _opened_with(weaving, before) if remembers else []
    for value in opened:
        rows.append({"role": "user", "text": _written(weaving, block, value, taken)})
    if not opened and (remembers or (not before and asks)) and (question := _question(weaving)):
        rows.append({"role": "user", "text": _held(weaving, block, question, taken)})
    if remembers:
        for other in before:
            port = weaving.outputs[other.id]
            answers = other.text(f"{_prefix(other)}ReturnResponseAs") == "assistantMessage"
            held = _maybe(weaving, node, other, port)
            rows.append({"role": "assistant" if answers else "user", "text": _held(weaving, block, held, taken)})
        if last := _written(weaving, block, node.inputs.get(f"{prefix}UserMessage"), taken):
            rows.append({"role": "user", "text": last})
        _history(weaving, node, block, prefix, told)
    weaving.drawing.configure(block, messages=rows)
    if not rows:
        weaving.join(_question(weaving), f"{block}.{main}")


def _opened_with(weaving: Weaving, before: list[Node]) -> list[Any]:
    """The messages of the person that the first node put in place of the question; none where it kept that."""
    if not before or before[0].inputs.get(f"{_prefix(before[0])}EnableMemory") is True:
        return []
    if any(each.name == "conditionAgentAgentflow" for each in weaving.flow.nodes.values()):
        return []
    own = before[0].rows(f"{_prefix(before[0])}Messages")
    return [row.get("content") for row in own if row.get("role") == "user" and row.get("content")]


def _question(weaving: Weaving) -> str:
    """What the person said, or filled in."""
    if not weaving.form:
        return weaving.question()
    key = "form said"
    if key not in weaving.shared:
        names = list(weaving.form)
        lines = "\n".join(f"{name}: {{{{field_{number}}}}}" for number, name in enumerate(names))
        block = weaving.drawing.block("prompt", "", {"template": lines}, key="filled in")
        for number, name in enumerate(names):
            weaving.drawing.join(weaving.form[name], f"{block}.field_{number}")
        weaving.shared[key] = f"{block}.prompt"
    return weaving.shared[key]


def _role(role: str) -> str:
    return {"developer": "system"}.get(role, role if role in ("system", "assistant") else "user")


def _prefix(node: Node) -> str:
    return "llm" if node.name == "llmAgentflow" else "agent"


def _written(weaving: Weaving, block: str, value: Any, taken: dict[str, str]) -> str:
    template, ports = weaving.text(value)
    for name, port in ports.items():
        fresh = name
        while taken.get(fresh, port) != port:
            fresh += "_2"
        taken[fresh] = port
        template = template.replace(f"{{{{{name}}}}}", f"{{{{{fresh}}}}}")
        weaving.join(port, f"{block}.{fresh}")
    return template


def _held(weaving: Weaving, block: str, port: str, taken: dict[str, str]) -> str:
    """A message that is just what comes by a port."""
    name = next((each for each, known in taken.items() if known == port), "")
    if not name:
        name = f"said_{len(taken) + 1}"
        taken[name] = port
        weaving.join(port, f"{block}.{name}")
    return f"{{{{{name}}}}}"


def _spoken_before(weaving: Weaving, node: Node) -> list[Node]:
    """The models and agents that stand before a node, in their order."""
    waiting, seen = [line.source for line in weaving.flow.into(node.id)], set()
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += [line.source for line in weaving.flow.into(at)]
    return [
        each for each in weaving.ordered if each.id in seen and each.name in SPEAKING and each.id in weaving.outputs
    ]


def _maybe(weaving: Weaving, node: Node, other: Node, port: str) -> str:
    """What another node said, nothing where its way was not taken."""
    always = _all_ways_pass(weaving, node, other)
    if always:
        return port
    merge = weaving.block("merge", main=False, key=f"{other.id} or")
    weaving.join(port, f"{merge}.values")
    weaving.join(weaving.port("", "nothing"), f"{merge}.values")
    return f"{merge}.value"


def _all_ways_pass(weaving: Weaving, node: Node, other: Node) -> bool:
    waiting, seen = [node.id], {other.id}
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        lines = weaving.flow.into(at)
        if not lines and at != node.id:
            return False
        waiting += [line.source for line in lines]
    return True


def _history(weaving: Weaving, node: Node, block: str, prefix: str, told: Told) -> None:
    """What was said in earlier turns."""
    if not weaving.start or weaving.loop_of.get(node.id):
        return
    weaving.drawing.join(f"{weaving.start}.history", f"{block}.history")
    kind, turns = node.text(f"{prefix}MemoryType"), node.inputs.get(f"{prefix}MemoryWindowSize")
    window = int(str(turns)) if str(turns).isdigit() else 100
    memory = "summary" if kind.startswith("conversationSummary") else "turns"
    weaving.drawing.configure(
        block, history_turns=max(0, min(100, window if kind == "windowSize" else 100)), memory=memory
    )
    told.append(
        Problem.of(
            "import.history",
            "What was said before stands ahead of the last message here, ahead of the question there.",
            "You notice it from the second message on, where several nodes speak.",
        )
    )


def _field(row: dict[str, Any]) -> dict[str, Any]:
    about = str(row.get("description") or "")
    if choices := str(row.get("enumValues") or ""):
        about = f"{about} ({choices})".strip()
    type = FIELD_TYPES.get(str(row.get("type")), "text")
    return {"name": str(row["key"]).strip()[:80], "type": type, "description": about[:2000]}


def _finish(weaving: Weaving, node: Node, port: str, update: str) -> None:
    weaving.outputs[node.id] = port
    weaving.spoken.add(port)
    weaving.exits[node.id, 0] = [weaving.update(node.rows(update), port)]


def tell_documents(weaving: Weaving, node: Node, told: Told) -> None:
    weaving.drawing.do(
        "Add the documents that “{name}” searches.",
        "Open its block and add them; what Flowise stored stays there.",
        name=Verbatim(node.label),
    )
    told.append(
        Problem.of(
            "import.store",
            "It searches documents that you add here, by meaning and by words, not the store that Flowise used.",
            "Other passages may be found.",
        )
    )


def _draw_reply(weaving: Weaving, node: Node, told: Told) -> list[str]:
    """A fixed reply, shown where nothing comes after it."""
    port = weaving.port(node.inputs.get("directReplyMessage"), f"{node.id} text")
    block = port.split(".")[0]
    if weaving.flow.out(node.id):
        told.append(
            Problem.of(
                "import.reply_within",
                "Only the last node answers, so this reply isn’t shown, as in Flowise.",
                "Connect it to an Answer block to show it.",
            )
        )
    if weaving.drawing.node(block).kind in ("text", "prompt"):
        weaving.follow(block)
        weaving.outputs[node.id] = port
    else:
        block = weaving.block("prompt", {"template": "{{text}}"})
        weaving.join(port, f"{block}.text")
        weaving.follow(block)
        weaving.outputs[node.id] = f"{block}.prompt"
    weaving.exits[node.id, 0] = [weaving.outputs[node.id]]
    return [block]


DRAWS = {"llmAgentflow": _draw_llm, "agentAgentflow": _draw_agent, "directReplyAgentflow": _draw_reply}
