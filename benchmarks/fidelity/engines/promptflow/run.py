"""Runs flows of PromptFlow by its own executor: JSON jobs by standard input, results as the last line."""

import contextlib
import json
import sys
from pathlib import Path

from promptflow.connections import OpenAIConnection
from promptflow.contracts.flow import Flow
from promptflow.executor import FlowExecutor


def main() -> None:
    jobs = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        found = [tried(job) for job in jobs]
    print(json.dumps(found))


def tried(job: dict) -> dict:
    try:
        return {"answer": answer_of(job)}
    except Exception as error:
        return {"answer": None, "error": f"{type(error).__name__}: {error}"[:500]}


def answer_of(job: dict) -> str:
    folder = Path(job["flow"])
    connection = OpenAIConnection(api_key=job["key"], base_url=job["model"])
    connections = {"model": connection._to_execution_connection_dict()}
    flow = Flow.from_yaml("flow.dag.yaml", working_dir=folder)
    executor = FlowExecutor.create(folder / "flow.dag.yaml", connections, working_dir=folder, raise_ex=True)
    result = executor.exec_line(inputs_of(flow, job), index=0, allow_generator_output=False)
    if result.run_info.error:
        raise RuntimeError(result.run_info.error["message"])
    if any(node.aggregation for node in flow.nodes):
        listed = {name: [value] for name, value in result.run_info.inputs.items()}
        executor.exec_aggregation(listed, {name: [value] for name, value in result.aggregation_inputs.items()})
    return told(flow, result.output)


def inputs_of(flow: Flow, job: dict) -> dict:
    """What was said goes to the input of the chat, or to the only one."""
    found = dict(job["inputs"])
    chat = [name for name, each in flow.inputs.items() if each.is_chat_input]
    free = [name for name in flow.inputs if name not in found and name != "chat_history"]
    if job["said"] and (chat or len(free) == 1):
        found[(chat or free)[0]] = job["said"]
    return found


def told(flow: Flow, output: dict) -> str:
    """The output of the chat, the only one, or else a line for each, as a person reads it."""
    chat = [name for name, each in flow.outputs.items() if each.is_chat_output]
    shown = {name: readable(output[name]) for name in flow.outputs if name in output}
    if len(shown) == 1 or chat:
        return shown[chat[0]] if chat else next(iter(shown.values()))
    return "\n".join(f"{name}: {value}" for name, value in shown.items())


def readable(value: object) -> str:
    """Yes and no in words, an item of a list a line, an object as JSON, nothing as nothing."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(map(readable, value))
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else str(value)


main()
