"""A conversation in the terminal."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from flowloom.exchange.exporters.python.parts.flows import STEPS
from flowloom.exchange.exporters.python.parts.people import in_type


def ask_in_terminal(question: dict[str, Any]) -> dict[str, Any]:
    """Put a question of the flow to whoever sits at the terminal."""
    print("\n".join(filter(None, ["", question["question"], question.get("text", "")])))
    if "fields" in question:
        return {"values": {field["name"]: ask_field(field) for field in question["fields"]}}
    ids = list(question["choices"])
    for number, id in enumerate(ids, 1):
        print(f"  {number}. {question['choices'][id]}")
    said = ""
    while not (said.isdecimal() and 1 <= int(said) <= len(ids)):
        said = input(f"1-{len(ids)}: ").strip()
    return {"choice": ids[int(said) - 1], "comment": input("Comment (may be empty): ").strip()}


def ask_field(field: dict[str, Any]) -> Any:
    known = f" [{field['value']}]" if field.get("value") not in (None, "") else ""
    while True:
        said = input(f"{field['name']}{known}: ").strip() or field.get("value")
        value = in_type(said, field["type"])
        if value is not None or not field["required"]:
            return value


def respond(
    flow: Any,
    message: str,
    history: Sequence[dict[str, Any]] = (),
    files: Sequence[dict[str, Any]] = (),
    ask_person: Callable[[dict[str, Any]], dict[str, Any]] = ask_in_terminal,
) -> str:
    """The answer to a message after what was said before, each `{"role": "user", "text": "…"}`.

    Questions to a person go to `ask_person`.
    """
    graph = flow(InMemorySaver())
    config = {"configurable": {"thread_id": uuid4().hex}, "recursion_limit": STEPS}
    start = {"message": message, "history": list(history), "files": list(files), "values": {}}
    state = graph.invoke(start, config)
    while waiting := state.get("__interrupt__"):
        answers = {each.id: ask_person(each.value) for each in waiting}
        state = graph.invoke(Command(resume=answers), config)
    return "\n\n".join(text for text in state.get("answers", {}).values() if text)


def read_file(path: str) -> dict[str, Any]:
    """A text file as an attachment of a message."""
    text = Path(path).read_text("utf-8")
    name = Path(path).name
    return {"id": name, "name": name, "media_type": "text/plain", "size": len(text), "text": text}


def converse(flow: Any, first: str = "", files: Sequence[str] = ()) -> None:
    """Chat until an empty line; a message given with the command is answered alone."""
    history: list[dict[str, Any]] = []
    attached = [read_file(path) for path in files]
    while message := first or input("\n> ").strip():
        try:
            answer = respond(flow, message, history, attached)
        except Exception as error:
            sys.exit(f"It stopped: {error}")
        print(answer)
        history += [{"role": "user", "text": message}, {"role": "assistant", "text": answer}]
        if first:
            return
