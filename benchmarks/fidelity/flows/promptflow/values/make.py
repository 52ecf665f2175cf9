from promptflow.core import tool


@tool
def make(text: str) -> dict:
    return {"number": len(text), "items": list(text), "flag": True, "none": None, "deep": {"a": [1, 2.5]}}
