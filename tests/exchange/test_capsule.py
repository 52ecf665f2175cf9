"""A capsule carries a GPT with its documents, gives the same bytes for the same, and is trusted in nothing."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.capsules import export_capsule, import_capsule
from flowloom.errors import FlowFileError, FlowloomError
from flowloom.exchange.capsule import FLOW, Capsule, is_zip, write_capsule
from flowloom.exchange.contents import MANIFEST, Carried, Example, Said, Text
from flowloom.exchange.packing import CapsuleOptions, documents_of
from flowloom.flow.model import Flow
from flowloom.kinds.values import SHARED
from flowloom.services.knowledge.bases import hash_of
from flowloom.workspace import Workspace

SEARCH = {"id": "k", "kind": "knowledge.search", "config": {}}
BEES = Flow.model_validate(
    {
        "name": "Bees",
        "description": "About bees",
        "nodes": [{"id": "m", "kind": "chat.message"}, SEARCH, {"id": "z", "kind": "chat.answer"}],
        "edges": [{"from": "m.message", "to": "k.question"}],
    }
)
HONEY = (
    Carried(base="main", name="honey.txt", size=22, hash="abc", tags=("food",)),
    Text(text="Honey keeps for years."),
)


def written(*documents: tuple[Carried, Text], flow: Flow = BEES) -> bytes:
    out = io.BytesIO()
    write_capsule(out, flow, documents)
    return out.getvalue()


def rewritten(change: Callable[[dict[str, bytes]], None], data: bytes = b"", **entry: Any) -> io.BytesIO:
    """The capsule with other parts, each as `entry` says."""
    with zipfile.ZipFile(io.BytesIO(data or written(HONEY))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name)
            for field, value in entry.items():
                setattr(info, field, value)
            archive.writestr(info, part)
    out.seek(0)
    return out


def manifest_with(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | changes).encode()

    return change


def test_what_is_written_is_read() -> None:
    with Capsule(io.BytesIO(written(HONEY))) as capsule:
        assert (capsule.manifest.name, capsule.flow) == ("Bees", BEES)
        ((carried, text),) = capsule.documents()
    assert (carried.base, carried.name, carried.tags) == ("main", "honey.txt", ("food",))
    assert text == HONEY[1]


def test_the_same_gives_the_same_bytes() -> None:
    assert written(HONEY) == written(HONEY)
    assert is_zip(io.BytesIO(written()))
    assert not is_zip(io.BytesIO(b'{"nodes": []}'))


def renamed(parts: dict[str, bytes]) -> None:
    parts["../escape.json"] = parts.pop("documents/0001.json")


def added(parts: dict[str, bytes]) -> None:
    parts["more.txt"] = b"more"


def doubled(parts: dict[str, bytes]) -> None:
    parts["FLOW.json"] = parts[FLOW]


def edited(parts: dict[str, bytes]) -> None:
    parts["documents/0001.json"] = parts["documents/0001.json"].replace(b"years", b"weeks")


def flow_edited(parts: dict[str, bytes]) -> None:
    parts[FLOW] = parts[FLOW].replace(b"Bees", b"Wasp")


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: void(parts.pop(name))


def void(value: object) -> None:
    """Nothing comes of it."""


PATH = {"base": "main", "name": "../../honey.txt", "part": "documents/0001.json", "size": 1, "hash": ""}
WRONG: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "no manifest": (without(MANIFEST), "isn’t a capsule"),
    "no flow": (without(FLOW), "isn’t a capsule"),
    "a part that is missing": (without("documents/0001.json"), "isn’t a capsule"),
    "a part that nothing names": (added, "isn’t a capsule"),
    "a name that leaves the archive": (renamed, "isn’t a capsule"),
    "two names that differ by case": (doubled, "isn’t a capsule"),
    "a document that was changed": (edited, "changed or damaged"),
    "a flow that was changed": (flow_edited, "changed or damaged"),
    "a newer version": (manifest_with(version=3), "newer Flowloom"),
    "another format": (manifest_with(format="other"), "isn’t a capsule"),
    "a document by a path": (manifest_with(documents=[PATH]), "isn’t a capsule"),
    "a manifest that is a list": (lambda parts: parts.update({MANIFEST: b"[]"}), "isn’t a capsule"),
    "a manifest that is no JSON": (lambda parts: parts.update({MANIFEST: b"{"}), "isn’t a capsule"),
    "a manifest with another name for it": (
        lambda parts: parts.update({MANIFEST: b'{"format": "flowloom-capsule", "parts": {"flow.json": 1}}'}),
        "capsule.json › parts › flow.json is a number, but should be a piece of text",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_and_nothing_kept(home: Workspace, name: str) -> None:
    change, said = WRONG[name]
    before = len(home.flows.entries())
    with pytest.raises(FlowFileError, match=said), Capsule(rewritten(change)) as capsule:
        import_capsule(home, capsule)
    assert len(home.flows.entries()) == before
    assert list(home.knowledge.folder.glob("*/*")) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"external_attr": (stat.S_IFLNK | 0o777) << 16},
        {"external_attr": (stat.S_IFDIR | 0o777) << 16},
        {"compress_type": zipfile.ZIP_BZIP2},
        {"compress_type": zipfile.ZIP_LZMA},
    ],
)
def test_only_plain_files_are_read(entry: dict[str, int]) -> None:
    with pytest.raises(FlowFileError, match="isn’t a capsule"):
        Capsule(rewritten(void, **entry))


def test_a_capsule_is_no_larger_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(HONEY)
    monkeypatch.setattr("flowloom.exchange.capsule.LARGEST", 100)
    with pytest.raises(FlowFileError, match="too large"):
        Capsule(io.BytesIO(data))
    monkeypatch.undo()
    monkeypatch.setattr("flowloom.exchange.capsule.LARGEST_PART", 100)
    with pytest.raises(FlowFileError, match="isn’t a capsule"):
        Capsule(io.BytesIO(data))


@pytest.mark.parametrize("pages", [[], [[1, None, ""]], [[0, 1, ""], [0, 2, ""]], [[0, 1, ""], [9_999, 2, ""]]])
def test_pages_that_cannot_be(pages: list[Any]) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["documents/0001.json"] = json.dumps({"text": "abc", "markdown": False, "pages": pages}).encode()
        manifest = json.loads(parts[MANIFEST])
        manifest["parts"]["documents/0001.json"] = hash_of(parts["documents/0001.json"])
        parts[MANIFEST] = json.dumps(manifest).encode()

    with Capsule(rewritten(change)) as capsule, pytest.raises(FlowFileError, match="damaged"):
        list(capsule.documents())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_was_done_to_it_ends_in_a_sentence(data: st.DataObject) -> None:
    whole = bytearray(written(HONEY))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.booleans())
        whole[at : at + data.draw(st.integers(0, 40)) if cut else at + 1] = data.draw(st.binary(max_size=8))
        if not whole:
            return
    try:
        with Capsule(io.BytesIO(bytes(whole))) as capsule:
            documents = list(capsule.documents())
    except FlowFileError:
        return
    assert capsule.flow == BEES, "what is read in spite of it is what was written"
    assert [text for _, text in documents] == [HONEY[1]]


def test_there_and_back_with_documents(home: Workspace, tmp_path: Path) -> None:
    flow = home.flows.create(BEES)
    home.knowledge.add(f"{flow.id}/main", "honey.md", b"# Honey\n\nHoney keeps for three thousand years.")
    home.knowledge.set_tags(f"{flow.id}/main", "honey.md", ["food"])
    path = tmp_path / "bees.capsule"
    with path.open("wb") as out:
        export_capsule(home, home.flows.load(flow.id), out)
    with Capsule(path) as capsule:
        progress: list[float] = []
        taken = import_capsule(home, capsule, progress.append)
        notes = home.intake.notes_on(capsule.flow, with_documents=True)
    assert (taken.name, notes) == ("Bees 2", [])
    (file,) = home.knowledge.files(f"{taken.id}/main")
    assert (file.name, file.tags) == ("honey.md", ("food",))
    assert progress == sorted(progress)
    (passage, *_) = home.knowledge.search(f"{taken.id}/main", "How long does honey keep?", 1)
    assert "three thousand years" in passage.text
    again = tmp_path / "again.capsule"
    with again.open("wb") as out:
        export_capsule(home, flow, out)
    assert again.read_bytes() == path.read_bytes()


def test_shared_documents_travel_and_those_of_a_few_do_not(home: Workspace) -> None:
    shared = home.shared.create("Handbook")
    home.knowledge.add(shared.key, "rules.txt", b"No running by the pool.")
    home.knowledge.add(shared.key, "salaries.txt", b"Ann earns more than Ben.")
    home.knowledge.set_readers(shared.key, "salaries.txt", owner="ann")
    node = SEARCH | {"config": {"knowledge": f"{SHARED}{shared.id}"}}
    flow = home.flows.create(Flow.model_validate({"name": "Pool", "nodes": [node, {**SEARCH, "id": "own"}]}))
    home.knowledge.add(f"{flow.id}/main", "rules.txt", b"Run as you like.")
    found, restricted = documents_of(flow, home.knowledge)
    assert [(each.base, each.name) for each in found] == [
        ("main", "rules (2).txt"),
        ("main", "rules.txt"),
    ]
    assert restricted == ["salaries.txt"]
    out = io.BytesIO()
    export_capsule(home, flow, out)
    assert b"salaries" not in out.getvalue()
    with Capsule(out) as capsule:
        taken = import_capsule(home, capsule)
    texts = {
        file.name: home.knowledge.text(f"{taken.id}/main", file.name)
        for file in home.knowledge.files(f"{taken.id}/main")
    }
    assert set(texts.values()) == {"No running by the pool.", "Run as you like."}


def test_a_document_that_fails_leaves_nothing(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Carried(base="main", name="empty.txt", size=0, hash="x"), Text(text="")
    before = len(home.flows.entries())
    with Capsule(io.BytesIO(written(HONEY, empty))) as capsule, pytest.raises(FlowloomError, match=r"empty\.txt"):
        import_capsule(home, capsule)
    assert len(home.flows.entries()) == before
    assert not any(home.knowledge.folder.rglob("rows.sqlite"))


def test_what_a_gpt_needs_is_named(home: Workspace) -> None:
    post = {"id": "p", "kind": "http.request", "config": {"method": "POST", "url": "https://api.example.com/x"}}
    nodes = [{"id": "m", "kind": "chat.message"}, {"id": "x", "kind": "model", "config": {"model": "fast"}}, post]
    edges = [{"from": "m.message", "to": "x.prompt"}]
    answer = [{"id": "z", "kind": "chat.answer"}]
    flow = Flow.model_validate(
        {"nodes": [*nodes, *answer], "edges": [*edges, {"from": "x.answer", "to": "z.text"}]}
    )
    out = io.BytesIO()
    manifest = export_capsule(home, flow, out)
    assert manifest.needs.models == ("fast",)
    assert manifest.needs.hosts == ("api.example.com",)


def talked(home: Workspace, flow: Flow, *said: str) -> str:
    conversation = home.runs.new_conversation(flow.id)
    for number, text in enumerate(said):
        home.runs.add_turn(conversation, "assistant" if number % 2 else "user", text)
    return conversation


def test_example_chats_travel_without_keys(home: Workspace) -> None:
    flow = home.flows.create(BEES)
    home.secrets.set("honey", "hunter2-hunter2")
    first = talked(home, flow, "Do bees sleep?", "Yes, at night.")
    second = talked(home, flow, "My key is hunter2-hunter2", "Keep it to yourself.")
    left_out = talked(home, flow, "Between us")
    out = io.BytesIO()
    export_capsule(home, flow, out, CapsuleOptions(examples=(first, second)))
    with Capsule(out) as capsule:
        texts = [[turn.text for turn in example.said] for example in capsule.examples()]
        kept = import_capsule(home, capsule)
    assert texts[0] == ["Do bees sleep?", "Yes, at night."]
    assert "hunter2" not in str(texts)
    assert home.runs.turns(left_out)[0].text not in str(texts)
    conversations = home.runs.conversations(kept.id)
    assert conversations[0].title == "Do bees sleep?"
    assert len(conversations) == 2
    assert [(turn.role, turn.text) for turn in home.runs.turns(conversations[0].id)] == [
        ("user", "Do bees sleep?"),
        ("assistant", "Yes, at night."),
    ]


def test_what_visitors_said_is_no_example(home: Workspace) -> None:
    flow = home.flows.create(BEES)
    theirs = home.runs.new_conversation(flow.id, visitor="ann", via="page")
    home.runs.add_turn(theirs, "user", "A secret wish")
    out = io.BytesIO()
    assert export_capsule(home, flow, out, CapsuleOptions(examples=(theirs,))).examples == ()


@pytest.mark.parametrize("said", [[], [{"role": "system", "text": "x"}], [{"role": "user", "text": 3}], "x", None])
def test_an_example_that_is_none_is_refused_and_keeps_nothing(
    home: Workspace, monkeypatch: pytest.MonkeyPatch, said: object
) -> None:
    out, given = io.BytesIO(), Example(said=(Said(role="user", text="Hello"),))
    with monkeypatch.context() as patch:
        patch.setattr(Example, "model_dump", lambda self: {"said": said})
        write_capsule(out, BEES, [], examples=[given])
    before = len(home.flows.entries())
    with Capsule(out) as capsule, pytest.raises(FlowFileError, match="changed or damaged"):
        import_capsule(home, capsule)
    assert len(home.flows.entries()) == before
