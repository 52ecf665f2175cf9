"""What a program answers to a question of a run, looked at before it counts."""

from collections.abc import Mapping
from typing import Any

from flowloom.errors import Problem
from flowloom.kinds.people import FormField, Question, Reply
from flowloom.serve.api.gate import Json
from flowloom.serve.api.messages import wrong

MOST_COMMENT = 10_000


def reply_of(question: Question, body: Json) -> Reply:
    """The answer that a body holds. Raises ApiError that names what does not fit."""
    comment = body.get("comment", "")
    if not isinstance(comment, str) or len(comment) > MOST_COMMENT:
        raise wrong(NO_COMMENT, "comment")
    if question.fields:
        given = body.get("values")
        if not isinstance(given, Mapping):
            raise wrong(NO_VALUES, "values")
        return Reply(values={field.name: _value(field, given.get(field.name)) for field in question.fields})
    choice = body.get("choice")
    if choice not in [each.id for each in question.choices]:
        raise wrong(NO_CHOICE, "choice")
    return Reply(choice=str(choice), comment=comment.strip())


FITTING: dict[str, tuple[type, ...]] = {"text": (str,), "number": (int, float), "boolean": (bool,)}


def _value(field: FormField, value: Any) -> Any:
    if value in (None, ""):
        if field.required:
            raise wrong(EMPTY_FIELD, f"values.{field.name}")
        return None
    if not isinstance(value, FITTING[field.type]) or isinstance(value, bool) != (field.type == "boolean"):
        raise wrong(WRONG_FIELD, f"values.{field.name}")
    return value


NO_COMMENT = Problem.of("api.shape", "“{place}” has to be a text.", "Send the text as it is.")
NO_VALUES = Problem.of(
    "api.values",
    "“{place}” has to hold the fields that are asked for.",
    "Send an object with one value for each field.",
)
NO_CHOICE = Problem.of("api.choice", "“{place}” isn’t one of the choices.", "Send the id of one of them.")
EMPTY_FIELD = Problem.of("api.values", "“{place}” has to be filled in.", "Send a value for it.")
WRONG_FIELD = Problem.of(
    "api.values",
    "“{place}” has a value of another kind than is asked for.",
    "Compare it with the fields of the question.",
)
