"""Rows that a model writes from documents: from which passages, what is refused, and that they are marked."""

import asyncio
import json

import pytest

from flowloom.errors import ModelError
from flowloom.evaluation.written_rows import chosen, passages_of, tokens_of, write_rows
from flowloom.flow.model import Flow
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, Passage, Usage
from flowloom.workspace import Workspace

TEXT = "The library is open from nine to six on weekdays. " * 4
SEARCHES = Flow.model_validate(
    {"id": "lib", "name": "L", "nodes": [{"id": "s", "kind": "knowledge.search", "config": {"knowledge": "main"}}]}
)


def passage(number: int, file: str = "a.txt") -> Passage:
    return Passage(text=f"{TEXT} Passage {number}.", file=file, page=number)


class Writes:
    """Fulfils `Models`: gives the fields of the case, or fails."""

    def __init__(self, *replies: dict[str, str] | None) -> None:
        self.replies, self.asked = list(replies), list[ModelRequest]()

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        self.asked.append(request)
        fields = self.replies[len(self.asked) - 1]
        if fields is None:
            raise ModelError("Away.")
        return ModelReply(text=json.dumps(fields), fields=fields, usage=Usage(model="scribe", cost=0.01))


GOOD = {"question": "When is the library open?", "answer": "It is open from nine to six on weekdays."}


@pytest.mark.parametrize(
    ("reply", "unfit"),
    [
        (GOOD, 0),
        ({**GOOD, "answer": "It is closed in August because of repairs."}, 1),
        ({**GOOD, "answer": "It is open from nine to seven on weekdays."}, 1),
        ({"question": "", "answer": "nine"}, 1),
        ({}, 1),
    ],
)
def test_only_what_the_passage_says_becomes_a_row(reply: dict[str, str], unfit: int) -> None:
    drafts = asyncio.run(write_rows(Writes(reply), "careful", "p/m", [passage(1)], lambda done: None))
    assert drafts.unfit == unfit
    for row in drafts.made.rows.rows:
        assert (row.written_by, row.source) == ("scribe", "a.txt, p. 1")
        assert row.quote.startswith("The library")
        assert row.expected == GOOD["answer"]
    assert len(drafts.made.rows.rows) == 1 - unfit


def test_what_was_written_stays_where_one_call_fails() -> None:
    done = list[int]()
    drafts = asyncio.run(write_rows(Writes(GOOD, None), "m", "m", [passage(1), passage(2)], done.append))
    assert (len(drafts.made.rows.rows), drafts.unfit, done) == (1, 0, [1, 2])
    assert drafts.problem
    with pytest.raises(ModelError):
        asyncio.run(write_rows(Writes(None), "m", "m", [passage(1)], done.append))


@pytest.mark.parametrize(
    ("sizes", "count", "expected"),
    [
        ((1, 1), 2, [("0", 0), ("1", 0)]),
        ((8,), 2, [("0", 0), ("0", 4)]),
        ((8, 1), 4, [("0", 0), ("1", 0), ("0", 4), ("0", 2)]),
        ((1,), 5, [("0", 0)]),
        ((), 5, []),
    ],
)
def test_passages_come_from_all_documents_in_turn(
    sizes: tuple[int, ...], count: int, expected: list[tuple[str, int]]
) -> None:
    documents = [[passage(page, str(name)) for page in range(size)] for name, size in enumerate(sizes)]
    assert [(each.file, each.page) for each in chosen(documents, count)] == expected
    assert (tokens_of(chosen(documents, count)) > 0) == bool(expected)


def test_what_only_some_may_read_is_not_asked_about(home: Workspace) -> None:
    home.knowledge.add("lib/main", "open.txt", TEXT.encode())
    home.knowledge.add("lib/main", "closed.txt", TEXT.encode())
    home.knowledge.set_readers("lib/main", "closed.txt", "", ["staff"])
    found = passages_of(home.knowledge, SEARCHES, lambda base: True)
    assert [[each.file for each in document] for document in found] == [["open.txt"]]


def test_the_same_passage_is_paid_for_once(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = Writes(GOOD)
    monkeypatch.setattr(home.models, "reply", writes.reply)
    for _ in range(2):
        drafts = asyncio.run(home.experiments.write_rows(SEARCHES, "careful", [passage(1)], lambda done: None))
        assert len(drafts.made.rows.rows) == 1
    assert len(writes.asked) == 1
