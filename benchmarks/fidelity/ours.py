"""A foreign flow as Flowloom imports and runs it."""

from pathlib import Path
from typing import Any

from tests.openai_server import OpenAIServer

from benchmarks.fidelity.cases import SERVER, Case, Outcome, asked, reply_to
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.source import Source
from flowloom.kinds.people import Question, Reply
from flowloom.services.models.presets import PRESETS
from flowloom.services.models.settings import ROLES, ModelSettings, Provider
from flowloom.workspace import Workspace

MODEL = "default"


def imported(path: Path, server: str = "") -> Imported:
    """What the importer makes of a flow, with the address of the scripted server in it. Raises FlowFileError."""
    source = Source.of_path(path)
    if server:
        named = {name: data.replace(SERVER.encode(), server.encode()) for name, data in source.files.items()}
        source = Source(named)
    return read_foreign(source)


def settings_for(server: OpenAIServer) -> ModelSettings:
    """Every vendor that a flow may name is the scripted server."""
    vendors = tuple(
        Provider(id=preset.id, kind="compatible", name=preset.name, base_url=server.url, models=(MODEL,))
        for preset in PRESETS
    )
    return ModelSettings(providers=vendors, roles=dict.fromkeys(map(str, ROLES), f"openai/{MODEL}"))


def outcome_of(home: Workspace, server: OpenAIServer, path: Path, case: Case) -> Outcome:
    """Import a flow, run one case, and say what came of it; `home` asks the server's models."""
    flow = home.flows.create(imported(path, server.root).flow)
    conversation = home.runs.new_conversation(flow.id)
    # Whether data may go to the scripted server is not what is compared.
    host = home.own_hosts.allow(server.root.removeprefix("http://"))
    home.consents.keep(flow.id, host, True)
    server.requests.clear()
    server.behave = lambda body: reply_to(body, case.replies)
    run = home.runner.start(flow, case.said, conversation)
    view = home.runner.finished(run)
    answers = list(case.answers)
    while view.state == "paused":
        waiting = home.questions.open_of(conversation)
        if not waiting:
            break
        for question in waiting:
            home.inbox.answer(question.id, _reply(question.question, case, answers))
        view = home.runner.finished(run)
    requests = [asked(request.body) for request in server.requests if request.path.endswith("/chat/completions")]
    failed = view.state != "finished"
    return Outcome(None if failed else view.text, requests, str(view.problem or "") if failed else "")


def _reply(question: Question, case: Case, answers: list[Any]) -> Reply:
    """The inputs of the case fill in a form that asks for them; the next answer goes to any other question."""
    known = {field.name: case.inputs[field.name] for field in question.fields if field.name in case.inputs}
    if question.fields and all(field.name in known or not field.required for field in question.fields):
        return Reply(values=known)
    said = answers.pop(0)
    if question.fields:
        return Reply(values=said if isinstance(said, dict) else {question.fields[0].name: said})
    wanted = said["choice"] if isinstance(said, dict) else said
    chosen = next(each for each in question.choices if wanted in (each.id, each.label_in("en")))
    return Reply(choice=chosen.id, comment=said.get("comment", "") if isinstance(said, dict) else "")
