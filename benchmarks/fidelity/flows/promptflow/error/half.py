from promptflow.core import tool


@tool
def half(number: str) -> str:
    return str(int(number) / 2)
