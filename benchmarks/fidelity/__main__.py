"""Foreign flows by their own engine and by ours: `python -m benchmarks.fidelity [FORMAT …] [--record]`.

Prints, for each format, how many nodes came across and how many runs gave the same answer and asked the same of the
model. With `--record` what the engine did is written beside the flow, for the tests, which run no engine.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.openai_server import OpenAIServer

from benchmarks.fidelity import engines
from benchmarks.fidelity.cases import SERVER, Outcome, Tried, asked, formats, reply_to, same, tried_flows
from benchmarks.fidelity.ours import imported, outcome_of, settings_for
from flowloom.workspace import Workspace


def by_engine(tried: list[Tried], server: OpenAIServer, folder: Path) -> list[list[Outcome]]:
    """What the engine of the format did in every case of these flows."""
    jobs, rules = [], {}
    for flow in tried:
        path = _with_server(flow.path, server.root, folder)
        for number, case in enumerate(flow.cases):
            key = f"{flow.name}-{number}"
            rules[key] = case.replies
            told = {"said": case.said, "inputs": case.inputs, "answers": case.answers}
            jobs.append({"flow": str(path), "model": server.url, "key": key, **told})
    server.requests.clear()
    server.behave_as = lambda headers, body: reply_to(body, rules.get(_key_of(headers), []))
    found = engines.results(tried[0].format, jobs)
    server.behave_as = None
    requests: dict[str, list[dict[str, object]]] = {job["key"]: [] for job in jobs}
    for request in server.requests:
        if request.path.endswith("/chat/completions"):
            requests.setdefault(_key_of(request.headers), []).append(asked(request.body))
    outcomes = iter(
        Outcome(result["answer"], requests[job["key"]], result.get("error", ""))
        for job, result in zip(jobs, found, strict=True)
    )
    return [[next(outcomes) for _ in flow.cases] for flow in tried]


def _key_of(headers: dict[str, str]) -> str:
    return headers.get("authorization", "").removeprefix("Bearer ")


def _with_server(path: Path, server: str, folder: Path) -> Path:
    """A copy of a flow that asks the scripted server."""
    copy = folder / path.name
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file():
                _copied(file, copy / file.relative_to(path), server)
        return copy
    _copied(path, copy, server)
    return copy


def _copied(file: Path, copy: Path, server: str) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(file.read_bytes().replace(SERVER.encode(), server.encode()))


def row_of(format: str, server: OpenAIServer, record: bool) -> tuple[list[object], list[str]]:
    """A line of the table, and what differs with its cause."""
    tried = list(tried_flows(format))
    with tempfile.TemporaryDirectory() as folder:
        theirs = (
            by_engine([flow for flow in tried if flow.by == "engine"], server, Path(folder))
            if (engines.has_engine(format) and any(flow.by == "engine" for flow in tried))
            else []
        )
    told = iter(theirs)
    grades: Counter[str] = Counter()
    runs = answers = asked_same = 0
    differences = []
    with tempfile.TemporaryDirectory() as home_folder:
        home = Workspace(Path(home_folder))
        home.models_changed(settings_for(server))
        for flow in tried:
            grades.update(row.grade for row in imported(flow.path).fidelity.rows)
            expected = next(told) if flow.by == "engine" and theirs else [case.outcome for case in flow.cases]
            for case, theirs_did in zip(flow.cases, expected, strict=True):
                if theirs_did is None:
                    continue
                if record and flow.by == "engine":
                    case.expected = {"answer": theirs_did.answer, "requests": theirs_did.requests}
                ours = outcome_of(home, server, flow.path, case)
                answer, requests = same(ours, theirs_did)
                runs, answers, asked_same = runs + 1, answers + answer, asked_same + requests
                if not (answer and requests):
                    what = "answer" if not answer else "requests"
                    cause = case.differs or f"unexplained: theirs {theirs_did}, ours {ours}"
                    differences.append(f"{format}/{flow.name}, {case.name}: {what}: {cause}")
            if record and flow.by == "engine":
                flow.save()
        home.close()
    by_hand = sum(flow.by == "hand" for flow in tried)
    counts = [grades[grade] for grade in ("exact", "approximate", "placeholder")]
    return [format, len(tried), by_hand, sum(counts), *counts, runs, answers, asked_same], differences


HEADINGS = "format flows by-hand nodes exact approx kept runs answers requests".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", help="all that there are if left out")
    parser.add_argument("--record", action="store_true", help="keep what the engines did, for the tests")
    call = parser.parse_args()
    table, told = [], []
    with OpenAIServer() as server:
        for format in call.formats or formats():
            row, differences = row_of(format, server, call.record)
            table.append(row)
            told += differences
    print("  ".join(f"{heading:>11}" for heading in HEADINGS))
    for row in table:
        print("  ".join(f"{cell:>11}" for cell in row))
    print(*(["", "Differences:", *told] if told else ["", "No differences."]), sep="\n")


if __name__ == "__main__":
    main()
