from promptflow.core import tool


@tool
def seen(one: str, two: str = "default") -> str:
    return f"{one} {two}"
