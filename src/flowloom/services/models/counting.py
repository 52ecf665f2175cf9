"""How many tokens a text is: by the model's own tokenizer where it is at hand, else about."""

import hashlib
import json
import os
import tempfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import Request, urlopen

from flowloom.errors import ModelError
from flowloom.services.models.local.servers import SERVERS, LocalServer
from flowloom.services.models.router import find_model
from flowloom.services.models.settings import ModelSettings, Provider

if TYPE_CHECKING:
    from tiktoken import Encoding

PLACE = "https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
TABLES = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
"""The tables of tiktoken that models of today use, with the SHA-256 of each."""
LONGEST = 200_000
"""Characters that are counted exactly."""
SECONDS = 5.0
DENSE = 0x2E80
"""From this sign on, East Asian scripts and pictures: about one token each; before it about four signs a token."""


class Count(NamedTuple):
    """So many tokens; `exact` where the model's own tokenizer counted them."""

    tokens: int
    exact: bool = False


def count_tokens(text: str, wanted: str, settings: ModelSettings) -> Count:
    """The tokens of a text for a role or `provider/model`. Contacts nobody, and loads no model."""
    try:
        provider, model = find_model(settings, wanted)
    except ModelError:
        return about(text)
    if not text or len(text) > LONGEST:
        return about(text)
    found = _by_table(text, model) if provider.kind in ("openai", "azure") else _by_server(text, provider, model)
    return about(text) if found is None else Count(found, exact=True)


def about(text: str) -> Count:
    """An estimate by the kind of its signs."""
    dense = sum(ord(sign) >= DENSE for sign in text)
    return Count(dense + -(-(len(text) - dense) // 4))


def _by_server(text: str, provider: Provider, model: str) -> int | None:
    """By the tokenizer in the file of a model of this computer, while that is loaded."""
    path = provider.paths.get(model) if provider.kind == "local" else None
    server = next((each for each in SERVERS.loaded() if path and each.model.path == Path(path)), None)
    return _asked(server, text) if server else None


def _asked(server: LocalServer, text: str) -> int | None:
    headers = {"authorization": f"Bearer {server.key}", "content-type": "application/json"}
    asked = Request(f"{server.address}/tokenize", json.dumps({"content": text}).encode(), headers)
    try:
        with urlopen(asked, timeout=SECONDS) as answer:  # our own process, at an address it told us
            return len(json.load(answer)["tokens"])
    except (OSError, ValueError, KeyError):
        return None


def _by_table(text: str, model: str) -> int | None:
    encoding = _encoding(model)
    return len(encoding.encode(text, disallowed_special=())) if encoding else None


@lru_cache(maxsize=8)
def _encoding(model: str) -> "Encoding | None":
    """The tokenizer of a model of OpenAI, where tiktoken has its table: without it, it would fetch it."""
    if not find_spec("tiktoken"):
        return None
    import tiktoken

    try:
        name = tiktoken.encoding_name_for_model(model)
        return tiktoken.get_encoding(name) if _has_table(name) else None
    except (KeyError, ValueError, OSError):
        return None


def _has_table(name: str) -> bool:
    """Whether the table lies where tiktoken looks for it, and is the right one."""
    kept = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR"))
    folder = Path(tempfile.gettempdir(), "data-gym-cache") if kept is None else Path(kept)
    file = folder / hashlib.sha1(PLACE.format(name=name).encode(), usedforsecurity=False).hexdigest()
    if kept == "" or name not in TABLES:
        return False
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == TABLES[name]
    except OSError:
        return False
