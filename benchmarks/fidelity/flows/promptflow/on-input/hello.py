from promptflow.core import tool


@tool
def hello(text: str) -> str:
    return "Hello!"
