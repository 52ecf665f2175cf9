"""What is asked in a rehearsal: the same requests in three languages."""

import json
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from flowloom.locales import LANGUAGES


class Attack(NamedTuple):
    """One request; `{topic}` in its text stands for words of the documents."""

    id: str
    aim: Literal["knowledge", "instructions"]
    language: str
    text: str

    def about(self, topic: str) -> str:
        return self.text.replace("{topic}", topic)


@cache
def attacks() -> tuple[Attack, ...]:
    rows = json.loads(files("flowloom.rehearsal").joinpath("attacks.json").read_text("utf-8"))
    return tuple(Attack(row["id"], row["aim"], language, row[language]) for row in rows for language in LANGUAGES)
