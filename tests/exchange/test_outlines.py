"""Every template as words and as a chart: each block is in it once, in any language."""

import pytest

from flowloom.exchange.mermaid import as_mermaid
from flowloom.exchange.outlines import in_words
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.store.templates import templates

FLOW = Flow.model_validate(
    {
        "name": "Desk",
        "description": "Answers people.",
        "starters": ["Hello"],
        "nodes": [
            {"id": "z", "kind": "chat.answer"},
            {"id": "m", "kind": "chat.message"},
            {"id": "b", "kind": "branch", "name": 'Is it "late"?', "config": {"rows": [{"name": "Yes"}]}},
            {"id": "n", "kind": "note", "config": {"text": "Two\nlines"}},
        ],
        "edges": [{"from": "m.message", "to": "b.value"}, {"from": "b.yes", "to": "z.text"}],
    }
)


def test_blocks_come_in_the_order_in_which_they_work() -> None:
    words = in_words(FLOW)
    assert words.startswith("# Desk\n\nAnswers people.\n\n- Hello\n\n## 1. Chat message\n")
    assert '## 2. Is it "late"? (Branch)\n\n- value: “Message” of 1.\n' in words
    assert "## 3. Answer\n\n- Text: “Yes” of 2.\n" in words
    assert "- Note: Two\n  lines" in words


def test_a_chart_names_ways_and_quotes_signs() -> None:
    assert as_mermaid(FLOW) == (
        'flowchart LR\n  b0["Answer"]\n  b1["Chat message"]\n  b2["Is it #34;late#34;?"]\n'
        '  b1 --> b2\n  b2 -->|"Yes"| b0\n'
    )


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_every_template_can_be_told_and_charted(language: str) -> None:
    for template in templates(language):
        words, chart = in_words(template.flow, language), as_mermaid(template.flow, language)
        assert words.count("\n## ") == len(template.flow.nodes)
        kinds = all_kinds()
        assert chart.count('["') == sum(not kinds[node.kind].annotates for node in template.flow.nodes)
