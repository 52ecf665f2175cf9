"""Our exports run by the engine they are for: `python -m benchmarks.fidelity.exports [FORMAT …] [--record]`.

What is exported are the templates, each starter by itself, and every foreign flow as it was imported, with its
cases. Printed is how many runs gave the same answer and the same requests as the flow does here, and each that
differs though the report said nothing of it. With `--record` the figures are kept in `exports.json` for the docs.
"""

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.exchange.exporters.scripted import reply
from tests.openai_server import OpenAIServer, Say

from benchmarks.fidelity import engines
from benchmarks.fidelity.cases import Case, Outcome, asked, formats, reply_to, text_of, tried_flows
from benchmarks.fidelity.ours import imported, settings_for
from flowloom.errors import FlowloomError
from flowloom.exchange.exporters.exported import Exported
from flowloom.exchange.outgoing import exporters, write_outgoing
from flowloom.flow.model import Flow
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

TOLD = re.compile(r"You must format your output as a JSON value.*```json\s*(?P<schema>\{.*\})\s*```", re.DOTALL)
KEPT = Path(__file__).with_name("exports.json")


class Try(NamedTuple):
    """A flow of ours with something to say to it, and what was exported of it."""

    name: str
    flow: Flow
    case: Case
    exported: Exported


def tries(format: str) -> Iterator[Try]:
    """Everything that is exported to a format."""
    for template in templates():
        exported = write_outgoing(format, template.flow)
        for said in template.flow.starters:
            yield Try(f"template {template.id}", template.flow, Case(said[:30], said), exported)
    for each in formats():
        for tried in tried_flows(each):
            try:
                flow = imported(tried.path).flow
                exported = write_outgoing(format, flow)
            except FlowloomError:
                continue
            for case in tried.cases:
                if not (case.inputs or case.answers):
                    yield Try(f"{each}/{tried.name}", flow, case, exported)


def here(home: Workspace, server: OpenAIServer, tried: Try) -> Outcome:
    """What the flow does here."""
    flow = home.flows.create(tried.flow)
    conversation = home.runs.new_conversation(flow.id)
    server.requests.clear()
    server.behave = lambda body: said_to(body, tried)
    view = home.runner.finished(home.runner.start(flow, tried.case.said, conversation))
    if view.state == "paused":
        home.runner.cancel(view.run_id)
    requests = [asked(request.body) for request in server.requests if request.path.endswith("/chat/completions")]
    return Outcome(view.text if view.state == "finished" else None, requests)


def said_to(body: dict[str, Any], tried: Try | None) -> Say:
    """What the scripted model says: by the rules of a case, or in the shape that is asked for."""
    shape, body = told_shape(body)
    say = reply_to(body, tried.case.replies) if tried and tried.case.replies else reply(body)
    if shape and say.text and say.text.startswith("{"):
        return Say(json.dumps({"output": json.loads(say.text)}, ensure_ascii=False))
    return say


def told_shape(body: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Whether n8n’s words ask for an object around the answer, and the request as if it had been asked directly."""
    for place, message in enumerate(body["messages"]):
        text = text_of(message.get("content"))
        found = TOLD.search(text)
        if found:
            schema = json.loads(found["schema"])
            within = schema["properties"].get("output")
            messages = list(body["messages"])
            messages[place] = message | {"content": text[: found.start()].strip()}
            asked = {"json_schema": {"name": "answer", "schema": within or schema}}
            return bool(within), body | {"messages": messages, "response_format": asked}
    return False, body


def there(format: str, found: list[Try], server: OpenAIServer, folder: Path) -> list[Outcome]:
    """What the engine makes of the exported flows."""
    jobs: list[dict[str, Any]] = []
    for number, tried in enumerate(found):
        path = folder / f"{number}-{re.sub(r'[^A-Za-z0-9]', '-', tried.name)}{Path(tried.exported.main).suffix}"
        path.write_bytes(tried.exported.data())
        told = {"said": tried.case.said, "inputs": {}, "answers": []}
        jobs.append({"flow": str(path), "model": server.url, "key": f"job-{number}", **told})
    server.requests.clear()
    tried_by = {f"job-{number}": tried for number, tried in enumerate(found)}
    server.behave_as = lambda headers, body: said_to(body, tried_by.get(_key(headers)))
    results = engines.results(format, jobs)
    server.behave_as = None
    requests: dict[str, list[Any]] = {job["key"]: [] for job in jobs}
    for request in server.requests:
        if request.path.endswith("/chat/completions"):
            requests.setdefault(_key(request.headers), []).append(asked(request.body))
    pairs = zip(jobs, results, strict=True)
    return [Outcome(result["answer"], requests[job["key"]], result.get("error", "")) for job, result in pairs]


def _key(headers: dict[str, str]) -> str:
    return headers.get("authorization", "").removeprefix("Bearer ")


def compared(format: str, server: OpenAIServer) -> dict[str, int]:
    """How many runs are the same; those that are not and that the report did not foretell are printed."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        home = Workspace(Path(folder) / "home")
        home.models_changed(settings_for(server))
        found = list(tries(format))
        ours = [here(home, server, tried) for tried in found]
        theirs = there(format, found, server, Path(folder))
        home.close()
    for tried, own, other in zip(found, ours, theirs, strict=True):
        counts["runs"] += 1
        answer, requests = _same(own, other)
        counts["answers"] += answer
        counts["requests"] += requests
        counts["equal"] += answer and requests
        foretold = [row for row in tried.exported.report.rows if row.grade != "exact"]
        counts["foretold"] += not (answer and requests) and bool(foretold)
        counts["missing"] += any(row.grade == "placeholder" for row in foretold)
        if not (answer and requests) and not foretold:
            print(
                f"{tried.name}, {tried.case.name}: here {own.answer!r}, there {other.answer!r} {other.error[:200]}"
            )
    return dict(counts)


def _same(one: Outcome, other: Outcome) -> tuple[bool, bool]:
    words = [" ".join((each.answer or "").split()) for each in (one, other)]
    asked_for = [Counter(map(_compared, outcome.requests)) for outcome in (one, other)]
    return words[0] == words[1], asked_for[0] == asked_for[1]


def _compared(request: dict[str, Any]) -> str:
    """A request as it is compared: LangChain in JavaScript says developer for system with some models."""
    rows = [["system" if role == "developer" else role, *said] for role, *said in request["messages"]]
    temperature = None if request["temperature"] is None else float(request["temperature"])
    return json.dumps(request | {"messages": rows, "temperature": temperature}, sort_keys=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", help="all that have an engine if left out")
    parser.add_argument("--record", action="store_true")
    call = parser.parse_args()
    wanted = call.formats or [each.id for each in exporters() if engines.has_engine(each.id)]
    with OpenAIServer(models=("default",)) as server:
        figures = {format: compared(format, server) for format in wanted}
    print(json.dumps(figures, indent=1))
    if call.record:
        known = json.loads(KEPT.read_text("utf-8"))
        KEPT.write_text(json.dumps(known | figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
