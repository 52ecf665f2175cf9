"""What tells who somebody is, is named with its place before it leaves."""

from typing import Any

import pytest

from flowloom.exchange import personal_data
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


def test_keys_and_what_was_not_looked_through_are_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_data, "MOST", 1_000)
    documents = [("deploy.md", f"export KEY={'sk-' + 'a' * 30}"), ("long.txt", "b" * 2_000), ("last.txt", "c")]
    assert personal_data_in(Flow(), documents) == [
        Place("deploy.md", {"key": 1}),
        Place("long.txt", {"unread": 1}),
        Place("last.txt", {"unread": 1}),
    ]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"nodes": [{"id": "a", "kind": "note", "name": "Ask ann@example.org"}]}, "Ask ann@example.org"),
        ({"nodes": [{"id": "a", "kind": "note", "settings": {"pinned": {"text": "ann@example.org"}}}]}, "Note"),
        ({"variables": [{"name": "who", "default": "ann@example.org"}]}, ""),
        ({"saved_answers": [{"question": "Who?", "answer": "ann@example.org"}]}, ""),
    ],
)
def test_names_kept_results_and_variables_are_looked_through(change: dict[str, Any], place: str) -> None:
    assert personal_data_in(Flow.model_validate(change)) == [Place(place, {"email": 1})]
