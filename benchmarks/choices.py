"""`python -m benchmarks.choices`: how often the practice model sends a message the way a person would send it.

The messages are in `choice_messages/`, written by hand in three languages. The margins of `practice_nearness` were
chosen with one half; what counts is the other, of which the choices are others too. "Astray" is a message that went
by a choice that does not fit; the rest of the wrong ones went by "None of these".
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from flowloom.services.knowledge.text_nearness import TextNearness
from flowloom.services.models.practice_choices import choose

FOLDER = Path(__file__).with_name("choice_messages")
HALVES = ("held_out", "tuning")
LANGUAGES = ("en", "fr", "zh")


class Said(NamedTuple):
    """A message, the choices it is sent to, and the one that fits: "" for none."""

    language: str
    choices: Mapping[str, str]
    text: str
    fits: str


def read(half: str) -> list[Said]:
    sets = tomllib.loads((FOLDER / f"{half}.toml").read_text("utf-8"))["set"]
    return [Said(each["language"], each["choices"], *said) for each in sets for said in each["messages"]]


def by_words(said: Said) -> str:
    return choose(said.text, said.choices)


def as_shipped(nearness: TextNearness) -> Callable[[Said], str]:
    return lambda said: choose(said.text, said.choices, nearness)


def is_astray(said: Said, chosen: str) -> bool:
    """Whether a message went by a choice that does not fit, and not by the one for anything else."""
    return chosen not in (said.fits, "", "Other")


def main() -> None:
    ways = {"words alone": by_words, "**Flowloom**": as_shipped(TextNearness())}
    print(
        "| messages | chosen by | " + " | ".join(LANGUAGES) + " | right | astray |\n|---|---|---|---|---|---|---|"
    )
    for half in HALVES:
        messages = read(half)
        for name, way in ways.items():
            chosen = [(said, way(said)) for said in messages]
            right = [said for said, label in chosen if label == said.fits]
            each = (
                f"{sum(said.language == language for said in right)}"
                f" of {sum(said.language == language for said in messages)}"
                for language in LANGUAGES
            )
            astray = sum(is_astray(*pair) for pair in chosen)
            print(f"| {half} | {name} | {' | '.join(each)} | {len(right)} of {len(messages)} | {astray} |")


if __name__ == "__main__":
    main()
