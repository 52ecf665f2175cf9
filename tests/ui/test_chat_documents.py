"""Which documents the empty chat of a GPT tells of, and where those go that are dropped there."""

from typing import Any

import pytest
from tests.ui.test_pages import chat_page, open_page

from flowloom.flow.model import Flow
from flowloom.ui.chat.documents import base_to_fill
from flowloom.workspace import Workspace

BEES = b"Our two hives stand behind the chapel."


def searching(*bases: str) -> Flow:
    nodes: list[dict[str, Any]] = [
        {"id": f"search{number}", "kind": "knowledge.search", "config": {"knowledge": base}}
        for number, base in enumerate(bases)
    ]
    return Flow.model_validate({"name": "Bees", "nodes": nodes})


@pytest.mark.parametrize(
    ("bases", "filled", "chosen"),
    [
        ((), "", None),
        (("main",), "", "main"),
        (("main",), "main", "main"),
        (("main", "letters"), "main", "letters"),
        (("main", "letters"), "letters", "main"),
        (("shared:club",), "", None),
        (("shared:club", "main"), "", "main"),
    ],
)
def test_what_is_dropped_goes_to_the_gpts_own_documents(
    home: Workspace, bases: tuple[str, ...], filled: str, chosen: str | None
) -> None:
    flow = home.flows.create(searching(*bases))
    if filled:
        home.knowledge.add(f"{flow.id}/{filled}", "bees.txt", BEES)
    assert base_to_fill(flow) == (chosen and f"{flow.id}/{chosen}")


def test_documents_of_a_gpt_within_a_block_are_not_added_to(home: Workspace) -> None:
    inner = searching("main").model_dump(mode="json") | {"id": "another"}
    outer = Flow.model_validate({"nodes": [{"id": "b", "kind": "flow.sub", "config": {"flow": inner}}]})
    assert base_to_fill(outer) is None


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_the_empty_chat_tells_of_them(home: Workspace, language: str) -> None:
    flow = home.flows.create(searching("main"))
    app = open_page(chat_page, gpt=flow.id, language=language)
    assert not app.exception
    assert len(app.warning) == 1
    home.knowledge.add(f"{flow.id}/main", "bees.txt", BEES)
    app = open_page(chat_page, gpt=flow.id, language=language)
    assert not app.warning
    assert any("library_books" in said.value and "1" in said.value for said in app.caption)


def test_a_gpt_that_searches_nothing_asks_for_nothing(home: Workspace) -> None:
    app = open_page(chat_page, gpt=home.flows.create(Flow(name="Plain")).id)
    assert not app.warning
    assert not app.get("file_uploader")
