from promptflow.core import tool


@tool
def call(text: str) -> str:
    return "We call you about: " + text
