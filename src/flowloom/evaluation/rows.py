"""Makes rows to try a GPT on from tables, from chats and by hand: each question once, and nothing personal."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from flowloom.evaluation.masking import masked
from flowloom.kinds.values import Attachment
from flowloom.nodes.templates import fill
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.runs import RunStore
from flowloom.writing_systems import fold

ASKS = ("message", "question", "input", "prompt", "query", "text", "消息", "问题", "文本", "texte")
EXPECTS = (
    "expected", "expected answer", "answer", "ideal", "output", "reference", "ground truth", "ground_truth",
    "expected_output", "expectedoutput", "expected_answer", "reference_outputs", "outputs",
    "期望答案", "答案", "attendu", "réponse",
)  # fmt: skip
HELD_OUT = 0.3
"""The share of the rows that is held out."""
FEWEST_TO_SPLIT = 20
"""Of fewer rows none is held out, as neither part would tell anything."""
MOST_CHATS = 500


FilesOf = Callable[[Mapping[str, str]], tuple[Attachment, ...]]


class Made(NamedTuple):
    """Rows, and what was done to them: how many were there twice or empty, and how many pieces were masked."""

    rows: Rows
    twice: int = 0
    empty: int = 0
    masked: int = 0


def usual_column(titles: Sequence[str], usual: Sequence[str]) -> str:
    """The column of that usual name; empty where there is none."""
    by_name = {title.casefold().strip(): title for title in titles}
    return next((by_name[name] for name in usual if name in by_name), "")


def rows_of_table(
    titles: Sequence[str],
    table: Iterable[Mapping[str, str]],
    message: str,
    expected: str,
    *,
    hold_out: bool = True,
    files: FilesOf = lambda row: (),
) -> Made:
    """Rows of a table; `expected` is the column of what is expected, or empty; `files` are those of a row.

    Raises NodeError.
    """
    kept = tuple(title for title in titles if title != expected)
    rows = (
        DataRow(
            id="",
            given={title: row.get(title, "") for title in kept},
            expected=row.get(expected, "") if expected else "",
            files=files(row),
        )
        for row in table
    )
    return tidied(kept, message, rows, hold_out=hold_out)


def rows_of_chats(runs: RunStore, flow: str, *, only_rated: bool) -> Made:
    """What was asked in the chats of a GPT; a good answer is what is expected. Nothing of what visitors said."""
    rows = []
    for conversation in runs.conversations(flow, most=MOST_CHATS):
        turns = runs.turns(conversation.id)
        for asked, answer in pairwise(turns):
            if asked.role == "user" and answer.role == "assistant" and answer.text and not asked.attachments:
                rating = runs.rating(answer.run_id) if answer.run_id else None
                if rating or not only_rated:
                    rows.append(_rated(asked.text, answer.text, rating))
    return tidied(("message",), "{{message}}", rows)


def _rated(asked: str, answer: str, rating: tuple[bool, str] | None) -> DataRow:
    good = rating[0] if rating else None
    return DataRow(
        id="",
        given={"message": asked},
        expected=answer if good else "",
        good=good,
        answered=answer if rating else "",
    )


def tidied(titles: Sequence[str], message: str, rows: Iterable[DataRow], *, hold_out: bool = True) -> Made:
    """Rows without what is there twice or asks nothing, masked, and split. Raises NodeError."""
    kept: dict[str, DataRow] = {}
    twice = empty = hidden = 0
    for row in rows:
        clean, count = _masked(row)
        asked = fill(message, clean.given).strip()
        if not asked:
            empty += 1
            continue
        hidden += count
        id = id_of(asked, row.files)
        twice += id in kept
        kept[id] = _merged(kept.get(id), clean.model_copy(update={"id": id}))
    split = tuple(kept.values())
    if hold_out and len(split) >= FEWEST_TO_SPLIT:
        split = with_split(split, HELD_OUT)
    return Made(Rows(titles=tuple(titles), message=message, rows=split), twice, empty, hidden)


def id_of(asked: str, files: Sequence[Attachment] = ()) -> str:
    """The same for the same question about the same files, whatever its capitals and spaces."""
    said = "\n".join((" ".join(fold(asked).split()), *(file.id for file in files)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _merged(before: DataRow | None, row: DataRow) -> DataRow:
    """Of the same question asked twice, the one that says what is expected."""
    return row if before is None or (row.expected and not before.expected) else before


def _masked(row: DataRow) -> tuple[DataRow, int]:
    count = 0

    def clean(text: str) -> str:
        nonlocal count
        text, found = masked(text)
        count += found
        return text

    given = {title: clean(text) for title, text in row.given.items()}
    changes = {
        "given": given,
        "expected": clean(row.expected),
        "answered": clean(row.answered),
        "quote": clean(row.quote),
    }
    return row.model_copy(update=changes), count


def with_split(rows: Sequence[DataRow], share: float) -> tuple[DataRow, ...]:
    """The rows, of which a share is held out: always the same ones, whatever comes before and after them."""
    return tuple(row.model_copy(update={"held_out": int(row.id[:8], 16) / 2**32 < share}) for row in rows)


def added(before: Rows, more: Iterable[DataRow]) -> Made:
    """The rows with some more; what is there stays as it is, also on which side of the split. Raises NodeError."""
    sides = {row.id: row.held_out for row in before.rows}
    made = tidied(before.titles, before.message, (*before.rows, *more))
    rows = tuple(row.model_copy(update={"held_out": sides.get(row.id, row.held_out)}) for row in made.rows.rows)
    return made._replace(rows=made.rows.model_copy(update={"rows": rows}))


def rows_typed(text: str) -> Made:
    """Rows written by hand: one question a line, with `=> what is expected` behind it. Raises NodeError."""
    pairs = (line.partition("=>") for line in text.splitlines() if line.strip())
    rows = [
        DataRow(id="", given={"question": asked.strip()}, expected=expected.strip()) for asked, _, expected in pairs
    ]
    return tidied(("question",), "{{question}}", rows)
