"""Personal data in a text, replaced by numbered labels."""

from typing import Any

from flowloom.nodes.logic.personal_data import Found


def masked(text: str, found: list[Found], labels: dict[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """The text with the same label for the same piece, and how often each stands there."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    pieces, done = list[str](), 0
    for each in found:
        key = (each.kind, "".join(text[each.start : each.end].casefold().split()))
        number = 1 + sum(kind == each.kind for kind, _ in rows)
        label = labels[each.kind]
        row = rows.setdefault(key, {"kind": label, "mask": f"[{label} {number}]", "count": 0})
        row["count"] += 1
        pieces += [text[done : each.start], row["mask"]]
        done = each.end
    return "".join([*pieces, text[done:]]), list(rows.values())
