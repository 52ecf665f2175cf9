"""Takes keys, passwords and personal data out of what is kept to try a GPT on."""

from typing import Any

from flowloom.flow.secrets import hide_secrets
from flowloom.nodes.logic.personal_data import FINDERS, find_personal

LONGEST = 200_000
"""Characters of a text that are looked through; what stands behind is left out."""


def masked(text: str) -> tuple[str, int]:
    """The text with each piece replaced by what it is, such as `[email]`, and how many there were."""
    text = text[:LONGEST]
    hidden = hide_secrets(text)
    found = find_personal(hidden, FINDERS)
    pieces, at = [], 0
    for each in found:
        pieces += [hidden[at : each.start], f"[{each.kind}]"]
        at = each.end
    return "".join((*pieces, hidden[at:])), len(found) + (hidden != text)


def masked_value(value: Any) -> Any:
    """The same for all texts within a value of JSON."""
    match value:
        case str():
            return masked(value)[0]
        case dict():
            return {key: masked_value(each) for key, each in value.items()}
        case list() | tuple():
            return [masked_value(each) for each in value]
    return value
