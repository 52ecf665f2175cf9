from promptflow.core import tool


@tool
def never() -> bool:
    return False
