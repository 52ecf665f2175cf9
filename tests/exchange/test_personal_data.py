"""What tells who somebody is, is named with its place before it leaves."""

from flowloom.exchange.personal_data import Place, personal_data_in
from flowloom.flow.model import Flow

FLOW = Flow.model_validate(
    {
        "name": "Desk",
        "instructions": "Ask ann@example.org.",
        "nodes": [
            {"id": "a", "kind": "model", "name": "Ask", "config": {"messages": [{"text": "Call +49 30 1234567"}]}},
            {"id": "n", "kind": "note", "config": {"text": "Nothing here"}},
        ],
    }
)


def test_each_place_is_named_with_what_it_holds() -> None:
    documents = [("list.txt", "bob@example.org, eve@example.org"), ("plain.txt", "Bees")]
    assert personal_data_in(FLOW, documents) == [
        Place("", {"email": 1}),
        Place("Ask", {"phone": 1}),
        Place("list.txt", {"email": 2}),
    ]
