"""Evaluation flows of PromptFlow, in the shape of its own samples, become GPTs that judge."""

import pytest

from flowloom.evaluation.rows import rows_of_table
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.source import Source
from flowloom.store.experiments import Arm, Chosen
from flowloom.workspace import Workspace
from tests.evaluation.trying import ECHO, ended, started

# As in examples/flows/evaluation/eval-classification-accuracy.
ACCURACY = """$schema: https://azuremlschemas.azureedge.net/promptflow/latest/Flow.schema.json
inputs:
  groundtruth: {type: string, description: the true label, default: APP}
  prediction: {type: string, default: APP}
  weight: {type: string, default: "2"}
outputs:
  grade: {type: string, reference: "${grade.output}"}
nodes:
- name: grade
  type: python
  source: {type: code, path: grade.py}
  inputs: {groundtruth: "${inputs.groundtruth}", prediction: "${inputs.prediction}"}
- name: calculate_accuracy
  type: python
  source: {type: code, path: calculate_accuracy.py}
  inputs: {grades: "${grade.output}"}
  aggregation: true
"""
GRADE = """from promptflow.core import tool

@tool
def grade(groundtruth: str, prediction: str):
    return "Correct" if groundtruth.lower() == prediction.lower() else "Incorrect"
"""
SUMMED = """from typing import List
from promptflow.core import log_metric, tool

@tool
def calculate_accuracy(grades: List[str]):
    accuracy = round(grades.count("Correct") / len(grades), 2)
    log_metric("accuracy", accuracy)
    return accuracy
"""


def brought(dag: str) -> Imported:
    files = {"flow.dag.yaml": dag, "grade.py": GRADE, "calculate_accuracy.py": SUMMED}
    return read_foreign(Source({f"eval/{name}": text.encode() for name, text in files.items()}))


def test_it_judges_the_rows_of_an_experiment(home: Workspace) -> None:
    judge = home.flows.create(brought(ACCURACY).flow)
    flow = home.flows.create(ECHO)
    given = [{"q": "Academic"}, {"q": "Channel"}]
    rows = [{**row, "expected": f"Said: {row['q']}" if number else "PDF"} for number, row in enumerate(given)]
    made = rows_of_table(("q", "expected"), rows, "{{q}}", "expected")
    id = started(home, [Arm("one", flow)], made.rows, [Chosen(id="own", config={"gpt": judge.id})])
    ended(home, id)
    found = [each.scores["own"] for each in home.experiments.store.results(id)]
    assert [(each.value, each.because) for each in found] == [(0.0, None), (1.0, None)]


def test_what_does_not_come_across_is_told() -> None:
    found = brought(ACCURACY)
    told = {each.name: [str(problem.message) for problem in each.differs] for each in found.fidelity.rows}
    assert "figures of all rows together" in told["calculate_accuracy"][0]
    assert "nothing of this name" in told["weight"][0]
    assert told["groundtruth"] == told["prediction"] == []
    assert any("A GPT of yours judges" in str(each.message) for each in found.fidelity.todo)
    assert not [node for node in found.flow.nodes if node.kind == "people.form"], "nobody can be asked there"


@pytest.mark.parametrize(
    ("dag", "judges"),
    [
        (ACCURACY, True),
        (ACCURACY.replace("  aggregation: true\n", ""), False),
        (ACCURACY.replace("  aggregation: true\n", "template: {type: evaluation}\n"), True),
        (ACCURACY.replace("prediction", "other"), False),
        (
            ACCURACY.replace("groundtruth: {", "groundtruth: {is_chat_input: true, "),
            False,
        ),
    ],
)
def test_which_flows_judge(dag: str, judges: bool) -> None:
    forms = [node for node in brought(dag).flow.nodes if node.kind == "people.form"]
    assert not forms if judges else forms
