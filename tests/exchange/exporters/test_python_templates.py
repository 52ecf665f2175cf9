"""Every template as a Python program answers, and asks its models, as here; what differs is in the report."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from benchmarks.fidelity.ours import settings_for

from flowloom.errors import Problem
from flowloom.exchange.exporters.documents import documents_in
from flowloom.exchange.exporters.exported import Exported
from flowloom.exchange.outgoing import write_outgoing
from flowloom.flow.model import Flow
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.registry import all_kinds
from flowloom.locales import LANGUAGES
from flowloom.nodes.models.asking import NO_SOURCES, SOURCES
from flowloom.run.planning.nested_nodes import flow_within
from flowloom.run.reading.view import RunView
from flowloom.store.templates import Template, templates
from flowloom.workspace import Workspace
from tests.exchange.exporters.scripted import counted, reply
from tests.openai_server import OpenAIServer

pytestmark = pytest.mark.slow

RUNNER = Path(__file__).with_name("run_programs.py")
EVERY = [(language, template) for language in LANGUAGES for template in templates(language)]
WAYS = ("first", "last")
"""Which choice whoever is asked takes."""


class Both(NamedTuple):
    """What came of a template here and as a program, message by message, and what was asked of models."""

    template: Template
    exported: Exported
    here: list[RunView]
    there: list[dict[str, str]]
    asked_here: Counter[str]
    asked_there: Counter[str]


def person(which: str) -> Any:
    def answer(question: Question) -> Reply:
        values = {field.name: field.value or "Ada" for field in question.fields}
        choice = question.choices[0 if which == "first" else -1].id if question.choices else ""
        return Reply(choice=choice, values=values, comment="" if which == "first" else "Shorter, please")

    return answer


def conversed(home: Workspace, flow: Any, says: tuple[str, ...], which: str) -> list[RunView]:
    conversation, views = home.runs.new_conversation(flow.id), []
    for said in says:
        run = home.runner.start(flow, said, conversation, language=flow.language)
        view = home.runner.finished(run)
        while view.state == "paused":
            for asked in home.questions.open_of(conversation):
                home.inbox.answer(asked.id, person(which)(asked.question))
            view = home.runner.finished(run)
        views.append(view)
    return views


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    """Every template run here, and all programs in one process without Flowloom."""
    folder, found, jobs = tmp_path_factory.mktemp("programs"), {}, []
    with OpenAIServer(models=("default",)) as server:
        by_key = defaultdict[str, list[Any]](list)
        server.behave_as = lambda headers, body: (
            by_key[headers.get("authorization", "")].append(body),
            reply(body),
        )[1]
        home = Workspace(folder / "home")
        home.models_changed(settings_for(server))
        for language, template in EVERY:
            for which in WAYS if asks(template) else WAYS[:1]:
                name = f"{language}-{template.id}-{which}"
                by_key.clear()
                flow = home.intake.create_from_template(template)
                for fact in home.memory.facts():
                    home.memory.forget(fact.id)
                here = conversed(home, flow, flow.starters, which)
                asked = counted([body for bodies in by_key.values() for body in bodies])
                exported = write_outgoing("python", flow, documents_in(home.knowledge))
                for path, data in exported.files.items():
                    file = folder / name / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
                program = str(folder / name / exported.main)
                jobs.append(
                    {"program": program, "url": server.url, "key": name, "says": flow.starters, "answers": which}
                )
                found[name] = Both(template, exported, here, [], asked, Counter())
        home.close()
        by_key.clear()
        done = subprocess.run(
            [sys.executable, "-I", str(RUNNER)],
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr
        for job, results in zip(jobs, json.loads(done.stdout), strict=True):
            there = counted(by_key[f"Bearer {job['key']}"])
            found[job["key"]] = found[job["key"]]._replace(there=results, asked_there=there)
    return found


def asks(template: Template) -> bool:
    return any(node.kind.startswith("people.") for node in template.flow.nodes)


NAMES = [
    f"{language}-{template.id}-{which}"
    for language, template in EVERY
    for which in (WAYS if asks(template) else WAYS[:1])
]


SEARCHED = "Documents are searched by words only, not by meaning."
LACKING = {
    "draft-checker": {"Check the sources", "Measure the draft"},
    "handy-tools": {"Handy tools"},
    "library-desk": {"Look books up", "Late books", "Remind"},
    "picture-diary": {"What I said", "What my photo shows", "Draw the day", "Read it aloud"},
    "reading-helper": {"Read a page", "Search the web"},
    "sales-analyst": {"Analyse data"},
    "weather-guide": {"Weather services", "Ask the weather service"},
}
"""The blocks of templates that a program cannot do."""


@pytest.mark.parametrize("name", NAMES)
def test_a_program_answers_and_asks_as_here(both: dict[str, Both], name: str) -> None:
    found = both[name]
    lacking = lacks(found.exported)
    for here, there in zip(found.here, found.there, strict=True):
        if "error" in there:
            # By nature: the program says what it cannot do, and the report said so before.
            assert there["error"] in lacking
        else:
            assert there["answer"].split() == here.text.split()
    if not any("error" in there for there in found.there):
        assert neutral(found.asked_there, found) == neutral(found.asked_here, found), told(found)


@pytest.mark.parametrize(("language", "template"), EVERY, ids=[f"{lang}-{each.id}" for lang, each in EVERY])
def test_the_report_names_what_differs(both: dict[str, Both], language: str, template: Template) -> None:
    report = both[f"{language}-{template.id}-first"].exported.report
    kept = {row.name for row in report.rows if row.grade == "placeholder"}
    assert len(kept) == len(LACKING.get(template.id, ()))
    if language == "en":
        assert kept == LACKING.get(template.id, set())
    searches = {node.id for node in template.flow.nodes if node.kind == "knowledge.search"}
    assert {row.source for row in report.rows if SEARCHED in map(message_of, row.differs)} == searches
    assert len(report.rows) == sum(1 for _ in blocks_of(template.flow))


def blocks_of(flow: Flow) -> Iterator[str]:
    """Every block of a flow that does something, and of those within them."""
    for node in flow.nodes:
        if not all_kinds()[node.kind].annotates:
            yield node.id
            yield from blocks_of(flow_within(node, all_kinds()) or Flow())


def message_of(problem: Problem) -> str:
    return problem.message


def lacks(exported: Exported) -> list[str]:
    """The sentences with which a program stops."""
    return [str(each) for row in exported.report.rows if row.grade == "placeholder" for each in row.differs]


def neutral(asked: Counter[str], found: Both) -> Counter[str]:
    """Requests without what the report says is different: the passages found, and what lacking tools said."""
    rows = found.exported.report.rows
    searches = any(SEARCHED in map(message_of, row.differs) for row in rows)
    if not searches and not lacks(found.exported):
        return asked
    plain = Counter[str]()
    for each, times in asked.items():
        said = json.loads(each)
        for message in said["messages"]:
            if message[0] == "tool":
                message[1] = ""
            elif searches and message[0] == "system":
                message[1] = message[1].partition(SOURCES.split(".")[0])[0].partition(NO_SOURCES)[0]
        plain[json.dumps(said, sort_keys=True)] += times
    return plain


def told(found: Both) -> str:
    """The last words of what only one of them asked."""
    here, there = (neutral(each, found) for each in (found.asked_here, found.asked_there))
    rows = [("here", each) for each in here - there] + [("there", each) for each in there - here]
    return "\n".join(f"{side}: {json.loads(asked)['messages'][-2:]}" for side, asked in rows)[:3000]
