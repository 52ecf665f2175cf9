from promptflow.core import tool


@tool
def value(kind: str):
    return {"one": 1, "word": "true", "nothing": None}[kind]
