"""Chatflows (the older sort) of Flowise: chains, agents and the parts they are made of."""

import json
import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.flowise.flow import FlowiseFlow, Line, Node
from flowloom.exchange.importers.flowise.speaking import model_of, tell_documents
from flowloom.exchange.importers.flowise.tools import draw_tool
from flowloom.exchange.importers.flowise.weaving import Told, Weaving
from flowloom.nodes.port_names import port_id

CHAINS = re.compile(r"chain$|agent|assistant|engine$", re.IGNORECASE)
_SLOT = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class Chains(Weaving):
    """A chatflow being drawn; most nodes are parts of a chain or an agent, which alone becomes a block."""

    def part(self, node: Node, *names: str) -> Node | None:
        """What is joined to one of these inputs."""
        lines: list[Line] = [line for line in self.flow.into(node.id) if line.into in names]
        return self.flow.nodes[lines[0].source] if lines else None

    def parts(self, node: Node, name: str) -> list[Node]:
        return [self.flow.nodes[line.source] for line in self.flow.into(node.id) if line.into == name]

    def model(self, node: Node) -> dict[str, Any]:
        part = self.part(node, "model", "llm", "chatModel")
        found, temperature = model_of(self, part.name if part else "", part.inputs if part else {})
        return {"model": found, "temperature": temperature}


def draw_chatflow(flow: FlowiseFlow, drawing: Drawing) -> None:
    weaving = Chains(flow, drawing)
    weaving.start = drawing.block("chat.message", key="message")
    used: set[str] = set()
    for node in weaving.ordered:
        if not _is_chain(node) or not _speaks(flow, node):
            continue
        weaving.enter(node)
        told: Told = []
        blocks = _draw_chain(weaving, node, told)
        drawing.carried(node.id, node.label, node.name, *blocks, differs=told)
        used.add(node.id)
        if not flow.out(node.id):
            answer = drawing.block("chat.answer", key="answer")
            drawing.join(weaving.outputs[node.id], f"{answer}.text")
    for node in flow.nodes.values():
        if node.id not in used:
            _tell_part(weaving, node, bool(used))


def _is_chain(node: Node) -> bool:
    return bool(CHAINS.search(node.name)) and not node.name.lower().endswith("mcp")


def _speaks(flow: FlowiseFlow, node: Node) -> bool:
    """Whether a chain answers, or its answer goes into a prompt; others are tools of an agent."""
    targets = [flow.nodes[line.target] for line in flow.out(node.id)]
    return not targets or any("prompt" in target.name.lower() or _is_chain(target) for target in targets)


def _tell_part(weaving: Chains, node: Node, has_chain: bool) -> None:
    """A part has no block of its own where the chain it belongs to does its work."""
    if has_chain and weaving.flow.out(node.id):
        weaving.drawing.carried(node.id, node.label, node.name)
        return
    kept = weaving.drawing.placeholder(
        node.label, node.name, {"inputs": dict(node.inputs)}, key=node.id, at=node.place
    )
    weaving.drawing.carried(node.id, node.label, node.name, kept)


def _draw_chain(weaving: Chains, node: Node, told: Told) -> list[str]:
    name = node.name.lower()
    if re.search(r"retrieval|vectordb|qachain|contextchat|queryengine", name):
        return _draw_retrieval(weaving, node, told)
    if "sql" in name or "agent" in name or "assistant" in name:
        return _draw_agent(weaving, node, told)
    return _draw_llm(weaving, node, told)


def _draw_llm(weaving: Chains, node: Node, told: Told) -> list[str]:
    """A chain of a prompt and a model, or a conversation."""
    block = weaving.block("model", {**weaving.model(node), "history_turns": 0})
    prompt = weaving.part(node, "prompt", "chatPromptTemplate")
    rows = _rows(weaving, block, prompt, told) if prompt else []
    system = node.text("systemMessagePrompt") or node.text("systemMessage")
    if system:
        rows.insert(0, {"role": "system", "text": _filled(weaving, block, system, {})})
    asked = any("{{" in row["text"] and row["role"] == "user" for row in rows)
    if not asked or not prompt:
        weaving.join(weaving.question(), f"{block}.prompt")
    if rows:
        weaving.drawing.configure(block, messages=rows)
    _remember(weaving, node, block)
    weaving.outputs[node.id] = f"{block}.answer"
    return [block]


def _rows(weaving: Chains, block: str, prompt: Node, told: Told) -> list[dict[str, str]]:
    """The messages that a prompt makes."""
    values = _values(prompt)
    written = (prompt.text(name) for name in ("template", "systemMessagePrompt", "humanMessagePrompt"))
    if any("{{" in text for text in written):
        told.append(
            Problem.of(
                "import.braces",
                "Flowise takes doubled braces of a prompt for a value it was not given, and stops; here they stay.",
                "You notice it where the flow did not run in Flowise: here it answers.",
            )
        )
    if prompt.name == "chatPromptTemplate":
        found = [
            {"role": "system", "text": _filled(weaving, block, prompt.text("systemMessagePrompt"), values)},
            {"role": "user", "text": _filled(weaving, block, prompt.text("humanMessagePrompt"), values)},
        ]
        return [row for row in found if row["text"].strip()]
    examples = ""
    if prompt.name == "fewShotPromptTemplate":
        examples = f"{prompt.text('prefix')}\n\n{prompt.text('suffix')}"
        told.append(
            Problem.of(
                "import.examples",
                "Its examples didn’t come over.",
                "Write them in the block as messages of the person and the model.",
            )
        )
    return [{"role": "user", "text": _filled(weaving, block, examples or prompt.text("template"), values)}]


def _values(prompt: Node) -> dict[str, str]:
    """What each variable of a prompt is filled with."""
    held = prompt.inputs.get("promptValues")
    if isinstance(held, str):
        try:
            held = json.loads(held)
        except (ValueError, RecursionError):
            held = {}
    return {str(name): str(value) for name, value in held.items()} if isinstance(held, dict) else {}


def _filled(weaving: Chains, block: str, template: str, values: dict[str, str]) -> str:
    """A template with `{name}` as ours, each name joined to what it stands for; others get the question."""

    def slot(found: re.Match[str]) -> str:
        if not found[1]:
            return found[0][0]
        said = values.get(found[1], "{{question}}").strip()
        if not (said.startswith("{{") and said.endswith("}}")):
            return said
        id = said[2:-2].strip().removesuffix(".data.instance")
        port = weaving.question() if id == "question" else weaving.outputs.get(id, "") or weaving.reference(id)
        if not port:
            return ""
        name = port_id(found[1])
        weaving.join(port, f"{block}.{name}")
        return f"{{{{{name}}}}}"

    return _SLOT.sub(slot, template)


def _remember(weaving: Chains, node: Node, block: str) -> None:
    """What was said before, where a memory is joined."""
    memory = weaving.part(node, "memory", "agentMemory")
    if memory is None:
        return
    weaving.drawing.join(f"{weaving.start}.history", f"{block}.history")
    turns = memory.inputs.get("k")
    window = int(str(turns)) if str(turns).isdigit() else 100
    summary = "summary" if "summary" in memory.name.lower() else "turns"
    weaving.drawing.configure(block, history_turns=max(0, min(100, window)), memory=summary)


def _draw_agent(weaving: Chains, node: Node, told: Told) -> list[str]:
    block = weaving.block("agent", {**weaving.model(node), "history_turns": 0})
    if system := node.text("systemMessage") or node.text("systemMessagePrompt"):
        weaving.drawing.configure(block, instructions=system)
    limit = node.inputs.get("maxIterations")
    if str(limit).isdigit() and int(str(limit)) > 0:
        weaving.drawing.configure(block, step_limit=min(50, int(str(limit))))
    weaving.join(weaving.question(), f"{block}.message")
    made = [block]
    own = [(node.name, node.inputs)] if "sql" in node.name.lower() else []
    for name, said in (*own, *((part.name, part.inputs) for part in weaving.parts(node, "tools"))):
        tool = draw_tool(weaving, name, said, told)
        if tool:
            weaving.drawing.join(f"{tool}.tool", f"{block}.tools")
            made.append(tool)
    _remember(weaving, node, block)
    weaving.outputs[node.id] = f"{block}.answer"
    return made


def _draw_retrieval(weaving: Chains, node: Node, told: Told) -> list[str]:
    """Questions answered from documents."""
    store = weaving.part(node, "vectorStoreRetriever", "retriever", "vectorStore")
    top = store.inputs.get("topK") if store else None
    search = weaving.block(
        "knowledge.search",
        {"top_k": max(1, min(50, int(str(top))))} if str(top).isdigit() else {},
        main=False,
        key=f"{node.id} search",
    )
    weaving.join(weaving.question(), f"{search}.question")
    block = weaving.block("model", {**weaving.model(node), "history_turns": 0})
    if system := node.text("responsePrompt") or node.text("systemMessagePrompt"):
        weaving.drawing.configure(block, instructions=re.sub(r"\{context\}|\{question\}", "", system).strip())
    weaving.join(weaving.question(), f"{block}.prompt")
    weaving.drawing.join(f"{search}.passages", f"{block}.passages")
    _remember(weaving, node, block)
    weaving.outputs[node.id] = f"{block}.answer"
    tell_documents(weaving, node, told)
    told.append(
        Problem.of(
            "import.rephrased",
            "The question is searched for as it was asked; there a model may first rephrase it.",
            "You notice it from the second message on.",
        )
    )
    return [search, block]
