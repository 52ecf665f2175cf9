"""Yes and no as people and models write them."""

from typing import Any

YES = frozenset({"yes", "y", "true", "on", "1", "oui", "vrai", "是", "对", "对的", "是的", "真", "好"})
NO = frozenset({"no", "n", "false", "off", "0", "non", "faux", "否", "不", "不是", "不对", "假"})


def parse_yes_no(value: Any) -> bool | None:
    """Whether a value means yes or no; None where it means neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    word = value.strip().rstrip(".!。！").casefold() if isinstance(value, str) else ""
    return True if word in YES else False if word in NO else None
