"""Datasets of other evaluation tools: their rows, what they measure, and what has to be done by hand."""

import json
from typing import Any

import pytest

from flowloom.errors import KnowledgeError
from flowloom.evaluation.evaluators.all import keyed
from flowloom.evaluation.foreign_rows import read_foreign

SAMPLES = [
    {
        "input": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+2?"}],
        "ideal": ["4", "four"],
    },
    {"input": "3+3?", "ideal": "6"},
]
DEFINITION = {
    "data_source": {
        "source": {"content": [{"item": {"q": "A?", "label": "a"}}, {"item": {"q": "B?", "label": "b"}}]}
    },
    "testing_criteria": [
        {
            "type": "string_check",
            "name": "same",
            "operation": "eq",
            "input": "{{sample.output_text}}",
            "reference": "{{item.label}}",
        },
        {"type": "score_model", "name": "nice", "input": [{"role": "user", "content": "Is it kind?"}]},
        {"type": "python", "name": "own", "source": "def grade(sample, item): return 1"},
    ],
}
PROMPTFOO = """
prompts: ["Translate to French: {{text}}"]
providers: [openai:gpt-4o-mini]
defaultTest:
  assert:
    - {type: latency, threshold: 5000}
tests:
  - vars: {text: Hello}
    assert:
      - {type: icontains, value: bonjour}
      - {type: javascript, value: output.length < 20}
  - vars: {text: Bye}
    assert:
      - {type: llm-rubric, value: It is polite French}
      - {type: regex, value: "^Au"}
"""
LANGSMITH = [
    {"inputs": {"question": "A?"}, "outputs": {"answer": "a"}},
    {"inputs": {"question": "B?"}, "outputs": {}},
]
LANGFUSE = [{"input": "A?", "expectedOutput": {"text": "a"}, "metadata": {}}]


def lines(rows: list[Any]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


@pytest.mark.parametrize(
    ("name", "data", "origin", "message", "expected", "measures", "remarks"),
    [
        ("s.jsonl", lines(SAMPLES), "OpenAI Evals", "{{input}}", ["4", "6"], ["contains"], 0),
        ("e.json", json.dumps(DEFINITION).encode(), "OpenAI Evals", "{{q}}", ["a", "b"], ["exact", "judge"], 2),
        (
            "p.yaml",
            PROMPTFOO.encode(),
            "promptfoo",
            "Translate to French: {{text}}",
            ["bonjour", ""],
            ["time", "contains", "judge", "regex"],
            1,
        ),
        ("l.jsonl", lines(LANGSMITH), "LangSmith or Langfuse", "{{question}}", ["a", "{}"], ["contains"], 0),
        ("f.json", json.dumps(LANGFUSE).encode(), "LangSmith or Langfuse", "{{input}}", ["a"], ["contains"], 0),
    ],
)
def test_it_comes_across(
    name: str, data: bytes, origin: str, message: str, expected: list[str], measures: list[str], remarks: int
) -> None:
    found = read_foreign(name, data)
    assert found
    assert (found.origin, found.message) == (origin, message)
    assert [row.get("expected", "") for row in found.rows] == expected
    assert [each.id for each in found.measures] == measures
    assert len(found.remarks) == remarks
    assert keyed(found.measures), "the settings fit"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", b"question,expected\nA?,a\n"),
        ("t.jsonl", lines([{"question": "A?", "expected": "a"}])),
        ("t.json", b"{}"),
        ("t.json", b"[1, 2]"),
        ("t.json", b"[" * 100_000),
        ("t.yaml", b"a: 1"),
        ("t.xlsx", b"PK\x03\x04"),
    ],
)
def test_what_is_none_is_none(name: str, data: bytes) -> None:
    assert read_foreign(name, data) is None


def test_a_damaged_one_is_said() -> None:
    with pytest.raises(KnowledgeError, match="can’t be read"):
        read_foreign("p.yaml", b"tests: [")


def test_one_that_refers_to_itself_without_end_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(KnowledgeError, match="can’t be read"):
        read_foreign("p.yaml", (bomb + "tests: *i\n").encode())
