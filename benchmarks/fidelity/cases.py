"""What is tried with a foreign flow: messages, how the scripted model answers, and what its own engine did.

Beside each flow, `flows/FORMAT/NAME.EXT` or a folder `flows/FORMAT/NAME`, stands `flows/FORMAT/NAME.cases.json`:

    {"by": "engine", "cases": [{"name": "refund", "said": "I want my money back",
      "inputs": {}, "answers": [],
      "replies": [{"when": "Classify", "say": "refund"}, {"when": "…", "tool": "search", "arguments": {}}],
      "expected": {"answer": "…", "requests": [{"messages": [["system", "…"]], "tools": [], "temperature": null}]},
      "differs": ""}]}

`expected` is what the engine named in `engines/FORMAT` did, written by `python -m benchmarks.fidelity --record`;
`"by": "hand"` says that it was derived from the builder's documentation or source, as its engine does not run here.
`expected.answer` is null where the run fails there. `differs` says why ours may differ, in words of the report.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.openai_server import Say

FLOWS = Path(__file__).parent / "flows"
SERVER = "http://server.test"
"""Where a flow asks the scripted server; it is put in before a run."""


@dataclass
class Outcome:
    """What came of a run: its answer, None where it failed, and the requests to the model in their order."""

    answer: str | None
    requests: list[dict[str, Any]] = field(default_factory=list)
    error: str = field(default="", compare=False)


@dataclass
class Case:
    """One conversation with a flow. `answers` are to its questions, a choice's or a form's values each."""

    name: str
    said: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    expected: dict[str, Any] | None = None
    differs: str = ""

    @property
    def outcome(self) -> Outcome | None:
        if self.expected is None:
            return None
        return Outcome(self.expected["answer"], self.expected["requests"])


@dataclass
class Tried:
    """A foreign flow with its cases. `by` is `engine` or `hand`."""

    format: str
    path: Path
    cases: list[Case]
    by: str = "engine"

    @property
    def name(self) -> str:
        return self.path.name.split(".")[0]

    @property
    def cases_file(self) -> Path:
        return self.path.with_name(f"{self.name}.cases.json")

    def save(self) -> None:
        """Write the cases back, what is empty left out."""
        told = [{name: value for name, value in asdict(case).items() if value} for case in self.cases]
        text = json.dumps({"by": self.by, "cases": told}, ensure_ascii=False, indent=1)
        self.cases_file.write_text(text + "\n", "utf-8")


def tried_flows(format: str) -> Iterator[Tried]:
    """Every flow of a format that has cases."""
    for path in sorted((FLOWS / format).glob("*.cases.json")):
        name = path.name.removesuffix(".cases.json")
        flow = next(
            other for other in sorted(path.parent.iterdir()) if other != path and other.name.split(".")[0] == name
        )
        said = json.loads(path.read_text("utf-8"))
        yield Tried(format, flow, [Case(**case) for case in said["cases"]], said.get("by", "engine"))


def formats() -> list[str]:
    return sorted(path.name for path in FLOWS.iterdir() if path.is_dir())


def reply_to(body: dict[str, Any], replies: list[dict[str, Any]]) -> Say:
    """What the scripted model says: by the first rule whose words are in the request, else what it heard last.

    A rule with a tool holds only while that tool is offered and the model has not heard of its result.
    """
    messages = body.get("messages", [])
    heard = "\n".join(text_of(message.get("content")) for message in messages)
    offered = {tool["function"]["name"] for tool in body.get("tools", ())}
    for number, reply in enumerate(replies):
        if reply.get("when", "") not in heard:
            continue
        if "tool" not in reply:
            return Say(reply["say"])
        called = {call["id"] for message in messages for call in message.get("tool_calls") or ()}
        if reply["tool"] in offered and f"call_{number}" not in called and not _has_called(messages, reply):
            return Say(tools=[(reply["tool"], json.dumps(reply.get("arguments", {})))])
    last = next((text_of(each.get("content")) for each in reversed(messages) if each["role"] != "tool"), "")
    return Say(f"Re: {' '.join(last.split())[:200]}")


def _has_called(messages: list[dict[str, Any]], reply: dict[str, Any]) -> bool:
    calls = (call["function"]["name"] for message in messages for call in message.get("tool_calls") or ())
    return reply["tool"] in calls


def text_of(content: Any) -> str:
    """The text of a message, whose parts may be listed."""
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content if isinstance(part, dict))
    return content or ""


def asked(body: dict[str, Any]) -> dict[str, Any]:
    """A request as it is compared: who said what, white space aside, tools by name, temperature."""
    messages = [
        [message["role"], " ".join(text_of(message.get("content")).split())] for message in body["messages"]
    ]
    for message, row in zip(body["messages"], messages, strict=True):
        row += [f"{call['function']['name']} {_sorted(call['function']['arguments'])}" for call in _calls(message)]
    tools = sorted(tool["function"]["name"] for tool in body.get("tools", ()))
    return {"messages": messages, "tools": tools, "temperature": body.get("temperature")}


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    return message.get("tool_calls") or []


def _sorted(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), sort_keys=True)
    except ValueError:
        return arguments


def same(one: Outcome, other: Outcome) -> tuple[bool, bool]:
    """Whether the answers, and the requests, are the same but for white space."""
    answers = (None if each.answer is None else " ".join(each.answer.split()) for each in (one, other))
    return len(set(answers)) == 1, one.requests == other.requests
