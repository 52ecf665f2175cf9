"""Each node of PromptFlow as blocks of ours, and what is said of it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.promptflow.dag import Step
from flowloom.exchange.importers.promptflow.model_steps import draw_model, draw_prompt
from flowloom.exchange.importers.promptflow.python_steps import draw_python
from flowloom.exchange.importers.promptflow.weaving import Told, Weaving
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import named_ports

SEARCHES = re.compile(r"vector|lookup|faiss|index", re.IGNORECASE)


def draw_step(weaving: Weaving, step: Step) -> None:
    """Draw one node and say what became of it."""
    told: Told = _of_every(step)
    draw = _SORTS.get(step.type, _draw_unknown)
    if step.type == "python" and step.tool:
        draw = _draw_package
    blocks = draw(weaving, step, told)
    weaving.drawing.carried(step.name, step.name, step.type or "node", *blocks, differs=told)


def _of_every(step: Step) -> Told:
    told: Told = []
    if step.ignored:
        told.append(
            Problem.of(
                "import.activate",
                "Its activate condition stands beside its variants, so it has no effect, there or here.",
                "It runs each time. Move the condition into the variant to have it count.",
            )
        )
    if step.variants:
        told.append(
            Problem.of(
                "import.variants",
                "Only its default variant came over, without {names}.",
                "PromptFlow runs that one, too, unless told otherwise.",
                names=Verbatim(", ".join(step.variants)),
            )
        )
    if any(ref.unread for ref in step.references.values()):
        told.append(
            Problem.of(
                "import.unread",
                "It takes a part right behind “output”, where PromptFlow fails. Here it gets that part.",
                "You notice it where the flow failed before.",
            )
        )
    return told


def _draw_package(weaving: Weaving, step: Step, told: Told) -> list[str]:
    asked = next(
        (ref for name, ref in step.references.items() if name in ("query", "text", "queries", "url")), None
    )
    kind, port, result = "", "", ""
    if asked and "serpapi" in step.tool.lower():
        kind, port, result = "web.search", "query", "results"
        told.append(
            Problem.of(
                "import.search",
                "It searches by another provider here.",
                "Other pages may be found. Choose the provider in the block.",
            )
        )
    elif asked and SEARCHES.search(step.tool):
        kind, port, result = "knowledge.search", "question", "passages"
        weaving.drawing.do(
            "Add the documents that “{step}” searches.",
            "Open its block and add them; the index of PromptFlow stays there.",
            step=Verbatim(step.name),
        )
        told.append(
            Problem.of(
                "import.index",
                "It searches documents that you add here, not the index that PromptFlow used.",
                "Passages are chosen by another measure, so others may be found.",
            )
        )
    if not kind or asked is None:
        return _draw_unknown(weaving, step, told)
    block = weaving.drawing.block(kind, step.name, key=step.name)
    weaving.drawing.join(weaving.value(asked).port, f"{block}.{port}")
    weaving.ports[step.name] = f"{block}.{result}"
    weaving.gate(step, block, False)
    return [block]


def _draw_unknown(weaving: Weaving, step: Step, told: Told) -> list[str]:
    block = weaving.drawing.placeholder(
        step.name, step.tool or step.type or "node", step.said, inputs=list(step.references), key=step.name
    )
    for name, port in zip(step.references, _ports(step.references), strict=True):
        weaving.drawing.join(weaving.value(step.references[name]).port, f"{block}.{port}")
    weaving.ports[step.name] = f"{block}.output"
    weaving.gate(step, block, False)
    return [block]


def _ports(names: Mapping[str, Any]) -> list[str]:
    return [port.id for port in named_ports(names)]


_SORTS: dict[str, Callable[[Weaving, Step, Told], list[str]]] = {
    "python": draw_python,
    "prompt": draw_prompt,
    "llm": draw_model,
    "custom_llm": draw_model,
}
