"""What a browser sends to the page: read no further than its limit, and only what was expected."""

import json
from tempfile import TemporaryFile
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from flowloom.serve.declared_size import declared_size
from flowloom.services.formats import pictures, sounds
from flowloom.services.knowledge.loaders import check_size
from flowloom.visits.visitors import VisitError

MAX_JSON = 300_000
"""Bytes: the longest message with every character escaped."""


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object a call carries; an empty body is an empty one. Raises VisitError."""
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > MAX_JSON:
            raise VisitError("This message is too long.", "Write less at a time.", code="visit.large")
    try:
        body = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise VisitError("This message can’t be read.", "Reload the page.")
    return body


async def file_of(request: Request, name: str) -> bytes:
    """The bytes of a file, gathered on the disk as they come. Raises KnowledgeError once there are too many."""
    _check_size(name, declared_size(request))
    size = 0
    with TemporaryFile() as kept:
        async for piece in request.stream():
            size += len(piece)
            _check_size(name, size)
            await run_in_threadpool(kept.write, piece)
        kept.seek(0)
        return await run_in_threadpool(kept.read)


def _check_size(name: str, size: int) -> None:
    for check in (pictures.check_size, sounds.check_size, check_size):
        check(name, size)


def text_in(body: dict[str, Any], name: str) -> str:
    """A text of a body; "" where it is none."""
    value = body.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def ids_in(body: dict[str, Any], name: str) -> list[str]:
    """A list of ids of a body; ids are short."""
    value = body.get(name)
    return [each for each in value if isinstance(each, str) and len(each) < 100] if isinstance(value, list) else []
