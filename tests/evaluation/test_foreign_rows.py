"""Datasets of other evaluation tools: their rows, what they measure, and what has to be done by hand."""

import json
import re
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


PROMPTFOO = {"prompts": ["{{q}}"], "providers": ["openai:gpt-4o"]}
MESSAGE = {"role": "assistant", "content": "yo"}
SHAPES: dict[str, tuple[str, bytes, list[dict[str, str]]]] = {
    "one line of LangSmith": (
        "t.jsonl",
        b'{"inputs": {"question": "a?"}, "outputs": {"answer": "b"}}',
        [{"question": "a?", "expected": "b"}],
    ),
    "messages of LangSmith": (
        "t.jsonl",
        lines([{"inputs": {"messages": [{"role": "user", "content": "hi"}]}, "outputs": {"message": MESSAGE}}]),
        [{"messages": "hi", "expected": "yo"}],
    ),
    "messages of LangChain": (
        "t.jsonl",
        lines(
            [
                {
                    "inputs": {"input": [{"type": "human", "data": {"content": "hi"}}]},
                    "outputs": {"output": {"type": "ai", "data": {"content": "yo"}}},
                }
            ]
        ),
        [{"input": "hi", "expected": "yo"}],
    ),
    "archived in Langfuse": (
        "t.json",
        json.dumps(
            {
                "data": [
                    {"input": "a?", "expectedOutput": "b", "status": "ARCHIVED"},
                    {"input": "c?", "expectedOutput": None, "status": "ACTIVE"},
                ]
            }
        ).encode(),
        [{"input": "c?", "expected": ""}],
    ),
    "lists of promptfoo": (
        "p.json",
        json.dumps({"tests": [{"vars": {"q": ["a", "b"], "l": "fr"}}]}).encode(),
        [{"q": "a", "l": "fr"}, {"q": "b", "l": "fr"}],
    ),
}


@pytest.mark.parametrize(("name", "data", "rows"), SHAPES.values(), ids=SHAPES)
def test_shapes_that_other_tools_write(name: str, data: bytes, rows: list[dict[str, str]]) -> None:
    found = read_foreign(name, data)
    assert found
    assert found.rows == rows


ASSERTED: list[tuple[list[dict[str, object]], list[str], list[str]]] = [
    ([{"type": "starts-with", "value": "B"}], ["Bonjour"], ["A Bonjour"]),
    ([{"type": "contains-any", "value": ["a.", "b"]}], ["xa.", "b"], ["ax"]),
    ([{"type": "icontains-any", "value": ["a"]}], ["A"], ["b"]),
    ([{"type": "not-contains", "value": "Hello"}], ["hello", "x"], ["x\nHello"]),
    ([{"type": "not-icontains", "value": "Hello"}], ["x"], ["hello"]),
    ([{"type": "regex", "value": "^B"}, {"type": "not-regex", "value": "z"}], ["Bx"], ["xB", "Bz", "B\nz"]),
]


@pytest.mark.parametrize(("asserted", "right", "wrong"), ASSERTED)
def test_asserts_of_promptfoo_become_one_pattern(
    asserted: list[dict[str, object]], right: list[str], wrong: list[str]
) -> None:
    found = read_foreign("p.json", json.dumps({"tests": [{"vars": {"q": "a"}, "assert": asserted}]}).encode())
    assert found
    (row,) = found.rows
    assert [each.id for each in found.measures] == ["regex"]
    assert all(re.search(row["pattern"], text) for text in right)
    assert not any(re.search(row["pattern"], text) for text in wrong)


@pytest.mark.parametrize("tests", ["file://t.csv", ["file://a.yaml", "file://b.yaml"]])
def test_tests_in_other_files_are_asked_for(tests: object) -> None:
    with pytest.raises(KnowledgeError, match="elsewhere"):
        read_foreign("p.json", json.dumps({**PROMPTFOO, "tests": tests}).encode())
    found = read_foreign("p.json", json.dumps({**PROMPTFOO, "tests": ["file://a", {"vars": {"q": "x"}}]}).encode())
    assert found
    assert "file://a" in str(found.remarks[0].describe("en"))


def test_what_a_grader_asks_becomes_a_rule_a_judge_can_read() -> None:
    said = [{"role": "user", "content": "Statement: {{item.input}}. Said: {{ sample.output_text }}"}]
    graders = [
        {"type": "label_model", "name": "L", "input": said, "labels": ["good", "bad"], "passing_labels": ["good"]},
        {"type": "score_model", "name": "S", "input": said, "range": [0, 10], "pass_threshold": 5},
    ]
    content = [{"item": {"input": "x"}}]
    document = {"testing_criteria": graders, "data_source": {"source": {"content": content}}}
    found = read_foreign("e.json", json.dumps(document).encode())
    assert found
    label, mark = (str(each.config["rubric"]) for each in found.measures)
    assert label == (
        "Statement: (input of the question). Said: (the answer)\n\nThe answer is right where its label is: good."
    )
    assert mark.endswith("its mark, from 0 to 10, is at least 5.")
