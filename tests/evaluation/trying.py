"""A small GPT, a scripted model and experiments that have ended, for tests."""

import time
from collections.abc import Callable, Sequence

from flowloom.evaluation.rows import rows_of_table
from flowloom.flow.model import Flow
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, Usage
from flowloom.store.datasets import Rows
from flowloom.store.experiments import Arm, Chosen, ExperimentPlan, Tried
from flowloom.workspace import Workspace

ECHO = Flow.model_validate(
    {
        "name": "Echo",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "t", "kind": "template", "config": {"template": "Said: {{ message }}"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "t.message"}, {"from": "t.text", "to": "z.text"}],
    }
)
ASKING = Flow.model_validate(
    {
        "name": "Asking",
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "x", "kind": "model", "config": {}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [{"from": "m.message", "to": "x.prompt"}, {"from": "x.answer", "to": "z.text"}],
    }
)


class Scripted:
    """Fulfils `Models`: says what a function makes of the request, and counts."""

    def __init__(self, say: Callable[[str], str], cost: float | None = 0.01) -> None:
        self.say, self.cost, self.asked = say, cost, list[str]()

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        said = request.messages[-1].text
        self.asked.append(said)
        return ModelReply(text=self.say(said), usage=Usage(model="scripted", cost=self.cost))


def table(count: int = 6) -> Rows:
    rows = [{"question": f"Number {number}?", "expected": str(number)} for number in range(count)]
    return rows_of_table(("question", "expected"), rows, "{{question}}", "expected", hold_out=False).rows


def started(
    home: Workspace,
    arms: Sequence[Arm],
    rows: Rows | None = None,
    evaluators: Sequence[Chosen] = (Chosen(id="contains"),),
    *,
    budget: float | None = None,
    at_once: int = 4,
) -> str:
    plan = ExperimentPlan(evaluators=tuple(evaluators), at_once=at_once, budget=budget)
    return home.experiments.start(arms[0].flow.id, "Test", plan, Tried(rows or table(), tuple(arms)))


def ended(home: Workspace, id: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while home.experiments.is_going(id):
        assert time.monotonic() < end
        time.sleep(0.005)
