from promptflow.core import tool


@tool
def is_short(text: str, limit: int) -> bool:
    return len(text) < limit
