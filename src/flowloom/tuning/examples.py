"""Examples to tune a model on: gathered, checked, each once, without personal data, some held out."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from flowloom.errors import Problem, StoreError
from flowloom.evaluation.masking import masked
from flowloom.evaluation.rows import FEWEST_TO_SPLIT, HELD_OUT, Made
from flowloom.nodes.templates import fill
from flowloom.services.models.counting import about
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.tunings import Example, Examples
from flowloom.writing_systems import fold

FEWEST = 10
"""Examples below which providers refuse."""
ADVISED = 50
LONGEST = 16_000
"""Tokens of one example, about."""
MOST = 50_000
SHAPE = "Each line is an object with “messages”: what the user says, then what the assistant answers."
AROUND = 8
"""Tokens that stand around the messages of an example."""


class Gathered(NamedTuple):
    """Examples, and what was left out or changed on the way."""

    examples: Examples
    twice: int = 0
    empty: int = 0
    long: int = 0
    masked: int = 0
    differing: int = 0
    """Questions that came with another answer as well; the first counts."""

    @property
    def tokens(self) -> int:
        """About how many tokens one reading of the examples to learn from takes."""
        return sum(map(tokens_of, self.examples.training))


class _Found(NamedTuple):
    example: Example
    held_out: bool | None = None
    """Which side it is on, where that is known."""


def of_rows(rows: Rows, before: str = "") -> Gathered:
    """Those of a dataset: what is expected is the answer. Held-out rows stay held out. Raises NodeError."""
    is_split = any(row.held_out for row in rows.rows)
    found = (
        _Found(Example(asked=fill(rows.message, row.given).strip(), answer=row.expected.strip(), before=before),
               row.held_out if is_split else None)
        for row in rows.rows
    )  # fmt: skip
    return _tidied(found)


def of_chats(made: Made, before: str = "") -> Gathered:
    """Those of chats that a person rated: a bad answer teaches nothing."""
    good = tuple(row for row in made.rows.rows if row.good)
    found = of_rows(made.rows.model_copy(update={"rows": good}), before)
    return found._replace(masked=found.masked + made.masked)


def of_chat_lines(data: bytes, before: str = "") -> Gathered:
    """Those of a file as providers want it: a line of JSON with `messages` each. Raises StoreError."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise StoreError("The file isn’t text in UTF-8.", "Save it as UTF-8, and choose it again.") from None
    found = (_Found(_of_line(line, number, before)) for number, line in enumerate(lines, 1) if line.strip())
    return _tidied(found)


def is_chat_lines(data: bytes) -> bool:
    """Whether a file looks like one of a provider."""
    first = data.lstrip(b"\xef\xbb\xbf \r\n").split(b"\n", 1)[0]
    return first.startswith(b"{") and b'"messages"' in first


def _of_line(line: str, number: int, before: str) -> Example:
    try:
        messages = json.loads(line)["messages"]
        said = [(str(each["role"]), _text(each["content"])) for each in messages]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StoreError(
            "Line {number} of the file has no messages with a role and a text.", SHAPE, number=number
        ) from None
    system = "\n\n".join(text for role, text in said if role in ("system", "developer"))
    turns = [each for each in said if each[0] not in ("system", "developer")]
    if [role for role, _ in turns[-2:]] != ["user", "assistant"]:
        raise StoreError(
            "Line {number} of the file doesn’t end with a question of the user and an answer of the assistant.",
            SHAPE,
            number=number,
        )
    if len(turns) > 2:
        earlier = "\n".join(f"{role}: {text}" for role, text in turns[:-2])
        system = "\n\n".join(filter(None, (system, earlier)))
    return Example(asked=turns[-2][1].strip(), answer=turns[-1][1].strip(), before=system or before)


def _text(content: Any) -> str:
    if not isinstance(content, str):
        raise TypeError
    return content


def _tidied(found: Iterable[_Found]) -> Gathered:
    kept: dict[str, _Found] = {}
    twice = empty = long = hidden = differing = 0
    for each in found:
        example, count = _masked(each.example)
        if not example.asked or not example.answer:
            empty += 1
            continue
        if tokens_of(example) > LONGEST:
            long += 1
            continue
        id = _id_of(example)
        if id in kept:
            same = kept[id].example.answer == example.answer
            twice, differing = twice + same, differing + (not same)
            # Of one that is held out as well, nothing may be learnt.
            kept[id] = kept[id]._replace(held_out=kept[id].held_out or each.held_out)
            continue
        hidden += count
        kept[id] = each._replace(example=example)
        if len(kept) > MOST:
            raise StoreError(
                "There are more than {count} examples.",
                "Choose fewer: a few hundred good ones teach most.",
                count=MOST,
            )
    return Gathered(_split(kept), twice, empty, long, hidden, differing)


def _split(kept: dict[str, _Found]) -> Examples:
    split = len(kept) >= FEWEST_TO_SPLIT
    training, held = list[Example](), list[Example]()
    for id, each in kept.items():
        is_held = each.held_out if each.held_out is not None else split and int(id[:8], 16) / 2**32 < HELD_OUT
        (held if is_held else training).append(each.example)
    return Examples(training=tuple(training), held_out=tuple(held))


def _id_of(example: Example) -> str:
    """The same for the same question, whatever its capitals and spaces."""
    return hashlib.sha256(" ".join(fold(example.asked).split()).encode()).hexdigest()


def _masked(example: Example) -> tuple[Example, int]:
    (asked, one), (answer, other) = masked(example.asked), masked(example.answer)
    before, third = masked(example.before)
    return Example(asked=asked, answer=answer, before=before), one + other + third


def tokens_of(example: Example) -> int:
    return about(example.before + example.asked + example.answer).tokens + AROUND


def check(examples: Examples) -> Problem | None:
    """What keeps a tuning from beginning, None for nothing."""
    count = len(examples.training)
    if count >= FEWEST:
        return None
    return Problem.of(
        "tuning.few",
        "There are {count} examples to learn from, and a provider wants at least {fewest}.",
        "Add more. With about {advised} good ones a model begins to change.",
        count=count,
        fewest=FEWEST,
        advised=ADVISED,
    )


def lines_of(examples: Sequence[Example]) -> bytes:
    """The file that a provider is sent."""
    return b"".join(_line(each) for each in examples)


def _line(example: Example) -> bytes:
    return json.dumps({"messages": list(_messages(example))}, ensure_ascii=False).encode() + b"\n"


def _messages(example: Example) -> Iterator[dict[str, str]]:
    if example.before:
        yield {"role": "system", "content": example.before}
    yield {"role": "user", "content": example.asked}
    yield {"role": "assistant", "content": example.answer}


def rows_held_out(examples: Examples) -> Rows:
    """The held-out examples as rows that both models are tried on."""
    rows = tuple(
        DataRow(id=_id_of(each)[:16], given={"message": each.asked}, expected=each.answer, held_out=True)
        for each in examples.held_out
    )
    return Rows(titles=("message",), message="{{message}}", rows=rows)
