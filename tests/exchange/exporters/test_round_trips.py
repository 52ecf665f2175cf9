"""Every template out in every form that comes back in: the same GPT, or what is different has a name."""

import io
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from flowloom.capsules import export_capsule, import_capsule
from flowloom.differences import differences
from flowloom.errors import FlowFileError
from flowloom.exchange.capsule import Capsule
from flowloom.exchange.exporters.exported import Exported
from flowloom.exchange.fidelity import Fidelity
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.outgoing import write_outgoing
from flowloom.exchange.source import Source
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import blocking, find_problems
from flowloom.store.templates import templates
from tests.exchange.exporters.scripted import counted, reply
from tests.exchange.exporters.test_python_templates import conversed
from tests.exchange.importers.recorded import Home, homes

BY_ID = {template.id: template for template in templates()}
EVERY = frozenset(BY_ID)
ANSWERS = {
    "n8n": {
        *("agent-with-tools", "form-filler", "handy-tools", "knowledge-helper", "meeting-minutes", "support-desk"),
    },
    "dify": {"form-filler", "knowledge-helper", "meeting-minutes", "translator", "weather-guide"},
    "langflow": {"form-filler"},
}
"""Templates that answer each of their starters, in one conversation, as they did before."""
REQUESTS = {
    "n8n": {"form-filler", "meeting-minutes"},
    "dify": {"form-filler", "meeting-minutes", "translator", "weather-guide"},
    "langflow": {"form-filler"},
}
"""Those that ask their models the same as well."""
PROGRAMS = ("python", "agents")


class Trip(NamedTuple):
    exported: Exported
    flow: Flow
    report: Fidelity


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


def trip(form: str, id: str) -> Trip:
    exported = write_outgoing(form, BY_ID[id].flow)
    return Trip(exported, *read_foreign(Source.of_data(exported.data(), exported.main)))


def without_ids(flow: Flow) -> Flow:
    """A GPT that came in gets an id of its own, and so does each within it."""
    data = flow.model_dump(mode="json", by_alias=True)
    for node in data["nodes"]:
        if isinstance(node["config"].get("flow"), dict):
            node["config"]["flow"].pop("id", None)
    return Flow.model_validate(data)


def named(report: Fidelity) -> list[str]:
    """What a report says is different."""
    return [str(told) for row in report.rows for told in row.differs] + [str(each) for each in report.notes]


@pytest.mark.parametrize("id", sorted(EVERY))
@pytest.mark.parametrize("form", ANSWERS)
def test_it_comes_back_and_what_stops_it_is_named(form: str, id: str) -> None:
    found = trip(form, id)
    lost = {row.name for row in found.exported.report.rows if row.grade == "placeholder"}
    kept = {row.name for row in found.report.rows if row.grade == "placeholder"}
    assert kept <= lost, "only what had no counterpart there has none here"
    assert bool(blocking(find_problems(found.flow, all_kinds()))) == bool(kept)
    here, back = ({node.kind for node in flow.nodes} for flow in (BY_ID[id].flow, found.flow))
    if back != here and id not in ANSWERS[form] & REQUESTS[form]:
        assert named(found.exported.report) + named(found.report)


@pytest.mark.parametrize("id", sorted(EVERY))
@pytest.mark.parametrize("form", ANSWERS)
def test_it_answers_as_before_or_the_report_names_why_not(home: Home, form: str, id: str) -> None:
    home.server.behave = reply
    found, said = trip(form, id), []
    for flow in (home.workspace.intake.create_from_template(BY_ID[id]), home.workspace.flows.create(found.flow)):
        home.server.requests.clear()
        for fact in home.workspace.memory.facts():
            home.workspace.memory.forget(fact.id)
        views = conversed(home.workspace, flow, BY_ID[id].flow.starters, "first")
        chats = [each.body for each in home.server.requests if each.path.endswith("/chat/completions")]
        said.append(([view.text.split() for view in views], counted(chats)))
    answers, requests = (one == other for one, other in zip(*said, strict=True))
    assert answers or id not in ANSWERS[form]
    assert requests or id not in REQUESTS[form]
    if not (answers and requests):
        assert named(found.exported.report) + named(found.report)


@pytest.mark.parametrize("id", sorted(EVERY))
@pytest.mark.parametrize("form", PROGRAMS)
def test_a_program_of_ours_is_known_and_says_what_to_import(form: str, id: str) -> None:
    exported = write_outgoing(form, BY_ID[id].flow)
    with pytest.raises(FlowFileError, match=r"wrote this program.*capsule or the flow file"):
        read_foreign(Source.of_data(exported.files[exported.main], exported.main))


@pytest.mark.parametrize("id", sorted(EVERY))
def test_files_of_ours_bring_the_same_gpt(home: Home, id: str) -> None:
    flow = home.workspace.intake.create_from_template(BY_ID[id])
    assert read_flow(write_flow(flow)) == flow
    out = io.BytesIO()
    export_capsule(home.workspace, flow, out)
    with Capsule(out) as capsule:
        assert capsule.flow == flow
        taken = import_capsule(home.workspace, capsule)
    assert differences(without_ids(flow), without_ids(taken).model_copy(update={"name": flow.name}), "en") == []
    assert [file.name for file in home.workspace.knowledge.files(f"{taken.id}/main")] == [
        file.name for file in home.workspace.knowledge.files(f"{flow.id}/main")
    ]
