"""How well a message that asks a saved question is told from one that nearly does: precision and recall.

Run `python -m benchmarks.saved_answers`; `--all` names what was missed or wrongly taken.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

from flowloom.services.knowledge.text_nearness import TextNearness
from flowloom.services.same_question import find_same

TABLE = Path(__file__).with_name("saved_questions.toml")


def load_table() -> list[dict[str, Any]]:
    saved: list[dict[str, Any]] = tomllib.loads(TABLE.read_text("utf-8"))["saved"]
    return saved


def measure(*, tune: bool, shown: bool = False, words_only: bool = False) -> tuple[int, int, int, int]:
    """Right and missed paraphrases, wrong and refused near questions, of one half of the table."""
    table = load_table()
    questions = [row["question"] for row in table]
    nearness = None if words_only else TextNearness()
    right = missed = wrong = refused = 0
    for number, row in enumerate(table):
        if row["tune"] != tune:
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
    return right, missed, wrong, refused


def main() -> None:
    for name, tune, words_only in (
        ("tuned on", True, False),
        ("the others", False, False),
        ("others, words", False, True),
    ):
        right, missed, wrong, refused = measure(tune=tune, shown="--all" in sys.argv, words_only=words_only)
        precision = right / max(1, right + wrong)
        print(
            f"{name:14} paraphrases {right}/{right + missed} (recall {right / (right + missed):.0%}), "
            f"near questions taken {wrong}/{wrong + refused}, precision {precision:.0%}"
        )


if __name__ == "__main__":
    main()
