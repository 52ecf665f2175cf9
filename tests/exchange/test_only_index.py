"""A capsule may carry only what documents are found by: it can be asked, and the documents stay where they are."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.capsules import export_capsule, import_capsule
from flowloom.errors import FlowFileError, KnowledgeError
from flowloom.exchange.capsule import Capsule, write_capsule
from flowloom.exchange.contents import MANIFEST, Carried, Index, Indexed, Piece, Text, Vectors
from flowloom.exchange.packing import CapsuleOptions, Knowledge
from flowloom.file_exchange import ours, renew, take_in
from flowloom.flow.model import Flow
from flowloom.services.knowledge.bases import KnowledgeBases, hash_of
from flowloom.workspace import Workspace

SEARCH = {"id": "k", "kind": "knowledge.search", "config": {}}
BEES = Flow.model_validate({"name": "Bees", "nodes": [SEARCH]})
HONEY = b"# Honey\n\nHoney keeps for three thousand years.\n\n# Wax\n\nCandles are made of wax.\n"
LEFT_BEHIND = "years.\n\n# Wax"
"""What is in the document and in no passage of it."""
PASSAGES, VECTORS = "indexes/0001.json", "indexes/0001.f32"


class Counting:
    """Vectors of two numbers by the letters of a text; counts what it is asked."""

    def __init__(self, name: str, turned: bool = False) -> None:
        self.name, self._turned, self.asked = name, turned, list[str]()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        pair = (1.0, 0.0) if "wax" in text.lower() else (0.0, 1.0)
        return list(reversed(pair) if self._turned else pair)

    def load(self) -> None:
        """Nothing to read."""


def helper(home: Workspace) -> Flow:
    flow = home.flows.create(BEES)
    home.knowledge.add(f"{flow.id}/main", "honey.md", HONEY)
    home.knowledge.set_tags(f"{flow.id}/main", "honey.md", ["food"])
    return home.flows.load(flow.id)


def capsule_of(home: Workspace, flow: Flow, knowledge: Knowledge = "index") -> io.BytesIO:
    out = io.BytesIO()
    export_capsule(home, flow, out, CapsuleOptions(knowledge=knowledge))
    out.seek(0)
    return out


def test_it_can_be_asked_and_the_document_stays_where_it_is(home: Workspace) -> None:
    flow = helper(home)
    file = capsule_of(home, flow)
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert sorted(archive.namelist()) == sorted([MANIFEST, "flow.json", PASSAGES, VECTORS])
    assert b"three thousand years" in everything, "what is searched can be read, which the windows say"
    assert json.dumps(LEFT_BEHIND)[1:-1].encode() not in everything
    taken, notes, _ = take_in(home, file)
    (info,) = home.knowledge.files(f"{taken.id}/main")
    known = home.knowledge.files(f"{flow.id}/main")[0]
    assert (info.only_passages, known.only_passages) == (True, False)
    assert info.model_copy(update={"only_passages": False, "added_at": known.added_at}) == known
    found = [home.knowledge.search(f"{each.id}/main", "How long does honey keep?", 2) for each in (flow, taken)]
    assert found[0] == found[1]
    with pytest.raises(KnowledgeError, match="Only the search index"):
        home.knowledge.document(f"{taken.id}/main", "honey.md")
    assert "three thousand years" in home.knowledge.readable(f"{taken.id}/main", "honey.md")
    assert ["honey.md" in note.describe().message for note in notes] == [True]


def test_the_same_gives_the_same_bytes_and_an_index_goes_on_as_one(home: Workspace) -> None:
    flow = helper(home)
    first = capsule_of(home, flow)
    assert capsule_of(home, flow).getvalue() == first.getvalue()
    taken = take_in(home, first).flow
    again = capsule_of(home, taken, "sources")
    with Capsule(first) as one, Capsule(again) as other:
        assert [each.only_index for each in other.manifest.documents] == [True]
        assert list(one.documents()) == list(other.documents())
    with Capsule(capsule_of(home, flow, "sources")) as whole:
        assert whole.manifest.version == 1, "what an earlier version can read, it may"
    assert one.manifest.version == 2


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        pytest.param(Counting("ours/1"), 0, id="the same embedding: nothing is embedded"),
        pytest.param(Counting("ours/2"), 2, id="another version of it: all passages are"),
        pytest.param(Counting("ours/1", turned=True), 2, id="one of the same name with other vectors: all are"),
        pytest.param(None, 0, id="words alone"),
    ],
)
def test_another_embedding_makes_vectors_of_the_passages(
    home: Workspace, there: Counting | None, asked: int
) -> None:
    here = Counting("ours/1")
    home.knowledge.use(here)
    with Capsule(capsule_of(home, helper(home))) as capsule:
        (carried,) = capsule.manifest.documents
        assert carried.vectors == Vectors(maker="ours/1", size=2, part=VECTORS)
        home.knowledge.use(there)
        if there:
            home.knowledge.renewals.wait()
            there.asked.clear()
        taken = import_capsule(home, capsule)
    compared = 2 if there and there.name == here.name else 0
    assert len(there.asked if there else ()) == asked + compared
    (passage, *_) = home.knowledge.search(f"{taken.id}/main", "wax", 1)
    assert "Candles" in passage.text


def test_words_alone_carry_no_vectors(home: Workspace) -> None:
    home.knowledge.use(None)
    with Capsule(capsule_of(home, helper(home))) as capsule:
        ((carried, held),) = capsule.documents()
    assert carried.vectors is None
    assert isinstance(held, Indexed)
    assert not held.vectors


def test_the_document_itself_takes_the_place_of_its_index(home: Workspace) -> None:
    flow = helper(home)
    taken = take_in(home, capsule_of(home, flow)).flow
    base = f"{taken.id}/main"
    home.knowledge.cut_anew(base, home.knowledge.about(base).cutting.model_copy(update={"size": 400}))
    assert home.knowledge.files(base)[0].only_passages, "what cannot be cut anew stays"
    mine = home.editor.open(taken.id)
    with Capsule(capsule_of(home, flow, "sources")) as capsule:
        renew(home, mine, ours(capsule.flow), capsule)
    assert home.knowledge.text(base, "honey.md") == HONEY.decode()
    added = home.knowledge.files(base)[0].added_at
    with Capsule(capsule_of(home, flow)) as capsule:
        renew(home, mine, ours(capsule.flow), capsule)
    assert home.knowledge.files(base)[0].added_at == added, "an index takes the place of no document"


def test_the_file_may_be_added_though_its_index_is_there(home: Workspace) -> None:
    taken = take_in(home, capsule_of(home, helper(home))).flow
    (progress,) = home.ingest.ingest(f"{taken.id}/main", [("honey.md", HONEY)])
    assert progress.state == "done"
    assert not home.knowledge.files(f"{taken.id}/main")[0].only_passages


CARRIED = Carried(base="main", name="honey.md", size=80, hash="abc", vectors=Vectors(maker="ours/1", size=2))
PIECES = (Piece(text="Honey keeps.", heading="Honey"), Piece(text="Candles are of wax.", start=40))
ROWS = np.asarray([[0.0, 1.0], [1.0, 0.0]], "<f4").tobytes()


def written(carried: Carried = CARRIED, vectors: bytes = ROWS) -> bytes:
    out = io.BytesIO()
    write_capsule(out, BEES, [(carried, Indexed(Index(passages=PIECES), vectors))])
    return out.getvalue()


def rehashed(changed: str, data: bytes, **vectors: Any) -> io.BytesIO:
    """The capsule with another part, whose hash the list has: whoever unpacks it cannot tell by that."""
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[changed] = data
    manifest = json.loads(parts[MANIFEST])
    manifest["parts"][changed] = hash_of(data)
    manifest["documents"][0]["vectors"] |= vectors
    parts[MANIFEST] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, each in parts.items():
            archive.writestr(name, each)
    return out


def rows(*numbers: float) -> bytes:
    return np.asarray(numbers, "<f4").tobytes()


def pieces(**changes: Any) -> bytes:
    return json.dumps({"passages": [{"text": "Honey"} | changes, {"text": "Wax"}], "pages": None}).encode()


WRONG: dict[str, Callable[[], io.BytesIO]] = {
    "a vector too few": lambda: rehashed(VECTORS, rows(0, 1)),
    "a number too many": lambda: rehashed(VECTORS, rows(0, 1, 1, 0, 0)),
    "not a number": lambda: rehashed(VECTORS, rows(0, 1, float("nan"), 0)),
    "endless": lambda: rehashed(VECTORS, rows(0, 1, float("inf"), 0)),
    "near to every question": lambda: rehashed(VECTORS, rows(0, 1, 900, 900)),
    "longer than numbers go": lambda: rehashed(VECTORS, rows(0, 1, 3e38, 3e38)),
    "pickled": lambda: rehashed(VECTORS, b"\x80\x04cos\nsystem\n."),
    "another width": lambda: rehashed(VECTORS, ROWS, size=3),
    "no passage": lambda: rehashed(PASSAGES, b'{"passages": [], "pages": null}'),
    "passages that are none": lambda: rehashed(PASSAGES, b'{"passages": [1, 2], "pages": null}'),
    "no JSON": lambda: rehashed(PASSAGES, b"{"),
    "before the beginning": lambda: rehashed(PASSAGES, pieces(start=-1)),
    "beyond what rows hold": lambda: rehashed(PASSAGES, pieces(start=2**70)),
    "a page that is a text": lambda: rehashed(PASSAGES, pieces(page="../x")),
    "more repeated than there is": lambda: rehashed(PASSAGES, pieces(repeated=90)),
    "no text": lambda: rehashed(PASSAGES, pieces(text="")),
    "a text without end": lambda: rehashed(PASSAGES, pieces(text="x" * 30_000)),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_index_that_cannot_be_is_refused_and_nothing_kept(home: Workspace, name: str) -> None:
    before = len(home.flows.entries())
    with Capsule(WRONG[name]()) as capsule, pytest.raises(FlowFileError, match=r"honey\.md.*changed or damaged"):
        import_capsule(home, capsule)
    assert len(home.flows.entries()) == before
    assert list(home.knowledge.folder.glob("*/*")) == []


@pytest.mark.parametrize("part", [PASSAGES, VECTORS])
def test_an_index_that_was_tampered_with_is_refused(part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = parts[part].replace(b"Honey", b"Money").replace(rows(0, 1), rows(1, 0))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, each in parts.items():
            archive.writestr(name, each)
    with Capsule(out) as capsule, pytest.raises(FlowFileError, match="changed or damaged"):
        list(capsule.documents())


@pytest.mark.parametrize("size", [0, -1, 10**9, "two", None])
def test_a_width_that_cannot_be_is_no_capsule(size: object) -> None:
    with pytest.raises(FlowFileError, match=r"isn’t a capsule|vectors › size is (a piece of text|empty)"):
        Capsule(rehashed(VECTORS, ROWS, size=size))


def test_vectors_of_a_part_that_is_not_there() -> None:
    with pytest.raises(FlowFileError, match="isn’t a capsule"):
        Capsule(rehashed(VECTORS, ROWS, part="indexes/0002.f32"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_was_done_to_it_ends_in_a_sentence(data: st.DataObject) -> None:
    whole = bytearray(written())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.booleans())
        whole[at : at + data.draw(st.integers(0, 40)) if cut else at + 1] = data.draw(st.binary(max_size=8))
        if not whole:
            return
    try:
        with Capsule(io.BytesIO(bytes(whole))) as capsule:
            ((_, held),) = capsule.documents()
    except FlowFileError:
        return
    assert capsule.flow == BEES, "what is read in spite of it is what was written"
    assert held == Indexed(Index(passages=PIECES), ROWS)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(st.floats(width=32), min_size=2, max_size=2), min_size=1, max_size=4),
    size=st.integers(1, 4),
)
def test_whatever_the_numbers_are_they_are_vectors_or_refused(rows: list[list[float]], size: int) -> None:
    with Capsule(rehashed(VECTORS, np.asarray(rows, "<f4").tobytes(), size=size)) as capsule:
        try:
            ((_, held),) = capsule.documents()
        except FlowFileError:
            return
    assert isinstance(held, Indexed)
    lengths = np.linalg.norm(np.frombuffer(held.vectors, "<f4").reshape(2, size), axis=1)
    assert ((lengths == 0) | (np.abs(lengths - 1) < 0.02)).all()


def test_what_is_too_large_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.exchange.capsule.LARGEST_PART", 400)
    long = Carried(base="main", name="long.txt", size=900, hash="x"), Text(text="x" * 900)
    with pytest.raises(FlowFileError, match="too large"):
        write_capsule(io.BytesIO(), BEES, [long])


def test_vectors_that_fill_no_part_are_made_where_it_comes_in(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = helper(home)
    monkeypatch.setattr("flowloom.exchange.packing.LARGEST_PART", 1_000)
    with Capsule(capsule_of(home, flow)) as capsule:
        assert [each.vectors for each in capsule.manifest.documents] == [None]
        taken = import_capsule(home, capsule)
    assert home.knowledge.search(f"{taken.id}/main", "How long does honey keep?", 1)


def test_protected_passages_are_protected_without_their_document(home: Workspace) -> None:
    flow = helper(home)
    taken = take_in(home, capsule_of(home, flow)).flow
    bases: KnowledgeBases = home.knowledge
    assert bases.readable(f"{taken.id}/main", "honey.md") != bases.readable(f"{flow.id}/main", "honey.md")
    assert "Candles are made of wax." in bases.readable(f"{taken.id}/main", "honey.md")
