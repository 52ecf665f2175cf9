"""What comes back to a question from a page that anybody can write to: only what the question offers."""

import math
from typing import Any

from flowloom.kinds.people import FormField, Question, Reply
from flowloom.locales import Verbatim
from flowloom.visits.visitors import VisitError

LONGEST = 10_000
"""Characters of a field."""
LONGEST_COMMENT = 2_000


def checked_reply(question: Question, reply: Reply) -> Reply:
    """The reply with nothing in it that was not asked. Raises VisitError where it does not answer the question."""
    comment = reply.comment.strip()[:LONGEST_COMMENT] if question.remark else ""
    if question.fields:
        values = {field.name: _value(field, reply.values.get(field.name)) for field in question.fields}
        return Reply(values=values, comment=comment)
    if reply.choice not in {choice.id for choice in question.choices}:
        raise VisitError("This isn’t one of the answers.", "Choose one of those shown.")
    return Reply(choice=reply.choice, comment=comment)


def _value(field: FormField, given: Any) -> Any:
    if field.type == "boolean":
        return given is True
    if given is None or given == "":
        if field.required:
            raise VisitError("“{name}” is still empty.", "Fill it in.", name=Verbatim(field.name))
        return None if field.type == "number" else ""
    if field.type == "number":
        return _number(field, given)
    return str(given)[:LONGEST]


def _number(field: FormField, given: Any) -> float:
    try:
        value = float(given)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if isinstance(given, bool) or not math.isfinite(value):
        raise VisitError("“{name}” isn’t a number.", "Write it in digits.", name=Verbatim(field.name))
    return value
