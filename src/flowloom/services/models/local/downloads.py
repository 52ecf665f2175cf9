"""Model files that come from an address: resumed where they broke off, verified before they count."""

import asyncio
import errno
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from flowloom.errors import FlowloomError, HttpError, ModelError, Problem
from flowloom.services.files import private_folder, sha256_of, write_whole
from flowloom.services.models.local.gguf import read_gguf
from flowloom.services.models.local.offers import Offer, begins_at, check_status, look_at, size_told
from flowloom.services.models.local.servers import whole_memory
from flowloom.services.network.addresses import parse_url
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.network.guarded_streams import opened
from flowloom.services.network.permitted_requests import server_of

TRIES = 6
"""Connections in a row that may break off without having brought anything."""
SPARE = 500_000_000
"""Bytes of the disk that are left free."""
PART, NOTE = ".part", ".part.json"
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)

State = Literal["stopped", "loading", "checking", "done", "failed"]


@dataclass(slots=True)
class Download:
    """One file on its way: `done` of its bytes are here; `problem` says why it `failed` or `stopped` by itself."""

    offer: Offer
    state: State = "stopped"
    done: int = 0
    problem: Problem | None = None
    path: Path | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def under_way(self) -> bool:
        return self.state in ("loading", "checking")


class Downloads:
    """The model files that come, or came in part, into a folder. Safe to use from several threads."""

    def __init__(
        self, folder: Path, http: Callable[[], GuardedHttp], own: Callable[[str], bool], pause: float = 1.0
    ) -> None:
        """`own` says of a host that its owner allowed it, where no encryption is asked for."""
        self._folder, self._http, self._own, self._pause = folder, http, own, pause
        self._known: dict[str, Download] | None = None
        self._lock = threading.Lock()

    def look(self, address: str, sha256: str = "") -> Offer:
        """What is at an address, if this computer has room for it. Blocks. Raises ModelError, HttpError."""
        url = parse_url(address)
        offer = asyncio.run(look_at(self._http(), address, sha256, unencrypted=self._own(server_of(url))))
        _check_memory(offer)
        self._check_room(offer, 0)
        return offer

    def all(self) -> list[Download]:
        """Those of this process, and what earlier ones left half done."""
        with self._lock:
            return list(self._all().values())

    def start(self, offer: Offer) -> Download:
        """Let a file come, or go on where it broke off."""
        with self._lock:
            found = self._all().get(offer.file)
            if found and found.under_way:
                return found
            if (found and found.offer != offer) or self._have(offer) > offer.size:
                self._remove(offer)  # the beginning of another file
            found = Download(offer, "loading", self._have(offer))
            self._all()[offer.file] = found
        private_folder(self._folder)
        write_whole(self._folder / f"{offer.file}{NOTE}", offer.model_dump_json().encode())
        threading.Thread(target=self._run, args=(found,), name="model download", daemon=True).start()
        return found

    def stop(self, download: Download) -> None:
        """Hold on; what is here stays."""
        download.stopping.set()

    def forget(self, download: Download) -> None:
        """Take it off the list, with what is here of it in part; a file that is whole stays."""
        download.stopping.set()
        with self._lock:
            self._all().pop(download.offer.file, None)
        if not download.under_way:
            self._remove(download.offer)

    def _all(self) -> dict[str, Download]:
        if self._known is None:
            self._known = {}
            for note in sorted(self._folder.glob(f"*{NOTE}")):
                with suppress(OSError, ValidationError):
                    offer = Offer.model_validate_json(note.read_bytes())
                    if offer.file == note.name.removesuffix(NOTE):
                        self._known[offer.file] = Download(offer, "stopped", self._have(offer))
        return self._known

    def _part(self, offer: Offer) -> Path:
        return self._folder / f"{offer.file}{PART}"

    def _have(self, offer: Offer) -> int:
        try:
            return self._part(offer).stat().st_size
        except OSError:
            return 0

    def _remove(self, offer: Offer) -> None:
        for name in (PART, NOTE):
            with suppress(OSError):
                (self._folder / f"{offer.file}{name}").unlink(missing_ok=True)

    def _run(self, download: Download) -> None:
        try:
            self._check_room(download.offer, download.done)
            asyncio.run(self._come(download))
            if download.stopping.is_set():
                download.state = "stopped"
                return
            download.state = "checking"
            download.path = self._verified(download.offer)
            download.state = "done"
        except FlowloomError as error:
            download.problem, download.state = error.problem, "failed"
        except OSError as error:
            download.problem, download.state = _of_disk(error, download.offer), "failed"
        finally:
            with self._lock:
                forgotten = self._all().get(download.offer.file) is not download
            if forgotten and download.state != "done":
                self._remove(download.offer)

    async def _come(self, download: Download) -> None:
        import httpx

        in_vain = 0
        while download.done < download.offer.size and not download.stopping.is_set():
            before = download.done
            try:
                await self._go_on(download)
            except (httpx.HTTPError, HttpError):  # a server in trouble may be back in a moment
                pass
            in_vain = in_vain + 1 if download.done <= before else 0
            if in_vain >= TRIES:
                raise ModelError(
                    "The connection to {host} broke off again and again. What has come is kept.",
                    "Check your internet connection, then continue.",
                    code="model.broken",
                    host=download.offer.host,
                )
            if download.done < download.offer.size and not download.stopping.is_set():
                await asyncio.to_thread(download.stopping.wait, self._pause * (2**in_vain - 1))

    async def _go_on(self, download: Download) -> None:
        """Add to what is here until the file is whole or the connection breaks off."""
        offer, have = download.offer, self._have(download.offer)
        headers = {"range": f"bytes={have}-"} if have else {}
        if have and offer.etag:
            headers["if-range"] = offer.etag
        async with opened(self._http(), offer.url, headers) as response:
            check_status(response.status_code, offer.host)
            if size_told(response.headers) != offer.size:
                self._remove(offer)
                raise _changed(offer)
            begin = begins_at(response.headers) if response.status_code == 206 else 0
            if begin > have:
                raise _changed(offer)
            with self._part(offer).open("r+b" if have else "wb") as file:
                file.truncate(begin)
                file.seek(begin)
                download.done = begin
                async for piece in response.aiter_raw():
                    if download.done + len(piece) > offer.size:
                        raise _changed(offer)
                    file.write(piece)
                    download.done += len(piece)
                    if download.stopping.is_set():
                        break
                file.flush()
                os.fsync(file.fileno())

    def _verified(self, offer: Offer) -> Path:
        """The whole file under its own name. Raises ModelError, and then nothing of it is kept."""
        part = self._part(offer)
        try:
            if offer.sha256 and sha256_of(part) != offer.sha256:
                raise ModelError(
                    "“{file}” isn’t the file that its SHA-256 stands for, so it was deleted.",
                    "Check the SHA-256 and the address. If both are right, don’t use this file.",
                    code="model.hash",
                    file=offer.file,
                )
            _check_whole(part, offer)
        except ModelError:
            self._remove(offer)
            raise
        path = self._free(offer.file)
        os.replace(part, path)
        self._remove(offer)
        return path

    def _free(self, file: str) -> Path:
        stem = file.removesuffix(".gguf")
        names = (file, *(f"{stem} {number}.gguf" for number in range(2, 1000)))
        return next(path for name in names if not (path := self._folder / name).exists())

    def _check_room(self, offer: Offer, have: int) -> None:
        there = next(each for each in (self._folder, *self._folder.parents) if each.is_dir())
        free = shutil.disk_usage(there).free
        if free - SPARE < offer.size - have:
            raise ModelError(
                "“{file}” needs {needed} GB, and the disk has {free} GB left.",
                "Free some disk space, or choose a smaller model.",
                code="model.no_room",
                file=offer.file,
                needed=f"{offer.size / 1e9:.1f}",
                free=f"{free / 1e9:.1f}",
            )


def _check_memory(offer: Offer) -> None:
    memory = whole_memory()
    if memory and offer.size > memory:
        raise ModelError(
            "“{file}” needs at least {needed} GB of memory, and this computer has {memory} GB.",
            "Choose a smaller model, or one with fewer bits for each number (as Q4).",
            code="model.too_large",
            file=offer.file,
            needed=f"{offer.size / 1e9:.1f}",
            memory=f"{memory / 1e9:.1f}",
        )


def _check_whole(part: Path, offer: Offer) -> None:
    try:
        read_gguf(part)
    except ModelError:
        raise ModelError(
            "What came from {host} isn’t a whole model file, so it was deleted.",
            "Check the address, or choose another model.",
            code="model.file",
            host=offer.host,
        ) from None


def _changed(offer: Offer) -> ModelError:
    return ModelError(
        "The file at {host} is another one by now, or larger than was said.",
        "Enter the address again to see what is there.",
        code="model.changed",
        host=offer.host,
    )


def _of_disk(error: OSError, offer: Offer) -> Problem:
    if error.errno in _FULL:
        return Problem.of(
            "model.no_room",
            "The disk is full. What has come of “{file}” is kept.",
            "Free some disk space, then continue.",
            file=offer.file,
        )
    return Problem.of(
        "model.disk",
        "“{file}” couldn’t be written to the data folder.",
        "Check that the disk is connected and that Flowloom may write there, then continue.",
        file=offer.file,
    )
