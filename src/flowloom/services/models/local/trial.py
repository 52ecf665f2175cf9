"""Trying a model file before it is kept: it has to load and answer, and how fast it does is told."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelRequest
from flowloom.services.models.abilities import calls_tool
from flowloom.services.models.local.chat import LocalChat
from flowloom.services.models.local.gguf import GgufFile, read_gguf, unreadable
from flowloom.services.models.local.servers import SERVERS, LocalServers, bytes_told
from flowloom.services.models.settings import LOCAL, Provider

MOST = 200
"""Model files of a folder that are offered."""
_PROMPT = "Write three sentences about the sea."


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: words a second of an answer, bytes of memory, and whether it called a tool."""

    model: GgufFile
    speed: float
    memory: int
    tools: bool


def model_files(place: Path) -> list[Path]:
    """The model file, or those in a folder. Raises ModelError where there is none."""
    try:
        if place.is_dir():
            found = sorted(
                file for file in place.iterdir() if file.suffix.lower() == ".gguf" and _stands_alone(file)
            )
        else:
            read_gguf(place)
            found = [place]
    except OSError as error:
        raise unreadable(place, error) from None
    if not found:
        raise ModelError(
            "There is no model file in “{folder}”.",
            "Choose a file that ends in .gguf, or the folder it is in.",
            code="model.file",
            folder=place.name or str(place),
        )
    return found[:MOST]


def _stands_alone(file: Path) -> bool:
    """Not what only helps another model to see, and not a later part of one."""
    name = file.stem.lower()
    later = "-of-" in name and "-00001-of-" not in name
    return not later and not name.startswith("mmproj")


def provider_with(provider: Provider | None, file: Path) -> Provider:
    """The provider of this computer with one more model."""
    before = provider or Provider(id=LOCAL, kind="local", name="On this computer")
    name = _free_name(file, before.paths)
    return before.model_copy(
        update={
            "models": (*(model for model in before.models if model != name), name),
            "paths": {**before.paths, name: str(file)},
        }
    )


def without(provider: Provider, model: str) -> Provider:
    """The provider of this computer without a model; its file stays where it is."""
    return provider.model_copy(
        update={
            "models": tuple(other for other in provider.models if other != model),
            "paths": {name: path for name, path in provider.paths.items() if name != model},
        }
    )


def _free_name(file: Path, taken: dict[str, str]) -> str:
    names: Sequence[str] = (file.stem, *(f"{file.stem} {number}" for number in range(2, 1000)))
    return next(name for name in names if taken.get(name, str(file)) == str(file))


def try_out(file: Path, servers: LocalServers = SERVERS) -> Trial:
    """Load a model and have it answer. Blocks, for some seconds or a minute. Raises ModelError."""
    server = servers.open(file)
    try:
        speed, tools = asyncio.run(_asked(file, servers))
        memory = bytes_told(f"/proc/{server.pid}/status", "VmRSS") or server.model.memory(server.context)
        return Trial(server.model, speed, memory, tools)
    finally:
        servers.done(server)


async def _asked(file: Path, servers: LocalServers) -> tuple[float, bool]:
    chat = LocalChat(provider_with(None, file), servers)
    try:
        return await _speed(chat, file.stem), await _calls_tool(chat, file.stem)
    finally:
        await chat.aclose()


async def _speed(chat: LocalChat, model: str) -> float:
    words: list[float] = []

    def hear(piece: str) -> None:
        words.extend([time.perf_counter()] * max(1, len(piece.split())))

    asked = ModelRequest(messages=[Message(role="user", text=_PROMPT)], temperature=0.0)
    await chat.reply(model, asked, hear)
    taken = words[-1] - words[0] if len(words) > 1 else 0.0
    return (len(words) - 1) / taken if taken > 0 else 0.0


async def _calls_tool(chat: LocalChat, model: str) -> bool:
    try:
        return await calls_tool(chat, model)
    except ModelError:  # it answers, but not to this
        return False
