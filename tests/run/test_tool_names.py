"""What an agent calls its tools by: the block's own id, or the name a person gave it; never two by one name."""

from typing import Any

import pytest
from pydantic import ValidationError

from flowloom.flow.model import Flow, NodeSettings
from flowloom.kinds.registry import all_kinds
from flowloom.run.execution.tools import offers_of, tools_of
from flowloom.run.planning.plan import plan_of


class Anybody:
    def place(self, step: Any) -> Any:
        return ("", step.id, 1)


def names(*given: str) -> list[str]:
    """The names of calculators that were given these names, as their agent knows them."""
    tools = [
        {"id": f"sum-{number}", "kind": "calculator", "settings": {"tool_name": name}}
        for number, name in enumerate(given)
    ]
    flow = Flow.model_validate(
        {
            "nodes": [
                {"id": "m", "kind": "chat.message"},
                {"id": "a", "kind": "agent"},
                {"id": "z", "kind": "chat.answer"},
                *tools,
            ],
            "edges": [
                {"from": "m.message", "to": "a.message"},
                {"from": "a.answer", "to": "z.text"},
                *({"from": f"{tool['id']}.tool", "to": "a.tools"} for tool in tools),
            ],
        }
    )
    agent = next(step for step in plan_of(flow, all_kinds()).steps if step.id == "a")
    found = tools_of(Anybody(), agent, lambda usage: None, 0)  # type: ignore[arg-type]
    assert [tool.spec.parameters for tool in found] == [
        spec.parameters for step in agent.tools for _, spec in offers_of(step)
    ]
    return [tool.spec.name for tool in found]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (["", ""], ["sum-0", "sum-1"]),
        (["Calculator"], ["Calculator"]),
        (["Calc", "Calc", "Calc"], ["Calc", "Calc_2", "Calc_3"]),
        (["sum-1", ""], ["sum-1", "sum-1_2"]),
        (["x" * 64, "x" * 64], ["x" * 64, "x" * 60 + "_2"]),
    ],
)
def test_each_tool_is_known_by_a_name_of_its_own(given: list[str], known: list[str]) -> None:
    assert names(*given) == known


@pytest.mark.parametrize("name", ["two words", "a.b", "名", "x" * 65, 'a"b'])
def test_what_no_server_takes_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        NodeSettings(tool_name=name)
