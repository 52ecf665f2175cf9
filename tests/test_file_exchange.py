"""Files of ours come in again: a newer capsule renews the GPT and brings only the documents that are new."""

import io

import pytest

from flowloom.capsules import export_capsule
from flowloom.exchange.capsule import Capsule
from flowloom.exchange.packing import CapsuleOptions, Knowledge
from flowloom.file_exchange import earlier, ours, renew, take_in
from flowloom.flow.edit import Configure, Describe
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

HELPER = next(template for template in templates() if template.id == "knowledge-helper")


def capsule_of(home: Workspace, flow: Flow, knowledge: Knowledge = "sources") -> io.BytesIO:
    out = io.BytesIO()
    export_capsule(home, flow, out, CapsuleOptions(knowledge=knowledge))
    out.seek(0)
    return out


def test_a_newer_capsule_renews_the_gpt_it_came_from_before(home: Workspace) -> None:
    made = home.intake.create_from_template(HELPER)
    taken = take_in(home, capsule_of(home, made)).flow
    mine = home.editor.open(taken.id)
    prompt = next(node for node in taken.nodes if node.kind == "prompt")
    mine.edit(Configure(node=prompt.id, config={"template": "Mine: {{message}}"}))
    times = {file.name: file.added_at for file in home.knowledge.files(f"{taken.id}/main")}

    theirs = home.editor.open(made.id)
    theirs.edit(Describe(changes={"description": "Better than before"}))
    home.knowledge.add(f"{made.id}/main", "bees.txt", b"Bees like lavender.")
    with Capsule(capsule_of(home, theirs.flow)) as capsule:
        assert [flow.id for flow in earlier(home, ours(capsule.flow))] == [taken.id]
        renewed, clashes = renew(home, mine, ours(capsule.flow), capsule)
    assert not clashes
    assert renewed.flow.description == "Better than before"
    assert renewed.flow.node(prompt.id).config["template"] == "Mine: {{message}}"  # type: ignore[union-attr]
    after = {file.name: file.added_at for file in home.knowledge.files(f"{taken.id}/main")}
    assert set(after) == {*times, "bees.txt"}
    assert {name: after[name] for name in times} == times, "what was there is not read again"


@pytest.mark.parametrize("form", ["capsule", "flow file"])
def test_it_is_known_again_whichever_form_it_has(home: Workspace, form: str) -> None:
    flow = home.intake.create_from_template(HELPER)
    file = capsule_of(home, flow, "none") if form == "capsule" else io.BytesIO(write_flow(flow).encode())
    taken = take_in(home, file).flow
    assert [each.id for each in earlier(home, ours(flow))] == [taken.id]
    assert not home.imports.reported()


def test_a_newer_version_asks_only_for_what_is_new(home: Workspace) -> None:
    """Hosts that were allowed stay allowed; a new one waits for its first run. Another GPT gets nothing of it."""

    def calls(*hosts: str) -> Flow:
        nodes = [{"id": "m", "kind": "chat.message"}, {"id": "z", "kind": "chat.answer"}]
        nodes += [
            {"id": f"h{number}", "kind": "http.request", "config": {"url": f"https://{host}/"}}  # type: ignore[dict-item]
            for number, host in enumerate(hosts)
        ]
        return Flow.model_validate({"id": "caller", "name": "Caller", "nodes": nodes})

    def file(*hosts: str) -> io.BytesIO:
        return io.BytesIO(write_flow(calls(*hosts)).encode())

    taken = take_in(home, file("a.example")).flow
    home.consents.keep(taken.id, "a.example", True)
    renewed, _ = renew(home, home.editor.open(taken.id), ours(calls("a.example", "b.example")))
    assert renewed.flow.node("h1")
    assert home.consents.find(renewed.flow.id, "a.example") is True
    assert home.consents.find(renewed.flow.id, "b.example") is None
    other = take_in(home, file("a.example")).flow
    assert home.consents.find(other.id, "a.example") is None
