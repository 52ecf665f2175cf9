"""Read a page and Search the web: what they ask for, hand on, foretell and offer to an agent."""

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Usage
from flowloom.kinds.web import WebFindings, WebPage, WebResult
from tests.nodes.conftest import World


def test_a_page_is_handed_on_in_parts(world: World) -> None:
    links = (("Prices", "https://a.example/prices"),)
    world.web.page = WebPage(url="https://a.example/new", title="Lake", text="Swim.", links=links)
    assert world.run("web.read", {"longest": 500}, address="https://a.example") == {
        "text": "Swim.",
        "title": "Lake",
        "links": [{"text": "Prices", "address": "https://a.example/prices"}],
        "address": "https://a.example/new",
    }
    assert world.web.asked == [("https://a.example", 500)]


def test_results_are_a_text_and_a_list(world: World) -> None:
    usage = Usage(model="m", input_tokens=1)
    found = (
        WebResult(title="Lake", url="https://l.example", text="Warm."),
        WebResult(title="Pool", url="https://p"),
    )
    world.web.findings = WebFindings(results=found, answer="Swim there.", usage=usage)
    world.language = "fr"
    outputs = world.run("web.search", {"provider": "openai", "count": 3, "model": "m"}, query="  lake\n or pool ")
    assert outputs["text"] == "Swim there.\n\n[1] Lake\nhttps://l.example\nWarm.\n\n[2] Pool\nhttps://p"
    assert outputs["results"][0] == {"title": "Lake", "url": "https://l.example", "text": "Warm."}
    assert world.web.asked == [("lake or pool", "openai", 3, "fr", "m")]
    assert world.spent == [usage]


def test_nothing_to_search_for_asks_nobody(world: World) -> None:
    with pytest.raises(NodeError, match="search text is missing"):
        world.run("web.search", query=" \n")
    assert world.web.asked == []


@pytest.mark.parametrize(
    ("provider", "hosts", "calls"),
    [
        ("wikipedia", ["wikipedia.org"], []),
        ("searxng", [], []),
        ("openai", ["api.openai.com"], ["openai/gpt-5-mini"]),
    ],
)
def test_what_is_foretold(provider: str, hosts: list[str], calls: list[str]) -> None:
    kind = all_kinds()["web.search"]
    config = kind.config.model_validate({"provider": provider})
    assert list(kind.hosts(config)) == hosts
    assert [call.model for call in kind.calls(config, 0)] == calls
    assert all(all_kinds()[id].can_be_tool for id in ("web.search", "web.read"))
