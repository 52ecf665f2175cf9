"""Agentflows (version 2) of Flowise as flows of ours: every node, in the order in which it runs."""

from collections.abc import Callable, Mapping

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.flowise import branching, reaching, speaking
from flowloom.exchange.importers.flowise.flow import FlowiseFlow, Node, loop_target
from flowloom.exchange.importers.flowise.rich_text import markdown
from flowloom.exchange.importers.flowise.weaving import Told, Weaving
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.port_names import named_ports

Draw = Callable[[Weaving, Node, Told], list[str]]
FORM_TYPES = {"number": "number", "boolean": "boolean"}


def draw_agentflow(flow: FlowiseFlow, drawing: Drawing) -> None:
    draw_all(Weaving(flow.within(""), drawing), flow)


def draw_all(weaving: Weaving, whole: FlowiseFlow) -> None:
    for node in weaving.ordered:
        weaving.enter(node)
        told: Told = []
        if node.name == "iterationAgentflow":
            blocks = _draw_iteration(weaving, node, told, whole)
        else:
            blocks = DRAWS.get(node.name, reaching.draw_kept)(weaving, node, told)
        told += _joining(weaving, node)
        weaving.drawing.carried(node.id, node.label, node.name, *blocks, differs=told)
        if _is_last(weaving, node) and not weaving.outer:
            _answer(weaving, node)


def _is_last(weaving: Weaving, node: Node) -> bool:
    silent = ("startAgentflow", "loopAgentflow", "conditionAgentflow", "conditionAgentAgentflow")
    return node.name not in silent and not weaving.flow.out(node.id) and node.id in weaving.outputs


def _answer(weaving: Weaving, node: Node) -> None:
    """What the last node says is the answer."""
    port = weaving.outputs[node.id]
    answer = weaving.block("chat.answer", main=False, key=f"{node.id} answer")
    weaving.drawing.join(port, f"{answer}.text")


def _joining(weaving: Weaving, node: Node) -> Told:
    """A word on what joins ways of which only one is taken: it never runs there."""
    sources = weaving.flow.into(node.id)
    chosen = [line for line in sources if _chooses(weaving, line.source)]
    if len(sources) < 2 or not chosen:
        return []
    return [
        Problem.of(
            "import.joins",
            "It joins ways of which only one is taken. Flowise may never run it then, in silence; here it runs.",
            "You notice it where nothing came after that node.",
        )
    ]


def _chooses(weaving: Weaving, id: str) -> bool:
    """Whether a node stands behind a choice, or is one."""
    waiting, seen = [id], set()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if weaving.flow.nodes[at].name in ("conditionAgentflow", "conditionAgentAgentflow", "humanInputAgentflow"):
            return True
        waiting += [line.source for line in weaving.flow.into(at)]
    return False


def _draw_start(weaving: Weaving, node: Node, told: Told) -> list[str]:
    weaving.start = weaving.block("chat.message")
    weaving.exits[node.id, 0] = [f"{weaving.start}.message"]
    weaving.outputs[node.id] = f"{weaving.start}.message"
    blocks = [weaving.start]
    if node.text("startInputType") == "formInput":
        blocks.append(_draw_form(weaving, node))
    _draw_state(weaving, node, told)
    if node.text("startInputType") in ("webhookTrigger", "scheduleInput"):
        told.append(
            Problem.of(
                "import.trigger",
                "It starts by itself there. Here it starts with a message.",
                "Plan it under Schedules, or call it by the API.",
            )
        )
    return blocks


def _draw_form(weaving: Weaving, node: Node) -> str:
    rows = [row for row in node.rows("formInputTypes") if str(row.get("name") or "").strip()][:30]
    names = [str(row["name"])[:80] for row in rows]
    fields = [
        {"name": name, "type": FORM_TYPES.get(str(row.get("type")), "text")}
        for name, row in zip(names, rows, strict=True)
    ]
    title = ". ".join(part for part in (node.text("formTitle"), markdown(node.text("formDescription"))) if part)
    form = weaving.block(
        "people.form", {"fields": fields, **({"question": title[:200]} if title else {})}, main=False, key="form"
    )
    weaving.drawing.join(f"{weaving.start}.message", f"{form}.value")
    for name, port in zip(names, named_ports(names, taken=("late",)), strict=True):
        weaving.form[name] = f"{form}.{port.id}"
    if weaving.form:
        weaving.exits[node.id, 0] = [next(iter(weaving.form.values()))]
    return form


def _draw_state(weaving: Weaving, node: Node, told: Told) -> None:
    """The state at first; it is remembered by its names, one after the other."""
    rows = [row for row in node.rows("startState") if str(row.get("key") or "").strip()]
    last = weaving.exits[node.id, 0][0]
    for row in rows:
        name = str(row["key"]).strip()[:80]
        weaving.state[name] = str(row.get("value") or "")
        kept = weaving.block("memory.remember", {"name": name}, main=False, key=f"state {name}")
        weaving.drawing.join(weaving.port(row.get("value"), f"first {name}"), f"{kept}.value")
        weaving.drawing.after(kept, last)
        last = f"{kept}.value"
    weaving.exits[node.id, 0] = [last]
    if rows and node.inputs.get("startPersistState") is True:
        told.append(
            Problem.of(
                "import.persists",
                "Its state lasts for the whole conversation there. Here it begins anew with each message.",
                "Remove the first Remember blocks to keep it.",
            )
        )


def _draw_iteration(weaving: Weaving, node: Node, told: Told, whole: FlowiseFlow) -> list[str]:
    inner_drawing = Drawing(weaving.drawing.format, node.label)
    inner_drawing.rows, inner_drawing.notes = weaving.drawing.rows, weaving.drawing.notes
    inner_drawing.todo = weaving.drawing.todo
    item = inner_drawing.block("flow.input", "", {"name": "Item"}, key="item")
    inner = Weaving(whole.within(node.id), inner_drawing, weaving, f"{item}.value")
    draw_all(inner, whole)
    result = inner_drawing.block("flow.output", "", {"name": "Result"}, key="result")
    for last in inner.ordered:
        if not inner.flow.out(last.id) and last.id in inner.outputs:
            inner_drawing.join(inner.outputs[last.id], f"{result}.value")
    block = weaving.block("flow.each", {"flow": document_of(inner_drawing.flow()), "over": "item", "at_once": 1})
    weaving.join(weaving.port(node.inputs.get("iterationInput"), f"{node.id} items"), f"{block}.item")
    for said, port in inner.shared.items():
        name = inner_drawing.node(port.split(".")[0]).config["name"].replace(" ", "_")
        weaving.join(weaving.reference(said), f"{block}.{name}")
    weaving.follow(block)
    lines = weaving.block(
        "template", {"template": "{{ results | join('\\n') }}"}, main=False, key=f"{node.id} lines"
    )
    weaving.drawing.join(f"{block}.result", f"{lines}.results")
    weaving.outputs[node.id] = f"{lines}.text"
    weaving.exits[node.id, 0] = [f"{lines}.text"]
    told.append(
        Problem.of(
            "import.iteration",
            "An item that fails stops the run here; there its error becomes its result.",
            "Choose in the block what happens when an item fails.",
        )
    )
    return [block, lines]


def _draw_loop(weaving: Weaving, node: Node, told: Told) -> list[str]:
    ports = weaving.before()
    if rows := node.rows("loopUpdateState"):
        gate = weaving.block("merge", main=False, key=f"{node.id} state")
        for port in ports:
            weaving.drawing.join(port, f"{gate}.values")
        ports = [weaving.update(rows, f"{gate}.value")]
    if not weaving.back(loop_target(node), ports):
        told.append(
            Problem.of(
                "import.loop_nowhere",
                "It leads back to a node that isn’t there or isn’t before it.",
                "Draw the line back yourself.",
            )
        )
    if node.text("fallbackMessage"):
        told.append(
            Problem.of(
                "import.fallback",
                "Its message at the limit of rounds didn’t come over.",
                "The run ends at the limit with what the last round gave.",
            )
        )
    return []


DRAWS: Mapping[str, Draw] = {
    "startAgentflow": _draw_start,
    "loopAgentflow": _draw_loop,
    **speaking.DRAWS,
    **branching.DRAWS,
    **reaching.DRAWS,
}
