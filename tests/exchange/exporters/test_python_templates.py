"""Every template as a Python program answers, and asks its models, as it does here; what differs is in the report."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.fidelity.ours import settings_for
from flowloom.exchange.exporters.documents import documents_in
from flowloom.exchange.exporters.exported import Exported
from flowloom.exchange.outgoing import write_outgoing
from flowloom.kinds.people import Question, Reply
from flowloom.locales import LANGUAGES
from flowloom.run.reading.view import RunView
from flowloom.store.templates import Template, templates
from flowloom.workspace import Workspace
from tests.exchange.exporters.scripted import counted, reply
from tests.openai_server import OpenAIServer

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
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Both]]:
    """Every template run here, and all programs in one process without Flowloom."""
    folder, found, jobs = tmp_path_factory.mktemp("programs"), {}, []
    with OpenAIServer(models=("default",)) as server:
        by_key = defaultdict[str, list[Any]](list)
        server.behave_as = lambda headers, body: (by_key[headers.get("authorization", "")].append(body), reply(body))[1]
        home = Workspace(folder / "home")
        home.models_changed(settings_for(server))
        for language, template in EVERY:
            for which in WAYS if asks(template) else WAYS[:1]:
                name = f"{language}-{template.id}-{which}"
                by_key.clear()
                flow = home.create_from_template(template)
                here = conversed(home, flow, flow.starters, which)
                asked = counted([body for bodies in by_key.values() for body in bodies])
                exported = write_outgoing("python", flow, documents_in(home.knowledge))
                for path, data in exported.files.items():
                    file = folder / name / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
                program = str(folder / name / exported.main)
                jobs.append({"program": program, "url": server.url, "key": name, "says": flow.starters, "answers": which})
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
    yield found


def asks(template: Template) -> bool:
    return any(node.kind.startswith("people.") for node in template.flow.nodes)


NAMES = [
    f"{language}-{template.id}-{which}"
    for language, template in EVERY
    for which in (WAYS if asks(template) else WAYS[:1])
]


@pytest.mark.parametrize("name", NAMES)
def test_a_program_answers_and_asks_as_here(both: dict[str, Both], name: str) -> None:
    found = both[name]
    for here, there in zip(found.here, found.there, strict=True):
        assert there.get("answer", "").split() == here.text.split(), there
    assert found.asked_there == found.asked_here, told(found)


def told(found: Both) -> str:
    """The last words of what only one of them asked."""
    here, there = found.asked_here - found.asked_there, found.asked_there - found.asked_here
    rows = [("here", each) for each in here] + [("there", each) for each in there]
    return "\n".join(f"{side}: {json.loads(asked)['messages'][-2:]}" for side, asked in rows)[:3000]
