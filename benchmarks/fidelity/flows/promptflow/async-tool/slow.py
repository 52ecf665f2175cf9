from promptflow.core import tool


@tool
async def slow(text: str) -> str:
    return text * 2
