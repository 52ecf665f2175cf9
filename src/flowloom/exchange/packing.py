"""The documents of a GPT on their way into a capsule, and out of one into the knowledge of another computer."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import FlowloomError
from flowloom.exchange.capsule import LARGEST_PART, Capsule
from flowloom.exchange.contents import (
    MOST_EXAMPLES,
    Carried,
    Index,
    Indexed,
    Label,
    Needs,
    Piece,
    Text,
    Vectors,
)
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import SHARED, Passage
from flowloom.nodes.knowledge.shared import searches_in
from flowloom.run.planning.requirements import blocks_in
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.files import About, FileInfo
from flowloom.services.knowledge.loaders.document import Document
from flowloom.services.knowledge.rows import document_from
from flowloom.services.knowledge.shared import key_of_base

if TYPE_CHECKING:
    from flowloom.services.knowledge.meaning_index import Made

MAIN = "main"
Knowledge = Literal["sources", "index", "none"]
"""What goes along of documents: their text, only what they are found by, or nothing."""


class CapsuleOptions(BaseModel):
    """What goes into a capsule, and how it is closed. With a `password` only who knows it can open the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    knowledge: Knowledge = "sources"
    examples: tuple[str, ...] = Field((), max_length=MOST_EXAMPLES)
    """Conversations that go along as example chats."""
    tests: bool = True
    """Whether the chats kept as tests go along."""
    password: str = Field("", max_length=200, repr=False)
    label: Label = Label()


class Found(NamedTuple):
    """A document that a GPT searches: where it lies here, and in which base it will be elsewhere."""

    base: str
    key: str
    file: FileInfo
    name: str


def documents_of(flow: Flow, bases: KnowledgeBases) -> tuple[list[Found], list[str]]:
    """The documents that a flow searches, shared ones among them, and the names of those that are left out.

    Left out are those that only some may read. Elsewhere a shared base is the GPT's own, so two documents of one
    name may meet: the later gets a number.
    """
    found, taken, restricted = list[Found](), dict[tuple[str, str], str](), set[str]()
    for base, key in _bases(flow):
        for file in bases.files(key):
            if file.owner or file.groups:
                restricted.add(file.name)
            elif taken.get((base, file.name)) != file.hash:
                name = _free(file.name, base, taken)
                taken[base, name] = file.hash
                found.append(Found(base, key, file, name))
    return sorted(found, key=lambda each: (each.base, each.name)), sorted(restricted)


def _bases(flow: Flow) -> list[tuple[str, str]]:
    """Each base that is searched, as it is called elsewhere, and its key here."""
    found: dict[str, str] = {}
    for search in searches_in(flow):
        try:
            key = key_of_base(search.flow, search.base)
        except FlowloomError:  # a shared base that is gone
            continue
        found[key] = MAIN if search.base.startswith(SHARED) else search.base
    return sorted((base, key) for key, base in found.items())


def _free(name: str, base: str, taken: dict[tuple[str, str], str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, free = 2, name
    while (base, free) in taken:
        free = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
        number += 1
    return free


def packed(
    found: list[Found], bases: KnowledgeBases, *, only_index: bool = False
) -> Iterator[tuple[Carried, Text | Indexed]]:
    """Each document with its text, or with its index alone, read as it is needed. Raises KnowledgeError."""
    for base, key, file, name in found:
        carried = Carried(
            base=base, name=name, size=file.size, hash=file.hash, tags=file.tags, modified_at=file.modified_at
        )
        if only_index or file.only_passages:
            yield _indexed(carried, file, *bases.store(key).passages_of(file.name))
        else:
            yield carried, text_of(bases.document(key, file.name))


def _indexed(
    carried: Carried, file: FileInfo, passages: list[Passage], made: "Made | None"
) -> tuple[Carried, Indexed]:
    fields = set(Piece.model_fields)
    pieces = tuple(Piece(**passage.model_dump(include=fields)) for passage in passages)
    index = Index(passages=pieces, pages=file.pages or None)
    # Those of a very long document are made anew where it comes in.
    if made is None or made.vectors.nbytes > LARGEST_PART:
        return carried, Indexed(index)
    vectors = Vectors(maker=made.maker, size=made.vectors.shape[1])
    told = carried.model_copy(update={"vectors": vectors})
    return told, Indexed(index, made.vectors.astype("<f4").tobytes())


def unpack(
    capsule: Capsule,
    bases: KnowledgeBases,
    flow_id: str,
    on_progress: Callable[[float], None] = lambda done: None,
    *,
    known_stay: bool = False,
) -> None:
    """Add the documents of a capsule to the bases of a flow. Raises FlowFileError and KnowledgeError.

    With `known_stay` those that are there already are not read again.
    """
    count = len(capsule.manifest.documents)

    def told(number: int, done: float) -> None:
        on_progress((number + done) / count)

    for number, (carried, held) in enumerate(capsule.documents()):
        base = f"{flow_id}/{carried.base}"
        if known_stay and any(_is_there(file, carried) for file in bases.files(base)):
            continue
        facts = {"size": carried.size, "hash": carried.hash, "added_at": datetime.now(UTC)}
        advance = partial(told, number)
        if isinstance(held, Text):
            about = About(tags=carried.tags, modified_at=carried.modified_at)
            bases.add_document(base, carried.name, document_of(held), facts, about, advance)
        else:
            facts |= {"tags": carried.tags, "modified_at": carried.modified_at, "pages": held.found_by.pages}
            passages = [Passage(file=carried.name, **piece.model_dump()) for piece in held.found_by.passages]
            bases.add_passages(base, carried.name, passages, facts, _made(carried, held), advance)


def _is_there(file: FileInfo, carried: Carried) -> bool:
    """Whether nothing of a document is new: a whole one is, where only its index is there."""
    same = (file.name, file.hash) == (carried.name, carried.hash)
    return same and (carried.only_index or not file.only_passages)


def _made(carried: Carried, held: Indexed) -> "Made | None":
    if carried.vectors is None or not held.vectors:
        return None
    import numpy as np

    from flowloom.services.knowledge.meaning_index import Made

    rows = np.frombuffer(held.vectors, "<f4").reshape(-1, carried.vectors.size)
    return Made(carried.vectors.maker, np.ascontiguousarray(rows, dtype=np.float32))


def text_of(document: Document) -> Text:
    pages = tuple((page.start, page.number, page.part) for page in document.pages)
    return Text(text=document.text, markdown=document.is_markdown, pages=pages)


def document_of(text: Text) -> Document:
    return document_from(text.text, json.dumps({"markdown": text.markdown, "pages": text.pages}))


def needs_of(flow: Flow) -> Needs:
    """What the blocks of a flow use of the computer it runs on, also where it cannot run yet."""
    blocks = list(blocks_in(flow, all_kinds()))
    calls = (call.model for kind, config in blocks for call in kind.calls(config, 0))
    servers = (name for kind, config in blocks if kind.servers for name in kind.servers(config))
    hosts = (host for kind, config in blocks for host in kind.hosts(config))
    return Needs(
        models=tuple(sorted({*calls} - {""})),
        servers=tuple(sorted({*servers} - {""})),
        hosts=tuple(sorted({*hosts} - {""})),
    )
