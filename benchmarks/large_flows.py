"""Flows of two megabytes of each builder, made from small ones, by which `benchmarks.exchange` times importers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

FLOWS = Path(__file__).parent / "fidelity" / "flows"
SIZE = 2_000_000
COPIES = 500
FEW = 130
"""Nodes of Flowise, whose files describe each field of each, and each of which is told what all before it said."""
LONG = "Please answer in a friendly way. " * (SIZE // COPIES // 40)


def flowise() -> bytes:
    """A start and a chain of models."""
    found = json.loads((FLOWS / "flowise/chain.json").read_text("utf-8"))
    model = next(node for node in found["nodes"] if node["data"]["name"] == "llmAgentflow")
    line = found["edges"][0]
    start = next(node["id"] for node in found["nodes"] if node["data"]["name"] == "startAgentflow")
    nodes = [node for node in found["nodes"] if node["id"] == start]
    edges, before = [], start
    for number in range(FEW):
        id = f"llmAgentflow_{number}"
        copy = json.loads(json.dumps(model).replace(model["id"], id))
        copy["position"] = {"x": 300 * number, "y": 0}
        copy["data"]["inputs"]["llmMessages"] = [{"role": "system", "content": LONG}]
        copy["data"]["description"] = LONG * 3
        nodes.append(copy)
        ends = {"source": before, "target": id, "sourceHandle": f"{before}-output-{before}", "targetHandle": id}
        edges.append({**line, "id": f"{before}-{id}", **ends})
        before = id
    return json.dumps({**found, "nodes": nodes, "edges": edges}).encode()


def coze() -> bytes:
    """A chain of models, each asked with what the one before said."""
    found = json.loads((FLOWS / "coze/llm.json").read_text("utf-8"))
    first, model, last = (next(node for node in found["nodes"] if node["type"] == type) for type in ("1", "3", "2"))
    text, nodes, edges, before = json.dumps(model), [first], [], first["id"]
    for number in range(COPIES):
        id = f"m{number}"
        copy = {**json.loads(text.replace(f'"{model["id"]}"', f'"{id}"')), "note": LONG}
        nodes.append(copy)
        edges.append({"sourceNodeID": before, "targetNodeID": id})
        before = id
    said = json.loads(json.dumps(last).replace(f'"{model["id"]}"', f'"{before}"'))
    edges.append({"sourceNodeID": before, "targetNodeID": last["id"]})
    return json.dumps({**found, "nodes": [*nodes, said], "edges": edges}).encode()


def rivet() -> bytes:
    """Texts beside each other that no one reads but the first."""
    found = yaml.safe_load((FLOWS / "rivet/chat.rivet-project").read_text("utf-8"))
    graph = next(iter(found["data"]["graphs"].values()))
    for number in range(COPIES):
        graph["nodes"][f'[t{number}]:text "Text {number}"'] = {"data": {"text": LONG}, "visualData": "0/0/300/1"}
    return yaml.safe_dump(found).encode()


def chatflow() -> bytes:
    """Questions, each with what the one before it answered."""
    steps: list[dict[str, Any]] = [{"name": "0", "ask": LONG, "cachedResponseRegex": ".*"}]
    for number in range(1, FEW):
        said = f"{LONG} $$response:{number - 1}$$"
        steps.append({"name": str(number), "ask": said + LONG * 3, "cachedResponseRegex": ".*"})
    return yaml.safe_dump({"name": "Large", "category": "x", "steps": steps}).encode()


def rillflow() -> bytes:
    """A chain of tasks that hand a text on."""
    tasks = [
        {
            "name": f"t{number}",
            "category": "pass",
            "title": LONG,
            "next": f"t{number + 1}" if number < COPIES - 1 else "",
            "inputMappings": [{"source": f"$.context.v{number}", "target": "$.input.v"}],
            "outputMappings": [{"source": "$.input.v", "target": f"$.context.v{number + 1}"}],
        }
        for number in range(COPIES)
    ]
    return yaml.safe_dump({"dagName": "large", "type": "flow", "tasks": tasks}).encode()


def promptflow() -> bytes:
    """A chain of prompts; their templates would lie beside them."""
    nodes = [
        {
            "name": f"p{number}",
            "type": "prompt",
            "source": {"type": "code", "path": "p.jinja2"},
            "inputs": {"text": f"${{p{number - 1}.output}}" if number else "${inputs.text}", "more": LONG},
        }
        for number in range(COPIES)
    ]
    outputs = {"out": {"type": "string", "reference": f"${{p{COPIES - 1}.output}}"}}
    dag = {"inputs": {"text": {"type": "string"}}, "outputs": outputs, "nodes": nodes}
    return yaml.safe_dump(dag).encode()


def assistants() -> bytes:
    found = json.loads((FLOWS / "assistants/functions.json").read_text("utf-8"))
    return json.dumps({**found, "instructions": LONG * COPIES}).encode()


def customgpt() -> bytes:
    found = json.loads((FLOWS / "customgpt/form.json").read_text("utf-8"))
    return json.dumps({**found, "instructions": LONG * COPIES}).encode()


def agentbuilder() -> bytes:
    """Agents with long instructions, asked one after another."""
    text = (FLOWS / "agentbuilder/plain_chat.py").read_text("utf-8")
    agents = "\n".join(
        f'agent_{number} = Agent(\n  name="Agent {number}",\n  instructions={LONG!r},\n  model="gpt-4.1"\n)\n'
        for number in range(COPIES)
    )
    head, mark, rest = text.partition("class WorkflowInput")
    return f"{head}{agents}\n{mark}{rest}".encode()


LARGE: dict[str, Callable[[], bytes]] = {
    "Flowise": flowise,
    "Coze": coze,
    "Rivet": rivet,
    "ChatFlow": chatflow,
    "Rill-Flow": rillflow,
    "PromptFlow": promptflow,
    "OpenAI API": assistants,
    "ChatGPT": customgpt,
    "Agent Builder": agentbuilder,
}
