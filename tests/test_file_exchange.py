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
