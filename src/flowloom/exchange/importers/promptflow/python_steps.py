"""Python tools of PromptFlow as code blocks."""

from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.promptflow.dag import Reference, Step
from flowloom.exchange.importers.promptflow.python_tools import Parameter, PythonTool, called, converted
from flowloom.exchange.importers.promptflow.weaving import Told, Weaving
from flowloom.locales import Verbatim


def draw_python(weaving: Weaving, step: Step, told: Told) -> list[str]:
    tool = weaving.tool(step)
    if tool is None:
        return [_draw_missing(weaving, step, told)]
    arguments, edges, patched = _arguments(weaving, step, tool, told)
    joined = tool.yields and not any(
        ref.step == step.name for other in weaving.dag.steps for ref in other.references.values()
    )
    config: dict[str, Any] = {"code": called(tool, arguments, joined=joined)}
    if tool.needs_whole:
        config["engine"] = "pandas"
    block = weaving.drawing.block("code.run", step.name, config, key=step.name)
    for port, source in edges.items():
        weaving.drawing.join(source, f"{block}.{port}")
    weaving.ports[step.name] = f"{block}.result"
    weaving.gate(step, block, patched)
    _tell_python(weaving, step, tool, told)
    return [block]


def _arguments(
    weaving: Weaving, step: Step, tool: PythonTool, told: Told
) -> tuple[dict[str, str], dict[str, str], bool]:
    """Each argument as Python text, the ports that bring them, and whether one has a value in any case."""
    arguments: dict[str, str] = {}
    edges: dict[str, str] = {}
    patched = False
    for name, said in step.inputs.items():
        parameter = tool.parameters.get(name, Parameter())
        ref = step.references.get(name)
        if ref is None:
            arguments[name] = _literal(weaving, step, name, said, parameter)
            continue
        port_name = name if name != "tables" else "tables_"
        port, _, more = weaving.joined(step, ref, parameter.default if parameter.has_default else None)
        edges[port_name], patched = port, patched or more
        arguments[name] = _shaped(weaving, step, ref, f"{{{{{port_name}}}}}")
    return arguments, edges, patched


def _literal(weaving: Weaving, step: Step, name: str, said: Any, parameter: Parameter) -> str:
    if parameter.annotation.endswith("Connection"):
        weaving.drawing.do(
            "“{step}” used the connection “{name}”, which stays with PromptFlow.",
            "Set up that service here, and use its block in place of the code that calls it.",
            step=Verbatim(step.name),
            name=Verbatim(str(said)),
        )
        return "None"
    try:
        return repr(converted(said, parameter))
    except (ValueError, KeyError, TypeError):
        return repr(said)


def _shaped(weaving: Weaving, step: Step, ref: Reference, written: str) -> str:
    """A value as PromptFlow hands it over: whole numbers whole, and a list of one where it sums up lines."""
    if not ref.step and weaving.dag.inputs[ref.name].get("type") == "int":
        written = f"int({written})"
    source = weaving.dag.step(ref.step)
    return f"[{written}]" if step.aggregates and not (source and source.aggregates) else written


def _tell_python(weaving: Weaving, step: Step, tool: PythonTool, told: Told) -> None:
    if step.aggregates:
        told.append(
            Problem.of(
                "import.aggregates",
                "It sums up all lines of a batch there. Here it sums up the one run, as a list of one.",
                "Use an evaluation to compare many runs.",
            )
        )
    if tool.lacking:
        told.append(
            Problem.of(
                "import.modules",
                "Its code asks for {modules}, which code has no access to here.",
                "It fails when it runs. Use the HTTP request, Read a page or Model block for that part.",
                modules=Verbatim(", ".join(tool.lacking)),
            )
        )
    elif tool.needs_whole:
        told.append(
            Problem.of(
                "import.whole",
                "Its code needs the larger Python, which runs on Linux only.",
                "Elsewhere the block says so. Simpler code runs everywhere.",
            )
        )
    if tool.yields:
        told.append(
            Problem.of(
                "import.yields",
                "It gives its pieces one by one, so a second reader gets nothing there. Here all get all.",
                "You notice it where two steps read it.",
            )
        )


def _draw_missing(weaving: Weaving, step: Step, told: Told) -> str:
    """A step whose file did not come along: its inputs are kept, its code is to be written."""
    names = {name: name if name != "tables" else "tables_" for name in step.references}
    held = ", ".join(f"{name!r}: {{{{{port}}}}}" for name, port in names.items())
    code = f"inputs = {{{held}}}\nraise ValueError('The code of this step was not imported.')\n"
    block = weaving.drawing.block("code.run", step.name, {"code": code}, key=step.name)
    for name, ref in step.references.items():
        weaving.drawing.join(weaving.value(ref).port, f"{block}.{names[name]}")
    weaving.ports[step.name] = f"{block}.result"
    weaving.gate(step, block, False)
    told.append(
        Problem.of(
            "import.no_code",
            "Its file “{path}” wasn’t brought along or can’t be read, so its code is missing.",
            "Import the whole folder, or write the code in the block.",
            path=Verbatim(step.path),
        )
    )
    return block
