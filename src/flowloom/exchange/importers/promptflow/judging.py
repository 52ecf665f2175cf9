"""Evaluation flows of PromptFlow: their inputs come from what a GPT is given that judges an answer."""

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.promptflow.dag import Dag, Step

PARTS = {
    "Question": ("question", "query", "input", "prompt", "instruction"),
    "Expected": (
        "groundtruth", "ground_truth", "groundtruths", "expected", "expected_answer", "reference", "label",
        "target", "ideal", "correct_answer",
    ),
    "Passages": ("context", "contexts", "passages", "documents", "retrieved_documents", "source", "sources"),
    "Answer": (
        "answer", "prediction", "predictions", "response", "output", "completion", "generated_answer", "actual",
        "result", "reply",
    ),
}  # fmt: skip
"""What is judged, in the order in which it is told, by the names that evaluation flows give it."""
FIGURES = Problem.of(
    "import.figures",
    "It works out figures of all rows together, which doesn’t come across.",
    "Evaluate shows the mean of what this GPT says of each answer, and how sure it is.",
)
UNTOLD = Problem.of(
    "import.judged_untold",
    "What is judged has nothing of this name, so it is empty here, or its default.",
    "Connect it to another part of the message where its step needs it.",
)


def is_evaluation(dag: Dag) -> bool:
    """Whether a flow compares an answer with something and sums up the rows, or says that it evaluates."""
    if any(said.get("is_chat_input") is True for said in dag.inputs.values()):
        return False
    found = {part_of(name) for name in dag.inputs}
    compares = "Answer" in found and len(found - {""}) > 1
    template = dag.said.get("template")
    says_so = isinstance(template, dict) and template.get("type") == "evaluation"
    return compares and (says_so or any(step.aggregates for step in dag.steps))


def part_of(name: str) -> str:
    """Which part of what is judged an input takes; "" for none."""
    plain = name.casefold().replace("-", "_").replace(" ", "_")
    return next((part for part, names in PARTS.items() if plain in names), "")


def draw_parts(drawing: Drawing, dag: Dag, start: str) -> dict[str, str]:
    """A block for each input that takes its part out of the message; the ports by the names of the inputs."""
    ports = {}
    for name, said in dag.inputs.items():
        part, default = part_of(name), said.get("default")
        if part:
            block = drawing.block("code.run", name, {"code": _taken_out(part)}, key=f"judged {name}")
            drawing.join(f"{start}.message", f"{block}.message")
            ports[name] = f"{block}.result"
        else:
            text = "" if default is None else str(default)
            block = drawing.block("text", name, {"text": text}, key=f"judged {name}")
            ports[name] = f"{block}.text"
    return ports


def _taken_out(part: str) -> str:
    """The part of the message, from its heading to the next one that is there."""
    names = [*PARTS]
    heading = "Question:\\n" if part == names[0] else f"\\n\\n{part}:\\n"
    taken = f'{{{{message}}}}.partition("{heading}")[2]'
    for later in names[names.index(part) + 1 :]:
        taken += f'.partition("\\n\\n{later}:\\n")[0]'
    return taken


def tell(drawing: Drawing, dag: Dag) -> None:
    """What one does with it here."""
    drawing.do(
        "Choose this GPT under Evaluate, as the measure “A GPT of yours judges”.",
        "It reads question, expected answer, passages and answer. Where its marks go up to 5, set that as well.",
    )
    if len([name for name in dag.outputs if not _sums_up(dag, name)]) > 1:
        drawing.remark(
            "It gives several marks. Evaluate takes the last one.",
            "Import it once for each mark, and connect only that one to the answer.",
        )


def _sums_up(dag: Dag, output: str) -> bool:
    said = str(dag.outputs[output].get("reference") or "")
    step: Step | None = dag.step(said.removeprefix("${").partition(".")[0].removesuffix("}"))
    return step is not None and step.aggregates
