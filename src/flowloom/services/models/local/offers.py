"""What there is at the address of a model file, told before anything of it is kept."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict

from flowloom.errors import HttpError, ModelError
from flowloom.services.models.local.gguf import MAGIC, first_facts
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.network.guarded_streams import opened

HEAD = 262_144
"""Bytes at the beginning of a file, in which it says its name and its licence."""
LARGEST = 400_000_000_000
"""Bytes; a larger file is no model for one computer."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_GONE = (404, 410)
_CLOSED = (401, 403)


class Offer(BaseModel):
    """A model file at an address: `size` in bytes; `sha256`, `name`, `license` and `etag` are "" where not told."""

    model_config = ConfigDict(frozen=True)

    url: str
    file: str
    size: int
    sha256: str = ""
    name: str = ""
    license: str = ""
    etag: str = ""

    @property
    def host(self) -> str:
        return host_of(parse_url(self.url))


async def look_at(http: GuardedHttp, address: str, sha256: str = "", *, unencrypted: bool = False) -> Offer:
    """What an address offers, after its first bytes. Raises ModelError, HttpError."""
    url, sha256 = str(parse_url(address)), _hash(sha256)
    if not url.startswith("https:") and not unencrypted:
        raise ModelError(
            "The address doesn’t begin with https.",
            "Use an address that begins with https, so that nobody can change the file on its way.",
            code="model.address",
        )
    async with opened(http, url, {"range": f"bytes=0-{HEAD - 1}"}) as response:
        check_status(response.status_code, host_of(parse_url(url)))
        size = size_told(response.headers)
        etag = response.headers.get("etag", "")
        head = bytearray()
        async for piece in response.aiter_raw():
            head += piece[: HEAD - len(head)]
            if len(head) >= HEAD:
                break
    if not head.startswith(MAGIC):
        raise _no_model(url)
    if not size:
        raise ModelError(
            "{host} doesn’t say how large the file is.",
            "Download it with your browser, then enter where it is on this computer.",
            code="model.address",
            host=host_of(parse_url(url)),
        )
    name, license = first_facts(bytes(head))
    strong = etag if etag.startswith('"') else ""
    return Offer(url=url, file=_file_name(url), size=size, sha256=sha256, name=name, license=license, etag=strong)


def check_status(status: int, host: str) -> None:
    """Raises ModelError for an answer that is no file."""
    if status in (200, 206):
        return
    if status in _GONE:
        raise ModelError(
            "There is no file at this address of {host} (any more).",
            "Check the address, or choose another model.",
            code="model.gone",
            host=host,
        )
    if status in _CLOSED:
        raise ModelError(
            "{host} gives this file only to those who are signed in.",
            "Download it with your browser, then enter where it is on this computer.",
            code="model.address",
            host=host,
        )
    raise HttpError(
        "{host} has a problem (error {status}).", "Try again in a few minutes.", host=host, status=status
    )


def size_told(headers: Mapping[str, str]) -> int:
    """Bytes of the whole file, 0 where the server doesn't say."""
    part = _RANGE.fullmatch(headers.get("content-range", "").strip())
    told = part[2] if part else headers.get("content-length", "")
    size = int(told) if told.isdecimal() and len(told) < 20 else 0
    if size > LARGEST:
        raise ModelError(
            "This file is too large for one computer.", "Choose a smaller model.", code="model.too_large"
        )
    return size


def begins_at(headers: Mapping[str, str]) -> int:
    """Where in the file the bytes of an answer begin."""
    part = _RANGE.fullmatch(headers.get("content-range", "").strip())
    return int(part[1]) if part else 0


def _hash(given: str) -> str:
    found = given.strip().lower().removeprefix("sha256:").strip()
    if found and not _SHA256.fullmatch(found):
        raise ModelError(
            "This isn’t a SHA-256: it has 64 characters, 0 to 9 and a to f.",
            "Copy it again from the page of the model, or leave the field empty.",
            code="model.hash",
        )
    return found


def _file_name(url: str) -> str:
    """A plain name that ends in .gguf, whatever stands in the address."""
    last = PurePosixPath(unquote(parse_url(url).path)).name
    stem = re.sub(r"[^\w.+ -]", "_", last.removesuffix(".gguf").removesuffix(".GGUF")).strip(". ")[:80]
    return f"{stem or 'model'}.gguf"


def _no_model(url: str) -> ModelError:
    return ModelError(
        "There is no model file at this address of {host}.",
        "Use the address of the file itself, which ends in .gguf, not of the page about it.",
        code="model.file",
        host=host_of(parse_url(url)),
    )
