"""The scripted model: an answer after 50 ms."""

import time

from promptflow.core import tool


@tool
def ask(question: str, prompt: str) -> str:
    time.sleep(0.05)
    return "The answer is 4."
