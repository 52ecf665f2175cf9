from promptflow.core import tool


@tool
def seen(one: str, two: str = "default", kind: str = "") -> str:
    return f"{one} {two}"
