from promptflow.core import tool


@tool
def join(topic: str, urgent: str, call: str = "no call") -> str:
    return f"{topic}/{urgent}/{call}"
