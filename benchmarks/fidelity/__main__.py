"""Foreign flows by their own engine and by ours: `python -m benchmarks.fidelity [FORMAT …] [--record]`.

Prints, for each format, how many nodes came across and how many runs gave the same answer and asked the same of the
model. With `--record` what the engine did is written beside the flow, for the tests, which run no engine.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.openai_server import OpenAIServer

from benchmarks.fidelity import engines
from benchmarks.fidelity.cases import SERVER, Case, Outcome, Tried, asked, formats, reply_to, same, tried_flows
from benchmarks.fidelity.ours import imported, outcome_of, settings_for
from flowloom.exchange.fidelity import GRADES
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


@dataclass
class Tally:
    """What was seen of one format."""

    format: str
    flows: int = 0
    by_hand: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    answers: int = 0
    requests: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, flow: Tried, case: Case, ours: Outcome, theirs: Outcome) -> None:
        """Count a run, and keep what differs with its cause."""
        answer, requests = same(ours, theirs)
        self.runs, self.answers, self.requests = self.runs + 1, self.answers + answer, self.requests + requests
        if not (answer and requests):
            what = "requests" if answer else "answer"
            cause = case.differs or f"unexplained: theirs {theirs}, ours {ours}"
            self.differences.append(f"{self.format}/{flow.name}, {case.name}: {what}: {cause}")

    @property
    def row(self) -> list[object]:
        counts = [self.grades[grade] for grade in GRADES]
        equal = self.runs - len(self.differences)
        compared = [self.runs, self.answers, self.requests, equal]
        return [self.format, self.flows, self.by_hand, sum(counts), *counts, *compared]


def tally(format: str, server: OpenAIServer, record: bool) -> Tally:
    """Every flow of a format, run by both."""
    tried = list(tried_flows(format))
    found = Tally(format, len(tried), sum(flow.by == "hand" for flow in tried))
    engine = {flow.path: outcomes for flow, outcomes in _engine_runs(tried, server)}
    with tempfile.TemporaryDirectory() as folder:
        home = Workspace(Path(folder))
        home.models_changed(settings_for(server))
        for flow in tried:
            found.grades.update(row.grade for row in imported(flow.path).fidelity.rows)
            expected = engine.get(flow.path) or [case.outcome for case in flow.cases]
            for case, theirs in zip(flow.cases, expected, strict=True):
                if theirs is None:
                    continue
                if record and flow.path in engine:
                    case.expected = {"answer": theirs.answer, "requests": theirs.requests}
                found.add(flow, case, outcome_of(home, server, flow.path, case), theirs)
            if record and flow.path in engine:
                flow.save()
        home.close()
    return found


def _engine_runs(tried: list[Tried], server: OpenAIServer) -> Iterable[tuple[Tried, list[Outcome]]]:
    theirs = [flow for flow in tried if flow.by == "engine" and engines.has_engine(flow.format)]
    if not theirs:
        return []
    with tempfile.TemporaryDirectory() as folder:
        return list(zip(theirs, by_engine(theirs, server, Path(folder)), strict=True))


HEADINGS = "format flows by-hand nodes exact approx kept runs answers requests equal".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", help="all that there are if left out")
    parser.add_argument("--record", action="store_true", help="keep what the engines did, for the tests")
    call = parser.parse_args()
    with OpenAIServer() as server:
        found = [tally(format, server, call.record) for format in call.formats or formats()]
    rows = [each.row for each in found]
    together = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    for line in (HEADINGS, *rows, ["together", *together]):
        print(f"{line[0]:<16}" + "".join(f"{cell:>9}" for cell in line[1:]))
    told = [difference for each in found for difference in each.differences]
    print("", f"equal in answer and requests: {together[-1] / max(1, together[6]):.1%}", *told, sep="\n")


if __name__ == "__main__":
    main()
