from promptflow.core import tool


@tool
def show(number: int, listed: list, flag: bool, none, deep: float) -> str:
    return f"{number + 1} {listed} {flag} {none} {deep}"
