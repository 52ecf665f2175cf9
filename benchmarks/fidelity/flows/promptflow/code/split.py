import json
from typing import List

from promptflow.core import tool


def shout(word: str) -> str:
    return word.upper()


@tool
def split(text: str, most: int, upper: bool = False, extra: list = None) -> dict:
    words: List[str] = text.split()[:most]
    if upper:
        words = [shout(word) for word in words]
    return {"words": words + extra, "count": len(words), "raw": json.dumps(words)}
