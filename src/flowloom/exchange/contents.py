"""What a capsule says of itself, and what is in each of its parts."""

import json
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flowloom.errors import FlowFileError
from flowloom.flow.sorts import SAID, wrong_in
from flowloom.locales import Verbatim

FORMAT, NEWEST = "flowloom-capsule", 2
MANIFEST = "capsule.json"
MOST_EXAMPLES, MOST_SAID = 20, 400
MOST_TESTS = 200
MOST_PASSAGES = 200_000
LONGEST_PASSAGE = 20_000
WIDEST = 16_384
"""Numbers of a vector."""


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Vectors(Kept):
    """The vectors of the passages of a document, in a part of their own: rows of 32-bit floats, little-endian.

    `maker` is the embedding that made them, with its version: for another they are made anew.
    """

    maker: str = Field(min_length=1, max_length=300)
    size: int = Field(ge=1, le=WIDEST)
    part: str = ""


class Carried(Kept):
    """A document of a capsule: the base that searches it, what is known of it, and the part that holds it."""

    base: str = Field(min_length=1, max_length=80)
    name: str = Field(min_length=1, max_length=255)
    part: str = ""
    size: int = Field(ge=0)
    hash: str = Field(max_length=128)
    tags: tuple[str, ...] = Field((), max_length=100)
    modified_at: datetime | None = None
    only_index: bool = False
    """Whether its part holds passages to search, and not the document."""
    vectors: Vectors | None = None

    @field_validator("name", "base")
    @classmethod
    def _plain(cls, name: str) -> str:
        assert not any(sign in name for sign in "/\\\0")
        assert name not in (".", "..")
        return name


class Needs(Kept):
    """What a GPT uses of the computer it runs on: models by role or name, MCP servers and hosts by name."""

    models: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


class Label(Kept):
    """What its author says of a capsule."""

    author: str = Field("", max_length=120)
    link: str = Field("", max_length=500, pattern=r"^(https?://[^\s<>\"]{1,490})?$")
    licence: str = Field("", max_length=120)
    edition: str = Field("", max_length=40)
    price: str = Field("", max_length=40)
    """What it costs, in the author’s words; nothing here takes money."""


class Said(Kept):
    """What one side said in an example chat, as Markdown."""

    role: Literal["user", "assistant"]
    text: str = Field(max_length=200_000)


class Example(Kept):
    """A conversation that shows what a GPT is for."""

    said: tuple[Said, ...] = Field(min_length=1, max_length=MOST_SAID)


class Manifest(Kept):
    format: Literal["flowloom-capsule"] = "flowloom-capsule"
    version: Literal[1, 2] = 1
    """2 where a document came as its index alone, which the first version would take for one that is missing."""
    name: str = ""
    description: str = ""
    icon: str = ""
    language: str = "en"
    documents: tuple[Carried, ...] = ()
    examples: tuple[str, ...] = Field((), max_length=MOST_EXAMPLES)
    """The parts that hold example chats."""
    tests: tuple[str, ...] = Field((), max_length=MOST_TESTS)
    """The parts that hold chats kept as tests."""
    needs: Needs = Needs()
    label: Label = Label()
    parts: dict[str, str] = {}
    """The SHA-256 of each part beside this one, by name."""


def manifest_of(data: bytes) -> Manifest:
    """Raises ValueError for what is no manifest, FlowFileError for one that cannot be read."""
    said = json.loads(data)
    ours = isinstance(said, dict) and said.get("format") == FORMAT
    if ours and isinstance(version := said.get("version"), int) and version > NEWEST:
        raise FlowFileError("This capsule was made by a newer Flowloom.", "Update Flowloom, then import it again.")
    try:
        return Manifest.model_validate(said)
    except ValidationError as error:
        if not ours or (wrong := wrong_in(error)) is None:
            raise
        place = Verbatim(f"{MANIFEST} › {wrong.place}")
        hint = "Nothing was imported. Ask for the file again."
        raise FlowFileError(SAID, hint, place=place, found=wrong.found, wanted=wrong.wanted) from None


class Text(Kept):
    """The text of a document; `pages` holds where each begins, its number and what it is called."""

    text: str
    markdown: bool = False
    pages: tuple[tuple[int, int | None, str], ...] = ((0, None, ""),)

    @field_validator("pages")
    @classmethod
    def _in_order(cls, pages: tuple[tuple[int, int | None, str], ...]) -> tuple[tuple[int, int | None, str], ...]:
        starts = [start for start, _, _ in pages]
        assert starts[:1] == [0]
        assert starts == sorted(set(starts))
        return pages


class Piece(Kept):
    """A passage of a document, as `Passage` says it."""

    text: str = Field(min_length=1, max_length=LONGEST_PASSAGE)
    page: int | None = Field(None, ge=0, le=2**31)
    start: int = Field(0, ge=0, le=2**53)
    heading: str = ""
    part: str = ""
    repeated: int = Field(0, ge=0, le=LONGEST_PASSAGE)


class Index(Kept):
    """What a document is found by, without the document: its passages in their order, and how many pages it had."""

    passages: tuple[Piece, ...] = Field(min_length=1, max_length=MOST_PASSAGES)
    pages: int | None = Field(None, ge=1, le=2**31)


class Indexed(NamedTuple):
    """What a document is found by, with the bytes of its vectors; none where they are to be made."""

    found_by: Index
    vectors: bytes = b""
