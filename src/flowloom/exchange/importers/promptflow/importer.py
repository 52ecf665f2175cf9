"""Reads folders of PromptFlow: flow.dag.yaml with its prompts, Python files, variants and conditions."""

from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.promptflow import texts as texts
from flowloom.exchange.importers.promptflow.dag import Reference, dag_files, is_dag, read_dag, reference
from flowloom.exchange.importers.promptflow.judging import FIGURES, UNTOLD, part_of, tell
from flowloom.exchange.importers.promptflow.shape import SHAPE
from flowloom.exchange.importers.promptflow.steps import draw_step
from flowloom.exchange.importers.promptflow.weaving import HISTORY, Weaving
from flowloom.exchange.source import Source

NAME = "PromptFlow"


def recognises(source: Source) -> bool:
    return any(is_dag(source.yaml_of(name)) for name in dag_files(source)[:20])


def documents(source: Source) -> list[Any]:
    """The flow file, also one that is not whole enough to be read as a flow."""
    return [source.yaml_of(name) for name in dag_files(source)[:1]]


def read(source: Source) -> Imported:
    dag = read_dag(source)
    drawing = Drawing(NAME, str(dag.said.get("display_name") or dag.folder.rpartition("/")[2] or source.name))
    weaving = Weaving(source, dag, drawing)
    _tell_inputs(weaving)
    for step in weaving.order:
        if weaving.judges and step.aggregates:
            drawing.carried(step.name, step.name, step.type or "node", differs=[FIGURES])
        else:
            draw_step(weaving, step)
    if weaving.judges:
        tell(drawing, dag)
    _draw_answer(weaving)
    return drawing.finished()


def _tell_inputs(weaving: Weaving) -> None:
    for name, said in weaving.dag.inputs.items():
        told = []
        if weaving.judges:
            told += [] if part_of(name) else [UNTOLD]
        elif name not in (weaving.spoken, HISTORY):
            told.append(
                Problem.of(
                    "import.asked",
                    "It is asked for by a form at each message.",
                    "Remove the form and write the value into its block where it never changes.",
                )
            )
        weaving.drawing.carried(
            f"inputs.{name}", name, str(said.get("type") or "string"), weaving.start, differs=told
        )
    weaving.drawing.remark(
        "PromptFlow turns what a data file lacks into the word “nan”, and numbers in texts into “5.0”.",
        "Flowloom asks for what is missing, and leaves numbers as they are.",
    )


def _draw_answer(weaving: Weaving) -> None:
    """The outputs as one answer: that of the chat, the only one, or a line for each."""
    outputs = {name: reference(said.get("reference")) for name, said in weaving.dag.outputs.items()}
    shown = {name: ref for name, ref in outputs.items() if ref and not _is_summed_up(weaving, ref)}
    chat = [name for name, said in weaving.dag.outputs.items() if said.get("is_chat_output") is True]
    chosen = {name: ref for name, ref in shown.items() if not chat or name == chat[0]}
    answer = weaving.drawing.block("chat.answer", key="answer")
    ports = {name: _always(weaving, ref) for name, ref in chosen.items()}
    if len(ports) == 1:
        weaving.drawing.join(next(iter(ports.values())), f"{answer}.text")
    elif ports:
        lines = weaving.drawing.block("prompt", key="lines")
        names = {name: f"output {number}" for number, name in enumerate(ports, 1)}
        weaving.drawing.configure(lines, template="\n".join(f"{name}: {{{{{names[name]}}}}}" for name in ports))
        for name, port in ports.items():
            weaving.drawing.join(port, f"{lines}.{names[name]}")
        weaving.drawing.join(f"{lines}.prompt", f"{answer}.text")
    for name in weaving.dag.outputs:
        weaving.drawing.carried(
            f"outputs.{name}", name, "output", answer, differs=_left_out(weaving, name, shown, chosen)
        )


def _is_summed_up(weaving: Weaving, ref: Reference) -> bool:
    step = weaving.dag.step(ref.step)
    return step is not None and step.aggregates


def _left_out(
    weaving: Weaving, name: str, shown: dict[str, Reference], chosen: dict[str, Reference]
) -> list[Problem]:
    if name not in shown:
        return [
            Problem.of(
                "import.vanishes",
                "It refers to a step that sums up a batch, so PromptFlow leaves it out in silence, like us.",
                "Look at that step’s own result under Runs.",
            )
        ]
    if name not in chosen:
        return [
            Problem.of(
                "import.beside",
                "The answer shows the output of the chat alone.",
                "Look at the other outputs under Runs, or connect them to the answer.",
            )
        ]
    ref = chosen[name]
    if ref.step and ref.path and weaving.gates[ref.step]:
        return [
            Problem.of(
                "import.part_of_nothing",
                "Where its step doesn’t run, PromptFlow fails. Here there is no answer then.",
                "You notice it where the step was passed over.",
            )
        ]
    return []


def _always(weaving: Weaving, ref: Reference) -> str:
    """Where an output comes from; nothing at all of a step that didn’t run is an empty text, as None is there."""
    value = weaving.value(ref)
    if ref.step and weaving.gates[ref.step] and not ref.path:
        return weaving.or_else(value.port, "")
    return value.port


IMPORTER = Importer("promptflow", NAME, recognises, read, SHAPE, documents)
