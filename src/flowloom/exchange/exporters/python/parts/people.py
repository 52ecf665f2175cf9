"""Questions to a person, by LangGraph's interrupt: the run waits until they have answered."""

from typing import Any

from langgraph.errors import GraphBubbleUp
from langgraph.types import interrupt

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.values import readable
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.yes_no import parse_yes_no

PASSES_ON = (GraphBubbleUp,)
"""What is no failure of a block: that it waits for a person."""


def ask_person(question: dict[str, Any]) -> dict[str, Any]:
    """What a person answers."""
    answer: dict[str, Any] = interrupt(question)
    return answer


def ask_first(title: str, given: dict[str, Any]) -> None:
    """Ask a person whether a block may work with these values."""
    shown = "\n\n".join(f"{name}: {readable(value)[:2000]}" for name, value in given.items() if name != "state")
    said = ask_person({"question": title, "text": shown, "choices": {"go": "Allow", "stop": "Do not allow"}})
    if said.get("choice") != "go":
        hint = "Ask again, or change what is sent to it."
        raise NodeError("This block wasn’t approved. {comment}", hint, comment=said.get("comment", ""))


def choose(question: str, text: str, choices: dict[str, str]) -> tuple[str, str]:
    """The choice of a person, and a comment of theirs."""
    said = ask_person({"question": question, "text": text, "choices": choices})
    return said["choice"], said.get("comment", "")


def fill_in(question: str, text: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """A form as a person filled it in; each field has a name, a type, and whether it is required."""
    values: dict[str, Any] = ask_person({"question": question, "text": text, "fields": fields})["values"]
    return values


def with_known(fields: list[dict[str, Any]], known: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The fields of a form with what is known already, by their names in any case."""
    values = {name.casefold(): value for name, value in (known or {}).items()}
    return [each | {"value": in_type(values.get(each["name"].casefold()), each["type"])} for each in fields]


def filled_in(outputs: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """What goes on of a form, by output: the fields that are not empty."""
    return {output: values[name] for name, output in outputs.items() if values.get(name) not in (None, "")}


def in_type(value: Any, type: str) -> Any:
    """A value of a form in the type of its field; None where that is nothing it can take."""
    if value in (None, "") or isinstance(value, list | dict):
        return None
    if type == "number":
        return parse_number(str(value))
    return parse_yes_no(value) if type == "boolean" else value if isinstance(value, str) else str(value)
