from promptflow.core import tool


@tool
def show(word: str) -> str:
    return word
