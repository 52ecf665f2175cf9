from promptflow.core import tool


@tool
def show(text: str, a: int, b: float, c: bool, d: list, e: dict, f) -> str:
    return f"{text} {a + 1} {b * 2} {c} {d} {e} {f}"
