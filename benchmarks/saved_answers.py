"""How well a message that asks a saved question is told from one that nearly does: precision and recall.

Run `python -m benchmarks.saved_answers`; `--all` names what was missed or wrongly taken. The rules were made with
`saved_questions.toml` in sight; `held_out_questions.toml` was written afterwards and has changed nothing in them.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from flowloom.services.knowledge.text_nearness import TextNearness
from flowloom.services.same_question import find_same

SEEN, HELD_OUT, FRESH = (
    Path(__file__).with_name(f"{name}_questions.toml") for name in ("saved", "held_out", "fresh")
)


class Figures(NamedTuple):
    """Messages that ask the same and were taken so or missed, and near ones that were wrongly taken or refused."""

    right: int
    missed: int
    wrong: int
    refused: int


def load_table(path: Path) -> list[dict[str, Any]]:
    saved: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["saved"]
    return saved


def measure(
    path: Path = SEEN, *, tune: bool | None = None, shown: bool = False, words_only: bool = False
) -> Figures:
    """The figures of a table, or of the half of it whose rows have this `tune`."""
    table = load_table(path)
    questions = [row["question"] for row in table]
    nearness = None if words_only else TextNearness()
    right = missed = wrong = refused = 0
    for number, row in enumerate(table):
        if tune is not None and row["tune"] != tune:
            continue
        for message in row["same"]:
            hit = find_same(message, questions, nearness) == number
            right, missed = right + hit, missed + (not hit)
            if shown and not hit:
                print("  missed:", message)
        for message in row["other"]:
            hit = find_same(message, questions, nearness) is not None
            wrong, refused = wrong + hit, refused + (not hit)
            if shown and hit:
                print("  wrong: ", message)
    return Figures(right, missed, wrong, refused)


def main() -> None:
    for name, path, tune, words_only in (
        ("tuned on", SEEN, True, False),
        ("seen", SEEN, False, False),
        ("held out", HELD_OUT, None, False),
        ("fresh", FRESH, None, False),
        ("fresh, words", FRESH, None, True),
    ):
        found = measure(path, tune=tune, shown="--all" in sys.argv, words_only=words_only)
        right, missed, wrong, refused = found
        precision = right / max(1, right + wrong)
        print(
            f"{name:16} paraphrases {right}/{right + missed} (recall {right / (right + missed):.0%}), "
            f"near questions taken {wrong}/{wrong + refused}, precision {precision:.0%}"
        )


if __name__ == "__main__":
    main()
