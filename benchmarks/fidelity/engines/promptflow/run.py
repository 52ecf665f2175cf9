"""Runs flows of PromptFlow by its own executor: jobs come as JSON by standard input, results leave as the last line."""

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
    return told(result.output)


def inputs_of(flow: Flow, job: dict) -> dict:
    """What was said goes to the input of the chat, or to the only one."""
    found = dict(job["inputs"])
    chat = [name for name, each in flow.inputs.items() if each.is_chat_input]
    free = [name for name in flow.inputs if name not in found and name != "chat_history"]
    if job["said"] and (chat or len(free) == 1):
        found[(chat or free)[0]] = job["said"]
    return found


def told(output: dict) -> str:
    """The only output, or the one of the chat as text; else a line for each."""
    shown = {name: value if isinstance(value, str) else json.dumps(value) for name, value in output.items()}
    if len(shown) == 1:
        return next(iter(shown.values()))
    return "\n".join(f"{name}: {value}" for name, value in shown.items())


main()
