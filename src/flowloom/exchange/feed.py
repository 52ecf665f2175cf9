"""The feed of a store: what it offers to others, as one signed file beside its capsules.

`feed.json` names the GPTs, and each of them lies beside it as `feed/NAME.capsule`, so that a web host of files is
enough. Whoever reads it believes nothing but the key that signs it: where a capsule lies follows from the address
of the feed, and what is in it has to be what the feed says.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from flowloom.errors import FlowFileError
from flowloom.exchange.signing import fits, sign

FORMAT, VERSION = "flowloom-feed", 1
FILE, FOLDER, ENDING = "feed.json", "feed", ".capsule"
LARGEST = 2_000_000
"""Bytes of a feed."""
LARGEST_CAPSULE = 200_000_000
MOST = 2_000
"""GPTs of a feed."""
_ABOUT = b"flowloom-feed\n"
"""Before what is signed, so that no signature of a feed is one of anything else."""


def _plain(text: str) -> str:
    """In one line, without signs that are not seen, such as those that turn the direction of writing."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


Line = Annotated[str, AfterValidator(_plain)]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Item(_Said):
    """A GPT of a feed; `name` and `description` are in its `language`."""

    slug: str = Field(pattern=r"^[\w-]{2,60}$")
    name: Line = Field(max_length=200)
    description: Line = Field("", max_length=4_000)
    language: str = Field(pattern=r"^[A-Za-z-]{2,20}$")
    categories: tuple[Annotated[Line, Field(max_length=60)], ...] = Field((), max_length=10)
    builder: Line = Field(min_length=1, max_length=120)
    version: int = Field(ge=1, lt=2**31)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, le=LARGEST_CAPSULE)
    signature: str = Field(max_length=200)


class Feed(_Said):
    """`key` is the public one that signs it, in base64."""

    format: Literal["flowloom-feed"]
    version: int
    name: Line = Field(max_length=120)
    key: str = Field(max_length=100)
    gpts: tuple[Item, ...] = Field(max_length=MOST)
    signature: str = Field(max_length=200)

    def find(self, slug: str) -> Item | None:
        return next((each for each in self.gpts if each.slug == slug), None)


def write_feed(name: str, items: Sequence[Mapping[str, Any]], key: str, public: str) -> bytes:
    """The file, each item and the whole of it signed."""
    gpts = [{**item, "signature": sign(_signed(item), key)} for item in items]
    feed: dict[str, Any] = {"format": FORMAT, "version": VERSION, "name": name, "key": public, "gpts": gpts}
    feed["signature"] = sign(_signed(feed), key)
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def read_feed(data: bytes) -> Feed:
    """What a feed says, once all its signatures fit. Raises FlowFileError."""
    try:
        said = json.loads(data.decode())
        if isinstance(said, dict) and said.get("format") == FORMAT and said.get("version") != VERSION:
            raise FlowFileError(
                "This feed was made by another version of Flowloom.", "Update Flowloom, then try again."
            )
        feed = Feed.model_validate(said)
    except (ValueError, RecursionError):
        raise FlowFileError(
            "There is no feed of a store here.",
            "Ask whoever runs that store for the address of its feed.json.",
            code="feed.none",
        ) from None
    parts = [said, *said["gpts"]]
    if not all(fits(_signed(part), part["signature"], feed.key) for part in parts) or _repeats(feed):
        raise FlowFileError(
            "This feed was changed after its store signed it.",
            "Nothing was kept. Tell whoever runs that store.",
            code="feed.signature",
        )
    return feed


def _repeats(feed: Feed) -> bool:
    return len({each.slug for each in feed.gpts}) != len(feed.gpts)


def _signed(part: Mapping[str, Any]) -> bytes:
    """What of a part is signed, the same however it was written."""
    held = {name: value for name, value in part.items() if name != "signature"}
    return _ABOUT + json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
