"""What visitors and programs are told never asks them for what only the owner of the GPT can do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowloom
from flowloom.errors import FlowloomError, HttpError, ModelError, Problem, StoreError
from flowloom.serve.api.errors import BROKEN, FOREIGN, api_error, outward
from flowloom.serve.page import visitor_problems
from flowloom.serve.page.visitor_problems import for_visitors
from flowloom.services.disk_failures import FULL, READ_ONLY

SOURCE = Path(flowloom.__file__).parent
OWNERS = re.compile(
    r"\b(Settings|Models page|FLOWLOOM_HOME|under Publish|canvas|this block|the block|disk space|data folder|"
    r"restart Flowloom|another model)\b",
    re.IGNORECASE,
)
OUTWARD = ("serve/api", "serve/page", "visits", "serve/mcp_tools.py", "serve/agents.py", "serve/agent_dialects.py")


def said_in(source: str) -> Iterator[str]:
    """Each sentence with which a module begins a problem or an error, and what it says to do."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
            sentences = [text for text in texts if isinstance(text, str) and " " in text]
            if len(sentences) >= 2:
                yield from sentences


def outward_sentences() -> dict[str, str]:
    found = {}
    for place in OUTWARD:
        for file in [SOURCE / place] if place.endswith(".py") else sorted((SOURCE / place).rglob("*.py")):
            found |= {text: file.name for text in said_in(file.read_text("utf-8"))}
    return found


def test_no_sentence_of_what_faces_outward_asks_for_what_the_owner_does() -> None:
    found = outward_sentences()
    assert len(found) > 60
    assert {text: place for text, place in found.items() if OWNERS.search(text)} == {}


INWARD: dict[str, FlowloomError | Problem] = {
    # Problems as the owner reads them, which name what only they can change.
    "no model": ModelError("No model is chosen.", "Choose a model in Settings."),
    "no key": ModelError("{provider} doesn’t accept the key.", "Open Settings.", code="model.key", provider="p"),
    "a limit of the month": Problem.of("budget.month", "The limit is reached.", "Raise it in Settings."),
    "a full disk": FULL,
    "a folder": READ_ONLY,
    "a store": StoreError("The database is damaged.", "Restart Flowloom."),
    "a service": HttpError("{host} is on your network.", "Add the host in Settings.", host="h"),
    "a block": Problem.of("node.config", "This block lacks a value.", "Fill it in on the canvas."),
}


@pytest.mark.parametrize("name", INWARD)
@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_what_the_owner_reads_is_said_otherwise_to_others(name: str, language: str) -> None:
    given = INWARD[name]
    problem = given.problem if isinstance(given, FlowloomError) else given
    others = [for_visitors(problem), outward(problem)]
    if isinstance(given, FlowloomError):
        others.append(api_error(given).problem)
    english = [str(each.describe("en")) for each in others]
    assert not [text for text in english if OWNERS.search(text)]
    assert str(problem.describe("en")) not in english
    for each in others:
        told = each.describe(language)
        assert told.message
        assert told.hint
        assert language == "en" or str(told) != str(each.describe("en"))


def test_each_of_these_is_a_sentence_for_others() -> None:
    kept = [value for value in vars(visitor_problems).values() if isinstance(value, Problem)]
    for problem in [*kept, BROKEN, *FOREIGN.values()]:
        assert not OWNERS.search(str(problem.describe("en")))


def test_mcp_and_a2a_say_it_as_the_api_does() -> None:
    for name in ("mcp_tools.py", "agents.py"):
        source = (SOURCE / "serve" / name).read_text("utf-8")
        caught = re.findall(r"except FlowloomError as error:\n\s+return .*", source)
        assert caught
        assert all("api_error(error)" in each for each in caught)
