"""What an importer draws: ids that stay the same, lines, what waits, what is kept, and no secret in any of it."""

import pytest

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange import drawing as drawing_module
from flowloom.exchange.drawing import Drawing
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import blocking, find_problems

KEY = "sk-proj-" + "a1B2" * 8


def drawn(drawing: Drawing) -> tuple[str, str]:
    start = drawing.block("chat.message", key="start")
    answer = drawing.block("chat.answer", key="end")
    return start, answer


def test_the_same_source_gives_the_same_ids() -> None:
    for _ in range(2):
        drawing = Drawing("Else")
        ids = [
            drawing.block("text", name, key=key)
            for name, key in (("", "1711"), ("Ask", ""), ("Ask", ""), ("问", ""))
        ]
        assert ids == ["n-1711", "ask", "ask-2", "n"]


def test_a_drawing_is_a_flow_that_checks() -> None:
    drawing = Drawing("Else", "Greeter", description="Says hello", language="fr")
    drawing.starters = ["Hi", " ", "Hello"]
    start, answer = drawn(drawing)
    drawing.join(f"{start}.message", f"{answer}.text")
    drawing.join(f"{start}.message", f"{answer}.text")
    drawing.carried("1", "Begin", "Start", start)
    drawing.carried("2", "End", "Answer", answer, differs=[Problem.of("x", "It says more.", "Always.")])
    flow, report = drawing.finished()
    assert (flow.name, flow.starters, len(flow.edges)) == ("Greeter", ("Hi", "Hello"), 1)
    assert not find_problems(flow, all_kinds())
    assert [row.grade for row in report.rows] == ["exact", "approximate"]


def test_what_is_kept_blocks_the_run_and_says_why() -> None:
    drawing = Drawing("Else")
    start, answer = drawn(drawing)
    kept = drawing.placeholder("Magic", "wand", {"power": 3}, inputs=["in"], outputs=["out"])
    drawing.join(f"{start}.message", f"{kept}.in")
    drawing.join(f"{kept}.out", f"{answer}.text")
    drawing.carried("7", "Magic", "wand", kept)
    flow, report = drawing.finished()
    problems = blocking(find_problems(flow, all_kinds()))
    assert [(problem.code, problem.node) for problem in problems] == [("imported.kept", kept)]
    assert "“wand” from Else" in str(problems[0])
    assert report.rows[0].grade == "placeholder"


def test_a_block_that_waits_has_its_line() -> None:
    drawing = Drawing("Else")
    start, answer = drawn(drawing)
    said = drawing.block("text", config={"text": "Hello"})
    drawing.after(said, f"{start}.message")
    drawing.join(f"{said}.text", f"{answer}.text")
    flow = drawing.flow()
    assert not find_problems(flow, all_kinds())
    assert any(edge.target == f"{said}.@after" for edge in flow.edges)


@pytest.mark.parametrize(
    "config",
    [
        {"text": f"Use {KEY} here"},
        {"headers": [{"name": "X-Api-Key", "value": "abcdefgh1"}]},
        {"api_key": "abcdefgh1"},
    ],
)
def test_a_key_never_comes_over_and_the_report_says_so(config: dict[str, object]) -> None:
    drawing = Drawing("Else", f"My {KEY}")
    drawn(drawing)
    drawing.placeholder("Call", "http", config)
    flow, report = drawing.finished()
    told = f"{flow.model_dump_json()} {report.model_dump_json()} {report.markdown(flow.name)}"
    assert KEY not in told
    assert "abcdefgh1" not in told
    assert ["“Call” held a key or password, which was left out."] == [
        str(each.describe().message) for each in report.todo
    ]


def test_too_large_a_flow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_module, "MAX_NODES", 1)
    drawing = Drawing("Else")
    drawn(drawing)
    with pytest.raises(FlowFileError, match="too large: up to 1 blocks"):
        drawing.flow()


def test_far_too_large_a_flow_is_not_drawn_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_module, "MAX_EDGES", 10)
    drawing = Drawing("Else")
    for number in range(20):
        drawing.join("a.x", f"b.y{number}")
        drawing.join("a.x", f"b.y{number}")
    with pytest.raises(FlowFileError, match=r"up to .* blocks and 10 connections"):
        drawing.join("a.x", "b.more")


def test_the_report_reads_as_a_document_in_every_language() -> None:
    drawing = Drawing("Else", "Greeter")
    start, answer = drawn(drawing)
    kept = drawing.placeholder("Magic", "wand", {})
    drawing.carried("1", "Begin", "Start", start)
    drawing.carried("2", "End", "Answer", answer, differs=[Problem.of("x", "It says more.", "Always.")])
    drawing.carried("3", "Magic", "wand", kept)
    drawing.do("Add the documents.", "Drop them on the block.")
    report = drawing.finished().fidelity
    assert report.markdown("Greeter") == (
        "# “Greeter”, from Else\n\n- Carried over exactly: 1\n- Carried over with a difference: 1\n"
        "- Kept, to be replaced: 1\n\n## What is different\n\n- **End** (Answer) — It says more. Always.\n"
        "- **Magic** (wand) — Kept with its settings, to be replaced.\n\n## What to do next\n\n"
        "- [ ] Add the documents. Drop them on the block.\n"
    )
    assert "## 接下来要做什么" in report.markdown("Greeter", "zh")
