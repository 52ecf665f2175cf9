from promptflow.core import tool


@tool
def join(a=None, b=None) -> str:
    return f"{a} {b}"
