from promptflow.core import tool


@tool
def never(text: str) -> bool:
    return text == "yes"
