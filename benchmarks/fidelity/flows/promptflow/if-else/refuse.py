from promptflow.core import tool


@tool
def refuse(question: str) -> str:
    return f"“{question}” is too short."
