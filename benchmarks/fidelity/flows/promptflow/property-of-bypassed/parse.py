from promptflow.core import tool


@tool
def parse(text: str) -> dict:
    return {"word": text.split()[0]}
