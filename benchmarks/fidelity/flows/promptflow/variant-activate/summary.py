from promptflow.core import tool


@tool
def summary(text: str) -> str:
    return "about " + text
