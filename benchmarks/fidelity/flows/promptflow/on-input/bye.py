from promptflow.core import tool


@tool
def bye(text: str) -> str:
    return "Goodbye!"
