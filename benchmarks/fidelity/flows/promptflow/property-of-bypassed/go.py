from promptflow.core import tool


@tool
def go(text: str) -> bool:
    return text.startswith("go")
