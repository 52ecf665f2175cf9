from promptflow.core import tool


@tool
def facts(topic: str) -> list:
    return [{"text": topic + " is warm", "sure": True}, {"text": topic + " is old", "sure": False}]
