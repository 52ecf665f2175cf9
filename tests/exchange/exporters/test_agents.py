"""The program on the Agents SDK says the same as that on LangGraph, and needs neither that nor LangChain.

That it answers the same is tried by `python -m benchmarks.fidelity.exports agents`, which installs the SDK.
"""

import ast

import pytest

from flowloom.exchange.outgoing import write_outgoing
from flowloom.store.templates import templates
from tests.exchange.exporters.test_python_program import HOSTILE, documents, flow_of, tree_of

EVERY = [(language, template) for language in ("en", "zh", "fr") for template in templates(language)]


@pytest.mark.parametrize(("language", "template"), EVERY, ids=[f"{lang}-{each.id}" for lang, each in EVERY])
def test_it_has_the_same_blocks_and_connections(language: str, template: object) -> None:
    flow = template.flow  # type: ignore[attr-defined]
    here, there = (write_outgoing(form, flow) for form in ("python", "agents"))
    trees = [ast.parse(each.files[each.main].decode()) for each in (here, there)]
    functions = [
        {node.name: ast.dump(node) for node in tree.body if isinstance(node, ast.FunctionDef)} for tree in trees
    ]
    blocks = [name for row in here.report.rows for name in row.nodes]
    assert {name: functions[0][name] for name in [*blocks, "flow"]} == {
        name: functions[1][name] for name in [*blocks, "flow"]
    }
    assert here.report.rows == there.report.rows
    imported = {
        node.module.split(".")[0] for node in trees[1].body if isinstance(node, ast.ImportFrom) and node.module
    }
    assert not imported & {"langgraph", "langchain", "flowloom"}


def test_it_says_that_blocks_run_one_after_the_other() -> None:
    report = write_outgoing("agents", templates()[0].flow).report
    assert any("one after the other" in str(note) for note in report.notes)
    assert report.format == "Agents SDK"


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_flow_says_never_becomes_code(said: str) -> None:
    exported = write_outgoing("agents", flow_of(said), documents)
    assert tree_of(exported) == tree_of(write_outgoing("agents", flow_of("plain"), documents))
