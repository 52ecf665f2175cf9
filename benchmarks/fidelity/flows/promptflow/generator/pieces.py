from promptflow.core import tool


@tool
def pieces(text: str):
    return "-".join(text.split())
